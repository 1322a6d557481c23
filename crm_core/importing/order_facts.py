"""What a file states of whole orders: their totals, and what was given back so far."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

from crm_core.importing.money_columns import MOST_MINOR
from crm_core.importing.order_rows import OrderRows
from crm_core.importing.preset_rows import StatedFacts
from crm_core.importing.text_table import Codes, Words
from crm_core.vocabulary import OrderStatus
from crm_core.wording import minor_units

__all__ = ["NOTHING_STATED", "refunds_of", "stated_orders"]

NOTHING_STATED = pd.DataFrame(
    {"order": np.empty(0, np.int64)} | {name: pd.array([], "Int64") for name in ("total_minor", "extras_minor")}
).assign(refunded_minor=np.empty(0, np.int64))


def stated_orders(facts: StatedFacts | None, rows: OrderRows, first: Codes, orders: pd.DataFrame) -> pd.DataFrame:
    """Per order, refunds left out, what is stated of it. ``first``: each order's first accepted row.

    Out: [order: position, total_minor, extras_minor: Int64, refunded_minor: 0 where nothing was, or none counts].
    """
    if facts is None:
        return NOTHING_STATED
    sold = np.flatnonzero(~orders["is_refund"].to_numpy())
    currency = orders["currency"].to_numpy(object)[sold]
    at = rows.kept[first[sold]]
    refunded = _minor(facts.refunded[at], currency).fillna(0).clip(lower=0)
    paid = (orders["status"].to_numpy(object)[sold] == OrderStatus.PAID.value).astype(np.int64)
    return pd.DataFrame(
        {
            "order": sold,
            "total_minor": _minor(facts.total[at], currency),
            "extras_minor": _minor(facts.extras[at], currency),
            "refunded_minor": refunded.to_numpy(np.int64) * paid,
        }
    )


def refunds_of(facts: StatedFacts | None, rows: OrderRows, first: Codes) -> Words:
    """Per order the number of the order that it gives money back for, None where it is no such refund."""
    if facts is None:
        return np.full(len(first), None, object)
    words = np.append(facts.refund_of.words, [None]).astype(object)
    found: Words = words[facts.refund_of.codes[rows.kept[first]]]
    return found


def _minor(numbers: Words, currency: Words) -> "pd.Series[int]":
    """Exact minor units; nothing where no number is, or one beyond all measure."""
    cents = [
        None if number is None else int((number * minor_units(code)).quantize(Decimal(1), ROUND_HALF_UP))
        for number, code in zip(numbers, currency, strict=True)
    ]
    return pd.Series([cent if cent is None or abs(cent) < MOST_MINOR else None for cent in cents], dtype="Int64")
