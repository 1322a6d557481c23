"""The next offer to one customer: a way back, something new, a usual second order, or what they buy again."""

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from crm_core.vocabulary import OfferReason, Stage
from crm_core.wording import count

__all__ = ["NextOffer", "OfferKind", "pick_next_offer"]

LEAST_BUYERS = 3  # of a second order, below which it is one person's habit


class OfferKind(StrEnum):
    """What an offer is for."""

    WAY_BACK = "a way back"
    NEW = "something new"
    SECOND_ORDER = "a second order"
    AGAIN = "again"


MEANING = {
    OfferKind.WAY_BACK: "They have been away for long: what they bought most is what they know best.",
    OfferKind.NEW: "They buy regularly anyway, so an offer is best spent on something they don't know yet.",
    OfferKind.SECOND_ORDER: "They have bought on one day; this is what others took on their second.",
    OfferKind.AGAIN: "It is due by their own purchases.",
}


@dataclass(frozen=True)
class NextOffer:
    """One product for one customer, what it is for, and why in their own numbers."""

    product_id: int
    product: str
    kind: OfferKind
    reason: str

    @property
    def meaning(self) -> str:
        """Why such an offer at this stage."""
        return MEANING[self.kind]

    @property
    def reason_kind(self) -> OfferReason:
        """What speaks for it where it stands on no other list: their own purchases, or other people's second orders."""
        return OfferReason.NEIGHBOURS if self.kind is OfferKind.SECOND_ORDER else OfferReason.OWN


def pick_next_offer(
    stage: str, *, buy_again: pd.DataFrame, new_for_them: pd.DataFrame, known_best: pd.DataFrame, second: pd.DataFrame
) -> NextOffer | None:
    """What to offer next to a customer at a lifecycle stage; None where there is nothing to offer.

    In: buy_again, new_for_them, known_best (what they bought most, however long ago) [product_id, product, reason],
    best first; second [product_id, product, bought, others] (`second_orders` with names).

    >>> none = pd.DataFrame({"product_id": [], "product": [], "reason": []})
    >>> tea = pd.DataFrame({"product_id": [1], "product": ["Tea"], "reason": ["Bought 9 times, last 400 days ago"]})
    >>> cup = pd.DataFrame({"product_id": [2], "product": ["Cup"], "reason": ["Popular"]})
    >>> lists = {"buy_again": none, "new_for_them": cup, "known_best": tea, "second": none}
    >>> [pick_next_offer(stage, **lists).product for stage in ("lost", "loyal")]
    ['Tea', 'Cup']
    """
    usual = second[second["bought"] >= LEAST_BUYERS] if len(second) else second
    sources = {
        OfferKind.WAY_BACK: known_best,
        OfferKind.NEW: new_for_them,
        OfferKind.SECOND_ORDER: usual,
        OfferKind.AGAIN: buy_again,
    }
    for kind in _order(stage):
        table = sources[kind]
        if len(table):
            best = table.iloc[0]
            reason = _of_second(best) if kind is OfferKind.SECOND_ORDER else str(best["reason"])
            return NextOffer(int(best["product_id"]), str(best["product"]), kind, reason)
    return None


def _order(stage: str) -> tuple[OfferKind, ...]:
    """What is tried first at a stage, and what in its place."""
    if stage in (Stage.LOST, Stage.LAPSED):
        return (OfferKind.WAY_BACK, OfferKind.AGAIN, OfferKind.NEW)
    if stage == Stage.LOYAL:
        return (OfferKind.NEW, OfferKind.AGAIN)
    if stage == Stage.NEW:
        return (OfferKind.SECOND_ORDER, OfferKind.NEW, OfferKind.AGAIN)
    return (OfferKind.AGAIN, OfferKind.NEW)


def _of_second(row: pd.Series) -> str:
    return f"{count(row['bought'])} of the {count(row['others'])} others who began alike took it on their second day"
