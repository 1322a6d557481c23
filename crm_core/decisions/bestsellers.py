"""What would have come of showing bestsellers instead: the yardstick of every offer."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.vocabulary import OfferList

__all__ = ["BESTSELLER_DAYS", "bestseller_shares", "bestsellers"]

BESTSELLER_DAYS = 90
DAY_BITS = 22  # of a key that is a customer's product and a day
EPOCH = 719_163  # the number of 1 January 1970, counted from the year 1
Numbers = NDArray[np.int64]


def bestseller_shares(counted: pd.DataFrame, purchases: pd.DataFrame, daily: pd.DataFrame) -> pd.Series:
    """For each offer the share of as many bestsellers of its day that the same customer bought within the same days.

    In: counted[customer_id, list, shown_on, ends_on]; purchases[customer_id, product_id, ordered_on] of the same
    customers, everything; daily[ordered_on, product_id, orders], in order, from 90 days before the first offer. Out: a
    share of 0..1 in the rows' own order. A bestseller was in the most orders of the 90 days that end with the day
    shown, ties by number; on the list of what is new come those that the customer had not bought by then.
    """
    groups = counted.groupby(["shown_on", "customer_id", "list", "ends_on"], sort=True)
    bought = Bought.of(purchases)
    hits, shown_before, ranked = np.empty(len(groups)), None, np.empty(0, np.int64)
    for place, ((shown_on, customer, name, ends_on), number) in enumerate(groups.size().items()):
        if shown_on != shown_before:
            shown_before, ranked = shown_on, np.array(bestsellers(daily, shown_on), np.int64)
        first, last = _day_number(shown_on), _day_number(ends_on)
        chosen = ranked[:number]
        if name == OfferList.NEW:
            longer = ranked[: number + bought.variety(customer)]
            chosen = longer[~bought.between(customer, longer, 0, first)][:number]
        hits[place] = bought.between(customer, chosen, first + 1, last).sum() / number
    return pd.Series(hits[groups.ngroup().to_numpy()], counted.index)


def bestsellers(daily: pd.DataFrame, shown_on: pd.Timestamp) -> list[int]:
    """Products by the number of orders in the 90 days that end with a day, most first.

    >>> daily = pd.DataFrame({"ordered_on": pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-02"]),
    ...                       "product_id": [3, 3, 5], "orders": [1, 1, 2]})
    >>> bestsellers(daily, pd.Timestamp("2026-01-02"))
    [3, 5]
    """
    days = daily["ordered_on"]
    start = days.searchsorted(shown_on - pd.Timedelta(days=BESTSELLER_DAYS - 1))
    part = daily.iloc[start : days.searchsorted(shown_on, side="right")]
    sums = part.groupby("product_id", sort=True)["orders"].sum()
    return [int(product) for product in sums.sort_values(ascending=False, kind="stable").index]


@dataclass(frozen=True, eq=False)
class Bought:
    """Who bought what on which days, to be asked for many products at once. keys: sorted, a number for each customer,
    product and day; customers, products: sorted; varieties: how many products each customer bought."""

    customers: Numbers
    products: Numbers
    keys: Numbers
    varieties: Numbers

    @classmethod
    def of(cls, purchases: pd.DataFrame) -> "Bought":
        """From [customer_id, product_id, ordered_on]."""
        customers, customer = np.unique(purchases["customer_id"].to_numpy(np.int64), return_inverse=True)
        products, product = np.unique(purchases["product_id"].to_numpy(np.int64), return_inverse=True)
        pair = customer * max(len(products), 1) + product
        day = purchases["ordered_on"].to_numpy("datetime64[D]").astype(np.int64) + EPOCH
        owners = np.unique(pair) // max(len(products), 1)
        return cls(
            customers, products, np.sort((pair << DAY_BITS) + day), np.bincount(owners, minlength=len(customers))
        )

    def variety(self, customer: int) -> int:
        """How many products a customer has bought."""
        place = int(np.searchsorted(self.customers, customer))
        known = place < len(self.customers) and self.customers[place] == customer
        return int(self.varieties[place]) if known else 0

    def between(self, customer: int, wanted: Numbers, first: int, last: int) -> NDArray[np.bool_]:
        """Which products a customer bought from one day's number to another's."""
        if not self.variety(customer):
            return np.zeros(len(wanted), bool)
        place = np.minimum(np.searchsorted(self.products, wanted), len(self.products) - 1)
        pair = int(np.searchsorted(self.customers, customer)) * len(self.products) + place
        start, end = (np.searchsorted(self.keys, (pair << DAY_BITS) + day) for day in (first, last + 1))
        return np.asarray((self.products[place] == wanted) & (start < end), bool)


def _day_number(day: pd.Timestamp) -> int:
    return int(day.toordinal())
