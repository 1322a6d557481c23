"""People: search them page by page, and gather what is known of one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from crm_core.errors import CrmError
from crm_core.services.customers import CustomerBase
from crm_core.store.currencies import Currencies
from crm_core.store.import_queries import batches
from crm_core.store.people_queries import (
    SORT_ORDERS,
    count_people,
    customer_history,
    customer_record,
    find_people,
    people_rows,
    with_counted_money,
)
from crm_core.store.session import Store
from crm_core.vocabulary import Stage, TicketStatus
from crm_core.wording import money, plural

__all__ = [
    "PAGE_ROWS",
    "SORT_ORDERS",
    "PeoplePage",
    "Person",
    "find_everyone",
    "list_people",
    "load_person",
    "people_figures",
    "people_table",
    "sales_by_quarter",
]

PAGE_ROWS = 50
HISTORY_ROWS = 500
_BASE_SORTS = {"latest order": "last_order_on", "most orders": "orders", "sales": "spend_minor"}


@dataclass(frozen=True)
class PeoplePage:
    """One page of customers. table: index customer_id, [label, email, orders, last_order_on, spend_minor, stage,
    clv_minor: both amounts NaN for who has no paid order in a currency that counts]; total: how many match."""

    table: pd.DataFrame
    total: int


@dataclass(frozen=True)
class Person:
    """One customer. record: what is stored; figures: their row of the base, None before the first order;
    history: [happened_on, kind, what, amount_minor: in the base currency, NaN where none counts, currency: the base
    currency or None], latest first."""

    record: dict[str, Any]
    figures: pd.Series | None
    history: pd.DataFrame


def list_people(
    store: Store,
    base: CustomerBase,
    *,
    text: str = "",
    stage: str | None = None,
    sort: str = "latest order",
    page: int = 1,
    archived: bool = False,
    until: date | None = None,
    by: pd.Series | None = None,
    among: pd.Index | None = None,
) -> PeoplePage:
    """The customers that match a search, 50 a page; ``archived``: those put away, else the others; ``until``: only who
    was known by the end of a past day; ``by``: figures by customer, the highest first in place of ``sort``, and who has
    none last; ``among``: of these alone.

    A stage is known of the base only, so it is looked up there; a prospect is who has no paid order by its day.
    """
    asked: dict[str, Any] = {"text": text, "stage": stage, "sort": sort, "archived": archived, "until": until}
    offset = (page - 1) * PAGE_ROWS
    if by is None and among is None and stage in (None, Stage.PROSPECT.value):  # paged where they are stored
        matching = _matching(base, text=text, stage=stage, archived=archived, until=until)
        _check_sort(sort)
        with store.read() as session:
            total = count_people(session, **matching)
            ids = find_people(session, offset=offset, limit=PAGE_ROWS, sort=sort, **matching, **_money_of(base))
        return PeoplePage(people_figures(store, base, ids), total)
    found = find_everyone(store, base, **asked, by=by, among=among)
    return PeoplePage(people_figures(store, base, [int(i) for i in found[offset : offset + PAGE_ROWS]]), len(found))


def find_everyone(
    store: Store,
    base: CustomerBase,
    *,
    text: str = "",
    stage: str | None = None,
    sort: str = "latest order",
    archived: bool = False,
    until: date | None = None,
    by: pd.Series | None = None,
    among: pd.Index | None = None,
) -> pd.Index:
    """All customers whom ``list_people`` would list a page at a time, in its order."""
    _check_sort(sort)
    if stage and stage != Stage.PROSPECT.value:
        found = _in_stage(base.table.drop(index=[*base.archived], errors="ignore"), text, stage, sort)
    else:
        matching = _matching(base, text=text, stage=stage, archived=archived, until=until)
        with store.read() as session:
            total = count_people(session, **matching)
            found = pd.Index(find_people(session, offset=0, limit=total, sort=sort, **matching, **_money_of(base)))
    if among is not None:
        found = found[found.isin(among)]
    return found if by is None else by.reindex(found).sort_values(ascending=False, kind="stable").index


def people_figures(store: Store, base: CustomerBase, customer_ids: list[int]) -> pd.DataFrame:
    """Who a few customers are and how they stand, in the order asked: ``PeoplePage.table``."""
    with store.read() as session:
        rows = people_rows(session, customer_ids=customer_ids)
        counted = with_counted_money(session, customer_ids=customer_ids, **_money_of(base))
    figures = base.table.reindex(rows.index)[["orders", "last_order_on", "spend_minor", "stage", "clv_minor"]]
    figures = figures.fillna({"stage": Stage.PROSPECT.value, "orders": 0})
    counts = figures.index.isin(counted)
    figures = figures.assign(**{name: figures[name].where(counts) for name in ("spend_minor", "clv_minor")})
    return rows.join(figures)


def people_table(store: Store, base: CustomerBase, customers: pd.Index) -> pd.DataFrame:
    """Customers as a file has them, in the order asked: [customer_id: the source's own, name, email, stage, orders,
    last_order_on, spend_minor, worth_ahead_minor: NaN where nothing is known]."""
    parts = [people_figures(store, base, batch) for batch in batches([int(i) for i in customers])]
    table = pd.concat(parts) if parts else people_figures(store, base, [])
    if not base.value_is_learnt:
        table = table.drop(columns="clv_minor")
    named = {"label": "name", "source_id": "customer_id", "clv_minor": "worth_ahead_minor"}
    table = table.reset_index(drop=True).rename(columns=named)
    first = ["customer_id", "name", "email", "stage", "orders", "last_order_on", "spend_minor"]
    return table[[*first, *[name for name in table.columns if name not in first]]]


def _money_of(base: CustomerBase) -> dict[str, Any]:
    return {"as_of": base.as_of, "currency": base.currencies}


def _matching(
    base: CustomerBase, *, text: str, stage: str | None, archived: bool, until: date | None
) -> dict[str, Any]:
    unbought = base.as_of if stage else None
    return {"text": text, "archived": archived, "until": until, "unbought_until": unbought}


def _check_sort(sort: str) -> None:
    if sort not in SORT_ORDERS:
        raise CrmError(f"Customers can't be sorted by {sort!r}; choose {', '.join(SORT_ORDERS)}.")


def load_person(store: Store, base: CustomerBase, customer_id: int, *, until: date | None = None) -> Person:
    """Everything about one customer, ``until``: what had happened by the end of a past day; NotFoundError says so where
    there is none."""
    with store.read() as session:
        record = customer_record(session, customer_id)
        history = customer_history(session, customer_id, limit=HISTORY_ROWS, until=until)
    figures = base.table.loc[customer_id] if customer_id in base.table.index else None
    return Person(record, figures, _in_base_currency(history, base.currencies))


def sales_by_quarter(base: CustomerBase, customer_id: int) -> pd.DataFrame:
    """One customer's sales by calendar quarter, quarters without an order included.

    Out: [quarter: text such as "Q2 2026", spend_minor: before refunds, orders: count].
    """
    own = base.days[base.days["customer_id"] == customer_id]
    quarters = own.groupby(own["ordered_on"].dt.to_period("Q"))[["spend_minor", "orders"]].sum()
    end = pd.Timestamp(base.as_of).to_period("Q")
    whole = quarters.reindex(pd.period_range(quarters.index.min(), end, freq="Q"), fill_value=0)
    return whole.reset_index(drop=True).assign(quarter=[f"Q{period.quarter} {period.year}" for period in whole.index])


def _in_base_currency(history: pd.DataFrame, currencies: Currencies) -> pd.DataFrame:
    """Every event in words, with what it counts; an amount in another currency stands in its words."""
    rows = []
    for event in history.itertuples():
        what, amount = _describe(event), None
        if isinstance(event.currency, str):  # a table has NaN for no text
            amount = currencies.convert(int(event.amount_minor), event.currency)
            if event.currency != currencies.base and event.kind == "order":
                what = f"{what}, {money(event.amount_minor, event.currency, exact=True)}"
        rows.append((event.happened_on, event.kind, what, amount, None if amount is None else currencies.base))
    table = pd.DataFrame(rows, columns=["happened_on", "kind", "what", "amount_minor", "currency"])
    return table.astype({"amount_minor": "float64"})


def _in_stage(table: pd.DataFrame, text: str, stage: str, sort: str) -> pd.Index:
    found = table[table["stage"] == stage]
    if wanted := text.strip().lower():
        words = found["label"] + " " + found["email"].fillna("") + " " + found["source_id"]
        found = found[words.str.lower().str.contains(wanted, regex=False)]
    if sort == "name":
        return found["label"].str.lower().sort_values(kind="stable").index
    return found[_BASE_SORTS[sort]].sort_values(ascending=False, kind="stable").index


def _describe(event: Any) -> str:
    if event.kind == "order":
        items = int(event.number or 0)
        named = f"{event.what} and {plural(items - 1, 'more item')}" if event.what and items > 1 else event.what
        return (named or plural(items, "item")) + ("" if event.status == "paid" else f" ({event.status}, not counted)")
    if event.kind == "refund":
        return f"{money(-event.amount_minor, event.currency, exact=True)} given back"
    if event.kind == "conversation":
        took = f", {plural(round(event.number), 'minute')}" if _is_known(event.number) else ""
        return f"{event.what or 'Conversation'} ({event.status}{took})"
    if event.kind == "ticket":
        return f"{event.what} ({_state_of_ticket(event)})"
    return f"{event.what}: {round(100 * event.number)} of 100"


def _state_of_ticket(event: Any) -> str:
    if _is_known(event.number):
        return f"answered after {_duration(event.number)}"
    return event.status if event.status in (TicketStatus.ANSWERED, TicketStatus.CLOSED) else "waits for an answer"


def _is_known(number: float | None) -> bool:
    return number is not None and number == number


def _duration(minutes: float) -> str:
    hours = minutes / 60
    if hours < 1:
        return plural(round(minutes), "minute")
    return plural(round(hours), "hour") if hours < 48 else plural(round(hours / 24), "day")
