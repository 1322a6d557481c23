"""Every page, and what opens on a page: where tests of looks, keys and sizes go."""

from collections.abc import Callable, Iterator

from playwright.sync_api import Page, expect

from pages.parts.display import PAGES
from tests.browser.driving import PROJECT, Server, by_key, expect_no_error, open_url, wait_idle

SAMPLE = PROJECT / "data" / "sample_orders.csv"
SAMPLE_WORDS = {SAMPLE.stem, *SAMPLE.read_text(encoding="utf-8").partition("\n")[0].split(",")}  # shown as they are
IN_TIME = 60_000  # ms; a small machine reads and writes a file in this


def addresses(*, demo: bool) -> Iterator[tuple[str, str]]:
    """(name, address) of every page; a customer's own with and without a number."""
    for path in PAGES:
        yield path, {"today": ""}.get(path, path)
        if path == "customer" and demo:
            yield "customer with a number", "customer?id=1"
    if demo:
        yield "who may be the same", "customers?mode=Merge&with=1"
        yield "the natural groups", "segments?kinds=Natural+groups"
        yield "the journey", "segments?kinds=Journey"
        yield "the cohorts", "segments?kinds=Cohorts"
        yield "the owner's segments", "segments?kinds=Own"
        yield "the source's scale", "value?value_source=true"
        yield "how offers did", "recommend?recommend_view=Results"
        yield "the past days", "accuracy?accuracy_part=Past+days"
        yield "the chances", "accuracy?accuracy_part=Chances"
        yield "the series", "accuracy?accuracy_part=Series"
        yield "the tested offers", "accuracy?accuracy_part=Offers"


def open_snooze(page: Page, server: Server) -> None:
    """Today with a card's menu open."""
    open_url(page, server.url)
    by_key(page, "card_1").get_by_role("button", name="Snooze").click()
    expect(page.get_by_text("In a week", exact=True)).to_be_visible()


def open_worth(page: Page, server: Server) -> None:
    """The second tab of Value & loyalty."""
    open_url(page, f"{server.url}/value")
    page.get_by_role("tab", name="Worth ahead").click()


def open_plan(page: Page, server: Server) -> None:
    """The third tab of Value & loyalty."""
    open_url(page, f"{server.url}/value")
    page.get_by_role("tab", name="A plan of your own").click()


def choose_file(page: Page, server: Server) -> None:
    """Data with a file that is about to be imported, its columns open."""
    open_url(page, f"{server.url}/data")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(SAMPLE)
    expect(by_key(page, "import").get_by_role("button")).to_be_visible(timeout=IN_TIME)
    wait_idle(page)
    page.get_by_text("Columns · ").first.click()


def ask_back(page: Page, server: Server) -> None:
    """Data with the question before an import is taken back."""
    open_url(page, f"{server.url}/data")
    by_key(page, "undo_1").get_by_role("button").click()
    expect(by_key(page, "confirm_undo")).to_be_visible()


def open_merges(page: Page, server: Server) -> None:
    """How Ward's natural groups merged."""
    open_url(page, f"{server.url}/segments?kinds=Natural+groups&method=Ward")
    page.get_by_role("tab", name="Tree").click()


def group_table(page: Page, server: Server) -> None:
    """Natural groups of the sample file's rows, and whether they would appear again."""
    open_url(page, f"{server.url}/segments?kinds=Natural+groups&grouped=Own+table")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(SAMPLE)
    page.get_by_role("tab", name="Again?").click(timeout=IN_TIME)


def open_offer(page: Page, server: Server) -> None:
    """Recommend with the menu of an offer open, after another was declined; what a walk before declined is undone."""
    open_url(page, f"{server.url}/recommend")
    undo = page.get_by_role("button", name="Undo “")
    while undo.count():
        undo.first.click()
        wait_idle(page)
    offers = page.locator("[class*='st-key-offer_new'] button")
    offers.first.click()
    page.get_by_text("Declined", exact=True).click()
    expect(undo).to_be_visible()
    wait_idle(page)
    offers.first.click()
    expect(page.get_by_text("Not useful to them", exact=True)).to_be_visible()


OPENED: dict[str, Callable[[Page, Server], None]] = {
    "a card's menu": open_snooze,
    "an offer's menu": open_offer,
    "the worth ahead": open_worth,
    "a plan": open_plan,
    "merged groups": open_merges,
    "groups in a table": group_table,
    "a file before its import": choose_file,
    "the question before taking back": ask_back,
}


def every_view(page: Page, server: Server, *, demo: bool) -> Iterator[str]:
    """Go to every page and open what opens; yields where the window is, at rest."""
    for name, address in addresses(demo=demo):
        open_url(page, f"{server.url}/{address}")
        yield name
    if demo:
        for name, open_it in OPENED.items():
            open_it(page, server)
            wait_idle(page)
            expect_no_error(page)
            yield name
