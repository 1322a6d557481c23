"""The lifecycle stage of each customer: the one headline label, from the customer's own rhythm."""

import numpy as np
import pandas as pd

from crm_core.vocabulary import Stage

__all__ = ["AT_RISK_FROM", "LAPSED_FROM", "LOST_FROM", "LOYAL_FROM_DAYS", "lifecycle_stages"]

AT_RISK_FROM, LAPSED_FROM, LOST_FROM = 1.5, 3.0, 6.0  # lateness: multiples of the usual gap
LOYAL_FROM_DAYS = 4  # purchase days


def lifecycle_stages(table: pd.DataFrame) -> pd.Series:
    """The stage of each row.

    In: table[purchase_days: count, lateness: multiples of the usual gap, NaN where unknown]. Out: Stage values as text.
    Where the shop has no rhythm yet, nobody can be called late.

    >>> table = pd.DataFrame({"purchase_days": [1, 2, 9, 9, 9, 1], "lateness": [1, 1, 1, 2, 7, float("nan")]})
    >>> lifecycle_stages(table).tolist()
    ['new', 'active', 'loyal', 'at risk', 'lost', 'new']
    """
    late = table["lateness"].fillna(0.0).to_numpy(float)
    bought = table["purchase_days"].to_numpy()
    conditions = [
        late > LOST_FROM,
        late > LAPSED_FROM,
        late > AT_RISK_FROM,
        bought >= LOYAL_FROM_DAYS,
        bought >= 2,
        bought >= 1,
    ]
    stages = [Stage.LOST, Stage.LAPSED, Stage.AT_RISK, Stage.LOYAL, Stage.ACTIVE, Stage.NEW]
    named = np.select(conditions, [stage.value for stage in stages], default=Stage.PROSPECT.value)
    return pd.Series(named, index=table.index, name="stage", dtype="str")
