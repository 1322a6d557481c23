"""How likely each customer is to order at all within a year: what tells who is lost from who is merely late."""

import numpy as np
import pandas as pd

from crm_core.models.bg_nbd import BetaGeoNBD
from crm_core.models.purchase_family import FEW_REPEAT_BUYERS
from crm_core.vocabulary import DAYS_PER_YEAR

__all__ = ["chance_within_a_year"]


def chance_within_a_year(table: pd.DataFrame) -> pd.Series:
    """P(at least one purchase day within the next year), 0..1, by BG/NBD; NaN where too few came back to learn from.

    In: table[purchase_days: count, first_to_last_days, tenure_days]. One model whatever the owner's horizon or what
    else was tested, so that the same customer has the same stage on every page and in every past day's replay.

    >>> base = pd.DataFrame({"purchase_days": [1, 9], "first_to_last_days": [0, 90], "tenure_days": [95, 95]})
    >>> chance_within_a_year(base).isna().all(), bool((chance_within_a_year(pd.concat([base] * 30)) > 0.5).any())
    (np.True_, True)
    """
    unknown = pd.Series(np.nan, index=table.index, name="p_active_year")
    history = pd.DataFrame(
        {
            "repeat_days": table["purchase_days"].astype(float) - 1.0,
            "first_to_last_days": table["first_to_last_days"],
            "tenure_days": table["tenure_days"],
        },
        index=table.index,
    )
    if int((history["repeat_days"] > 0).sum()) < FEW_REPEAT_BUYERS:
        return unknown
    return BetaGeoNBD().fit(history).p_active(history, days=DAYS_PER_YEAR).rename(unknown.name)
