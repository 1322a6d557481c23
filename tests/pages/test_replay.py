"""A past day looked at again: every page as it was then, nothing of later days, nothing that can be done."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import func, insert, select, update
from streamlit.testing.v1 import AppTest

from crm_core.services.actions import decide_action
from crm_core.services.today import find_suggestions
from crm_core.store.session import Store
from crm_core.store.tables import Action, Interaction, Order, Prediction, SurveyAnswer, Ticket
from crm_core.vocabulary import ActionState
from pages.parts.display import PAGES
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.pages.checks import check_sound
from tests.shops import SMALL_SHOPS, add_orders, add_refund, next_id

OpenPage = Callable[..., AppTest]
THEN = date(2025, 3, 1)
SAID = "You are looking at 1 Mar 2025, as it was then. Orders after that day are left out."
MONTHS = dict(zip("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), range(1, 13), strict=True))
DAY = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
NAMED_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)})\w* (\d{{4}})\b")
ANALYSES = [file for path, (file, _, _) in PAGES.items() if path not in {"data", "settings", "customer"}]
VIEWS = [
    *((file, {}) for file in ANALYSES),
    ("customers.py", {"stage": "everyone", "sort": "name"}),
    ("value.py", {"value_part": "A new customer"}),
    ("segments.py", {"kinds": "Natural groups"}),
    ("recommend.py", {"recommend_view": "Results"}),
    ("accuracy.py", {"accuracy_part": "Past days"}),
    ("accuracy.py", {"accuracy_part": "Promises"}),
    ("accuracy.py", {"accuracy_part": "Offers"}),
]


def days_in(text: str) -> Iterator[date]:
    """The days that a text names, as 2025-03-01 or 1 Mar 2025."""
    for year, month, number in DAY.findall(text):
        yield date(int(year), int(month), int(number))
    for number, month, year in NAMED_DAY.findall(text):
        yield date(int(year), MONTHS[month], int(number))


def days_on(page: AppTest) -> set[date]:
    """Every day below the main part: in words, help, charts and tables, without the way back."""
    found: set[date] = set()
    nodes = [page.main]
    while nodes:
        node = nodes.pop()
        nodes += list(node.children.values()) if hasattr(node, "children") else []
        if getattr(node, "key", None) == "leave_replay" or getattr(node, "proto", None) is None:
            continue
        found.update(days_in(str(node.proto)))
        if node.type == "dataframe":
            found.update(_days_in_table(node.value))
    return found


def _days_in_table(table: pd.DataFrame) -> Iterator[date]:
    for _, column in table.reset_index().items():
        if pd.api.types.is_datetime64_any_dtype(column):
            yield from column.dropna().dt.date
        else:
            yield from days_in(" ".join(str(cell) for cell in column))


def banner_of(page: AppTest) -> list[str]:
    return [block.value for block in page.main.markdown if SAID in block.value]


def test_days_are_found_wherever_they_stand() -> None:
    assert list(days_in("since 2025-03-01, 12 March 2025")) == [date(2025, 3, 1), date(2025, 3, 12)]
    table = pd.DataFrame({"on": pd.to_datetime(["2025-03-01"]), "day": [date(2024, 2, 29)]})
    assert set(_days_in_table(table)) == {date(2025, 3, 1), date(2024, 2, 29)}


def test_no_page_shows_a_later_day(demo_store: Store, open_page: OpenPage) -> None:
    add_refund(demo_store, 1, "2025-06-01", 100)
    for file, query in VIEWS:  # in one test: what is known of that day is worked out once
        page = open_page(file, demo_store.url, day="2025-03-01", **query)
        check_sound(page)
        assert len(banner_of(page)) == 1, (file, query)
        later = {day for day in days_on(page) if day > THEN}
        assert later == set(), (file, query)
        assert "As of **1 Mar 2025**" in page.sidebar.caption[0].value


@pytest.mark.parametrize("file", ["today.py", "customers.py", "accuracy.py"])
def test_without_a_day_in_the_address_later_days_are_found(seen_store: Store, open_page: OpenPage, file: str) -> None:
    assert max(days_on(open_page(file, seen_store.url))) > THEN


def test_a_persons_history_ends_with_the_day(demo_store: Store, open_page: OpenPage) -> None:
    with demo_store.begin() as session:
        who = _bought_before_and_after(session)
        for table, day in ((Interaction, "happened_on"), (Ticket, "opened_on"), (SurveyAnswer, "answered_on")):
            later: dict[str, Any] = {"customer_id": who, day: THEN + timedelta(days=9)}
            later |= {Interaction: {"channel": "phone"}, Ticket: {"subject": "Later"}}.get(
                table, {"question": "Later", "score": 0.5}
            )
            session.execute(insert(table).values(id=next_id(session, table), **later))
    page = open_page("customer.py", demo_store.url, day="2025-03-01", id=str(who))
    check_sound(page)
    assert max(day for day in days_on(page) if day not in _days_expected(page)) <= THEN
    history = page.dataframe[0].value
    assert len(history)
    assert not history["what"].str.contains("Later").any()
    assert "restore" not in [button.key for button in page.button]
    assert not any("Merge" in link.proto.label or link.proto.label == "Edit" for link in page.get("page_link"))


def _days_expected(page: AppTest) -> set[date]:
    """The days on which a page expects a next order: said on the day, about later ones."""
    return {
        day for metric in page.metric if "order" in metric.label for day in days_in(f"{metric.value} {metric.delta}")
    }


def _bought_before_and_after(session: Any) -> int:
    several = select(Order.customer_id).where(Order.customer_id.is_not(None)).group_by(Order.customer_id)
    found = several.having(func.min(Order.ordered_on) < THEN, func.max(Order.ordered_on) > THEN, func.count() > 3)
    return int(session.scalar(found.order_by(Order.customer_id)))


def test_who_came_later_is_not_on_the_list_and_has_no_figures(store: Store, open_page: OpenPage) -> None:
    add_orders(store, [("early", "2025-01-01", 100), ("late", "2025-05-01", 100), ("early", "2025-06-01", 100)])
    page = open_page("customers.py", store.url, day="2025-03-01")
    check_sound(page)
    assert page.title[0].value == "1 customer"
    assert "· 1 customer" in page.sidebar.caption[0].value
    assert open_page("customers.py", store.url).title[0].value == "2 customers"
    person = open_page("customer.py", store.url, day="2025-03-01", id="2")
    check_sound(person)
    assert "Known, but without a paid order up to 1 Mar 2025." in [block.value for block in person.markdown]
    assert "Nothing had happened by then." in [block.value for block in person.caption]


def test_a_past_list_can_only_be_looked_at_and_nothing_of_it_is_kept(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("today.py", demo_store.url, day="2025-03-01")
    check_sound(page)
    assert page.title[0].value == "Seven people to look after on 1 Mar 2025"
    assert not [button.key for button in page.button if (button.key or "").startswith(("done_", "not_", "back_"))]
    assert not page.get("menu_button")
    assert not any("birthday" in block.value for block in page.caption)
    with demo_store.read() as session:
        assert session.scalar(select(func.count()).select_from(Prediction)) == 0
    open_page("today.py", demo_store.url)
    with demo_store.read() as session:
        assert session.scalars(select(Prediction.as_of).distinct()).all() == [LAST_DAY]


def test_decisions_made_later_were_not_made_then(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("today.py", demo_store.url, day="2025-03-01")
    before = [block.value for block in page.markdown]
    base = base_of(demo_store, THEN)
    for found in find_suggestions(demo_store, base, today=THEN, replayed=True):
        occasion = {"customer_id": found.customer_id, "kind": found.kind, "episode": found.episode}
        decide_action(demo_store, **occasion, state=ActionState.DONE, today=LAST_DAY)
    assert [block.value for block in page.run().markdown] == before
    with demo_store.begin() as session:
        session.execute(update(Action).values(decided_at=datetime(2025, 3, 1, 12, tzinfo=UTC).replace(tzinfo=None)))
    page.run()
    assert page.title[0].value == "Nobody to look after on 1 Mar 2025"
    assert [box.label for box in page.expander] == ["Dealt with (20)"]
    assert not [button.key for button in page.button if (button.key or "").startswith("back_")]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("soon", "“soon” in the address is not a day; write it like 2025-03-01. You see 14 Mar 2026, as usual."),
        ("2025-02-30", "“2025-02-30” in the address is not a day"),
        ("*" * 400, "“" + r"\*" * 20 + "…” in the address is not a day"),
        ("2999-01-01", "1 Jan 2999 is later than the last day that can be looked at. You see 14 Mar 2026, as usual."),
        ("1999-12-31", "31 Dec 1999 is before your first order, on "),
    ],
)
@pytest.mark.parametrize("file", ["today.py", "segments.py", "settings.py"])
def test_a_day_that_cannot_be_looked_at_is_told(
    seen_store: Store, open_page: OpenPage, asked: str, words: str, file: str
) -> None:
    page = open_page(file, seen_store.url, day=asked)
    check_sound(page)
    assert page.info[0].value.startswith(words)
    assert not banner_of(page)
    assert "As of **14 Mar 2026**" in page.sidebar.caption[0].value


def test_a_shop_without_orders_says_so_too(store: Store, open_page: OpenPage) -> None:
    page = open_page("today.py", store.url, day="2025-03-01")
    check_sound(page)
    assert page.info[0].value.startswith("There are no orders yet, so there is no earlier day to look at.")
    assert not page.sidebar.date_input


@pytest.mark.parametrize("file", ANALYSES)
@pytest.mark.parametrize("shop", ["two", "everyone bought once"])
def test_every_page_opens_on_the_second_day_of_a_small_shop(
    store: Store, open_page: OpenPage, shop: str, file: str
) -> None:
    add_orders(store, [("guest", "2026-04-30", 100)], status="cancelled")
    add_orders(store, [*SMALL_SHOPS[shop], ("z", "2026-07-01", 100)])
    page = open_page(file, store.url, day="2026-05-02")
    check_sound(page)
    assert any("You are looking at 2 May 2026" in block.value for block in page.main.markdown)
    assert {day for day in days_on(page) if day > date(2026, 5, 2)} == set()


def test_a_day_is_picked_and_left(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", seen_store.url)
    now = page.title[0].value
    picker = page.sidebar.date_input[0]
    assert (picker.value, picker.max) == (None, LAST_DAY)
    picker.set_value(THEN).run()
    check_sound(page)
    assert banner_of(page)
    assert page.title[0].value != now
    assert page.query_params["day"] == "2025-03-01"
    page.button(key="leave_replay").click().run()
    check_sound(page)
    assert not banner_of(page)
    assert page.title[0].value == now
    assert "day" not in page.query_params


def test_the_day_comes_along_from_page_to_page(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", seen_store.url, day="2025-03-01")
    del page.query_params["day"]
    page.switch_page("recommend.py").run()
    check_sound(page)
    assert banner_of(page)
    assert page.query_params["day"] == "2025-03-01"


@pytest.mark.parametrize("file", ["data.py", "settings.py"])
def test_what_changes_the_present_shows_the_present(seen_store: Store, open_page: OpenPage, file: str) -> None:
    page = open_page(file, seen_store.url, day="2025-03-01")
    check_sound(page)
    assert "As of **14 Mar 2026**" in page.sidebar.caption[0].value
    assert any("This page shows what is stored now; 1 Mar 2025" in block.value for block in page.markdown)
    page.button(key="leave_replay").click().run()
    check_sound(page)
    assert not any("This page shows what is stored now" in block.value for block in page.markdown)


@pytest.mark.parametrize("mode", ["Edit", "Merge"])
def test_customers_are_not_edited_in_the_past(seen_store: Store, open_page: OpenPage, mode: str) -> None:
    page = open_page("customers.py", seen_store.url, day="2025-03-01", mode=mode)
    check_sound(page)
    assert page.title[0].value.endswith(" customers")
    assert any("wait until you are back" in block.value for block in page.caption)
    assert not page.get("segmented_control")
