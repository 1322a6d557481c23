"""Fitting BG/NBD and its family, ours and lifetimes', on the same summary in the same run; and predicting value."""

import statistics
import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd

from crm_core.models.bg_nbd import BetaGeoNBD
from crm_core.models.mbg_nbd import ModifiedBetaGeoNBD
from crm_core.models.pareto_nbd import ParetoNBD
from crm_core.models.purchase_family import PurchaseModel
from crm_core.models.value import predict_summary, predict_value
from tests.bench import Row
from tests.models.simulated import simulate_ahead, simulate_summary

CUSTOMERS = 100_000
COHORT = 23_570  # as many as CDNOW has
COHORT_TENURES = (27 * 7.0, 39 * 7.0)
COHORT_RATES = {"r": 0.5533, "alpha": 10.578 * 7, "s": 0.6062, "beta": 11.669 * 7}  # its published ones, in days
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


def fit_peer(fitter: str, summary: pd.DataFrame) -> dict[str, float]:
    """The parameters that lifetimes finds."""
    import lifetimes

    model = getattr(lifetimes, fitter)()
    model.fit(summary["repeat_days"], summary["first_to_last_days"], summary["tenure_days"])
    return {name: float(value) for name, value in model.params_.items()}


def words(parameters: dict[str, float]) -> str:
    """Parameters to four digits."""
    return " ".join(f"{value:.4g}" for value in parameters.values())


def fitted(kind: type[PurchaseModel], fitter: str, summary: pd.DataFrame, *, budget: str) -> list[Row]:
    """Time and parameters of one model of the family, ours and the peer's."""
    ours = median_seconds(lambda: kind().fit(summary))
    what = f"fit {kind.NAME}, {len(summary):,} customers"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            peer = median_seconds(lambda: fit_peer(fitter, summary), runs=3)
            found = fit_peer(fitter, summary)
    except ImportError:
        return [Row(what, f"{ours:.3f} s", "lifetimes not installed", "", budget)]
    mine = kind().fit(summary).parameters
    return [
        Row(what, f"{ours:.3f} s", f"lifetimes {peer:.2f} s", f"{peer / ours:.0f} x", budget),
        Row(f"  {', '.join(mine)}", words(mine), words({name: found[name] for name in mine}), "", "same to 3 digits"),
    ]


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
    lived = simulate_ahead(ParetoNBD.from_parameters(COHORT_RATES), COHORT, seed=1, tenures=COHORT_TENURES)
    cohort = np.floor(lived.drop(columns="active"))  # whole days, as the product counts
    ahead = median_seconds(lambda: predict_summary(summary, horizon_days=365), runs=3)
    return [
        *fitted(BetaGeoNBD, "BetaGeoFitter", summary, budget=">= 15 x faster"),
        *fitted(ModifiedBetaGeoNBD, "ModifiedBetaGeoFitter", summary, budget=">= 15 x faster"),
        *fitted(ParetoNBD, "ParetoNBDFitter", cohort, budget="<= 5 s"),
        predicted(5_300, 34_000, 630_000),
        predicted(CUSTOMERS, 250_000, 1_000_000),
        Row(f"predict value and ranges, {CUSTOMERS:,} customers", f"{ahead:.2f} s", "", "", ""),
    ]
