"""Several windows on Value & loyalty that move a slider at the same moment."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.driving import by_key, open_url

LOST_AFTER = 20.0  # seconds

# From the key on, note when the chart's bars and the sentence of the weights first differ from before.
WATCH = """() => {
  const bars = () => [...document.querySelectorAll('.st-key-value_distribution .point path')]
    .map(bar => bar.getAttribute('d')).join();
  const ratio = () => (document.body.innerText.match(/now (\\d+ : \\d+)/) || [])[1];
  window.seen = {bars: bars(), ratio: ratio(), pressed: 0, drawn: 0};
  const press = () => { window.seen.pressed ||= performance.now(); };
  document.addEventListener('keydown', press, {once: true, capture: true});
  const look = () => {
    const seen = window.seen;
    const changed = seen.pressed && bars() && bars() !== seen.bars && ratio() !== seen.ratio;
    if (changed) { seen.drawn = performance.now(); seen.ratio = ratio(); seen.bars = bars(); }
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


@dataclass(frozen=True)
class Answer:
    """What a window showed after a key: after how many seconds, and which ratio; None when nothing came."""

    seconds: float | None
    ratio: str


def open_windows(new_window: Callable[[], Page], url: str, number: int) -> list[Page]:
    """Windows on the sliders, each with a weight of its own."""
    pages = [new_window() for _ in range(number)]
    for place, page in enumerate(pages):
        open_url(page, f"{url}/value?value_alpha={0.1 * (place + 1):.2f}&value_beta=0.5")
        by_key(page, "value_alpha").get_by_role("slider").focus()
    return pages


def press_together(pages: list[Page], key: str) -> list[Answer]:
    """Press a key in all windows, one right after the other, and wait for every chart."""
    for page in pages:
        page.evaluate(WATCH)
    for page in pages:
        page.keyboard.press(key)
    end = time.monotonic() + LOST_AFTER
    waiting = set(range(len(pages)))
    while waiting and time.monotonic() < end:
        waiting = {place for place in waiting if not pages[place].evaluate("window.seen.drawn")}
        time.sleep(0.05)
    return [_answer(page) for page in pages]


def _answer(page: Page) -> Answer:
    seen = page.evaluate("window.seen")
    return Answer((seen["drawn"] - seen["pressed"]) / 1000 if seen["drawn"] else None, seen["ratio"])
