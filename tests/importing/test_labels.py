"""A column that is named as the page names its field is that field."""

import pytest

from crm_core.importing.columns import recognise_columns
from crm_core.importing.kinds import KINDS, ImportKind, fields_of


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_column_that_is_named_as_the_page_names_its_field_is_that_field(kind: ImportKind) -> None:
    labels = {name: field.label for name, field in fields_of(kind).items()}
    assert dict(recognise_columns(tuple(labels.values()), kind=kind).columns) == labels
