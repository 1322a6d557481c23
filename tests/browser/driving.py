"""A server of its own for a test, and a browser that looks at it: what the journeys share."""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

PROJECT = Path(__file__).resolve().parents[2]
PICTURES = PROJECT / "run-output" / "screenshots"
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FAILED = re.compile(r"Traceback|^.*\berror [0-9a-f]{8}: .*$", re.MULTILINE)  # what the server's log must not hold
PERSONAL = re.compile(r"[\w.+-]+@[\w-]|(?i:passwor[dt]|secret|token)")
START_SECONDS = 60

# connected, no script running, nothing stale, loading or opening itself slowly, and all that for a while
IDLE = """(quiet) => {
  const app = document.querySelector('[data-testid="stApp"]');
  const busy = '[data-stale="true"],[data-testid="stAppSkeleton"],[data-testid="stSkeleton"],[data-testid="stSpinner"]';
  const calm = app && app.getAttribute('data-test-connection-state') === 'CONNECTED'
    && app.getAttribute('data-test-script-state') === 'notRunning' && !document.querySelector(busy)
    && !document.getAnimations().some(one => one.playState === 'running' && one.effect.getTiming().iterations < 9);
  const now = performance.now();
  if (!calm) { window.calmSince = null; return false; }
  window.calmSince = window.calmSince ?? now;
  return now - window.calmSince >= quiet;
}"""

# the text below the main part, one piece a line; cells of a drawn table are left out: they hold the bare values
WORDS = """() => {
  const main = document.querySelector('[data-testid="stMain"]'), pieces = [];
  const icon = '[data-testid="stIconMaterial"], [data-testid="stAlertDynamicIcon"]';
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const within = walker.currentNode.parentElement;
    if (!within.closest(`style, script, ${icon}, [role="img"], [role="gridcell"]`))
      pieces.push(walker.currentNode.textContent.trim());
  }
  return pieces.filter(Boolean).join("\\n");
}"""


@dataclass(frozen=True)
class Server:
    """A running dashboard: where it answers, which database it uses, where its words and its log go, its process."""

    url: str
    database_url: str
    said: Path
    log: Path
    process_id: int = 0


@contextmanager
def serve(folder: Path, database_url: str, *, sound: bool = True) -> Iterator[Server]:
    """The product, started by run.sh, on a free port.

    A failure in what it says or logs fails the test, unless it is not meant to be ``sound``; something personal
    there always does.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said, log = folder / f"said-{port}.txt", folder / f"regulars-{port}.log"
    command = [str(PROJECT / "run.sh"), "--server.port", str(port)]
    environment = os.environ | {"REGULARS_DATABASE_URL": database_url, "REGULARS_LOG_FILE": str(log)}
    with said.open("wb") as words:
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=words, stderr=subprocess.STDOUT)
        server = Server(f"http://localhost:{port}", database_url, said, log, process.pid)
        try:
            _wait_until_up(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(20)
    told = read_log(server)
    assert not sound or FAILED.search(told) is None, told
    assert find_personal(told, people_in(database_url)) == []


def read_log(server: Server) -> str:
    """What the server has said and logged so far."""
    files = [server.said, *sorted(server.log.parent.glob(f"{server.log.name}*"))]
    return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)


def people_in(database_url: str) -> list[str]:
    """Names of more than one word, e-mail addresses and telephone numbers in a SQLite file."""
    file = Path(database_url.removeprefix("sqlite:///"))
    if not file.is_file():
        return []
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT name, email, phone FROM customers").fetchall()
    return [word for row in rows for word in row if word and (" " in word or "@" in word or word.startswith("+"))]


def find_personal(told: str, people: list[str]) -> list[str]:
    """What a log must not hold: people, anything like an address, a word for a secret."""
    return [*(word for word in people if word in told), *PERSONAL.findall(told)]


def _wait_until_up(server: Server, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=1):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{read_log(server)}", pytrace=False)


def find_chromium() -> str:
    """The system's Chromium; without one the test skips, or fails where CI is set."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)
    if found:
        return found
    why = "no Chromium here: install it (Debian: apt-get install chromium), or name it in CHROMIUM"
    if os.environ.get("CI") == "true":
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


def wait_idle(page: Page, quiet_ms: int = 300, timeout: int = 60_000) -> None:
    """Until the page has come to rest."""
    page.evaluate("window.calmSince = null")
    page.wait_for_function(IDLE, arg=quiet_ms, polling=50, timeout=timeout)


def open_url(page: Page, url: str) -> None:
    """Go there and wait until it is drawn without an error."""
    page.goto(url)
    page.get_by_test_id("stApp").wait_for()
    wait_idle(page)
    expect_no_error(page)


def expect_no_error(page: Page) -> None:
    """Neither a traceback nor the sentence of an unexpected error is on the page."""
    assert page.get_by_test_id("stException").count() == 0, page.get_by_test_id("stException").first.inner_text()
    assert page.get_by_text("Something went wrong").count() == 0, main_text(page)
    assert page.get_by_text("Page not found").count() == 0, "a page that does not exist was asked for"


def by_key(page: Page, key: str) -> Locator:
    """Every element whose key is given has this class."""
    return page.locator(f".st-key-{key}")


def main_text(page: Page) -> str:
    """The words of the page without the sidebar and without icons; of a drawn table, its headings."""
    return str(page.evaluate(WORDS))
