"""One series of monthly amounts going on: exponential smoothing and ARIMA, each in the form that its AIC prefers.

Fitted by statsmodels, which takes a second to import: only when something is fitted.
Sources: Hyndman & Athanasopoulos (2021), Forecasting: principles and practice, 3rd ed., chapters 8 and 9; the number of
differences as in Hyndman & Khandakar (2008), Journal of Statistical Software 27(3), by the KPSS test.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crm_core.models.quiet_fit import quiet_fit

__all__ = ["SEASON", "arima_ahead", "smooth_ahead"]

Floats = NDArray[np.float64]
SEASON = 12  # months
SEASONS_NEEDED = 2  # a season seen once can't be told from chance
SMOOTHING: dict[str, dict[str, Any]] = {
    "level": {},
    "level and damped trend": {"trend": "add", "damped_trend": True},
    "level and season": {"seasonal": "add", "seasonal_periods": SEASON},
    "level, damped trend and season": {
        "trend": "add",
        "damped_trend": True,
        "seasonal": "add",
        "seasonal_periods": SEASON,
    },
}
YEARLY = (1, 0, 0, SEASON)
NOT_YEARLY = (0, 0, 0, 0)
ORDERS = {  # differences -> orders to choose from; AIC compares only series that were differenced as often
    0: [
        ((0, 0, 0), NOT_YEARLY, "a steady level"),
        ((1, 0, 0), NOT_YEARLY, "each month leans on the one before"),
        ((0, 0, 1), NOT_YEARLY, "a month's surprise lasts into the next"),
        ((0, 0, 0), YEARLY, "each month leans on the same one a year ago"),
    ],
    1: [
        ((0, 1, 1), NOT_YEARLY, "a level that moves"),
        ((1, 1, 0), NOT_YEARLY, "a level whose moves lean on the one before"),
        ((1, 1, 1), NOT_YEARLY, "a level that moves, and leans on the last move"),
    ],
}
UNSTEADY = 0.05  # level of the KPSS test below which a series is differenced
Candidate = tuple[str, Callable[[], Any]]


def smooth_ahead(series: Floats, *, months: int) -> tuple[Floats, str] | None:
    """Exponential smoothing (ETS with additive errors): the months ahead, and which parts it has.

    A level, with or without a damped trend, and from two years on with a season or not: whichever has the smallest AIC.
    None where no fit converged. In: a series that is not constant.

    >>> ahead, parts = smooth_ahead(np.array([9.0, 11, 10, 9, 11, 10, 11, 9, 10, 10]), months=2)
    >>> ahead.round(1).tolist(), parts
    ([10.0, 10.0], 'level')
    """
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    scale = float(np.abs(series).mean())
    fitting: list[Candidate] = [
        (name, partial(_fit_smoothing, ExponentialSmoothing, series / scale, parts))
        for name, parts in SMOOTHING.items()
        if "seasonal" not in parts or len(series) >= SEASONS_NEEDED * SEASON
    ]
    found = _best(fitting, lambda fit: bool(fit.mle_retvals.success))
    return None if found is None else (_ahead(found[1], months) * scale, found[0])


def arima_ahead(series: Floats, *, months: int) -> tuple[Floats, str] | None:
    """ARIMA: the months ahead, and its order, by AIC among a handful of small ones. None where no fit converged.

    In: a series that is not constant.

    >>> ahead, order = arima_ahead(np.array([9.0, 12, 8, 11, 9, 12, 8, 11, 9, 12, 8, 11]), months=2)
    >>> ahead.round(0).tolist(), order
    ([9.0, 11.0], 'ARIMA(1,0,0): each month leans on the one before')
    """
    from statsmodels.tsa.arima.model import ARIMA

    scale = float(np.abs(series).mean())
    scaled = series / scale
    fitting: list[Candidate] = [
        (f"{_name(order, yearly)}: {words}", partial(_fit_arima, ARIMA, scaled, order, yearly))
        for order, yearly, words in ORDERS[_differences(scaled)]
        if yearly == NOT_YEARLY or len(series) >= SEASONS_NEEDED * SEASON
    ]
    found = _best(fitting, lambda fit: bool(fit.mle_retvals["converged"]))
    return None if found is None else (_ahead(found[1], months) * scale, found[0])


def _fit_smoothing(model: Any, scaled: Floats, parts: dict[str, Any]) -> Any:
    return model(scaled, **parts).fit()


def _fit_arima(model: Any, scaled: Floats, order: tuple[int, ...], yearly: tuple[int, ...]) -> Any:
    level = "c" if order[1] == 0 else "n"
    return model(scaled, order=order, seasonal_order=yearly, trend=level).fit()


def _name(order: tuple[int, ...], yearly: tuple[int, ...]) -> str:
    """An order as it is written.

    >>> _name((1, 0, 0), (0, 0, 0, 0)), _name((0, 0, 0), (1, 0, 0, 12))
    ('ARIMA(1,0,0)', 'ARIMA(0,0,0)(1,0,0)12')
    """
    written = f"ARIMA({','.join(map(str, order))})"
    return f"{written}({','.join(map(str, yearly[:3]))}){yearly[3]}" if yearly[3] else written


def _differences(scaled: Floats) -> int:
    """1 where the level moves about, so that only the changes from month to month are steady."""
    from statsmodels.tsa.stattools import kpss

    with quiet_fit():
        p_value = kpss(scaled, regression="c", nlags="auto")[1]
    return int(p_value < UNSTEADY)


def _best(fitting: list[Candidate], converged: Callable[[Any], bool]) -> tuple[str, Any] | None:
    """Of those that converged the one with the smallest AIC."""
    fits = [(name, fit) for name, fit in _fits(fitting) if converged(fit) and np.isfinite(fit.aic)]
    return min(fits, key=lambda named: float(named[1].aic)) if fits else None


def _fits(fitting: list[Candidate]) -> Iterator[tuple[str, Any]]:
    for name, fit in fitting:
        try:
            with quiet_fit():
                yield name, fit()
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):
            continue


def _ahead(fit: Any, months: int) -> Floats:
    with quiet_fit():
        return np.asarray(fit.forecast(months), dtype=np.float64)
