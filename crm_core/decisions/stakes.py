"""What a customer's absence costs: sales at their own rhythm, simulated so that ranges can be added up honestly."""

from dataclasses import dataclass

import numpy as np

__all__ = ["STAKE_DAYS", "Stake", "add_stakes", "rhythm_stake", "second_order_stake"]

STAKE_DAYS = 90  # the window in which money counts as being at stake
DRAWS = 2_000
LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True)
class Stake:
    """Money at stake in minor units: the expected value and one possible outcome per draw."""

    value_minor: float
    draws_minor: np.ndarray

    @property
    def low_minor(self) -> float:
        """The 10 % point, never above the value."""
        return float(min(np.quantile(self.draws_minor, LOW), self.value_minor))

    @property
    def high_minor(self) -> float:
        """The 90 % point, never below the value."""
        return float(max(np.quantile(self.draws_minor, HIGH), self.value_minor))


def rhythm_stake(day_spends: np.ndarray, *, usual_gap_days: float, gaps: int, seed: int) -> Stake:
    """Sales of the next 90 days if the customer went on at the usual gap.

    In: day_spends[minor units], one per purchase day of this customer, extraordinary ones capped; gaps: how many gaps
    the usual gap rests on. The rate is uncertain (a Gamma whose shape is the number of gaps + 1), the number of orders
    Poisson, and each order one of the customer's own.
    """
    random = np.random.default_rng(seed)
    rates = random.gamma(gaps + 1.0, 1.0 / ((gaps + 1.0) * usual_gap_days), DRAWS)
    orders = random.poisson(rates * STAKE_DAYS)
    amounts = random.choice(np.asarray(day_spends, float), int(orders.sum()))
    owner = np.repeat(np.arange(DRAWS), orders)
    value = float(np.mean(day_spends)) * STAKE_DAYS / usual_gap_days
    return Stake(value, np.bincount(owner, weights=amounts, minlength=DRAWS))


def second_order_stake(second_spends: np.ndarray, *, seed: int) -> Stake:
    """What a second order is worth here: the mean and spread of the shop's own second orders, in minor units."""
    random = np.random.default_rng(seed)
    return Stake(float(np.mean(second_spends)), random.choice(np.asarray(second_spends, float), DRAWS))


def add_stakes(stakes: list[Stake]) -> Stake:
    """The stake of several customers together: values and outcomes add, ranges don't.

    >>> add_stakes([]).value_minor
    0.0
    """
    draws = np.sum([stake.draws_minor for stake in stakes], axis=0) if stakes else np.zeros(DRAWS)
    return Stake(float(sum(stake.value_minor for stake in stakes)), draws)
