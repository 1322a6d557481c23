"""What is done with orders that are not plainly paid, as the owner chooses it for one import."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm_core.errors import ImportFileError
from crm_core.importing.text_table import Words
from crm_core.vocabulary import OrderStatus

__all__ = [
    "AS_USUAL",
    "GROUPS",
    "UNKNOWN",
    "StatusChoices",
    "Treatment",
    "count_groups",
    "parse_choices",
    "status_groups",
    "treatments_of",
    "with_refunded",
]

Mask = npt.NDArray[np.bool_]
REFUNDED, UNKNOWN = "refunded", "unknown"
REFUNDED_WORDS = {
    "refunded",
    "fully refunded",
    "fully_refunded",
    "erstattet",
    "rückerstattet",
    "remboursé",
    "已退款",
    "退款成功",
    "全额退款",
}


class Treatment(StrEnum):
    """``STORE``: kept and not counted; ``TAKE_OFF``: kept, and what was given back is taken off."""

    STORE = "store"
    LEAVE_OUT = "leave-out"
    COUNT = "count"
    TAKE_OFF = "take-off"


STATUS_TREATMENTS = (Treatment.STORE, Treatment.LEAVE_OUT, Treatment.COUNT)
REFUND_TREATMENTS = (Treatment.TAKE_OFF, Treatment.LEAVE_OUT)
UNKNOWN_TREATMENTS = (Treatment.COUNT, Treatment.STORE, Treatment.LEAVE_OUT)


@dataclass(frozen=True)
class StatusChoices:
    """What is done with each group of orders; voided ones are cancelled.

    ``refunded``: orders of which all was given back. Where it was a part, that part is taken off in any case.
    ``unknown``: orders with a word for their status that we don't know.
    """

    cancelled: Treatment = Treatment.STORE
    pending: Treatment = Treatment.STORE
    test: Treatment = Treatment.STORE
    refunded: Treatment = Treatment.TAKE_OFF
    unknown: Treatment = Treatment.COUNT

    def __post_init__(self) -> None:
        for group in GROUPS:
            chosen, allowed = getattr(self, group), treatments_of(group)
            if chosen not in allowed:
                raise ImportFileError(
                    f"With {group} orders can be done {_listed(allowed)}, not '{chosen}'. Choose one of them."
                )

    def groups(self, treatment: Treatment) -> tuple[str, ...]:
        """The groups that are treated so.

        >>> StatusChoices(test=Treatment.LEAVE_OUT).groups(Treatment.LEAVE_OUT)
        ('test',)
        """
        return tuple(group for group in GROUPS if getattr(self, group) == treatment)


def parse_choices(words: Iterable[str]) -> StatusChoices:
    """Choices as the command line has them.

    >>> parse_choices(["pending=leave-out,test=count"])
    StatusChoices(cancelled=<Treatment.STORE: 'store'>, pending=<Treatment.LEAVE_OUT: 'leave-out'>, \
test=<Treatment.COUNT: 'count'>, refunded=<Treatment.TAKE_OFF: 'take-off'>, unknown=<Treatment.COUNT: 'count'>)
    """
    choices = StatusChoices()
    for word in [part.strip() for text in words for part in text.split(",") if part.strip()]:
        group, equals, treatment = (part.strip().lower() for part in word.partition("="))
        if not equals or group not in GROUPS:
            near = get_close_matches(group, GROUPS, n=1)
            raise ImportFileError(
                f"'{word}' says nothing about a group of orders; the groups are {_listed(GROUPS)}. "
                + (f"Did you mean '{near[0]}'? " if near else "")
                + "Write it like pending=leave-out."
            )
        if treatment not in treatments_of(group):
            raise ImportFileError(
                f"With {group} orders can be done {_listed(treatments_of(group))}, not '{treatment}'. "
                f"Write it like {group}=leave-out."
            )
        choices = replace(choices, **{group: Treatment(treatment)})
    return choices


def status_groups(orders: pd.DataFrame) -> Words:
    """Per order its group by its status, "" for one that is paid. In: orders[status, status_raw, is_refund]."""
    status, raw = orders["status"].to_numpy(object), orders["status_raw"].to_numpy(object)
    group = np.where(status == OrderStatus.PAID.value, "", status).astype(object)
    says = {word for word in set(raw) if word is not None and _plain(word) in REFUNDED_WORDS}
    if says:
        group[np.array([word in says for word in raw], bool) & ~orders["is_refund"].to_numpy()] = REFUNDED
    return group


def with_refunded(groups: Words, orders: pd.DataFrame, lines: pd.DataFrame, stated: pd.DataFrame) -> Words:
    """The groups, and "refunded" for paid orders of which the file says that nothing remained.

    In: orders[source_id, status, is_refund, refund_of]; lines[order, amount_minor]; stated[order, total_minor,
    extras_minor, refunded_minor].
    """
    full = _given_back_in_full(orders, lines, stated) & ~orders["is_refund"].to_numpy()
    return np.where(full, REFUNDED, groups).astype(object)


def count_groups(groups: Words) -> dict[str, int]:
    """How many orders each group has, groups without any left out.

    >>> count_groups(np.array(["", "test", "pending", "test"], object))
    {'pending': 1, 'test': 2}
    """
    counts = {group: int((groups == group).sum()) for group in GROUPS}
    return {group: number for group, number in counts.items() if number}


def _given_back_in_full(orders: pd.DataFrame, lines: pd.DataFrame, stated: pd.DataFrame) -> Mask:
    """Paid orders of which the file says that nothing remained."""
    received = np.zeros(len(orders), np.int64)
    np.add.at(received, lines["order"].to_numpy(), lines["amount_minor"].to_numpy())
    given_back = np.zeros(len(orders), np.int64)
    linked = np.flatnonzero(np.array([of is not None for of in orders["refund_of"]], bool))
    if len(linked):
        place = {name: at for at, name in enumerate(orders["source_id"])}
        for at in linked:
            of = place.get(orders["refund_of"].iloc[at], -1)
            if of >= 0:
                given_back[of] -= received[at]
    if len(stated):
        at = stated["order"].to_numpy()
        in_lines = pd.Series(received[at], dtype="Int64")
        total = stated["total_minor"].reset_index(drop=True)
        extras = stated["extras_minor"].reset_index(drop=True).fillna(0)
        received[at] = total.fillna(in_lines + extras).to_numpy(np.int64)
        given_back[at] += stated["refunded_minor"].to_numpy()
    is_paid = np.array(orders["status"].to_numpy(object) == OrderStatus.PAID.value, bool)
    full: Mask = (received > 0) & (given_back >= received) & is_paid
    return full


def treatments_of(group: str) -> tuple[Treatment, ...]:
    """What can be done with a group of orders, the usual first."""
    return {REFUNDED: REFUND_TREATMENTS, UNKNOWN: UNKNOWN_TREATMENTS}.get(group, STATUS_TREATMENTS)


def _plain(word: str) -> str:
    return word.strip().casefold().removeprefix("wc-")


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}"


GROUPS: tuple[str, ...] = tuple(field.name for field in fields(StatusChoices))
AS_USUAL = StatusChoices()
