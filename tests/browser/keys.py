"""Walking through a page with the Tab key: what can be reached, what it is called, whether one sees where one is."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

MOST_STEPS = 250

# What can be operated and is to be seen. Tabs of a row and buttons of a group are one stop of the Tab key, between
# which arrows move; the arrow of a list opens with the Down key from its field, and a number's steps are Up and Down.
CONTROLS = """() => {
  const wanted = 'a[href], button, input, select, textarea, summary, [role=tab], canvas[tabindex="0"]';
  const seen = (it) => {
    const box = it.getBoundingClientRect(), look = getComputedStyle(it);
    return box.width > 0 && box.height > 0 && look.visibility !== 'hidden'
      && !it.closest('[inert], [aria-hidden=true], [hidden]');
  };
  const free = (it) => !it.disabled && it.getAttribute('aria-disabled') !== 'true'
    && !it.matches('button[aria-haspopup=listbox][tabindex="-1"], input[tabindex="-1"]')
    && !it.matches('button[data-testid^=stNumberInputStep]');
  let number = 0;
  for (const it of document.querySelectorAll('[data-walk]')) delete it.dataset.walk;
  return [...document.querySelectorAll(wanted)].filter(it => seen(it) && free(it)).map(it => {
    it.dataset.walk = String(++number);
    const group = it.closest('[role=tablist], [role=radiogroup], [data-testid="stButtonGroup"]');
    if (group) group.dataset.walk ??= 'group ' + number;
    return {number: it.dataset.walk, group: group ? group.dataset.walk : '',
      what: it.outerHTML.replace(/\\s+/g, ' ').slice(0, 160)};
  });
}"""

# Where the focus is, what a screen reader calls it, and how it and what is around it look.
HERE = """() => {
  const it = document.activeElement, inGrid = it && it.closest('canvas');
  if (!it || it === document.body) return null;
  const text = (other) => other?.textContent;
  const named = (it.getAttribute('aria-labelledby') || '').split(' ').map(id => text(document.getElementById(id)));
  const labels = [...(it.labels || [])].map(text);
  const name = [it.getAttribute('aria-label'), ...named, ...labels, it.innerText, it.title, text(it)].find(Boolean);
  const group = it.closest('[role=tablist], [role=radiogroup], [data-testid="stButtonGroup"]');
  return {number: (inGrid || it).dataset.walk || '', group: group?.dataset.walk || '', name: (name || '').trim(),
    what: it.outerHTML.replace(/\\s+/g, ' ').slice(0, 160)};
}"""

LOOK = """async () => {
  const style = (near) => {
    const look = getComputedStyle(near), ring = look.outlineStyle === 'none' ? '' : look.outlineWidth;
    return [ring, look.outlineColor, look.boxShadow, look.borderColor, look.backgroundColor, look.color].join('|');
  };
  const around = (it) => {  // a ring may be drawn by what is around a control or, as a slider's, beside it
    const near = [];
    for (let up = it; up && up !== document.body && near.length < 4; up = up.parentElement) near.push(up);
    return [...near, ...it.parentElement.children, ...it.parentElement.parentElement.children];
  };
  const drawn = () => new Promise(done => setTimeout(done, 60));
  const it = document.activeElement;
  await drawn();
  const focused = around(it).map(style).join();
  it.blur();
  await drawn();
  const unfocused = around(it).map(style).join();
  it.focus();
  return focused !== unfocused;
}"""


@dataclass(frozen=True)
class Walk:
    """Where the Tab key led, in order, and the controls that it passed by."""

    stops: list[dict[str, Any]]
    missed: list[str]
    unseen: list[str]

    @property
    def nameless(self) -> list[str]:
        """Controls that a screen reader has no word for."""
        return [stop["what"] for stop in self.stops if stop["number"] and not stop["name"]]


def walk(page: Page) -> Walk:
    """Press Tab from the top of the page until the way begins anew."""
    controls = page.evaluate(CONTROLS)
    page.evaluate("document.activeElement.blur()")
    stops: list[dict[str, Any]] = []
    unseen: list[str] = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or (stops and here["number"] and here["number"] == stops[0]["number"]):
            break
        if here["number"] and not here["what"].startswith(("<canvas", "<td", "<th")) and not page.evaluate(LOOK):
            unseen.append(here["what"])  # in a table the cell is marked, in the drawing
        stops.append(here)
    reached = {stop["number"] for stop in stops} | {stop["group"] for stop in stops if stop["group"]}
    missed = [it["what"] for it in controls if not {it["number"], it["group"]} & (reached - {""})]
    return Walk(stops, missed, unseen)
