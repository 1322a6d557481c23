"""Orders, lines and refunds that a file brings, told apart from those an earlier import brought already."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crm_core.importing.report import GIVEN_BACK, ChangeCount
from crm_core.services.import_refunds import insert_refunds, known_refund_ids, or_null
from crm_core.services.import_totals import balance_orders, store_stated_refunds
from crm_core.store.bulk import insert_columns, next_id
from crm_core.store.edit_queries import hand_edited
from crm_core.store.import_queries import batches, known_lines, known_orders
from crm_core.store.journal import FieldChange, apply_changes
from crm_core.store.tables import Base, Order, OrderLine, Refund, RepeatedLine, RepeatedRow
from crm_core.wording import plural

__all__ = ["StoredOrders", "recompute_amounts", "store_orders"]

TABLES = Base.metadata.tables
LINE_KEY = ["order_id", "fingerprint", "occurrence"]
EDITED_FIELDS = ("ordered_on", "customer_id", "status")
HEADER_TEXT = ("source_id", "status", "status_raw", "currency", "channel")
NONE = -1
Keys = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class StoredOrders:
    """Counts of one import. ``is_new`` and ``contradicts``: one entry per staged line."""

    orders: ChangeCount
    refunds: int
    is_new: Mask
    contradicts: Mask
    reasons: dict[int, str]  # staged order -> why its rows contradict the stored one
    order_ids: Keys  # per staged order its id, -1: it is only a refund, or contradicts
    fresh: frozenset[int]  # the orders that are new
    touched: frozenset[int]  # stored ones that changed
    kept_by_hand: int = 0  # stored orders that differ, because the owner edited them
    beyond_lines: Mapping[tuple[str, str], int] = field(default_factory=dict)  # see import_figures.sums_of

    def with_more(self, touched: Iterable[int]) -> ChangeCount:
        """The counts when something else of some orders changed too."""
        more = len(frozenset(touched) - self.fresh - self.touched)
        return ChangeCount(self.orders.new, self.orders.updated + more, self.orders.unchanged - more)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the owner should know of how the file met what is stored."""
        if not self.kept_by_hand:
            return ()
        orders = plural(self.kept_by_hand, "order")
        return (f"{orders} that the file has another day, customer or status for: kept as you edited them by hand.",)


@dataclass(frozen=True)
class _Known:
    """Per staged order what is stored: id or -1, and the stored header beside the staged one."""

    ids: Keys
    headers: dict[str, npt.NDArray[np.object_]]
    edited: dict[str, Mask]  # field -> whether the owner changed it by hand


def store_orders(
    session: Session,
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    stated: pd.DataFrame,
    *,
    import_id: int,
    source: str,
    progress: Callable[[float], None] | None = None,
) -> StoredOrders:
    """Insert what is new, note what was brought again, update what changed.

    In: orders[source_id, customer_id: or -1, ordered_on, status, status_raw, currency, channel, is_refund, refund_of];
    lines[order: position, fingerprint, occurrence, product_id: or -1, quantity, amount_minor], in this order;
    stated[order: position, total_minor, extras_minor, refunded_minor], see ``import_totals``.
    """
    known = _match(session, orders, source)
    reasons = _contradictions(orders, known)
    refused = np.isin(np.arange(len(orders)), list(reasons))
    of_line = lines["order"].to_numpy()
    lines = lines.assign(order_id=known.ids[of_line], refused=refused[of_line])
    lines["known_refund"] = known_refund_ids(session, orders, lines, source)
    lines["known"] = _are_known(session, lines) & ~lines["refused"]
    lines["is_new"] = ~lines["known"] & (lines["known_refund"] == NONE) & ~lines["refused"]
    lines["as_refund"] = orders["is_refund"].to_numpy()[of_line]
    beyond: dict[tuple[str, str], int] = {}
    ids = _insert_orders(session, orders, lines, known, import_id, source)
    lines["order_id"] = ids[of_line]
    _insert_lines(session, lines[lines["is_new"] & ~lines["as_refund"]], import_id, progress)
    refunds = insert_refunds(session, orders, lines[lines["is_new"] & lines["as_refund"]], import_id, source)
    _note_repeated(session, lines, import_id)
    grown = set(lines.loc[lines["is_new"] & ~lines["as_refund"] & (known.ids[of_line] != NONE), "order_id"])
    if len(stated):
        told = _stated_of_stored(stated, orders, lines, ids, known, refused)
        balanced = balance_orders(session, told, import_id=import_id)
        recompute_amounts(session, grown | set(balanced.index))
        grown |= set(balanced.index) & set(known.ids.tolist())
        given_back = store_stated_refunds(session, told, import_id=import_id, source=source)
        refunds += len(given_back)
        beyond = _beyond_lines(told, balanced, given_back)
    else:
        recompute_amounts(session, grown)
    changed, kept = _update_headers(session, orders, known, refused, import_id)
    new = int(((known.ids == NONE) & (ids != NONE)).sum())
    updated = len(grown | changed)
    stored = int(((known.ids != NONE) & ~refused).sum())
    return StoredOrders(
        ChangeCount(new, updated, stored - updated),
        refunds,
        lines["is_new"].to_numpy(),
        lines["refused"].to_numpy(),
        reasons,
        np.where(refused, NONE, ids),
        frozenset(ids[(known.ids == NONE) & (ids != NONE)].tolist()),
        frozenset(grown | changed),
        kept,
        beyond,
    )


def _stated_of_stored(
    stated: pd.DataFrame, orders: pd.DataFrame, lines: pd.DataFrame, ids: Keys, known: _Known, refused: Mask
) -> pd.DataFrame:
    """What is stated, beside the stored orders that it is of."""
    at = stated["order"].to_numpy()
    brought = np.zeros(len(orders), np.int64)
    new = (lines["is_new"] & ~lines["as_refund"]).to_numpy()
    np.add.at(brought, lines["order"].to_numpy()[new], lines["amount_minor"].to_numpy()[new])
    told = stated.assign(order_id=ids[at], was_known=(known.ids != NONE)[at], brought_minor=brought[at])
    told = told.join(orders[["source_id", "customer_id", "ordered_on", "currency", "status"]], on="order")
    return told[~refused[at] & (ids[at] != NONE)]


def _beyond_lines(
    told: pd.DataFrame, balanced: "pd.Series[int]", given_back: "pd.Series[int]"
) -> dict[tuple[str, str], int]:
    """By currency and part what totals are more than lines, and what was given back."""
    currency, status = told.set_index("order_id")["currency"], told.set_index("order_id")["status"]
    sums: Counter[tuple[str, str]] = Counter()
    for key, more in balanced.items():
        sums[currency[key], status[key]] += int(more)
    for key, less in given_back.items():
        sums[currency[key], GIVEN_BACK] -= int(less)
    return dict(sums)


def recompute_amounts(session: Session, order_ids: set[int]) -> None:
    """Bring orders' amounts to the sum of their lines."""
    total = select(func.coalesce(func.sum(OrderLine.amount_minor), 0)).where(OrderLine.order_id == Order.id)
    for batch in batches(sorted(order_ids)):
        session.execute(
            update(Order).where(Order.id.in_(batch)).values(amount_minor=total.scalar_subquery()),
            execution_options={"synchronize_session": False},
        )


def _match(session: Session, orders: pd.DataFrame, source: str) -> _Known:
    stored = known_orders(session, source)
    place = stored.index.get_indexer(pd.Index(orders["source_id"], dtype=object))
    ids = np.append(stored["id"].to_numpy(np.int64), NONE)[place]
    headers = {name: np.array([*stored[name], None], object)[place] for name in stored.columns}
    by_hand = hand_edited(session, Order.__tablename__)
    edited = {
        field: np.isin(ids, [row_id for row_id, changed in by_hand if changed == field]) for field in EDITED_FIELDS
    }
    return _Known(ids, headers, edited)


def _contradictions(orders: pd.DataFrame, known: _Known) -> dict[int, str]:
    """Orders whose number is stored already for another customer, currency or day (a refund has a day of its own)."""
    there = known.ids != NONE
    owner = np.array([NONE if key is None else key for key in known.headers["customer_id"]], np.int64)
    customer = orders["customer_id"].to_numpy(np.int64)
    days = np.array(known.headers["ordered_on"], "datetime64[D]")
    by_hand = known.edited
    other_day = orders["ordered_on"].to_numpy().astype("datetime64[D]") != days
    differs = {
        "day": ~orders["is_refund"].to_numpy() & other_day & ~by_hand["ordered_on"],
        "currency": orders["currency"].to_numpy(object) != known.headers["currency"],
        "customer": (owner != NONE) & (customer != NONE) & (owner != customer) & ~by_hand["customer_id"],
    }
    found = {}
    for what, wrong in differs.items():
        for at in np.flatnonzero(there & wrong):
            found[int(at)] = (
                f": order '{orders['source_id'].iloc[at]}' is stored already with another {what}. "
                "If this file is from another shop, import it under a source name of its own; else correct the row."
            )
    return found


def _are_known(session: Session, lines: pd.DataFrame) -> Mask:
    """Which lines an earlier import stored."""
    asked = lines.loc[(lines["order_id"] != NONE) & ~lines["refused"], "order_id"].unique()
    if not len(asked):
        return np.zeros(len(lines), bool)
    stored = known_lines(session, asked).assign(known=True)
    known: Mask = lines[LINE_KEY].merge(stored, on=LINE_KEY, how="left")["known"].notna().to_numpy()
    return known


def _insert_orders(
    session: Session, orders: pd.DataFrame, lines: pd.DataFrame, known: _Known, import_id: int, source: str
) -> Keys:
    """Insert the headers that are not there yet; every staged order's id, -1 for what is only a refund."""
    table = TABLES[Order.__tablename__]
    is_new = (known.ids == NONE) & ~orders["is_refund"].to_numpy()
    ids = known.ids.copy()
    ids[is_new] = next_id(session, table) + np.arange(is_new.sum())
    amount = np.zeros(len(orders), np.int64)
    counted = lines["is_new"].to_numpy()
    np.add.at(amount, lines["order"].to_numpy()[counted], lines["amount_minor"].to_numpy()[counted])
    text = {name: orders[name].to_numpy(object)[is_new] for name in HEADER_TEXT}
    columns = {
        "id": ids[is_new],
        "source": source,
        "customer_id": or_null(orders["customer_id"].to_numpy(np.int64)[is_new]),
        "ordered_on": orders["ordered_on"].to_numpy()[is_new],
        "amount_minor": amount[is_new],
        "import_id": import_id,
        **text,
    }
    insert_columns(session, table, columns)
    return ids


def _insert_lines(
    session: Session, lines: pd.DataFrame, import_id: int, progress: Callable[[float], None] | None
) -> None:
    columns = {name: lines[name].to_numpy() for name in (*LINE_KEY, "quantity", "amount_minor")}
    columns["product_id"] = or_null(lines["product_id"].to_numpy(np.int64))
    insert_columns(session, TABLES[OrderLine.__tablename__], {**columns, "import_id": import_id}, progress=progress)


def _note_repeated(session: Session, lines: pd.DataFrame, import_id: int) -> None:
    """Remember what this import brought again, so that undoing the first import keeps it."""
    again = lines[lines["known"].to_numpy()]
    columns = {name: again[name].to_numpy() for name in LINE_KEY}
    insert_columns(session, TABLES[RepeatedLine.__tablename__], {**columns, "import_id": import_id})
    refunds = lines.loc[(lines["known_refund"] != NONE) & ~lines["known"] & ~lines["refused"], "known_refund"]
    rows = {"import_id": import_id, "table_name": Refund.__tablename__, "row_id": refunds.unique().astype(np.int64)}
    insert_columns(session, TABLES[RepeatedRow.__tablename__], rows)


def _update_headers(
    session: Session, orders: pd.DataFrame, known: _Known, refused: Mask, import_id: int
) -> tuple[set[int], int]:
    """A new status, or the customer of a guest order; the ids of the orders that changed, and how many the owner's
    own edits keep from it."""
    there = (known.ids != NONE) & ~refused & ~orders["is_refund"].to_numpy()
    raw, customer = orders["status_raw"].to_numpy(object), orders["customer_id"].to_numpy(np.int64)
    stated = np.array([word is not None for word in raw], bool)
    now_counts_otherwise = orders["status"].to_numpy(object) != known.headers["status"]  # the owner chose so
    restated = there & stated & ((raw != known.headers["status_raw"]) | now_counts_otherwise)
    changes = [
        FieldChange(Order.__tablename__, int(known.ids[at]), field, known.headers[field][at], orders[field].iloc[at])
        for at in np.flatnonzero(restated & ~known.edited["status"])
        for field in ("status", "status_raw")
        if known.headers[field][at] != orders[field].iloc[at]
    ]
    guest = np.array([key is None for key in known.headers["customer_id"]], bool)
    changes += [
        FieldChange(Order.__tablename__, int(known.ids[at]), "customer_id", None, int(customer[at]))
        for at in np.flatnonzero(there & guest & (customer != NONE) & ~known.edited["customer_id"])
    ]
    apply_changes(session, import_id, changes)
    return {change.row_id for change in changes}, int((there & _differs_by_hand(orders, known, restated)).sum())


def _differs_by_hand(orders: pd.DataFrame, known: _Known, restated: Mask) -> Mask:
    """Which stored orders are not as the file says because the owner edited them."""
    customer = orders["customer_id"].to_numpy(np.int64)
    owner = np.array([NONE if key is None else key for key in known.headers["customer_id"]], np.int64)
    days = np.array(known.headers["ordered_on"], "datetime64[D]")
    other_day = orders["ordered_on"].to_numpy().astype("datetime64[D]") != days
    other_owner = (customer != NONE) & (customer != owner)
    edited = known.edited
    mask: Mask = (
        (other_day & edited["ordered_on"]) | (other_owner & edited["customer_id"]) | (restated & edited["status"])
    )
    return mask
