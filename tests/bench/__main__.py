"""`make bench`: every module bench_*.py beside this one, its rows under one header.

Such a module has ``main() -> list[Row]``. A row is what was measured: ours, the peer's, and how they compare.
Nothing here is a test: machines differ, so no run fails because of a time.
"""

import importlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench import Row

HEADER = Row("what", "ours", "peer", "ratio", "budget")
WIDTHS = (58, 14, 22, 9, 26)


def find_modules(only: list[str]) -> Iterator[str]:
    """Names of the benches, all of them or those whose name holds one of the words given."""
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        if not only or any(word in path.stem for word in only):
            yield f"tests.bench.{path.stem}"


def print_row(row: Row) -> None:
    """One line with fixed columns."""
    print("  ".join(str(cell).ljust(width) for cell, width in zip(row, WIDTHS, strict=True)).rstrip(), flush=True)


def main(only: list[str]) -> int:
    """Run them; 1 when one broke."""
    broken = 0
    print_row(HEADER)
    for name in find_modules(only):
        started = time.perf_counter()
        try:
            for row in importlib.import_module(name).main():
                print_row(Row(*row))
        except Exception as error:
            broken = 1
            print(f"{name} broke: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        print(f"({name}: {time.perf_counter() - started:.0f} s)", file=sys.stderr, flush=True)
    return broken


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
