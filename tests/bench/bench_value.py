"""Fitting BG/NBD to 100,000 customers, ours and lifetimes', on the same summary in the same run."""

import statistics
import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd

from crm_core.models.bg_nbd import BetaGeoNBD
from crm_core.models.value import predict_summary, predict_value
from tests.bench import Row
from tests.models.simulated import simulate_summary

CUSTOMERS = 100_000
RUNS = 5


def median_seconds(work: Callable[[], object], *, runs: int = RUNS) -> float:
    """Median time of several runs, the first of which is not counted."""
    work()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def fit_peer(summary: pd.DataFrame) -> dict[str, float]:
    """The parameters that lifetimes finds."""
    from lifetimes import BetaGeoFitter

    fitter = BetaGeoFitter()
    fitter.fit(summary["repeat_days"], summary["first_to_last_days"], summary["tenure_days"])
    return {name: float(value) for name, value in fitter.params_.items()}


def words(parameters: dict[str, float]) -> str:
    """Parameters to four digits."""
    return " ".join(f"{parameters[name]:.4g}" for name in BetaGeoNBD.PARAMETERS)


def predicted(customers: int, purchases: int, lines: int) -> Row:
    """Once predict_value on generated lines: the purchases of two years, each of several lines."""
    random = np.random.default_rng(3)
    weight = random.gamma(0.6, size=customers) + 1e-3
    buyer = np.r_[np.arange(customers), random.choice(customers, purchases - customers, p=weight / weight.sum())]
    day = random.integers(0, 730, purchases)
    of = np.sort(np.r_[np.arange(purchases), random.integers(0, purchases, lines - purchases)])
    rows = pd.DataFrame(
        {
            "customer_id": pd.Series(buyer[of]).map("c{:06d}".format),
            "date": pd.Timestamp("2024-01-01") + pd.to_timedelta(day[of], unit="D"),
            "amount": np.round(random.lognormal(3, 0.8, lines), 2),
        }
    )
    started = time.perf_counter()
    table = predict_value(rows, horizon_days=90)
    seconds = time.perf_counter() - started
    budget = "<= 20 s" if customers < CUSTOMERS else "<= 90 s"
    return Row(f"predict_value, {len(table):,} customers, {lines:,} lines", f"{seconds:.1f} s", "", "", budget)


def main() -> list[Row]:
    """Rows of the bench."""
    summary = simulate_summary(CUSTOMERS, seed=1)
    ours = median_seconds(lambda: BetaGeoNBD().fit(summary))
    rows = [
        predicted(5_300, 34_000, 630_000),
        predicted(CUSTOMERS, 250_000, 1_000_000),
        Row(
            f"predict value and ranges, {CUSTOMERS:,} customers",
            f"{median_seconds(lambda: predict_summary(summary, horizon_days=365), runs=3):.2f} s",
            "",
            "",
            "",
        ),
    ]
    what = f"fit BG/NBD, {CUSTOMERS:,} customers"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            peer = median_seconds(lambda: fit_peer(summary), runs=3)
            found = fit_peer(summary)
    except ImportError:
        return [Row(what, f"{ours:.3f} s", "lifetimes not installed", "", ">= 15 x"), *rows]
    mine = BetaGeoNBD().fit(summary).parameters
    return [
        Row(what, f"{ours:.3f} s", f"lifetimes {peer:.2f} s", f"{peer / ours:.0f} x", ">= 15 x faster"),
        Row("  r, alpha, a, b", words(mine), words(found), "", "same to 3 digits"),
        *rows,
    ]  # fmt: skip
