"""What customers bought on their second day with a purchase, after the same products on their first."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.models.purchase_matrix import PurchaseMatrix

__all__ = ["second_orders"]


@dataclass(frozen=True, eq=False)
class _Days:
    """Which purchases were made on their customer's first, and which on the second day."""

    first: NDArray[np.bool_]
    second: NDArray[np.bool_]


def second_orders(matrix: PurchaseMatrix, customer_id: object) -> pd.DataFrame:
    """What others took on their second day, most often first; for a customer who has bought on one day.

    Others are those who began with any of this customer's first products and came a second time. Out: [product_id,
    bought: of how many it was on the second day, others: how many they are], empty for anybody else.

    >>> from crm_core.models.purchase_matrix import count_purchases
    >>> rows = pd.DataFrame({"customer_id": ["a", "b", "b", "c", "c", "d", "d"], "order_id": range(7),
    ...     "product_id": ["tea", "tea", "cup", "tea", "cup", "jam", "wax"],
    ...     "date": pd.to_datetime(["2026-01-01", "2026-01-02", "2026-02-02"] + ["2026-01-03", "2026-02-03"] * 2)})
    >>> second_orders(count_purchases(rows), "a").values.tolist()
    [['cup', 2, 2]]
    """
    nothing = pd.DataFrame({"product_id": [], "bought": [], "others": []})
    place = matrix.customers.get_indexer(pd.Index([customer_id]))[0]
    if place < 0 or matrix.baskets[place] != 1:
        return nothing
    days = _days(matrix)
    customer, product = matrix.customer[matrix.purchase_cell], matrix.product[matrix.purchase_cell]
    began_with = np.unique(product[days.first & (customer == place)])
    alike = np.zeros(matrix.shape[0], dtype=np.bool_)
    alike[customer[days.first & np.isin(product, began_with)]] = True
    alike &= matrix.baskets > 1
    took = days.second & alike[customer]
    pairs = np.unique(np.column_stack([product[took], customer[took]]), axis=0)
    counted = np.bincount(pairs[:, 0], minlength=matrix.shape[1])
    best = np.argsort(-counted, kind="stable")
    best = best[counted[best] > 0]
    table = {"product_id": matrix.products[best], "bought": counted[best], "others": int(alike.sum())}
    return pd.DataFrame(table) if len(best) else nothing


def _days(matrix: PurchaseMatrix) -> _Days:
    place = matrix.baskets[matrix.customer[matrix.purchase_cell]] - 1 - matrix.baskets_since
    return _Days(place == 0, place == 1)
