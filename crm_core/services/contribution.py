"""Who makes up the value of the base: the curve, the tiers and each customer's share."""

from dataclasses import dataclass

import pandas as pd

from crm_core.decisions.value_tiers import contribution_curve, contribution_shares, value_tiers
from crm_core.services.customers import CustomerBase
from crm_core.vocabulary import Tier
from crm_core.wording import minor_units, plural, share

__all__ = ["Contribution", "contribution_of_customers", "contribution_table"]

AHEAD, SO_FAR = "worth ahead", "sales so far"
KINDS = {AHEAD: "clv_minor", SO_FAR: "spend_minor"}


@dataclass(frozen=True, eq=False)
class Contribution:
    """curves: for each kind of value [customer_share, value_share, customers]; tiers: index tier, best first,
    [customers: count, clv_minor]; sentence: what the best tenth brings.
    """

    curves: dict[str, pd.DataFrame]
    tiers: pd.DataFrame
    sentence: str


def contribution_of_customers(base: CustomerBase) -> Contribution:
    """How unevenly value is spread over the customers."""
    curves = {name: contribution_curve(base.table[column]) for name, column in KINDS.items()}
    curves = {name: curve for name, curve in curves.items() if len(curve)}
    clv = base.table["clv_minor"]
    by_tier = clv.groupby(value_tiers(clv), observed=False).agg(["size", "sum"]).loc[[tier.value for tier in Tier]]
    by_tier.columns = pd.Index(["customers", "clv_minor"])
    parts = [f"{share(_share_of_best(curve, 0.1))} of {name}" for name, curve in curves.items()]
    best = plural(max(round(len(clv) * 0.1), 1), "customer")
    sentence = (
        f"The best 10% ({best}) make up {' and '.join(parts)}." if parts else "There is no value to share out yet."
    )
    return Contribution(curves, by_tier.rename_axis("tier"), sentence)


def contribution_table(base: CustomerBase) -> pd.DataFrame:
    """One row per customer, the most valuable first.

    Out: [customer_id: the source's own, name, clv: major units, share_of_clv: 0..1, sales: major units,
    share_of_sales: 0..1, value_tier, currency].
    """
    table, units = base.table, minor_units(base.currency)
    shares = pd.DataFrame(
        {
            "customer_id": table["source_id"],
            "name": table["label"],
            "clv": (table["clv_minor"] / units).round(2),
            "share_of_clv": contribution_shares(table["clv_minor"]),
            "sales": table["spend_minor"] / units,
            "share_of_sales": contribution_shares(table["spend_minor"]),
            "value_tier": value_tiers(table["clv_minor"]),
            "currency": base.currency,
        }
    )
    shares = shares.reset_index(drop=True)  # its surrogate numbers bear the same name as the source's own
    return shares.sort_values(["clv", "sales", "customer_id"], ascending=[False, False, True], ignore_index=True)


def _share_of_best(curve: pd.DataFrame, customers: float) -> float:
    """The value share of the best customers, read off the curve."""
    place = curve["customer_share"].searchsorted(customers)
    upper = curve.iloc[min(int(place), len(curve) - 1)]
    lower = curve.iloc[max(int(place) - 1, 0)]
    width = upper["customer_share"] - lower["customer_share"]
    part = (customers - lower["customer_share"]) / width if width > 0 else 0.0
    return float(lower["value_share"] + part * (upper["value_share"] - lower["value_share"]))
