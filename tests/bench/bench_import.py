"""A file of orders: read, checked, deduplicated and journaled, against text read and appended by pandas.

Each side runs in a process of its own, so that its memory is its own. The real retail file when it is here, else a
generated one of a million lines. ``python -m tests.bench.bench_import`` prints the row.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from tests.bench import Row

REAL = "online_retail_2y.csv.gz"
LINES, CUSTOMERS, ORDERS, PRODUCTS, DAYS = 1_000_000, 87_000, 250_000, 3_000, 730
MEGABYTE = 1024  # ru_maxrss is in KiB


def main() -> list[Row]:
    """One row: our import, the peer's, and how they compare."""
    with tempfile.TemporaryDirectory() as folder:
        file = find_file(Path(folder))
        ours = measure("ours", file, Path(folder) / "ours.db")
        peer = measure("peer", file, Path(folder) / "peer.db")
    ratio = ours["seconds"] / peer["seconds"]
    return [
        Row(
            f"import {ours['lines']:,} lines, peak {ours['peak_mb']:,.0f} MB",
            f"{ours['seconds']:.1f} s",
            f"{peer['seconds']:.1f} s read_csv + to_sql",
            f"{ratio:.2f}",
            "ratio <= 2, <= 1,000 MB",
        )
    ]


def find_file(folder: Path) -> Path:
    """The real file, or one written for the purpose."""
    shared = Path(os.environ.get("REGULARS_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
    if (shared / REAL).is_file():
        return shared / REAL
    return write_orders(folder / "generated.csv", LINES)


def write_orders(file: Path, lines: int) -> Path:
    """A file of made-up orders: four lines an order, three orders a customer."""
    random = np.random.default_rng(11)
    orders, customers = lines * ORDERS // LINES, lines * CUSTOMERS // LINES
    buyer = np.r_[np.arange(customers), random.integers(0, customers, orders - customers)]
    day = np.datetime64("2024-01-01") + random.integers(0, DAYS, orders)
    order = np.sort(np.r_[np.arange(orders), random.integers(0, orders, lines - orders)])
    table = pd.DataFrame(
        {
            "customer_id": buyer[order] + 10_000,
            "date": day[order],
            "amount": random.lognormal(2.5, 0.8, lines).round(2),
            "quantity": random.integers(1, 20, lines),
            "product_id": np.minimum(random.zipf(1.3, lines), PRODUCTS),
            "order_id": order + 500_000,
        }
    )
    table.to_csv(file, index=False)
    return file


def measure(side: str, file: Path, database: Path) -> dict[str, float]:
    """Seconds, lines and peak memory of one side in a new process."""
    command = [sys.executable, "-m", "tests.bench.bench_import", side, str(file), str(database)]
    answer: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return answer


def run_ours(file: Path, database: Path) -> int:
    """The product's own import, as the command line does it."""
    from crm_core.services.imports import import_file
    from crm_core.store.session import open_store

    return import_file(open_store(f"sqlite:///{database}"), file, file_name=file.name, currency="GBP").accepted


def run_peer(file: Path, database: Path) -> int:
    """Text in, text out, in chunks, with default pragmas."""
    from sqlalchemy import create_engine

    table = pd.read_csv(file, dtype=str)
    with create_engine(f"sqlite:///{database}").begin() as connection:
        table.to_sql("lines", connection, index=False, chunksize=10_000)
    return len(table)


def _run_side(side: str, file: Path, database: Path) -> None:
    started = time.perf_counter()
    lines = run_ours(file, database) if side == "ours" else run_peer(file, database)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "lines": lines, "peak_mb": peak_mb()}))


def peak_mb() -> float:
    """The most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


if __name__ == "__main__":
    if len(sys.argv) == 4:
        _run_side(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        for row in main():
            print("  ".join(row))
