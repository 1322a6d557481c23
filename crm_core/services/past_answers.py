"""What the model and the simple rules would have said at the end of a past day, from what was known then."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from crm_core.decisions.simple_rules import ask_rules
from crm_core.features.purchase_days import PurchaseDays
from crm_core.features.rhythm import shop_rhythm
from crm_core.models.value import ValuePrediction, predict_days
from crm_core.progress import Progress, silently
from crm_core.services.customers import CustomerBase
from crm_core.services.past_days import what_happened

__all__ = ["PastAnswers", "ask_then", "purchases_of"]


@dataclass(frozen=True)
class PastAnswers:
    """The model's prediction, and by name what each simple rule says, of the same customers."""

    prediction: ValuePrediction
    rules: Mapping[str, pd.DataFrame]


def ask_then(
    known: pd.DataFrame, cut_off: pd.Timestamp, base: CustomerBase, *, horizon_days: int, tell: Progress = silently
) -> PastAnswers:
    """Ask them. In: known: rows of known_transactions up to the day."""
    bought = PurchaseDays.from_transactions(known[["customer_id", "date", "amount"]], observation_end=cut_off)
    prediction = predict_days(bought, horizon_days=horizon_days, tell=tell)
    summary = prediction.summary
    last_period = known[known["date"] > cut_off - pd.Timedelta(days=horizon_days)]
    rules = ask_rules(
        summary,
        what_happened(last_period, summary.index),
        shop=shop_rhythm(purchases_of(known)),
        as_of=cut_off,
        horizon_days=horizon_days,
        lost_from=base.limits.lost,
    )
    return PastAnswers(prediction, rules)


def purchases_of(rows: pd.DataFrame) -> pd.DataFrame:
    """The purchase days among rows of known_transactions: [customer_id, ordered_on]."""
    return rows.loc[rows["purchase"] > 0, ["customer_id", "date"]].rename(columns={"date": "ordered_on"})
