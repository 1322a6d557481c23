"""Accuracy: empty, filled, for every horizon, with too little data, and with promises that have matured."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from crm_core.services.accuracy import HORIZONS
from crm_core.store.session import Store
from tests.conftest import LAST_DAY
from tests.pages.checks import check_sound
from tests.services.test_promises import promise, show_list
from tests.shops import add_orders

OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def on_its_last_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration company is looked at on the day it ends."""
    monkeypatch.setattr("pages.parts.loading.today", lambda: LAST_DAY)


def words(page: AppTest) -> str:
    """All running text of the page."""
    return "\n".join(item.value for item in [*page.markdown, *page.caption, *page.info])


def badges(page: AppTest) -> list[str]:
    """The levels of evidence shown."""
    return [item.value for item in page.markdown if "-badge[" in item.value]


def test_an_empty_product_asks_for_orders(store: Store, open_page: OpenPage) -> None:
    page = open_page("accuracy.py", store.url)
    check_sound(page)
    assert page.title[0].value == "Can I believe this?"
    assert "No orders yet." in words(page)


def test_a_filled_page_answers_in_one_sentence(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("accuracy.py", seen_store.url)
    check_sound(page)
    title = page.title[0].value
    assert title.startswith("Of the 40 customers ranked highest on 14 Dec 2025, ")
    assert " bought within 90 days; by chance it would have been " in title
    assert "Each time only what was known by the end of that day was used" in words(page)
    assert len(badges(page)) == 3
    assert "the rule “Own rate until silent” by" in words(page)
    assert "predictions about" in words(page)
    assert "lay within the announced range on" in words(page)
    assert "nan" not in words(page).lower().split()


def test_the_model_stands_beside_the_rules(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("accuracy.py", seen_store.url)
    rules = next(item.value for item in page.dataframe if "method" in item.value)
    names = ["The model", "Own rate", "Own rate until silent", "Last period again", "RFM ranking"]
    assert rules["method"].tolist() == names
    assert rules["purchase_error"].notna().sum() == 4
    days = next(item.value for item in page.dataframe if "cut_off" in item.value)
    assert len(days) == 8
    top = next(item.value for item in page.dataframe if "chance" in item.value and "label" in item.value)
    assert len(top) == 40
    assert f", {(top['purchases'] > 0).sum()} bought within" in page.title[0].value


@pytest.mark.parametrize(
    "horizon", [pytest.param(days, marks=[] if days == 90 else pytest.mark.slow) for days in HORIZONS]
)
def test_the_link_keeps_the_horizon(horizon: int, seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("accuracy.py", seen_store.url, accuracy_days=f"{horizon} days")
    check_sound(page)
    assert f" bought within {horizon} days;" in page.title[0].value


def test_too_little_data_get_a_sentence(store: Store, open_page: OpenPage) -> None:
    add_orders(store, [(f"c{n}", f"2026-0{month}-0{n}", 1000) for n in range(1, 9) for month in (1, 2)])
    page = open_page("accuracy.py", store.url)
    check_sound(page)
    assert page.title[0].value == "Too early to say how good predictions are here"
    assert "needs orders over at least 180 days, and 25 customers who had come back" in words(page)
    assert words(page).count("Not tested on your own past yet.") == 3
    assert not page.dataframe
    assert all("own rhythm" in badge for badge in badges(page))


@pytest.mark.slow
def test_promises_wait_until_their_window_has_passed(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("accuracy.py", demo_store.url)
    check_sound(page)
    assert "7 promises noted so far. The first can be graded on 12 Jun 2026" in words(page)


@pytest.mark.slow
def test_matured_promises_are_shown_with_what_came(demo_store: Store, open_page: OpenPage) -> None:
    shown = show_list(demo_store, LAST_DAY - timedelta(days=100))
    page = open_page("accuracy.py", demo_store.url)
    check_sound(page)
    assert "Of 7 promises about 7 customers" in words(page)
    assert "Promised **€" in words(page)
    table = next(item.value for item in page.dataframe if "promised" in item.value)
    assert sorted(table["promised"]) == pytest.approx(sorted(shown["at_stake_minor"] / 100))


def test_a_person_who_was_promised_twice_is_shown_twice(store: Store, open_page: OpenPage) -> None:
    add_orders(store, [("a", "2025-01-10", 700), ("a", "2025-03-01", 700), ("b", "2026-03-10", 100)])
    for day in ("2025-02-01", "2025-07-01"):
        promise(store, 1, day)
    page = open_page("accuracy.py", store.url)
    check_sound(page)
    assert len(next(item.value for item in page.dataframe if "promised" in item.value)) == 2
    assert page.selectbox(key="accuracy_promised_chosen").options == ["Person a"]


@pytest.mark.parametrize("name", ["today.py", "value.py"])
def test_predictions_lead_to_how_sure_they_are(name: str, seen_store: Store, open_page: OpenPage) -> None:
    page = open_page(name, seen_store.url)
    check_sound(page)
    links = [item.proto.label for item in page.get("page_link")]
    assert links.count("How sure is this?") == 1
