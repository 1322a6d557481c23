"""What other weights would change: who enters and leaves the top of the list, and whether weights matter."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from crm_core.decisions.loyalty import LoyaltyInputs, score_loyalty
from crm_core.wording import plural

__all__ = ["WeightChange", "compare_weights", "rank_agreement", "weights_agreement"]

Weights = tuple[float, float]
Floats = NDArray[np.float64]
VALUE_LED: Weights = (0.75, 0.25)
REPEAT_LED: Weights = (0.25, 0.75)
HARDLY_FROM = 0.98
STEPS_PER_POINT = 100


@dataclass(frozen=True)
class WeightChange:
    """The effect of a change of weights on the order of customers."""

    enters: tuple[int, ...]
    leaves: tuple[int, ...]
    rank_correlation: float
    hardly_matters: bool
    sentence: str


def compare_weights(inputs: LoyaltyInputs, *, current: Weights, saved: Weights, top: int = 20) -> WeightChange:
    """Who enters and leaves the top when (alpha, beta) go from `saved` to `current`, best first.

    >>> import pandas as pd
    >>> from crm_core.decisions.loyalty import loyalty_inputs
    >>> base = pd.DataFrame({"clv_minor": [1, 2, 3], "repeat_rate": [0.9, 0.5, 0.0]}, index=[11, 12, 13])
    >>> change = compare_weights(loyalty_inputs(base), current=(0, 1), saved=(1, 0), top=1)
    >>> change.enters, change.leaves, change.rank_correlation
    ((11,), (13,), -1.0)
    """
    now = score_loyalty(inputs, alpha=current[0], beta=current[1]).to_numpy()
    before = score_loyalty(inputs, alpha=saved[0], beta=saved[1]).to_numpy()
    top_now, top_before = pick_top(now, inputs, top), pick_top(before, inputs, top)
    enters = tuple(customer for customer in top_now if customer not in set(top_before))
    leaves = tuple(customer for customer in top_before if customer not in set(top_now))
    hardly = weights_agreement(inputs) >= HARDLY_FROM
    correlation = rank_agreement(now, before)
    sentence = describe_change(len(enters), len(top_now), hardly)
    return WeightChange(enters, leaves, correlation, hardly, sentence)


@lru_cache(maxsize=4)  # the slider asks again for the same inputs
def weights_agreement(inputs: LoyaltyInputs) -> float:
    """Rank correlation between weighing value three to one and one to three: near 1, weights hardly matter.

    >>> import pandas as pd
    >>> from crm_core.decisions.loyalty import loyalty_inputs
    >>> weights_agreement(loyalty_inputs(pd.DataFrame({"clv_minor": [1, 2, 3], "repeat_rate": [0.0, 0.0, 0.0]})))
    1.0
    """
    scores = [score_loyalty(inputs, alpha=alpha, beta=beta).to_numpy() for alpha, beta in (VALUE_LED, REPEAT_LED)]
    return rank_agreement(*scores)


def rank_agreement(first: Floats, second: Floats) -> float:
    """Spearman's correlation of two scores 0..100 read to a hundredth point; 1 where nothing can be told apart.

    Ranks come from counting, not from sorting, so that 100,000 customers take a millisecond or two.

    >>> import numpy as np
    >>> rank_agreement(np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 90.0]))
    1.0
    """
    known = ~(np.isnan(first) | np.isnan(second))
    ranks = [mean_ranks(values[known]) for values in (first, second)]
    centred = [values - values.mean() for values in ranks] if known.any() else ranks
    spread = float(np.sqrt((centred[0] ** 2).sum() * (centred[1] ** 2).sum()))
    return round(float((centred[0] * centred[1]).sum()) / spread, 9) if spread > 0 else 1.0


def mean_ranks(scores: Floats) -> Floats:
    """Mean ranks of scores 0..100, equal hundredths sharing theirs."""
    steps = np.rint(scores * STEPS_PER_POINT).astype(np.int64)
    counts = np.bincount(steps, minlength=1)
    upto = np.cumsum(counts)
    return np.asarray((upto - (counts - 1) / 2.0)[steps], dtype=np.float64)


def pick_top(scores: Floats, inputs: LoyaltyInputs, top: int) -> tuple[int, ...]:
    """Identifiers of the best scores, best first; equal ones by value, repeat rate and identifier."""
    filled = np.where(np.isnan(scores), -np.inf, scores)
    size = min(top, int(np.isfinite(filled).sum()))
    if size == 0:
        return ()
    threshold = np.partition(filled, len(filled) - size)[len(filled) - size]
    candidates = inputs.best_first[filled[inputs.best_first] >= threshold]
    order = np.argsort(-filled[candidates], kind="stable")[:size]
    return tuple(inputs.customer_id[candidates[order]].tolist())


def describe_change(moved: int, size: int, hardly: bool) -> str:
    """One sentence on the top of the list under other weights."""
    if size == 0:
        return "No customer has a score yet."
    who = plural(size, "customer leads", "customers lead")
    if moved == 0:
        first = f"The same {who} as with your saved weights."
    else:
        people = plural(moved, "customer enters", "customers enter")
        first = f"{people} the top {size} and as many leave it, compared with your saved weights."
    return first + (" These weights hardly matter here: almost any choice gives the same order." if hardly else "")
