"""What the models of the BG/NBD family share: what they are asked, how they are fitted and when a prior helps.

In each, somebody buys at a rate of their own while active (gamma: r, alpha) and at some time leaves for good; when and
how they leave is each model's own. Symbols: x = repeat_days, t_x = first_to_last_days, T = tenure_days, t = days ahead.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Protocol, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize

from crm_core.errors import CrmError, TooLittleDataError
from crm_core.features.purchase_summary import check_columns
from crm_core.models.one_thread import one_thread
from crm_core.models.purchase_groups import distinct_rows

__all__ = ["FEW_REPEAT_BUYERS", "Likelihood", "PurchaseModel", "check_days", "history_columns"]

Floats = NDArray[np.float64]
LOG_BOUND = 14.0
LOG_PLAUSIBLE = 7.0  # a parameter beyond e**7 (of the mean tenure, for times) is a boundary, not an estimate
FEW_REPEAT_BUYERS = 25
PRIOR_SD = 2.5


class Likelihood(Protocol):
    """The likelihood of a model on its customers."""

    customers: int

    def log_likelihood(self, logs: Floats) -> tuple[float, Floats]:
        """The value and its gradient by the logarithms of the parameters."""
        ...


class PurchaseModel(ABC):
    """A model of the family; times in any one unit, which its parameters of time share (days throughout the product).

    Fitted: the parameters with an underscore (r_, alpha_ ...), log_likelihood_ (without the prior), customers_,
    repeat_buyers_, regularised_ (a weak prior was needed, because few customers bought again or the likelihood has no
    maximum inside). That prior supposes one purchase per mean tenure, or per prior_gap where tenures are shorter.
    """

    NAME: ClassVar[str]
    PARAMETERS: ClassVar[tuple[str, ...]]
    TIMES: ClassVar[frozenset[str]]  # those of the parameters that are times
    PRIOR_MEDIAN: ClassVar[tuple[float, ...]]  # by parameter, times in mean tenures
    r_: float
    alpha_: float
    log_likelihood_: float
    customers_: int
    repeat_buyers_: int
    regularised_: bool

    def __init__(self, *, prior_gap: float = 180.0) -> None:
        self.prior_gap = prior_gap

    def fit(self, summary: pd.DataFrame) -> Self:
        """Maximum likelihood. In: summary[repeat_days, first_to_last_days, tenure_days], one row per customer."""
        x, t_x, T = history_columns(summary)
        if len(x) == 0:
            raise TooLittleDataError(f"{self.NAME} needs at least one customer with a purchase; there is none.")
        unit = max(float(T.mean()), self.prior_gap)
        likelihood = self._likelihood(x, t_x, T, unit=unit)
        prior = np.log(np.array(self.PRIOR_MEDIAN))
        self.customers_, self.repeat_buyers_ = len(x), int((x > 0).sum())
        logs = _maximise(likelihood, np.zeros(len(prior)), prior, precision=0.0)
        self.regularised_ = self.repeat_buyers_ < FEW_REPEAT_BUYERS or bool((np.abs(logs) > LOG_PLAUSIBLE).any())
        if self.regularised_:
            logs = _maximise(likelihood, prior, prior, precision=PRIOR_SD**-2)
        for name, value in zip(self.PARAMETERS, np.exp(logs), strict=True):
            setattr(self, f"{name}_", float(value) * (unit if name in self.TIMES else 1.0))
        # A density of x purchase times changes with the unit: back to the caller's.
        self.log_likelihood_ = likelihood.log_likelihood(logs)[0] - float(x.sum()) * float(np.log(unit))
        return self

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, float]) -> Self:
        """A fitted model from its parameters by name."""
        model = cls()
        for name in cls.PARAMETERS:
            if not parameters[name] > 0:
                raise CrmError(f"{cls.NAME}'s {name} must be above 0; got {parameters[name]}.")
            setattr(model, f"{name}_", float(parameters[name]))
        return model

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters of the fitted model by name."""
        self._check_fitted()
        return {name: float(getattr(self, f"{name}_")) for name in self.PARAMETERS}

    @abstractmethod
    def p_alive(self, summary: pd.DataFrame) -> pd.Series:
        """P(still a customer), 0..1."""

    def p_active(self, summary: pd.DataFrame, *, days: float) -> pd.Series:
        """P(at least one purchase within the days ahead), 0..1."""
        x, _, T = history_columns(summary)
        alive = self.p_alive(summary)
        return (alive * self._buys_while_active(x, T, check_days(days))).rename("p_active")

    def expected_purchases(self, summary: pd.DataFrame, *, days: float) -> pd.Series:
        """Expected number of purchases within the days ahead."""
        return self.purchase_path(summary, days=[days]).iloc[:, 0].rename("expected_purchases")

    def purchase_path(self, summary: pd.DataFrame, *, days: list[float]) -> pd.DataFrame:
        """Expected purchases until each of the days ahead: one column per entry of days, cumulative."""
        alive = self.p_alive(summary).to_numpy()
        x, _, T = history_columns(summary)
        first, place = distinct_rows(x, T)
        columns = {
            ahead: alive * self._while_active(x[first], T[first], ahead)[place] for ahead in map(check_days, days)
        }
        return pd.DataFrame(columns, index=summary.index)

    @abstractmethod
    def _likelihood(self, x: Floats, t_x: Floats, T: Floats, *, unit: float) -> Likelihood:
        """The likelihood with times in that unit."""

    @abstractmethod
    def _buys_while_active(self, x: Floats, T: Floats, days: float) -> Floats:
        """P(at least one purchase) of somebody active today."""

    @abstractmethod
    def _while_active(self, x: Floats, T: Floats, days: float) -> Floats:
        """Expected purchases of somebody active today."""

    def _check_fitted(self) -> None:
        if not hasattr(self, "r_"):
            raise CrmError(f"This {self.NAME} model is not fitted yet; call fit(summary) first.")


def check_days(days: float) -> float:
    """The horizon, or a sentence when it lies in the past.

    >>> check_days(90)
    90.0
    """
    if not days >= 0:
        raise CrmError(f"The days ahead must be 0 or more; got {days}.")
    return float(days)


def history_columns(summary: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """x, t_x and T as numbers, checked. In: summary[repeat_days, first_to_last_days, tenure_days]."""
    names = ["repeat_days", "first_to_last_days", "tenure_days"]
    check_columns(summary, names, what="purchase summaries")
    x, t_x, T = (summary[name].to_numpy(dtype=np.float64) for name in names)
    wrong = ~((x >= 0) & (t_x >= 0) & (t_x <= T))
    if wrong.any():
        row = summary.index[int(np.argmax(wrong))]
        raise CrmError(f"Customer {row}: needs 0 <= first_to_last_days <= tenure_days and repeat_days >= 0.")
    return x, np.where(x > 0, t_x, 0.0), T


def _maximise(likelihood: Likelihood, start: Floats, prior: Floats, *, precision: float) -> Floats:
    """Log-parameters at the maximum, with a normal prior around those given, of the given precision."""

    def loss(logs: Floats) -> tuple[float, Floats]:
        value, slope = likelihood.log_likelihood(logs)
        off, customers = logs - prior, likelihood.customers
        return float(0.5 * precision * off @ off - value) / customers, (precision * off - slope) / customers

    bounds = [(-LOG_BOUND, LOG_BOUND)] * len(start)
    options = {"maxiter": 500, "ftol": 1e-13, "gtol": 1e-8}
    with one_thread():
        found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return np.asarray(found.x, dtype=np.float64)
