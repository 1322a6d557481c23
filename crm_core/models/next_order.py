"""When each customer is likely to buy next: the chance within several spans of days, and the days in between.

Each span has a prediction of its own (``value.chance_within``), which learnt from windows of that length; between two
of them the chance of buying grows at an even rate.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.errors import CrmError
from crm_core.features.purchase_days import PurchaseDays
from crm_core.models.value import chance_within
from crm_core.progress import Progress, silently

__all__ = ["days_until", "next_orders"]

Floats = NDArray[np.float64]
POINTS = {"low": 0.1, "middle": 0.5, "high": 0.9}
SURELY = 1e-9
ANCHOR = 90  # days: the span that pages test and show
LEAST_GROWTH = 0.15  # of the hazard, as a power of the span


def next_orders(
    days: PurchaseDays,
    *,
    spans: Sequence[int] = (30, 60, 90, 365),
    known: Mapping[int, pd.Series] | None = None,
    tell: Progress = silently,
) -> pd.DataFrame:
    """``known``: chances by span that a prediction of these days has given already.

    Out: index customer_id, [p_30, p_60 …: P(at least one purchase within so many days), next_low, next_middle,
    next_high: the 10 %, 50 % and 90 % points of the days until the next purchase if one comes within the longest span].

    >>> bought = pd.to_datetime(["2026-01-01", "2026-02-01", "2026-01-01"])
    >>> rows = pd.DataFrame({"customer_id": list("aab"), "date": bought})
    >>> table = next_orders(PurchaseDays.from_transactions(rows, observation_end="2026-03-01"), spans=(30, 90))
    >>> list(table.columns)
    ['p_30', 'p_90', 'next_low', 'next_middle', 'next_high']
    """
    spans = sorted({int(span) for span in spans})
    if not spans or spans[0] < 1:
        raise CrmError("The chance of an order needs at least one span of 1 day or more.")
    columns, known = [], known or {}
    for place, span in enumerate(spans):
        tell(place / len(spans), f"Looking {span} days ahead")
        columns.append(known[span] if span in known else chance_within(days, horizon_days=span))
    chances = _rising(np.column_stack(columns), spans) if len(days) else np.empty((0, len(spans)))
    table = pd.DataFrame(chances, index=columns[0].index, columns=[f"p_{span}" for span in spans])
    return table.assign(**{f"next_{name}": days_until(chances, spans, share) for name, share in POINTS.items()})


def _rising(chances: Floats, spans: Sequence[int]) -> Floats:
    """Chances that grow with the span: each was learnt by itself, so that a longer one may have come out lower.

    The span of ANCHOR days, or the middle one, stays; the others give way, and even then the hazard keeps growing a
    little, because nobody's chances end on a day.
    """
    hazards = -np.log1p(-np.minimum(chances, 1 - SURELY))
    anchor = spans.index(ANCHOR) if ANCHOR in spans else len(spans) // 2
    for place in range(anchor - 1, -1, -1):
        growth = (spans[place + 1] / spans[place]) ** LEAST_GROWTH
        hazards[:, place] = np.minimum(hazards[:, place], hazards[:, place + 1] / growth)
    for place in range(anchor + 1, len(spans)):
        growth = (spans[place] / spans[place - 1]) ** LEAST_GROWTH
        hazards[:, place] = np.maximum(hazards[:, place], hazards[:, place - 1] * growth)
    return np.asarray(-np.expm1(-hazards))


def days_until(chances: Floats, spans: Sequence[int], share: float) -> Floats:
    """The day by which that share of a customer's chance within the longest span has come.

    In: chances, (customers, spans), not falling; spans: days, rising. Out: days, above 0 and up to the longest span.

    >>> days_until(np.array([[0.5, 0.75]]), [10, 20], 2 / 3).round(6).tolist()  # half of a half in each ten days
    [10.0]
    """
    reached = -np.log1p(-np.minimum(chances, 1 - SURELY))  # cumulated hazards
    wanted = -np.log1p(-share * np.minimum(chances[:, -1], 1 - SURELY))
    days = np.concatenate([[0.0], np.asarray(spans, np.float64)])
    hazards = np.column_stack([np.zeros(len(chances)), reached])
    after = np.clip((hazards < wanted[:, None]).sum(axis=1), 1, len(spans))
    rows = np.arange(len(chances))
    before, then = hazards[rows, after - 1], hazards[rows, after]
    part = np.clip((wanted - before) / np.maximum(then - before, 1e-300), 0.0, 1.0)
    return np.asarray(days[after - 1] + part * (days[after] - days[after - 1]))
