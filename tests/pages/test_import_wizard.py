"""Bringing a file: what is asked about it, what is shown before anything is stored, and that the answers hold."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm_core.importing.choices import Existing
from crm_core.importing.status_choices import Treatment
from crm_core.services.imports import import_file
from crm_core.store.session import Store
from pages.parts import import_trial
from tests.pages.checks import check_sound
from tests.pages.test_data import finish, upload

OpenPage = Callable[..., AppTest]
HEADER = "order_id,customer_id,date,amount,currency,status,phone,Gift wrap"
ROWS = [
    "1,ana,03/04/2026,10.00,EUR,paid,,red",
    "2,ben,05/06/2026,20.00,EUR,pending,,",
    "3,cem,07/08/2026,30.00,EUR,paid,,blue",
    "4,cem,01/02/2026,40.00,EUR,test,,",
]


def file_of(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows, ""]).encode()


def answer(page: AppTest, beginning: str, value: Any) -> AppTest:
    """Set the control whose key begins so."""
    controls = [*page.segmented_control, *page.pills, *page.selectbox, *page.toggle]
    control = next(control for control in controls if str(control.key).startswith(beginning))
    return control.set_value(value).run()


def bring(page: AppTest, store: Store) -> AppTest:
    page.button(key="import").click().run()
    page = finish(page, store)
    check_sound(page)
    return page


def stored(store: Store, query: str) -> list[Any]:
    with store.engine.connect() as connection:
        return [tuple(row) if len(row) > 1 else row[0] for row in connection.exec_driver_sql(query)]


def test_days_that_read_two_ways_are_shown_both_ways_and_asked_for(store: Store, open_page: OpenPage) -> None:
    page = upload(open_page("data.py", store.url), file_of(*ROWS))
    check_sound(page)
    table = next(m.value for m in page.markdown if "in the file" in m.value)
    assert "| 03/04/2026 | 3 April 2026 | 4 March 2026 |" in table
    assert table.count("2026 |") >= 7  # three examples
    page = answer(page, "dates_", "mdy")
    bring(page, store)
    assert str(stored(store, "SELECT ordered_on FROM orders WHERE source_id = '1'")[0]) == "2026-03-04"


def test_orders_that_are_not_paid_are_left_out_or_counted_as_chosen(store: Store, open_page: OpenPage) -> None:
    page = upload(open_page("data.py", store.url), file_of(*ROWS))
    page = answer(page, "dates_", "dmy")
    assert page.button(key="import").label == "Import 4 rows"
    page = answer(page, "group_pending", Treatment.LEAVE_OUT)
    page = answer(page, "group_test", Treatment.COUNT)
    check_sound(page)
    assert page.button(key="import").label == "Import 3 rows"
    page = bring(page, store)
    assert "3 of 4 rows stored" in page.success[0].value
    assert any("left out" in m.value for m in page.markdown)
    assert stored(store, "SELECT source_id, status FROM orders ORDER BY source_id") == [
        ("1", "paid"),
        ("3", "paid"),
        ("4", "paid"),
    ]


def test_nothing_is_asked_of_a_plain_file(store: Store, open_page: OpenPage) -> None:
    page = upload(open_page("data.py", store.url), b"customer_id,date,amount,currency\nana,2026-01-05,1.00,EUR\n")
    check_sound(page)
    asked = [str(control.key) for control in [*page.segmented_control, *page.pills, *page.toggle]]
    assert [key for key in asked if key.startswith(("dates_", "group_", "existing_", "keep_", "currency_"))] == []
    assert page.button(key="import").label == "Import 1 row"


@pytest.mark.parametrize(
    ("policy", "phone"), [(Existing.FILL, "111"), (Existing.OVERWRITE, "222"), (Existing.SKIP, "111")]
)
def test_people_who_are_in_already_are_treated_as_chosen(
    store: Store, open_page: OpenPage, policy: Existing, phone: str
) -> None:
    import_file(store, file_of("1,ana,2026-01-05,10.00,EUR,paid,111,"), file_name="first.csv")
    page = upload(open_page("data.py", store.url), file_of("2,ana,2026-01-06,10.00,EUR,paid,222,"))
    bring(answer(page, "existing_", policy), store)
    assert stored(store, "SELECT phone FROM customers") == [phone]


def test_further_columns_are_kept_where_wanted(store: Store, open_page: OpenPage) -> None:
    page = upload(open_page("data.py", store.url), file_of(ROWS[0]))
    page = answer(page, "dates_", "dmy")
    bring(answer(page, "keep_", True), store)
    assert stored(store, "SELECT name, value FROM custom_fields") == [("Gift wrap", "red")]


def test_what_a_known_order_became_can_be_brought(store: Store, open_page: OpenPage) -> None:
    import_file(store, file_of("1,ana,2026-01-05,10.00,EUR,paid,,"), file_name="first.csv")
    page = upload(open_page("data.py", store.url), file_of("1,ana,2026-01-05,10.00,EUR,cancelled,,"))
    check_sound(page)
    assert "| orders | 0 | 1 | 0 |" in next(m.value for m in page.markdown if "as they were" in m.value)
    assert page.button(key="import").label == "Import what changed"
    bring(page, store)
    assert stored(store, "SELECT status FROM orders") == ["cancelled"]


def test_the_same_file_has_nothing_to_bring(store: Store, open_page: OpenPage) -> None:
    import_file(store, file_of(ROWS[0]), file_name="first.csv", dates="dmy")
    page = upload(open_page("data.py", store.url), file_of(ROWS[0]))
    page = answer(page, "dates_", "dmy")
    assert page.button(key="import").label == "All rows are in already"
    assert page.button(key="import").disabled


def test_a_large_file_is_compared_meanwhile(store: Store, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_trial, "AT_ONCE_ROWS", 1)
    import_file(store, file_of(ROWS[0]), file_name="first.csv", dates="dmy")
    page = upload(open_page("data.py", store.url), file_of(*ROWS[:2]))
    page = answer(page, "dates_", "dmy")
    for _ in range(50):
        if any("as they were" in m.value for m in page.markdown):
            break
        page.run()
    check_sound(page)
    assert page.button(key="import").label == "Import 1 row"
    bring(page, store)
    assert len(stored(store, "SELECT id FROM orders")) == 2


def test_people_are_told_from_orders_and_the_owner_may_say_otherwise(store: Store, open_page: OpenPage) -> None:
    people = b"Name,E-mail,Telefon,Geburtstag\nAna Ruiz,ana@example.org,+34 600 000 000,1980-02-28\n"
    page = upload(open_page("data.py", store.url), people)
    check_sound(page)
    kind = next(box for box in page.selectbox if box.label == "Each row is")
    assert kind.value == "customers"
    assert "| customers | 1 | 0 | 0 |" in next(m.value for m in page.markdown if "as they were" in m.value)
    kind.set_value("orders").run()
    check_sound(page)
    assert "no column that looks like the line total" in page.warning[0].value
    next(box for box in page.selectbox if box.label == "Each row is").set_value("customers").run()
    page = bring(page, store)
    assert page.title[0].value == "1 customer, 0 orders from 1 file"
    assert stored(store, "SELECT name, email FROM customers") == [("Ana Ruiz", "ana@example.org")]
