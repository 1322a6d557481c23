"""What axe-core, bundled with axe-playwright-python, finds on a page."""

from typing import Any, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = {"serious", "critical"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Excused(NamedTuple):
    """A rule that is not kept in one place, because that place is drawn by Streamlit and can't be changed from here."""

    rule: str
    selector: str  # of every element that may break it
    why: str


MENU = '[data-testid="stSidebarNavItems"]'
EXCUSED = [
    Excused(
        "list",
        MENU,
        "The menu's groups are boxes between the list and its items. Without groups the list would be sound, but a "
        "dozen pages in a row are harder to find one's way in for everybody; browsers pass over such boxes when they "
        "count the items for a screen reader. Links of our own instead would not say which page is open.",
    ),
    Excused("listitem", f"{MENU} > div > li", "The other side of the same."),
]


class Finding(NamedTuple):
    """One element that breaks one rule."""

    rule: str
    impact: str
    element: str
    why: str


def grave_findings(page: Page) -> tuple[list[Finding], set[str]]:
    """The serious and critical findings that are not excused, and the rules that were excused here."""
    answer = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": RULES}).response
    found, excused = [], set()
    for violation in answer["violations"]:
        for node in violation["nodes"]:
            if violation["impact"] not in GRAVE:
                continue
            if _is_excused(page, violation["id"], node["target"]):
                excused.add(violation["id"])
                continue
            messages = [check["message"] for check in [*node["any"], *node["all"], *node["none"]]]
            found.append(Finding(violation["id"], violation["impact"], node["html"][:300], "; ".join(messages)[:400]))
    return found, excused


def _is_excused(page: Page, rule: str, target: list[Any]) -> bool:
    selectors = [entry.selector for entry in EXCUSED if entry.rule == rule]
    if not selectors or len(target) != 1:
        return False
    return bool(page.locator(target[0]).first.evaluate("(it, wanted) => it.matches(wanted)", ", ".join(selectors)))
