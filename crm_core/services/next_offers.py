"""The next offer to a customer, from the lists and the stage they are in."""

import numpy as np
import pandas as pd

from crm_core.decisions.next_offer import NextOffer, OfferKind, pick_next_offer
from crm_core.models.offer_reasons import explain_own
from crm_core.models.second_orders import second_orders
from crm_core.models.tastes import Tastes
from crm_core.services.customers import CustomerBase
from crm_core.services.recommendations import Offers, name_products
from crm_core.vocabulary import Stage

__all__ = ["NextOffer", "OfferKind", "next_offer_for"]


def next_offer_for(base: CustomerBase, tastes: Tastes, names: pd.Series, offers: Offers) -> NextOffer | None:
    """What to offer this customer next; None where there is nothing. In: names, index product_id -> name, of everything
    that may be offered to them, whatever else the lists hold."""
    customer_id = offers.customer_id
    stage = str(base.table.loc[customer_id, "stage"]) if customer_id in base.table.index else Stage.PROSPECT.value
    second = second_orders(tastes.matrix, customer_id)
    second = second[second["product_id"].isin(names.index)]
    return pick_next_offer(
        stage,
        buy_again=offers.buy_again[offers.buy_again["product_id"].isin(names.index)],
        new_for_them=offers.new_for_them[offers.new_for_them["product_id"].isin(names.index)],
        known_best=_known_best(tastes, names, customer_id),
        second=second.assign(product=name_products(second["product_id"], names)),
    )


def _known_best(tastes: Tastes, names: pd.Series, customer_id: int) -> pd.DataFrame:
    """What they bought in most orders, of those the latest: [product_id, product, reason], best first."""
    matrix = tastes.matrix
    place = matrix.customers.get_indexer([customer_id])[0]
    cells = np.flatnonzero(matrix.customer == place) if place >= 0 else np.zeros(0, dtype=np.int64)
    cells = cells[np.lexsort([matrix.last_age_days[cells], -matrix.orders[cells]])]
    table = pd.DataFrame(
        {
            "product_id": matrix.products[matrix.product[cells]],
            "reason": [explain_own(matrix, int(cell)) for cell in cells],
        }
    )
    table = table[table["product_id"].isin(names.index)]
    return table.assign(product=name_products(table["product_id"], names))
