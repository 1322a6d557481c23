"""Frequent item sets, ours and mlxtend's, on the same baskets in the same run; and the memory of a million baskets."""

import json
import statistics
import subprocess
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd

from crm_core.models.association_rules import find_rules
from crm_core.models.item_sets import find_item_sets
from tests.bench import Row

BASKETS, SUPPORT = 100_000, 0.001
MANY, MANY_SUPPORT = 1_000_000, 0.005
ITEMS_A_BASKET = 6.9
PRODUCTS, KINDS = 2_000, 40
SMALL_SHOPS = 1_000
RUNS = 5


def simulated_baskets(baskets: int, *, seed: int = 1) -> pd.DataFrame:
    """Baskets of a Poisson number of lines: half of each basket's own kind of goods, half of what everybody buys."""
    rng = np.random.default_rng(seed)
    size = np.maximum(rng.poisson(ITEMS_A_BASKET, baskets), 1)
    kind = np.repeat(rng.integers(0, KINDS, baskets), size)
    popular = (rng.zipf(1.25, len(kind)) - 1) % PRODUCTS
    own = rng.random(len(kind)) < 0.5
    product = np.where(own, popular % (PRODUCTS // KINDS) + kind * (PRODUCTS // KINDS), popular)
    return pd.DataFrame({"order_id": np.repeat(np.arange(baskets), size), "product_id": product})


def as_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Baskets x products as the peer wants them."""
    order, orders = pd.factorize(rows["order_id"])
    product, products = pd.factorize(rows["product_id"], sort=True)
    cells = np.zeros((len(orders), len(products)), dtype=bool)
    cells[order, product] = True
    return pd.DataFrame(cells, columns=products)


def peer_sets(table: pd.DataFrame, support: float) -> dict[tuple[int, ...], float]:
    """The sets that mlxtend's FP-growth finds."""
    from mlxtend.frequent_patterns import fpgrowth

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = fpgrowth(table, min_support=support, max_len=3, use_colnames=True)
    return dict(zip(map(tuple, map(sorted, found["itemsets"])), found["support"], strict=True))


def our_sets(rows: pd.DataFrame, support: float) -> dict[tuple[int, ...], float]:
    """The sets that we find, from the same baskets as rows."""
    found = find_item_sets(rows, min_support=support).table
    return dict(zip(found["products"], found["support"], strict=True))


def differing(ours: dict[tuple[int, ...], float], peers: dict[tuple[int, ...], float]) -> int:
    """Sets that only one has, or with another support."""
    return sum(abs(ours.get(key, -1) - peers.get(key, -1)) > 1e-12 for key in ours.keys() | peers.keys())


def median_seconds(work: Callable[[], object], runs: int) -> float:
    """Median of several runs, in seconds of one processor: neither of the two uses more."""
    times = []
    for _ in range(runs):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return statistics.median(times)


def measure_many() -> dict[str, float]:
    """Seconds, and the peak in MB with the rows themselves, of a million baskets; run in a process of its own."""
    tracemalloc.start()
    rows = simulated_baskets(MANY)
    tracemalloc.reset_peak()
    find_rules(find_item_sets(rows, min_support=MANY_SUPPORT))
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    seconds = median_seconds(lambda: find_item_sets(rows, min_support=MANY_SUPPORT), 3)
    return {"peak": peak, "seconds": seconds, "rows": rows.memory_usage().sum() / 1e6}


def small_shops() -> int:
    """Of many small random shops, in how many a set or a support differs from the peer's."""
    differ = 0
    for seed in range(SMALL_SHOPS):
        rng = np.random.default_rng(seed)
        lines = int(rng.integers(1, 150))
        rows = pd.DataFrame(
            {"order_id": rng.integers(0, rng.integers(1, 40), lines), "product_id": rng.geometric(0.3, lines)}
        )
        support = float(rng.choice([0.02, 0.05, 0.1, 0.2, 0.5]))
        differ += differing(our_sets(rows, support), peer_sets(as_table(rows), support)) > 0
    return differ


def main() -> list[Row]:
    """Rows of the bench."""
    rows = simulated_baskets(BASKETS)
    sets = find_item_sets(rows, min_support=SUPPORT)
    ours = median_seconds(lambda: find_item_sets(rows, min_support=SUPPORT), RUNS)
    ruled = median_seconds(lambda: find_rules(sets), RUNS)
    command = [sys.executable, "-c", "import json, tests.bench.bench_bundles as b; print(json.dumps(b.measure_many()))"]
    many = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    what, budget = f"item sets, {BASKETS:,} baskets, support {SUPPORT}", ">= 15 x faster"
    try:
        table = as_table(rows)
        peer = median_seconds(lambda: peer_sets(table, SUPPORT), 1)
        off = differing(our_sets(rows, SUPPORT), peer_sets(table, SUPPORT))
        compared = [
            Row(what, f"{ours:.2f} s", f"mlxtend {peer:.1f} s", f"{peer / ours:.0f} x", budget),
            Row(f"  sets found by one alone, of {len(sets.table):,}", str(off), "", "", "0"),
            Row(f"  small shops that differ, of {SMALL_SHOPS:,}", str(small_shops()), "", "", "0"),
        ]
    except ImportError:
        compared = [Row(what, f"{ours:.2f} s", "mlxtend not installed", "", budget)]
    return [
        *compared,
        Row(f"rules from {len(sets.table):,} sets", f"{ruled:.2f} s"),
        Row(f"item sets, {MANY:,} baskets, support {MANY_SUPPORT}", f"{many['seconds']:.1f} s"),
        Row(f"  peak memory, {many['rows']:.0f} MB of rows included", f"{many['peak']:.0f} MB", budget="<= 400 MB"),
    ]
