"""The chart of offers shows what it was given."""

import pandas as pd

from crm_core.charts.offers import hits_by_day
from crm_core.charts.palette import LIGHT


def test_each_past_day_has_its_list_bestsellers_and_chance() -> None:
    days = pd.DataFrame(
        {
            "cut_off": pd.to_datetime(["2025-12-01", "2026-03-01"]),
            "customers": [40, 1_200],
            "list": [0.5, 0.6],
            "bestsellers": [0.3, 0.2],
            "chance": [0.1, 0.05],
        }
    )
    own, best, chance = hits_by_day(days, LIGHT).data
    assert list(own.x) == ["1 Dec 2025", "1 Mar 2026"]
    assert [list(trace.y) for trace in (own, best, chance)] == [[0.5, 0.6], [0.3, 0.2], [0.1, 0.05]]
    assert list(own.customdata) == [40, 1_200]
