"""What scoring needs of the purchases: who buys alike, what each customer bought, what is popular, what rises."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from crm_core.models.purchase_matrix import PurchaseMatrix, half_life_weight
from crm_core.models.taste_axes import find_axes

__all__ = ["TIE_BREAK", "Own", "TasteParts"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RARITY_POWER = 0.5
TREND_DAYS = 14
TREND_CUSTOMERS = 5
POPULAR_HALF_LIFE_DAYS = 14
TIE_BREAK = 1e-6
# Hu et al. (2020), SIGIR: baskets in groups of seven, fading by .9 within a group and by .7 from group to group.
GROUP_SIZE, WITHIN_GROUP, BETWEEN_GROUPS = 7, 0.9, 0.7


class Own(StrEnum):
    """How a customer's own purchases of a product are counted."""

    COUNTS = "counts"
    FADING = "fading"  # a half after each half-life
    GROUPS = "groups"  # TIFU-kNN's: by place among the customer's baskets


OWN_HALF_LIFE_DAYS = 180


@dataclass(frozen=True, eq=False)
class TasteParts:
    """The purchases of a shop seen up to a day; each part is worked out when it is first asked for."""

    matrix: PurchaseMatrix
    _votes: dict[float, sparse.csr_array] = field(default_factory=dict)
    _faded: dict[float, Floats] = field(default_factory=dict)
    _own: dict[Own, sparse.csr_array] = field(default_factory=dict)

    @cached_property
    def profiles(self) -> sparse.csr_array:
        """Customers x products, rare products weighing more, rows of length 1."""
        matrix = self.matrix
        rarity = np.log1p(matrix.shape[0] / np.maximum(matrix.buyers, 1)) ** RARITY_POWER
        weights = rarity[matrix.product]
        lengths = np.sqrt(np.bincount(matrix.customer, weights=weights**2, minlength=matrix.shape[0]))
        return matrix.spread(weights / lengths[matrix.customer]).astype(np.float32)

    @cached_property
    def profiles_by_product(self) -> sparse.csr_array:
        """The same, products x customers."""
        return sparse.csr_array(self.profiles.T)

    @cached_property
    def axes(self) -> NDArray[np.float32]:
        """Products x few: the strongest patterns among the profiles."""
        return find_axes(self.profiles, self.profiles_by_product)

    @cached_property
    def popularity(self) -> Floats:
        """By product, 0..1, recent buyers weighing more; products long out of sight still follow their buyers."""
        fading = self.fading_buyers(POPULAR_HALF_LIFE_DAYS) + 1e-9 * self.matrix.buyers
        return np.asarray(fading / max(float(fading.max(initial=0.0)), 1e-300))

    @cached_property
    def trend(self) -> Floats:
        """How much more a product is bought lately than over all time, drawn towards 1 where buyers are few."""
        buyers, recent = self.matrix.buyers, self.matrix.recent_buyers(TREND_DAYS)
        usual = float(recent.sum()) / max(float(buyers.sum()), 1.0)
        if usual == 0:
            return np.ones(self.matrix.shape[1])
        return np.asarray((recent + TREND_CUSTOMERS * usual) / (buyers + TREND_CUSTOMERS) / usual, dtype=np.float64)

    def fading_buyers(self, half_life_days: float) -> Floats:
        """By product, buyers who count a half for each half-life since they last bought it."""
        weights = half_life_weight(self.matrix.last_age_days, half_life_days)
        return np.bincount(self.matrix.product, weights=weights, minlength=self.matrix.shape[1]).astype(np.float64)

    def faded_orders(self, half_life_days: float) -> Floats:
        """Orders of each cell, an order counting half after each half-life."""
        if half_life_days not in self._faded:
            self._faded[half_life_days] = self.matrix.decayed_orders(half_life_days)
        return self._faded[half_life_days]

    def votes(self, half_life_days: float) -> sparse.csr_array:
        """Customers x products, what was bought counting a half after each half-life (infinite: always 1)."""
        if half_life_days not in self._votes:
            weights = half_life_weight(self.matrix.last_age_days, half_life_days)
            self._votes[half_life_days] = self.matrix.spread(weights).astype(np.float32)
        return self._votes[half_life_days]

    def own(self, kind: Own) -> sparse.csr_array:
        """Customers x products, each customer's purchases over those of their favourite: 0..1."""
        if kind not in self._own:
            counted = self.matrix.spread(self.count_own(kind))
            best = np.maximum.reduceat(np.append(counted.data, 0.0), np.minimum(counted.indptr[:-1], counted.nnz))
            filled = np.where(np.diff(counted.indptr) > 0, best, 1.0)
            counted.data = counted.data / np.repeat(filled, np.diff(counted.indptr))
            self._own[kind] = counted.astype(np.float32)
        return self._own[kind]

    def count_own(self, kind: Own) -> Floats:
        """Purchases of each cell, counted in one of the ways."""
        if kind is Own.FADING:
            return self.faded_orders(OWN_HALF_LIFE_DAYS)
        if kind is Own.GROUPS:
            group, place = np.divmod(self.matrix.baskets_since, GROUP_SIZE)
            fading = WITHIN_GROUP**place * BETWEEN_GROUPS**group
            groups = np.ceil(self.matrix.baskets / GROUP_SIZE)[self.matrix.customer]
            weights = np.bincount(self.matrix.purchase_cell, weights=fading, minlength=len(self.matrix.product))
            return np.asarray(weights / (groups * GROUP_SIZE))
        return self.matrix.orders.astype(np.float64)
