"""On a phone nothing is cut off, too small to hit, or too small to read."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.driving import Server
from tests.browser.views import every_view

WIDTH, HEIGHT = 390, 844
LEAST_CONTROL, LEAST_TEXT = 24, 11  # CSS pixels

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
  if (document.documentElement.scrollWidth > innerWidth + 1 || main.scrollWidth > main.clientWidth + 1)
    poor.push('the page is wider than the window');
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


@pytest.mark.slow
def test_every_view_fits_a_phone(demo_server: Server, look: Callable[..., Page]) -> None:
    page = look(width=WIDTH, height=HEIGHT)
    poor = {
        view: found
        for view in every_view(page, demo_server, demo=True)
        if (found := page.evaluate(POOR, [LEAST_CONTROL, LEAST_TEXT]))
    }
    assert poor == {}


def test_what_does_not_fit_is_seen(demo_server: Server, look: Callable[..., Page]) -> None:
    page = look(width=WIDTH, height=HEIGHT)
    next(every_view(page, demo_server, demo=True))
    page.get_by_role("heading", level=1).evaluate(
        "title => title.insertAdjacentHTML('afterend', '<p style=\"font-size: 9px\">tiny</p>"
        '<button style="width: 9px; height: 9px"></button><div style="width: 700px">wide</div>\')'
    )
    found = page.evaluate(POOR, [LEAST_CONTROL, LEAST_TEXT])
    assert "9.0 px: tiny" in found
    assert [fault for fault in found if "<button style" in fault] != []
    assert "the page is wider than the window" in found
