"""What simple rules say about the days ahead: the rivals that a model has to beat before it is believed.

Source: Wuebben & von Wangenheim (2008), Instant Customer Base Analysis, Journal of Marketing 72(3), 82-93: the hiatus
heuristic and the past mean rate do as well as the models in their data.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_core.features.purchase_summary import facts_from_summary, rate_ahead
from crm_core.features.rfm import rfm_table
from crm_core.features.rhythm import ShopRhythm, rhythm_table

__all__ = ["OWN_RATE", "RHYTHM_RULES", "RULES", "Rule", "ask_rules"]


@dataclass(frozen=True)
class Rule:
    """A simple rule as the owner reads it."""

    name: str
    meaning: str


OWN_RATE = Rule("Own rate", "Everybody goes on buying as often as so far, and spends their own mean each time.")
HIATUS = Rule("Own rate until silent", "The same, but nothing of those whose silence makes them lost by your Settings.")
LAST_PERIOD = Rule("Last period again", "The window that just ended repeats itself, customer by customer.")
RFM = Rule("RFM ranking", "Ranks by recency, frequency and spend, and says no numbers.")
RULES = (OWN_RATE, HIATUS, LAST_PERIOD, RFM)
RHYTHM_RULES = (OWN_RATE.name, HIATUS.name)  # of these, the better one is what a model has to beat


def ask_rules(
    summary: pd.DataFrame,
    last_period: pd.DataFrame,
    *,
    shop: ShopRhythm,
    as_of: pd.Timestamp,
    horizon_days: int,
    lost_from: float,
) -> Mapping[str, pd.DataFrame]:
    """What each rule says, by its name: predictions as ``grading`` describes them.

    In: summary (of purchase_summary), last_period[purchases: purchase days, spend: money of as many days as the
    horizon, up to as_of], same index; lost_from: a silence of so many usual gaps ends the custom. A number of purchases
    is read as the mean of a Poisson where a probability is asked for.
    """
    rate = rate_ahead(summary, days=horizon_days)
    each = (summary["total_spend"] / summary["purchase_days"]).fillna(0.0)
    facts = facts_from_summary(summary, as_of=as_of)
    late = rhythm_table(facts, shop=shop, as_of=as_of)["lateness"].fillna(0.0)
    still = rate.where(late <= lost_from, 0.0)
    rfm = rfm_table(facts, as_of=as_of.date())["rfm_sum"].reindex(summary.index).astype(float)
    nothing = pd.Series(np.nan, index=summary.index)
    return {
        OWN_RATE.name: _said(rate, rate * each),
        HIATUS.name: _said(still, still * each),
        LAST_PERIOD.name: _said(last_period["purchases"].astype(float), last_period["spend"].astype(float)),
        RFM.name: _said(nothing, nothing).assign(rank_score=rfm),
    }


def _said(purchases: pd.Series, spend: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "expected_purchases": purchases,
            "expected_spend": spend,
            "p_active": -np.expm1(-purchases),
            "rank_score": purchases,
        }
    )
