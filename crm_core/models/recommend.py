"""What to offer to whom: for each customer a short list of products with a reason.

Two questions have a method each, chosen on the shop's own past (``offer_choice``): what they buy next, which leads with
the customer's own purchases, and what is new for them, which goes by customers who buy alike. Whoever is unknown, or
alone, gets what is popular, and the reason says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.errors import CrmError, NotFoundError
from crm_core.models.discoveries import Usual, competitors, discover_last, places_to_discover
from crm_core.models.offer_reasons import count_supporters, explain_offers
from crm_core.models.offer_recipes import Recipe
from crm_core.models.purchase_matrix import PurchaseMatrix, count_purchases
from crm_core.models.taste_parts import TIE_BREAK, Own
from crm_core.models.taste_scores import NAMED_NEIGHBOURS, TasteChunk, as_shares, score_one_product
from crm_core.models.tastes import Tastes, learn_tastes, score_in_chunks

__all__ = ["rank_customers", "recommend_from", "recommend_products"]

Ints = NDArray[np.int64]
CANDIDATES = 200
STILL_SUPPLIED_SHARE = 0.5


def recommend_products(
    purchases: pd.DataFrame,
    *,
    customer_ids: Iterable[Any] | None = None,
    k: int = 10,
    as_of: date | None = None,
    new_only: bool = False,
) -> pd.DataFrame:
    """At most k products for each customer, best first, each with its reason.

    In: purchases[customer_id, order_id, date, product_id]; rows after `as_of` (default: the last date) are not seen.
    Out: [customer_id, rank: 1.., product_id, score: 0..1, reason]. `new_only` leaves out what the customer has bought.

    >>> rows = pd.DataFrame({"customer_id": ["a", "a", "b", "b", "b"], "order_id": [1, 2, 3, 3, 4],
    ...     "product_id": ["tea", "tea", "tea", "cup", "jam"],
    ...     "date": pd.to_datetime(["2026-01-01", "2026-02-04", "2026-02-10", "2026-02-10", "2026-03-17"])})
    >>> recommend_products(rows, customer_ids=["a"], k=1)["reason"].tolist()
    ['Bought twice, every 34 days, last 41 days ago']
    >>> recommend_products(rows, customer_ids=["a"], k=1, new_only=True)[["product_id", "reason"]].values.tolist()
    [['jam', 'The customer most like this one bought it']]
    """
    tastes = learn_tastes(count_purchases(purchases, as_of=as_of))
    offers = recommend_from(tastes, customer_ids=customer_ids, k=k, new_only=new_only)
    return offers.drop(columns="reason_kind")


def recommend_from(
    tastes: Tastes, *, customer_ids: Iterable[Any] | None = None, k: int = 10, new_only: bool = False
) -> pd.DataFrame:
    """The lists of `recommend_products` from tastes that were learnt before, and [reason_kind: OfferReason]."""
    if k < 1:
        raise CrmError(f"Ask for at least one product a customer, not {k}.")
    wanted = tastes.matrix.customers if customer_ids is None else pd.Index(list(dict.fromkeys(customer_ids)))
    places = np.asarray(tastes.matrix.customers.get_indexer(wanted), dtype=np.int64)
    known = np.flatnonzero(places >= 0)
    recipe = tastes.choice(new_only=new_only).recipe
    usual = tastes.usual if new_only and places_to_discover(k, len(tastes.matrix.products)) else None
    parts = score_in_chunks(
        tastes,
        places[known],
        lambda chunk, part: pick_best(chunk, known[part], k, recipe, usual=usual),
        new_only=new_only,
    )
    popular = offer_popular(tastes, np.flatnonzero(places < 0), k)
    return list_offers(tastes, wanted, places, join_picks([*parts, popular]))


def rank_customers(tastes: Tastes, product_id: Any, *, k: int = 20, new_only: bool = False) -> pd.DataFrame:
    """The k customers to whom a product is best offered, best first; with `new_only` those who never bought it.

    Out: [customer_id, rank: 1.., score: 0..1 against the best of them, reason]. Only customers with a reason of their
    own are named: they bought it before, or customers most like them did. Who bought it less than half of their usual
    gap ago is left out. Looked for among the 200 who bought it most and the 200 others most like its buyers.
    """
    if product_id not in tastes.matrix.products:
        raise NotFoundError(f"Nobody has bought product {product_id} so far, so there is nothing to go by.")
    product = int(tastes.matrix.products.get_loc(product_id))
    candidates = find_candidates(tastes, product, new_only=new_only)
    recipe = tastes.choice(new_only=new_only).recipe
    chunk = score_one_product(tastes.parts, candidates, product, recipe)
    same = np.full(len(candidates), product, dtype=np.int64)
    cells = tastes.matrix.find_cells(candidates, same)
    named = ((cells >= 0) & ~still_supplied(tastes.matrix, cells)) | (
        (cells < 0) & (count_supporters(tastes.matrix, same, chunk.neighbours) > 0)
    )
    score = as_shares(recipe, chunk.scores[:, 0])
    score = score / max(float(score[named].max(initial=0.0)), 1e-300)
    picks = Picks(candidates[named], same[named], score[named], chunk.neighbours[named])
    table = list_offers(tastes, tastes.matrix.customers, np.arange(tastes.matrix.shape[0]), picks)
    table = table.sort_values(["score", "customer_id"], ascending=[False, True], ignore_index=True).head(k)
    return table.assign(rank=np.arange(1, len(table) + 1))[["customer_id", "rank", "score", "reason"]]


@dataclass(frozen=True, eq=False)
class Picks:
    """Chosen pairs: the row of the customer asked for, product, score, and the customer's nearest neighbours."""

    row: Ints
    product: Ints
    score: NDArray[np.float64]
    neighbours: Ints


def pick_best(chunk: TasteChunk, rows: Ints, k: int, recipe: Recipe, *, usual: Usual | None = None) -> Picks:
    """The k best products of each customer, best first; told what is usual, the last are discoveries."""
    products = chunk.scores.shape[1]
    size = min(k, products)
    longer = min(size + competitors(products), products) if usual is not None else size
    found = np.argpartition(-chunk.scores, longer - 1, axis=1)[:, :longer]
    values = np.take_along_axis(chunk.scores, found, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    if usual is not None:
        unusual = np.take_along_axis(usual.unusual(values, found), order, axis=1)
        order = discover_last(order, unusual, size, places_to_discover(size, products))
    product, score = np.take_along_axis(found, order, axis=1).ravel(), np.take_along_axis(values, order, axis=1).ravel()
    allowed = np.isfinite(score)
    place = np.repeat(np.arange(len(rows)), size)[allowed]
    shown = as_shares(recipe, score[allowed])
    return Picks(rows[place], product[allowed].astype(np.int64), shown, chunk.neighbours[place])


def offer_popular(tastes: Tastes, rows: Ints, k: int) -> Picks:
    """What is bought most lately, for customers of whom nothing is known."""
    best = np.argsort(-tastes.popularity, kind="stable")[:k]
    score = np.tile(TIE_BREAK * tastes.popularity[best], len(rows))
    nobody = np.full((len(score), NAMED_NEIGHBOURS), -1, dtype=np.int64)
    return Picks(np.repeat(rows, len(best)), np.tile(best, len(rows)), score, nobody)


def still_supplied(matrix: PurchaseMatrix, cells: Ints) -> NDArray[np.bool_]:
    """Which of these cells were bought less than half of their own mean gap ago; none of -1 and one-time buyers."""
    repeated = (cells >= 0) & (matrix.orders[cells] > 1)
    span = matrix.first_age_days[cells] - matrix.last_age_days[cells]
    mean_gap = span / np.maximum(matrix.orders[cells] - 1, 1)
    return np.asarray(repeated & (matrix.last_age_days[cells] < STILL_SUPPLIED_SHARE * mean_gap))


def find_candidates(tastes: Tastes, product: int, *, new_only: bool) -> Ints:
    """Customers who bought the product most, and others most like its buyers."""
    parts = tastes.parts
    own = parts.matrix.spread(parts.count_own(Own.FADING))[:, [product]].toarray().ravel()
    likeness = parts.profiles @ (parts.profiles_by_product @ (own > 0).astype(np.float32))
    buyers, others = np.flatnonzero(own > 0), np.flatnonzero(own == 0)
    loudest = [others[np.argsort(-likeness[others], kind="stable")[:CANDIDATES]]]
    if not new_only:
        loudest.append(buyers[np.argsort(-own[buyers], kind="stable")[:CANDIDATES]])
    return np.unique(np.concatenate(loudest)).astype(np.int64)


def join_picks(parts: list[Picks]) -> Picks:
    """Several parts as one, in their order."""
    row, product, score = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("row", "product", "score")
    )
    return Picks(row, product, score, np.concatenate([part.neighbours for part in parts]))


def list_offers(tastes: Tastes, wanted: pd.Index, places: Ints, picks: Picks) -> pd.DataFrame:
    """Picks as the table of the public door, customers in the order asked for."""
    kinds, reasons = explain_offers(tastes.matrix, places[picks.row], picks.product, picks.neighbours)
    table = pd.DataFrame(
        {
            "customer_id": wanted.take(picks.row),
            "rank": 0,
            "product_id": tastes.matrix.products.take(picks.product),
            "score": picks.score,
            "reason": reasons,
            "reason_kind": pd.Series([kind.value for kind in kinds], dtype="str"),
        }
    )
    table = table.iloc[np.argsort(picks.row, kind="stable")].reset_index(drop=True)
    table["rank"] = table.groupby("customer_id", sort=False).cumcount() + 1
    return table
