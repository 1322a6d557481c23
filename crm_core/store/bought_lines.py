"""Which order lines count as something bought."""

from sqlalchemy import ColumnElement, and_, or_

from crm_core.store.tables import OrderLine

__all__ = ["is_bought"]


def is_bought() -> ColumnElement[bool]:
    """A line that names a product and was not sent back: neither its money nor its quantity is below nothing."""
    taken = or_(OrderLine.quantity.is_(None), OrderLine.quantity >= 0)
    return and_(OrderLine.product_id.is_not(None), OrderLine.amount_minor >= 0, taken)
