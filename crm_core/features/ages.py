"""How old people are, from their birthdays."""

import pandas as pd

from crm_core.vocabulary import DAYS_PER_YEAR

__all__ = ["ages"]

AGES = (0, 120)  # years; anything else is a slip of the pen and counts as unknown


def ages(birthday: pd.Series, day: pd.Timestamp) -> pd.Series:
    """Age in years at a day; unknown where the birthday is, or can't be.

    >>> days = pd.Series(pd.to_datetime(["1990-06-30", None, "1790-01-01"]))
    >>> ages(days, pd.Timestamp("2026-06-30")).round(1).tolist()
    [36.0, nan, nan]
    """
    years = (day - birthday).dt.days / DAYS_PER_YEAR
    return years.where(years.between(*AGES))
