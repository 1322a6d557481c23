"""The row of names under title lines, the separator, the total line: found by what stands there."""

import pytest

from crm_core.errors import ImportFileError
from crm_core.importing.reader import read_table
from crm_core.importing.text_table import TextTable

PLAIN = "order_id,customer_id,day,amount\n1,a,2024-05-01,9.50\n2,b,2024-05-02,3.00\n3,c,2024-05-03,1.25\n"


def read(text: str) -> TextTable:
    return read_table(text.encode(), file_name="orders.csv")


@pytest.mark.parametrize(
    ("above", "rows"),
    [
        ("Orders of May 2024\n", 1),
        ("My Shop\nOrders report\n\n", 3),
        ("My Shop, orders of May\n", 1),
        ("Report,,,\nFrom,2024-05-01,to,2024-05-31\n,,,\n", 3),
        ("\n\n\n", 3),
        ("My Shop\n\n\nCustomer,ACME\n", 4),
        ('"My Shop\nOrders, all"\n', 1),
    ],
)
def test_title_lines_are_left_out_and_row_numbers_stay(above: str, rows: int) -> None:
    table = read(above + PLAIN)
    assert table.header == ("order_id", "customer_id", "day", "amount")
    assert table.row_numbers.tolist() == [rows + 2, rows + 3, rows + 4]
    assert table.notes == (f"The column names stand in row {rows + 1}; the lines above it were left out.",)


def test_title_lines_with_the_decimal_comma_do_not_hide_the_separator() -> None:
    table = read("Umsatz, Mai\nKunde;Betrag\nA;12,50\nB;3,00\nC;1,25\n")
    assert table.header == ("Kunde", "Betrag")
    assert table.cells(0) == {"Kunde": "A", "Betrag": "12,50"}


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("id;address;paid\n1;Main St, Berlin, BE, DE;3\n2;Elm St, Bonn, NW, DE;4\n", ("id", "address", "paid")),
        ("id,tags,day\n1,a;b,x\n2,c;d,y\n", ("id", "tags", "day")),
        ("id\n1\n2\n", ("id",)),
        ("id\n1,5\n2,5\n", ("id",)),
        ("2023,2024\n1,2\n3,4\n", ("2023", "2024")),
        ("a,b\n1\n2,x,y\n3,x,y\n4,x,y\n", ("a", "b")),
        ("x,,x\n1,2,3\n", ("x", "column 2", "x (2)")),
        ("name\tprice, net\nPen\t1,50\nInk\t2,50\n", ("name", "price, net")),
    ],
)
def test_without_title_lines_the_first_row_has_the_names(text: str, header: tuple[str, ...]) -> None:
    assert read(text).header == header


@pytest.mark.parametrize("line", ["sep=;\n", "sep=;\r\n", '"sep=;"\n', "SEP=;\r"])
def test_excels_separator_line_is_followed_and_is_no_row(line: str) -> None:
    table = read(line + "id;name\n1;a,b,c\n2;d,e,f\n")
    assert table.header == ("id", "name")
    assert table.row_numbers.tolist() == [2, 3]


def test_mixed_line_ends_are_line_ends() -> None:
    table = read("id,name\r1,a\n2,b\r\n3,c")
    assert table.row_numbers.tolist() == [2, 3, 4]
    assert table.cells(1) == {"id": "2", "name": "b"}


def test_long_cells_and_many_columns_are_read() -> None:
    long = "x" * 3_000_000
    assert read(f'id,note\n1,"{long}"\n2,b\n').cells(0)["note"] == long
    assert read(f"id,note\n1,{'y' * 300_000},more\n2,b\n").broken[0].cells["note"] == "y" * 300_000
    wide = read(",".join(f"c{n}" for n in range(5_000)) + "\n" + ",".join(["7"] * 5_000) + "\n")
    assert len(wide.header) == 5_000
    assert wide.cells(0)["c4999"] == "7"


@pytest.mark.parametrize(
    "line",
    ["Total,,,13.75", ",,Total,13.75", "TOTAL:,,,€13.75", "Grand total,3 orders,,13.75", "Summe,13.75", "合计,,,13.75"],
)
def test_a_total_line_is_set_aside_as_one(line: str) -> None:
    table = read(PLAIN + line + "\n")
    assert len(table) == 3
    assert [row.reason for row in table.broken] == ["orders.csv, row 5 is a total line, not an order."]
    assert "13.75" in "".join(table.broken[0].cells.values())


@pytest.mark.parametrize(
    "line",
    ["4,Total,2024-05-04,2.00", "Total,7,20240504,2.00", "4,Total Energies,2024-05-04,2.00", "5,,2024-05-04,2.00"],
)
def test_an_order_of_a_customer_called_total_stays(line: str) -> None:
    assert len(read(PLAIN + line + "\n")) == 4


def test_a_total_line_among_other_footer_lines_is_found() -> None:
    table = read(PLAIN + "\nTotal,,,13.75\n\nExported by My Shop\n")
    assert len(table) == 3
    assert ["total line" in row.reason for row in table.broken] == [True, False]


def test_a_file_of_a_total_line_alone_is_still_a_file() -> None:
    assert len(read("name,amount\nTotal,5\n")) == 1


def test_a_cell_that_never_ends_is_one_sentence() -> None:
    with pytest.raises(ImportFileError, match=r"row 3 opens a quote that is never closed"):
        read('id,name\n1,a\n2,"b\n3,c\n4,d\n')
