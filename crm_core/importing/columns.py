"""Which column of a file is which field, by its name or as the owner says."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from crm_core.errors import ImportFileError
from crm_core.importing.kinds import KINDS, ImportKind, fields_of

__all__ = ["ColumnMapping", "check_mapping", "recognise_columns"]


@dataclass(frozen=True)
class ColumnMapping:
    """The recognised columns: ``columns[field] -> column``; ``missing`` says what every row needs and lacks.

    ``guests``: a file that names no customer will do, because its platform does not.
    """

    header: tuple[str, ...]
    columns: Mapping[str, str]
    guests: bool = False
    kind: ImportKind = ImportKind.ORDERS

    @property
    def missing(self) -> tuple[str, ...]:
        """The needed fields without a column; of alternatives, one."""
        return KINDS[self.kind].missing(self.columns, guests=self.guests)

    @property
    def unused(self) -> tuple[str, ...]:
        """The columns that mean nothing to us."""
        return tuple(name for name in self.header if name not in self.columns.values())


def recognise_columns(
    header: tuple[str, ...], given: Mapping[str, str | None] | None = None, kind: ImportKind = ImportKind.ORDERS
) -> ColumnMapping:
    """Each field's column: as given (None: leave the field out), else by its name.

    "Price" is the unit price beside a quantity and the line's total without one.

    >>> dict(recognise_columns(("Customer ID", "InvoiceDate", "Quantity", "Price")).columns)
    {'customer_id': 'Customer ID', 'day': 'InvoiceDate', 'unit_price': 'Price', 'quantity': 'Quantity'}
    >>> dict(recognise_columns(("buyer", "date", "price"), {"customer_id": "buyer"}).columns)
    {'customer_id': 'buyer', 'day': 'date', 'amount': 'price'}
    """
    asked = dict(given or {})
    _check_given(header, asked, kind)
    taken = {column for column in asked.values() if column}
    by_plain_name: dict[str, str] = {}
    for column in header:
        if column not in taken:
            by_plain_name.setdefault(_plain(column), column)
    found: dict[str, str] = {}
    for field in KINDS[kind].fields:
        known = next((name for name in field.synonyms if name in by_plain_name), None)
        own = by_plain_name.pop(known) if known and field.name not in asked else None
        chosen = asked.get(field.name, own)
        if chosen:
            found[field.name] = chosen
    if "unit_price" in found and not {"quantity", "amount"} & set(found) and "unit_price" not in asked:
        found["amount"] = found.pop("unit_price")
    return ColumnMapping(header, found, kind=kind)


def check_mapping(mapping: ColumnMapping, *, file_name: str) -> None:
    """ImportFileError when a needed column is missing: what was there, and what it might be."""
    if not mapping.missing:
        return
    needs = ", ".join(KINDS[mapping.kind].needed_words(name) for name in mapping.missing)
    there = ", ".join(f"'{name}'" for name in mapping.header)
    likely = [name for field in mapping.missing for name in _likely_columns(field, mapping)]
    guess = f" Did you mean '{likely[0]}'?" if likely else ""
    raise ImportFileError(
        f"{file_name} needs {needs}; found {there}.{guess} "
        "Say which column is which on the import page, or with --mapping FILE.json."
    )


def _check_given(header: tuple[str, ...], given: dict[str, str | None], kind: ImportKind) -> None:
    by_name = fields_of(kind)
    for field, column in given.items():
        if field not in by_name:
            near = get_close_matches(field, by_name, n=1)
            raise ImportFileError(
                f"The mapping names the field '{field}', which does not exist for {kind}; "
                f"the fields are {', '.join(by_name)}." + (f" Did you mean '{near[0]}'?" if near else "")
            )
        if column and column not in header:
            near = get_close_matches(column, header, n=1, cutoff=0.5)
            there = ", ".join(f"'{name}'" for name in header)
            raise ImportFileError(
                f"The mapping names the column '{column}' for {field}; the file has {there}."
                + (f" Did you mean '{near[0]}'?" if near else "")
            )


def _likely_columns(field: str, mapping: ColumnMapping) -> list[str]:
    """Unused columns whose name is near to one of the field's names, or shares its beginning."""
    plain = {_plain(column): column for column in mapping.unused}
    fields = fields_of(mapping.kind)
    names = fields[field].synonyms + (fields["email"].synonyms if field == "customer_id" else ())
    near = [match for name in names for match in get_close_matches(name, plain, n=1, cutoff=0.75)]
    near += [there for there in plain for name in names if len(name) > 3 and (name in there or there in name) and there]
    return [plain[name] for name in dict.fromkeys(near)]


def _plain(column: str) -> str:
    """A column's name without case, accents, blanks and punctuation.

    >>> _plain("Customer-ID "), _plain("Währung"), _plain("订单 编号")
    ('customerid', 'wahrung', '订单编号')
    """
    letters = unicodedata.normalize("NFKD", column)
    return re.sub(r"[\W_]", "", "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold())
