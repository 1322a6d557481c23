"""What each customer is likely to buy and spend within a horizon, with a range.

From all purchase days: a blend that learnt from the shop's own past (``value_blend``). From one row per customer, or
where there is too little past to learn from: BG/NBD times Gamma-Gamma.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from crm_core.errors import CrmError
from crm_core.features.purchase_days import PurchaseDays
from crm_core.features.purchase_summary import SUMMARY_COLUMNS, check_columns
from crm_core.models.bg_nbd import BetaGeoNBD
from crm_core.models.logits import centred
from crm_core.models.outcomes import outcome_points, total_range
from crm_core.models.spend_per_day import fit_spend
from crm_core.models.value_blend import UNTESTED, Outlook, ValueBlend
from crm_core.models.value_candidates import AVERAGE
from crm_core.models.value_choice import Choice, choose_candidate
from crm_core.models.value_notes import blend_notes, rate_notes, spend_notes, untested_notes
from crm_core.models.value_points import Spread, learn_spread, points_around
from crm_core.progress import Progress, silently

__all__ = ["VALUE_COLUMNS", "ValuePrediction", "chance_within", "predict_days", "predict_summary", "predict_value"]

EXPECTED = ["expected_purchases", "expected_spend", "p_active"]
VALUE_COLUMNS = [*EXPECTED, *(f"{name}_{point}" for name in EXPECTED for point in ("low", "high"))]
Floats = NDArray[np.float64]
SEED = 7
LEAST_PURCHASES = 1e-12
SIMPLE, BLEND_ALONE = "BG/NBD and Gamma-Gamma", "blend of BG/NBD, rhythm GLM and own rate"
BLEND = f"{BLEND_ALONE}, Gamma-Gamma"


@dataclass(frozen=True)
class ValuePrediction:
    """Predictions and how they came about.

    table: index customer_id, [expected_purchases: purchase days in the horizon, expected_spend: in the unit of the
    amounts, p_active: P(at least one purchase), and of each _low and _high: the 10 % and 90 % points].
    total_spend_range: the 10 % and 90 % points of what all spend together, if they go on as they did.
    parameters: of the fitted models, by name; notes: sentences on what had to be assumed and why.
    rates is None where there is nobody to predict. model: what answered; path_scale: expected purchases over those that
    rates alone expects; None: equal. choice: who was asked on the shop's own past, and why this one answers; None:
    there was too little of it.
    """

    table: pd.DataFrame
    total_spend_range: tuple[float, float]
    parameters: dict[str, float]
    notes: tuple[str, ...]
    horizon_days: float
    summary: pd.DataFrame
    spend_per_purchase: pd.Series
    rates: BetaGeoNBD | None
    model: str = SIMPLE
    path_scale: pd.Series | None = None
    choice: Choice | None = None

    @property
    def learnt_from_past(self) -> bool:
        """Whether earlier days of the shop were looked at, and the range holds how far totals were off then."""
        return self.choice is not None

    def purchase_path(self, days: list[float]) -> pd.DataFrame:
        """Expected purchases until each of the days ahead, cumulative: one row per customer, one column per day."""
        if self.rates is None:
            return pd.DataFrame(columns=days, index=self.summary.index, dtype=float)
        path = self.rates.purchase_path(self.summary, days=days)
        return path if self.path_scale is None else path.mul(self.path_scale, axis=0)


def predict_value(
    transactions: pd.DataFrame, *, horizon_days: float, observation_end: date | str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """Expected purchases, spend and P(active) of every customer within the days after the last one seen.

    In: transactions[customer_id, date] and where known amount (negative: a refund); observation_end is the last day
    seen, included (default: the last date). Out: ValuePrediction.table; its notes stand in attrs["notes"], what
    answered in attrs["model"]. Seeded: the same purchases in any order give the same answer.

    >>> rows = pd.DataFrame({"customer_id": list("aab"), "amount": [20.0, 20.0, 20.0],
    ...     "date": pd.to_datetime(["2026-01-01", "2026-03-01", "2026-01-01"])})
    >>> predicted = predict_value(rows, horizon_days=90, observation_end="2026-03-05")
    >>> bool(predicted.expected_purchases["a"] > predicted.expected_purchases["b"] > 0)
    True
    """
    check_columns(transactions, ["customer_id", "date"], what="the transactions")
    _check_horizon(horizon_days)
    if observation_end is None:
        last_seen = pd.to_datetime(transactions["date"]).max()
        observation_end = last_seen if pd.notna(last_seen) else pd.Timestamp(0)  # without a row any day will do
    days = PurchaseDays.from_transactions(transactions, observation_end=observation_end)
    prediction = predict_days(days, horizon_days=horizon_days)
    table = prediction.table
    table.attrs["notes"], table.attrs["model"] = prediction.notes, prediction.model
    return table


def predict_days(days: PurchaseDays, *, horizon_days: float, tell: Progress = silently) -> ValuePrediction:
    """The same from purchase days, with how it came about; ``tell`` hears how far it is, 0..1, and in words."""
    _check_horizon(horizon_days)
    tell(0.0, "Looking at your earlier days")
    blend = ValueBlend(days, horizon_days=horizon_days) if len(days) else None
    if blend is not None and blend.windows:
        choice = choose_candidate(blend, tell=lambda share, words: tell(0.25 + share / 2, words))
        blend.chosen = choice.chosen
        tell(0.75, "Simulating what may come")
        prediction = _predict_blend(blend)
        notes = (*prediction.notes, *choice.notes)
        return replace(prediction, choice=choice, model=_named_model(choice), notes=notes)
    summary = days.summary(days.last_day)
    prediction = predict_summary(_named(summary, days), horizon_days=horizon_days)
    return replace(prediction, notes=(*prediction.notes, *untested_notes(days)))


def chance_within(days: PurchaseDays, *, horizon_days: float) -> pd.Series:
    """P(at least one purchase within the days ahead) alone, as ``predict_days`` says it; index customer_id."""
    _check_horizon(horizon_days)
    if not len(days):
        return pd.Series(index=pd.Index(days.customers, name="customer_id"), dtype=float, name="p_active")
    blend = ValueBlend(days, horizon_days=horizon_days)
    if not blend.windows:
        summary = days.summary(days.last_day)
        told = BetaGeoNBD().fit(summary).p_active(summary, days=horizon_days)
        return told.set_axis(pd.Index(days.customers[summary.index], name="customer_id"))
    blend.chosen = choose_candidate(blend).chosen
    told_of = blend.outlook(days.last_day)
    index = pd.Index(days.customers[told_of.summary.index], name="customer_id")
    return pd.Series(_with_season(blend, told_of)[1], index=index, name="p_active")


def _with_season(blend: ValueBlend, told: Outlook) -> tuple[Floats, Floats]:
    """Purchases and P(active), moved as the same season of a year ago was."""
    more, likelier = blend.season
    purchases = told.purchases * np.exp(more)
    return purchases, np.minimum(expit(told.logits + likelier), purchases)  # who buys at all buys once or more


def _predict_blend(blend: ValueBlend) -> ValuePrediction:
    """The blend's answer, its points stretched to what the latest window showed."""
    days, ahead = blend.days, blend.horizon_days
    told = blend.outlook(days.last_day)
    purchases, p_active = _with_season(blend, told)
    points = points_around(
        purchases,
        p_active,
        told.opinions,
        told.spend,
        told.summary,
        told.per_purchase,
        spread=_learn_spread(blend),
        seed=SEED,
    )
    spent = purchases * told.per_purchase
    table = points.assign(expected_purchases=purchases, expected_spend=spent, p_active=p_active)
    doubt = _with_level(points["spend_variance"], table, blend.level_doubt)
    summary, rates = _named(told.summary, days), told.rates
    modelled = np.maximum(rates.expected_purchases(summary, days=ahead), LEAST_PURCHASES)
    return ValuePrediction(
        table=_named(table[VALUE_COLUMNS], days),
        total_spend_range=total_range(table["expected_spend"], doubt),
        parameters={**rates.parameters, **told.spend.parameters},
        notes=blend_notes(blend, summary, told.spend),
        horizon_days=ahead,
        summary=summary,
        spend_per_purchase=pd.Series(told.per_purchase, index=summary.index, name="spend_per_purchase"),
        rates=rates,
        path_scale=pd.Series(purchases, index=summary.index) / modelled,
    )


def _named_model(choice: Choice) -> str:
    """What answers, by name."""
    counts, active = choice.chosen.purchases, choice.chosen.active
    if counts == active == AVERAGE:
        return BLEND
    names = {AVERAGE: BLEND_ALONE}
    return f"{names.get(counts, counts)} for how often, {names.get(active, active)} for whether at all, Gamma-Gamma"


def _with_level(variance: pd.Series, table: pd.DataFrame, doubt: float) -> pd.Series:
    """The variance of customers' spends, with their share of a doubt about what all spend together, a logarithm."""
    return variance + (doubt * table["expected_spend"].sum()) ** 2 / len(table)


def _learn_spread(blend: ValueBlend) -> Spread:
    """How far customers strayed in the latest window, at the level that it came to have."""
    past, bought, spent = blend.past_window()
    if not bought.any():
        return Spread()
    level = past.purchases * (bought.sum() / past.purchases.sum())
    likely = np.minimum(expit(centred(past.logits, (bought > 0).mean())), level)
    beside = (past.spend, past.summary, past.per_purchase)
    return learn_spread(level, likely, *beside, bought=bought, spent=np.maximum(spent, 0.0), seed=SEED)


def _named(table: pd.DataFrame, days: PurchaseDays) -> pd.DataFrame:
    """A table by position as one by customer."""
    return table.set_index(pd.Index(days.customers[table.index], name="customer_id"))


def predict_summary(summary: pd.DataFrame, *, horizon_days: float, seed: int = SEED) -> ValuePrediction:
    """The same from one row per customer, as purchase_summary gives it. Seeded: same customers, same ranges."""
    check_columns(summary, SUMMARY_COLUMNS, what="purchase summaries")
    _check_horizon(horizon_days)
    if summary.empty:
        return _nobody(summary, horizon_days)
    rates = BetaGeoNBD().fit(summary)
    spend = fit_spend(summary)
    per_purchase = spend.expected_spend(summary)
    purchases = rates.expected_purchases(summary, days=horizon_days)
    points = outcome_points(summary, rates=rates, spend=spend, days=horizon_days, seed=seed)
    table = points.assign(
        expected_purchases=purchases,
        expected_spend=purchases * per_purchase,
        p_active=rates.p_active(summary, days=horizon_days),
    )
    return ValuePrediction(
        table=table[VALUE_COLUMNS],
        total_spend_range=total_range(table["expected_spend"], _with_level(points["spend_variance"], table, UNTESTED)),
        parameters={**rates.parameters, **spend.parameters},
        notes=(*rate_notes(rates), *spend_notes(summary, spend)),
        horizon_days=float(horizon_days),
        summary=summary,
        spend_per_purchase=per_purchase,
        rates=rates,
    )


def _check_horizon(horizon_days: float) -> None:
    if not (np.isfinite(horizon_days) and horizon_days > 0):
        raise CrmError(f"The horizon must be a number of days above 0; got {horizon_days}.")


def _nobody(summary: pd.DataFrame, horizon_days: float) -> ValuePrediction:
    """The prediction for an empty base: all columns, no rows."""
    empty = pd.DataFrame(columns=VALUE_COLUMNS, index=summary.index, dtype=float)
    none = pd.Series(index=summary.index, dtype=float, name="spend_per_purchase")
    note = "Nobody has bought yet, so there is nothing to predict."
    return ValuePrediction(empty, (0.0, 0.0), {}, (note,), float(horizon_days), summary, none, None)
