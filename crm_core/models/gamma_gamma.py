"""Gamma-Gamma: what a customer spends per purchase, between the shop's mean and their own.

Symbols of the paper: x = repeat_days, m = mean_repeat_spend. Spend per purchase is gamma (shape p) with a rate that
differs between customers (gamma: q, gamma). It must not depend on how often somebody buys; fit checks that and says so.
Source: Colombo & Jiang (1999), J. Interactive Marketing 13(3), 2-12; Fader, Hardie & Lee (2005), RFM and CLV,
J. Marketing Research 42(4), 415-430.
"""

from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln, psi
from scipy.stats import spearmanr

from crm_core.errors import CrmError
from crm_core.features.purchase_summary import check_columns
from crm_core.models.one_thread import one_thread

__all__ = ["GammaGamma"]

Floats = NDArray[np.float64]
MIN_BUYERS = 3
LOG_BOUND = 12.0
LOWEST_Q = 1.05  # the shop's mean spend, p gamma / (q - 1), exists for q > 1 only
EQUAL_WITHIN = 1e-6  # amounts this close, relative to their mean, are the same amount
NOTABLE_CORRELATION = 0.2


class GammaGamma:
    """Spend per purchase, in the unit of the amounts it is fitted on.

    Fitted: p_, q_, gamma_ (NaN where the mean had to do), mean_spend_ (expected of a customer nothing is known of),
    buyers_ (who entered the fit), correlation_ (rank, of spend with frequency; NaN if unknown), notes_.
    """

    p_: float
    q_: float
    gamma_: float
    mean_spend_: float
    buyers_: int
    correlation_: float
    notes_: tuple[str, ...]

    def fit(self, summary: pd.DataFrame) -> Self:
        """Maximum likelihood on repeat buyers whose mean spend is above 0.

        In: summary[repeat_days, mean_repeat_spend, total_spend, purchase_days], one row per customer.
        """
        check_columns(summary, ["repeat_days", "mean_repeat_spend", "total_spend", "purchase_days"], what="summaries")
        x = summary["repeat_days"].to_numpy(dtype=np.float64)
        m = summary["mean_repeat_spend"].to_numpy(dtype=np.float64)
        usable = (x > 0) & np.isfinite(m) & (m > 0)
        x, m = x[usable], m[usable]
        self.buyers_ = len(x)
        self.correlation_ = _rank_correlation(x, m)
        self.notes_ = _spend_notes(self.correlation_)
        if self.buyers_ < MIN_BUYERS:
            return self._use_mean(
                _mean_day_spend(summary),
                f"Spend per purchase is the shop's mean for everyone: only {self.buyers_} of the {MIN_BUYERS} repeat "
                "buyers with known spend that Gamma-Gamma needs.",
            )
        if np.ptp(m) <= EQUAL_WITHIN * m.mean():
            return self._use_mean(
                float(m.mean()), "Spend per purchase is the same for everyone: all amounts are equal."
            )
        unit = float(m.mean())
        p, q, gamma = _maximise(x, m / unit)
        self.p_, self.q_, self.gamma_ = p, q, gamma * unit
        self.mean_spend_ = self.p_ * self.gamma_ / (self.q_ - 1)
        return self

    @classmethod
    def from_parameters(cls, *, p: float, q: float, gamma: float) -> Self:
        """A fitted model from the paper's three parameters."""
        if not (p > 0 and q > 1 and gamma > 0):
            raise CrmError(f"Gamma-Gamma needs p > 0, q > 1 and gamma > 0; got p={p}, q={q}, gamma={gamma}.")
        model = cls()
        model.p_, model.q_, model.gamma_ = float(p), float(q), float(gamma)
        model.mean_spend_, model.buyers_, model.correlation_, model.notes_ = p * gamma / (q - 1), 0, float("nan"), ()
        return model

    @property
    def parameters(self) -> dict[str, float]:
        """p, q, gamma (left out where the mean had to do) and mean_spend."""
        self._check_fitted()
        named = {"p": self.p_, "q": self.q_, "gamma": self.gamma_} if self.varies else {}
        return {**named, "mean_spend": self.mean_spend_}

    @property
    def varies(self) -> bool:
        """Whether customers differ: False when the mean had to do."""
        self._check_fitted()
        return bool(np.isfinite(self.p_))

    def expected_spend(self, summary: pd.DataFrame) -> pd.Series:
        """Expected spend per purchase: the shop's mean and the customer's own, weighted by what is known of them.

        >>> model = GammaGamma.from_parameters(p=6.25, q=3.74, gamma=15.44)
        >>> customer = pd.DataFrame({"repeat_days": [0, 2], "mean_repeat_spend": [float("nan"), 22.35]})
        >>> model.expected_spend(customer).round(2).tolist()
        [35.22, 24.66]
        """
        if not self.varies:
            return pd.Series(self.mean_spend_, index=summary.index, name="spend_per_purchase")
        x, m = _known_purchases(summary)
        # Fader, Hardie & Lee (2005), JMR, eq. 9: p (gamma + x m) / (p x + q - 1)
        value = self.p_ * (self.gamma_ + x * m) / (self.p_ * x + self.q_ - 1)
        return pd.Series(value, index=summary.index, name="spend_per_purchase")

    def posterior(self, summary: pd.DataFrame) -> tuple[Floats, Floats]:
        """Shape and rate of the gamma posterior of each customer's own spend rate; 0 and the mean where none varies."""
        if not self.varies:
            return np.zeros(len(summary)), np.full(len(summary), self.mean_spend_)
        x, m = _known_purchases(summary)
        return self.p_ * x + self.q_, self.gamma_ + x * m

    def _use_mean(self, mean_spend: float, note: str) -> Self:
        """Fall back to one mean, saying why."""
        self.p_ = self.q_ = self.gamma_ = float("nan")
        self.mean_spend_ = mean_spend
        self.notes_ = (*self.notes_, note)
        return self

    def _check_fitted(self) -> None:
        if not hasattr(self, "mean_spend_"):
            raise CrmError("This Gamma-Gamma model is not fitted yet; call fit(summary) first.")


def _known_purchases(summary: pd.DataFrame) -> tuple[Floats, Floats]:
    """x and m; x = 0 where the spend is unknown, m = 0 where refunds outweigh the purchases."""
    x = summary["repeat_days"].to_numpy(dtype=np.float64)
    m = summary["mean_repeat_spend"].to_numpy(dtype=np.float64)
    known = np.isfinite(m)
    return np.where(known, x, 0.0), np.where(known, np.maximum(m, 0.0), 0.0)


def _mean_day_spend(summary: pd.DataFrame) -> float:
    """Mean spend per purchase day of everyone whose spend is known; 0 when refunds outweigh it."""
    known = summary["total_spend"].notna()
    days = float(summary.loc[known, "purchase_days"].sum())
    return max(float(summary.loc[known, "total_spend"].sum()) / days, 0.0) if days else 0.0


def _rank_correlation(x: Floats, m: Floats) -> float:
    """Spearman's correlation of frequency and spend; NaN where one of them doesn't vary."""
    if len(x) < MIN_BUYERS or np.ptp(x) == 0 or np.ptp(m) == 0:
        return float("nan")
    return float(spearmanr(x, m).statistic)


def _spend_notes(correlation: float) -> tuple[str, ...]:
    """What the check of independence found, where it matters."""
    if not abs(correlation) >= NOTABLE_CORRELATION:
        return ()
    direction, look = ("more", "better") if correlation > 0 else ("less", "worse")
    return (
        f"Frequent buyers spend {direction} each time here (rank correlation {correlation:.2f}). "
        f"The estimate leaves that aside, so rare buyers look {look} than they are.",
    )


def _maximise(x: Floats, m: Floats) -> tuple[float, float, float]:
    """p, q and gamma at the maximum, for amounts with mean 1.

    Few different numbers of purchases stand for many buyers, so what depends on x alone is worked out once for each.
    """
    purchases, which = np.unique(x, return_inverse=True)
    buyers = np.bincount(which).astype(np.float64)
    log_total, log_mean = np.log(x * m), float(np.log(m).mean())

    def loss(logs: Floats) -> tuple[float, Floats]:
        # Fader & Hardie (2013), "The Gamma-Gamma Model of Monetary Value", eq. 1a
        p, q, g = np.exp(logs)
        shapes, rate = p * purchases + q, g + x * m
        log_rate = np.log(rate)
        beside = log_total - log_rate
        value = buyers @ (gammaln(shapes) - gammaln(p * purchases)) + p * (x @ beside)
        value += len(x) * (q * np.log(g) - gammaln(q) - log_mean) - q * log_rate.sum()
        slope_p = (buyers * purchases) @ (psi(shapes) - psi(p * purchases)) + x @ beside
        slope_q = buyers @ psi(shapes) + len(x) * (np.log(g) - psi(q)) - log_rate.sum()
        slope_g = len(x) * q / g - (shapes[which] / rate).sum()
        slopes = np.array([slope_p * p, slope_q * q, slope_g * g]) / len(x)
        return float(-value / len(x)), -slopes

    bounds = [(-LOG_BOUND, LOG_BOUND), (np.log(LOWEST_Q), LOG_BOUND), (-LOG_BOUND, LOG_BOUND)]
    start = np.log(np.array([2.0, 3.0, 1.0]))
    options = {"maxiter": 500, "ftol": 1e-13, "gtol": 1e-8}
    with one_thread():
        found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    p, q, g = (float(value) for value in np.exp(found.x))
    return p, q, g
