"""What was given back: by refund, by a line below nothing, and bought again since."""

import pandas as pd
import pytest

from crm_core.features.given_back import given_back

NO_REFUNDS = pd.DataFrame({"order_id": [], "refunded_on": pd.to_datetime([]), "amount_minor": []})
DAY = pd.Timestamp


def lines_of(*rows: tuple[int, str, int, float, int]) -> pd.DataFrame:
    """Lines of one customer as (order, day, product, quantity, amount)."""
    table = pd.DataFrame(rows, columns=["order_id", "ordered_on", "product_id", "quantity", "amount_minor"])
    table["ordered_on"] = pd.to_datetime(table["ordered_on"])
    return table.assign(customer_id=1)


def refund(order_id: int, day: str, amount: int) -> pd.DataFrame:
    return pd.DataFrame({"order_id": [order_id], "refunded_on": [DAY(day)], "amount_minor": [amount]})


def products(lines: pd.DataFrame, refunds: pd.DataFrame = NO_REFUNDS) -> list[int]:
    return given_back(lines, refunds)["product_id"].tolist()


def test_a_refund_tells_of_what_it_may_have_been_for() -> None:
    lines = lines_of((1, "2026-01-01", 7, 1, 300), (1, "2026-01-01", 8, 1, 900))
    assert products(lines, refund(1, "2026-01-05", 1200)) == [7, 8]
    assert products(lines, refund(1, "2026-01-05", 300)) == [7]
    assert products(lines, refund(1, "2026-01-05", 299)) == []
    assert products(lines, refund(2, "2026-01-05", 1200)) == []


def test_what_was_bought_again_since_is_not_given_back() -> None:
    again = lines_of((1, "2026-01-01", 7, 1, 300), (2, "2026-02-01", 7, 1, 300))
    assert products(again, refund(1, "2026-01-05", 300)) == []
    assert products(again, refund(2, "2026-02-05", 300)) == [7]


@pytest.mark.parametrize(("quantity", "amount"), [(-1, -300), (float("nan"), -300), (-1, 0)])
def test_a_line_below_nothing_is_a_return(quantity: float, amount: int) -> None:
    bought, back = (1, "2026-01-01", 7, 1, 300), (2, "2026-02-01", 7, quantity, amount)
    assert products(lines_of(bought, back)) == [7]
    assert products(lines_of(bought, back, (3, "2026-03-01", 7, 1, 300))) == []


def test_a_part_returned_on_the_day_of_a_larger_order_is_no_farewell() -> None:
    assert products(lines_of((1, "2026-01-01", 7, 5, 500), (2, "2026-01-01", 7, -2, -200))) == []
    assert products(lines_of((1, "2026-01-01", 7, 5, 500), (2, "2026-01-01", 7, -5, -500))) == [7]


def test_a_gift_that_cost_nothing_is_not_given_back_by_a_refund() -> None:
    assert products(lines_of((1, "2026-01-01", 7, 1, 0)), refund(1, "2026-01-05", 500)) == []


def test_nothing_bought_is_nothing_given_back_and_the_order_of_rows_is_no_matter() -> None:
    lines = lines_of((1, "2026-01-01", 7, 1, 300), (2, "2026-02-01", 7, -1, -300), (3, "2026-03-01", 9, -1, -5))
    assert products(lines) == products(lines.sample(frac=1, random_state=3)) == [7, 9]
    assert given_back(lines.head(0), NO_REFUNDS).empty
