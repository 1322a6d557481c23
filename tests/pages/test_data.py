"""Data: empty, filled, a file brought and taken back, bad files, questions asked."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from streamlit.testing.v1 import AppTest

from crm_core.services.backups import make_backup, restore_backup
from crm_core.services.exports import EXPORTS, export_table, table_as_csv
from crm_core.services.imports import import_file, list_imports, undo_import
from crm_core.store.session import Store
from pages.parts.import_jobs import import_work
from tests.importing.platform_headers import made_up
from tests.pages.checks import check_sound
from tests.services.test_presets import SHOPIFY

OpenPage = Callable[..., AppTest]
ORDERS = b"customer_id,order_id,date,amount,currency\nana,1,2024-01-05,10.00,GBP\nben,2,2024-02-05,20.00,GBP\n"


def upload(page: AppTest, data: bytes, name: str = "orders.csv") -> AppTest:
    page.file_uploader[0].upload(name, data)
    return page.run()


def finish(page: AppTest, store: Store) -> AppTest:
    job = import_work(store).running()
    assert job is None or job.wait(30)
    return page.run()


def test_nothing_in_here_yet(store: Store, open_page: OpenPage) -> None:
    page = open_page("data.py", store.url)
    check_sound(page)
    assert page.title[0].value == "Nothing in here yet"


def test_the_demonstration_can_be_had_here(store: Store, open_page: OpenPage) -> None:
    page = open_page("data.py", store.url)
    page.button(key="fill_demo").click().run()
    check_sound(page)
    assert page.title[0].value.startswith("800 customers, ")


def test_a_file_is_brought_and_taken_back(store: Store, open_page: OpenPage) -> None:
    page = upload(open_page("data.py", store.url), ORDERS)
    check_sound(page)
    assert any("2 orders from 5 Jan 2024 to 5 Feb 2024, together £30" in m.value for m in page.markdown)
    page.button(key="import").click().run()
    page = finish(page, store)
    check_sound(page)
    assert page.title[0].value == "2 customers, 2 orders from 1 file"
    assert "2 of 2 rows stored" in page.success[0].value
    page.button(key="undo_1").click().run()
    page.button(key="confirm_undo").click().run()
    assert list_imports(store)["undone_at"].notna().all()


def test_the_currency_is_asked_for_when_no_column_states_it(store: Store, open_page: OpenPage) -> None:
    page = upload(open_page("data.py", store.url), ORDERS.replace(b",GBP", b"").replace(b",currency", b""))
    check_sound(page)
    asked = next(box for box in page.selectbox if box.label.startswith("The file names no currency"))
    asked.set_value("CHF").run()
    assert any("together CHF" in m.value for m in page.markdown)
    page.button(key="import").click().run()
    finish(page, store)
    with store.engine.connect() as connection:
        assert set(connection.exec_driver_sql("SELECT currency FROM orders").scalars()) == {"CHF"}


def test_an_own_file_beside_the_made_up_company_is_warned_of(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("data.py", demo_store.url)
    assert not page.warning
    page = upload(page, ORDERS)
    check_sound(page)
    assert "The made-up company is still in here; take it out first" in page.warning[0].value
    assert page.button(key="import").label == "Import 2 rows"  # going on is still possible
    page.button(key="undo_demo").click().run()
    page.button(key="confirm_undo").click().run()
    assert list_imports(demo_store)["undone_at"].notna().all()
    page.run()
    check_sound(page)
    assert not page.warning
    assert page.title[0].value == "Nothing in here yet"


def test_ambiguous_days_are_asked_about(store: Store, open_page: OpenPage) -> None:
    page = upload(
        open_page("data.py", store.url),
        ORDERS.replace(b"2024-01-05", b"05/01/2024").replace(b"2024-02-05", b"05/02/2024"),
    )
    check_sound(page)
    assert "Choose how its days are written" in page.info[0].value
    assert "import" not in [button.key for button in page.button]
    for reading, span in {"dmy": "from 5 Jan 2024 to 5 Feb 2024", "mdy": "from 1 May 2024 to 2 May 2024"}.items():
        page.button_group[0].set_value(reading).run()
        check_sound(page)
        assert any(span in m.value for m in page.markdown)


def test_a_missing_column_can_be_chosen(store: Store, open_page: OpenPage) -> None:
    unnamed = ORDERS.replace(b"customer_id,", b"wer,")
    page = upload(open_page("data.py", store.url), unnamed)
    check_sound(page)
    assert "no column that looks like the customer number" in page.warning[0].value
    next(box for box in page.selectbox if box.label == "Customer number").set_value("wer").run()
    check_sound(page)
    assert not page.warning
    assert any("2 orders from" in m.value for m in page.markdown)
    page.button(key="import").click().run()
    finish(page, store)
    later = upload(open_page("data.py", store.url), unnamed.replace(b",1,", b",3,").replace(b",2,", b",4,"))
    check_sound(later)  # what was chosen once holds for the next file with these columns, and is said
    assert any("as you chose them" in words.value for words in later.caption)
    assert later.button(key="import").label == "Import 2 rows"


def test_a_column_is_known_by_what_it_holds_and_it_is_said_how_sure_that_is(store: Store, open_page: OpenPage) -> None:
    page = upload(open_page("data.py", store.url), ORDERS.replace(b"date,", b"wann genau,"))
    check_sound(page)
    assert any("Day: wann genau (100 % of cells)" in box.label for box in page.expander)
    assert any("Line total: amount (name and 100 % of cells)" in box.label for box in page.expander)
    assert any("2 orders from" in m.value for m in page.markdown)


def test_a_platforms_export_is_recognised_and_its_rules_are_said(store: Store, open_page: OpenPage) -> None:
    page = upload(open_page("data.py", store.url), made_up("SHOPIFY", SHOPIFY.rows, seed=4), "orders_export.csv")
    check_sound(page)
    words = next(m.value for m in page.markdown if "Read as Shopify orders" in m.value)
    assert "**Read as Shopify orders.** Pending, failed and cancelled orders don't count." in words
    assert any("together £62.80" in m.value for m in page.markdown)
    page.button(key="import").click().run()
    page = finish(page, store)
    check_sound(page)
    assert list_imports(store)["source"].tolist() == ["shopify"]


def test_a_picture_called_csv_is_refused_in_a_sentence(store: Store, open_page: OpenPage) -> None:
    page = upload(open_page("data.py", store.url), b"\x89PNG\r\n\x1a\n", "holiday.csv")
    assert not page.exception
    assert "holiday.csv is a PNG picture" in page.error[0].value
    assert list_imports(store).empty


def test_rejected_rows_are_shown_before_and_after(store: Store, open_page: OpenPage) -> None:
    page = upload(open_page("data.py", store.url), ORDERS + b"cem,3,2024-02-31,5.00,GBP\n")
    check_sound(page)
    assert any("1 row can't be read" in box.label for box in page.expander)
    page.button(key="import").click().run()
    page = finish(page, store)
    check_sound(page)
    assert any("'2024-02-31' is not a calendar date" in m.value for m in page.markdown)


def test_a_filled_page_lists_what_was_taken_in(store: Store, open_page: OpenPage) -> None:
    import_file(store, ORDERS, file_name="january.csv")
    page = open_page("data.py", store.url)
    check_sound(page)
    assert any("january.csv" in m.value for m in page.markdown)
    assert page.button(key="undo_1")


def test_a_file_that_is_in_already_is_known_before_it_is_imported(store: Store, open_page: OpenPage) -> None:
    import_file(store, ORDERS, file_name="january.csv")
    page = upload(open_page("data.py", store.url), ORDERS)
    check_sound(page)
    assert page.button(key="import").label == "All rows are in already"
    assert page.button(key="import").disabled
    assert "2 rows of this file are in already" in page.info[0].value


def test_rows_that_contradict_what_is_stored_are_known_before(store: Store, open_page: OpenPage) -> None:
    import_file(store, ORDERS, file_name="january.csv")
    other = ORDERS.replace(b"2024-02-05", b"2024-03-09") + b"cem,3,2024-03-09,5.00,GBP\n"
    page = upload(open_page("data.py", store.url), other)
    check_sound(page)
    assert page.button(key="import").label == "Import 1 row"
    assert "1 row can't be stored: " in page.warning[0].value


def test_a_currency_that_no_column_states_is_asked_for(store: Store, open_page: OpenPage) -> None:
    page = upload(open_page("data.py", store.url), ORDERS.replace(b",GBP", b"").replace(b",currency", b""))
    check_sound(page)
    assert "Choose the currency" in page.info[0].value
    assert set(page.dataframe[0].value["currency"]) == {""}
    assert "import" not in [button.key for button in page.button]
    choice = next(box for box in page.selectbox if (box.key or "").startswith("currency_"))
    choice.set_value("GBP").run()
    check_sound(page)
    assert set(page.dataframe[0].value["currency"]) == {"GBP"}
    assert page.button(key="import").label == "Import 2 rows"


def test_a_receipt_goes_when_its_import_is_taken_back(store: Store, open_page: OpenPage) -> None:
    page = upload(open_page("data.py", store.url), ORDERS)
    page.button(key="import").click().run()
    page = finish(page, store)
    assert any("is in: 2 of 2 rows stored" in box.value for box in page.success)
    undo_import(store, 1, now=datetime(2026, 3, 1, tzinfo=UTC))
    elsewhere = open_page("data.py", store.url)
    check_sound(elsewhere)
    assert not elsewhere.success


def test_a_receipt_goes_when_another_import_has_its_number(store: Store, open_page: OpenPage, tmp_path: Path) -> None:
    empty = make_backup(store, tmp_path / "empty.db", now=datetime(2026, 3, 1, tzinfo=UTC)).file
    page = upload(open_page("data.py", store.url), ORDERS)
    page.button(key="import").click().run()
    page = finish(page, store)
    assert any("is in: 2 of 2 rows stored" in box.value for box in page.success)
    restore_backup(store, empty, now=datetime(2026, 3, 1, tzinfo=UTC))
    assert not open_page("data.py", store.url).success
    import_file(store, ORDERS, file_name="another.csv")
    assert not open_page("data.py", store.url).success


def test_every_table_can_be_taken_out_as_csv_and_as_excel(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("data.py", seen_store.url)
    check_sound(page)
    names = {button.proto.label for button in page.get("download_button")}
    assert {export.title for export in EXPORTS.values()} <= names
    page.segmented_control(key="export_kind").set_value("Excel").run()
    check_sound(page)
    assert "All stored tables in one Excel workbook" in {b.proto.label for b in page.get("download_button")}


def test_a_file_that_was_taken_out_is_brought_back(store: Store, seen_store: Store, open_page: OpenPage) -> None:
    file = table_as_csv(export_table(seen_store, "customers", as_of=date(2026, 3, 14)).head(20))
    page = upload(open_page("data.py", store.url), file)
    check_sound(page)
    assert any("20 rows** of the table customers" in m.value for m in page.markdown)
    page.button(key="import").click().run()
    page = finish(page, store)
    check_sound(page)
    assert list_imports(store)["accepted"].tolist() == [20]


def test_every_import_can_be_taken_back_however_many_came_after(store: Store, open_page: OpenPage) -> None:
    for number in range(1, 11):
        rows = f"customer_id,order_id,date,amount,currency\nana,{number},2024-01-05,10.00,GBP\n"
        import_file(store, rows.encode(), file_name=f"{number}.csv")
    page = open_page("data.py", store.url)
    check_sound(page)
    assert [button.key for button in page.button if str(button.key) == "undo_1"] == []
    page.session_state["imports_page"] = 2
    page.run()
    check_sound(page)
    page.button(key="undo_1").click().run()
    page.button(key="confirm_undo").click().run()
    assert list_imports(store).set_index("import_id").loc[1, "undone_at"] is not None
