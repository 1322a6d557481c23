"""Whatever a table holds and its rows are said to be: what it would store adds up, or one sentence says why not."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core.errors import ImportFileError
from crm_core.importing.kinds import AUTO, KINDS
from crm_core.importing.status_choices import GROUPS
from crm_core.services.imports import preview_import

NAMES = st.lists(
    st.sampled_from(
        "order_id customer_id email name first_name phone postcode country date created_at amount price quantity sku "
        "product currency status subject channel score row reason (more) x 客户".split()
    ),
    min_size=1,
    max_size=7,
)
CELLS = st.sampled_from(
    ["", "", "1", "2", "a@x.org", "Ana", "2024-05-01", "03/04/2024", "45292", "1710458100", "10.00", "(3,50 €)", "-",
     "'=1", "pending", "refunded", "Total", "Null", "orders.csv, row 1, no", "+49 30 1234567", "EUR",
     "\u202ex", "9" * 30]
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=7), min_size=1, max_size=6)


def faults_of(data: bytes, kind: str) -> list[str]:
    """What does not add up: lines and rejected rows are the file's rows, each row once; or it was refused."""
    try:
        seen: Any = preview_import(data, file_name="table.csv", kind=kind)
    except ImportFileError as refused:
        return [] if str(refused) else ["refused without a word"]
    staged = seen.staged
    if staged is None:
        return [] if seen.mapping.missing else ["nothing is staged and nothing is missing"]
    numbers = [row.row_number for row in staged.rejected]
    holds = {
        "rejected once": len(set(numbers)) == len(numbers) <= staged.rows,
        "known groups": set(seen.status_groups) <= set(GROUPS),
    }
    if hasattr(staged, "lines"):
        numbers += staged.lines["row_number"].tolist()
        holds["every row once"] = len(set(numbers)) == len(numbers) == staged.rows
    return [what for what, does in holds.items() if not does]


@pytest.mark.parametrize("kind", [AUTO, *KINDS])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(names=NAMES, rows=ROWS)
def test_any_table_adds_up_or_is_refused_in_a_sentence(kind: str, names: list[str], rows: list[list[str]]) -> None:
    text = "\n".join("\t".join(cells) for cells in [names, *rows])
    assert faults_of(text.encode(), kind) == []
