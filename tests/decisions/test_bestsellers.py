"""The yardstick: bestsellers of the day, for the same customers and days."""

import pandas as pd

from crm_core.decisions.bestsellers import bestseller_shares, bestsellers

DAILY = pd.DataFrame(
    {
        "ordered_on": pd.to_datetime(["2025-09-01", "2026-01-01", "2026-01-01", "2026-01-02", "2026-01-05"]),
        "product_id": [9, 1, 2, 2, 3],
        "orders": [50, 5, 2, 2, 9],
    }
)


def offers(*rows: tuple[int, str, str]) -> pd.DataFrame:
    """As (customer, list, day), with 30 days each."""
    table = pd.DataFrame(rows, columns=["customer_id", "list", "shown_on"])
    table["shown_on"] = pd.to_datetime(table["shown_on"])
    return table.assign(ends_on=table["shown_on"] + pd.Timedelta(days=30))


def bought(*rows: tuple[int, int, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["customer_id", "product_id", "ordered_on"])
    return table.assign(ordered_on=pd.to_datetime(table["ordered_on"]))


def test_bestsellers_are_of_the_ninety_days_that_end_with_the_day() -> None:
    assert bestsellers(DAILY, pd.Timestamp("2026-01-02")) == [1, 2]
    assert bestsellers(DAILY, pd.Timestamp("2026-01-05")) == [3, 1, 2]
    assert bestsellers(DAILY, pd.Timestamp("2026-04-01")) == [3, 2]  # 1 January is out
    assert bestsellers(DAILY, pd.Timestamp("2025-01-01")) == []


def test_as_many_bestsellers_as_the_list_had_are_looked_for() -> None:
    table = offers((1, "buy again", "2026-01-02"), (1, "buy again", "2026-01-02"), (2, "buy again", "2026-01-02"))
    purchases = bought((1, 2, "2026-01-20"), (1, 2, "2026-01-21"), (2, 2, "2026-01-20"))
    assert bestseller_shares(table, purchases, DAILY).tolist() == [0.5, 0.5, 0.0]


def test_a_purchase_of_the_day_itself_or_too_late_is_no_hit() -> None:
    table = offers((1, "buy again", "2026-01-02"))
    for day, hit in (("2026-01-02", 0.0), ("2026-01-03", 1.0), ("2026-02-01", 1.0), ("2026-02-02", 0.0)):
        assert bestseller_shares(table, bought((1, 1, day)), DAILY).tolist() == [hit]


def test_the_list_of_what_is_new_has_bestsellers_that_are_new_too() -> None:
    table = offers((1, "new for them", "2026-01-02"))
    purchases = bought((1, 1, "2025-12-24"), (1, 1, "2026-01-08"), (1, 2, "2026-01-09"))
    assert bestseller_shares(table, purchases, DAILY).tolist() == [1.0]  # product 2, since 1 was known
    again = offers((1, "buy again", "2026-01-02"))
    assert bestseller_shares(again, bought((1, 2, "2026-01-09")), DAILY).tolist() == [0.0]


def test_the_order_of_rows_is_no_matter_and_none_is_fine() -> None:
    table = offers(*((n % 3, "buy again", f"2026-01-{1 + n % 4:02d}") for n in range(12)))
    purchases = bought(*((n % 3, n % 4, f"2026-01-{4 + n:02d}") for n in range(12)))
    found = bestseller_shares(table, purchases, DAILY)
    mixed = bestseller_shares(table.sample(frac=1, random_state=1), purchases.sample(frac=1, random_state=2), DAILY)
    pd.testing.assert_series_equal(found, mixed.sort_index())
    assert bestseller_shares(table.head(0), purchases, DAILY).empty
