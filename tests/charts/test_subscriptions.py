"""The retention chart shows what it was given."""

import numpy as np
import pandas as pd

from crm_core.charts.palette import LIGHT
from crm_core.charts.subscriptions import retention_lines

CURVE = pd.DataFrame(
    {"could_renew": [20, 20, 3], "renewed": [20, 15, 2], "observed": [1, 0.75, np.nan], "fitted": [1, 0.8, 0.7]},
    index=pd.RangeIndex(3, name="period"),
)


def test_what_was_seen_and_what_is_expected_stand_together() -> None:
    figure = retention_lines(CURVE, LIGHT, many="months")
    expected, seen = figure.data
    assert (list(expected.y), list(seen.y), list(seen.x)) == ([1, 0.8, 0.7], [1, 0.75], [0, 1])
    assert expected.line.color == LIGHT.accent
    assert list(seen.customdata) == [20, 20]
    assert figure.layout.xaxis.title.text == "months after the first payment"
