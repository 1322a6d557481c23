"""Tables as files that a spreadsheet opens safely."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from crm_core.importing.apostrophes import disarm
from crm_core.wording import minor_units

__all__ = ["exact_money", "money_in_whole_currency", "table_as_csv", "whole_as_exact"]


def table_as_csv(table: pd.DataFrame) -> bytes:
    """The table as CSV in UTF-8 with a byte-order mark, without its index.

    Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay numbers.

    >>> table_as_csv(pd.DataFrame({"name": ["=1+1", "-5", "Ana"], "orders": [1, -2, 3]})).decode("utf-8-sig").split()
    ['name,orders', "'=1+1,1", '-5,-2', 'Ana,3']
    """
    safe = pd.DataFrame({at: _as_written(table.iloc[:, at]) for at in range(table.shape[1])}, index=table.index)
    safe.columns = [disarm(str(name)) for name in table.columns]
    text: str = safe.to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig", "replace")  # half of a character pair is no text that a file can hold


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


def exact_money(table: pd.DataFrame, *, currency: str = "") -> pd.DataFrame:
    """The table with every ..._minor column as exact numbers with the currency's decimals, under its plain name.

    The currency is that of the row, else ``currency``, which then gets a column; what is unknown stays blank.

    >>> sold = pd.DataFrame({"spend_minor": [1250.4, None, 7], "currency": ["EUR", "EUR", "JPY"]})
    >>> exact_money(sold)["spend"].tolist()
    [Decimal('12.50'), None, Decimal('7')]
    """
    minor = [str(column) for column in table.columns if str(column).endswith("_minor")]
    if not minor:
        return table
    whole = table if "currency" in table.columns else table.assign(currency=currency)
    codes = whole["currency"].tolist()
    units = {code: minor_units(code) for code in set(codes) if isinstance(code, str)}
    amounts = {
        name: pd.Series(
            [_amount(value, units.get(code)) for value, code in zip(whole[name], codes, strict=True)],
            whole.index,
            dtype=object,
        )
        for name in minor
    }
    return whole.assign(**amounts).rename(columns={name: name.removesuffix("_minor") for name in minor})


def whole_as_exact(table: pd.DataFrame, *names: str) -> pd.DataFrame:
    """The table with some columns of whole currency as exact numbers with the decimals of each row's currency.

    >>> whole_as_exact(pd.DataFrame({"clv": [12.5, 7.0], "currency": ["EUR", "JPY"]}), "clv")["clv"].tolist()
    [Decimal('12.50'), Decimal('7')]
    """
    units = [minor_units(code) for code in table["currency"]]
    minor = {f"{name}_minor": table[name].astype(float) * units for name in names}
    exact = exact_money(table[["currency"]].assign(**minor))
    return table.assign(**{name: exact[name] for name in names})


def _amount(value: Any, units: int | None) -> Decimal | None:
    if value is None or value != value or units is None:
        return None
    return Decimal(round(value)).scaleb(1 - len(str(units)))


def _as_written(column: pd.Series) -> pd.Series:
    """A column's cells as they stand in a file; times of day where there are any."""
    if pd.api.types.is_datetime64_any_dtype(column):
        days = (column.dropna() == column.dropna().dt.normalize()).all()
        return column.dt.strftime("%Y-%m-%d" if days else "%Y-%m-%d %H:%M:%S")
    if pd.api.types.is_numeric_dtype(column):
        return column
    return column.astype(object).map(_safe, na_action="ignore")


def _safe(cell: object) -> object:
    if isinstance(cell, str):
        return disarm(cell)
    return cell.isoformat(" ", "seconds") if isinstance(cell, datetime) else cell
