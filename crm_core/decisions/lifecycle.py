"""The lifecycle stage of each customer: the one headline label, from their own rhythm and their chance to come back.

An owner may put fixed days in their place.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_core.errors import CrmError
from crm_core.vocabulary import LATE_STAGES, Stage
from crm_core.wording import plural

__all__ = ["LONGEST_FIXED_DAYS", "StageLimits", "lifecycle_stages", "stage_meanings"]

LARGEST_LIMIT = 100.0
MOST_LOYAL_DAYS = 100
LONGEST_FIXED_DAYS = 3650
LATE_AND_LOST = (*LATE_STAGES, Stage.LOST)
LIKELY = 0.5  # to order within a year: whoever is, is not lost however late


@dataclass(frozen=True)
class StageLimits:
    """From when on a customer is late, in multiples of their usual gap, and from how many purchase days on loyal.

    fixed_days: the same three steps in days since the last order; where they are given, the gaps say nothing.
    """

    at_risk: float = 1.5
    lapsed: float = 3.0
    lost: float = 6.0
    loyal_days: int = 4
    fixed_days: tuple[int, int, int] | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.at_risk < self.lapsed < self.lost <= LARGEST_LIMIT:
            raise CrmError(
                f"A customer is at risk from {self.at_risk:g}, lapsed from {self.lapsed:g} and lost from "
                f"{self.lost:g} usual gaps: these must rise, and lie between 1 and {LARGEST_LIMIT:g}."
            )
        if self.fixed_days is not None:
            first, second, third = self.fixed_days
            if not 1 <= first < second < third <= LONGEST_FIXED_DAYS:
                raise CrmError(
                    f"A customer is at risk after {first} days, lapsed after {second} and lost after {third}: these "
                    f"must rise, and lie between 1 and {LONGEST_FIXED_DAYS:,} days."
                )
        if not 2 <= self.loyal_days <= MOST_LOYAL_DAYS:
            raise CrmError(f"Loyal from {self.loyal_days} days with an order: choose 2 to {MOST_LOYAL_DAYS} days.")


def lifecycle_stages(table: pd.DataFrame, *, limits: StageLimits | None = None) -> pd.Series:
    """The stage of each row.

    In: table[purchase_days: count, lateness: multiples of the usual gap, NaN where unknown; where there is one,
    p_active_year: the chance of an order within a year, NaN where unknown; for fixed days, days_since_last_order]. Out:
    Stage values as text. Where the shop has no rhythm yet, nobody can be called late, unless by fixed days. Whoever is
    more likely than not to order within a year is lapsed at most: of such customers in two shops' past, one in three
    to one in two came back, of the others called lost one in six or fewer.

    >>> table = pd.DataFrame({"purchase_days": [1, 2, 9, 9, 9, 1], "lateness": [1, 1, 1, 2, 7, float("nan")]})
    >>> lifecycle_stages(table).tolist()
    ['new', 'active', 'loyal', 'at risk', 'lost', 'new']
    >>> lifecycle_stages(table, limits=StageLimits(at_risk=2, loyal_days=10)).tolist()
    ['new', 'active', 'active', 'active', 'lost', 'new']
    >>> lifecycle_stages(table.assign(p_active_year=0.6)).tolist()[4]
    'lapsed'
    >>> by_days = StageLimits(fixed_days=(30, 60, 90))
    >>> lifecycle_stages(table.assign(days_since_last_order=40), limits=by_days).tolist()[0]
    'at risk'
    """
    limits = limits or StageLimits()
    at_risk, lapsed, lost = _steps_of_lateness(table, limits)
    bought = table["purchase_days"].to_numpy()
    conditions = [
        lost,
        lapsed,
        at_risk,
        bought >= limits.loyal_days,
        bought >= 2,
        bought >= 1,
    ]
    stages = [Stage.LOST, Stage.LAPSED, Stage.AT_RISK, Stage.LOYAL, Stage.ACTIVE, Stage.NEW]
    named = np.select(conditions, [stage.value for stage in stages], default=Stage.PROSPECT.value)
    return pd.Series(named, index=table.index, name="stage", dtype="str")


def _steps_of_lateness(table: pd.DataFrame, limits: StageLimits) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who is late enough to be at risk, lapsed and lost."""
    if limits.fixed_days is not None:
        since = table["days_since_last_order"].to_numpy(float)
        first, second, third = (since > days for days in limits.fixed_days)
        return first, second, third
    late = table["lateness"].fillna(0.0).to_numpy(float)
    lost = late > limits.lost
    if "p_active_year" in table:
        lost &= ~(table["p_active_year"].to_numpy(float) >= LIKELY)
    return late > limits.at_risk, late > limits.lapsed, lost


def stage_meanings(limits: StageLimits) -> dict[Stage, str]:
    """What each stage means, in a sentence.

    >>> stage_meanings(StageLimits(lost=8))[Stage.LOST]
    'Later than 8 times their usual gap, and not likely to order within a year.'
    >>> stage_meanings(StageLimits(fixed_days=(60, 120, 365)))[Stage.AT_RISK]
    'Last ordered more than 60 days ago.'
    """
    if limits.fixed_days is not None:
        late = dict(zip(LATE_AND_LOST, map(_by_days, limits.fixed_days), strict=True))
        in_time = f"within {limits.fixed_days[0]} days"
    else:
        late = {
            Stage.AT_RISK: f"Later than {limits.at_risk:g} times their usual gap.",
            Stage.LAPSED: f"Later than {limits.lapsed:g} times their usual gap.",
            Stage.LOST: f"Later than {limits.lost:g} times their usual gap, and not likely to order within a year.",
        }
        in_time = "within their usual rhythm"
    return {
        Stage.PROSPECT: "Known, but has not ordered yet.",
        Stage.NEW: "Ordered once, and a second order is not overdue yet.",
        Stage.ACTIVE: f"Ordered again, the last time {in_time}.",
        Stage.LOYAL: f"Ordered on {limits.loyal_days} days or more, the last time {in_time}.",
        **late,
    }


def _by_days(days: int) -> str:
    return f"Last ordered more than {plural(days, 'day')} ago."
