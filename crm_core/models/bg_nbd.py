"""BG/NBD: how often a customer will buy again, and whether at all, from purchase days alone.

Symbols of the paper: x = repeat_days, t_x = first_to_last_days, T = tenure_days, t = days ahead. While a customer is
active they buy at a rate that differs between customers (gamma: r, alpha); after each purchase they stay away for good
with a probability that differs too (beta: a, b).
Source: Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24(2), 275-284.
"""

from collections.abc import Mapping
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from crm_core.errors import CrmError, TooLittleDataError
from crm_core.features.purchase_summary import check_columns
from crm_core.models.beta_mean import mean_over_dropout
from crm_core.models.bg_nbd_likelihood import GroupedCustomers, distinct_rows
from crm_core.models.one_thread import one_thread

__all__ = ["BetaGeoNBD", "check_days"]

Floats = NDArray[np.float64]
LOG_BOUND = 14.0
LOG_PLAUSIBLE = 7.0  # a parameter beyond e**7 (of the mean tenure, for alpha) is a boundary, not an estimate
FEW_REPEAT_BUYERS = 25
PRIOR_MEAN = np.log(np.array([0.5, 0.5, 0.5, 2.0]))  # r, alpha in mean tenures, a, b
PRIOR_SD = 2.5


class BetaGeoNBD:
    """The BG/NBD model; times in any one unit, which alpha_ then shares (days throughout the product).

    Fitted: r_, alpha_, a_, b_, log_likelihood_ (without the prior), customers_, repeat_buyers_, regularised_ (a weak
    prior was needed, because few customers bought again or the likelihood has no maximum inside). That prior supposes
    one purchase per mean tenure, or per prior_gap where tenures are shorter.

    >>> model = BetaGeoNBD.from_parameters({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426})  # in weeks
    >>> customer = pd.DataFrame({"repeat_days": [2], "first_to_last_days": [30.43], "tenure_days": [38.86]})
    >>> round(float(model.expected_purchases(customer, days=39).iloc[0]), 3)
    1.226
    """

    PARAMETERS = ("r", "alpha", "a", "b")
    r_: float
    alpha_: float
    a_: float
    b_: float
    log_likelihood_: float
    customers_: int
    repeat_buyers_: int
    regularised_: bool

    def __init__(self, *, prior_gap: float = 180.0) -> None:
        self.prior_gap = prior_gap

    def fit(self, summary: pd.DataFrame) -> Self:
        """Maximum likelihood. In: summary[repeat_days, first_to_last_days, tenure_days], one row per customer."""
        x, t_x, T = _columns(summary)
        if len(x) == 0:
            raise TooLittleDataError("BG/NBD needs at least one customer with a purchase; there is none.")
        unit = max(float(T.mean()), self.prior_gap)
        groups = GroupedCustomers(x, t_x, T, unit=unit)
        self.customers_, self.repeat_buyers_ = len(x), int((x > 0).sum())
        logs = _maximise(groups, np.zeros(4), precision=0.0)
        self.regularised_ = self.repeat_buyers_ < FEW_REPEAT_BUYERS or bool((np.abs(logs) > LOG_PLAUSIBLE).any())
        if self.regularised_:
            logs = _maximise(groups, PRIOR_MEAN, precision=PRIOR_SD**-2)
        self.r_, scaled_alpha, self.a_, self.b_ = (float(value) for value in np.exp(logs))
        self.alpha_ = scaled_alpha * unit
        # A density of x purchase times changes with the unit: back to the caller's.
        self.log_likelihood_ = groups.log_likelihood(logs)[0] - float(x.sum()) * float(np.log(unit))
        return self

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, float]) -> Self:
        """A fitted model from r, alpha, a and b."""
        model = cls()
        for name in cls.PARAMETERS:
            if not parameters[name] > 0:
                raise CrmError(f"BG/NBD's {name} must be above 0; got {parameters[name]}.")
            setattr(model, f"{name}_", float(parameters[name]))
        return model

    @property
    def parameters(self) -> dict[str, float]:
        """r, alpha, a and b of the fitted model."""
        self._check_fitted()
        return {"r": self.r_, "alpha": self.alpha_, "a": self.a_, "b": self.b_}

    def p_alive(self, summary: pd.DataFrame) -> pd.Series:
        """P(still a customer), 0..1. A one-time buyer has 1: in this model people leave after repeat purchases only."""
        self._check_fitted()
        x, t_x, T = _columns(summary)
        # Fader, Hardie & Lee (2008), "Computing P(alive) Using the BG/NBD Model", eq. 1
        later = np.maximum(x, 1.0)
        log_odds = np.log(self.a_ / (self.b_ + later - 1)) + (self.r_ + x) * np.log(
            (self.alpha_ + T) / (self.alpha_ + t_x)
        )
        return pd.Series(np.where(x > 0, expit(-log_odds), 1.0), index=summary.index, name="p_alive")

    def p_active(self, summary: pd.DataFrame, *, days: float) -> pd.Series:
        """P(at least one purchase within the days ahead), 0..1."""
        x, _, T = _columns(summary)
        check_days(days)
        # While active the next purchase waits exponentially: a gamma mixture of rates makes that a Pareto.
        buys = -np.expm1((self.r_ + x) * np.log((self.alpha_ + T) / (self.alpha_ + T + days)))
        return (self.p_alive(summary) * buys).rename("p_active")

    def expected_purchases(self, summary: pd.DataFrame, *, days: float) -> pd.Series:
        """Expected number of purchases within the days ahead (eq. 10)."""
        return self.purchase_path(summary, days=[days]).iloc[:, 0].rename("expected_purchases")

    def purchase_path(self, summary: pd.DataFrame, *, days: list[float]) -> pd.DataFrame:
        """Expected purchases until each of the days ahead: one column per entry of days, cumulative."""
        alive = self.p_alive(summary).to_numpy()
        x, _, T = _columns(summary)
        first, place = distinct_rows(x, T)
        pairs = np.column_stack([x[first], T[first]])
        columns = {ahead: alive * self._while_active(pairs, ahead)[place] for ahead in map(check_days, days)}
        return pd.DataFrame(columns, index=summary.index)

    def _while_active(self, pairs: Floats, days: float) -> Floats:
        """Expected purchases of somebody active today, per (x, T).

        Eq. 10 without its hypergeometric function, which is singular at a = 1 and a + b + x = 1: given the rate and the
        dropout p the expectation is (1 - exp(-rate p t)) / p; the mean over rates is closed, over p numerical.
        """
        x, T = pairs[:, 0], pairs[:, 1]
        shape, ratio = (self.r_ + x)[:, None], (days / (self.alpha_ + T))[:, None]

        def purchases(p: Floats, rows: NDArray[np.intp]) -> Floats:
            p = np.maximum(p, 1e-300)
            return np.asarray(-np.expm1(-shape[rows] * np.log1p(p * ratio[rows])) / p)

        return mean_over_dropout(purchases, a=self.a_, b=self.b_ + x)

    def _check_fitted(self) -> None:
        if not hasattr(self, "r_"):
            raise CrmError("This BG/NBD model is not fitted yet; call fit(summary) first.")


def check_days(days: float) -> float:
    """The horizon, or a sentence when it lies in the past."""
    if not days >= 0:
        raise CrmError(f"The days ahead must be 0 or more; got {days}.")
    return float(days)


def _columns(summary: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """x, t_x and T as numbers, checked."""
    names = ["repeat_days", "first_to_last_days", "tenure_days"]
    check_columns(summary, names, what="purchase summaries")
    x, t_x, T = (summary[name].to_numpy(dtype=np.float64) for name in names)
    wrong = ~((x >= 0) & (t_x >= 0) & (t_x <= T))
    if wrong.any():
        row = summary.index[int(np.argmax(wrong))]
        raise CrmError(f"Customer {row}: needs 0 <= first_to_last_days <= tenure_days and repeat_days >= 0.")
    return x, np.where(x > 0, t_x, 0.0), T


def _maximise(groups: GroupedCustomers, start: Floats, *, precision: float) -> Floats:
    """Log-parameters at the maximum, with a normal prior around PRIOR_MEAN of the given precision."""

    def loss(logs: Floats) -> tuple[float, Floats]:
        value, slope = groups.log_likelihood(logs)
        off = logs - PRIOR_MEAN
        return (0.5 * precision * off @ off - value) / groups.customers, (precision * off - slope) / groups.customers

    options = {"maxiter": 500, "ftol": 1e-13, "gtol": 1e-8}
    with one_thread():
        found = minimize(
            loss, start, jac=True, method="L-BFGS-B", bounds=[(-LOG_BOUND, LOG_BOUND)] * 4, options=options
        )
    return np.asarray(found.x, dtype=np.float64)
