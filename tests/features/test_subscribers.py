"""Who pays by contract, how often so far, and whether they still do."""

import pandas as pd
import pytest

from crm_core.features.recurring import PERIODS, Period
from crm_core.features.subscribers import every_customer, find_subscribers
from tests.simulated_contracts import AS_OF, simulate_contracts, simulate_payments

END = pd.Timestamp(AS_OF)
MONTHLY, YEARLY = (next(period for period in PERIODS if period.each == each) for each in ("monthly", "yearly"))


def paid(**customers: list[tuple[str, int]]) -> pd.DataFrame:
    rows = [(name, pd.Timestamp(day), spend) for name, days in customers.items() for day, spend in days]
    return pd.DataFrame(rows, columns=["customer_id", "ordered_on", "spend_minor"])


REGULARS = {
    f"r{n}": [("2025-12-05", 900), ("2026-01-05", 900), ("2026-02-05", 900), ("2026-03-05", 900)] for n in range(3)
}


def test_what_was_simulated_is_found_again() -> None:
    days = simulate_payments(200, seed=5, late=0.0, skipped=0.03)
    table = find_subscribers(days, MONTHLY, as_of=END).table
    known = simulate_contracts(200, seed=6).set_axis(range(1, 201)).loc[table.index]
    assert len(table) == 200
    same = (table["periods_paid"] + table["skipped"] - 1 == known["renewals"]).mean()
    assert same > 0.97
    assert (table["running"] != ~known["ended"]).mean() < 0.02  # who is due within the days of patience


def test_late_comers_are_told_by_the_price() -> None:
    days = paid(
        **REGULARS,
        new=[("2026-03-01", 900)],
        left=[("2025-06-01", 900), ("2025-07-01", 900)],
        once=[("2026-01-09", 4200)],
    )
    found = find_subscribers(days, MONTHLY, as_of=END)
    assert sorted(found.table.index) == ["left", "new", "r0", "r1", "r2"]
    assert found.left_out == 1
    assert found.table["running"].to_dict() == {"left": False, "new": True, "r0": True, "r1": True, "r2": True}
    assert found.table["periods_paid"].to_dict() == {"left": 2, "new": 1, "r0": 4, "r1": 4, "r2": 4}


def test_without_fixed_prices_few_orders_count_only_where_nearly_all_subscribe() -> None:
    varied = {name: [(day, 700 + 13 * at) for at, (day, _) in enumerate(days)] for name, days in REGULARS.items()}
    varied = {
        name: [(day, spend + 101 * number) for day, spend in days] for number, (name, days) in enumerate(varied.items())
    }
    pure = find_subscribers(paid(**varied, new=[("2026-03-01", 555)]), MONTHLY, as_of=END)
    assert "new" in pure.table.index
    others = {f"o{n}": [("2025-01-03", 1), ("2025-01-20", 2), ("2025-03-20", 3)] for n in range(2)}
    mixed = find_subscribers(paid(**varied, **others, new=[("2026-03-01", 555)]), MONTHLY, as_of=END)
    assert sorted(mixed.table.index) == ["r0", "r1", "r2"]
    assert mixed.left_out == 3


@pytest.mark.parametrize(
    ("period", "last", "running"),
    [
        (MONTHLY, "2026-02-08", True),
        (MONTHLY, "2026-02-07", False),
        (YEARLY, "2025-03-06", True),
        (YEARLY, "2025-03-05", False),
    ],
)
def test_a_contract_ends_a_period_and_its_tolerance_after_the_last_payment(
    period: Period, last: str, running: bool
) -> None:
    table = every_customer(paid(a=[(last, 900)]), period, as_of=END).table
    assert table["running"].tolist() == [running]


def test_the_amount_follows_a_new_price_and_not_one_odd_order() -> None:
    days = [("2025-10-05", 500), ("2025-11-05", 500), ("2025-12-05", 500), ("2026-01-05", 700), ("2026-02-05", 9000)]
    table = every_customer(paid(a=[*days, ("2026-03-05", 700)]), MONTHLY, as_of=END).table
    assert table.loc["a", "amount_minor"] == 700
    assert table.loc["a", "due_on"] == pd.Timestamp("2026-04-05")
    assert table.loc["a", "since"] == pd.Timestamp("2025-10-05")


def test_the_order_of_rows_makes_no_difference() -> None:
    days = simulate_payments(60, seed=8, extras=0.2, one_off=20)
    found = find_subscribers(days, MONTHLY, as_of=END)
    again = find_subscribers(days.sample(frac=1, random_state=1), MONTHLY, as_of=END)
    pd.testing.assert_frame_equal(found.table, again.table)
