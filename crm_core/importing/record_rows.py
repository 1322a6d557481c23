"""Rows about people (a conversation, a ticket, an answer), as far as all of them are alike: who, and on what day."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm_core.importing.attributes import latest_word, sorted_codes
from crm_core.importing.choices import Reading
from crm_core.importing.columns import ColumnMapping, check_mapping
from crm_core.importing.content_numbers import LONGEST_NUMBER, content_numbers
from crm_core.importing.dates import DateOrder, DayExample, DayReading, read_days
from crm_core.importing.phones import as_number
from crm_core.importing.rejections import Mask, RejectedRow, Rejections
from crm_core.importing.text_table import Codes, TextColumn, TextTable, Words

__all__ = ["PEOPLE_FIELDS", "RecordRows", "StagedRecords", "cut", "per_row"]

PEOPLE_FIELDS = {"customer_id": "source_id", "email": "email", "phone": "phone", "customer_name": "name"}
KNOWN_BY = ("customer_id", "email", "phone", "customer_name")
LONGEST = {"email": 191, "phone": 64, "name": 255}
FIELDS_OF_CUSTOMERS = ("name", "email", "phone", "postcode", "country", "channel")
NO_DAY = "is not a calendar date. Write it like 2025-02-28, or choose how its days are written, and import again."
NOBODY = (
    " names nobody: a customer number, e-mail, phone or name has to stand in it. Fill one in and import the file again."
)
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class StagedRecords:
    """What one file says of people.

    customers: [source_id, name, email, phone, postcode, country, channel], by source_id.
    records: [source_id, has_number: of the file's own, customer: position, the kind's own columns, row: position of
    its row among all that were read, row_number], in the file's order; several of one row where it holds several.
    """

    rows: int
    customers: pd.DataFrame
    records: pd.DataFrame
    rejected: list[RejectedRow]
    dates_read_as: DateOrder
    dates_are_ambiguous: bool
    notes: tuple[str, ...]
    dates_fit: tuple[DateOrder, ...] = ()
    day_examples: tuple[DayExample, ...] = ()
    decimals_read_as: str = ""
    currency_is_stated: bool = True


class RecordRows:
    """A file's rows while they are typed; each step may reject some."""

    def __init__(
        self,
        table: TextTable,
        mapping: ColumnMapping,
        reading: Reading,
        day_field: str,
        other_days: tuple[str, ...] = (),
    ) -> None:
        check_mapping(mapping, file_name=table.file_name)
        self.table, self.reading = table, reading
        self.names = dict(mapping.columns)
        self.columns = {field: table.columns[name] for field, name in self.names.items()}
        if "email" in self.columns:
            self.columns["email"] = self.columns["email"].in_lower_case()
        self.rejections = Rejections(table)
        self._reject_long()
        phone, name = self.column("phone"), self.column("customer_name")
        ways = (
            self.column("customer_id"),
            self.column("email"),
            TextColumn.from_words([as_number(str(word)) or "" for word in phone.words], phone.codes),
            TextColumn.from_words([" ".join(str(word).split()) for word in name.words], name.codes),
        )
        self.person = reduce(TextColumn.or_else, ways)
        self.rejections.add(self.person.codes < 0, lambda _position: NOBODY)
        self.days = self._agreed_days(day_field, other_days)
        self.day = self.day_of(day_field, self.days)
        self.rejections.add_cell(np.isnat(self.day), self.names[day_field], NO_DAY)

    def column(self, field: str) -> TextColumn:
        """A field's column; a blank one where the file has none."""
        blank = TextColumn(np.full(len(self.table), -1), np.empty(0, object))
        return self.columns.get(field, blank)

    def read_days(self, field: str, *, like: DayReading | None = None) -> DayReading:
        """A column's days; where it can be read in several ways and ``like`` in one of them, in that."""
        column, zone = self.columns[field], self.reading.zone
        found = read_days(column, order=self.reading.dates, zone=zone)
        if like is not None and found.ambiguous and like.read_as in found.fits:
            return read_days(column, order=like.read_as, zone=zone)
        return found

    def day_of(self, field: str, days: DayReading) -> npt.NDArray[np.datetime64]:
        """Each row's day in a column, NaT where the cell is blank or no day."""
        return np.append(days.days, np.datetime64("NaT", "D"))[self.columns[field].codes]

    def reject_unreadable(self, field: str, known: Mask, problem: str) -> None:
        """Reject the rows whose cell says something that is not ``known`` (per row)."""
        self.rejections.add_cell((self.column(field).codes >= 0) & ~known, self.names[field], problem)

    def words(self, field: str, longest: int) -> Words:
        """Each row's text in a column, cut to its length; None where blank."""
        column = self.column(field)
        return np.append(cut(column.words, longest), np.array([None], object))[column.codes]

    @property
    def kept(self) -> Codes:
        """The positions of the rows that are good."""
        return np.flatnonzero(~self.rejections.mask)

    def numbers(self, kept: Codes, field: str, content: Callable[[int], tuple[object, ...]]) -> tuple[list[str], Mask]:
        """Each kept row's own number, else one made of its content; and which have one of their own."""
        own = self.column(field)
        has_own = own.codes[kept] >= 0
        made = iter(content_numbers(content(int(at)) for at in kept[~has_own]))
        return [own.word(int(at)) if mine else next(made) for at, mine in zip(kept, has_own, strict=True)], has_own

    def staged(self, records: pd.DataFrame, kept: Codes, notes: tuple[str, ...], decimals: str = "") -> StagedRecords:
        """The result. In: records with [row: position in the table], and what is the kind's own."""
        of_row, customers = self._people(kept)
        places = records["row"].to_numpy(np.int64)
        return StagedRecords(
            rows=len(self.table) + len(self.table.broken),
            customers=customers,
            records=records.assign(customer=of_row[places], row_number=self.table.row_numbers[places]),
            rejected=self.rejections.rows(),
            dates_read_as=self.days.read_as,
            dates_are_ambiguous=self.days.ambiguous,
            notes=(*self.table.notes, *notes),
            dates_fit=self.days.fits,
            day_examples=self.days.examples,
            decimals_read_as=decimals,
        )

    def _people(self, kept: Codes) -> tuple[Codes, pd.DataFrame]:
        """Per row of the file its person's position (-1: not kept), and the people by their source_id."""
        codes, words = sorted_codes(self.person.rows(kept))
        day = self.day[kept].astype(np.int64)
        table: dict[str, Words] = {"source_id": words}
        for field, name in PEOPLE_FIELDS.items():
            if name != "source_id":
                said = latest_word(codes, len(words), self.column(field).rows(kept), day)
                table[name] = cut(said, LONGEST[name])
        nothing = np.full(len(words), None, object)
        table |= {name: nothing for name in FIELDS_OF_CUSTOMERS if name not in table}
        people = pd.DataFrame(table, dtype=object)
        of_row = np.full(len(self.table), -1, np.int64)
        of_row[kept] = codes
        return of_row, people

    def _agreed_days(self, field: str, others: tuple[str, ...]) -> DayReading:
        """A column's days; where they fit several readings, in the one that another column of days decides on."""
        mine = self.read_days(field)
        for other in others:
            if mine.ambiguous and other in self.columns:
                theirs = self.read_days(other)
                if not theirs.ambiguous and theirs.read_as in mine.fits and (~np.isnat(theirs.days)).any():
                    return read_days(self.columns[field], order=theirs.read_as, zone=self.reading.zone)
        return mine

    def _reject_long(self) -> None:
        for field, column in self.columns.items():
            if field in KNOWN_BY or field.endswith("_id"):
                long = np.array([len(word) > LONGEST_NUMBER for word in column.words] + [False], bool)
                problem = f"is longer than {LONGEST_NUMBER} characters. Shorten it and import the file again."
                self.rejections.add_cell(long[column.codes], self.names[field], problem)


def per_row(values: list[float | None], column: TextColumn) -> Floats:
    """Each row's number by its word, NaN where there is none."""
    numbers = [np.nan if value is None else value for value in values] + [np.nan]
    found: Floats = np.array(numbers, float)[column.codes]
    return found


def cut(words: Words, longest: int) -> Words:
    """Words no longer than their column."""
    return np.array([None if word is None else str(word)[:longest] for word in words] + [None], object)[:-1]
