"""Regular customers' spend carried on as a series, beside the model and plain rules, on past days of the owner's own.

Only for customers with years of regular orders: of the others a series is mostly zeros, and says nothing.
"""

from dataclasses import dataclass, replace

import pandas as pd

from crm_core.decisions.evidence import ErrorComparison, compare_errors
from crm_core.features.spend_series import Regularity, regular_customers
from crm_core.models.spend_forecast import FITTED, Method
from crm_core.progress import Progress, part_of, silently
from crm_core.provenance import Provenance
from crm_core.services.accuracy import MODEL
from crm_core.services.customers import CustomerBase
from crm_core.services.past_answers import purchases_of
from crm_core.services.past_days import known_transactions, what_happened
from crm_core.services.series_answers import ANSWERS, RIVALS, ask_everyone
from crm_core.store.session import Store
from crm_core.wording import day, estimate, plural

__all__ = ["MOST_CUSTOMERS", "RULE", "SeriesTest", "compare_series", "series_now", "series_too_early"]

MOST_CUSTOMERS = 200  # fitted one by one, 0.1 s each
MOST_DAYS = 4
LEAST_CUSTOMERS = 10  # below, chance decides which method was closer
RULE = Regularity()


@dataclass(frozen=True)
class SeriesTest:
    """What was found for one horizon; tables empty and ``compared`` None where ``too_early`` says why.

    past_days: a row per day tested, oldest first, [cut_off, ends_on: datetime64, regular: customers by the rule then,
    tested: of whom tested]. methods: index method, [error_minor: mean distance per customer, bias_minor: mean of said
    less came, gain_minor: by how much closer than the model, noise_minor: its standard error (both NaN for the model),
    customers, predictions, fell_back: for how many of these the method could say nothing and their mean answered].
    compared: the best of the fitted series beside the best of model and plain rules. Both are the best in hindsight,
    which favours neither much; a series has to win by more than chance.
    """

    horizon_days: int
    past_days: pd.DataFrame
    methods: pd.DataFrame
    best: Method
    rival: str
    compared: ErrorComparison | None
    too_early: str
    rule: Regularity
    made_by: Provenance

    @property
    def enough(self) -> bool:
        """Whether enough customers were tested to call one method closer."""
        return self.compared is not None and self.compared.customers >= LEAST_CUSTOMERS

    @property
    def worth_it(self) -> bool:
        """Whether the series forecast was closer than everything else by more than chance, on most days."""
        return self.enough and self.compared is not None and self.compared.model_wins

    def sentence(self, currency: str) -> str:
        """The answer in plain words, with both errors."""
        if self.compared is None:
            return self.too_early
        errors = self.methods["error_minor"]
        who = plural(self.compared.customers, "customer")
        found = (
            f"For the {who} with {self.rule.span} of regular orders the series forecast ({self.best}) was off by "
            f"{estimate(errors[self.best], currency)} a customer, the model by {estimate(errors[MODEL], currency)}"
        )
        if self.rival != MODEL:
            found += f", the plain rule “{self.rival}” by {estimate(errors[self.rival], currency)}"
        return f"{found}: {self._verdict()}"

    def _verdict(self) -> str:
        compared = self.compared
        if compared is None or not self.enough:
            return f"too few customers to tell, {LEAST_CUSTOMERS} are needed."
        if compared.model_wins:
            return "worth it for them."
        than = "the model" if self.rival == MODEL else "that rule"
        if compared.gain <= 0:
            return f"no better than {than}, so not worth it here."
        if not compared.more_than_chance:
            return f"so small a difference to {than} may be chance, so not worth it here."
        return f"but closer on {compared.windows_won} of {compared.windows} past days only, so not worth it here."

    @property
    def tested_words(self) -> str:
        """How many had a series on each past day, and how many of them were tested."""
        told = []
        for row in self.past_days.itertuples():
            of_them = "" if row.tested == row.regular else f", the {row.tested} most regular tested"
            told.append(f"{plural(row.regular, 'customer')} on {day(row.cut_off.date())}{of_them}")
        return "; ".join(told)


def series_now(base: CustomerBase, *, rule: Regularity = RULE) -> pd.DataFrame:
    """Who has a series now, the most regular first: as ``regular_customers``, with [label]."""
    found = regular_customers(base.days, as_of=base.as_of, rule=rule)
    return found.join(base.table["label"])


def series_too_early(base: CustomerBase, *, horizon_days: int, rule: Regularity = RULE) -> str:
    """Why nothing can be tested over this horizon yet; empty where something can."""
    if _past_days(base.days, horizon_days, rule):
        return ""
    now = len(regular_customers(base.days, as_of=base.as_of, rule=rule))
    if not now:
        return f"No customer has {rule.span} of regular orders yet; a series needs them."
    return (
        f"{plural(now, 'customer')} {'has' if now == 1 else 'have'} {rule.span} of regular orders by now, but nobody "
        f"had them {plural(horizon_days, 'day')} before the last order: what a series is worth can't be tested yet."
    )


def compare_series(
    store: Store, base: CustomerBase, *, horizon_days: int, tell: Progress = silently, rule: Regularity = RULE
) -> SeriesTest:
    """Test the series forecasts on one to four past days, for the customers who had a series then.

    Windows don't overlap and end at the last order known. ``tell`` hears the share done and what is being done.
    """
    made_by = replace(base.provenance, method="series forecasts on past days", source="Hyndman & Athanasopoulos 2021")
    cut_offs = _past_days(base.days, horizon_days, rule)
    if not cut_offs:
        none, why = pd.DataFrame(), series_too_early(base, horizon_days=horizon_days, rule=rule)
        return SeriesTest(horizon_days, none, none, Method.ETS, MODEL, None, why, rule, made_by)
    rows = known_transactions(store, base)
    windows = []
    for place, cut_off in enumerate(cut_offs):
        part = part_of(tell, place, len(cut_offs), f"Looking at {day(cut_off.date())}")
        windows.append(_test_day(rows, cut_off, base, horizon_days, rule, part))
    errors = pd.concat([window.off.assign(window=place) for place, window in enumerate(windows)], ignore_index=True)
    methods = _grade(errors, [window.fell_back for window in windows])
    answering = [method for method in FITTED if methods["fell_back"][method] < len(errors)]
    best = min(answering or FITTED, key=lambda method: methods["error_minor"][method])
    rival = min(RIVALS, key=lambda name: methods["error_minor"][name])
    return SeriesTest(
        horizon_days=horizon_days,
        past_days=pd.DataFrame([window.row for window in windows]),
        methods=methods,
        best=best,
        rival=rival,
        compared=_compare(errors, best, rival),
        too_early="",
        rule=rule,
        made_by=made_by,
    )


def _past_days(days: pd.DataFrame, horizon_days: int, rule: Regularity) -> list[pd.Timestamp]:
    """The days to test, oldest first: those on which anybody had a series."""
    if days.empty:
        return []
    last = days["ordered_on"].max()
    back = [last - pd.Timedelta(days=steps * horizon_days) for steps in range(MOST_DAYS, 0, -1)]
    return [cut_off for cut_off in back if len(regular_customers(days, as_of=cut_off, rule=rule))]


@dataclass(frozen=True)
class _Window:
    row: dict[str, object]
    off: pd.DataFrame
    fell_back: dict[str, int]


def _test_day(
    rows: pd.DataFrame, cut_off: pd.Timestamp, base: CustomerBase, horizon_days: int, rule: Regularity, tell: Progress
) -> _Window:
    """What everyone said at the end of a day of the regular customers, less what came."""
    known = rows[rows["date"] <= cut_off]
    regular = regular_customers(purchases_of(known), as_of=cut_off, rule=rule)
    tested = regular.index[:MOST_CUSTOMERS]
    window = pd.Timedelta(days=horizon_days)
    said = ask_everyone(known, tested, base, as_of=cut_off, horizon_days=horizon_days, tell=tell)
    came = what_happened(rows[(rows["date"] > cut_off) & (rows["date"] <= cut_off + window)], tested)["spend"]
    row = {"cut_off": cut_off, "ends_on": cut_off + window, "regular": len(regular), "tested": len(tested)}
    return _Window(row, said.spend.sub(came, axis=0).reset_index(names="customer_id"), said.fell_back)


def _grade(errors: pd.DataFrame, fell_back: list[dict[str, int]]) -> pd.DataFrame:
    """The table of methods, from what each said less what came."""
    graded = []
    for name in ANSWERS:
        beside = _compare(errors, name, MODEL)
        graded.append(
            {
                "method": name,
                "error_minor": beside.model_error,
                "bias_minor": float(errors[name].mean()),
                "gain_minor": beside.gain if name != MODEL else float("nan"),
                "noise_minor": beside.noise if name != MODEL else float("nan"),
                "customers": beside.customers,
                "predictions": beside.predictions,
                "fell_back": sum(window[name] for window in fell_back),
            }
        )
    return pd.DataFrame(graded).set_index("method")


def _compare(errors: pd.DataFrame, name: str, rival: str) -> ErrorComparison:
    both = {"model": errors[name].abs(), "rule": errors[rival].abs()}
    return compare_errors(errors[["customer_id", "window"]].assign(**both))
