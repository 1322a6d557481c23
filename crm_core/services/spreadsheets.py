"""Tables as files that a spreadsheet opens safely."""

import pandas as pd

__all__ = ["table_as_csv"]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def table_as_csv(table: pd.DataFrame) -> bytes:
    """The table as CSV in UTF-8 with a byte-order mark, without its index.

    Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay numbers.

    >>> table_as_csv(pd.DataFrame({"name": ["=1+1", "-5", "Ana"], "orders": [1, -2, 3]})).decode("utf-8-sig").split()
    ['name,orders', "'=1+1,1", '-5,-2', 'Ana,3']
    """
    safe = table.copy(deep=False)
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]) and not pd.api.types.is_datetime64_any_dtype(safe[column]):
            safe[column] = safe[column].map(_disarm, na_action="ignore")
    text: str = safe.to_csv(index=False, lineterminator="\r\n", date_format="%Y-%m-%d")
    return text.encode("utf-8-sig")


def _disarm(cell: object) -> object:
    if not isinstance(cell, str) or not cell.startswith(_FORMULA_STARTS):
        return cell
    try:
        float(cell)
    except ValueError:
        return "'" + cell
    return cell
