"""Tastes: how strongly each customer may want each product, from their own orders and from customers who buy alike."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from crm_core.models.purchase_matrix import PurchaseMatrix, half_life_weight

__all__ = ["NAMED_NEIGHBOURS", "TasteChunk", "Tastes", "learn_tastes", "score_in_chunks", "score_one_product"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
T = TypeVar("T")

# Chosen on four earlier cuts in time of a gift shop's two years, away from the cut that is reported.
OWN_SHARE = 0.7
OWN_HALF_LIFE_DAYS = 180
VOTE_HALF_LIFE_DAYS = 45
VOTING_NEIGHBOURS = 150
RARITY_POWER = 0.5
TREND_DAYS = 14
TREND_POWER = 0.75
TREND_CUSTOMERS = 5
POPULAR_HALF_LIFE_DAYS = 14
TIE_BREAK = 1e-6
NAMED_NEIGHBOURS = 10
CHUNK_CELLS = 2_000_000
WORKERS = 2


@dataclass(frozen=True, eq=False)
class Tastes:
    """What scoring needs, worked out once from the purchases."""

    matrix: PurchaseMatrix
    profiles: sparse.csr_array  # customers x products, rare products weighing more, rows of length 1
    votes: sparse.csr_array  # customers x products, recent purchases weighing more
    own: sparse.csr_array  # customers x products, orders that fade with a half-life
    trend: Floats  # by product: above 1 when more is bought of it lately than usual
    popularity: Floats  # by product, 0..1, recent buyers weighing more


@dataclass(frozen=True, eq=False)
class TasteChunk:
    """Scores of some customers (dense rows), and their nearest neighbours, nearest first, -1 where there is none."""

    customers: Ints
    scores: Floats
    neighbours: Ints


def learn_tastes(matrix: PurchaseMatrix) -> Tastes:
    """Profiles, votes and trends from counted purchases.

    Neighbours and own frequency follow Hu et al. (2020), SIGIR, in their roles; the weights are our own.
    """
    rarity = np.log1p(matrix.shape[0] / np.maximum(matrix.buyers, 1)) ** RARITY_POWER
    weights = rarity[matrix.product]
    lengths = np.sqrt(np.bincount(matrix.customer, weights=weights**2, minlength=matrix.shape[0]))
    recency = half_life_weight(matrix.last_age_days, POPULAR_HALF_LIFE_DAYS)
    fading = np.bincount(matrix.product, weights=recency, minlength=matrix.shape[1])
    popularity = fading + 1e-9 * matrix.buyers  # products long out of sight still follow their buyers
    return Tastes(
        matrix=matrix,
        profiles=matrix.spread(weights / lengths[matrix.customer]).astype(np.float32),
        votes=matrix.spread(half_life_weight(matrix.last_age_days, VOTE_HALF_LIFE_DAYS)).astype(np.float32),
        own=matrix.spread(matrix.decayed_orders(OWN_HALF_LIFE_DAYS)),
        trend=measure_trend(matrix),
        popularity=popularity / max(float(popularity.max(initial=0.0)), 1e-300),
    )


def measure_trend(matrix: PurchaseMatrix) -> Floats:
    """How much more a product is bought lately than over all time, drawn towards 1 where buyers are few."""
    recent = matrix.recent_buyers(TREND_DAYS)
    usual = float(recent.sum()) / max(float(matrix.buyers.sum()), 1.0)
    if usual == 0:
        return np.ones(matrix.shape[1])
    lately = (recent + TREND_CUSTOMERS * usual) / (matrix.buyers + TREND_CUSTOMERS)
    return np.asarray((lately / usual) ** TREND_POWER, dtype=np.float64)


def score_in_chunks(
    tastes: Tastes, customers: Ints, pick: Callable[[TasteChunk, slice], T], *, new_only: bool
) -> list[T]:
    """What `pick` takes from the scores of each chunk of customers; it is told which of them the chunk holds.

    Two chunks are worked on at a time (SciPy lets go of the interpreter meanwhile); memory holds no more than these.
    """
    step = max(1, CHUNK_CELLS // max(*tastes.matrix.shape, 1))
    slices = [slice(start, min(start + step, len(customers))) for start in range(0, len(customers), step)]

    def work(part: slice) -> T:
        return pick(score_products(tastes, customers[part], new_only=new_only), part)

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, slices))


def score_one_product(tastes: Tastes, customers: Ints, product: int) -> TasteChunk:
    """One column of scores, 0..1 against the customer who may want this product most rather than within each list."""
    step = max(1, CHUNK_CELLS // max(tastes.matrix.shape[0], 1))
    parts = [customers[start : start + step] for start in range(0, max(len(customers), 1), step)]
    with ThreadPoolExecutor(WORKERS) as pool:  # a piece at a time: everybody's likeness to everybody is a lot of memory
        found = list(pool.map(lambda part: nearest(compare_profiles(tastes, part), VOTING_NEIGHBOURS), parts))
    voters, weights = (np.concatenate(pieces) for pieces in zip(*found, strict=True))
    votes = collect_votes(tastes, voters, weights)[:, [product]].T
    own = tastes.own[customers][:, [product]].toarray().T
    scores = OWN_SHARE * divide_by_best(own) + (1 - OWN_SHARE) * divide_by_best(votes)
    return TasteChunk(customers, scores.T, name_neighbours(voters, weights))


def score_products(tastes: Tastes, customers: Ints, *, new_only: bool) -> TasteChunk:
    """Scores of all products for a few known customers.

    A score is 0..1 and a hair of popularity that parts equals; what must not be offered has minus infinity.
    """
    voters, weights = nearest(compare_profiles(tastes, customers), VOTING_NEIGHBOURS)
    scores = divide_by_best(collect_votes(tastes, voters, weights))
    own = tastes.own[customers]
    if not new_only:
        scores = OWN_SHARE * divide_by_best(own.toarray()) + (1 - OWN_SHARE) * scores
    scores += TIE_BREAK * tastes.popularity
    if new_only:
        scores[np.repeat(np.arange(len(customers)), np.diff(own.indptr)), own.indices] = -np.inf
    return TasteChunk(customers, scores, name_neighbours(voters, weights))


def name_neighbours(voters: Ints, weights: Floats) -> Ints:
    """The nearest few who have anything in common with the customer, always the same number of columns."""
    named = np.full((len(voters), NAMED_NEIGHBOURS), -1, dtype=np.int64)
    width = min(NAMED_NEIGHBOURS, voters.shape[1])
    named[:, :width] = np.where(weights > 0, voters, -1)[:, :width]
    return named


def compare_profiles(tastes: Tastes, customers: Ints) -> NDArray[np.float32]:
    """Cosine of the customers' profiles with everyone's, nothing with oneself."""
    similarity = (tastes.profiles[customers] @ tastes.profiles.T).toarray()
    similarity[np.arange(len(customers)), customers] = 0
    return np.asarray(similarity, dtype=np.float32)


def nearest(similarity: NDArray[np.float32], size: int) -> tuple[Ints, Floats]:
    """The most similar customers of each row, most similar first, and their squared similarities."""
    size = min(size, similarity.shape[1])
    found = np.argpartition(-similarity, size - 1, axis=1)[:, :size]
    values = np.take_along_axis(similarity, found, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    weights = np.take_along_axis(values, order, axis=1).astype(np.float64) ** 2
    return np.take_along_axis(found, order, axis=1).astype(np.int64), weights


def collect_votes(tastes: Tastes, voters: Ints, weights: Floats) -> Floats:
    """What the neighbours bought, nearer and later purchases counting more, times the products' trend."""
    rows, size = voters.shape
    starts = np.arange(0, rows * size + 1, size, dtype=np.int32)
    ballots = sparse.csr_array(
        (weights.astype(np.float32).ravel(), voters.astype(np.int32).ravel(), starts),
        shape=(rows, tastes.matrix.shape[0]),
    )
    return np.asarray((ballots @ tastes.votes).toarray() * tastes.trend, dtype=np.float64)


def divide_by_best(scores: Floats) -> Floats:
    """Each row over its largest, so that two kinds of score can be mixed."""
    best = scores.max(axis=1, initial=0.0, keepdims=True)
    return np.asarray(scores / np.where(best > 0, best, 1.0), dtype=np.float64)
