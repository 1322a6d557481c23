"""Edits by hand: merging, conflicts, validation, adding, putting away, deleting, and the way back."""

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from crm_core.services.adding import add_by_hand
from crm_core.services.edit_history import history_table, list_edits, undo_edit
from crm_core.services.edit_tables import Cell, edit_page
from crm_core.services.editing import CellEdit, SaveReport, archive_rows, delete_rows, save_edits, what_goes
from crm_core.services.imports import import_file, undo_import
from crm_core.store.session import Store
from crm_core.store.tables import Base
from tests.shops import add_orders, add_refund

TODAY = date(2026, 6, 30)
NOW = datetime(2026, 6, 30, 12, 0, 0, 123456, tzinfo=UTC)
WHO = {"now": NOW, "by": "owner"}
HISTORY = {"edits", "edit_changes", "revision"}
FILE = (
    b"customer_id,email,order_id,date,amount,currency,status,product\n"
    b"ana,ana@example.com,1,2026-01-05,10.00,EUR,paid,Soap\n"
    b"ben,ben@example.com,2,2026-02-05,20.00,EUR,paid,Salt\n"
)


def whole(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the history of edits and the revision."""
    with store.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
            if table.name not in HISTORY
        }


def save(store: Store, name: str, *edits: tuple[int, str, Cell, Cell], by: str = "owner") -> SaveReport:
    return save_edits(store, name, [CellEdit(*edit) for edit in edits], today=TODAY, now=NOW, by=by)


def cell(store: Store, name: str, row_id: int, field: str) -> Cell:
    for archived in (False, True):
        table = edit_page(store, name, archived=archived).table
        if row_id in table.index:
            return table.at[row_id, field]
    raise AssertionError(f"{name} {row_id} is not there")


@pytest.fixture
def shop(store: Store) -> Store:
    """Ana with two orders and a refund, Ben with one order, one product."""
    add_orders(store, [("ana", "2026-01-01", 1000), ("ben", "2026-02-01", 500), ("ana", "2026-03-01", 700)])
    add_refund(store, 1, "2026-03-05", 100)
    return store


def test_different_fields_of_one_person_merge(shop: Store) -> None:
    before = shop.revision()
    assert save(shop, "customers", (1, "name", "Person ana", "Ana Berg")).saved == 1
    assert save(shop, "customers", (1, "country", None, "Germany"), by="other").conflicts == ()
    assert (cell(shop, "customers", 1, "name"), cell(shop, "customers", 1, "country")) == ("Ana Berg", "Germany")
    assert shop.revision() == before + 2


def test_the_same_field_is_a_conflict_with_both_values_and_the_rest_is_saved(shop: Store) -> None:
    save(shop, "customers", (1, "name", "Person ana", "Ana Berg"))
    answer = save(shop, "customers", (1, "name", "Person ana", "Anna"), (1, "channel", None, "fair"))
    assert answer.saved == 1
    (conflict,) = answer.conflicts
    assert (conflict.theirs, conflict.yours, conflict.gone) == ("Ana Berg", "Anna", False)
    assert conflict.sentence == "Ana Berg, Name: now 'Ana Berg', yours is 'Anna' (it was 'Person ana' when you began)."
    assert cell(shop, "customers", 1, "name") == "Ana Berg"
    assert cell(shop, "customers", 1, "channel") == "fair"
    assert save(shop, "customers", (1, "name", conflict.theirs, "Anna")).saved == 1  # use mine


def test_the_same_new_value_is_no_conflict_and_no_edit(shop: Store) -> None:
    save(shop, "customers", (1, "name", "Person ana", "Ana Berg"))
    before = shop.revision()
    assert save(shop, "customers", (1, "name", "Person ana", "Ana Berg")) == SaveReport()
    assert shop.revision() == before


def test_an_edit_of_what_was_deleted_says_who_and_when(shop: Store) -> None:
    delete_rows(shop, "customers", {1: {"name": "Person ana"}}, now=NOW, by="maria")
    (conflict,) = save(shop, "customers", (1, "name", "Person ana", "Ana")).conflicts
    assert conflict.gone
    assert conflict.sentence == (
        "This customer was deleted by maria on 30 Jun 2026; your change of Name to 'Ana' was not saved."
    )


def test_a_delete_of_what_changed_is_refused(shop: Store) -> None:
    shown = edit_page(shop, "customers").table.drop(columns="label").to_dict("index")
    save(shop, "customers", (1, "name", "Person ana", "Ana Berg"))
    answer = delete_rows(shop, "customers", shown, **WHO)
    assert answer.row_ids == (2,)
    assert answer.conflicts[0].sentence.startswith("Ana Berg was not deleted: Name is now 'Ana Berg', and was 'Person")
    assert edit_page(shop, "customers").total == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "ana@example", "Person ana, E-mail: 'ana@example' is not an e-mail address. Write it like"),
        ("email", "a na@example.com", "'a na@example.com' is not an e-mail address"),
        ("phone", "030 901820", "Phone: '030 901820' has no country code"),
        ("phone", "+49 12", "Phone: '+49 12' is not a telephone number"),
        ("birthday", date(2030, 1, 1), "Birthday: 1 Jan 2030 is in the future"),
        ("birthday", date(1780, 1, 1), "Birthday: 1 Jan 1780 is before 1 Jan 1900"),
        ("birthday", "31.02.2000", "Birthday: '31.02.2000' is not a calendar date"),
        ("name", "x" * 256, "is too long: 256 characters, and there is room for 255"),
    ],
)
def test_a_cell_that_cannot_be_stored_stops_the_save_with_a_sentence(
    shop: Store, field: str, value: Cell, sentence: str
) -> None:
    before = whole(shop)
    answer = save(
        shop, "customers", (1, field, None if field != "name" else "Person ana", value), (2, "channel", None, "fair")
    )
    assert answer.saved == 0
    assert [problem.field for problem in answer.problems] == [field]
    assert sentence in answer.problems[0].sentence
    assert whole(shop) == before


def test_a_phone_is_read_by_the_country_that_is_saved_with_it(shop: Store) -> None:
    answer = save(shop, "customers", (1, "phone", None, "030 901820"), (1, "country", None, "Deutschland"))
    assert answer.problems == ()
    assert cell(shop, "customers", 1, "phone") == "+49 30 901820"
    assert ("phone", "+4930901820") in [row[2::2] for row in whole(shop)["customer_identities"]] or [
        row[2:5] for row in whole(shop)["customer_identities"]
    ] == [("phone", "", "+4930901820")]


def test_an_address_that_another_customer_has_is_refused_by_name(shop: Store) -> None:
    assert save(shop, "customers", (1, "email", None, "Ana@Example.com")).saved == 1
    (problem,) = save(shop, "customers", (2, "email", None, "ana@example.COM")).problems
    assert "'ana@example.COM' belongs to Person ana already" in problem.sentence
    (twice,) = save(
        shop, "customers", (1, "phone", None, "+49 30 901820"), (2, "phone", None, "+49 30 901820")
    ).problems
    assert "is given to two customers at once" in twice.sentence


def test_an_order_goes_to_another_customer_and_its_amount_changes_with_its_line(shop: Store) -> None:
    before = whole(shop)
    answer = save(
        shop,
        "orders",
        (2, "customer", "ben", "ana"),
        (2, "amount", "5.00", "1,234.50"),
        (2, "day", date(2026, 2, 1), date(2026, 2, 3)),
        (2, "status", "paid", "pending"),
    )
    assert answer.saved == 4
    assert cell(shop, "orders", 2, "customer") == "ana"
    now = whole(shop)
    (line,) = [row for row in now["order_lines"] if row[0] == 2]
    assert (line[1], line[5]) == (1, 123450)
    undo_edit(shop, answer.edit_id, **WHO)
    assert whole(shop) == before


def test_an_order_of_several_lines_keeps_its_amount_and_says_why(store: Store) -> None:
    two = FILE + b"ben,ben@example.com,2,2026-02-05,5.00,EUR,paid,Soap\n"
    import_file(store, two, file_name="orders.csv")
    (problem,) = save(store, "orders", (2, "amount", "25.00", "30")).problems
    assert "order 2, Amount: it has 2 lines, and its amount is their sum" in problem.sentence
    (nobody,) = save(store, "orders", (2, "customer", "ben", "cem")).problems
    assert "there is no customer 'cem'" in nobody.sentence


@pytest.mark.parametrize("name", ["customers", "products", "orders"])
def test_a_delete_is_undone_exactly(demo_store: Store, name: str) -> None:
    before = whole(demo_store)
    shown = edit_page(demo_store, name).table.drop(columns="label").head(3).to_dict("index")
    assert what_goes(demo_store, name, shown)
    answer = delete_rows(demo_store, name, shown, **WHO)
    assert answer.saved == 3
    assert whole(demo_store) != before
    assert undo_edit(demo_store, answer.edit_id, **WHO).kept == ()
    assert whole(demo_store) == before


def test_orders_of_a_deleted_customer_stay_as_guest_orders(shop: Store) -> None:
    assert what_goes(shop, "customers", [1]) == "2 orders and 1 refund will stay, as guest orders."
    delete_rows(shop, "customers", {1: {}}, **WHO)
    assert [cell(shop, "orders", number, "customer") for number in (1, 2, 3)] == [None, "ben", None]


def test_numbers_are_never_given_twice(shop: Store) -> None:
    delete_rows(shop, "customers", {2: {}}, **WHO)
    added = add_by_hand(shop, "customers", {"name": "Cem"}, currency="EUR", today=TODAY, **WHO)
    assert (added.row_id, added.label) == (3, "Cem")
    undo_edit(shop, added.edit_id, **WHO)
    again = add_by_hand(shop, "customers", {"name": "Dora"}, currency="EUR", today=TODAY, **WHO)
    assert again.row_id == 4
    assert cell(shop, "customers", 4, "number") == "H2"


def test_a_customer_and_their_order_are_added_and_taken_back(shop: Store) -> None:
    before = whole(shop)
    person = add_by_hand(
        shop, "customers", {"name": "Cem", "email": "Cem@Shop.org"}, currency="EUR", today=TODAY, **WHO
    )
    order = {"customer": "cem@shop.org", "day": date(2026, 6, 1), "amount": "12,50", "product": "lavender SOAP"}
    added = add_by_hand(shop, "orders", order, currency="EUR", today=TODAY, **WHO)
    assert cell(shop, "orders", added.row_id, "amount") == "12.50"
    assert cell(shop, "orders", added.row_id, "customer") == "H1"
    early = undo_edit(shop, person.edit_id, **WHO)
    assert early.as_words() == "Nothing was taken back. Cem has orders or other rows by now and stays."
    assert undo_edit(shop, added.edit_id, **WHO).kept == ()
    assert undo_edit(shop, person.edit_id, **WHO).kept == ()
    assert whole(shop) == before


def test_what_is_missing_when_adding_is_told_by_field(shop: Store) -> None:
    nobody = add_by_hand(shop, "customers", {}, currency="EUR", today=TODAY, **WHO)
    assert nobody.problems == {"name": "Name: a name, an e-mail or a phone is needed to know the customer by."}
    order = add_by_hand(
        shop, "orders", {"customer": "zoe", "amount": "-3", "product": "tea"}, currency="EUR", today=TODAY, **WHO
    )
    assert set(order.problems) == {"customer", "amount", "day", "product"}


def test_a_field_that_was_changed_since_stays_when_an_edit_is_undone(shop: Store) -> None:
    first = save(shop, "customers", (1, "name", "Person ana", "Ana"), (1, "channel", None, "fair"))
    second = save(shop, "customers", (1, "name", "Ana", "Anna"))
    answer = undo_edit(shop, first.edit_id, **WHO)
    assert answer.as_words() == "Taken back, except: Anna, Name, was changed since and keeps its value."
    assert (cell(shop, "customers", 1, "name"), cell(shop, "customers", 1, "channel")) == ("Anna", None)
    undo_edit(shop, second.edit_id, **WHO)
    assert cell(shop, "customers", 1, "name") == "Ana"


def test_the_address_of_an_edit_goes_with_its_undo(shop: Store) -> None:
    before = whole(shop)
    answer = save(shop, "customers", (1, "email", None, "ana@example.com"))
    undo_edit(shop, answer.edit_id, **WHO)
    assert whole(shop) == before


def test_an_address_that_stays_is_still_known(shop: Store) -> None:
    first = save(shop, "customers", (1, "email", None, "ana@example.com"), (1, "channel", None, "fair"))
    save(shop, "customers", (1, "email", "ana@example.com", "anna@example.com"))
    assert undo_edit(shop, first.edit_id, **WHO).kept == ("Person ana, E-mail, was changed since and keeps its value.",)
    known = [row[4] for row in whole(shop)["customer_identities"]]
    assert known == ["ana@example.com", "anna@example.com"]


def test_archiving_is_undone_and_told(shop: Store) -> None:
    before = whole(shop)
    answer = archive_rows(shop, "customers", [1, 2], archive=True, **WHO)
    assert edit_page(shop, "customers").total == 0
    assert edit_page(shop, "customers", archived=True).total == 2
    assert archive_rows(shop, "customers", [1], archive=True, **WHO) == SaveReport()
    assert list_edits(shop)["what"].tolist() == ["Person ana, Person ben archived"]
    undo_edit(shop, answer.edit_id, **WHO)
    assert whole(shop) == before


def test_the_history_tells_who_when_and_what(shop: Store) -> None:
    save(shop, "customers", (1, "name", "Person ana", "Ana"), by="maria")
    save(shop, "orders", (2, "customer", "ben", "ana"), (2, "amount", "5.00", "6"), by="owner")
    delete_rows(shop, "customers", {2: {}}, now=NOW, by="jo")
    history = list_edits(shop)
    assert history["made_by"].tolist() == ["jo", "owner", "maria"]
    assert history["what"].tolist() == [
        "Person ben deleted",
        "order o2: Customer from number 2 to Ana; order o2: Amount from 5.00 EUR to 6.00 EUR",
        "Ana: Name from 'Person ana' to 'Ana'",
    ]
    table = history_table(shop)
    assert table.iloc[-1][["made_by", "did", "field", "before", "after"]].tolist() == [
        "maria", "changed", "name", "Person ana", "Ana",
    ]  # fmt: skip
    assert len(table) == 5


def test_two_who_save_at_once_lose_nothing(shop: Store) -> None:
    """Each adds a letter to the same name, again and again, starting from what the other left."""
    rounds, wrong = 8, []

    def write(letter: str) -> None:
        done, seen = 0, "Person ana"
        while done < rounds:
            answer = save(shop, "customers", (1, "name", seen, seen + letter))
            if answer.conflicts:
                seen = str(answer.conflicts[0].theirs)
            elif answer.saved:
                done, seen = done + 1, seen + letter
            else:
                wrong.append(answer)
                return

    writers = [threading.Thread(target=write, args=(letter,)) for letter in "xy"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    name = str(cell(shop, "customers", 1, "name"))
    assert wrong == []
    assert (name.count("x"), name.count("y")) == (rounds, rounds)


def test_undoing_an_import_keeps_what_was_edited_by_hand(store: Store) -> None:
    report = import_file(store, FILE, file_name="orders.csv")
    save(store, "customers", (1, "name", None, "Ana Berg"))
    save(store, "orders", (2, "status", "paid", "cancelled"))
    undone = undo_import(store, report.import_id, now=NOW)
    kept = whole(store)
    assert [row[3] for row in kept["customers"]] == ["Ana Berg", None]
    assert [row[2] for row in kept["orders"]] == ["2"]
    assert len(kept["order_lines"]) == len(kept["products"]) == 1
    assert "1 customer and 1 order stay, because you edited them by hand." in undone.as_words()


def test_a_later_import_leaves_what_was_edited_by_hand(store: Store) -> None:
    import_file(store, FILE, file_name="orders.csv")
    save(store, "orders", (1, "status", "paid", "cancelled"), (2, "day", date(2026, 2, 5), date(2026, 2, 6)))
    save(store, "orders", (1, "customer", "ana", "ben"), (1, "amount", "10.00", "11"))
    save(store, "customers", (1, "email", "ana@example.com", None))
    before = whole(store)
    report = import_file(store, FILE.replace(b"paid,Soap", b"pending,Soap"), file_name="again.csv")
    assert report.rejected == ()
    assert report.duplicates == 2
    changed = {name for name, rows in whole(store).items() if rows != before[name]}
    assert changed <= {"imports", "import_repeated_lines"}
    assert any("kept as you edited" in note for note in report.notes)


def test_a_deleted_customer_who_came_again_by_a_file_is_not_doubled_by_undo(store: Store) -> None:
    import_file(store, FILE, file_name="orders.csv")
    gone = delete_rows(store, "customers", {1: {}}, **WHO)
    import_file(store, FILE, file_name="again.csv")
    assert edit_page(store, "customers").total == 2
    answer = undo_edit(store, gone.edit_id, **WHO)
    assert "is there again from a later file" in answer.as_words()
    assert edit_page(store, "customers").total == 2
