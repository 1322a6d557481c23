"""Files of customers: who is the same, who is new, what is filled, overwritten or left, and the way back."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from crm_core.errors import ImportFileError
from crm_core.importing.choices import Existing, ImportChoices
from crm_core.importing.report import ImportReport
from crm_core.services.custom_fields import list_custom_fields
from crm_core.services.imports import import_file, preview_import, undo_import
from crm_core.store.session import Store
from crm_core.store.tables import Customer, CustomField, Identity, ImportRun
from tests.services.test_imports import contents, csv

NOW = datetime(2026, 3, 14, tzinfo=UTC)
PEOPLE = "customer_id,e-mail,name,phone,country"
ORDERS = "customer_id,email,name,phone,country,order_id,date,amount,currency"
FILL, OVERWRITE, SKIP = (ImportChoices(existing=policy) for policy in Existing)


def bring(store: Store, *rows: str, header: str = PEOPLE, **more: Any) -> ImportReport:
    return import_file(store, csv(*rows, header=header), file_name="people.csv", now=NOW, **more)


def order(store: Store, *rows: str, **more: Any) -> ImportReport:
    return bring(store, *rows, header=ORDERS, **more)


def people(store: Store) -> list[tuple[Any, ...]]:
    with store.read() as session:
        columns = (Customer.source_id, Customer.name, Customer.email, Customer.phone)
        return [tuple(row) for row in session.execute(select(*columns).order_by(Customer.id))]


def known_as(store: Store, number: str) -> set[tuple[str, str, str]]:
    with store.read() as session:
        query = select(Identity.kind, Identity.issuer, Identity.value).join(
            Customer, Customer.id == Identity.customer_id
        )
        return {tuple(row) for row in session.execute(query.where(Customer.source_id == number))}


def test_a_list_of_people_is_told_and_stored(store: Store) -> None:
    report = bring(store, "007, Ana@X.org ,Ana Ruiz,030 901820,Germany", ",ben@x.org,Null,,", ",,Cem,+43 1 58858,")
    assert (report.kind, report.rows, report.accepted, report.duplicates) == ("customers", 3, 3, 0)
    assert report.as_dict()["customers"] == {"new": 3, "updated": 0, "unchanged": 0}
    assert sorted(people(store)) == [
        ("+43158858", "Cem", None, "+43 1 58858"),
        ("007", "Ana Ruiz", "ana@x.org", "030 901820"),
        ("ben@x.org", "Null", "ben@x.org", None),
    ]
    assert known_as(store, "007") == {
        ("source", "shop", "007"), ("email", "", "ana@x.org"), ("phone", "", "+4930901820"),
    }  # fmt: skip
    with store.read() as session:
        assert session.scalars(select(ImportRun.kind)).all() == ["customers"]


def test_the_same_people_twice_add_nothing(store: Store) -> None:
    rows = ("7,ana@x.org,Ana,030 901820,Germany", ",ben@x.org,Ben,,", ",,Cem,+43 1 58858,", ",,Dora Known,,")
    bring(store, *rows)
    before = contents(store)
    again = bring(store, *rows)
    assert (again.accepted, again.duplicates, again.customers.unchanged) == (0, 4, 4)
    after = contents(store)
    assert after["customers"] == before["customers"]
    assert after["customer_identities"] == before["customer_identities"]


def test_several_rows_of_one_person_are_one(store: Store) -> None:
    report = bring(store, ",ana@x.org,,,", ",ANA@x.org,Ana,,", "7,ana@x.org,,0,", ",,Dora,,", ",,Dora,,")
    assert (report.accepted, report.duplicates, report.customers.new) == (2, 3, 2)
    assert people(store) == [("7", "Ana", "ana@x.org", "0"), ("Dora", "Dora", None, None)]


def test_a_row_of_nobody_is_rejected(store: Store) -> None:
    report = bring(store, "7,ana@x.org,Ana,,", ",,,,Spain", "8,ben at x.org,Ben,,")
    assert (report.accepted, len(report.rejected)) == (1, 2)
    assert report.rejected[0].reason == (
        "people.csv, row 3 names nobody: it has no number, e-mail, telephone or name. "
        "Fill in one and import the file again."
    )
    assert "row 4, column 'e-mail': 'ben at x.org' is not an e-mail address" in report.rejected[1].reason


def test_two_numbers_with_one_e_mail_are_one_person_across_sources(store: Store) -> None:
    order(store, "1,ana@x.org,Ana,,,A1,2026-01-05,10,EUR", source="shop")
    order(store, "9,Ana@X.org ,Ana,,,B1,2026-01-06,10,EUR", source="market")
    assert people(store) == [("1", "Ana", "ana@x.org", None)]
    assert known_as(store, "1") == {("source", "shop", "1"), ("source", "market", "9"), ("email", "", "ana@x.org")}
    bring(store, "2,ana@x.org,Ana,,", "3,ana@x.org,,,")
    assert len(people(store)) == 1


def test_two_numbers_with_one_e_mail_in_one_file_are_one_person(store: Store) -> None:
    report = order(store, "1,ana@x.org,Ana,,,A1,2026-01-05,10,EUR", "2,ana@x.org,,030,,A2,2026-01-05,10,EUR")
    assert (report.customers.new, people(store)) == (1, [("1", "Ana", "ana@x.org", "030")])


def test_an_address_of_many_numbers_identifies_nobody(store: Store) -> None:
    rows = [f"{n},unknown@shop.example,Guest {n},,," + f"A{n},2026-01-05,10,EUR" for n in range(1, 8)]
    report = order(store, *rows)
    assert report.customers.new == 7
    assert "unknown@shop.example stands beside more than 5 customer numbers, so it identifies nobody." in report.notes
    assert order(store, *rows).customers.unchanged == 7
    bring(store, "99,unknown@shop.example,Late,,")
    assert len(people(store)) == 8


def test_a_phone_joins_where_one_has_no_e_mail(store: Store) -> None:
    bring(store, "1,,Ana,030 901820,Germany")
    bring(store, ",ana@x.org,Ana,+49 30 901820,")
    assert people(store) == [("1", "Ana", "ana@x.org", "030 901820")]
    report = bring(store, ",bea@x.org,Bea,+49 30 901820,")  # the other one has an e-mail by now: a household
    assert (report.customers.new, len(people(store))) == (1, 2)
    assert bring(store, ",,Somebody,0049 30 901820,").customers.new == 0


def test_a_phone_joins_within_one_file(store: Store) -> None:
    report = bring(store, "1,ana@x.org,Ana,+4930901820,", "2,,,030 901820,DE", "3,,,(030) 90 18 20,DE")
    assert report.customers.new == 1
    apart = bring(store, "4,c@x.org,C,+43158858,", "5,d@x.org,D,+43158858,", "6,,E,+43158858,")
    assert apart.customers.new == 3  # who of two has the third's number, nobody knows


def test_a_phone_without_its_country_identifies_nobody(store: Store) -> None:
    report = bring(store, "1,,Ana,ask,", "2,,Ben,ask,")
    assert (report.customers.new, known_as(store, "1")) == (2, {("source", "shop", "1")})


def test_a_number_goes_before_an_e_mail_and_the_double_is_named(store: Store) -> None:
    bring(store, "1,ana@x.org,Ana,,", "2,,Ana R.,,")
    report = bring(store, "2,ana@x.org,,,")
    assert len(people(store)) == 2
    assert (
        "The number of one customer stands beside the e-mail of another: Ana and Ana R.. "
        "The number was believed; Customers → Merge makes one of two."
    ) in report.notes


def test_a_name_alone_joins_nobody(store: Store) -> None:
    bring(store, "1,ana@x.org,Ana Ruiz,,")
    report = bring(store, "2,,ana ruiz,,", ",,Ana Ruiz,,", "4,new@x.org,Bo,,")
    assert report.customers.new == 3
    assert report.notes == (
        "2 people have the name of somebody who is in already (ana ruiz, Ana Ruiz); Customers → Merge shows them.",
    )


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (FILL, ("1", "Ana", "ana@x.org", "+4930901820")),
        (OVERWRITE, ("1", "Ana Ruiz", "ana@x.org", "+4930901820")),
        (SKIP, ("1", "Ana", "ana@x.org", None)),
    ],
)
def test_the_policy_decides_about_who_is_in(store: Store, choices: ImportChoices, expected: tuple[Any, ...]) -> None:
    bring(store, "1,ana@x.org,Ana,,")
    before = contents(store)
    report = bring(store, "1,,Ana Ruiz,+4930901820,", "2,b@x.org,Bo,,", choices=choices)
    assert people(store) == [expected, ("2", "Bo", "b@x.org", None)]
    assert report.customers.updated == (choices is not SKIP)
    undo_import(store, 2, now=NOW)
    assert contents(store) == before


def test_what_the_owner_edited_stays_and_is_counted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_core.services import import_people

    bring(store, "1,ana@x.org,Ana,,")
    monkeypatch.setattr(import_people, "hand_edited", lambda _session, _table: {(1, "name")})
    report = bring(store, "1,,Ana Ruiz,1,", choices=OVERWRITE)
    assert people(store) == [("1", "Ana", "ana@x.org", "1")]
    assert report.notes == ("1 cell that you edited by hand stays, though the file says otherwise.",)


def test_names_of_products_follow_the_policy(store: Store) -> None:
    header = "customer_id,order_id,date,product_id,description,amount"
    bring(store, "1,A1,2026-01-05,P1,Soap,10", header=header)
    bring(store, "1,A2,2026-01-06,P1,Soap bar,10", header=header)
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT name FROM products").scalar() == "Soap"
    bring(store, "1,A3,2026-01-07,P1,Soap bar,10", header=header, choices=OVERWRITE)
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT name FROM products").scalar() == "Soap bar"
    undo_import(store, 3, now=NOW)
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT name FROM products").scalar() == "Soap"


def test_further_columns_are_kept_with_the_person(store: Store) -> None:
    header = "customer_id,e-mail,shoe size,*note*"
    before = contents(store)
    report = bring(
        store, "1,a@x.org,41,<b>", "1,,,later", "2,,38,", header=header, choices=ImportChoices(keep_all=True)
    )
    assert report.accepted == 2
    assert list_custom_fields(store, "customer_id", 1).to_numpy().tolist() == [["*note*", "<b>"], ["shoe size", "41"]]
    again = bring(store, "1,,42,", header=header, choices=ImportChoices(keep_columns=("shoe size",)))
    assert (again.accepted, again.duplicates) == (0, 1)  # fill: what is stored stays
    changed = bring(
        store, "1,,43,", header=header, choices=ImportChoices(existing=Existing.OVERWRITE, keep_columns=("shoe size",))
    )
    assert (changed.accepted, changed.customers.updated) == (1, 1)
    assert dict(list_custom_fields(store, "customer_id", 1).to_numpy())["shoe size"] == "43"
    undo_import(store, 3, now=NOW)
    assert dict(list_custom_fields(store, "customer_id", 1).to_numpy())["shoe size"] == "41"
    undo_import(store, 2, now=NOW)
    undo_import(store, 1, now=NOW)
    assert contents(store) == before


def test_further_columns_of_orders_belong_to_the_order(store: Store) -> None:
    header = "customer_id,order_id,date,amount,gift"
    rows = ("1,A1,2026-01-05,10,", "1,A1,2026-01-05,5,wrapped", "2,A2,2026-01-06,3,no")
    bring(store, *rows, header=header, choices=ImportChoices(keep_columns=("gift",)))
    with store.read() as session:
        query = select(CustomField.order_id, CustomField.value).order_by(CustomField.order_id)
        assert [tuple(row) for row in session.execute(query)] == [(1, "wrapped"), (2, "no")]
    again = bring(store, *rows, header=header, choices=ImportChoices(keep_all=True))
    assert (again.accepted, again.orders.unchanged) == (0, 2)
    undo_import(store, 1, now=NOW)
    with store.read() as session:
        assert session.scalars(select(CustomField.import_id)).all() == [2, 2]  # the second file says them too
    undo_import(store, 2, now=NOW)
    assert not any(contents(store).values())


def test_a_column_to_keep_that_is_not_there_is_a_sentence(store: Store) -> None:
    with pytest.raises(
        ImportFileError, match=r"people\.csv has no column 'shoesize' to keep.*Did you mean 'shoe size'"
    ):
        bring(store, "1,41", header="customer_id,shoe size", kind="customers",
              choices=ImportChoices(keep_columns=("shoesize",)))  # fmt: skip


def test_undo_leads_exactly_back_table_by_table(store: Store) -> None:
    order(store, "1,ana@x.org,,,,A1,2026-01-05,10,EUR", "2,,Ben,,,A2,2026-01-05,10,EUR")
    before = contents(store)
    bring(
        store, "1,,Ana,+4930901820,DE,x", "2,ben@x.org,Benny,,,y", "3,c@x.org,Cem,,,z",
        header=PEOPLE + ",more", choices=ImportChoices(existing=Existing.OVERWRITE, keep_all=True),
    )  # fmt: skip
    assert contents(store) != before
    undo_import(store, 2, now=NOW)
    assert contents(store) == before


def test_what_a_later_file_brought_again_stays_until_that_one_goes_too(store: Store) -> None:
    empty = contents(store)
    bring(store, "1,ana@x.org,Ana,,")
    bring(store, "1,ana@x.org,Ana,+4930901820,")
    bring(store, "1,,,+4930901820,")
    assert undo_import(store, 1, now=NOW).kept == (
        "1 customer stays, because import 2 (people.csv) brought it too. To take it back, undo import 2.",
    )
    kept = undo_import(store, 2, now=NOW).kept
    assert "1 phone of customers stay, changed or brought again since that import." in kept
    assert people(store) == [("1", "Ana", "ana@x.org", "+4930901820")]
    undo_import(store, 3, now=NOW)
    assert contents(store) == empty


def test_people_and_orders_meet_in_any_order(store: Store) -> None:
    bring(store, "1,ana@x.org,Ana,,")
    order(store, ",ana@x.org,,,,A1,2026-01-05,10,EUR")
    assert undo_import(store, 1, now=NOW).removed["customers"] == 0
    assert people(store) == [("1", "Ana", "ana@x.org", None)]
    undo_import(store, 2, now=NOW)
    assert not any(contents(store).values())


def test_a_preview_shows_people_as_they_would_be_stored() -> None:
    seen = preview_import(csv("7,A@x.org,Ana,,Spain", ",,Bo,,", header=PEOPLE), file_name="people.csv")
    assert seen.kind == "customers"
    shown = seen.lines[["row", "customer", "name", "email", "country"]].to_numpy().tolist()
    assert shown == [[2, "7", "Ana", "a@x.org", "Spain"], [3, "Bo", "Bo", None, None]]


def test_the_owner_may_say_what_the_rows_are(store: Store) -> None:
    rows = ("1,ana@x.org,Ana,,,A1,2026-01-05,10,EUR",)
    assert order(store, *rows, kind="customers").kind == "customers"
    with pytest.raises(ImportFileError, match="needs 'day', 'amount'"):
        bring(store, "1,a@x.org,A,,", kind="orders")
    with pytest.raises(
        ImportFileError, match=r"people\.csv has 'a', 'b', which does not tell whether.*--as orders\|.*customers"
    ):
        bring(store, "1,2", header="a,b")


def test_a_chosen_column_is_remembered_with_the_kind(store: Store) -> None:
    header = "Who,Nick,thing"
    bring(store, "1,Ana,x", header=header, kind="customers", mapping={"customer_id": "Who", "name": "Nick"})
    again = bring(store, "2,Ben,y", header=header)
    assert (again.kind, people(store)[-1][:2]) == ("customers", ("2", "Ben"))


def test_a_birthday_is_a_day(store: Store) -> None:
    header = "name,birthday"
    report = bring(store, "Ana,28.02.1980", "Ben,--03-01", "Cem,1604-12-24", "Dora,soon", header=header)
    with store.read() as session:
        born = {row.name: row.birthday for row in session.execute(select(Customer.name, Customer.birthday))}
    assert born == {"Ana": date(1980, 2, 28), "Ben": None, "Cem": None}
    assert list_custom_fields(store, "customer_id", 2).to_numpy().tolist() == [["Birthday without year", "03-01"]]
    assert report.notes[0].startswith("2 birthdays without a year")
    assert "'soon' is not a calendar date" in report.rejected[0].reason
