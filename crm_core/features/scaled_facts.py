"""Facts on one scale: what clustering and neighbours compare customers by.

Money and counts are long-tailed, so they are taken as logarithms first. Then each fact has mean 0 and spread 1: a
number is one column, a category or a set of shares is a block of columns whose spreads add up to 1, so that no fact
counts more than another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.errors import CrmError
from crm_core.features.fact_words import name_fact
from crm_core.features.kinds_of_fact import UNKNOWN_KIND, spread_kinds
from crm_core.wording import plural

__all__ = ["ScaledFacts", "Trait", "scale_facts"]

Floats = NDArray[np.float64]
Shares = Mapping[str, Mapping[str, str]]  # fact -> its columns, each with the kind that it is the share of
SKEWED_FROM = 1.0
MOSTLY_UNKNOWN = 0.5


@dataclass(frozen=True)
class Trait:
    """One scaled column: the fact that it belongs to, and which kind of it ("" for a number); ``is_share``: of 0..1."""

    fact: str
    kind: str = ""
    is_share: bool = False


@dataclass(frozen=True)
class ScaledFacts:
    """Scaled values (index customer_id, one column per trait) and what the owner should know about them.

    units: the same columns before logarithms and scaling, unknown ones filled (a kind is 0 or 1).
    """

    values: pd.DataFrame
    notes: tuple[str, ...]
    units: pd.DataFrame = field(default_factory=pd.DataFrame)
    traits: Mapping[str, Trait] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that took part."""
        return tuple(map(str, self.values.columns))


def scale_facts(
    table: pd.DataFrame,
    *,
    columns: Sequence[str],
    shares: Shares | None = None,
    flatten: bool = True,
    who: str = "customer",
) -> ScaledFacts:
    """The chosen facts, logarithm taken where they are long-tailed (``flatten``), with mean 0 and standard deviation 1.

    In: one row per customer with numeric columns, categories of pandas' categorical type, and columns of shares.
    Out: the facts that differ between customers; one that is equal for all, or unknown for most, is left out and
    noted; a few unknown ones count as the middle, which is noted too.

    >>> table = pd.DataFrame({"orders": [1, 2, 3], "tenure_days": [9, 9, 9]})
    >>> scaled = scale_facts(table, columns=["orders", "tenure_days"])
    >>> scaled.values["orders"].round(3).tolist(), scaled.notes
    ([-1.225, 0.0, 1.225], ('Time as a customer is the same for everyone, so it tells nobody apart.',))
    """
    shares = shares or {}
    check_choice(table, columns, shares)
    scaled: dict[str, Floats] = {}
    units: dict[str, Floats] = {}
    traits: dict[str, Trait] = {}
    notes: list[str] = []
    for fact in dict.fromkeys(columns):
        block, kinds = read_fact(table, fact, shares)
        filled, note = fill_unknown(block, fact, kinds, who)
        notes += [note] if note else []
        if filled is None:
            continue
        flat = flatten_tail(filled[:, 0])[:, None] if flatten and "" in kinds.values() else filled
        if is_constant(flat):
            notes.append(f"{name_fact(fact)} is the same for everyone, so it tells nobody apart.")
            continue
        centred = flat - flat.mean(axis=0)
        centred = centred / np.sqrt(flat.var(axis=0).sum())
        for place, (column, kind) in enumerate(kinds.items()):
            scaled[column], units[column] = centred[:, place], filled[:, place]
            traits[column] = Trait(fact, kind, fact in shares)
    frames = [pd.DataFrame(parts, index=table.index) for parts in (scaled, units)]
    return ScaledFacts(frames[0], tuple(notes), frames[1], traits)


def read_fact(table: pd.DataFrame, fact: str, shares: Shares) -> tuple[Floats, dict[str, str]]:
    """A fact's columns as numbers, unknown ones NaN, and the kind that each stands for."""
    if fact in shares:
        kinds = dict(shares[fact])
        return table[list(kinds)].to_numpy(dtype=np.float64, na_value=np.nan), kinds
    if isinstance(table[fact].dtype, pd.CategoricalDtype):
        spread = spread_kinds(table[fact])
        return spread.to_numpy(np.float64), {f"{fact}: {kind}": str(kind) for kind in spread.columns}
    return table[[fact]].to_numpy(dtype=np.float64, na_value=np.nan), {fact: ""}


def fill_unknown(values: Floats, fact: str, kinds: Mapping[str, str], who: str) -> tuple[Floats | None, str]:
    """Values with the middle for a few unknown ones, or none at all where most are unknown; and the note on it.

    The middle of a number is its median, that of shares their mean. An unknown category is a kind of its own.
    """
    own_kind = list(kinds.values()).index(UNKNOWN_KIND) if UNKNOWN_KIND in kinds.values() else None
    is_missing = ~np.isfinite(values).all(axis=1) if own_kind is None else values[:, own_kind] > 0
    missing = np.asarray(is_missing, dtype=np.bool_)
    unknown = int(missing.sum())
    if unknown == 0:
        return values, ""
    people = plural(unknown, who)
    if unknown > MOSTLY_UNKNOWN * len(values):
        return None, f"{name_fact(fact)} is unknown for {people}, more than half, so it was left out."
    if own_kind is not None:
        return values, ""
    middle = np.median(values[~missing], axis=0) if "" in kinds.values() else values[~missing].mean(axis=0)
    return (
        np.where(missing[:, None], middle, values),
        f"{name_fact(fact)} is unknown for {people}; they count as the middle.",
    )


def is_constant(values: Floats) -> bool:
    """Whether a fact is the same for everyone, up to what floating point can tell.

    >>> is_constant(np.array([[2.0], [2.0]])), is_constant(np.array([[2.0], [2.1]]))
    (True, False)
    """
    if not len(values):
        return True
    return float(np.sqrt(values.var(axis=0).sum())) < 1e-12 * max(1.0, float(np.abs(values).max(initial=0.0)))


def flatten_tail(values: Floats) -> Floats:
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


def check_choice(table: pd.DataFrame, columns: Sequence[str], shares: Shares) -> None:
    """Nothing, or a sentence on facts that are missing or no numbers: identifiers and labels are never scaled."""
    if not columns:
        raise CrmError("Choose at least one fact to compare customers by.")
    plain = [column for column in columns if column not in shares]
    missing = [column for column in plain if column not in table.columns]
    if missing:
        raise CrmError(f"There is no fact {', '.join(missing)}; found {', '.join(map(str, table.columns))}.")
    words = [
        column
        for column in plain
        if not (pd.api.types.is_numeric_dtype(table[column]) or isinstance(table[column].dtype, pd.CategoricalDtype))
    ]
    identifiers = [column for column in plain if column == "id" or column.endswith("_id")]
    if words or identifiers:
        raise CrmError(f"{', '.join(words + identifiers)} can't be compared as a number; choose facts such as orders.")
