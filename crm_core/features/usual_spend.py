"""What a customer usually spends on a day they buy: one extraordinary order must not pass for a habit."""

import numpy as np
import pandas as pd

__all__ = ["MOST_TIMES_THE_MEDIAN", "capped_spends", "usual_spends"]

MOST_TIMES_THE_MEDIAN = 3.0


def capped_spends(days: pd.DataFrame) -> pd.Series:
    """Spend of each purchase day, at most three times the median of that customer's days (winsorised).

    In: days[customer_id, spend_minor], one row per customer and purchase day. Out: same index, minor units.
    """
    median = days.groupby("customer_id")["spend_minor"].transform("median")
    return pd.Series(np.minimum(days["spend_minor"], MOST_TIMES_THE_MEDIAN * median), index=days.index, dtype="float64")


def usual_spends(days: pd.DataFrame) -> pd.Series:
    """Mean capped spend of a purchase day per customer, in minor units.

    >>> days = pd.DataFrame({"customer_id": [1, 1, 1, 2], "spend_minor": [100, 200, 90_000, 50]})
    >>> usual_spends(days).to_dict()
    {1: 300.0, 2: 50.0}
    """
    return capped_spends(days).groupby(days["customer_id"]).mean().rename("usual_spend_minor")
