"""Groups in a table that the owner brings: read, chosen from, grouped, and given back."""

import io

import numpy as np
import pandas as pd
import pytest

from crm_core.errors import ImportFileError
from crm_core.services.natural_groups import GroupChoice, NaturalGroups, study_groups
from crm_core.services.table_groups import OwnTable, read_own_table, rows_with_groups


def make_file(*, rows: int = 20) -> bytes:
    """Two kinds of people: 12 of low, 8 of high income; a number, a name, text, and one cell that is no number."""
    rng = np.random.default_rng(1)
    low = np.arange(rows) % 5 < 3
    table = pd.DataFrame(
        {
            "No": np.arange(1, rows + 1),
            "Name": [f"=Person_{n}" for n in range(rows)],
            "Income": np.where(low, 20, 80) + rng.integers(0, 4, rows),
            "Score": np.where(low, 5, 9) + rng.random(rows).round(2),
            "group": "mine",
        }
    )
    table["Income"] = table["Income"].astype(object)
    table.loc[5, "Income"] = "n/a"
    return table.to_csv(index=False).encode()


def grouped(table: OwnTable, **choice: int) -> NaturalGroups:
    found = study_groups(table.facts, columns=table.facts.default, choice=GroupChoice(**choice), whom="The rows")
    assert isinstance(found, NaturalGroups)
    return found


def test_numbers_are_offered_and_the_rest_is_said_with_its_reason() -> None:
    table = read_own_table(make_file(), file_name="people.csv")
    assert table.facts.offered == ("own: Income", "own: Score")
    assert "No (numbers its rows), Name (text), group (text) can’t be compared as numbers." in table.notes
    assert table.cells.shape == (20, 5)


def test_rows_come_back_as_they_were_with_their_group() -> None:
    table = read_own_table(make_file(), file_name="people.csv")
    found = grouped(table)
    assert found.clusters.k == 2
    assert found.clusters.sizes.tolist() == [12, 8]
    assert found.answer.startswith("The rows fall into 2 natural groups: clearly apart")
    assert "Income is unknown for 1 row; they count as the middle." in found.clusters.notes
    rows = rows_with_groups(table, found)
    pd.testing.assert_frame_equal(rows[list(table.cells)], table.cells)
    assert list(rows)[-2:] == ["natural_group", "natural_group_name"]  # the file has a group of its own
    assert rows["natural_group"].value_counts().to_dict() == {1: 12, 2: 8}
    assert len(rows_with_groups(table, found, group=1)) == 8
    assert found.profiles[0].spend_minor is None
    assert found.profiles[0].name == "Low Income, low Score"
    assert found.rules["rule"].str.contains("Income|Score").all()


def test_distances_are_those_of_standardised_columns_not_of_logarithms() -> None:
    """Worked out by hand: 1 and 3 against 9 and 11 in units of their spread; logarithms would part 1 from the rest."""
    cells = "\n".join(["Width", *(["1", "3", "9", "11"] * 5)])
    found = grouped(read_own_table(cells.encode(), file_name="w.csv"), k=2)
    assert found.clusters.by_number.loc[2, "inertia"] == pytest.approx(20 * 1 / 17)
    outer, inner = 1 - (10 / 9) / 9, 1 - (10 / 9) / 7
    assert found.clusters.silhouette == pytest.approx((outer + inner) / 2)


def test_a_workbook_and_a_comma_for_decimals_are_read_alike() -> None:
    frame = pd.DataFrame({"a": [1.5, 2.5, 9.5] * 4, "b": [3, 7, 5] * 4})
    book = io.BytesIO()
    frame.to_excel(book, index=False, engine="xlsxwriter")
    german = frame.to_csv(index=False, sep=";", decimal=",").encode()
    from_book = read_own_table(book.getvalue(), file_name="t.xlsx").facts.table
    from_text = read_own_table(german, file_name="t.csv").facts.table
    assert from_book.to_numpy().tolist() == from_text.to_numpy().tolist() == frame.astype(float).to_numpy().tolist()


def test_tables_without_numbers_or_with_few_rows_get_a_sentence() -> None:
    assert read_own_table(b"Town\nGraz\nLinz\n", file_name="t.csv").facts.offered == ()
    few = read_own_table(b"Age\n3\n9\n4\n", file_name="t.csv")
    answer = study_groups(few.facts, columns=few.facts.default, choice=GroupChoice())
    assert answer == "Natural groups need at least 10 rows; there are 3 so far."
    with pytest.raises(ImportFileError, match="is empty"):
        read_own_table(b"", file_name="t.csv")


def test_text_among_numbers_is_named_with_its_row() -> None:
    rows = "".join(f"{number % 7},{number % 5}\n" for number in range(40))
    one = read_own_table(f"Area,Size\nabout 20,3\n{rows}".encode(), file_name="p.csv")
    assert "Area: “about 20” in row 2 is no number and counts as unknown." in one.notes
    two = read_own_table(f"Area,Size\n{rows}n/a,3\n1,2\nroughly 9,1\n".encode(), file_name="p.csv")
    assert "Area: “n/a” in row 42 and 1 further cell are no numbers and count as unknown." in two.notes
