"""A server on a shop of 100,000 customers and a million lines, and what its process holds: for benches in a browser."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crm_core.store.session import open_store, raise_revision
from tests.bench.big_shop import fill_big_shop
from tests.browser.driving import Server, serve

CUSTOMERS = 100_000


@contextmanager
def big_server() -> Iterator[Server]:
    """The product with the generated shop, as run.sh starts it."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'big.db'}"
        store = open_store(url)
        fill_big_shop(store, customers=CUSTOMERS)
        store.engine.dispose()
        with serve(Path(folder), url) as server:
            yield server


def change_facts(server: Server) -> None:
    """Let the server believe that everything has changed, as after an import."""
    store = open_store(server.database_url)
    with store.begin() as session:
        raise_revision(session)
    store.engine.dispose()


def memory_mb(server: Server) -> tuple[float, float]:
    """The server's memory in MB: now, and at most so far; zeros on systems that do not tell as Linux does."""
    status = Path(f"/proc/{server.process_id}/status")
    if not status.exists():
        return 0.0, 0.0
    told = dict(re.findall(r"^(VmRSS|VmHWM):\s+(\d+) kB$", status.read_text(), re.MULTILINE))
    return int(told["VmRSS"]) / 1000, int(told["VmHWM"]) / 1000
