"""The owner's own plan for one customer: years with revenue, probability and cost, and what they are worth today."""

from dataclasses import asdict, dataclass

import pandas as pd
from sqlalchemy import delete, insert, select

from crm_core.decisions.lifetime_value import plan_lifetime_value, present_values, profit_lifetime_value
from crm_core.errors import CrmError
from crm_core.store.session import Store
from crm_core.store.tables import Setting

__all__ = ["Plan", "PlannedYear", "load_plan", "plan_table", "plan_years", "save_plan", "value_plan", "yearly_values"]

KEY = "lifetime_plan"


@dataclass(frozen=True)
class PlannedYear:
    """One year ahead: what the customer brings if they buy (major units), how likely that is (0..1), what they cost."""

    revenue: float
    probability: float
    cost: float = 0.0


@dataclass(frozen=True)
class Plan:
    """Years ahead, the yearly discount rate and what it cost to win the customer (major units)."""

    years: tuple[PlannedYear, ...]
    discount_rate: float = 0.10
    acquisition_cost: float = 0.0


STARTING_PLAN = Plan((PlannedYear(2000, 0.8), PlannedYear(2500, 0.75), PlannedYear(3000, 0.7)), discount_rate=0.05)


def load_plan(store: Store) -> Plan:
    """The plan that was saved, or one to start from."""
    with store.read() as session:
        saved = session.scalar(select(Setting.value).where(Setting.key == KEY))
    if saved is None:
        return STARTING_PLAN
    years = tuple(PlannedYear(**year) for year in saved["years"])
    return Plan(years, saved["discount_rate"], saved["acquisition_cost"])


def save_plan(store: Store, plan: Plan) -> None:
    """Keep the plan. It is no fact, so the revision stays."""
    with store.begin() as session:
        session.execute(delete(Setting).where(Setting.key == KEY))
        session.execute(insert(Setting).values(key=KEY, value=asdict(plan)))


def plan_table(plan: Plan) -> pd.DataFrame:
    """The years as a table to edit: [revenue, probability_percent, cost]."""
    rows = [(year.revenue, year.probability * 100, year.cost) for year in plan.years]
    return pd.DataFrame(rows, columns=["revenue", "probability_percent", "cost"], dtype=float)


def plan_years(table: pd.DataFrame) -> tuple[PlannedYear, ...]:
    """The years that an edited table describes; rows left empty are skipped, a missing cost is none.

    >>> plan_years(pd.DataFrame({"revenue": [100.0, None], "probability_percent": [80.0, None], "cost": [None, None]}))
    (PlannedYear(revenue=100.0, probability=0.8, cost=0.0),)
    """
    years = []
    for number, row in enumerate(table.dropna(how="all").itertuples(index=False), start=1):
        if pd.isna(row.revenue) or pd.isna(row.probability_percent):
            missing = "revenue" if pd.isna(row.revenue) else "probability"
            raise CrmError(f"Year {number} of the plan lacks its {missing}: fill it in, or empty the row.")
        cost = 0.0 if pd.isna(row.cost) else float(row.cost)
        years.append(PlannedYear(float(row.revenue), float(row.probability_percent) / 100, cost))
    return tuple(years)


def value_plan(plan: Plan) -> float:
    """What the plan is worth today, in major units: expected revenue less costs, discounted, less winning the customer.

    >>> round(value_plan(STARTING_PLAN), 2)
    5038.55
    """
    if not plan.years:
        raise CrmError("The plan has no year yet: add a row with a revenue and a probability.")
    revenue = plan_lifetime_value(
        [year.revenue for year in plan.years],
        [year.probability for year in plan.years],
        discount_rate=plan.discount_rate,
        acquisition_cost=plan.acquisition_cost,
    )
    return revenue - profit_lifetime_value([year.cost for year in plan.years], discount_rate=plan.discount_rate)


def yearly_values(plan: Plan) -> pd.DataFrame:
    """What each year adds, in major units: [year: text, expected: revenue x probability - cost, today: discounted].

    >>> yearly_values(STARTING_PLAN)["today"].round(2).tolist()
    [1523.81, 1700.68, 1814.06]
    """
    expected = [year.revenue * year.probability - year.cost for year in plan.years]
    names = [f"Year {number}" for number in range(1, len(expected) + 1)]
    today = present_values(expected, discount_rate=plan.discount_rate)
    return pd.DataFrame({"year": names, "expected": expected, "today": today})
