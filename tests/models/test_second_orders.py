"""Second days after the same first product: counted by customer, whatever the order of rows."""

import pandas as pd

from crm_core.models.purchase_matrix import count_purchases
from crm_core.models.second_orders import second_orders


def shop() -> pd.DataFrame:
    """c0 to c4 begin with tea and take cup (c0 to c3) or jam; all come a third time for wax; d began with jam."""
    rows = [("new", 300, "tea")]
    for n in range(5):
        second = "cup" if n < 4 else "jam"
        rows += [(f"c{n}", n, "tea"), (f"c{n}", 30 + n, second), (f"c{n}", 30 + n, "pot"), (f"c{n}", 99, "wax")]
    rows += [("d", 0, "jam"), ("d", 9, "rug"), ("once", 5, "tea")]
    table = pd.DataFrame(rows, columns=["customer_id", "day", "product_id"])
    return table.assign(date=pd.Timestamp("2026-01-01") + pd.to_timedelta(table["day"], unit="D"), order_id=table.index)


def test_second_days_are_counted_by_customer() -> None:
    found = second_orders(count_purchases(shop()), "new")
    assert found.to_numpy().tolist() == [["pot", 5, 5], ["cup", 4, 5], ["jam", 1, 5]]
    shuffled = second_orders(count_purchases(shop().sample(frac=1, random_state=1)), "new")
    pd.testing.assert_frame_equal(found, shuffled)


def test_who_came_back_or_is_unknown_has_no_second_order_ahead() -> None:
    matrix = count_purchases(shop())
    assert second_orders(matrix, "c0").empty
    assert second_orders(matrix, "nobody").empty
