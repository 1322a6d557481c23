"""What tests of the BG/NBD family share."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from crm_core.features.purchase_summary import purchase_summary


@pytest.fixture(scope="session")
def cdnow(shared_data: Callable[[str], Path]) -> pd.DataFrame:
    """The published sample up to 30 September 1997, in weeks."""
    rows = pd.read_csv(shared_data("cdnow_sample.csv.gz"), dtype={"customer_id": str}, parse_dates=["date"])
    summary = purchase_summary(rows, observation_end="1997-09-30")
    return summary.assign(first_to_last_days=summary["first_to_last_days"] / 7, tenure_days=summary["tenure_days"] / 7)
