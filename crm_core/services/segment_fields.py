"""The owner's own fields of people as facts that a segment can be made of: which there are, and everybody's values."""

import pandas as pd
from sqlalchemy.orm import Session

from crm_core.decisions.segment_facts import Fact, Kind, own_fact
from crm_core.importing.text_table import TextColumn
from crm_core.services.own_numbers import read_own_numbers
from crm_core.store.trait_queries import field_values, names_of_fields, some_values

__all__ = ["MOST_FIELDS", "list_fields", "missing_field", "values_of_field"]

MOST_FIELDS = 40  # to choose from, the most known
LOOKED_AT = 500  # values by which a field is taken for numbers or words


def list_fields(session: Session) -> tuple[Fact, ...]:
    """Each field as a fact, the most known first: numbers where nearly all of its values are, words else."""
    names = names_of_fields(session)["name"].head(MOST_FIELDS)
    return tuple(own_fact(str(name), _kind_of(some_values(session, name, most=LOOKED_AT), name)) for name in names)


def values_of_field(session: Session, fact: Fact) -> pd.Series:
    """What is known of a field, text or numbers. Out: index customer_id; who has none is not there."""
    rows = field_values(session, [fact.field])
    values = pd.Series(rows["value"].to_numpy(object), index=rows["customer_id"].to_numpy(), dtype=object)
    if fact.kind is Kind.NUMBER:
        read = read_own_numbers(TextColumn.of(values.astype(str).tolist()), fact.field)
        values = pd.Series(read.values, index=values.index)
    return values.dropna()


def missing_field(fact: Fact) -> str:
    """Why a field that is gone, or holds something else by now, can't be asked for."""
    what = "a number" if fact.kind is Kind.NUMBER else "anything"
    return f"Nobody has {what} in your field '{fact.label}' now. Change the rules, or bring the file with it again."


def _kind_of(values: list[str], name: str) -> Kind:
    return Kind.NUMBER if read_own_numbers(TextColumn.of(values), name).measure else Kind.CHOICE
