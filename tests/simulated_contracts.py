"""Shops of contracts as the shifted beta-geometric supposes them, paid as people do: late, skipped, with extras."""

from datetime import date

import numpy as np
import pandas as pd

LEAVING = {"alpha": 0.8, "beta": 8.0}
AS_OF = date(2026, 3, 14)


def simulate_contracts(customers: int, *, seed: int, longest: int = 24, **parameters: float) -> pd.DataFrame:
    """Customers who came at any time of the last ``longest`` periods.

    Out: [renewals: made so far, ended, age: periods since the first payment].
    """
    random = np.random.default_rng(seed)
    known = {**LEAVING, **parameters}
    leaving = random.beta(known["alpha"], known["beta"], customers)
    until = random.geometric(np.maximum(leaving, 1e-12)) - 1  # renewals made before the one that is not
    could = random.integers(0, longest + 1, customers)
    return pd.DataFrame({"renewals": np.minimum(until, could), "ended": until < could, "age": could})


def simulate_payments(
    subscribers: int,
    *,
    seed: int,
    months: int = 1,
    days: int = 0,
    late: float = 0.05,
    skipped: float = 0.03,
    extras: float = 0.0,
    one_off: int = 0,
    longest: int = 24,
    prices: tuple[int, ...] = (1200, 2500),
    as_of: date = AS_OF,
) -> pd.DataFrame:
    """[customer_id, ordered_on, spend_minor]: subscribers from 1 on, then buyers who pay for no contract.

    A period is so many months, or days. late, skipped: the share of payments; extras: other orders a period.
    """
    random = np.random.default_rng(seed)
    end = pd.Timestamp(as_of)
    contracts = simulate_contracts(subscribers, seed=seed + 1, longest=longest)
    rows = []
    for number, contract in enumerate(contracts.itertuples(), start=1):
        step = pd.DateOffset(days=days) if days else pd.DateOffset(months=months)
        one = pd.Timedelta(days=days or 30 * months)
        first = end - pd.Timedelta(days=int(random.integers(0, max(one.days - 3, 1))))
        for _ in range(int(contract.age)):
            first = first - step
        price = int(random.choice(prices))
        due = first
        for payment in range(int(contract.renewals) + 1):
            inner = 0 < payment < contract.renewals
            if not (inner and random.random() < skipped):
                moved = int(random.integers(2, max(one.days // 4, 3))) if inner and random.random() < late else 0
                rows.append((number, due + pd.Timedelta(days=moved), price))
            due = due + step
        for _ in range(random.poisson(extras * (contract.renewals + 1))):
            other = first + pd.Timedelta(days=int(random.integers(0, max((end - first).days, 1))))
            rows.append((number, other, int(random.integers(300, 9000))))
    for number in range(subscribers + 1, subscribers + one_off + 1):
        for _ in range(random.geometric(0.5)):
            rows.append(
                (number, end - pd.Timedelta(days=int(random.integers(0, 700))), int(random.integers(300, 9000)))
            )
    table = pd.DataFrame(rows, columns=["customer_id", "ordered_on", "spend_minor"])
    table = table[table["ordered_on"] <= end]
    return table.groupby(["customer_id", "ordered_on"], as_index=False)["spend_minor"].sum()


def as_orders(days: pd.DataFrame) -> list[tuple[str, str, int]]:
    """Purchase days as ``shops.add_orders`` takes them."""
    return [
        (f"c{row.customer_id}", row.ordered_on.date().isoformat(), int(row.spend_minor)) for row in days.itertuples()
    ]
