"""Tastes: how strongly each customer may want each product, by the recipes that did best on the shop's own past."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from crm_core.models.discoveries import Usual, learn_usual
from crm_core.models.offer_choice import OfferChoice, choose_recipe
from crm_core.models.one_thread import WORKERS, one_thread
from crm_core.models.purchase_matrix import PurchaseMatrix
from crm_core.models.taste_parts import TasteParts
from crm_core.models.taste_scores import TasteChunk, score_products

__all__ = ["Tastes", "learn_tastes", "score_in_chunks"]

Ints = NDArray[np.int64]
T = TypeVar("T")
CHUNK_CELLS = 2_000_000


@dataclass(frozen=True, eq=False)
class Tastes:
    """What scoring needs, and which recipe answers; each is worked out when it is first asked for."""

    parts: TasteParts
    _chosen: dict[bool, OfferChoice] = field(default_factory=dict)
    _choosing: Lock = field(default_factory=Lock)

    @property
    def matrix(self) -> PurchaseMatrix:
        """Who bought what."""
        return self.parts.matrix

    @cached_property
    def usual(self) -> Usual:
        """How much customers like each product by what answers for new ones."""
        return learn_usual(self.parts, self.choice(new_only=True).recipe)

    @property
    def popularity(self) -> NDArray[np.float64]:
        """By product, 0..1, recent buyers weighing more."""
        return self.parts.popularity

    def choice(self, *, new_only: bool) -> OfferChoice:
        """Which recipe answers what they buy next, or what is new for them, and how it did on the shop's past."""
        with self._choosing:  # pages of several windows share one
            if new_only not in self._chosen:
                self._chosen[new_only] = choose_recipe(self.matrix, new_only=new_only)
            return self._chosen[new_only]

    def choose_both(self) -> "Tastes":
        """Choose the recipes of both lists side by side, where both will be asked for; the tastes themselves."""
        # BLAS is held to one thread around both: each puts back what it found, and they do not end in turn
        with self._choosing, one_thread(), ThreadPoolExecutor(WORKERS) as pool:
            missing = [new_only for new_only in (False, True) if new_only not in self._chosen]
            found = pool.map(lambda new_only: choose_recipe(self.matrix, new_only=new_only), missing)
            self._chosen.update(zip(missing, found, strict=True))
        return self


def learn_tastes(matrix: PurchaseMatrix) -> Tastes:
    """Tastes from counted purchases."""
    return Tastes(TasteParts(matrix))


def score_in_chunks(
    tastes: Tastes, customers: Ints, pick: Callable[[TasteChunk, slice], T], *, new_only: bool
) -> list[T]:
    """What `pick` takes from the scores of each chunk of customers; it is told which of them the chunk holds.

    Two chunks are worked on at a time (SciPy lets go of the interpreter meanwhile); memory holds no more than these.
    """
    recipe = tastes.choice(new_only=new_only).recipe
    step = max(1, CHUNK_CELLS // max(*tastes.matrix.shape, 1))
    slices = [slice(start, min(start + step, len(customers))) for start in range(0, len(customers), step)]

    def work(part: slice) -> T:
        return pick(score_products(tastes.parts, customers[part], recipe, new_only=new_only), part)

    with one_thread(), ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, slices))
