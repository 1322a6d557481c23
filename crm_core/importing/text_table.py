"""A file as text: every column kept as its distinct words and, per row, which word stands there.

Parsing then looks at each distinct word once, however many rows repeat it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["BrokenRow", "Codes", "TextColumn", "TextTable", "Words"]

Codes = npt.NDArray[np.int64]
Words = npt.NDArray[np.object_]
BLANK = -1


@dataclass(frozen=True)
class TextColumn:
    """Distinct words without surrounding blanks, and the word's position per row (-1: the cell is blank)."""

    codes: Codes
    words: Words

    @classmethod
    def from_arrow(cls, cells: pa.DictionaryArray) -> "TextColumn":
        """Trim the words and join those that became equal."""
        distinct = pc.utf8_trim_whitespace(cells.dictionary).dictionary_encode()
        words = distinct.dictionary.to_numpy(zero_copy_only=False)
        position = distinct.indices.to_numpy().astype(np.int64)
        position[np.isin(position, np.flatnonzero(words == ""))] = BLANK
        return cls(position[cells.indices.to_numpy()] if len(position) else np.zeros(0, np.int64), words)

    @classmethod
    def from_words(cls, words: Words | list[str], codes: Codes) -> "TextColumn":
        """A column whose words may repeat, be blank or be unused.

        >>> TextColumn.from_words(["a", "", "a", "z"], np.array([0, 1, 2, -1])).codes.tolist()
        [0, -1, 0, -1]
        """
        used = np.zeros(len(words), bool)
        used[codes[codes >= 0]] = True
        names = pa.array([word if keep else "" for word, keep in zip(words, used, strict=True)], pa.string())
        distinct = names.dictionary_encode()
        found = distinct.dictionary.to_numpy(zero_copy_only=False)
        new = np.cumsum(found != "") - 1
        new[found == ""] = BLANK
        position = np.append(new[distinct.indices.to_numpy()] if len(found) else np.zeros(0, np.int64), BLANK)
        return cls(position[codes], found[found != ""])

    @classmethod
    def of(cls, cells: list[str]) -> "TextColumn":
        """A column from its cells.

        >>> TextColumn.of(["b", " a ", "", "a"]).codes.tolist()
        [0, 1, -1, 1]
        """
        return cls.from_arrow(pa.array(cells, pa.string()).dictionary_encode())

    def __len__(self) -> int:
        return len(self.codes)

    def word(self, position: int) -> str:
        """The text at a row's position, "" when blank."""
        code = self.codes[position]
        return "" if code < 0 else str(self.words[code])

    def rows(self, positions: Codes) -> "TextColumn":
        """The same column for some rows only."""
        return TextColumn(self.codes[positions], self.words)

    def in_upper_case(self) -> "TextColumn":
        """The same with words that differ by case alone joined, for currency codes."""
        return self.from_words([str(word).upper() for word in self.words], self.codes)

    def in_lower_case(self) -> "TextColumn":
        """The same with words that differ by case alone joined, for e-mail addresses.

        >>> TextColumn.of(["A@x.org", "a@x.org"]).in_lower_case().codes.tolist()
        [0, 0]
        """
        return self.from_words([str(word).lower() for word in self.words], self.codes)

    def or_else(self, other: "TextColumn") -> "TextColumn":
        """This column's word where there is one, else the other's.

        >>> both = TextColumn.of(["7", ""]).or_else(TextColumn.of(["x", "7"]))
        >>> both.codes.tolist(), both.words.tolist()
        ([0, 0], ['7'])
        """
        shifted = np.where(other.codes >= 0, other.codes + len(self.words), BLANK)
        return self.from_words(
            np.concatenate([self.words, other.words]), np.where(self.codes >= 0, self.codes, shifted)
        )


@dataclass(frozen=True)
class BrokenRow:
    """A row that is no order: it has more or fewer cells than the header, or is a total line."""

    row_number: int
    reason: str
    cells: dict[str, str]


@dataclass(frozen=True)
class TextTable:
    """A file's rows as text. ``row_numbers`` are those a spreadsheet shows: the file's first line is row 1.

    ``notes`` say what was decided in reading it: encoding, sheet, where the column names stand. ``from_workbook``: its
    cells are a workbook's, where a text needs no mark to stay one.
    """

    file_name: str
    sha256: str
    columns: dict[str, TextColumn]
    row_numbers: Codes
    broken: tuple[BrokenRow, ...] = ()
    notes: tuple[str, ...] = ()
    from_workbook: bool = False

    def __len__(self) -> int:
        return len(self.row_numbers)

    @property
    def header(self) -> tuple[str, ...]:
        """The column names, in the file's order."""
        return tuple(self.columns)

    def cells(self, position: int) -> dict[str, str]:
        """The cells of one row, for showing it as it was."""
        return {name: column.word(position) for name, column in self.columns.items()}
