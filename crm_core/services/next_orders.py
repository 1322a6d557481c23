"""When each customer is likely to order next, and how likely they are to stay away."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from crm_core.features.purchase_days import PurchaseDays
from crm_core.models.next_order import next_orders
from crm_core.progress import Progress, silently
from crm_core.services.customers import CustomerBase

__all__ = ["SPANS", "NextOrders", "predict_next_orders"]

SPANS = (30, 60, 90)
LONGEST = 365  # days ahead in which a next order is dated


@dataclass(frozen=True)
class NextOrders:
    """table: index customer_id, [p_30, p_60, p_90, p_365: P(an order within so many days), churn_risk: 1 − P(an order
    within churn_days), next_low_on, next_on, next_high_on: datetime64, the 10 %, 50 % and 90 % points of the day of the
    next order, if one comes within a year]; as_of: the day that all of it is said on."""

    table: pd.DataFrame
    churn_days: int
    as_of: date


def predict_next_orders(base: CustomerBase, *, churn_days: int, tell: Progress = silently) -> NextOrders:
    """For everybody in the base, learnt from windows of each length; ``tell`` hears how far it is."""
    end = pd.Timestamp(base.as_of)
    bought = PurchaseDays.from_days(base.days, base.table["spend_minor"], as_of=end)
    said = base.prediction
    known = {round(said.horizon_days): said.table["p_active"]} if said.learnt_from_past else {}
    table = next_orders(bought, spans=sorted({*SPANS, churn_days, LONGEST}), known=known, tell=tell)
    risk = 1 - table[f"p_{churn_days}"]
    ahead = {"next_low_on": "next_low", "next_on": "next_middle", "next_high_on": "next_high"}
    dates = {
        name: end + pd.to_timedelta(table[source].clip(lower=1).round(), unit="D") for name, source in ahead.items()
    }
    chances = table[[f"p_{span}" for span in (*SPANS, LONGEST)]]
    return NextOrders(chances.assign(churn_risk=risk, **dates), churn_days, base.as_of)
