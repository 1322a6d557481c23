"""What a file is, told by its first bytes and never by its name; and what to do about the kinds that are not read."""

from crm_core.errors import ImportFileError

__all__ = ["GZIP_MARK", "ZIP_MARKS", "refuse_other_kinds"]

GZIP_MARK = b"\x1f\x8b"
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
OLE_MARK = b"\xd0\xcf\x11\xe0"
WAY_OUT = "Export it as CSV (UTF-8) or save it as XLSX, and import that."
UNPACK = "Unpack it and import the file inside."
KINDS = {
    b"\x89PNG": ("a PNG picture", WAY_OUT),
    b"\xff\xd8\xff": ("a JPEG picture", WAY_OUT),
    b"GIF8": ("a GIF picture", WAY_OUT),
    b"%PDF": ("a PDF", WAY_OUT),
    b"{\\rtf": ("a text document (RTF)", WAY_OUT),
    b"SQLite format 3": ("a database", WAY_OUT),
    b"PAR1": ("a Parquet file", WAY_OUT),
    b"7z\xbc\xaf\x27\x1c": ("a 7-Zip archive", UNPACK),
    b"Rar!\x1a\x07": ("a RAR archive", UNPACK),
    b"\xfd7zXZ\0": ("an XZ archive", UNPACK),
    b"\x28\xb5\x2f\xfd": ("a Zstandard archive", UNPACK),
    b"BZh": ("a bzip2 archive", UNPACK),
}
LOOKED_AT = 4_096


def refuse_other_kinds(data: bytes, file_name: str) -> None:
    """ImportFileError for pictures, archives, web pages, old or protected spreadsheets: what it is and the way out."""
    for mark, (kind, way_out) in KINDS.items():
        if data.startswith(mark):
            raise ImportFileError(f"{file_name} is {kind}, not a table. {way_out}")
    if data.startswith(OLE_MARK):
        raise ImportFileError(f"{file_name} {_old_office_words(data)}")
    beginning = data[:LOOKED_AT].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if beginning.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<div", b"<meta", b"<style")):
        raise ImportFileError(
            f"{file_name} is a web page, whatever its name says. "
            "Open it in Excel or LibreOffice, save it as XLSX or CSV, and import that."
        )
    if beginning.startswith(b"<?xml"):
        raise ImportFileError(f"{file_name} is XML, not a table. Open it in a spreadsheet and save it as XLSX or CSV.")
    if beginning.startswith((b'{"', b'[{"', b"{\n", b"{\r", b"[\n", b"[\r")):
        raise ImportFileError(f"{file_name} is JSON, not a table. {WAY_OUT}")


def _old_office_words(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "is protected by a password. Open it in Excel, remove the password, save it, and import it again."
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return "is an old Excel file (.xls). Open it in Excel or LibreOffice, save it as XLSX or CSV, and import that."
    return "is an old Office document, not a table. Save the table in it as XLSX or CSV and import that."
