"""Loyalty, lifetime value and tier per customer, for files and the command line."""

import pandas as pd

from crm_core.decisions.loyalty import loyalty_inputs, loyalty_tiers, score_loyalty
from crm_core.services.customers import CustomerBase
from crm_core.wording import major

__all__ = ["score_customers"]


def score_customers(base: CustomerBase, *, alpha: float, beta: float, low_cut: float, high_cut: float) -> pd.DataFrame:
    """One row per customer, most loyal first.

    Out: [customer_id: the source's own, name, clv: major units, currency, repeat_rate: 0..1, loyalty: 0..100, tier,
    stage].
    """
    table = base.table
    loyalty = score_loyalty(loyalty_inputs(table), alpha=alpha, beta=beta)
    scores = pd.DataFrame(
        {
            "customer_id": table["source_id"].to_numpy(),
            "name": table["label"].to_numpy(),
            "clv": [round(major(value, base.currency), 2) for value in table["clv_minor"]],
            "currency": base.currency,
            "repeat_rate": table["repeat_rate"].to_numpy(),
            "loyalty": loyalty.to_numpy(),
            "tier": loyalty_tiers(loyalty, high_cut=high_cut, low_cut=low_cut).to_numpy(),
            "stage": table["stage"].to_numpy(),
        }
    )
    return scores.sort_values(["loyalty", "clv", "customer_id"], ascending=[False, False, True], ignore_index=True)
