"""Every page at 100,000 customers and a million lines: first time after a change of facts, again, and bytes sent."""

import time
from statistics import median

from playwright.sync_api import Page, WebSocket, sync_playwright

from pages.parts.display import PAGES
from tests.bench import Row
from tests.bench.big_server import CUSTOMERS, big_server, change_facts
from tests.browser.driving import CHROMIUM, Server, find_chromium, open_url, wait_idle

WARM_VISITS = 3
CALM = 0.3  # seconds without a change that count as being drawn; not part of what is told
BUSY = (
    '[data-testid="stSpinner"], [data-testid="stStatusWidget"], [data-testid="stSkeleton"], [data-testid="stProgress"]'
)


def main() -> list[Row]:
    """A row for each page: first time, warm, kilobytes of a warm view."""
    with big_server() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM)
        page = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce").new_page()
        rows = [Row(f"pages, {CUSTOMERS:,} customers", "warm", "first after a change", "kB", "2 s, 10 s, 200 kB")]
        rows += [measure(page, server, path) for path in PAGES]
        browser.close()
    return rows


def measure(page: Page, server: Server, path: str) -> Row:
    """One page, reached by a click on another page's address, so that the browser's own start does not count."""
    address = {"today": "", "customer": "customer?id=1"}.get(path, path)
    open_url(page, f"{server.url}/{address}")  # whatever is kept for good is loaded
    change_facts(server)
    first, _, shown = visit(page, server, address)
    warm = [visit(page, server, address) for _ in range(WARM_VISITS)]
    seconds = f"{median(one[0] for one in warm):.1f} s"
    said = "progress shown" if shown else "no progress shown"
    return Row(f"  {path}", seconds, f"{first:.1f} s, {said}", f"{max(one[1] for one in warm) / 1000:.0f}")


def visit(page: Page, server: Server, address: str) -> tuple[float, int, bool]:
    """Seconds until all is drawn, bytes that came over the websocket, whether waiting was told."""
    received: list[int] = []

    def count(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: received.append(len(frame)))

    page.on("websocket", count)
    started = time.perf_counter()
    page.goto(f"{server.url}/{address}")
    shown = wait_drawn(page)
    seconds = time.perf_counter() - started - CALM
    page.remove_listener("websocket", count)
    return seconds, sum(received), shown


def wait_drawn(page: Page) -> bool:
    """Until the page is at rest; whether it said meanwhile that it works."""
    page.evaluate(
        """busy => { window.told = false;
        new MutationObserver(() => { window.told ||= !!document.querySelector(busy); })
          .observe(document, {childList: true, subtree: true}); }""",
        BUSY,
    )
    wait_idle(page, quiet_ms=int(CALM * 1000), timeout=120_000)
    return bool(page.evaluate("window.told"))


if __name__ == "__main__":
    for row in main():
        print(*row, sep="  ")
