"""Each customer's spend of the months ahead, from their months so far: five methods that can be held against another.

Never below 0, never unknown. Where a method can't say anything of a series, a simpler one answers, and it is said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.errors import CrmError
from crm_core.models.lag_network import LAGS, LEAST_EXAMPLES, LagNetwork
from crm_core.models.series_fits import SEASON, arima_ahead, smooth_ahead

__all__ = ["FITTED", "Method", "SpendForecast", "forecast_spend"]

Floats = NDArray[np.float64]
LEAST_MONTHS = 8  # below, a fitted line follows chance
HIGHEST = 2.0  # times the best month: no trend is followed further


class Method(StrEnum):
    """How a series is carried on."""

    ETS = "Smoothing (ETS)"
    ARIMA = "ARIMA"
    NETWORK = "Network on lags"
    LAST_YEAR = "Same months a year ago"
    MEAN = "Mean of the months"


FALLBACK = f"{Method.MEAN}: "
FITTED = (Method.ETS, Method.ARIMA, Method.NETWORK)  # the others are plain rules


@dataclass(frozen=True)
class SpendForecast:
    """table: index customer_id, columns 1, 2, ...: the month ahead, spend in the unit of the series; used: index
    customer_id, what answered, as words."""

    table: pd.DataFrame
    used: pd.Series

    @property
    def fell_back(self) -> pd.Series:
        """For whom the method could say nothing, so that their mean answered."""
        return self.used.str.startswith(FALLBACK)


def forecast_spend(series: pd.DataFrame, *, months: int, method: Method, seed: int = 7) -> SpendForecast:
    """Every customer's spend in each of the months ahead.

    In: series as monthly_spend gives it: a row per customer, a column per month in order of time, NaN before a
    customer's first month. The network learns from all rows together, each other method knows one row only.

    >>> series = pd.DataFrame({"January": [40.0], "February": [60.0]}, index=["a"])
    >>> told = forecast_spend(series, months=2, method=Method.ETS)
    >>> told.table.to_numpy().tolist(), told.used["a"]
    ([[50.0, 50.0]], 'Mean of the months: fewer than 8')
    """
    if months < 1:
        raise CrmError(f"A forecast looks at least 1 month ahead; got {months}.")
    rows = [values[np.isfinite(values)] for values in series.to_numpy(np.float64)]
    ahead = _by_network(rows, seed) if method is Method.NETWORK else RULES[method]
    told = [_answer(values, months, ahead) for values in rows]
    table = pd.DataFrame(
        np.array([path for path, _ in told]).reshape(len(rows), months),
        index=series.index,
        columns=pd.RangeIndex(1, months + 1),
    )
    return SpendForecast(table, pd.Series([words for _, words in told], index=series.index, dtype=object))


Ahead = Callable[[Floats, int], tuple[Floats, str]]


def _answer(values: Floats, months: int, ahead: Ahead) -> tuple[Floats, str]:
    """One series carried on, within bounds; what needs no method is answered without."""
    if not len(values):
        return np.zeros(months), "Nothing: no whole month yet"
    if np.ptp(values) == 0:
        return np.full(months, max(values[0], 0.0)), "Every month was the same"
    path, words = ahead(values, months)
    if not np.isfinite(path).all():
        path, words = _mean(values, months, why="the fit ran away")
    return path.clip(0.0, HIGHEST * max(values.max(), 0.0)), words


def _mean(values: Floats, months: int, why: str = "") -> tuple[Floats, str]:
    words = f"{FALLBACK}{why}" if why else str(Method.MEAN)
    return np.full(months, values.mean()), words


def _last_year(values: Floats, months: int) -> tuple[Floats, str]:
    if len(values) < SEASON:
        return _mean(values, months, why="less than a year")
    return np.resize(values[-SEASON:], months), str(Method.LAST_YEAR)


def _smooth(values: Floats, months: int) -> tuple[Floats, str]:
    if len(values) < LEAST_MONTHS:
        return _mean(values, months, why=f"fewer than {LEAST_MONTHS}")
    found = smooth_ahead(values, months=months)
    return (found[0], f"ETS: {found[1]}") if found else _mean(values, months, why="smoothing did not converge")


def _arima(values: Floats, months: int) -> tuple[Floats, str]:
    if len(values) < LEAST_MONTHS:
        return _mean(values, months, why=f"fewer than {LEAST_MONTHS}")
    return arima_ahead(values, months=months) or _mean(values, months, why="ARIMA did not converge")


def _by_network(rows: list[Floats], seed: int) -> Ahead:
    """The network that learnt from these rows."""
    try:
        network = LagNetwork(seed=seed).fit(rows)
    except CrmError:
        return lambda values, months: _mean(values, months, why=f"fewer than {LEAST_EXAMPLES} examples to learn from")

    def ahead(values: Floats, months: int) -> tuple[Floats, str]:
        if len(values) < LAGS:
            return _mean(values, months, why="less than a year")
        return network.predict_ahead(values, months=months), f"Network, {network.examples_} examples"

    return ahead


RULES: dict[Method, Ahead] = {
    Method.ETS: _smooth,
    Method.ARIMA: _arima,
    Method.LAST_YEAR: _last_year,
    Method.MEAN: _mean,
}
