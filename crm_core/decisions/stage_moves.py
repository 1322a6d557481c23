"""Who moved from one lifecycle stage to another: the stages of a past day by replay, and what changed since."""

from dataclasses import dataclass

import pandas as pd

from crm_core.decisions.lifecycle import StageLimits, lifecycle_stages
from crm_core.features.rhythm import rhythm_table, shop_rhythm
from crm_core.models.year_ahead import chance_within_a_year
from crm_core.vocabulary import CURRENT_STAGES, LATE_STAGES, Stage

__all__ = ["NO_ORDER_YET", "Rate", "churn_between", "count_moves", "stages_on", "turning_points"]

NO_ORDER_YET = "no order yet"  # where a newcomer moved from: whether they were known then, nobody wrote down
BEHIND = (*LATE_STAGES, Stage.LOST)


@dataclass(frozen=True)
class Rate:
    """So many of so many.

    >>> Rate(50, 1000).value, Rate(0, 0).value
    (0.05, None)
    """

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share 0..1, None of nobody."""
        return self.part / self.whole if self.whole else None


def stages_on(days: pd.DataFrame, *, as_of: pd.Timestamp, limits: StageLimits | None = None) -> pd.Series:
    """The stage at the end of a day of everybody who had ordered by then, from orders up to that day alone.

    In: days[customer_id, ordered_on: datetime64, orders: count], one row per customer and day with an order, in any
    order. Out: index customer_id, Stage values as text.

    >>> days = pd.DataFrame({"customer_id": [1, 1, 2], "ordered_on": pd.to_datetime(["2026-01-01", "2026-01-11",
    ...     "2026-01-05"]), "orders": 1})
    >>> [stages_on(days, as_of=pd.Timestamp(day)).tolist() for day in ("2026-01-10", "2026-01-20", "2026-03-01")]
    [['new', 'new'], ['active', 'new'], ['lapsed', 'lapsed']]
    """
    seen = days[days["ordered_on"] <= as_of]
    by_customer = seen.groupby("customer_id")
    facts = by_customer.agg(
        orders=("orders", "sum"),
        purchase_days=("ordered_on", "size"),
        first_order_on=("ordered_on", "min"),
        last_order_on=("ordered_on", "max"),
    )
    rhythm = rhythm_table(facts, shop=shop_rhythm(seen), as_of=as_of)
    known = facts[["purchase_days"]].join(rhythm)
    return lifecycle_stages(known.assign(p_active_year=chance_within_a_year(known)), limits=limits)


def count_moves(before: pd.Series, now: pd.Series, spend: pd.Series) -> pd.DataFrame:
    """How many customers stood in which stage before and stand in which now, the most people first.

    In: stages by customer_id, before of those who had ordered by then; spend: minor units by customer_id. Out:
    [stage_before: a stage or "no order yet", stage_now, customers: count, spend_minor: of them so far, moved: bool].
    """
    table = pd.DataFrame({"stage_before": before.reindex(now.index).fillna(NO_ORDER_YET), "stage_now": now})
    table["spend_minor"] = spend.reindex(now.index)
    moves = table.groupby(["stage_before", "stage_now"])["spend_minor"].agg(customers="size", spend_minor="sum")
    moves = moves.reset_index().assign(moved=lambda found: found["stage_before"] != found["stage_now"])
    order = ["customers", "spend_minor", "stage_before", "stage_now"]
    return moves.sort_values(order, ascending=[False, False, True, True], ignore_index=True)


def turning_points(before: pd.Series, now: pd.Series, ordered_since: pd.Series) -> tuple[int, int]:
    """How many became late, from within their rhythm to beyond it, and how many came back: late before, ordered since
    and within their rhythm now. ordered_since: bool by customer_id.

    A late customer also gets into rhythm again without an order when the shop's own pace slows down: nobody came back.

    >>> before, now = pd.Series(["active", "lost", "lapsed"]), pd.Series(["lapsed", "active", "new"])
    >>> turning_points(before, now, pd.Series([False, True, False]))
    (1, 1)
    """
    was_current, is_current = (stages.reindex(now.index).isin(CURRENT_STAGES) for stages in (before, now))
    was_late, is_late = (stages.reindex(now.index).isin(BEHIND) for stages in (before, now))
    came_back = was_late & is_current & ordered_since.reindex(now.index)
    return int((was_current & is_late).sum()), int(came_back.sum())


def churn_between(before: pd.Series, now: pd.Series) -> Rate:
    """Customers lost in a period of those who were not lost at its start.

    >>> churn_between(pd.Series(["active", "lapsed", "lost"]), pd.Series(["active", "lost", "lost"]))
    Rate(part=1, whole=2)
    """
    there = before[before != Stage.LOST.value].index
    return Rate(int((now.reindex(there) == Stage.LOST.value).sum()), len(there))
