"""How time and memory grow with the shop: 10,000 to 5,000,000 lines in SQLite, and a million on the servers at hand.

Each step runs in a process of its own, so that its memory is its own. Beside the import stands what pandas takes to
read the same file as text and append it to a table.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tests.bench import Row
from tests.bench.bench_import import peak_mb, run_peer, write_orders
from tests.databases import drop_database, make_database

SIZES = (10_000, 100_000, 1_000_000, 5_000_000)
ON_SERVERS = 1_000_000
LAST_DAY = date(2025, 12, 31)


def main() -> list[Row]:
    """Per size: import, the same file again, the base of all figures with today's list, and undo."""
    rows = []
    for lines in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            file = write_orders(Path(folder) / "orders.csv", lines)
            peer = run("peer", file, str(Path(folder) / "peer.db"))
            rows += show(lines, "SQLite", run("grow", file, f"sqlite:///{Path(folder) / 'ours.db'}"), peer)
            if lines == ON_SERVERS:
                for kind, name in (("postgresql", "PostgreSQL"), ("mariadb", "MariaDB")):
                    url = make_database(kind)
                    try:
                        rows += show(lines, name, run("grow", file, url), peer)
                    finally:
                        drop_database(url)
    return rows


def show(lines: int, database: str, ours: dict[str, Any], peer: dict[str, Any]) -> list[Row]:
    """The rows of one size on one database."""
    what = f"{lines:,} lines, {database}"
    ratio = f"{ours['import'] / peer['import']:.2f}"
    first = Row(
        f"{what}: import, peak {ours['import_mb']:,.0f} MB",
        f"{ours['import']:.1f} s",
        f"{peer['import']:.1f} s read_csv + to_sql",
        ratio,
        "ratio <= 2 on SQLite",
    )
    base = f"{what}: base and today's list, peak {ours['base_mb']:,.0f} MB"
    return [
        first,
        Row(f"{what}: the same file again", f"{ours['again']:.1f} s"),
        Row(base, f"{ours['base']:.1f} s"),
        Row(f"{what}: undo", f"{ours['undo']:.1f} s"),
    ]


def run(step: str, file: Path, place: str) -> dict[str, Any]:
    """The steps of one size, each in a new process."""
    if step == "peer":
        return _ask("peer", str(file), place)
    brought = _ask("import", str(file), place)
    looked = _ask("base", str(file), place)
    taken = _ask("undo", str(file), place)
    return {
        "import": brought["seconds"],
        "import_mb": brought["peak_mb"],
        "again": brought["again"],
        "base": looked["seconds"],
        "base_mb": looked["peak_mb"],
        "undo": taken["seconds"],
    }


def _ask(step: str, file: str, place: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.bench_growth", step, file, place]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def timed(work: Callable[[], object]) -> float:
    """Seconds of one run."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _step(step: str, file: Path, place: str) -> dict[str, float]:
    from datetime import UTC, datetime

    from crm_core.services.customers import customer_base
    from crm_core.services.imports import import_file, undo_import
    from crm_core.services.preferences import load_preferences
    from crm_core.services.today import find_suggestions, todays_list
    from crm_core.store.session import open_store

    if step == "peer":
        return {"import": timed(lambda: run_peer(file, Path(place)))}
    store = open_store(place)

    def bring() -> object:
        return import_file(store, file, file_name=file.name, currency="EUR")

    def look() -> object:
        wanted = load_preferences(store)
        base = customer_base(store, as_of=LAST_DAY, preferences=wanted)
        found = find_suggestions(store, base, today=LAST_DAY)
        return todays_list(store, base, found, today=LAST_DAY, share_saved=wanted.share_saved)

    if step == "import":
        seconds, peak = timed(bring), peak_mb()
        return {"seconds": seconds, "peak_mb": peak, "again": timed(bring)}
    if step == "base":
        return {"seconds": timed(look), "peak_mb": peak_mb()}
    undo_import(store, 2, now=datetime.now(UTC))  # the second file brought nothing
    return {"seconds": timed(lambda: undo_import(store, 1, now=datetime.now(UTC)))}


if __name__ == "__main__":
    if len(sys.argv) == 4:
        print(json.dumps(_step(sys.argv[1], Path(sys.argv[2]), sys.argv[3])))
    else:
        for row in main():
            print("  ".join(row), flush=True)
