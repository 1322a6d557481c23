"""GZIP and ZIP files: the one file inside, unpacked only as far as the limits allow."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from crm_core.errors import ImportFileError
from crm_core.importing.file_kinds import GZIP_MARK, ZIP_MARKS
from crm_core.wording import count

__all__ = ["MOST_BYTES", "Unpacked", "is_zip", "unpack", "unpacked_chunks", "zip_parts"]

MOST_BYTES = 1_000_000_000
MOST_PARTS = 5_000
MOST_RATIO = 200  # text that repeats itself packs to a hundredth at best; bombs to a thousandth
SMALL = 50_000_000  # below it a file may be packed as tightly as it likes
CHUNK = 1 << 20
LOCAL_HEAD = struct.Struct("<4s22xHH")
NOT_FILES = ("__MACOSX/",)
NAMES_SHOWN = 5
ENCRYPTED = 0x1


@dataclass(frozen=True)
class Unpacked:
    """The bytes to read, and what the owner should know about where they come from."""

    data: bytes
    notes: tuple[str, ...] = ()


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin like a ZIP file, which an XLSX is as well."""
    return data.startswith(ZIP_MARKS)


def unpack(raw: bytes, file_name: str) -> Unpacked:
    """The bytes themselves, or those of the one file that a GZIP or ZIP file holds.

    >>> unpack(gzip.compress(b"id\\n1\\n"), "orders.csv.gz").data
    b'id\\n1\\n'
    """
    if raw.startswith(GZIP_MARK):
        return Unpacked(_not_packed_again(_from_gzip(raw, file_name), file_name))
    if not is_zip(raw):
        return Unpacked(raw)
    parts = zip_parts(raw, file_name)
    names = {part.filename for part in parts}
    _refuse_other_documents(raw, names, parts, file_name)
    if "[Content_Types].xml" in names:
        return Unpacked(raw)  # an Office file, which has limits of its own
    files = [part for part in parts if _is_file(part.filename)]
    if len(files) != 1:
        raise ImportFileError(f"{file_name} {_several_words([part.filename for part in files])}")
    data = b"".join(unpacked_chunks(raw, files[0], file_name, most=MOST_BYTES))
    note = f"Read '{files[0].filename}' from the ZIP file."
    return Unpacked(_not_packed_again(data, file_name), (note,))


def zip_parts(data: bytes, file_name: str) -> list[zipfile.ZipInfo]:
    """The files that a ZIP file says it holds, folders aside, once its sizes are within the limits."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = [part for part in packed.infolist() if not part.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, struct.error, EOFError, KeyError) as error:
        raise ImportFileError(f"{file_name} is a damaged ZIP or XLSX file. Export or download it again.") from error
    if len(parts) > MOST_PARTS:
        raise ImportFileError(f"{file_name} holds {count(len(parts))} files. Import a ZIP file that holds one.")
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise ImportFileError(f"{file_name} is protected by a password. Unpack it and import the file inside.")
    size = sum(part.file_size for part in parts)
    if size > MOST_BYTES:
        raise _too_large(file_name)
    if _is_bomb(size, len(data)):
        raise _too_tight(file_name)
    return parts


def unpacked_chunks(data: bytes, part: zipfile.ZipInfo, file_name: str, *, most: int) -> Iterator[bytes]:
    """A part's bytes piece by piece; its real size is measured, not believed. ImportFileError past ``most``."""
    body = _packed_body(data, part, file_name)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if part.compress_type == zipfile.ZIP_DEFLATED else None
    size, checksum = 0, 0
    try:
        for piece in _pieces(body, inflate):
            size += len(piece)
            checksum = zlib.crc32(piece, checksum)
            if size > most:
                raise _too_large(file_name)
            if _is_bomb(size, len(body)):
                raise _too_tight(file_name)
            yield piece
    except zlib.error as error:
        raise _damaged(file_name, part) from error
    if size != part.file_size or checksum != part.CRC:
        raise _damaged(file_name, part)


def _packed_body(data: bytes, part: zipfile.ZipInfo, file_name: str) -> memoryview:
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ImportFileError(f"{file_name} is packed in an unusual way. Unpack it and import what it holds.")
    head = data[part.header_offset : part.header_offset + LOCAL_HEAD.size]
    if len(head) < LOCAL_HEAD.size or not head.startswith(ZIP_MARKS[0]):
        raise _damaged(file_name, part)
    _, name_length, extra_length = LOCAL_HEAD.unpack(head)
    start = part.header_offset + LOCAL_HEAD.size + name_length + extra_length
    return memoryview(data)[start : start + part.compress_size]


def _pieces(body: memoryview, inflate: "zlib._Decompress | None") -> Iterator[bytes]:
    for start in range(0, len(body), CHUNK):
        piece = bytes(body[start : start + CHUNK])
        if inflate is None:
            yield piece
            continue
        while piece:
            found = inflate.decompress(piece, CHUNK)
            piece = inflate.unconsumed_tail
            if found:
                yield found
            elif not piece:
                break
    if inflate is not None:
        while not inflate.eof and (found := inflate.decompress(inflate.unconsumed_tail, CHUNK)):
            yield found


def _from_gzip(raw: bytes, file_name: str) -> bytes:
    pieces, size = [], 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
            while piece := packed.read(CHUNK):
                pieces.append(piece)
                size += len(piece)
                if size > MOST_BYTES:
                    raise _too_large(file_name)
                if _is_bomb(size, len(raw)):
                    raise _too_tight(file_name)
    except (OSError, EOFError, zlib.error) as error:
        raise ImportFileError(f"{file_name} is a damaged gzip file ({error}). Export or download it again.") from error
    return b"".join(pieces)


def _not_packed_again(data: bytes, file_name: str) -> bytes:
    """What was inside, unless it is an archive once more; a workbook is let through."""
    again = data.startswith(GZIP_MARK)
    if is_zip(data):
        again = "[Content_Types].xml" not in {part.filename for part in zip_parts(data, file_name)}
    if again:
        raise ImportFileError(f"{file_name} holds a packed file inside a packed file. Unpack it and import the table.")
    if not data.strip():
        raise ImportFileError(f"{file_name} is empty. Export it again, or choose another file.")
    return data


def _refuse_other_documents(raw: bytes, names: set[str], parts: list[zipfile.ZipInfo], file_name: str) -> None:
    """ZIP files that are documents of a kind that is not read."""
    kind = ""
    if "mimetype" in names:
        part = next(part for part in parts if part.filename == "mimetype")
        sort = b"".join(unpacked_chunks(raw, part, file_name, most=SMALL))
        is_table = b"opendocument.spreadsheet" in sort
        kind = "an OpenDocument spreadsheet (.ods)" if is_table else "an OpenDocument file or e-book"
    elif "xl/workbook.bin" in names:
        kind = "a binary Excel workbook (.xlsb)"
    elif "[Content_Types].xml" in names and not any(name.startswith("xl/") for name in names):
        kind = "an Office document, but no spreadsheet"
    elif any(name.endswith(".iwa") for name in names):
        kind = "an Apple Numbers or Pages document"
    if kind:
        raise ImportFileError(f"{file_name} is {kind}. Save its table as XLSX or CSV and import that.")


def _is_file(name: str) -> bool:
    return not name.startswith(NOT_FILES) and not name.rsplit("/", 1)[-1].startswith(".")


def _several_words(names: list[str]) -> str:
    if not names:
        return "is a ZIP file with nothing inside. Export it again, or choose another file."
    more = f" and {count(len(names) - NAMES_SHOWN)} more" if len(names) > NAMES_SHOWN else ""
    return f"holds several files: {', '.join(names[:NAMES_SHOWN])}{more}. Unpack it and import them one by one."


def _is_bomb(size: int, packed: int) -> bool:
    return size > SMALL and size > MOST_RATIO * packed


def _too_large(file_name: str) -> ImportFileError:
    return ImportFileError(f"{file_name} unpacks to more than {MOST_BYTES // 10**9} GB. Split it into several files.")


def _too_tight(file_name: str) -> ImportFileError:
    return ImportFileError(
        f"{file_name} unpacks to more than {MOST_RATIO} times its size, which no table of orders does. "
        "Export it again, unpacked."
    )


def _damaged(file_name: str, part: zipfile.ZipInfo) -> ImportFileError:
    return ImportFileError(f"{file_name} is damaged inside ('{part.filename}'). Export or download it again.")
