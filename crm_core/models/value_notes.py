"""What had to be assumed for a prediction, and why, in sentences."""

import pandas as pd

from crm_core.features.purchase_days import PurchaseDays
from crm_core.models.bg_nbd import BetaGeoNBD
from crm_core.models.gamma_gamma import GammaGamma
from crm_core.models.purchase_family import FEW_REPEAT_BUYERS
from crm_core.models.value_blend import ValueBlend

__all__ = ["blend_notes", "rate_notes", "spend_notes", "untested_notes"]

NO_AMOUNTS = "No amounts are known, so expected spend counts each purchase day as 1."


def blend_notes(blend: ValueBlend, summary: pd.DataFrame, spend: GammaGamma) -> tuple[str, ...]:
    """What was assumed, and why."""
    notes = list(spend_notes(summary, spend))
    if blend.untested_share > 0:
        notes.append(
            f"The past is {blend.days.last_day + 1} days long, so {blend.window_days} of the "
            f"{round(blend.horizon_days)} days ahead could be tested on it; beyond these the estimate is cautious."
        )
    if blend.season[0]:
        notes.append("The level follows the same season of a year ago.")
    return tuple(notes)


def untested_notes(days: PurchaseDays) -> tuple[str, ...]:
    """That there was too little past to learn from, where anybody bought at all."""
    if not len(days):
        return ()
    return ("There is too little past to learn from, so BG/NBD and Gamma-Gamma answer alone.",)


def spend_notes(summary: pd.DataFrame, spend: GammaGamma) -> tuple[str, ...]:
    """What was assumed about how much people spend, and why."""
    return spend.notes_ if summary["total_spend"].notna().any() else (NO_AMOUNTS,)


def rate_notes(rates: BetaGeoNBD) -> tuple[str, ...]:
    """What was assumed about how often people buy, and why."""
    if not rates.regularised_:
        return ()
    if rates.repeat_buyers_ == 0:
        return (
            "Nobody has bought on a second day yet, so how often customers return can't be learnt from them: "
            "expected purchases rest on a cautious general assumption.",
        )
    if rates.repeat_buyers_ < FEW_REPEAT_BUYERS:
        who = "1 customer has" if rates.repeat_buyers_ == 1 else f"{rates.repeat_buyers_} customers have"
        return (
            f"Only {who} bought on a second day: expected purchases lean on a cautious general assumption until "
            f"{FEW_REPEAT_BUYERS} have.",
        )
    return (
        "These customers differ too little in how often they buy, or in how soon they leave, for BG/NBD alone: "
        "a weak general assumption steadies it.",
    )
