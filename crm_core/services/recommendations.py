"""What to offer to whom: the store's purchases, and lists with reasons for a customer or a product."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from crm_core.decisions.offer_learning import rank_by_outcome
from crm_core.errors import NotFoundError
from crm_core.models.neighbours import DEFAULT_FACTS, similar_customers
from crm_core.models.purchase_matrix import count_purchases
from crm_core.models.recommend import rank_customers, recommend_from, still_supplied
from crm_core.models.tastes import Tastes, learn_tastes
from crm_core.services.customers import CustomerBase
from crm_core.services.offer_wishes import NO_WISHES, OfferWishes
from crm_core.store.queries import product_names, purchase_items
from crm_core.store.session import Store
from crm_core.vocabulary import OfferList

__all__ = [
    "Offers",
    "Tastes",
    "learn_shop_tastes",
    "list_products",
    "load_items",
    "load_product_names",
    "match_customers",
    "offer_product",
    "offers_for",
]

NO_PRODUCTS = "Your orders name no products, so nothing can be suggested. Import a file with a product on each line."
UNKNOWN_TASTE = "None of this customer's orders names a product, so the list shows what is popular."


@dataclass(frozen=True)
class Offers:
    """Two short lists for one customer, and who is like them.

    buy_again, new_for_them: [product_id, product: name, reason, score: 0..1, reason_kind: OfferReason], best first;
    neighbours: index customer_id, [label, shared: facts in words, stage, spend_minor, distance], nearest first; notes:
    sentences.
    """

    customer_id: int
    label: str
    buy_again: pd.DataFrame
    new_for_them: pd.DataFrame
    neighbours: pd.DataFrame
    notes: tuple[str, ...]


def load_items(store: Store, *, as_of: date) -> pd.DataFrame:
    """Everything bought that names a product, up to the end of a day.

    Out: [customer_id, order_id, date: datetime64, product_id], one row per line; the input of recommendations.
    """
    with store.read() as session:
        items = purchase_items(session, as_of=as_of)
    return items[["customer_id", "order_id", "ordered_on", "product_id"]].rename(columns={"ordered_on": "date"})


def load_product_names(store: Store) -> pd.Series:
    """Index product_id -> name, of the products that are still sold: nothing else is ever offered."""
    with store.read() as session:
        return product_names(session)


def learn_shop_tastes(items: pd.DataFrame, *, as_of: date) -> Tastes:
    """What everyone likes, learnt once from `load_items` and then asked for many customers and products."""
    return learn_tastes(count_purchases(items, as_of=as_of))


def offers_for(
    base: CustomerBase,
    bought: pd.DataFrame | Tastes,
    names: pd.Series,
    customer_id: int,
    *,
    k: int = 5,
    wishes: OfferWishes = NO_WISHES,
) -> Offers:
    """What to offer one customer: what they buy again, what is new for them, and customers like this one.

    `bought` is `load_items`, or the tastes learnt from it, which is quicker when asked often. A customer without an
    order gets what is popular; one who is unknown raises NotFoundError. `wishes`: what is left out and what weighs.
    """
    tastes = bought if isinstance(bought, Tastes) else learn_shop_tastes(bought, as_of=base.as_of)
    known = customer_id in tastes.matrix.customers
    new = name_offers(tastes, names, customer_id, k=k, new_only=True, wishes=wishes)
    longest = max(len(tastes.matrix.products), 1)
    again = name_offers(tastes, names, customer_id, k=longest, new_only=False, wishes=wishes)
    again = again[again["product_id"].isin(bought_products(tastes, customer_id))]
    again = again[~has_enough(tastes, customer_id, again["product_id"])].head(k).reset_index(drop=True)
    notes = () if known else (UNKNOWN_TASTE if len(tastes.matrix.products) else NO_PRODUCTS,)
    in_base = customer_id in base.table.index
    label = str(base.table.loc[customer_id, "label"]) if in_base else ""
    return Offers(customer_id, label, again, new, find_neighbours(base, customer_id), notes)


def has_enough(tastes: Tastes, customer_id: int, product_id: pd.Series) -> np.ndarray:
    """Which of these products the customer bought less than half of their usual gap ago, so that none is due."""
    matrix = tastes.matrix
    place = matrix.customers.get_indexer([customer_id])[0]
    products = matrix.products.get_indexer(product_id)
    return still_supplied(matrix, matrix.find_cells(np.full(len(products), place), products))


def bought_products(tastes: Tastes, customer_id: int) -> pd.Index:
    """Everything one customer has bought; nothing for someone unknown."""
    place = tastes.matrix.customers.get_indexer([customer_id])[0]
    return tastes.matrix.products[tastes.matrix.product[tastes.matrix.customer == place]]


def name_offers(
    tastes: Tastes,
    names: pd.Series,
    customer_id: int,
    *,
    k: int,
    new_only: bool,
    wishes: OfferWishes = NO_WISHES,
) -> pd.DataFrame:
    """One list with the products' names; what is not sold any more, or not to be offered, is left out."""
    put_away = len(tastes.matrix.products.difference(names.index))
    longer = max(len(tastes.matrix.products), 1) if wishes.matter else k + put_away  # before anything is left out
    offers = recommend_from(tastes, customer_ids=[customer_id], k=longer, new_only=new_only)
    offers = offers[offers["product_id"].isin(names.index.difference(wishes.excluded))]
    if wishes.learnt is not None:
        offers = rank_by_outcome(offers, wishes.learnt, list_name=OfferList.NEW if new_only else OfferList.AGAIN)
    offers = offers.head(k).reset_index(drop=True)
    offers.insert(1, "product", name_products(offers["product_id"], names))
    return offers[["product_id", "product", "reason", "score", "reason_kind"]]


def name_products(product_id: pd.Series, names: pd.Series) -> pd.Series:
    """Names in place of numbers; a product without a name keeps its number."""
    return product_id.map(names).fillna("Product " + product_id.astype("str"))


def find_neighbours(base: CustomerBase, customer_id: int, *, k: int = 5) -> pd.DataFrame:
    """Customers like this one, with their names; empty for someone who has not ordered."""
    if customer_id not in base.table.index:
        return pd.DataFrame({name: [] for name in ("label", "shared", "stage", "spend_minor", "distance")})
    found = similar_customers(base.table, customer_id, columns=DEFAULT_FACTS, k=k, currency=base.currency)
    return base.table.loc[found.index, ["label", "stage", "spend_minor"]].join(found)


def match_customers(base: CustomerBase, text: str, *, most: int = 50) -> pd.DataFrame:
    """Customers whose name, e-mail or number contains the text; without a text the biggest spenders.

    Out: index customer_id, [label, email, source_id, spend_minor], largest spend first, at most `most`.
    """
    table = base.table[["label", "email", "source_id", "spend_minor"]]
    wanted = text.strip().casefold()
    if wanted:
        hit = pd.Series(False, index=table.index)
        for column in ("label", "email", "source_id"):
            hit |= table[column].astype("str").str.casefold().str.contains(wanted, regex=False, na=False)
        table = table[hit]
    return table.sort_values("spend_minor", ascending=False, kind="stable").head(most)


def list_products(tastes: Tastes, names: pd.Series) -> pd.DataFrame:
    """All products that someone bought and that are still sold, most bought lately first.

    Out: index product_id, [product: name, customers: count, recent_customers: count in the last 90 days].
    """
    matrix = tastes.matrix
    product_id = pd.Series(matrix.products, index=matrix.products)
    table = pd.DataFrame(
        {
            "product": name_products(product_id, names),
            "customers": matrix.buyers.astype("int64"),
            "recent_customers": matrix.recent_buyers(90),
        }
    )
    table = table[table.index.isin(names.index)]
    return table.sort_values(["recent_customers", "customers"], ascending=False, kind="stable")


def offer_product(
    base: CustomerBase,
    tastes: Tastes,
    product_id: int,
    *,
    k: int = 20,
    new_only: bool = False,
    without: frozenset[int] = frozenset(),
) -> pd.DataFrame:
    """Whom to offer one product to, best first; with `new_only` those who never bought it. Nobody who is archived, or
    `without` whom it is done.

    Out: index customer_id, [label, email, stage, reason, score: 0..1, rank: 1..].
    """
    if product_id not in tastes.matrix.products:
        raise NotFoundError("Nobody has bought this product so far, so there is nothing to go by.")
    left_out = base.archived | without
    ranked = rank_customers(tastes, product_id, k=k + len(left_out), new_only=new_only).set_index("customer_id")
    ranked = ranked[~ranked.index.isin(left_out)].head(k)
    ranked["rank"] = range(1, len(ranked) + 1)
    return base.table[["label", "email", "stage"]].reindex(ranked.index).join(ranked[["reason", "score", "rank"]])
