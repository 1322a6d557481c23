"""A file of customers or contacts, ready to be stored: people, each once, and what was rejected."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_core.importing.birthdays import read_birthdays
from crm_core.importing.choices import ImportChoices, Reading
from crm_core.importing.dates import DateOrder, DayExample, DayReading
from crm_core.importing.kept_columns import columns_to_keep, keep_values
from crm_core.importing.order_rows import LONGEST_ID
from crm_core.importing.orders import LONGEST
from crm_core.importing.phones import as_number
from crm_core.importing.preset_cells import first_filled
from crm_core.importing.rejections import RejectedRow, Rejections
from crm_core.importing.sources import Source
from crm_core.importing.text_table import Codes, TextColumn, TextTable, Words
from crm_core.wording import plural

__all__ = ["StagedPeople", "stage_people"]

SEVERAL = " ::: "  # how Google writes several values in one cell
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
HAN = re.compile(r"[\u3400-\u9fff]+")
PLACES = ("postcode", "country", "channel")
NO_EMAIL = "is not an e-mail address. Write it like ana@example.com or leave it blank, and import the file again."
NO_BIRTHDAY = "is not a calendar date. Write it like 1980-02-28 or leave it blank, and import the file again."
NO_YEAR = "Birthday without year"


@dataclass(frozen=True)
class StagedPeople:
    """What one file says.

    people: [source_id, name, email, phone, postcode, country, birthday, channel], by source_id; of several rows the
    first filled cell counts. person_of_row: per accepted row its person's position; row_numbers: those of the file.
    kept: the columns that are kept, [owner: position, name, value].
    """

    rows: int
    people: pd.DataFrame
    person_of_row: Codes
    row_numbers: Codes
    kept: pd.DataFrame
    rejected: list[RejectedRow]
    notes: tuple[str, ...]
    dates_read_as: DateOrder | str = ""
    dates_fit: tuple[DateOrder, ...] = ()
    day_examples: tuple[DayExample, ...] = ()

    @property
    def dates_are_ambiguous(self) -> bool:
        """Whether the birthdays can be read in several ways."""
        return len(self.dates_fit) > 1


def stage_people(source: Source, reading: Reading, choices: ImportChoices) -> StagedPeople:
    """Type and check the rows of a customers file, and join those of one number, e-mail, telephone or name.

    Somebody without a number is known by their e-mail, else their telephone, else their name, so that the same file
    twice adds nobody.
    """
    rows = _Rows(source, reading)
    cells = rows.cells()
    keep = columns_to_keep(source.table, source.mapping, choices)
    kept_rows = np.flatnonzero(~rows.rejections.mask)
    table = pd.DataFrame({name: words[kept_rows] for name, words in cells.items()}, dtype=object)
    people = table.groupby("source_id", sort=True).first().reset_index().astype(object)
    people = people.where(people.notna(), None)
    person = (
        people.set_index("source_id").index.get_indexer(table["source_id"]) if len(table) else np.zeros(0, np.int64)
    )
    numbers = rows.table.row_numbers[kept_rows]
    owners = np.full(len(source.table), -1, np.int64)
    owners[np.searchsorted(source.table.row_numbers, numbers)] = person
    kept = keep_values(source.table, keep, owners)
    if rows.partial.any():
        kept = pd.concat([kept, _without_year(rows, kept_rows, person)], ignore_index=True)
    return StagedPeople(
        rows=len(rows.table) + len(rows.table.broken),
        people=people,
        person_of_row=np.asarray(person, np.int64),
        row_numbers=numbers,
        kept=kept.drop_duplicates(["owner", "name"]),
        rejected=_own_cells(rows.rejections.rows(), source.table),
        notes=(*rows.table.notes, *rows.notes),
        dates_read_as=rows.days.read_as if rows.days else "",
        dates_fit=rows.days.fits if rows.days else (),
        day_examples=rows.days.examples if rows.days else (),
    )


class _Rows:
    """A file's rows, cell by cell."""

    def __init__(self, source: Source, reading: Reading) -> None:
        self.table: TextTable = source.rows.table if source.rows else source.table
        self.names = dict(source.mapping.columns)
        self.rejections = Rejections(self.table)
        self.size = len(self.table)
        self.reading, self.preset = reading, source.preset
        self.partial = np.zeros(self.size, bool)
        self.days: DayReading | None = None
        self.notes: tuple[str, ...] = ()

    def cells(self) -> dict[str, Words]:
        """Every field of every row, None where it is blank; what can't be read is among the rejections."""
        email = self._email()
        phone = _each(self._field("phone"), lambda word: word.split(SEVERAL)[0].strip())
        number, name = _each(self._field("customer_id"), str), self._name()
        birthday = self._birthday()
        key = [
            own or mail or as_number(dialled) or called
            for own, mail, dialled, called in zip(number, email, phone, name, strict=True)
        ]
        found = {"source_id": _words(key), "name": name, "email": email, "phone": phone, "birthday": birthday}
        self._reject_nobody(found["source_id"])
        for field in PLACES:
            found[field] = _each(self._field(field), lambda word: word.split(SEVERAL)[0].strip())
        return {field: _words([_cut(word, LONGEST.get(field)) for word in words]) for field, words in found.items()}

    def _field(self, field: str) -> TextColumn:
        if field not in self.names:
            return TextColumn(np.full(self.size, -1), np.empty(0, object))
        return first_filled([self.table.columns[self.names[field]]])

    def _email(self) -> Words:
        column = self._field("email")
        first = [
            re.split(r"\s*(?::::|[;,])\s*", str(word).removeprefix("mailto:"))[0].strip().lower()
            for word in column.words
        ]
        wrong = np.array([*(bool(word) and not EMAIL.fullmatch(word) for word in first), False], bool)
        if wrong.any():
            self.rejections.add_cell(wrong[column.codes], self.names["email"], NO_EMAIL)
        return _words([*first, None])[column.codes]

    def _name(self) -> Words:
        first, last = _each(self._field("first_name"), str), _each(self._field("last_name"), str)
        whole = _each(self._field("name"), lambda word: " ".join(word.split()))
        return _words([_joined(one, two) or full for one, two, full in zip(first, last, whole, strict=True)])

    def _birthday(self) -> Words:
        column = self._field("birthday")
        if not len(column.words):
            return _words([None] * self.size)
        dates = self.reading.dates or (self.preset.dates if self.preset else None)
        read = read_birthdays(column, order=dates)
        unread = np.array([*read.unread, False], bool)[column.codes]
        if unread.any():
            self.rejections.add_cell(unread, self.names["birthday"], NO_BIRTHDAY)
        self.partial = np.array([*(part is not None for part in read.without_year), False], bool)[column.codes]
        self.without_year = _words([*read.without_year, None])[column.codes]
        self.days = read.reading
        if self.partial.any():
            birthdays = plural(int(self.partial.sum()), "birthday")
            self.notes = (f"{birthdays} without a year: kept as \u201c{NO_YEAR}\u201d, because an age can't be told.",)
        return _words([*read.days, None])[column.codes]

    def _reject_nobody(self, keys: Words) -> None:
        nobody = np.array([*(key is None for key in keys), False], bool)[:-1]
        reason = " names nobody: it has no number, e-mail, telephone or name. Fill in one and import the file again."
        self.rejections.add(nobody, lambda _position: reason)
        long = np.array([*(key is not None and len(key) > LONGEST_ID for key in keys), False], bool)[:-1]
        problem = f" has a number or name longer than {LONGEST_ID} characters. Shorten it and import the file again."
        self.rejections.add(long, lambda _position: problem)


def _without_year(rows: _Rows, kept_rows: Codes, person: Codes) -> pd.DataFrame:
    partial = rows.partial[kept_rows]
    days = rows.without_year[kept_rows][partial]
    return pd.DataFrame({"owner": np.asarray(person)[partial], "name": NO_YEAR, "value": days}, dtype=object).astype(
        {"owner": np.int64}
    )


def _own_cells(rejected: list[RejectedRow], table: TextTable) -> list[RejectedRow]:
    """Rejected rows with the file's own cells."""
    found = []
    for row in rejected:
        at = int(np.searchsorted(table.row_numbers, row.row_number))
        own = at < len(table) and table.row_numbers[at] == row.row_number
        found.append(RejectedRow(row.row_number, row.reason, table.cells(at)) if own else row)
    return found


def _each(column: TextColumn, change: "type[str] | object") -> Words:
    """Per row the word, changed; None where nothing is left."""
    words = [change(str(word)) or None for word in column.words]  # type: ignore[operator]
    return _words([*words, None])[column.codes]


def _words(cells: list[object]) -> Words:
    return np.array([*cells, None], object)[:-1]


def _joined(first: str | None, last: str | None) -> str | None:
    """A whole name; a Chinese one has the family name first and no blank.

    >>> _joined("Ana", "Ruiz"), _joined("伟", "王"), _joined(None, "Ruiz"), _joined(None, None)
    ('Ana Ruiz', '王伟', 'Ruiz', None)
    """
    if first and last and HAN.fullmatch(first) and HAN.fullmatch(last):
        return last + first
    return " ".join(" ".join(part.split()) for part in (first, last) if part) or None


def _cut(word: object, longest: int | None) -> object:
    return word[:longest] if isinstance(word, str) and longest else word
