"""Weighing value against repeat buying: what the sliders of Value & loyalty ask for, worked out in milliseconds."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.decisions.loyalty import LoyaltyInputs, loyalty_inputs, loyalty_tiers, score_loyalty, source_scale_score
from crm_core.decisions.weight_change import WeightChange, Weights, compare_weights, pick_top
from crm_core.services.customers import CustomerBase
from crm_core.services.preferences import Preferences
from crm_core.vocabulary import Tier
from crm_core.wording import minor_units

__all__ = [
    "LoyaltyAnswer",
    "LoyaltyBase",
    "best_customers",
    "loyalty_base",
    "source_list",
    "source_table",
    "standings_of",
    "weigh_loyalty",
]

BINS = 50
SHOWN = 200
SOURCE_SHARE = 99  # per cent of customers on the source scale's chart; the rest would squeeze them together
LIST_COLUMNS = ["label", "stage", "clv_minor", "repeat_rate", "orders", "last_order_on"]


@dataclass(frozen=True, eq=False)
class LoyaltyBase:
    """What stays the same while the sliders move."""

    customers: CustomerBase
    inputs: LoyaltyInputs
    spend: NDArray[np.float64]
    listed: pd.DataFrame


@dataclass(frozen=True, eq=False)
class LoyaltyAnswer:
    """The base under given weights and cut-offs.

    scores: of everybody; tier_of: likewise, None on the source scale. bins: [left, right: score, high, medium, low:
    customers of that tier; high alone on the source scale]. tiers: index tier, best first, [customers: count,
    spend_share: 0..1 of sales so far, NaN where there are none]. change: None on the source scale.
    """

    scores: pd.Series
    tier_of: pd.Series | None
    bins: pd.DataFrame
    tiers: pd.DataFrame
    change: WeightChange | None


def standings_of(table: pd.DataFrame | LoyaltyInputs, choices: Preferences) -> tuple[pd.Series, pd.Series]:
    """Everybody's score and tier under the owner's weights and cut-offs; unknown where both weights are 0.

    In: the base table, or its ``loyalty_inputs``.
    """
    inputs = table if isinstance(table, LoyaltyInputs) else loyalty_inputs(table)
    scores = pd.Series(np.nan, index=inputs.customer_id, name="loyalty")
    if choices.alpha + choices.beta > 0:
        scores = score_loyalty(inputs, alpha=choices.alpha, beta=choices.beta)
    return scores, loyalty_tiers(scores, high_cut=choices.high_cut, low_cut=choices.low_cut)


def loyalty_base(base: CustomerBase) -> LoyaltyBase:
    """The parts of the score, ready to be weighed."""
    spend = base.table["spend_minor"].to_numpy(dtype=np.float64)
    words = base.table[LIST_COLUMNS].select_dtypes("str").columns
    listed = base.table[LIST_COLUMNS].astype(dict.fromkeys(words, object))  # picking 200 of 100,000 is ten times faster
    listed["clv"] = listed["clv_minor"] / minor_units(base.currency)
    listed["repeat_percent"] = listed["repeat_rate"] * 100
    return LoyaltyBase(base, loyalty_inputs(base.table), spend, listed)


def weigh_loyalty(
    loyal: LoyaltyBase, *, weights: Weights, saved: Weights, low_cut: float, high_cut: float
) -> LoyaltyAnswer:
    """Distribution, tiers, the top of the list and what the weights change against the saved ones."""
    scores = score_loyalty(loyal.inputs, alpha=weights[0], beta=weights[1])
    tiers = loyalty_tiers(scores, high_cut=high_cut, low_cut=low_cut)
    values, codes = scores.to_numpy(), tiers.cat.codes.to_numpy()
    known = codes >= 0
    places = np.minimum((values[known] * (BINS / 100)).astype(np.int64), BINS - 1)
    counts = np.bincount(codes[known] * BINS + places, minlength=3 * BINS).reshape(3, BINS)
    names = [str(name) for name in tiers.cat.categories]
    edges = np.linspace(0, 100, BINS + 1)
    bins = pd.DataFrame({"left": edges[:-1], "right": edges[1:], **dict(zip(names, counts, strict=True))})
    spend = np.bincount(codes[known], weights=loyal.spend[known], minlength=3)
    share = spend / spend.sum() if spend.sum() > 0 else np.full(3, np.nan)
    by_tier = pd.DataFrame({"customers": counts.sum(axis=1), "spend_share": share}, index=pd.Index(names, name="tier"))
    return LoyaltyAnswer(
        scores=scores,
        tier_of=tiers,
        bins=bins,
        tiers=by_tier.loc[[tier.value for tier in Tier]],
        change=compare_weights(loyal.inputs, current=weights, saved=saved),
    )


def source_list(loyal: LoyaltyBase, *, weights: Weights) -> LoyaltyAnswer:
    """The same on the source's scale, alpha x money + beta x rate, where cut-offs and saved weights mean nothing."""
    currency = loyal.customers.currency
    scores = source_scale_score(loyal.inputs, alpha=weights[0], beta=weights[1], currency=currency)
    known = scores.to_numpy()[~np.isnan(scores.to_numpy())]
    top = max(float(np.percentile(known, SOURCE_SHARE)) if len(known) else 0.0, 1.0)
    counts, edges = np.histogram(np.minimum(known, top), bins=BINS, range=(0.0, top))
    bins = pd.DataFrame({"left": edges[:-1], "right": edges[1:], "high": counts, "medium": 0, "low": 0})
    return LoyaltyAnswer(
        scores=scores,
        tier_of=None,
        bins=bins,
        tiers=pd.DataFrame({"customers": [], "spend_share": []}),
        change=None,
    )


def best_customers(
    loyal: LoyaltyBase, answer: LoyaltyAnswer, *, between: tuple[float, float] | None = None
) -> pd.DataFrame:
    """The first 200 of the list, or of those whose score lies between two values, the upper one left out.

    Nobody reads further, and 100,000 rows would be sent at every move of a slider.
    Out: index customer_id, best first, [label, stage, clv_minor, repeat_rate, orders, last_order_on, clv: major units,
    repeat_percent: 0..100, score, tier: empty on the source scale].
    """
    scores, tiers = answer.scores, answer.tier_of
    if between is not None:
        scores = scores.where((scores >= between[0]) & (scores < between[1]))
    best = loyal.listed.index.get_indexer(list(pick_top(scores.to_numpy(), loyal.inputs, SHOWN)))
    tier = tiers.iloc[best].astype(object) if tiers is not None else ""
    return loyal.listed.take(best).assign(score=scores.to_numpy()[best], tier=tier)


def source_table(loyal: LoyaltyBase, answer: LoyaltyAnswer) -> pd.DataFrame:
    """Everybody on the source's scale, best first.

    Out: [customer_id: the source's own, name, source_score, clv: major units, currency, repeat_rate: 0..1].
    """
    table = loyal.customers.table
    scores = pd.DataFrame(
        {
            "customer_id": table["source_id"],
            "name": table["label"],
            "source_score": answer.scores.round(4),
            "clv": loyal.listed["clv"].round(2),
            "currency": loyal.customers.currency,
            "repeat_rate": table["repeat_rate"],
        }
    )
    scores = scores.reset_index(drop=True)  # its surrogate numbers bear the same name as the source's own
    return scores.sort_values(["source_score", "customer_id"], ascending=[False, True], ignore_index=True)
