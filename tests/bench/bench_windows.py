"""Five windows on the loyalty sliders at 100,000 customers and a million lines, a key at the same moment in each."""

from statistics import median

from playwright.sync_api import Page, sync_playwright

from tests.bench import Row
from tests.bench.big_server import CUSTOMERS, big_server, memory_mb
from tests.browser.driving import CHROMIUM, Server, find_chromium
from tests.browser.windows import Answer, open_windows, press_together

WINDOWS, ROUNDS = 5, 8


def main() -> list[Row]:
    """Key to chart redrawn, what was lost, and the server's memory."""
    with big_server() as server:
        alone = measure(server, 1)
        answers = measure(server, WINDOWS)
        _, most = memory_mb(server)
    times = sorted(answer.seconds for answer in answers if answer.seconds is not None)
    single = [answer.seconds for answer in alone if answer.seconds is not None]
    what = f"{WINDOWS} windows, slider, {CUSTOMERS:,} customers"
    return [
        Row(f"1 window, slider, {CUSTOMERS:,} customers", f"{median(single):.2f} s", f"worst {max(single):.2f} s"),
        Row(what, f"{median(times):.2f} s", f"worst {max(times):.2f} s", "", "<= 1.5 s"),
        Row("  keys lost", str(len(answers) - len(times)), f"of {len(answers)}", "", "0"),
        Row("  the server's memory, at most", f"{most:,.0f} MB", "", "", "<= 600 MB"),
    ]


def measure(server: Server, windows: int) -> list[Answer]:
    """Every answer of some rounds; the first round, in which browsers get ready, does not count."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM)

        def new_window() -> Page:
            page = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce").new_page()
            page.set_default_timeout(120_000)
            return page

        pages = open_windows(new_window, server.url, windows)
        press_together(pages, "ArrowRight")
        answers = [answer for _ in range(ROUNDS) for answer in press_together(pages, "ArrowRight")]
        browser.close()
    return answers


if __name__ == "__main__":
    for row in main():
        print(*row, sep="  ")
