"""In a real browser, hostile words of the owner's data are read as what they are: nothing runs, nothing is fetched."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Page, expect

from crm_core.literal import on_one_line
from crm_core.store.session import open_store
from tests.browser.driving import Server, by_key, open_url, serve, wait_idle
from tests.browser.views import every_view
from tests.hostile_shop import hostile_word, make_hostile
from tests.hostile_words import HOSTILE

pytestmark = pytest.mark.slow

OWN_PATHS = re.compile(
    r"/(?:[a-z]*/?_stcore/.*|(?:[a-z]+/)?static/.*|media/.*|favicon.*|"
    r"(?:customers?|value|segments|recommend|accuracy|data|settings)?/?)"
)
SIGNS = re.compile("[\u2066-\u2069\u200e\u200f\u2060\ufeff]")
# what only the data can have brought: links, pictures, scripts and styles, and what Markdown would have made of marks
BROUGHT = """() => [...document.querySelectorAll('a[href], img[src*=evil], img[src*="x.png"], svg a, b, iframe,'
  + '[data-testid="stMain"] :is(script, style, em, del, ul, ol, hr, blockquote, .katex, img)')]
  .filter(found => !(found.tagName === 'A' && found.origin === location.origin)
    && !found.closest('[data-testid="stFileUploader"], [data-testid="stDataFrame"]'))
  .map(found => found.outerHTML.slice(0, 200))"""
POINTS = """() => { const chart = document.querySelector('.st-key-group_scatter .js-plotly-plot');
  const {xaxis, yaxis} = chart._fullLayout, trace = chart._fullData[1], box = chart.getBoundingClientRect();
  return Array.from({length: 40}, (_, n) => [
    box.x + xaxis._offset + xaxis.d2p(trace.x[n]), box.y + yaxis._offset + yaxis.d2p(trace.y[n])]).filter(
    place => place.every(Number.isFinite)); }"""


def as_seen(text: str) -> str:
    """A text as it stands on the screen: blanks run together, signs of direction not seen."""
    return re.sub(r"\s+", " ", SIGNS.sub("", text)).strip()


WORDS = {as_seen(on_one_line(word)) for word in HOSTILE}


@pytest.fixture(scope="module")
def hostile_server(demo_today_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demonstration company with hostile words."""
    folder = tmp_path_factory.mktemp("hostile")
    url = f"sqlite:///{shutil.copy(demo_today_file, folder / 'hostile.db')}"
    store = open_store(url)
    make_hostile(store)
    store.close()
    with serve(folder, url) as server:
        yield server


@pytest.fixture
def window(look: Callable[..., Page]) -> Iterator[Page]:
    """A window that may ask its server for pages and their parts only; others it may not ask at all."""
    page, asked = look(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    yield page
    assert [url for url in asked if not OWN_PATHS.fullmatch(urlparse(url).path)] == []


def expect_nothing_brought(page: Page, view: str) -> None:
    """No element and no script came from a word."""
    assert page.evaluate(BROUGHT) == [], view
    assert page.evaluate("window.__pwned") is None, view


def test_no_view_runs_or_fetches_a_word(hostile_server: Server, window: Page) -> None:
    for view in every_view(window, hostile_server, demo=True):
        expect_nothing_brought(window, view)


@pytest.mark.parametrize("number", range(0, len(HOSTILE), 5))
def test_a_persons_page_says_the_name(number: int, hostile_server: Server, window: Page) -> None:
    open_url(window, f"{hostile_server.url}/customer?id={number + 1}")
    assert as_seen(window.get_by_role("heading", level=1).inner_text()) == as_seen(on_one_line(hostile_word(number)))
    expect_nothing_brought(window, hostile_word(number))


def test_lists_of_names_say_them(hostile_server: Server, window: Page) -> None:
    open_url(window, f"{hostile_server.url}/value?value_alpha=0.0")
    window.get_by_role("button", name="Who enters, who leaves?").click()
    inside = window.get_by_test_id("stPopoverBody")
    expect(inside.get_by_text("Enters")).to_be_visible()
    said = {as_seen(line) for column in inside.locator("p").all() for line in column.inner_text().splitlines()}
    assert len(said) > 10
    assert said - WORDS == {"Enters", "Leaves"}
    expect_nothing_brought(window, "who enters")


def test_cards_of_today_say_the_names(hostile_server: Server, window: Page) -> None:
    open_url(window, hostile_server.url)
    names = [as_seen(window.locator(f".st-key-open_{rank} button").inner_text()) for rank in range(1, 8)]
    assert set(names) <= WORDS
    window.get_by_role("button", name="Not useful").first.click()
    wait_idle(window)
    expect(window.get_by_test_id("stToast")).to_contain_text(": not useful.")
    assert f" {names[0]}: not useful." in as_seen(window.get_by_test_id("stToast").inner_text())
    expect_nothing_brought(window, "today, dealt with")


def test_a_chart_says_the_names(hostile_server: Server, window: Page) -> None:
    open_url(window, f"{hostile_server.url}/segments?kinds=Natural+groups")
    by_key(window, "group_scatter").scroll_into_view_if_needed()
    seen = set()
    for x, y in window.evaluate(POINTS):
        window.mouse.move(x, y)
        window.wait_for_timeout(120)
        seen |= {
            as_seen(text) for text in window.locator(".hoverlayer .hovertext .line:first-child").all_text_contents()
        }
    expect_nothing_brought(window, "hover")
    assert len(seen) > 5
    assert seen <= WORDS


def test_a_file_is_brought_and_taken_back_under_its_name(empty_server: Server, window: Page) -> None:
    name = "[link](http://evil.example) :smile: <b>&amp; $a$ $b$.csv"
    rows = "".join(f'c{n},"{word[:60]}",2026-01-01,5,EUR\n' for n, word in enumerate(WORDS) if '"' not in word)
    data = f"customer_id,name,date,amount,currency\n{rows}x,y,<b>z</b>,5,EUR\n".encode()
    open_url(window, f"{empty_server.url}/data")
    chosen = {"name": name, "mimeType": "text/csv", "buffer": data}
    window.get_by_test_id("stFileUploaderDropzoneInput").set_input_files([chosen])
    bring = by_key(window, "import").get_by_role("button")
    expect(bring).to_be_visible()
    wait_idle(window)
    window.get_by_text("1 row can't be read").click()
    expect(window.get_by_text(f"{name}, row ").first).to_be_visible()
    expect_nothing_brought(window, "preview")
    bring.click()
    expect(window.get_by_text(f"{name} is in: ")).to_be_visible()
    wait_idle(window)
    expect_nothing_brought(window, "report")
    by_key(window, "undo_1").get_by_role("button").click()
    expect(window.get_by_role("dialog").get_by_text(name)).to_be_visible()
    expect_nothing_brought(window, "question")
