"""Cohorts: customers by the month or quarter of their first order, and how many of them order again later.

A period is told by a whole number, so that the age of an order is a difference: months since year 0, in groups of
``months``.
"""

import numpy as np
import pandas as pd

__all__ = ["cohort_table", "comeback_table", "first_of_period", "period_numbers"]

MONTHS_PER_YEAR = 12


def period_numbers(days: pd.Series, *, months: int = 1) -> pd.Series:
    """The period in which each day lies; ``months`` a period: 1, or 3 for quarters.

    >>> days = pd.Series(pd.to_datetime(["2026-03-31", "2026-04-01"]))
    >>> period_numbers(days).diff().iloc[1], period_numbers(days, months=3).diff().iloc[1]
    (np.float64(1.0), np.float64(1.0))
    """
    return (days.dt.year.astype("int64") * MONTHS_PER_YEAR + days.dt.month - 1) // months


def first_of_period(number: int, *, months: int = 1) -> pd.Timestamp:
    """The day on which a period begins.

    >>> first_of_period(2026 * 4 + 1, months=3).date().isoformat()
    '2026-04-01'
    """
    year, month = divmod(int(number) * months, MONTHS_PER_YEAR)
    return pd.Timestamp(year=year, month=month + 1, day=1)


def cohort_table(days: pd.DataFrame, *, as_of: pd.Timestamp, months: int = 1) -> pd.DataFrame:
    """One row per cohort and period since its own, up to the period of as_of; cohorts without customers have none.

    In: days[customer_id, ordered_on: datetime64, spend_minor], in any order; what is later than as_of is left out.
    Out: [began_on: first day of the cohort's period, age: periods since, size: customers of the cohort, customers: of
    them, who ordered in that period, share: 0..1, spend_minor: in that period, before refunds, money_share: of the
    first period's money, NaN where that was nothing, is_over: whether the period has ended by as_of].

    >>> days = pd.DataFrame({"customer_id": [1, 2, 1], "ordered_on": pd.to_datetime(["2026-01-05", "2026-01-30",
    ...     "2026-02-01"]), "spend_minor": [600, 400, 250]})
    >>> cohort_table(days, as_of=pd.Timestamp("2026-02-27"))[["age", "customers", "share", "money_share", "is_over"]]
       age  customers  share  money_share  is_over
    0    0          2    1.0         1.00     True
    1    1          1    0.5         0.25    False
    """
    seen = days.loc[days["ordered_on"] <= as_of, ["customer_id", "ordered_on", "spend_minor"]]
    period = period_numbers(seen["ordered_on"], months=months).rename("period")
    bought = seen.groupby(["customer_id", period])["spend_minor"].sum().reset_index()
    bought["cohort"] = bought.groupby("customer_id")["period"].transform("min")
    bought["age"] = bought["period"] - bought["cohort"]
    found = bought.groupby(["cohort", "age"])["spend_minor"].agg(customers="size", spend_minor="sum")
    cells = found.reindex(_every_cell(found, as_of, months), fill_value=0).reset_index()
    at_first = found[found.index.get_level_values("age") == 0].droplevel("age")
    at_first = at_first.reindex(cells["cohort"]).reset_index(drop=True)
    ends = as_of + pd.Timedelta(days=1)
    over = {number: first_of_period(number + 1, months=months) <= ends for number in _periods(cells)}
    return pd.DataFrame(
        {
            "began_on": _first_days(cells["cohort"], months),
            "age": cells["age"].astype("int64"),
            "size": at_first["customers"].astype("int64"),
            "customers": cells["customers"].astype("int64"),
            "share": cells["customers"] / at_first["customers"],
            "spend_minor": cells["spend_minor"].astype("int64"),
            "money_share": cells["spend_minor"] / at_first["spend_minor"].where(at_first["spend_minor"] > 0),
            "is_over": (cells["cohort"] + cells["age"]).map(over).astype(bool),
        }
    )


def comeback_table(days: pd.DataFrame, *, as_of: pd.Timestamp, within_days: int, months: int = 1) -> pd.DataFrame:
    """How many of each cohort ordered on a second day so soon after their own first.

    Only cohorts are in it of which everybody has had that time by as_of. In: days[customer_id, ordered_on], one row
    per customer and day with an order. Out: [began_on, size: customers, came_back: of them, share: 0..1].

    >>> days = pd.DataFrame({"customer_id": [1, 2, 1], "ordered_on": pd.to_datetime(["2026-01-05", "2026-01-30",
    ...     "2026-02-01"])})
    >>> comeback_table(days, as_of=pd.Timestamp("2026-03-02"), within_days=30)[["size", "came_back"]].values.tolist()
    [[2, 1]]
    >>> len(comeback_table(days, as_of=pd.Timestamp("2026-03-01"), within_days=30))
    0
    """
    seen = days.loc[days["ordered_on"] <= as_of, ["customer_id", "ordered_on"]].sort_values("ordered_on")
    by_customer = seen.groupby("customer_id")["ordered_on"]
    first = by_customer.min()
    second = seen[by_customer.cumcount() == 1].set_index("customer_id")["ordered_on"]
    soon = (second.reindex(first.index) - first).dt.days <= within_days
    table = soon.groupby(period_numbers(first, months=months).rename("cohort")).agg(size="size", came_back="sum")
    waited = [
        first_of_period(number + 1, months=months) + pd.Timedelta(days=within_days - 1) <= as_of
        for number in table.index
    ]
    table = table[np.array(waited, dtype=bool)].reset_index()
    table.insert(0, "began_on", _first_days(table["cohort"], months))
    return table.drop(columns="cohort").assign(share=table["came_back"] / table["size"])


def _every_cell(found: pd.DataFrame, as_of: pd.Timestamp, months: int) -> pd.MultiIndex:
    """Every cohort that has customers with every age that it has reached."""
    last = int(period_numbers(pd.Series([as_of]), months=months).iloc[0])
    cohorts = found.index.get_level_values("cohort").unique()
    cells = [(cohort, age) for cohort in cohorts for age in range(last - cohort + 1)]
    return pd.MultiIndex.from_tuples(cells, names=["cohort", "age"]) if cells else found.index


def _periods(cells: pd.DataFrame) -> list[int]:
    return [int(number) for number in (cells["cohort"] + cells["age"]).unique()]


def _first_days(cohorts: pd.Series, months: int) -> pd.Series:
    """The first day of each cohort's period, as datetime64."""
    begun = {number: first_of_period(number, months=months) for number in cohorts.unique()}
    return pd.to_datetime(cohorts.map(begun)).astype("datetime64[ns]")
