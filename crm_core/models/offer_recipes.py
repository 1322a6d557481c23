"""Recipes: the ways in which the scores of products may be mixed, simplest first, and the plain one to begin with."""

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from crm_core.models.taste_parts import Own

if TYPE_CHECKING:
    from crm_core.models.learnt_offers import LearntOffers

__all__ = ["LEARNT", "NEW", "NEXT", "POPULAR", "Recipe", "plain_recipe"]

POPULAR = "popular lately"
LEARNT = "learnt from your past"
LEARNT_MEANING = "The usual mix, corrected by what your past says of tastes, rhythm and popularity."


@dataclass(frozen=True)
class Recipe:
    """own_share: of the customer's own purchases, the rest is what customers alike bought, later purchases of theirs
    counting more by a half-life and products on the rise by a power of their trend. learnt: what corrects the mix."""

    name: str
    meaning: str
    own: Own = Own.COUNTS
    own_share: float = 0.0
    half_life_days: float = inf
    trend_power: float = 0.0
    popular: bool = False  # what is bought most lately instead of what customers alike bought
    tifu: bool = False
    products_alike: bool = False  # what is bought with what they bought, instead of what customers alike bought
    learnt: "LearntOffers | None" = None

    def corrected(self, learnt: "LearntOffers") -> "Recipe":
        """The same mix with what was learnt of it."""
        return replace(self, name=LEARNT, meaning=LEARNT_MEANING, learnt=learnt)


# The first of each stands where nothing else was clearly better.
NEXT = (
    Recipe(
        "own purchases of late and customers alike",
        "How often they bought it, an order counting half after each 180 days, with what people who buy alike bought "
        "lately.",
        own=Own.FADING,
        own_share=0.7,
        half_life_days=45,
        trend_power=0.75,
    ),
    Recipe(
        "own purchases and customers alike",
        "How often they bought it, and what people who buy alike bought.",
        own_share=0.8,
        half_life_days=90,
        trend_power=0.3,
    ),
    Recipe(
        "own purchases alone",
        "How often they bought it.",
        own_share=1.0,
    ),
    Recipe(
        "own purchases, fading",
        "The same, an order counting half after each 180 days.",
        own=Own.FADING,
        own_share=1.0,
    ),
    Recipe(
        "own purchases and what is popular", "How often they bought it, and bestsellers.", own_share=0.8, popular=True
    ),
    Recipe(
        "TIFU-kNN",
        "Own baskets that fade, mixed with the 100 nearest customers' (Hu et al. 2020).",
        tifu=True,
    ),
)
NEW = (
    Recipe(
        "customers alike, lately",
        "What people who buy alike bought, later purchases counting more.",
        half_life_days=90,
        trend_power=0.3,
    ),
    Recipe(
        "customers alike",
        "The same, at any time.",
        half_life_days=inf,
    ),
    Recipe(
        "customers alike, and what rises",
        "What people who buy alike bought lately, and more of what is bought more than usual.",
        half_life_days=45,
        trend_power=0.75,
    ),
    Recipe(
        POPULAR,
        "What most customers bought in the latest weeks.",
        popular=True,
    ),
    Recipe(
        "products alike",
        "What is bought by the people who bought the same (item-kNN, Deshpande & Karypis 2004).",
        products_alike=True,
    ),
)


def plain_recipe(*, new_only: bool) -> Recipe:
    """What answers where the past is too short to choose by."""
    return NEW[0] if new_only else NEXT[0]
