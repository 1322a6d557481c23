"""Facts of 87,000 customers from a million lines, against the bare GROUP BY on a covering index of those lines."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from crm_core.services.customers import customer_base
from crm_core.services.preferences import Preferences
from crm_core.store.queries import customer_facts, facts_statement
from crm_core.store.session import Store, open_store
from tests.bench import Row
from tests.bench.big_shop import CUSTOMERS, LAST_DAY, LINES, fill_big_shop

FLAT = """create table flat as select o.customer_id, o.ordered_on, l.amount_minor
          from order_lines l join orders o on o.id = l.order_id"""
INDEX = "create index flat_covering on flat (customer_id, ordered_on, amount_minor)"
BARE = (
    "select customer_id, count(*), min(ordered_on), max(ordered_on), sum(amount_minor) from flat group by customer_id"
)


def best_of(times: int, work: Callable[[], object]) -> float:
    """The quickest of a few runs, in seconds."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def main() -> list[Row]:
    """The statement alone, the documented table, and the whole base with rhythm and predictions."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'big.db'}")
        fill_big_shop(store)
        with store.begin() as session:
            session.execute(text(FLAT))
            session.execute(text(INDEX))
        rows = _measure(store)
        store.engine.dispose()
    return rows


def _measure(store: Store) -> list[Row]:
    what = f"{CUSTOMERS:,} customers from {LINES:,} lines"
    with store.read() as session:
        peer = best_of(3, lambda: session.execute(text(BARE)).all())
        statement = best_of(3, lambda: session.connection().execute(facts_statement(LAST_DAY, "EUR")).all())
        table = best_of(3, lambda: customer_facts(session, as_of=LAST_DAY, currency="EUR"))
    base = best_of(1, lambda: customer_base(store, as_of=LAST_DAY, preferences=Preferences()))
    bare = f"{peer:.2f} s bare GROUP BY"
    return [
        Row(f"facts, statement: {what}", f"{statement:.2f} s", bare, f"{statement / peer:.2f}", "1.5 x"),
        Row(f"facts, as a table: {what}", f"{table:.2f} s", bare, f"{table / peer:.2f}", "-"),
        Row("base: facts, rhythm, BG/NBD, ranges", f"{base:.2f} s", "-", "-", "10 s, once an import"),
    ]


if __name__ == "__main__":
    for row in main():
        print(*row, sep="  ")
