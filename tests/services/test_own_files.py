"""What Regulars wrote is brought back as it was: into an empty database, and into the same one without a change."""

from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.errors import CrmError
from crm_core.importing.apostrophes import rearm_table
from crm_core.importing.choices import ImportChoices
from crm_core.importing.reader import read_table
from crm_core.services.exports import export_file, export_table, table_as_csv
from crm_core.services.imports import import_file, undo_import
from crm_core.store.session import Store, open_store

AS_OF = date(2026, 3, 14)
ENDINGS = (".csv", ".xlsx")
TABLES = ("customers", "products", "order_lines", "refunds", "interactions", "tickets", "surveys", "custom_fields")
ORDERS = (
    "customer_id,name,email,phone,postcode,order_id,date,amount,currency,status,product_id,product,quantity\n"
    '007,"=cmd(), ""x""",ana@x.org,+49301234567,01067,-12,2024-01-05,10.00,GBP,paid,P1,Soap,2\n'
    "007,,,,,-12,2024-01-05,2.50,GBP,paid,P2,Tea,\n"
    "007,,,,,-12,2024-01-05,2.50,GBP,paid,P2,Tea,\n"
    "007,,,,,-12,2024-01-05,-1.00,GBP,paid,,,\n"
    ",,,,,A2,2024-01-06,500,JPY,,P2,Tea,1\n"
    "NA,Total,,,,A3,2024-01-07,9.995,KWD,cancelled,P1,Soap,0.1\n"
    "008,Ünal 🙂,b@x.org,,,,2024-01-08,3.00,EUR,,,,\n"
).encode()
OTHER = b"customer_id,email,order_id,date,amount,currency,Gift wrap\nS7,ana@x.org,A2,2025-01-06,5.00,EUR,=yes\n"
PEOPLE = b"customer_id,name,email,Shoe size\n009,Cem,c@x.org,-7\n008,,b@x.org,'41\n"
REFUND = b"customer_id,order_id,date,amount,currency\n007,-12,2024-01-09,-4.00,GBP\n"


@pytest.fixture
def filled(store: Store) -> Store:
    import_file(store, ORDERS, file_name="orders.csv")
    import_file(store, REFUND, file_name="refunds.csv")
    import_file(store, PEOPLE, file_name="people.csv", choices=ImportChoices(keep_all=True))
    import_file(store, OTHER, file_name="other.csv", source="other shop", choices=ImportChoices(keep_all=True))
    return store


def bring_back(source: Store, target: Store, ending: str, names: tuple[str, ...] = TABLES) -> list[Any]:
    reports = []
    for name in names:
        table = export_table(source, name, as_of=AS_OF)
        if len(table):
            reports.append(import_file(target, export_file(table, name, ending=ending), file_name=f"{name}{ending}"))
    return reports


def exported(store: Store) -> dict[str, list[list[Any]]]:
    found = {}
    for name in (*TABLES, "orders", "identities"):
        table = export_table(store, name, as_of=AS_OF).astype(object)
        found[name] = sorted(map(str, table.where(table.notna(), None).to_numpy().tolist()))
    return found


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_empty_database_becomes_the_same(ending: str, filled: Store, tmp_path: Any) -> None:
    target = open_store(f"sqlite:///{tmp_path / 'target.db'}")
    reports = bring_back(filled, target, ending)
    assert all(not report.rejected for report in reports)
    assert exported(target) == exported(filled)
    target.close()


@pytest.mark.slow
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_made_up_company_comes_back_as_it_was(ending: str, demo_store: Store, tmp_path: Any) -> None:
    target = open_store(f"sqlite:///{tmp_path / 'target.db'}")
    bring_back(demo_store, target, ending)
    assert exported(target) == exported(demo_store)
    target.close()


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_database_stays_as_it_is(ending: str, filled: Store) -> None:
    before = exported(filled)
    for report in bring_back(filled, filled, ending, (*TABLES, "orders")):
        assert (report.accepted, report.duplicates, report.rejected) == (0, report.rows, ())
        assert (report.customers.new, report.customers.updated) == (0, 0)
        assert (report.orders.new, report.orders.updated, report.refunds) == (0, 0, 0)
    assert exported(filled) == before


@pytest.mark.parametrize("name", ["customers", "products", "order_lines", "refunds"])
def test_bringing_a_table_back_is_taken_back_exactly(name: str, filled: Store, tmp_path: Any) -> None:
    target = open_store(f"sqlite:///{tmp_path / 'target.db'}")
    table = export_table(filled, name, as_of=AS_OF)
    report = import_file(target, export_file(table, name, ending=".csv"), file_name="file.csv")
    assert report.accepted + report.duplicates + len(report.rejected) == report.rows
    undo_import(target, report.import_id or 0, now=datetime(2026, 3, 14))  # noqa: DTZ001 - as times are stored
    assert not any(exported(target).values())
    target.close()


def test_further_fields_that_came_back_are_taken_back_exactly(filled: Store, tmp_path: Any) -> None:
    target = open_store(f"sqlite:///{tmp_path / 'target.db'}")
    bring_back(filled, target, ".csv", TABLES[:3])
    before = exported(target)
    file = export_file(export_table(filled, "custom_fields", as_of=AS_OF), "custom_fields", ending=".csv")
    report = import_file(target, file, file_name="fields.csv")
    assert report.accepted == report.rows == 3
    assert exported(target) != before
    undo_import(target, report.import_id or 0, now=datetime(2026, 3, 14))  # noqa: DTZ001 - as times are stored
    assert exported(target) == before
    target.close()


@pytest.mark.parametrize("name", ["interactions", "tickets", "surveys"])
def test_what_people_said_comes_back_and_adds_nothing_twice(name: str, store: Store, demo_store: Store) -> None:
    table = export_table(demo_store, name, as_of=AS_OF).head(30)
    file = table_as_csv(pd.concat([table, table.head(1)]))  # two that are equal are two
    report = import_file(store, file, file_name="file.csv")
    assert (report.accepted, report.rows) == (31, 31)
    assert len(export_table(store, name, as_of=AS_OF)) == 31
    assert import_file(store, file, file_name="file.csv").accepted == 0
    undo_import(store, 2, now=datetime(2026, 3, 14))  # noqa: DTZ001 - as times are stored
    undo_import(store, 1, now=datetime(2026, 3, 14))  # noqa: DTZ001
    assert not any(exported(store).values())


def test_orders_without_their_lines_come_back_with_what_they_came_to(filled: Store, tmp_path: Any) -> None:
    target = open_store(f"sqlite:///{tmp_path / 'target.db'}")
    bring_back(filled, target, ".csv", ("customers", "orders"))
    columns = ["order_id", "customer_id", "day", "amount", "currency", "status", "source", "total", "refunded"]
    found, wanted = (export_table(store, "orders", as_of=AS_OF)[columns] for store in (target, filled))
    assert found.to_numpy().tolist() == wanted.to_numpy().tolist()
    lines = bring_back(filled, target, ".csv", ("order_lines",))[0]
    refunds = export_table(filled, "refunds", as_of=AS_OF)
    assert "order '-12' is stored already with other lines, which would be counted twice" in lines.rejected[0].reason
    with pytest.raises(CrmError, match="what was given back of order '-12' is stored already in sum"):
        import_file(target, table_as_csv(refunds), file_name="refunds.csv")
    target.close()


def test_a_cell_that_was_spoilt_is_told(filled: Store, tmp_path: Any) -> None:
    target = open_store(f"sqlite:///{tmp_path / 'target.db'}")
    file = table_as_csv(export_table(filled, "order_lines", as_of=AS_OF)).replace(b"2024-01-06", b"6 January")
    report = import_file(target, file, file_name="order_lines.csv")
    assert [row.reason for row in report.rejected] == [
        "order_lines.csv, row 6, column 'day': '6 January' is not a day like 2026-03-14. Export the table again, or "
        "correct the cell and import the file again."
    ]
    target.close()


TEXT = (
    st.text(
        st.one_of(st.sampled_from("=+-@'\"\n,;\t Ana0 NA🙂ü‏"), st.characters(exclude_categories=["Cs", "Cc"])),
        min_size=1,
        max_size=12,
    )
    .map(lambda text: text.strip())
    .filter(bool)
)
CELLS = st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=6)


@pytest.mark.parametrize("ending", ENDINGS)
@given(cells=CELLS)
@settings(max_examples=60, deadline=None)
def test_any_table_that_is_written_is_read_back_the_same(ending: str, cells: list[list[str]]) -> None:
    table = pd.DataFrame(cells, columns=["customer_id", "name", "note"], dtype=object)
    read = rearm_table(read_table(export_file(table, "table", ending=ending), file_name=f"a{ending}"))
    assert [list(read.cells(at).values()) for at in range(len(read))] == cells


def test_a_field_of_somebody_unknown_waits_for_them(filled: Store, tmp_path: Any) -> None:
    target = open_store(f"sqlite:///{tmp_path / 'target.db'}")
    file = table_as_csv(export_table(filled, "custom_fields", as_of=AS_OF))
    with pytest.raises(CrmError, match=r"there is no (customer|order) '\w+' of '[\w ]+' in here. Bring the \w+s first"):
        import_file(target, file, file_name="custom_fields.csv")
    target.close()
