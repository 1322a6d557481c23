"""What a shop's word for an order's state comes down to."""

from crm_core.vocabulary import OrderStatus

__all__ = ["read_status"]

WORDS = {
    OrderStatus.PAID: "paid complete completed fulfilled shipped delivered closed processing succeeded success "
    "approved captured settled done partially_refunded partiallyrefunded sent bezahlt abgeschlossen",
    OrderStatus.PENDING: "pending on-hold onhold unpaid open authorized authorised draft awaiting partially_paid "
    "partiallypaid pending-payment offen",
    OrderStatus.CANCELLED: "cancelled canceled voided void failed declined expired refunded rejected trash abandoned "
    "storniert",
    OrderStatus.TEST: "test",
}
MEANING = {word: status for status, words in WORDS.items() for word in words.split()}


def read_status(word: str) -> OrderStatus | None:
    """The status a word means; None for a word we don't know.

    >>> read_status("Partially Refunded"), read_status("on hold"), read_status("?")
    (<OrderStatus.PAID: 'paid'>, <OrderStatus.PENDING: 'pending'>, None)
    """
    plain = word.strip().lower().removeprefix("wc-")
    return next(
        (MEANING[form] for form in (plain, plain.replace(" ", "_"), plain.replace(" ", "-")) if form in MEANING), None
    )
