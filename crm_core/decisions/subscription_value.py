"""What running contracts will still bring: expected, discounted to today, and with a range by simulation.

A payment counts on the day it is due: like lifetime value everywhere it is margin x money x expected purchases,
discounted by the year, only that the days are known here.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.errors import CrmError
from crm_core.models.shifted_beta_geometric import ShiftedBetaGeometric
from crm_core.vocabulary import DAYS_PER_YEAR

__all__ = ["LIFETIME_DAYS", "Ahead", "Terms", "look_ahead", "range_of_total"]

Floats = NDArray[np.float64]
LIFETIME_DAYS = 50 * DAYS_PER_YEAR  # where the discount is 0 a lifetime would else have no end
DRAWS, BLOCK = 400, 5_000
POINTS = (0.1, 0.9)
LEAST_LEAVING = 1e-9


@dataclass(frozen=True)
class Terms:
    """How payments become worth: days between two of them, how far ahead, yearly discount and margin (shares).

    paid_share: of the periods in which a contract runs, how many are paid; the others are skipped.
    """

    period_days: float
    horizon_days: float
    discount_rate: float = 0.0
    margin_share: float = 1.0
    paid_share: float = 1.0

    def __post_init__(self) -> None:
        if not (self.period_days > 0 and np.isfinite(self.period_days)):
            raise CrmError(f"The days between two payments must be above 0; got {self.period_days:g}.")
        if not 0 <= self.margin_share <= 1:
            raise CrmError(f"The margin is a share between 0 and 1; got {self.margin_share:g}.")
        if not 0 <= self.discount_rate < np.inf:
            raise CrmError(f"The discount rate must be 0 or more; got {self.discount_rate:g}.")

    @property
    def period_discount(self) -> float:
        """The yearly discount brought to a period."""
        return float((1 + self.discount_rate) ** (self.period_days / DAYS_PER_YEAR) - 1)

    def due(self, wait_days: pd.Series) -> NDArray[np.int64]:
        """How many payments fall due within the horizon, the first one after ``wait_days``."""
        left = self.horizon_days - wait_days.to_numpy(np.float64)
        return np.where(left >= 0, np.floor(left / self.period_days) + 1, 0).astype(np.int64)

    def worth_of_next(self, contracts: pd.DataFrame) -> Floats:
        """What each next payment is worth today if it comes."""
        wait = contracts["wait_days"].to_numpy(np.float64)
        amount = contracts["amount_minor"].to_numpy(np.float64)
        return np.asarray(
            self.paid_share * self.margin_share * amount * (1 + self.discount_rate) ** (-wait / DAYS_PER_YEAR)
        )


@dataclass(frozen=True, eq=False)
class Ahead:
    """Per contract, in its order: payments expected, P(makes all that fall due), and what they are worth today."""

    expected_payments: Floats
    p_stays: Floats
    value_minor: Floats


def look_ahead(model: ShiftedBetaGeometric, contracts: pd.DataFrame, terms: Terms) -> Ahead:
    """What running contracts bring within the horizon.

    In: contracts[renewals: made so far, wait_days: until the next payment is due, amount_minor: of a period].
    Source: Fader & Hardie (2010), Marketing Science 29(1), with a finite horizon.

    >>> model = ShiftedBetaGeometric.from_parameters({"alpha": 1.0, "beta": 3.0})
    >>> contracts = pd.DataFrame({"renewals": [0, 3], "wait_days": [10, 10], "amount_minor": [1000, 1000]})
    >>> look_ahead(model, contracts, Terms(period_days=30, horizon_days=60)).value_minor.round(1).tolist()
    [1350.0, 1607.1]
    """
    due = terms.due(contracts["wait_days"])
    renewals = contracts["renewals"]
    discounted = model.discounted_renewals(renewals, discount=terms.period_discount, periods=due)
    return Ahead(
        expected_payments=terms.paid_share * model.expected_renewals(renewals, periods=due),
        p_stays=model.p_stays(renewals, periods=due),
        value_minor=terms.worth_of_next(contracts) * discounted,
    )


def range_of_total(
    model: ShiftedBetaGeometric, contracts: pd.DataFrame, terms: Terms, *, seed: int
) -> tuple[float, float]:
    """The 10 % and 90 % points of what all contracts together are worth: chance, and what is not known of the model.

    In: as ``look_ahead``; the order of the rows makes no difference.
    """
    ordered = contracts.sort_values(["renewals", "wait_days", "amount_minor"], kind="stable")
    parameters = model.draw_parameters(DRAWS, seed=seed)
    random = np.random.default_rng(seed)
    keeps = 1 / (1 + terms.period_discount)
    totals = np.zeros(DRAWS)
    for start in range(0, len(ordered), BLOCK):
        block = ordered.iloc[start : start + BLOCK]
        renewals = block["renewals"].to_numpy(np.float64)[:, None]
        leaves = random.beta(parameters[:, 0], parameters[:, 1] + renewals)
        made = random.geometric(np.clip(leaves, LEAST_LEAVING, 1.0)) - 1
        made = np.minimum(made, terms.due(block["wait_days"])[:, None])
        sums = (1 - keeps**made) / (1 - keeps) if keeps < 1 else made
        totals += terms.worth_of_next(block) @ sums
    low, high = np.quantile(totals, POINTS)
    return float(low), float(high)
