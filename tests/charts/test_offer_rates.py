"""The chart of how offers did: its figures are the table's."""

import pandas as pd

from crm_core.charts.offer_rates import offers_bought
from crm_core.charts.palette import DARK, LIGHT

RATES = pd.DataFrame(
    {
        "from_day": pd.to_datetime(["2026-01-01", "2026-02-01"]),
        "to_day": pd.to_datetime(["2026-01-31", "2026-02-28"]),
        "offers": [40, 60],
        "bought": [10, 12],
        "share": [0.25, 0.2],
        "low": [0.17, 0.14],
        "high": [0.35, 0.27],
        "popular_share": [0.1, 0.15],
    }
)


def test_both_lines_show_the_tables_shares() -> None:
    for palette in (LIGHT, DARK):
        offers, popular = offers_bought(RATES, palette).data
        assert list(offers.y) == [0.25, 0.2]
        assert list(popular.y) == [0.1, 0.15]
        assert [round(float(high), 2) for high in offers.error_y.array] == [0.1, 0.07]
        assert offers.customdata[0].tolist() == ["1 Jan 2026 to 31 Jan 2026", 10, 40]
        assert (offers.name, popular.name) == ("offers, with range", "bestsellers instead")
