"""What was promised to the owner on earlier days, graded once its window has passed."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from crm_core.decisions.grading import first_promises
from crm_core.services.customers import CustomerBase
from crm_core.services.past_days import known_transactions
from crm_core.services.predictions import QUANTITY
from crm_core.store.accuracy_queries import shown_predictions
from crm_core.store.session import Store
from crm_core.wording import count, day, plural

__all__ = ["GradedPromises", "grade_promises"]


@dataclass(frozen=True)
class GradedPromises:
    """Stored predictions beside what happened. One that is repeated within its own window counts once.

    table: those whose window has passed, latest first, [customer_id (ours), label, evidence: the method, as_of,
    ends_on: datetime64, horizon_days, promised_minor, low_minor, high_minor, actual_minor: net of refunds, inside:
    whether actual is in the range]; waiting: how many have not matured; first_due: when the first of these will;
    known_until: the last day with an order; left_out: promises in a currency that is no longer the base.
    """

    table: pd.DataFrame
    waiting: int
    first_due: date | None
    known_until: date | None
    left_out: int

    @property
    def sentence(self) -> str:
        """What came of the promises, or when the first can be graded."""
        if self.table.empty:
            return self._not_yet()
        inside, all_of_them = int(self.table["inside"].sum()), len(self.table)
        who = plural(self.table["customer_id"].nunique(), "customer")
        return (
            f"Of {plural(all_of_them, 'promise')} about {who}, {count(inside)} came out within the range; if all had "
            f"gone on as before, it would have been about {count(0.8 * all_of_them)}."
        )

    def _not_yet(self) -> str:
        if self.first_due is None:
            return "Nothing has been promised yet: each person on Today's list is a promise from the day you see it."
        waiting = plural(self.waiting, "promise")
        return (
            f"{waiting} noted so far. The first can be graded on {day(self.first_due)}, when its window has passed and "
            "your orders up to that day are in."
        )


def grade_promises(store: Store, base: CustomerBase) -> GradedPromises:
    """What Today has promised up to the base's day, beside what these customers spent in the window."""
    with store.read() as session:
        shown = shown_predictions(session, quantity=QUANTITY, as_of=base.as_of)
    in_base = shown[shown["currency"] == base.currency]
    counted = first_promises(in_base)
    counted = counted.assign(ends_on=counted["as_of"] + pd.to_timedelta(counted["horizon_days"], unit="D"))
    known_until = base.days["ordered_on"].max() if len(base.days) else None
    due = counted["ends_on"] <= known_until if known_until is not None else counted["ends_on"].isna()
    waiting = counted[~due]
    return GradedPromises(
        table=_graded(store, base, counted[due]),
        waiting=len(waiting),
        first_due=waiting["ends_on"].min().date() if len(waiting) else None,
        known_until=None if known_until is None else known_until.date(),
        left_out=len(shown) - len(in_base),
    )


def _graded(store: Store, base: CustomerBase, due: pd.DataFrame) -> pd.DataFrame:
    due = due[due["customer_id"].isin(base.table.index)].reset_index(drop=True)
    rows = known_transactions(store, base) if len(due) else pd.DataFrame(columns=["customer_id", "date", "amount"])
    pairs = due.reset_index(names="promise").merge(rows, on="customer_id")
    within = (pairs["date"] > pairs["as_of"]) & (pairs["date"] <= pairs["ends_on"])
    spent = pairs[within].groupby("promise")["amount"].sum().reindex(due.index, fill_value=0).astype(float)
    table = pd.DataFrame(
        {
            "customer_id": due["customer_id"],
            "label": base.table["label"].reindex(due["customer_id"]).to_numpy(),
            "evidence": due["model"],
            "as_of": due["as_of"],
            "ends_on": due["ends_on"],
            "horizon_days": due["horizon_days"],
            "promised_minor": due["value"],
            "low_minor": due["low"],
            "high_minor": due["high"],
            "actual_minor": spent,
            "inside": spent.between(due["low"], due["high"]),
        }
    )
    return table.sort_values(["as_of", "customer_id", "evidence"], ascending=[False, True, True], ignore_index=True)
