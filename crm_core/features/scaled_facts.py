"""Facts on one scale: what clustering and neighbours compare customers by.

Money and counts are long-tailed, so they are taken as logarithms first; then each fact has mean 0 and spread 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.errors import CrmError
from crm_core.features.fact_words import name_fact
from crm_core.wording import plural

__all__ = ["ScaledFacts", "scale_facts"]

SKEWED_FROM = 1.0
MOSTLY_UNKNOWN = 0.5


@dataclass(frozen=True)
class ScaledFacts:
    """Scaled values (index customer_id, one column per fact used) and what the owner should know about them."""

    values: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The facts that took part."""
        return tuple(map(str, self.values.columns))


def scale_facts(table: pd.DataFrame, *, columns: Sequence[str]) -> ScaledFacts:
    """The chosen facts, logarithm taken where they are long-tailed, with mean 0 and standard deviation 1.

    In: one row per customer with numeric columns. Out: the facts that differ between customers; one that is equal for
    all, or unknown for most, is left out and noted; a few unknown ones count as the middle, which is noted too.

    >>> table = pd.DataFrame({"orders": [1, 2, 3], "tenure_days": [9, 9, 9]})
    >>> scaled = scale_facts(table, columns=["orders", "tenure_days"])
    >>> scaled.values["orders"].round(3).tolist(), scaled.notes
    ([-1.225, 0.0, 1.225], ('Time as a customer is the same for everyone, so it tells nobody apart.',))
    """
    check_choice(table, columns)
    scaled: dict[str, NDArray[np.float64]] = {}
    notes: list[str] = []
    for column in dict.fromkeys(columns):
        values, note = fill_unknown(table[column].to_numpy(dtype=np.float64, na_value=np.nan), column)
        if note:
            notes.append(note)
        if values is None:
            continue
        values = flatten_tail(values)
        spread = float(values.std())
        if spread < 1e-12 * max(1.0, float(np.abs(values).max(initial=0.0))):
            notes.append(f"{name_fact(column)} is the same for everyone, so it tells nobody apart.")
            continue
        scaled[column] = (values - values.mean()) / spread
    return ScaledFacts(pd.DataFrame(scaled, index=table.index), tuple(notes))


def fill_unknown(values: NDArray[np.float64], column: str) -> tuple[NDArray[np.float64] | None, str]:
    """Values with the median for a few unknown ones, or none at all where most are unknown; and the note on it."""
    unknown = int((~np.isfinite(values)).sum())
    if unknown == 0:
        return values, ""
    people = plural(unknown, "customer")
    if unknown > MOSTLY_UNKNOWN * len(values):
        return None, f"{name_fact(column)} is unknown for {people}, more than half, so it was left out."
    middle = float(np.median(values[np.isfinite(values)]))
    return np.where(
        np.isfinite(values), values, middle
    ), f"{name_fact(column)} is unknown for {people}; they count as the middle."


def flatten_tail(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithms of long-tailed facts that are never negative; others as they are.

    >>> flatten_tail(np.array([0.0, 0.0, 0.0, 0.0, 99.0])).round(2).tolist()
    [0.0, 0.0, 0.0, 0.0, 4.61]
    >>> flatten_tail(np.array([1.0, 2.0])).tolist()
    [1.0, 2.0]
    """
    centred = values - values.mean() if len(values) else values
    spread = float(values.std()) if len(values) else 0.0
    if spread == 0 or values.min() < 0 or float((centred**3).mean()) / spread**3 < SKEWED_FROM:
        return values
    return np.log1p(values)


def check_choice(table: pd.DataFrame, columns: Sequence[str]) -> None:
    """Nothing, or a sentence on facts that are missing or no numbers: identifiers and labels are never scaled."""
    if not columns:
        raise CrmError("Choose at least one fact to compare customers by.")
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise CrmError(f"There is no fact {', '.join(missing)}; found {', '.join(map(str, table.columns))}.")
    words = [column for column in columns if not pd.api.types.is_numeric_dtype(table[column])]
    identifiers = [column for column in columns if column == "id" or column.endswith("_id")]
    if words or identifiers:
        raise CrmError(f"{', '.join(words + identifiers)} can't be compared as a number; choose facts such as orders.")
