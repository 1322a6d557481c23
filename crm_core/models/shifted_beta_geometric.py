"""Shifted beta-geometric: how long contracts last that are renewed period by period and end for good.

At each renewal a customer leaves with a probability of their own; it differs between customers (beta: alpha, beta), so
those who stayed long are likelier to stay. Symbols of the paper: t = periods; here m = renewals made so far.
Sources: Fader & Hardie (2007), How to Project Customer Retention, J. Interactive Marketing 21(1), 76-90; Fader & Hardie
(2010), Customer-Base Valuation in a Contractual Setting, Marketing Science 29(1), 85-93.
"""

from collections.abc import Mapping
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import betaln, digamma

from crm_core.errors import CrmError, TooLittleDataError
from crm_core.models.one_thread import one_thread

__all__ = ["ShiftedBetaGeometric"]

Floats = NDArray[np.float64]
LOG_BOUND = 14.0
LOG_PLAUSIBLE = 7.0  # a parameter beyond e**7 is a boundary, not an estimate
FEW = 25  # who left, or who stayed
LEAST_OPPORTUNITIES = 3  # how often leaving rates differ shows from the third renewal on
PRIOR_MEAN = np.log(np.array([1.0, 6.0]))  # alpha, beta: one in seven leaves at the first renewal
PRIOR_SD = 1.5
STEP = 1e-4  # of a log-parameter, for the curvature
NEGLIGIBLE, MOST_TERMS = 1e-13, 500_000


class ShiftedBetaGeometric:
    """Fitted: alpha_, beta_, log_likelihood_ (without the prior), customers_, ended_, covariance_ (of the logs of the
    two), regularised_ (a weak prior was needed: few left or few stayed, or the likelihood has no maximum inside).

    Who has paid n periods has renewed n - 1 times.

    >>> model = ShiftedBetaGeometric.from_parameters({"alpha": 0.668, "beta": 3.806})
    >>> model.survival(7).round(3).tolist()
    [1.0, 0.851, 0.747, 0.67, 0.61, 0.562, 0.522, 0.489]
    """

    PARAMETERS = ("alpha", "beta")
    alpha_: float
    beta_: float
    log_likelihood_: float
    customers_: int
    ended_: int
    regularised_: bool
    covariance_: Floats

    def fit(self, customers: pd.DataFrame) -> Self:
        """Maximum likelihood; who still runs may renew any number of times more.

        In: customers[renewals: made so far, ended: whether the next one was not made].
        """
        counts = _Counts.of(customers)
        self.customers_, self.ended_ = int(counts.people.sum()), int(counts.ended.sum())
        logs = _maximise(counts, np.zeros(2), precision=0.0)
        few = min(self.ended_, self.customers_ - self.ended_) < FEW or counts.opportunities < LEAST_OPPORTUNITIES
        self.regularised_ = few or bool((np.abs(logs) > LOG_PLAUSIBLE).any())
        precision = PRIOR_SD**-2 if self.regularised_ else 0.0
        if self.regularised_:
            logs = _maximise(counts, PRIOR_MEAN, precision=precision)
        self.alpha_, self.beta_ = (float(value) for value in np.exp(logs))
        self.log_likelihood_ = counts.log_likelihood(logs)[0]
        self.covariance_ = _covariance(counts, logs, precision=precision)
        return self

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, float]) -> Self:
        """A model from alpha and beta, taken as certain."""
        model = cls()
        for name in cls.PARAMETERS:
            if not 0 < parameters[name] < np.inf:
                raise CrmError(f"The shifted beta-geometric's {name} must be above 0; got {parameters[name]}.")
            setattr(model, f"{name}_", float(parameters[name]))
        model.covariance_ = np.zeros((2, 2))
        return model

    @property
    def parameters(self) -> dict[str, float]:
        """alpha and beta of the fitted model."""
        self._check_fitted()
        return {"alpha": self.alpha_, "beta": self.beta_}

    def survival(self, periods: int) -> pd.Series:
        """Share of new customers who make at least t renewals; index t = 0 ... periods."""
        self._check_fitted()
        made = np.arange(_whole(periods), dtype=np.float64)
        # Fader & Hardie (2007), eq. 6: the product of the retention rates
        share = np.concatenate([np.ones(1), np.cumprod(self._renews(made))])
        return pd.Series(share, index=pd.RangeIndex(len(share), name="period"), name="survival")

    def retention(self, periods: int) -> pd.Series:
        """Share of those who made t - 1 renewals that make the next one; index t = 1 ... periods (2007, eq. 8)."""
        self._check_fitted()
        made = np.arange(_whole(periods), dtype=np.float64)
        return pd.Series(self._renews(made), index=pd.RangeIndex(1, len(made) + 1, name="period"), name="retention")

    def p_renews(self, renewals: ArrayLike) -> Floats:
        """P(makes the next renewal), 0..1, of customers who made so many and still run."""
        self._check_fitted()
        return self._renews(_renewals(renewals))

    def p_stays(self, renewals: ArrayLike, *, periods: ArrayLike) -> Floats:
        """P(makes all of the next ``periods`` renewals), 0..1, of customers who still run."""
        self._check_fitted()
        m, ahead = np.broadcast_arrays(_renewals(renewals), np.asarray(periods, np.float64))
        alpha, beta = self.alpha_, self.beta_ + m
        return np.asarray(np.exp(np.minimum(betaln(alpha, beta + ahead) - betaln(alpha, beta), 0.0)))

    def expected_renewals(self, renewals: ArrayLike, *, periods: ArrayLike | None = None) -> Floats:
        """How many of the next ``periods`` renewals a running customer is expected to make.

        Without ``periods`` the whole residual lifetime: infinite for alpha up to 1, so ask for a number of periods
        before showing it.
        """
        return self.discounted_renewals(renewals, discount=0.0, periods=periods)

    def discounted_renewals(self, renewals: ArrayLike, *, discount: float, periods: ArrayLike | None = None) -> Floats:
        """The same, each renewal discounted to the next one, which counts in full; discount per period.

        Without ``periods`` this is the discounted expected residual lifetime, DERL (2010, eq. 6).

        >>> model = ShiftedBetaGeometric.from_parameters({"alpha": 3.8, "beta": 15.2})
        >>> model.discounted_renewals([0, 1, 4], discount=0.1).round(3).tolist()
        [3.31, 3.451, 3.842]
        """
        self._check_fitted()
        if not 0 <= discount < np.inf:
            raise CrmError(f"The discount per period must be 0 or more; got {discount}.")
        m = _renewals(renewals)
        if periods is None:
            return self._lifetimes(m, discount)
        m, ahead = np.broadcast_arrays(m, np.asarray(periods))
        if not m.size:
            return np.zeros(m.shape)
        longest = _whole(ahead.max())
        distinct, place = np.unique(m, return_inverse=True)
        k = np.arange(longest)
        stays = np.cumprod(self._renews(distinct[:, None] + k), axis=1)
        sums = np.concatenate([np.zeros((len(distinct), 1)), np.cumsum(stays * (1 + discount) ** -k, axis=1)], axis=1)
        return np.asarray(sums[place.reshape(m.shape), np.maximum(ahead, 0).astype(np.intp)])

    def draw_parameters(self, draws: int, *, seed: int) -> Floats:
        """alpha and beta as they may be, given how few customers were seen: one row per draw."""
        self._check_fitted()
        values, vectors = np.linalg.eigh(self.covariance_)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        strays = np.random.default_rng(seed).standard_normal((draws, 2)) @ root.T
        logs = np.log([self.alpha_, self.beta_]) + strays
        return np.asarray(np.exp(np.clip(logs, -LOG_BOUND, LOG_BOUND)))

    def _renews(self, m: Floats) -> Floats:
        return np.asarray((self.beta_ + m) / (self.alpha_ + self.beta_ + m))

    def _lifetimes(self, m: Floats, discount: float) -> Floats:
        """DERL by its recursion, from far ahead back to now: the hypergeometric function of eq. 6 overflows for large
        parameters, this does not."""
        if discount == 0:
            return (self.beta_ + m) / (self.alpha_ - 1) if self.alpha_ > 1 else np.full(m.shape, np.inf)
        keeps = 1 / (1 + discount)
        terms = min(int(np.log(NEGLIGIBLE) / np.log(keeps)) + 2, MOST_TERMS)
        most = int(m.max(initial=0))
        renews = self._renews(np.arange(most + terms, dtype=np.float64))
        value, found = float(renews[-1] / (1 - keeps * renews[-1])), np.empty(most + 1)
        for place in range(len(renews) - 1, -1, -1):
            value = renews[place] * (1 + keeps * value)
            if place <= most:
                found[place] = value
        return np.asarray(found[m.astype(np.intp)])

    def _check_fitted(self) -> None:
        if not hasattr(self, "alpha_"):
            raise CrmError("This shifted beta-geometric model is not fitted yet; call fit(customers) first.")


class _Counts:
    """Customers by renewals made: how many, and how many of them ended there."""

    def __init__(self, renewals: Floats, ended: NDArray[np.bool_]) -> None:
        self.m, place = np.unique(renewals, return_inverse=True)
        self.people = np.bincount(place).astype(np.float64)
        self.ended = np.bincount(place, weights=ended.astype(np.float64))
        self.opportunities = float((renewals + ended).max())

    @classmethod
    def of(cls, customers: pd.DataFrame) -> "_Counts":
        for name in ("renewals", "ended"):
            if name not in customers:
                raise CrmError(f"Contracts need a column '{name}'; there are {', '.join(map(str, customers.columns))}.")
        if not len(customers):
            raise TooLittleDataError("The shifted beta-geometric needs at least one customer; there is none.")
        return cls(_renewals(customers["renewals"]), customers["ended"].to_numpy(bool))

    def log_likelihood(self, logs: Floats) -> tuple[float, Floats]:
        """Its value, and its slope by the logs of alpha and beta (2007, eqs. 5 and 6)."""
        alpha, beta = np.exp(logs)
        m, ended, runs = self.m, self.ended, self.people - self.ended
        start, whole = betaln(alpha, beta), digamma(alpha + beta)
        value = ended @ (betaln(alpha + 1, beta + m) - start) + runs @ (betaln(alpha, beta + m) - start)
        gone, here = whole - digamma(alpha + beta + m + 1), whole - digamma(alpha + beta + m)
        by_alpha = ended @ (1 / alpha + gone) + runs @ here
        later = digamma(beta + m) - digamma(beta)
        by_beta = ended @ (later + gone) + runs @ (later + here)
        return float(value), np.array([alpha * by_alpha, beta * by_beta])


def _maximise(counts: _Counts, start: Floats, *, precision: float) -> Floats:
    """Log-parameters at the maximum, with a normal prior around PRIOR_MEAN of the given precision."""
    people = counts.people.sum()

    def loss(logs: Floats) -> tuple[float, Floats]:
        value, slope = counts.log_likelihood(logs)
        off = logs - PRIOR_MEAN
        return (0.5 * precision * off @ off - value) / people, (precision * off - slope) / people

    options = {"maxiter": 500, "ftol": 1e-14, "gtol": 1e-9}
    with one_thread():
        found = minimize(
            loss, start, jac=True, method="L-BFGS-B", bounds=[(-LOG_BOUND, LOG_BOUND)] * 2, options=options
        )
    return np.asarray(found.x, dtype=np.float64)


def _covariance(counts: _Counts, logs: Floats, *, precision: float) -> Floats:
    """Of the log-parameters, from the curvature at the maximum; no direction is vaguer than the prior."""

    def bend(step: Floats) -> Floats:
        return (counts.log_likelihood(logs - step)[1] - counts.log_likelihood(logs + step)[1]) / (2 * STEP)

    curvature = np.array([bend(step) for step in np.eye(2) * STEP])
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2 + precision * np.eye(2))
    return np.asarray((vectors / np.maximum(values, PRIOR_SD**-2)) @ vectors.T)


def _renewals(values: ArrayLike) -> Floats:
    m = np.asarray(values, dtype=np.float64)
    if not (np.isfinite(m) & (m >= 0) & (m == np.floor(m))).all():
        raise CrmError("Renewals made so far must be whole numbers, 0 or more.")
    return m


def _whole(periods: float) -> int:
    if not periods >= 0:
        raise CrmError(f"The periods ahead must be 0 or more; got {periods}.")
    return int(periods)
