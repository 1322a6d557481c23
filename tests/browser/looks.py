"""What a machine can see of a page's looks: pale words, what does not fit a phone, raw names, long numbers."""

import re
from collections.abc import Collection, Iterator

from playwright.sync_api import Page

from tests.browser.driving import PICTURES, main_text
from tests.test_theme import CONFIG, TEXT, contrast

LEAST_CONTROL, LEAST_TEXT = 24, 11  # CSS pixels
RAW_NAME = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")  # customer_id, spend_minor
LONG_DECIMAL = re.compile(r"\d\.\d{5,}")  # a model's parameters have four digits on purpose
NO_VALUE = re.compile(r"\b(?:nan|NaN|NaT|None|null|<NA>)\b")

# the colour of a chart's words (on tiles they are tested beside the palette)
CHART_WORDS = """() => [...document.querySelectorAll('.js-plotly-plot text')]
  .filter(text => text.textContent.trim() && !text.closest('.point') && text.getBoundingClientRect().width > 0)
  .map(text => [text.textContent, getComputedStyle(text).fill, getComputedStyle(text).fillOpacity])"""

# Left out: the round question marks, which are 15 wide everywhere in Streamlit and stand alone (WCAG 2.5.8 asks for
# room around them instead), and the signs beside an uploaded file's name, which are Streamlit's too; addresses within
# a line of text; boxes that are ticked by their label too; and what lies in a row that is meant to be pushed sideways.
POOR = """([leastControl, leastText]) => {
  const leftOut = '[aria-label^="Help"], [type=checkbox], [type=range], p a, [data-testid="stFileUploader"] button';
  const main = document.querySelector('[data-testid="stMain"]'), poor = [];
  const seen = (it) => {
    const box = it.getBoundingClientRect(), look = getComputedStyle(it);
    const shown = box.width > 0 && box.height > 0 && look.visibility !== 'hidden';
    return shown && !it.closest('[inert], [aria-hidden=true]');
  };
  const pushed = (it) => {
    for (let up = it.parentElement; up && up !== main; up = up.parentElement)
      if (['auto', 'scroll'].includes(getComputedStyle(up).overflowX) && up.scrollWidth > up.clientWidth) return true;
    return false;
  };
  for (const it of main.querySelectorAll('a[href], button, input, select, textarea, summary, [role=tab]')) {
    if (!seen(it) || it.matches(leftOut)) continue;
    const box = it.getBoundingClientRect(), what = it.outerHTML.slice(0, 140);
    if (pushed(it)) continue;
    const small = box.width < leastControl && it.role !== 'tab';  // a short word's tab has room on both sides
    if (small || box.height < leastControl) poor.push(`${box.width} x ${box.height}: ${what}`);
    if (box.left < -1 || box.right > innerWidth + 1) poor.push(`cut off: ${what}`);
  }
  const words = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const it = words.currentNode.parentElement, said = words.currentNode.textContent.trim();
    if (!said || !seen(it) || it.closest('style, script, canvas, [data-testid="stIconMaterial"]')) continue;
    const drawn = it.closest('text')?.getScreenCTM();  // words of a chart may be drawn smaller than they are set
    const size = parseFloat(getComputedStyle(it).fontSize) * (drawn ? Math.hypot(drawn.a, drawn.b) : 1);
    if (size < leastText - 0.05) poor.push(`${size.toFixed(1)} px: ${said.slice(0, 40)}`);
  }
  return poor;
}"""

WIDER = """() => {
  const main = document.querySelector('[data-testid="stMain"]');
  return document.documentElement.scrollWidth > innerWidth + 1 || main.scrollWidth > main.clientWidth + 1;
}"""


def chart_words(page: Page, *, dark: bool) -> dict[str, float]:
    """The words in charts, with the lowest contrast that each has on the page behind them."""
    background = CONFIG["theme"]["dark" if dark else "light"]["backgroundColor"]
    found: dict[str, float] = {}
    for words, fill, opacity in page.evaluate(CHART_WORDS):
        colour = "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", fill)[:3])
        found[words] = min(contrast(colour, background, float(opacity)), found.get(words, 21.0))
    return found


def pale_words(words: dict[str, float]) -> Iterator[str]:
    """Those that are hard to read."""
    yield from (f"pale in a chart: {word} ({ratio:.1f})" for word, ratio in words.items() if ratio < TEXT)


def what_does_not_fit(page: Page) -> list[str]:
    """What is cut off, too small to hit, or too small to read."""
    found: list[str] = page.evaluate(POOR, [LEAST_CONTROL, LEAST_TEXT])
    return found


def photograph(page: Page, name: str) -> None:
    """Take the first screen, and the whole page where it is longer."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")
    size = page.viewport_size or {"width": 1280, "height": 900}
    long = int(page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollHeight"))
    if long > size["height"] + 40:
        page.set_viewport_size({"width": size["width"], "height": min(long + 20, 6000)})
        page.wait_for_timeout(400)
        page.screenshot(path=PICTURES / f"{name}_whole.png")
        page.set_viewport_size(size)


def faults(page: Page, *, owners: Collection[str] = ()) -> Iterator[str]:
    """What no page may show: an error, no title, names (but the ``owners``) and numbers as the code has them, more than
    fits."""
    words = main_text(page)
    if page.get_by_test_id("stException").count() or "Something went wrong" in words:
        yield "shows an error"
    if not page.get_by_role("heading", level=1).count():
        yield "has no title"
    for what, pattern in (("raw name", RAW_NAME), ("unrounded number", LONG_DECIMAL), ("missing value", NO_VALUE)):
        if found := sorted({*pattern.findall(words)} - {*owners}):
            yield f"shows a {what}: {found[:5]}"
    if page.evaluate(WIDER):
        yield "is wider than the window"
