"""What the shop's own past says beyond a plain mix: which purchases come again when, how tastes and popularity count.

A logistic regression on top of the mix. The logarithm of the mix is drawn towards counting in full, every other fact
towards no effect, so that with few data the plain order remains. It is linear in how well a product fits the customer's
tastes, and in facts of a product and of a cell (a customer's own purchases of a product), so that all are scored in one
pass.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from crm_core.models.taste_axes import RANKS, fit_along
from crm_core.models.taste_parts import TasteParts

__all__ = ["LEAST_MIX", "LearntOffers", "Pairs", "climb", "gather_pairs", "learn_offers"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PRODUCT_HALF_LIVES = (7, 14, 90)
CELL_HALF_LIVES = (60, 180)
GAPS = (0.25, 0.5, 0.8, 1.3, 2.2)  # usual gaps since the last purchase, between which its product may be due
LEAST_GAPS_ORDERS = 3
LEAST_MIX = 0.005
HELD_BACK, HELD_IN_FULL = 50.0, 100.0  # ridge penalties, in standard deviations of the facts
STEPS, CLOSE_ENOUGH = 25, 1e-7


@dataclass(frozen=True, eq=False)
class LearntOffers:
    """level and weights of the logarithm of the mix, of the fit by each of the RANKS, of products' and cells' facts."""

    level: float
    of_mix: float
    of_fits: Floats
    of_products: Floats
    of_cells: Floats

    def correct(self, parts: TasteParts, customers: Ints, mixed: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits of being bought, from the mix of some customers (rows; it is overwritten)."""
        mixed += np.float32(LEAST_MIX)
        np.log(mixed, out=mixed)
        mixed *= np.float32(self.of_mix)
        for weight, fit in zip(self.of_fits, log_fits(parts, customers), strict=False):  # none of them: none is asked
            fit *= np.float32(weight)
            mixed += fit
        mixed += (self.level + product_facts(parts) @ self.of_products).astype(np.float32)
        if len(self.of_cells):
            cells = parts.matrix.cells_of(customers)
            moved = (cell_facts(parts, cells.cell) @ self.of_cells).astype(np.float32)
            mixed[cells.row, parts.matrix.product[cells.cell]] += moved
        return mixed


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of customer and product, which of them happened, and their facts: the mix; how well the product fits, by
    each of the RANKS; the product's own; the cell's. How many there are of the middle two is told."""

    customer: Ints
    facts: Floats
    happened: Floats
    fits: int
    products_facts: int

    @cached_property
    def scale(self) -> Floats:
        """Standard deviation of each fact; 1 where it does not vary."""
        spread = self.facts.std(axis=0)
        return np.where(spread > 1e-9, spread, 1.0)


def log_fits(parts: TasteParts, customers: Ints) -> Iterator[NDArray[np.float32]]:
    """Logarithms of how well each product fits some customers (rows), by each of the RANKS."""
    profiles = parts.profiles[customers]
    for rank in RANKS:
        fit = fit_along(profiles, parts.axes, rank)
        fit += np.float32(LEAST_MIX)
        yield np.log(fit, out=fit)


def product_facts(parts: TasteParts) -> Floats:
    """A row for each product: logarithms of its recent and all buyers against the most bought one's, and its trend."""
    counts = [parts.fading_buyers(days) for days in PRODUCT_HALF_LIVES] + [parts.matrix.buyers]
    shares = [np.log(0.003 + count / max(float(count.max(initial=0.0)), 1e-300)) for count in counts]
    return np.column_stack([*shares, np.log(0.05 + parts.trend)])


def cell_facts(parts: TasteParts, cell: Ints) -> Floats:
    """A row for each cell, all 0 for a product never bought: how often, how lately, and where in its own rhythm."""
    matrix = parts.matrix
    orders, age = matrix.orders[cell].astype(np.float64), matrix.last_age_days[cell].astype(np.float64)
    share = np.minimum(orders / matrix.baskets[matrix.customer[cell]], 1.0)
    fading = [np.log1p(parts.faded_orders(days)[cell] / 0.05) for days in CELL_HALF_LIVES]
    gap = (matrix.first_age_days[cell] - age) / np.maximum(orders - 1, 1)
    rhythmic = (orders >= LEAST_GAPS_ORDERS) & (gap > 0)
    phase = np.searchsorted(GAPS, age / np.maximum(gap, 0.5), side="right")
    due = (phase[:, None] == np.arange(len(GAPS) + 1)) & rhythmic[:, None]
    return np.column_stack(
        [np.ones(len(cell)), np.log1p(orders), np.log1p(share / 0.02), *fading, np.log1p(age), due.astype(np.float64)]
    )


def gather_pairs(
    parts: TasteParts, customers: Ints, mixed: NDArray[np.float32], happened: NDArray[np.bool_], *,
    considered: NDArray[np.bool_], new_only: bool,
) -> Pairs:  # fmt: skip
    """The facts of the considered pairs (customers x products), at the end of the day that `parts` are of."""
    row, product = np.nonzero(considered)
    about_products = product_facts(parts)
    facts = [np.log(LEAST_MIX + mixed[row, product].astype(np.float64))]
    if new_only:  # what comes again follows each customer's own purchases, not tastes
        facts += [fit[row, product].astype(np.float64) for fit in log_fits(parts, customers)]
    facts.append(about_products[product])
    if not new_only:
        cell = parts.matrix.find_cells(customers[row], product)
        own = np.zeros((len(row), 6 + len(GAPS) + 1))
        own[cell >= 0] = cell_facts(parts, cell[cell >= 0])
        facts.append(own)
    return Pairs(
        customers[row],
        np.column_stack(facts),
        happened[row, product].astype(np.float64),
        fits=len(RANKS) if new_only else 0,
        products_facts=about_products.shape[1],
    )


def learn_offers(pairs: Pairs, *, start: LearntOffers | None = None) -> LearntOffers:
    """Penalised maximum likelihood, by Newton's steps, each halved until it helps."""
    scale = pairs.scale
    in_full = np.concatenate([[0.0, scale[0]], np.zeros(pairs.facts.shape[1] - 1)])
    facts = np.column_stack([np.ones(len(pairs.facts)), pairs.facts / scale])
    penalty = np.concatenate([[0.0, HELD_IN_FULL], np.full(pairs.facts.shape[1] - 1, HELD_BACK)])
    if start is None:
        rate = min(max(float(pairs.happened.mean()), 1e-6), 1 - 1e-6)
        b = in_full.copy()
        b[0] = np.log(rate / (1 - rate)) - facts[:, 1].mean() * b[1]
    else:
        weights = np.concatenate([[start.of_mix], start.of_fits, start.of_products, start.of_cells])
        b = np.concatenate([[start.level], weights * scale])
    b = climb(facts, pairs.happened, penalty, b, towards=in_full)
    ends = np.cumsum([1, pairs.fits, pairs.products_facts])
    mix, fit, product, cell = np.split(b[1:] / scale, ends)
    return LearntOffers(float(b[0]), float(mix[0]), fit, product, cell)


def climb(
    facts: Floats,
    happened: Floats,
    penalty: Floats,
    b: Floats,
    *,
    weight: Floats | None = None,
    towards: Floats | float = 0.0,
) -> Floats:
    """The coefficients where the penalised likelihood is highest; ``weight``: for how many rows each stands;
    ``towards``: where the penalty draws each."""
    counts = np.ones(len(facts)) if weight is None else weight

    def height(b: Floats) -> float:
        eta = facts @ b
        return float(counts @ (happened * eta - np.logaddexp(0.0, eta)) - 0.5 * penalty @ (b - towards) ** 2)

    reached = height(b)
    for _ in range(STEPS):
        p = expit(facts @ b)
        slope = facts.T @ (counts * (happened - p)) - penalty * (b - towards)
        curve = (facts * (counts * p * (1 - p))[:, None]).T @ facts + np.diag(penalty + 1e-9)
        step, length = np.linalg.solve(curve, slope), 1.0
        while (higher := height(b + length * step)) < reached and length > 1e-3:
            length /= 2
        if higher - reached <= CLOSE_ENOUGH * abs(reached):
            return b
        b, reached = b + length * step, higher
    return b
