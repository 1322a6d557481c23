"""Making one of two customers: all goes over, the way back is exact, and later files find the one who stayed."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, select, update

from crm_core.errors import CrmError, NotFoundError
from crm_core.services.edit_history import list_edits, undo_edit
from crm_core.services.editing import archive_rows, delete_rows
from crm_core.services.exports import export_table
from crm_core.services.import_undo import undo_import
from crm_core.services.imports import import_file
from crm_core.services.merging import likely_duplicates, merge_customers, not_the_same
from crm_core.services.personal_data import personal_data
from crm_core.store.session import Store
from crm_core.store.tables import Action, Customer, Identity, Interaction, Order, Prediction
from tests.services.test_edit_undo import whole
from tests.shops import add_orders, add_refund

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
WHO = {"now": NOW, "by": "owner"}
HEADER = "customer_id,email,name,order_id,date,amount,currency"
FIRST = (
    f"{HEADER}\nc1,ana@example.org,Ana Berg,o1,2026-01-05,10.00,EUR\nc9,zoe@example.org,Zoe,o9,2026-01-06,3.00,EUR\n"
)
SECOND = f"{HEADER}\nc2,ana.berg@web.example,Ana Berg,o2,2026-02-05,7.00,EUR\n"


@pytest.fixture
def shop(store: Store) -> Store:
    """Ana twice (1 and 3), and Ben (2), with everything that can hang on a person."""
    add_orders(store, [("ana", "2026-01-01", 1000), ("ben", "2026-02-01", 500), ("anna", "2026-03-01", 700)])
    add_refund(store, 3, "2026-03-05", 100)
    with store.begin() as session:
        session.execute(update(Customer).where(Customer.id != 2).values(name="Ana Berg"))
        session.execute(update(Customer).where(Customer.id == 1).values(postcode="10115"))
        session.execute(update(Customer).where(Customer.id == 3).values(postcode="20095", email="Ana@Example.org"))
        session.add(Identity(customer_id=1, kind="source", issuer="shop", value="ana"))
        session.add(Interaction(customer_id=3, happened_on=date(2026, 3, 2), channel="mail", minutes=5))
        for person, state, decided in ((1, "done", 1), (3, "snoozed", 2)):
            when = datetime(2026, 3, decided, tzinfo=UTC).replace(tzinfo=None)
            session.execute(
                insert(Action).values(customer_id=person, kind="win_back", episode="e", state=state, decided_at=when)
            )
            shown = {"quantity": "at_stake_minor", "model": "rhythm", "as_of": date(2026, 3, 1), "horizon_days": 90}
            session.execute(insert(Prediction).values(customer_id=person, value=person, currency="EUR", **shown))
    return store


def bring(store: Store, rows: str, name: str = "orders.csv") -> int:
    return import_file(store, rows.encode(), file_name=name, now=NOW).import_id or 0


def people(store: Store) -> dict[str, int]:
    with store.read() as session:
        return {row.source_id: row.id for row in session.execute(select(Customer.source_id, Customer.id))}


def owners(store: Store) -> dict[str, int | None]:
    with store.read() as session:
        return {row.source_id: row.customer_id for row in session.execute(select(Order.source_id, Order.customer_id))}


def test_all_that_the_other_has_goes_over_and_undo_brings_it_back(shop: Store) -> None:
    before = whole(shop)
    report = merge_customers(shop, 1, 3, **WHO)
    assert report.sentence == "Ana Berg is merged into Ana Berg."
    assert owners(shop) == {"o1": 1, "o2": 2, "o3": 1}
    after = whole(shop)
    assert [row[0] for row in after["customers"]] == [1, 2]
    ana = dict(zip(("email", "postcode"), (after["customers"][0][4], after["customers"][0][6]), strict=True))
    assert ana == {"email": "Ana@Example.org", "postcode": "10115"}
    assert [row[1] for row in after["refunds"] + after["interactions"]].count(3) == 0
    assert ("email", "", "ana@example.org") in {row[2:5] for row in after["customer_identities"]}
    assert [row[4] for row in after["actions"]] == ["snoozed"]  # the later decision
    assert len(after["predictions"]) == 1
    edit = list_edits(shop).iloc[0]
    assert (edit["what"], edit["kind"]) == ("Ana Berg merged into Ana Berg", "merge")
    undone = undo_edit(shop, int(edit["edit_id"]), **WHO)
    assert undone.as_words() == "Taken back."
    assert whole(shop) == before


def test_the_owner_chooses_whose_field_stays(shop: Store) -> None:
    merge_customers(shop, 1, 3, choices={"postcode": 3}, **WHO)
    with shop.read() as session:
        assert session.get_one(Customer, 1).postcode == "20095"


def test_what_was_changed_since_a_merge_stays_and_is_told(shop: Store) -> None:
    edit_id = merge_customers(shop, 1, 3, **WHO).edit_id or 0
    with shop.begin() as session:
        session.execute(update(Order).where(Order.source_id == "o3").values(customer_id=2))
    undone = undo_edit(shop, edit_id, **WHO)
    assert undone.as_words() == "Taken back, except: order o3, Customer, was changed since and keeps its value."
    assert owners(shop) == {"o1": 1, "o2": 2, "o3": 2}
    assert set(people(shop)) == {"ana", "ben", "anna"}


def test_who_was_merged_on_is_taken_back_after_the_later_merge(shop: Store) -> None:
    before = whole(shop)
    first = merge_customers(shop, 1, 3, **WHO).edit_id or 0
    second = merge_customers(shop, 2, 1, **WHO).edit_id or 0
    with pytest.raises(CrmError, match=r"Ana Berg merged into Person ben, after this merge\. Take that back first"):
        undo_edit(shop, first, **WHO)
    for edit_id in (second, first):
        assert undo_edit(shop, edit_id, **WHO).kept == ()
    assert whole(shop) == before


def test_a_file_brought_again_finds_the_one_who_stayed(store: Store) -> None:
    bring(store, FIRST)
    bring(store, SECOND)
    who = people(store)
    merge_customers(store, who["c1"], who["c2"], **WHO)
    before = whole(store)
    for rows in (FIRST, SECOND):
        again = import_file(store, rows.encode(), file_name="again.csv", now=NOW)
        assert (again.customers.new, again.customers.updated) == (0, 0)
    after = whole(store)
    assert all(after[name] == before[name] for name in ("customers", "customer_identities", "orders", "order_lines"))


@pytest.mark.parametrize(("taken_back", "left"), [(1, {"o2"}), (2, {"o1", "o9"})])
def test_taking_back_either_import_keeps_the_person_and_the_other_files_orders(
    store: Store, taken_back: int, left: set[str]
) -> None:
    bring(store, FIRST)
    bring(store, SECOND)
    who = people(store)
    merge_customers(store, who["c1"], who["c2"], **WHO)
    undo_import(store, taken_back, now=NOW)
    assert set(owners(store)) == left
    assert people(store)["c1"] == who["c1"]
    again = import_file(store, (FIRST, SECOND)[taken_back - 1].encode(), file_name="again.csv", now=NOW)
    assert again.customers.new == (1 if taken_back == 1 else 0)  # Zoe, whom nobody merged
    assert owners(store)["o1"] == owners(store)["o2"] == who["c1"]


def test_a_merge_is_taken_back_after_the_import_that_brought_the_other(store: Store) -> None:
    bring(store, FIRST)
    without = whole(store)
    bring(store, SECOND)
    who = people(store)
    edit_id = merge_customers(store, who["c1"], who["c2"], **WHO).edit_id or 0
    undo_import(store, 2, now=NOW)
    undone = undo_edit(store, edit_id, **WHO)
    assert undone.as_words() == "Taken back, except: Ana Berg is not there any more."
    assert whole(store)["customers"] == without["customers"]
    assert whole(store)["orders"] == without["orders"]


def test_two_people_said_to_be_different_are_not_suggested_until_that_is_taken_back(shop: Store) -> None:
    before = whole(shop)
    assert likely_duplicates(shop).table[["first_id", "second_id"]].to_numpy().tolist() == [[1, 3]]
    report = not_the_same(shop, 3, 1, **WHO)
    assert likely_duplicates(shop).table.empty
    assert not_the_same(shop, 1, 3, **WHO).edit_id is None
    assert list_edits(shop)["what"].tolist() == ["Ana Berg and Ana Berg are not the same person"]
    assert undo_edit(shop, report.edit_id or 0, **WHO).as_words() == "Taken back."
    assert len(likely_duplicates(shop).table) == 1
    assert whole(shop) == before


def test_who_is_not_the_other_is_not_the_kept_one_either(shop: Store) -> None:
    not_the_same(shop, 2, 3, **WHO)
    not_the_same(shop, 1, 3, **WHO)
    before = whole(shop)
    report = merge_customers(shop, 1, 3, **WHO)
    assert [row[1:] for row in whole(shop)["different_people"]] == [(1, 2)]
    assert undo_edit(shop, report.edit_id or 0, **WHO).kept == ()
    assert whole(shop) == before


def test_what_was_merged_and_told_apart_can_be_taken_out(shop: Store) -> None:
    not_the_same(shop, 1, 2, **WHO)
    pairs = export_table(shop, "different_people", as_of=NOW.date())
    assert pairs.to_numpy().tolist() == [["ana", "shop", "Ana Berg", "ben", "shop", "Person ben"]]
    merge_customers(shop, 1, 3, **WHO)
    merge_customers(shop, 2, 1, **WHO)
    changes = personal_data(shop, 2, made_at=NOW)["changes_by_hand"]
    gone = [change["before"] for change in changes if change["table_name"] == "customers" and change["field"] is None]
    assert [person["source_id"] for person in gone] == ["anna", "ana"]


def test_archived_people_are_neither_suggested_nor_merged(shop: Store) -> None:
    archive_rows(shop, "customers", [3], archive=True, **WHO)
    before = whole(shop)
    assert likely_duplicates(shop).table.empty
    with pytest.raises(CrmError, match=r"Ana Berg is archived\. Restore this customer first"):
        merge_customers(shop, 1, 3, **WHO)
    assert whole(shop) == before


def test_nobody_is_merged_with_who_is_gone_or_with_themselves(shop: Store) -> None:
    delete_rows(shop, "customers", {3: {}}, **WHO)
    before = whole(shop)
    with pytest.raises(NotFoundError, match="One of the two was deleted by owner on 30 Jun 2026; nothing was changed"):
        merge_customers(shop, 1, 3, **WHO)
    with pytest.raises(NotFoundError, match="One of the two is not there any more"):
        not_the_same(shop, 1, 99, **WHO)
    with pytest.raises(CrmError, match=r"one and the same customer\. Choose two"):
        merge_customers(shop, 1, 1, **WHO)
    with pytest.raises(CrmError, match="The phone of customer 9 was chosen; choose 1 or 2"):
        merge_customers(shop, 1, 2, choices={"phone": 9}, **WHO)
    with pytest.raises(CrmError, match="'source' can't be chosen; choose of name, email"):
        merge_customers(shop, 1, 2, choices={"source": 1}, **WHO)
    assert whole(shop) == before
