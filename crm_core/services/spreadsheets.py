"""Tables as files that a spreadsheet opens safely."""

import pandas as pd

from crm_core.wording import minor_units

__all__ = ["money_in_whole_currency", "table_as_csv"]

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


def money_in_whole_currency(table: pd.DataFrame, *, currency: str) -> pd.DataFrame:
    """The table with every ..._minor column as whole currency under its plain name, and the currency beside it.

    A currency column of the table's own says what each row's money is in; else all of it is in ``currency``.

    >>> sold = pd.DataFrame({"orders": [2], "spend_minor": [667420]})
    >>> money_in_whole_currency(sold, currency="EUR").to_dict("records")
    [{'orders': 2, 'spend': 6674.2, 'currency': 'EUR'}]
    """
    minor = [str(column) for column in table.columns if str(column).endswith("_minor")]
    if not minor:
        return table
    stated = table["currency"] if "currency" in table.columns else pd.Series(currency, index=table.index)
    units = stated.fillna(currency).map(minor_units).astype(float)
    whole = table.assign(**{column: (table[column].astype(float) / units).round(2) for column in minor})
    whole = whole.rename(columns={column: column.removesuffix("_minor") for column in minor})
    return whole if "currency" in table.columns else whole.assign(currency=currency)


def _disarm(cell: object) -> object:
    if not isinstance(cell, str) or not cell.startswith(_FORMULA_STARTS):
        return cell
    try:
        float(cell)
    except ValueError:
        return "'" + cell
    return cell
