"""The header rows of platforms' exports, word for word, and made-up files under them."""

import csv
import io
import random
from pathlib import Path

__all__ = ["HEADERS", "made_up"]

TABLE = Path(__file__).with_suffix(".csv")  # a name, then its columns
HEADERS = {name: tuple(columns) for name, *columns in csv.reader(TABLE.read_text(encoding="utf-8").splitlines())}


def made_up(name: str, rows: list[dict[str, str]], *, seed: int | None = None, more: tuple[str, ...] = ()) -> bytes:
    """A file with a platform's whole header, columns shuffled by a seed; cells that a row leaves out are blank."""
    header = [*HEADERS[name], *more]
    unknown = {column for row in rows for column in row} - set(header)
    assert not unknown, f"{name} has no columns {unknown}"
    if seed is not None:
        random.Random(seed).shuffle(header)
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", delimiter="\t" if name == "AMAZON" else ",")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
