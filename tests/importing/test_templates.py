"""The forms to fill in read as what they are, without a question."""

import pytest

from crm_core.importing.columns import recognise_columns
from crm_core.importing.kinds import KINDS, ImportKind, fields_of
from crm_core.importing.templates import template
from crm_core.services.imports import preview_import
from crm_core.services.spreadsheets import table_as_csv


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_form_is_read_as_its_kind_and_nothing_of_it_is_lost(kind: ImportKind) -> None:
    seen = preview_import(table_as_csv(template(kind)), file_name="form.csv")
    assert (seen.kind, seen.mapping.unused) == (kind, ())
    assert len(seen.lines) == 2
    assert seen.staged.rejected == []
    assert not getattr(seen.staged, "dates_are_ambiguous", False)


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_column_that_is_named_as_the_page_names_its_field_is_that_field(kind: ImportKind) -> None:
    labels = {name: field.label for name, field in fields_of(kind).items()}
    assert dict(recognise_columns(tuple(labels.values()), kind=kind).columns) == labels
