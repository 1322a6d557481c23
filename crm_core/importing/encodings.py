"""Bytes of text as UTF-8: by their mark, strictly as UTF-8, by the pattern of UTF-16, then by evidence."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from crm_core.errors import ImportFileError

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

__all__ = ["Utf8Text", "as_utf8"]

UTF8_MARK = b"\xef\xbb\xbf"
MARKS = {  # the longer one first: UTF-32's little-endian mark begins like UTF-16's
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
NAMES = {
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "gb18030": "GB18030 (Chinese)",
    "cp1252": "Windows-1252 (Western European)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "shift_jis": "Shift JIS (Japanese)",
    "cp932": "Shift JIS (Japanese)",
    "big5": "Big5 (Chinese)",
    "euc_kr": "EUC-KR (Korean)",
}
USUAL = ["gb18030", "cp1252"]
OTHERS = ["cp1250", "cp1251", "shift_jis", "cp932", "big5", "euc_kr"]
SURE = 0.02  # share of implausible neighbours up to which a usual encoding needs no rival
SAMPLE = 1 << 16
LOOKED_AT = 1 << 20
LETTERS_BEYOND_ASCII = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
WHOLE_CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
ACCENTED = re.compile(  # in Windows-1252: letters within words, or signs that no letter follows, or quotes
    rb"(?<=[A-Za-z])[\xc0-\xff\x8a\x8c\x8e\x9a\x9c\x9e\x9f]{1,2}(?![\x80-\xff])"
    rb"|(?<![\x80-\xff])[\xc0-\xff\x8a\x8c\x8e\x9a\x9c\x9e\x9f]{1,2}(?=[A-Za-z])"
    rb"|(?<![\x80-\xff])[\x80\x85\x96\x97\x99\xa0\xa2\xa3\xa7\xa9\xaa\xab\xae\xb0\xb2-\xb4\xb7\xba-\xbe](?![A-Za-z\x80-\xff])"
    rb"|(?<![\x80-\xff])[\x91-\x94\xa1\xab\xbb\xbf](?![\x80-\xff])"
)
MOSTLY = 0.8
CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x0b\x1a\x1b"))
FEW_CONTROL, MOST_CONTROL = 8, 0.05
WAY_OUT = "Save it as CSV (UTF-8) and import that."


@dataclass(frozen=True)
class Utf8Text:
    """UTF-8 without a mark, and a note on what it was where it was not UTF-8."""

    data: bytes
    notes: tuple[str, ...] = ()


def as_utf8(data: bytes, file_name: str) -> Utf8Text:
    """The same text as UTF-8.

    >>> as_utf8("id;name\\n1;Zoé\\n".encode("cp1252"), "people.csv").notes
    ('Read as Windows-1252 (Western European); if letters look wrong, save the file as CSV (UTF-8).',)
    """
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return _decoded(data, encoding, file_name)
    if encoding := _utf16_without_mark(data):
        return _decoded(data, encoding, file_name)
    data = data.removeprefix(UTF8_MARK)
    _refuse_nothing_but_bytes(data, file_name)
    try:
        pa.array([data], pa.large_binary()).cast(pa.large_string())  # checks UTF-8 without a copy as Python text
    except pa.ArrowInvalid:
        _refuse_mostly_utf8(data, file_name)
        return _decoded(data, _likely_encoding(data, file_name), file_name)
    return Utf8Text(data)


def _decoded(data: bytes, encoding: str, file_name: str) -> Utf8Text:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ImportFileError(
            f"{file_name}, row {_row_at(data, error.start)} can't be read as {NAMES[encoding]} text. {WAY_OUT}"
        ) from error
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise ImportFileError(f"{file_name} is empty. Export it again, or choose another file.")
    doubt = "" if encoding.startswith("utf") else "; if letters look wrong, save the file as CSV (UTF-8)"
    plain = text.encode("utf-8")
    _refuse_nothing_but_bytes(plain, file_name)
    return Utf8Text(plain, (f"Read as {NAMES[encoding]}{doubt}.",))


def _utf16_without_mark(data: bytes) -> str:
    """Separators, digits and line ends have a NUL as their other half: nearly all NULs then stand on one side."""
    seen = data[:LOOKED_AT]
    even, odd = seen[0::2].count(0), seen[1::2].count(0)
    if len(seen) < 4 or even + odd < len(seen) // 20 + 1:
        return ""
    if odd > 20 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 20 * odd else ""


def _refuse_nothing_but_bytes(data: bytes, file_name: str) -> None:
    seen = data[:LOOKED_AT]
    if len(seen) - len(seen.translate(None, CONTROL)) > max(FEW_CONTROL, MOST_CONTROL * len(seen)):
        raise ImportFileError(f"{file_name} is not text. {WAY_OUT}")
    if b"\0" in data:
        raise _holds_nul(file_name, data)


def _holds_nul(file_name: str, data: bytes) -> ImportFileError:
    row = _row_at(data, data.index(b"\0"))
    return ImportFileError(
        f"{file_name}, row {row} holds a NUL byte, which no text has. Remove it or export the file again."
    )


def _refuse_mostly_utf8(data: bytes, file_name: str) -> None:
    """UTF-8 with some bytes that are not: another reading would spoil all the other letters."""
    seen = b"\n".join(_lines_beyond_ascii(data))
    whole = len(WHOLE_CHARACTER.findall(seen))
    stray = len(WHOLE_CHARACTER.sub(b"", seen).translate(None, bytes(range(128))))
    if whole <= stray:
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ImportFileError(
            f"{file_name}, row {_row_at(data, error.start)}: byte 0x{data[error.start]:02x} is not UTF-8 text, as the "
            f"rest of the file is. Correct that row and import the file again."
        ) from error


def _likely_encoding(data: bytes, file_name: str) -> str:
    """The encoding in which the lines with other than ASCII letters make most sense."""
    sample = b"\n".join(_lines_beyond_ascii(data))
    if len(ACCENTED.findall(sample)) > MOSTLY * len(HIGH_BYTES.findall(sample)):
        return "cp1252"
    best = _best(sample, USUAL)
    if best is None or best.chaos > SURE:
        every = _best(sample, OTHERS + USUAL)
        if every is not None and (best is None or every.chaos < best.chaos):
            best = every
    if best is None:
        raise ImportFileError(f"{file_name} is text in an encoding that can't be told. {WAY_OUT}")
    return best.encoding


def _best(sample: bytes, encodings: list[str]) -> "CharsetMatch | None":
    """The most plausible reading; of equal ones the one in the language it fits, then the first of those named."""
    from charset_normalizer import from_bytes  # here, as only files that are not UTF-8 need it

    found = from_bytes(sample, cp_isolation=encodings, preemptive_behaviour=False, enable_fallback=False)
    ranked = [(match.chaos, -match.coherence, encodings.index(match.encoding), match) for match in found]
    return min(ranked, key=lambda entry: entry[:3])[3] if ranked else None


def _lines_beyond_ascii(data: bytes) -> list[bytes]:
    """Distinct lines that hold more than ASCII, up to a limit."""
    found: dict[bytes, None] = {}
    size = 0
    for line in LETTERS_BEYOND_ASCII.finditer(data):
        if line[0] not in found:
            found[line[0]] = None
            size += len(line[0])
        if size > SAMPLE:
            break
    return list(found)


def _row_at(data: bytes, position: int) -> int:
    """The row, from 1, in which a byte stands."""
    return max(data.count(b"\n", 0, position), data.count(b"\r", 0, position)) + 1
