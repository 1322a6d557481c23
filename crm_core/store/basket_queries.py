"""What was bought together: the lines of paid orders, guests' too, and what the products are called."""

from datetime import date
from itertools import chain

import numpy as np
import pandas as pd
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from crm_core.store.bought_lines import is_bought
from crm_core.store.queries import LINES_AT_ONCE, read_frame
from crm_core.store.tables import Order, OrderLine, Product
from crm_core.vocabulary import OrderStatus

__all__ = ["basket_lines", "product_facts"]


def basket_lines(session: Session, *, as_of: date) -> pd.DataFrame:
    """One row per line of a paid order up to a day that names a product and was not sent back, in no order.

    Out: [order_id, product_id, ordered_on: datetime64, amount_minor: in the order's currency, currency: categorical].
    """
    counts = and_(Order.status == OrderStatus.PAID.value, Order.ordered_on <= as_of)
    orders = read_frame(session, select(Order.id, Order.ordered_on, Order.currency).where(counts).order_by(Order.id))
    bought = select(OrderLine.order_id, OrderLine.product_id, OrderLine.amount_minor).where(is_bought())
    cursor = session.connection().execute(bought).cursor  # plain rows, a piece at a time: of a million lines 24 MB
    assert cursor is not None  # a SELECT has one
    flat = [np.empty(0, np.int64)]
    while piece := cursor.fetchmany(LINES_AT_ONCE):
        flat.append(np.fromiter(chain.from_iterable(piece), np.int64, 3 * len(piece)))
    lines = np.concatenate(flat).reshape(-1, 3)
    known = orders["id"].to_numpy(np.int64)
    lines = lines[np.isin(lines[:, 0], known)]
    place = np.searchsorted(known, lines[:, 0])
    codes, currencies = pd.factorize(orders["currency"], sort=True)
    return pd.DataFrame(
        {
            "order_id": lines[:, 0],
            "product_id": lines[:, 1],
            "ordered_on": pd.to_datetime(orders["ordered_on"]).to_numpy("datetime64[s]")[place],
            "amount_minor": lines[:, 2],
            "currency": pd.Categorical.from_codes(codes[place], list(currencies)),
        }
    )


def product_facts(session: Session) -> pd.DataFrame:
    """Index product_id, [product: name or number, category: text or None, sold: still, not put away], in order."""
    name = func.coalesce(func.nullif(Product.name, ""), Product.source_id)
    statement = select(Product.id, name.label("product"), Product.category, Product.archived_at.is_(None).label("sold"))
    table = read_frame(session, statement.order_by(Product.id))
    return table.astype({"id": "int64", "sold": "bool"}).set_index("id").rename_axis("product_id")
