"""The chance that a customer buys a product within some days, learnt from how such scores and such customers did.

Asked as of so many days ago, with what was known then: whoever had ordered by then, and pairs of all scores. A
logistic regression turns the score and the customer's own pace into a probability; it is drawn towards the mean rate.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from crm_core.features.even_places import even_places
from crm_core.models.learnt_offers import climb
from crm_core.models.offer_recipes import Recipe
from crm_core.models.one_thread import one_thread
from crm_core.models.purchase_matrix import PurchaseMatrix
from crm_core.models.taste_parts import TasteParts
from crm_core.models.taste_scores import score_products
from crm_core.models.tastes import Tastes

__all__ = ["OfferChances", "learn_chances"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SHORTEST_HISTORY = 60  # days before the window
MOST_CUSTOMERS, MOST_CELLS, FEW_CUSTOMERS = 800, 3_000_000, 100
MOST_LIKENESSES = 20_000_000  # of customers asked with all others, which take longest in a large shop
LIKELY = 40  # best products of each customer that are all learnt from; of the others about as many, each counting more
LEAST_HITS = 25
LEAST_SCORE = 0.005
USUAL_GAP_DAYS = 90.0  # where nobody has come twice
HELD_BACK = 30.0
FURTHEST = 3.0  # logarithms of lateness and pace


@dataclass(frozen=True, eq=False)
class OfferChances:
    """level and weights of the score and of the customer's facts; customers, hits: what it was learnt from."""

    days: int
    recipe: Recipe
    new_only: bool
    level: float
    weights: Floats
    customers: int
    hits: int

    def of_product(self, parts: TasteParts, customers: Ints, product: int) -> Floats:
        """The chance of each of these customers to buy one product within ``days``; 0 where it must not be offered."""
        scores = score_products(parts, customers, self.recipe, new_only=self.new_only).scores[:, product]
        about = customer_facts(parts.matrix, customers, days=self.days)
        eta = self.level + np.column_stack([strengths(self.recipe, scores), about]) @ self.weights
        return np.asarray(np.where(np.isfinite(scores), expit(eta), 0.0), dtype=np.float64)


def learn_chances(tastes: Tastes, *, days: int, new_only: bool) -> OfferChances | None:
    """What the latest days say; None where the past is too short or hardly anything was bought again."""
    matrix = tastes.matrix
    if int(matrix.purchase_age_days.max(initial=0)) - days < SHORTEST_HISTORY:
        return None
    recipe, parts = tastes.choice(new_only=new_only).recipe, TasteParts(matrix.known_before(days))
    people = np.flatnonzero(parts.matrix.baskets > 0)
    affordable = min(MOST_CELLS // max(matrix.shape[1], 1), MOST_LIKENESSES // max(matrix.shape[0], 1))
    most = min(MOST_CUSTOMERS, max(FEW_CUSTOMERS, affordable))
    people = people[even_places(len(people), most)]
    scores = score_products(parts, people, recipe, new_only=new_only).scores
    row, product, weight = choose_pairs(parts, people, scores)
    happened = bought_within(matrix, people, days=days)[row, product].astype(np.float64)
    if happened.sum() < LEAST_HITS:
        return None
    about = customer_facts(parts.matrix, people, days=days)
    facts = np.column_stack([strengths(recipe, scores[row, product]), about[row]])
    level, weights = fit(facts, happened, weight)
    return OfferChances(days, recipe, new_only, level, weights, len(people), int(happened.sum()))


def fit(facts: Floats, happened: Floats, weight: Floats) -> tuple[float, Floats]:
    """Level and weights of the facts as they are."""
    spread = facts.std(axis=0)
    scale = np.where(spread > 1e-9, spread, 1.0)
    rate = float(np.average(happened, weights=weight))
    start = np.concatenate([[np.log(rate / (1 - rate))], np.zeros(facts.shape[1])])
    penalty = np.concatenate([[0.0], np.full(facts.shape[1], HELD_BACK)])
    with one_thread():
        b = climb(np.column_stack([np.ones(len(facts)), facts / scale]), happened, penalty, start, weight=weight)
    return float(b[0]), b[1:] / scale


def choose_pairs(parts: TasteParts, people: Ints, scores: NDArray[np.float32]) -> tuple[Ints, Ints, Floats]:
    """Row, product and weight: all likely pairs, and of the others every so many one that stands for as many."""
    allowed = np.isfinite(scores)
    likely = np.zeros(scores.shape, dtype=np.bool_)
    size = min(LIKELY, scores.shape[1])
    np.put_along_axis(likely, np.argpartition(-scores, size - 1, axis=1)[:, :size], True, axis=1)
    own = parts.matrix.cells_of(people)
    likely[own.row, parts.matrix.product[own.cell]] = True
    step = max(1, scores.shape[1] // LIKELY)
    every = (np.arange(len(people))[:, None] + np.arange(scores.shape[1])) % step == 0
    row, product = np.nonzero((likely | every) & allowed)
    return row, product, np.where(likely[row, product], 1.0, float(step))


def bought_within(matrix: PurchaseMatrix, people: Ints, *, days: int) -> NDArray[np.bool_]:
    """What each of these customers bought in the latest days, customers x products."""
    cells = matrix.cells_of(people)
    lately = matrix.last_age_days[cells.cell] < days
    bought = np.zeros((len(people), matrix.shape[1]), dtype=np.bool_)
    bought[cells.row[lately], matrix.product[cells.cell[lately]]] = True
    return bought


def strengths(recipe: Recipe, scores: NDArray[np.float32]) -> Floats:
    """Scores as logarithms; of what was learnt they are."""
    known = np.where(np.isfinite(scores), scores, 0.0).astype(np.float64)
    return known if recipe.learnt is not None else np.log(LEAST_SCORE + known)


def customer_facts(matrix: PurchaseMatrix, customers: Ints, *, days: int) -> Floats:
    """A row for each: baskets, whether just one, how late for their own pace, and how many paces the days hold."""
    first, last = np.zeros(matrix.shape[0], dtype=np.int64), np.full(matrix.shape[0], 10**6, dtype=np.int64)
    np.maximum.at(first, matrix.customer, matrix.first_age_days)
    np.minimum.at(last, matrix.customer, matrix.last_age_days)
    gaps = (first - last) / np.maximum(matrix.baskets - 1, 1)
    came_back = matrix.baskets > 1
    usual = float(np.median(gaps[came_back])) if came_back.any() else USUAL_GAP_DAYS
    gap = np.where(came_back, gaps, usual)[customers] + 1.0
    baskets = matrix.baskets[customers]
    late = np.clip(np.log((last[customers] + 1.0) / gap), -FURTHEST, FURTHEST)
    return np.column_stack([np.log1p(baskets), baskets == 1, late, np.clip(np.log(days / gap), -FURTHEST, FURTHEST)])
