"""Scores of products for customers by one recipe, and the customers most like each."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit

from crm_core.models.offer_recipes import Recipe
from crm_core.models.one_thread import WORKERS
from crm_core.models.products_alike import score_products_alike
from crm_core.models.taste_parts import TIE_BREAK, TasteParts
from crm_core.models.tifu import score_tifu

__all__ = [
    "NAMED_NEIGHBOURS",
    "Neighbours",
    "TasteChunk",
    "as_shares",
    "find_neighbours",
    "mix",
    "score_one_product",
    "score_products",
]

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
VOTING_NEIGHBOURS = 150
NAMED_NEIGHBOURS = 10
POPULAR_DAYS = 30
LIKENESS_CELLS = 1_000_000  # customers x customers in memory at once, in each of two pieces


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The customers most like each of some customers, most alike first, and their squared likeness (0: nothing)."""

    voters: Ints
    weights: Floats

    @property
    def named(self) -> Ints:
        """The nearest few who have anything in common, -1 where there is none; always the same number of columns."""
        named = np.full((len(self.voters), NAMED_NEIGHBOURS), -1, dtype=np.int64)
        width = min(NAMED_NEIGHBOURS, self.voters.shape[1])
        named[:, :width] = np.where(self.weights > 0, self.voters, -1)[:, :width]
        return named


@dataclass(frozen=True, eq=False)
class TasteChunk:
    """Scores of some customers (dense rows), and their nearest neighbours, nearest first, -1 where there is none."""

    customers: Ints
    scores: Floats
    neighbours: Ints


def find_neighbours(parts: TasteParts, customers: Ints) -> Neighbours:
    """By the cosine of their profiles; nobody is like themselves. A few at a time, because everybody's likeness to
    everybody is a lot of memory, and two such pieces at once (SciPy lets go of the interpreter meanwhile)."""
    step = max(1, LIKENESS_CELLS // max(parts.matrix.shape[0], 1))
    some = [customers[start : start + step] for start in range(0, max(len(customers), 1), step)]
    if len(some) == 1:
        return find_some_neighbours(parts, customers)
    with ThreadPoolExecutor(WORKERS) as pool:
        pieces = list(pool.map(partial(find_some_neighbours, parts), some))
    voters, weights = (np.concatenate([getattr(piece, name) for piece in pieces]) for name in ("voters", "weights"))
    return Neighbours(voters, weights)


def find_some_neighbours(parts: TasteParts, customers: Ints) -> Neighbours:
    """The neighbours of a few customers at once."""
    likeness = (parts.profiles[customers] @ parts.profiles_by_product).toarray()
    likeness[np.arange(len(customers)), customers] = 0
    size = min(VOTING_NEIGHBOURS, likeness.shape[1])
    found = np.argpartition(-likeness, size - 1, axis=1)[:, :size]
    values = np.take_along_axis(likeness, found, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return Neighbours(
        np.take_along_axis(found, order, axis=1).astype(np.int64), np.take_along_axis(values, order, axis=1) ** 2
    )


def score_products(parts: TasteParts, customers: Ints, recipe: Recipe, *, new_only: bool) -> TasteChunk:
    """Scores of all products for a few known customers; what must not be offered has minus infinity."""
    near = find_neighbours(parts, customers)
    scores = mix(parts, customers, near, recipe)
    if recipe.learnt is not None:
        scores = recipe.learnt.correct(parts, customers, scores)
    if new_only:
        own = parts.matrix.cells_of(customers)
        scores[own.row, parts.matrix.product[own.cell]] = -np.inf
    return TasteChunk(customers, scores, near.named)


def mix(parts: TasteParts, customers: Ints, near: Neighbours, recipe: Recipe) -> Floats:
    """The recipe's scores before any correction: 0..1 and a hair of popularity that parts equals."""
    if recipe.tifu:
        scores = score_tifu(parts, customers)
    elif recipe.popular:
        popular = parts.fading_buyers(POPULAR_DAYS)
        scores = np.tile((popular / max(popular.max(initial=0.0), 1e-300)).astype(np.float32), (len(customers), 1))
    elif recipe.products_alike:
        scores = divide_by_best(score_products_alike(parts, customers))
    elif recipe.own_share < 1:
        scores = divide_by_best(collect_votes(parts, near, recipe))
    else:
        scores = np.zeros((len(customers), parts.matrix.shape[1]), dtype=np.float32)
    if recipe.own_share > 0:
        scores *= np.float32(1 - recipe.own_share)
        own, cells = parts.own(recipe.own), parts.matrix.cells_of(customers)
        scores[cells.row, parts.matrix.product[cells.cell]] += np.float32(recipe.own_share) * own.data[cells.cell]
    scores += (TIE_BREAK * parts.popularity).astype(np.float32)
    return scores


def collect_votes(parts: TasteParts, near: Neighbours, recipe: Recipe) -> Floats:
    """What the neighbours bought, nearer ones counting more, times the products' trend."""
    rows, size = near.voters.shape
    starts = np.arange(0, rows * size + 1, size, dtype=np.int32)
    ballots = sparse.csr_array(
        (near.weights.astype(np.float32).ravel(), near.voters.astype(np.int32).ravel(), starts),
        shape=(rows, parts.matrix.shape[0]),
    )
    scores = (ballots @ parts.votes(recipe.half_life_days)).toarray()
    if recipe.trend_power:
        scores *= (parts.trend**recipe.trend_power).astype(np.float32)
    return np.asarray(scores, dtype=np.float32)


def divide_by_best(scores: Floats) -> Floats:
    """Each row over its largest, so that two kinds of score can be mixed."""
    best = scores.max(axis=1, initial=0.0, keepdims=True)
    return np.asarray(scores / np.where(best > 0, best, np.float32(1)), dtype=np.float32)


def score_one_product(parts: TasteParts, customers: Ints, product: int, recipe: Recipe) -> TasteChunk:
    """One column of scores; by a mix that was not learnt, 0..1 against the customer who may want this product most
    rather than within each list."""
    if recipe.learnt is not None:
        chunk = score_products(parts, customers, recipe, new_only=False)
        return TasteChunk(customers, chunk.scores[:, [product]], chunk.neighbours)
    near = find_neighbours(parts, customers)
    votes = collect_votes(parts, near, recipe)[:, [product]].T
    own = parts.matrix.spread(parts.count_own(recipe.own))[customers][:, [product]].toarray().T.astype(np.float32)
    share = np.float32(max(recipe.own_share, 0.7 if recipe.tifu else 0.0))
    scores = share * divide_by_best(own) + (1 - share) * divide_by_best(votes)
    return TasteChunk(customers, np.asarray(scores.T, dtype=np.float32), near.named)


def as_shares(recipe: Recipe, scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Scores as they are shown, 0..1."""
    shown = np.asarray(scores, dtype=np.float64)
    return np.asarray(np.minimum(expit(shown) if recipe.learnt is not None else shown, 1.0))
