"""The editor on Customers and Data: pending changes, saving, conflicts, adding, archiving, deleting, history."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm_core.services.edit_history import list_edits
from crm_core.services.edit_tables import edit_page
from crm_core.services.editing import CellEdit, archive_rows, save_edits
from crm_core.store.session import Store
from tests.pages.checks import check_sound
from tests.shops import add_orders

OpenPage = Callable[..., AppTest]
WHO = {"now": datetime(2026, 3, 14, tzinfo=UTC), "by": "other"}


@pytest.fixture
def shop(store: Store) -> Store:
    add_orders(store, [("ana", "2026-01-01", 1000), ("ben", "2026-02-01", 500)])
    return store


def change(page: AppTest, name: str, rows: dict[int, dict[str, Any]]) -> AppTest:
    """What the browser's editor tells of changed cells, by their place on the page."""
    key = page.session_state[f"desk_{name}"].editor_key
    page.session_state[key] = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
    return page.run()


def open_editor(open_page: OpenPage, store: Store, **query: str) -> AppTest:
    page = open_page("customers.py", store.url, mode="Edit", **query)
    check_sound(page)
    return page


def test_an_edit_is_saved_and_taken_back(shop: Store, open_page: OpenPage) -> None:
    page = open_editor(open_page, shop)
    assert page.button(key="save_customers").disabled
    change(page, "customers", {0: {"name": "Ana Berg", "birthday": "1990-05-01"}})
    check_sound(page)
    assert page.button(key="save_customers").label == "Save 2 changes"
    assert any("Person ana (Name), Person ana (Birthday)." in text.value for text in page.caption)
    page.button(key="save_customers").click().run()
    check_sound(page)
    assert page.success[0].value == "Saved 2 changes."
    row = edit_page(shop, "customers").table.loc[1]
    assert (row["name"], row["birthday"]) == ("Ana Berg", date(1990, 5, 1))
    page.run()
    assert page.button(key="save_customers").disabled
    page.button(key="undo_last_customers").click().run()
    check_sound(page)
    assert page.info[0].value == "Taken back."
    assert edit_page(shop, "customers").table.loc[1, "name"] == "Person ana"


def test_what_is_typed_back_or_unticked_is_pending_no_more(shop: Store, open_page: OpenPage) -> None:
    """The browser's editor tells of a cell only while it differs from the table it was given."""
    page = open_editor(open_page, shop)
    change(page, "customers", {0: {"name": "Ana Berg", "tick": True}, 1: {"tick": True}})
    assert page.button(key="save_customers").label == "Save 1 change"
    change(page, "customers", {1: {"tick": True}})
    check_sound(page)
    assert page.button(key="save_customers").disabled
    assert page.button(key="delete_customers").label == "Delete 1 customer"
    assert set(page.session_state["desk_customers"].ticked) == {2}


def test_a_change_made_before_a_search_can_be_typed_back_after_it(shop: Store, open_page: OpenPage) -> None:
    page = open_editor(open_page, shop)
    change(page, "customers", {0: {"name": "Ana Berg"}})
    page.text_input(key="q").set_value("ana").run()
    change(page, "customers", {})
    assert page.button(key="save_customers").label == "Save 1 change"
    change(page, "customers", {0: {"name": "Person ana"}})
    check_sound(page)
    assert page.button(key="save_customers").disabled


def test_pending_changes_survive_a_search_and_a_visit_elsewhere(shop: Store, open_page: OpenPage) -> None:
    page = open_editor(open_page, shop)
    change(page, "customers", {0: {"name": "Ana Berg"}})
    page.text_input(key="q").set_value("ben").run()
    assert page.button(key="save_customers").label == "Save 1 change"
    page.switch_page("value.py").run()
    page.query_params["mode"] = "Edit"
    page.switch_page("customers.py").run()
    check_sound(page)
    assert page.button(key="save_customers").label == "Save 1 change"
    page.button(key="drop_customers").click().run()
    assert page.button(key="save_customers").disabled
    assert list_edits(shop).empty


def test_a_conflict_is_shown_with_both_values_and_decided(shop: Store, open_page: OpenPage) -> None:
    page = open_editor(open_page, shop)
    change(page, "customers", {0: {"name": "Mine"}, 1: {"channel": "fair"}})
    save_edits(shop, "customers", [CellEdit(1, "name", "Person ana", "Theirs")], today=date(2026, 3, 14), **WHO)
    page.run()  # newer facts do not move the page under a pending change
    page.button(key="save_customers").click().run()
    check_sound(page)
    assert page.success[0].value == "Saved 1 change."
    assert any("now 'Theirs', yours is 'Mine'" in text.value for text in page.markdown)
    page.button(key="mine_customers_1_name").click().run()
    check_sound(page)
    assert edit_page(shop, "customers").table["name"].tolist() == ["Mine", "Person ben"]


def test_theirs_can_be_kept(shop: Store, open_page: OpenPage) -> None:
    page = open_editor(open_page, shop)
    change(page, "customers", {0: {"name": "Mine"}})
    save_edits(shop, "customers", [CellEdit(1, "name", "Person ana", "Theirs")], today=date(2026, 3, 14), **WHO)
    page.button(key="save_customers").click().run()
    page.button(key="theirs_customers_1_name").click().run()
    check_sound(page)
    assert not any("yours is" in text.value for text in page.markdown)
    assert edit_page(shop, "customers").table.loc[1, "name"] == "Theirs"


def test_a_cell_that_cannot_be_stored_is_told_and_stays_pending(shop: Store, open_page: OpenPage) -> None:
    page = open_editor(open_page, shop)
    change(page, "customers", {0: {"email": "ana@example"}, 1: {"channel": "fair"}})
    page.button(key="save_customers").click().run()
    assert not page.exception
    assert "Nothing is saved yet." in page.error[0].value
    assert "Person ana, E-mail: 'ana@example' is not an e-mail address" in page.error[0].value
    assert page.button(key="save_customers").label == "Save 2 changes"
    change(page, "customers", {0: {"email": "ana@example.com"}, 1: {"channel": "fair"}})
    page.button(key="save_customers").click().run()
    check_sound(page)
    assert page.success[0].value == "Saved 2 changes."


def test_rows_are_archived_and_restored(shop: Store, open_page: OpenPage) -> None:
    page = open_editor(open_page, shop)
    change(page, "customers", {0: {"tick": True}})
    page.button(key="archive_customers").click().run()
    check_sound(page)
    assert page.success[0].value == "1 customer archived."
    person = open_page("customer.py", shop.url, id="1")
    check_sound(person)
    person.button(key="restore").click().run()
    check_sound(person)
    assert not [button for button in person.button if button.key == "restore"]
    archive_rows(shop, "customers", [1], archive=True, **WHO)
    listed = open_page("customers.py", shop.url, stage="archived")
    check_sound(listed)
    assert listed.dataframe[0].value["label"].tolist() == ["Person ana"]


def test_rows_are_deleted_after_a_question(shop: Store, open_page: OpenPage) -> None:
    page = open_editor(open_page, shop)
    change(page, "customers", {1: {"tick": True}})
    page.button(key="delete_customers").click().run()
    assert any("1 order will stay, as guest orders." in text.value for text in page.markdown)
    page.button(key="confirm_delete_customers").click().run()
    check_sound(page)
    assert page.success[0].value == "1 customer deleted."
    page.button(key="undo_last_customers").click().run()
    assert edit_page(shop, "customers").total == 2


def test_the_first_customer_can_be_typed_in(store: Store, open_page: OpenPage) -> None:
    page = open_editor(open_page, store)
    assert "There is no customer yet." in page.info[0].value
    page.button(key="add_customers").click().run()
    page.text_input(key="add_name").set_value("Ana Berg")
    page.button(key="add_row_customers").click().run()
    assert not page.exception
    assert edit_page(store, "customers").table["name"].tolist() == ["Ana Berg"]
    assert "search" not in page.success[0].value


def test_one_typed_in_during_a_search_may_not_be_in_it(shop: Store, open_page: OpenPage) -> None:
    page = open_editor(open_page, shop)
    next(box for box in page.text_input if box.label == "Name, e-mail or number").set_value("zz").run()
    page.button(key="add_customers").click().run()
    page.text_input(key="add_name").set_value("Ana Berg")
    page.button(key="add_row_customers").click().run()
    assert page.success[0].value.endswith("is added. If you don't see it below, clear the search.")


@pytest.mark.parametrize("table", ["Products", "Orders"])
def test_products_and_orders_are_edited_on_data(demo_store: Store, open_page: OpenPage, table: str) -> None:
    page = open_page("data.py", demo_store.url, part="Edit", edited=table)
    check_sound(page)
    name = table.lower()
    change(page, name, {0: {"name": "Tea"} if name == "products" else {"status": "test"}})
    page.button(key=f"save_{name}").click().run()
    check_sound(page)
    assert page.success[0].value == "Saved 1 change."


def test_the_changes_are_listed_and_taken_back(shop: Store, open_page: OpenPage) -> None:
    empty = open_page("data.py", shop.url, part="Changes")
    check_sound(empty)
    assert "Nothing was changed by hand yet." in empty.caption[0].value or any(
        "Nothing was changed by hand yet." in text.value for text in empty.caption
    )
    save_edits(shop, "customers", [CellEdit(1, "name", "Person ana", "Ana")], today=date(2026, 3, 14), **WHO)
    page = open_page("data.py", shop.url, part="Changes")
    check_sound(page)
    assert any("Ana: Name from 'Person ana' to 'Ana'" in text.value for text in page.markdown)
    page.button(key="undo_edit_1").click().run()
    check_sound(page)
    assert page.info[0].value == "Taken back."
    assert edit_page(shop, "customers").table.loc[1, "name"] == "Person ana"
