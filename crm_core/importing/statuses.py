"""What a shop's word for an order's state comes down to."""

from crm_core.vocabulary import OrderStatus

__all__ = ["read_status"]

WORDS = {
    OrderStatus.PAID: "paid complete completed fulfilled shipped delivered closed processing succeeded success "
    "approved captured settled done partially_refunded partiallyrefunded sent bezahlt abgeschlossen "
    "teilerstattet versendet geliefert 已付款 已支付 已完成 交易成功 已发货 已收货 部分退款",
    OrderStatus.PENDING: "pending on-hold onhold unpaid open authorized authorised draft awaiting partially_paid "
    "partiallypaid pending-payment offen "
    "unbezahlt ausstehend 待付款 等待付款 等待买家付款 未付款 未支付",
    OrderStatus.CANCELLED: "cancelled canceled voided void failed declined expired refunded rejected trash abandoned "
    "storniert erstattet rückerstattet abgebrochen annulliert 交易关闭 已关闭 已取消 取消 已退款 退款成功 全额退款",
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
