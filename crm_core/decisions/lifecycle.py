"""The lifecycle stage of each customer: the one headline label, from the customer's own rhythm."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_core.errors import CrmError
from crm_core.vocabulary import Stage

__all__ = ["StageLimits", "lifecycle_stages", "stage_meanings"]

LARGEST_LIMIT = 100.0
MOST_LOYAL_DAYS = 100


@dataclass(frozen=True)
class StageLimits:
    """From when on a customer is late, in multiples of their usual gap, and from how many purchase days on loyal."""

    at_risk: float = 1.5
    lapsed: float = 3.0
    lost: float = 6.0
    loyal_days: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.at_risk < self.lapsed < self.lost <= LARGEST_LIMIT:
            raise CrmError(
                f"A customer is at risk from {self.at_risk:g}, lapsed from {self.lapsed:g} and lost from "
                f"{self.lost:g} usual gaps: these must rise, and lie between 1 and {LARGEST_LIMIT:g}."
            )
        if not 2 <= self.loyal_days <= MOST_LOYAL_DAYS:
            raise CrmError(f"Loyal from {self.loyal_days} days with an order: choose 2 to {MOST_LOYAL_DAYS} days.")


def lifecycle_stages(table: pd.DataFrame, *, limits: StageLimits | None = None) -> pd.Series:
    """The stage of each row.

    In: table[purchase_days: count, lateness: multiples of the usual gap, NaN where unknown]. Out: Stage values as text.
    Where the shop has no rhythm yet, nobody can be called late.

    >>> table = pd.DataFrame({"purchase_days": [1, 2, 9, 9, 9, 1], "lateness": [1, 1, 1, 2, 7, float("nan")]})
    >>> lifecycle_stages(table).tolist()
    ['new', 'active', 'loyal', 'at risk', 'lost', 'new']
    >>> lifecycle_stages(table, limits=StageLimits(at_risk=2, loyal_days=10)).tolist()
    ['new', 'active', 'active', 'active', 'lost', 'new']
    """
    limits = limits or StageLimits()
    late = table["lateness"].fillna(0.0).to_numpy(float)
    bought = table["purchase_days"].to_numpy()
    conditions = [
        late > limits.lost,
        late > limits.lapsed,
        late > limits.at_risk,
        bought >= limits.loyal_days,
        bought >= 2,
        bought >= 1,
    ]
    stages = [Stage.LOST, Stage.LAPSED, Stage.AT_RISK, Stage.LOYAL, Stage.ACTIVE, Stage.NEW]
    named = np.select(conditions, [stage.value for stage in stages], default=Stage.PROSPECT.value)
    return pd.Series(named, index=table.index, name="stage", dtype="str")


def stage_meanings(limits: StageLimits) -> dict[Stage, str]:
    """What each stage means, in a sentence.

    >>> stage_meanings(StageLimits(lost=8))[Stage.LOST]
    'Later than 8 times their usual gap.'
    """
    return {
        Stage.PROSPECT: "Known, but has not ordered yet.",
        Stage.NEW: "Ordered once, and a second order is not overdue yet.",
        Stage.ACTIVE: "Orders again within their usual rhythm.",
        Stage.LOYAL: f"Ordered on {limits.loyal_days} days or more and is within their usual rhythm.",
        Stage.AT_RISK: f"Later than {limits.at_risk:g} times their usual gap.",
        Stage.LAPSED: f"Later than {limits.lapsed:g} times their usual gap.",
        Stage.LOST: f"Later than {limits.lost:g} times their usual gap.",
    }
