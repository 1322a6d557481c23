"""The last places of a list of new products go to what suits this customer more than it suits others.

Else a small part of a large assortment is all that is ever offered. How much more is measured against a hundred
customers, in their standard deviations, so that well known products have no advantage.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crm_core.features.even_places import even_places
from crm_core.models.learnt_offers import LEAST_MIX
from crm_core.models.offer_recipes import Recipe
from crm_core.models.taste_parts import TasteParts
from crm_core.models.taste_scores import score_products

__all__ = ["Usual", "competitors", "discover_last", "learn_usual", "places_to_discover"]

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
LEAST_LENGTH = 10  # shorter lists have no place to give away
MANY_PRODUCTS = (300, 1_500)  # above each of them one place more: below, the lists show most products anyhow
COMPETING_SHARE = 0.05  # of all products, for the last places
ASKED, MOST_LIKENESSES = 100, 5_000_000
LEAST_SPREAD = 0.001


@dataclass(frozen=True, eq=False)
class Usual:
    """By product, how much customers like it by a recipe: the mean and the standard deviation."""

    recipe: Recipe
    mean: Floats
    spread: Floats

    def unusual(self, scores: Floats, products: Ints) -> Floats:
        """How much more than others each customer (rows) likes some products, of which `scores` are; what must not be
        offered stays minus infinity."""
        more = (liking(self.recipe, scores) - self.mean[products]) / (self.spread[products] + np.float32(LEAST_SPREAD))
        return np.where(np.isfinite(scores), more, np.float32(-np.inf))


def learn_usual(parts: TasteParts, recipe: Recipe) -> Usual:
    """From a hundred customers, fewer where there are very many to compare them with."""
    customers = parts.matrix.shape[0]
    asked = even_places(customers, min(ASKED, max(10, MOST_LIKENESSES // max(customers, 1))))
    liked = liking(recipe, score_products(parts, asked, recipe, new_only=False).scores)
    return Usual(recipe, liked.mean(axis=0), liked.std(axis=0))


def liking(recipe: Recipe, scores: Floats) -> Floats:
    """Scores as logits or logarithms, in which differences compare."""
    if recipe.learnt is not None:
        return scores
    return np.log(np.maximum(scores, np.float32(0)) + np.float32(LEAST_MIX))


def places_to_discover(length: int, products: int) -> int:
    """How many of a list's places are for discoveries; none of a short list, and of one that holds everything.

    >>> [places_to_discover(10, products) for products in (300, 301, 3_000)]
    [0, 1, 2]
    >>> places_to_discover(5, 3_000), places_to_discover(3_000, 3_000)
    (0, 0)
    """
    return int(np.searchsorted(MANY_PRODUCTS, products, side="left")) if LEAST_LENGTH <= length < products else 0


def competitors(products: int) -> int:
    """How many of the best products that do not come first compete for the last places."""
    return round(COMPETING_SHARE * products)


def discover_last(order: Ints, unusual: Floats, size: int, places: int) -> Ints:
    """The first columns of `order` (each row's products, best first), the last of them those most unusual among all
    from there on, of equals the better ones.

    >>> discover_last(np.arange(6)[None] + 10, np.array([[9.0, 8.0, 7.0, 5.0, 9.0, 6.0]]), 4, 2).tolist()
    [[10, 11, 12, 14]]
    """
    first = size - places
    most = np.argsort(-unusual[:, first:], axis=1, kind="stable")[:, :places] + first
    return np.concatenate([order[:, :first], np.take_along_axis(order, np.sort(most, axis=1), axis=1)], axis=1)
