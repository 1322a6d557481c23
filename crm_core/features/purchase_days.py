"""Who bought on which day, as arrays that can be looked at as of any past day."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.features.purchase_summary import SUMMARY_COLUMNS, check_columns, rows_by_day

__all__ = ["PurchaseDays"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class PurchaseDays:
    """One entry per customer and day with a purchase or a refund, by customer and day.

    customers: everyone's id, sorted; customer: position among them; day: days since the first day seen; bought: whether
    it is a purchase; amount: spend less refunds, 0 where not known. last_day: the last day seen, as such a number.
    refunded: of each customer, on days that are not told; None: nothing.
    """

    customers: NDArray[Any]
    customer: Places
    day: NDArray[np.int64]
    bought: NDArray[np.bool_]
    amount: Floats
    known: NDArray[np.bool_]
    last_day: int
    refunded: Floats | None = None

    @classmethod
    def from_transactions(
        cls, transactions: pd.DataFrame, *, observation_end: date | str | pd.Timestamp
    ) -> "PurchaseDays":
        """In: transactions[customer_id, date] and where known amount; rows after observation_end are left out.

        >>> rows = pd.DataFrame({"customer_id": ["b", "a", "b"], "date": pd.to_datetime(["2026-01-01"] * 3)})
        >>> PurchaseDays.from_transactions(rows, observation_end="2026-01-05").day.tolist()
        [0, 0]
        """
        end = pd.Timestamp(observation_end).normalize()
        rows = rows_by_day(transactions, end)
        buyers = rows.loc[rows["purchases"] > 0, "customer_id"].unique()
        rows = rows[rows["customer_id"].isin(buyers)]
        ids, position = np.unique(rows["customer_id"].to_numpy(object), return_inverse=True)
        first = rows["day"].min() if len(rows) else end
        return cls(
            customers=ids,
            customer=position.astype(np.intp),
            day=(rows["day"] - first).dt.days.to_numpy(np.int64),
            bought=(rows["purchases"] > 0).to_numpy(bool),
            amount=rows["amount"].to_numpy(np.float64),
            known=(rows["known"] > 0).to_numpy(bool),
            last_day=int((end - first).days),
        )

    @classmethod
    def from_days(cls, days: pd.DataFrame, spend: pd.Series, *, as_of: date | pd.Timestamp) -> "PurchaseDays":
        """From what the database has aggregated already; money in minor units.

        In: days[customer_id, ordered_on, spend_minor: before refunds], by customer and day; spend: index customer_id,
        after refunds.
        """
        check_columns(days, ["customer_id", "ordered_on", "spend_minor"], what="purchase days")
        ids, position = np.unique(days["customer_id"].to_numpy(), return_inverse=True)
        first = days["ordered_on"].min() if len(days) else pd.Timestamp(as_of)
        amount = days["spend_minor"].to_numpy(np.float64)
        before = np.bincount(position, weights=amount, minlength=len(ids))
        return cls(
            customers=ids,
            customer=position.astype(np.intp),
            day=(days["ordered_on"] - first).dt.days.to_numpy(np.int64),
            bought=np.ones(len(days), bool),
            amount=amount,
            known=np.ones(len(days), bool),
            last_day=int((pd.Timestamp(as_of).normalize() - first).days),
            refunded=before - spend.reindex(ids).to_numpy(np.float64),
        )

    def __len__(self) -> int:
        return len(self.customers)

    def known_at(self, until: int) -> "PurchaseDays":
        """The same as it was at the end of a past day; the positions of customers stay."""
        seen = self.day <= until
        parts = {name: getattr(self, name)[seen] for name in ("customer", "day", "bought", "amount", "known")}
        return replace(self, **parts, last_day=until, refunded=None)

    def within(self, after: float, until: float) -> tuple[Floats, Floats]:
        """Each customer's purchase days and spend after one day, up to and including another."""
        seen = (self.day > after) & (self.day <= until)
        bought = np.bincount(self.customer[seen & self.bought], minlength=len(self)).astype(np.float64)
        spent = np.bincount(self.customer[seen], weights=self.amount[seen], minlength=len(self)).astype(np.float64)
        return bought, spent

    def first_days(self) -> NDArray[np.int64]:
        """The day of each customer's first purchase."""
        first = np.full(len(self), NEVER)
        np.minimum.at(first, self.customer[self.bought], self.day[self.bought])
        return first

    def summary(self, until: int) -> pd.DataFrame:
        """The purchase summary as it was at the end of a day; index: positions of those who had bought by then."""
        bought, total = self.within(-1, until)
        if self.refunded is not None and until >= self.last_day:
            total = total - self.refunded
        first = self.first_days()
        seen = self.bought & (self.day <= until)
        last = np.zeros(len(self), np.int64)
        np.maximum.at(last, self.customer[seen], self.day[seen])
        on_first = seen & (self.day == first[self.customer])
        at_first = np.bincount(self.customer[on_first], weights=self.amount[on_first], minlength=len(self))
        later_days = np.bincount(self.customer[seen & self.known & ~on_first], minlength=len(self))
        any_known = np.bincount(self.customer[self.known & (self.day <= until)], minlength=len(self)) > 0
        who = np.flatnonzero(bought > 0)
        repeat = bought[who] - 1
        spend = np.where(any_known[who], total[who], np.nan)
        several = later_days[who]
        later = np.where(several > 0, (total - at_first)[who] / np.maximum(several, 1), np.nan)
        times = {
            "repeat_days": repeat,
            "first_to_last_days": (last[who] - first[who]).astype(np.float64),
            "tenure_days": (until - first[who]).astype(np.float64),
        }
        money = {"mean_repeat_spend": later, "total_spend": spend, "purchase_days": bought[who]}
        return pd.DataFrame({**times, **money}, index=who)[SUMMARY_COLUMNS]
