"""Purchases as customers x products: how often, how long ago, and how the products are doing.

One cell is one customer and one product they bought. Ages are days before the last day seen.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from crm_core.errors import CrmError

__all__ = ["NEEDED_COLUMNS", "CustomerCells", "PurchaseMatrix", "count_purchases", "half_life_weight"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NEEDED_COLUMNS = ("customer_id", "order_id", "date", "product_id")


class CustomerCells(NamedTuple):
    """The cells of some customers: which of them (0..), and the cell."""

    row: Ints
    cell: Ints


@dataclass(frozen=True, eq=False)
class PurchaseMatrix:
    """Cells sorted by customer, then product; `customers` and `products` are sorted: the order of rows is no matter."""

    customers: pd.Index
    products: pd.Index
    as_of: pd.Timestamp
    customer: Ints
    product: Ints
    orders: Ints
    first_age_days: Ints
    last_age_days: Ints
    purchase_cell: Ints
    purchase_age_days: Ints

    @property
    def shape(self) -> tuple[int, int]:
        """Customers and products."""
        return len(self.customers), len(self.products)

    @cached_property
    def keys(self) -> Ints:
        """Cell numbers, ascending: customer times products plus product."""
        return self.customer * max(len(self.products), 1) + self.product

    @cached_property
    def buyers(self) -> Floats:
        """Customers of each product."""
        return np.bincount(self.product, minlength=len(self.products)).astype(np.float64)

    @cached_property
    def _days_of_customers(self) -> tuple[Ints, Ints]:
        """Each customer's days with a purchase, by customer and from the latest back, and the place of each purchase
        among them."""
        width = int(self.purchase_age_days.max(initial=0)) + 1
        days, place = np.unique(self.customer[self.purchase_cell] * width + self.purchase_age_days, return_inverse=True)
        return days // width, place

    @cached_property
    def baskets(self) -> Ints:
        """Days with a purchase of each customer."""
        return np.bincount(self._days_of_customers[0], minlength=len(self.customers)).astype(np.int64)

    @cached_property
    def baskets_since(self) -> Ints:
        """How many later days with a purchase its customer had, for each purchase."""
        customer, place = self._days_of_customers
        start = np.searchsorted(customer, np.arange(len(self.customers)))
        return np.asarray(place - start[customer[place]], dtype=np.int64)

    def known_before(self, days: int) -> "PurchaseMatrix":
        """What was known so many days earlier, of the same customers and products."""
        kept = self.purchase_age_days >= days
        ages = self.purchase_age_days[kept] - days
        cells, start, orders = np.unique(self.purchase_cell[kept], return_index=True, return_counts=True)
        return PurchaseMatrix(
            customers=self.customers,
            products=self.products,
            as_of=self.as_of - pd.Timedelta(days=days),
            customer=self.customer[cells],
            product=self.product[cells],
            orders=orders.astype(np.int64),
            first_age_days=ages[start],
            last_age_days=ages[start + orders - 1],
            purchase_cell=np.repeat(np.arange(len(cells)), orders),
            purchase_age_days=ages,
        )

    @cached_property
    def starts(self) -> Ints:
        """Where each customer's cells begin, and where the last one's end."""
        return np.searchsorted(self.customer, np.arange(len(self.customers) + 1)).astype(np.int64)

    def cells_of(self, customers: Ints) -> CustomerCells:
        """All cells of some customers, customer by customer."""
        lengths = self.starts[customers + 1] - self.starts[customers]
        row = np.repeat(np.arange(len(customers)), lengths)
        ends = np.cumsum(lengths)
        return CustomerCells(row, np.arange(len(row)) + (self.starts[customers] - ends + lengths)[row])

    def spread(self, values: Floats) -> sparse.csr_array:
        """A number for each cell as a sparse matrix of customers x products."""
        return sparse.csr_array((values, self.product.astype(np.int32), self.starts.astype(np.int32)), shape=self.shape)

    def decayed_orders(self, half_life_days: float) -> Floats:
        """Orders of each cell, an order counting half after each half-life."""
        weights = half_life_weight(self.purchase_age_days, half_life_days)
        counts = np.bincount(self.purchase_cell, weights=weights, minlength=len(self.product))
        return np.asarray(counts, dtype=np.float64)

    def recent_buyers(self, days: int) -> Ints:
        """Customers of each product whose last purchase of it is at most so many days ago."""
        recent = self.product[self.last_age_days <= days]
        return np.bincount(recent, minlength=len(self.products)).astype(np.int64)

    def find_cells(self, customer: Ints, product: Ints) -> Ints:
        """The cell of each pair, or -1 where the customer never bought the product (or is unknown: -1)."""
        if len(self.keys) == 0:
            return np.full(len(customer), -1, dtype=np.int64)
        wanted = customer * len(self.products) + product
        place = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where((self.keys[place] == wanted) & (customer >= 0), place, -1)


def half_life_weight(age_days: Ints, half_life_days: float) -> Floats:
    """1 today, a half after each half-life.

    >>> half_life_weight(np.array([0, 180, 360]), 180).tolist()
    [1.0, 0.5, 0.25]
    """
    return np.exp2(-np.asarray(age_days, dtype=np.float64) / half_life_days)


def count_purchases(purchases: pd.DataFrame, *, as_of: date | None = None) -> PurchaseMatrix:
    """The purchase matrix of all rows up to the end of `as_of` (default: the last date).

    In: purchases[customer_id, order_id, date, product_id], one row per product of an order or more.
    Rows without customer, date or product are left out; a product twice in one order counts once.

    >>> rows = pd.DataFrame({"customer_id": ["a", "a", "b"], "order_id": [1, 2, 3], "product_id": ["p", "p", "q"],
    ...                      "date": pd.to_datetime(["2026-01-01", "2026-01-11", "2026-01-21"])})
    >>> matrix = count_purchases(rows)
    >>> matrix.orders.tolist(), matrix.last_age_days.tolist()
    ([2, 1], [10, 0])
    """
    rows, last_day = known_rows(purchases, as_of)
    customer, customers = pd.factorize(rows["customer_id"], sort=True)
    product, products = pd.factorize(rows["product_id"], sort=True)
    order, _ = pd.factorize(rows["order_id"])
    age = (last_day - rows["day"]).dt.days.to_numpy(dtype=np.int64)
    key = customer.astype(np.int64) * max(len(products), 1) + product
    kept = pd.DataFrame({"key": key, "order": order, "age": age})
    kept = kept.sort_values(["key", "age"], ascending=[True, False], kind="stable").drop_duplicates(["key", "order"])
    cells, start, orders = np.unique(kept["key"].to_numpy(), return_index=True, return_counts=True)
    ages = kept["age"].to_numpy()
    return PurchaseMatrix(
        customers=pd.Index(customers),
        products=pd.Index(products),
        as_of=last_day,
        customer=cells // max(len(products), 1),
        product=cells % max(len(products), 1),
        orders=orders.astype(np.int64),
        first_age_days=ages[start] if len(ages) else ages,
        last_age_days=ages[start + orders - 1] if len(ages) else ages,
        purchase_cell=np.repeat(np.arange(len(cells)), orders),
        purchase_age_days=ages,
    )


def known_rows(purchases: pd.DataFrame, as_of: date | None) -> tuple[pd.DataFrame, pd.Timestamp]:
    """Complete rows not after the last day, with their day, and that day."""
    missing = [name for name in NEEDED_COLUMNS if name not in purchases.columns]
    if missing:
        found = ", ".join(map(str, purchases.columns)) or "none"
        raise CrmError(f"Recommendations need the columns {', '.join(missing)}; found {found}.")
    rows = purchases[list(NEEDED_COLUMNS)].dropna()
    rows = rows.assign(day=pd.to_datetime(rows["date"]).dt.normalize())
    if as_of is None:
        last = rows["day"].max()
        return rows, pd.Timestamp(0) if pd.isna(last) else pd.Timestamp(last)
    last_day = pd.Timestamp(as_of).normalize()
    return rows[rows["day"] <= last_day], last_day
