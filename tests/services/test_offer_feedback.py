"""Offers as they are kept: shown once a day, decided, taken back, and judged by the orders alone."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from sqlalchemy import func, insert, select, update

from crm_core.errors import CrmError, NotFoundError
from crm_core.services.customers import CustomerBase
from crm_core.services.edit_history import list_edits, undo_edit
from crm_core.services.edit_tables import edit_page
from crm_core.services.editing import delete_rows
from crm_core.services.import_undo import undo_import
from crm_core.services.imports import import_file
from crm_core.services.merging import merge_customers
from crm_core.services.offer_feedback import (
    KEPT_DAYS,
    MOST_SHOWN,
    OfferDay,
    decide_offer,
    decided_offers,
    offers_of,
    put_offer_back,
    record_shown,
)
from crm_core.store.session import Store
from crm_core.store.tables import Offer, Order, OrderLine, Product, Refund
from crm_core.vocabulary import OfferList, OfferState
from tests import bases
from tests.services.test_edit_undo import whole
from tests.shops import SOURCE, add_orders

DAY = date(2026, 1, 10)
AT = OfferDay(DAY, "UTC")
NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
LATER = date(2026, 6, 30)
WHO = {"now": datetime(2026, 6, 30, 12, tzinfo=UTC), "by": "owner"}


@pytest.fixture
def shop(store: Store) -> Store:
    """Ana (1) and Ben (2), and two products: soap (1), which they bought, and tea (2)."""
    add_orders(store, [("ana", "2026-01-01", 1000), ("ben", "2026-01-02", 500), ("ben", "2026-04-01", 500)])
    with store.begin() as session:
        session.execute(insert(Product).values(id=2, source=SOURCE, source_id="tea", name="Tea"))
    return store


def base_of(store: Store, as_of: date = LATER) -> CustomerBase:
    return bases.base_of(store, as_of)


def show(store: Store, *products: int, customer: int = 1, day: date = DAY, name: OfferList = OfferList.AGAIN) -> int:
    """Note that products stood on a list."""
    table = pd.DataFrame({"product_id": list(products), "reason_kind": "own purchases"})
    return record_shown(store, customer, {name: table}, today=day, within_days=30)


def say(store: Store, state: OfferState, *, customer: int = 1, product: int = 1, day: date = DAY) -> None:
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    decide_offer(store, customer_id=customer, product_id=product, shown_on=day, state=state, now=now)


def buy(store: Store, day: str, *, product: int = 1, amount: int = 700, status: str = "paid", **line: object) -> int:
    """An order of Ana's; its number."""
    add_orders(store, [("ana", day, amount)], status=status)
    with store.begin() as session:
        number = int(session.scalar(select(func.max(Order.id))) or 0)
        values = {"product_id": product, **line}
        session.execute(update(OrderLine).where(OrderLine.order_id == number).values(**values))
    return number


def give_back(store: Store, order: int, day: str, amount: int) -> None:
    with store.begin() as session:
        number = int(session.scalar(select(func.count(Refund.id))) or 0) + 1
        row = {"id": number, "source": SOURCE, "source_id": f"r{number}", "customer_id": 1, "order_id": order}
        money = {"refunded_on": date.fromisoformat(day), "currency": "EUR", "amount_minor": amount}
        session.execute(insert(Refund).values(**row, **money))


def outcome(store: Store, *, as_of: date = LATER) -> pd.Series:
    """What became of the one offer to Ana."""
    found = offers_of(store, base_of(store, as_of), 1, at=OfferDay(as_of, "UTC"))
    assert len(found) == 1
    return found.iloc[0]


def test_an_offer_is_kept_once_for_customer_product_list_and_day(shop: Store) -> None:
    before = shop.revision()
    assert show(shop, 1, 2) == 2
    assert show(shop, 1, 2) == 0
    assert show(shop, 2, name=OfferList.NEW) == 1
    assert show(shop, 1, customer=2) == 1
    assert show(shop, 1, day=DAY + timedelta(days=1)) == 1
    with shop.read() as session:
        rows = session.execute(select(Offer.product_id, Offer.rank, Offer.state, Offer.within_days)).all()
    assert rows[:2] == [(1, 1, "shown", 30), (2, 2, "shown", 30)]
    assert shop.revision() == before


def test_what_is_kept_is_bounded(shop: Store) -> None:
    with shop.begin() as session:
        more = [{"id": n, "source": SOURCE, "source_id": f"p{n}", "name": None} for n in range(3, 60)]
        session.execute(insert(Product), more)
    old = DAY - timedelta(days=KEPT_DAYS)
    assert show(shop, *range(1, 60), day=old) == MOST_SHOWN
    say(shop, OfferState.DECLINED, product=3, day=old)
    show(shop, 1)
    with shop.read() as session:
        left = session.execute(select(Offer.product_id, Offer.shown_on).order_by(Offer.shown_on)).all()
    assert left == [(3, old), (1, DAY)]


def test_a_decision_counts_on_every_list_of_the_day_and_can_be_taken_back(shop: Store) -> None:
    show(shop, 1)
    show(shop, 1, name=OfferList.NEXT)
    before = whole(shop)
    revision = shop.revision()
    say(shop, OfferState.DECLINED)
    with shop.read() as session:
        assert (
            session.execute(select(Offer.state, Offer.decided_at)).all()
            == [("declined", NOON.replace(tzinfo=None))] * 2
        )
    assert outcome(shop)["state"] == "declined"
    put_offer_back(shop, customer_id=1, product_id=1, shown_on=DAY)
    assert whole(shop) == before
    assert shop.revision() == revision


def test_what_was_not_shown_cannot_be_decided(shop: Store) -> None:
    with pytest.raises(NotFoundError, match="not there any more"):
        say(shop, OfferState.ACCEPTED)
    show(shop, 1)
    with pytest.raises(CrmError, match="accepted, declined, not useful, not 'shown'"):
        say(shop, OfferState.SHOWN)


@pytest.mark.parametrize(
    ("day", "bought"), [("2026-01-10", False), ("2026-01-11", True), ("2026-02-09", True), ("2026-02-10", False)]
)
def test_bought_is_read_from_the_orders_of_its_days(shop: Store, day: str, bought: bool) -> None:
    show(shop, 2)
    assert pd.isna(outcome(shop)["bought_on"])
    buy(shop, day, product=2)
    assert pd.notna(outcome(shop)["bought_on"]) == bought


def test_only_paid_lines_of_that_product_count(shop: Store) -> None:
    show(shop, 2)
    buy(shop, "2026-01-20", product=1)
    buy(shop, "2026-01-20", product=2, status="cancelled")
    buy(shop, "2026-01-20", product=2, quantity=-1, amount_minor=-700)
    assert pd.isna(outcome(shop)["bought_on"])


def test_an_order_that_was_wholly_given_back_does_not_count(shop: Store) -> None:
    show(shop, 2)
    order = buy(shop, "2026-01-20", product=2)
    give_back(shop, order, "2026-01-25", 300)
    assert outcome(shop)["bought_on"] == pd.Timestamp("2026-01-20")
    give_back(shop, order, "2026-02-25", 400)
    assert pd.isna(outcome(shop)["bought_on"])
    assert outcome(shop, as_of=date(2026, 2, 24))["bought_on"] == pd.Timestamp("2026-01-20")  # not yet, by then


def test_a_past_day_knows_nothing_of_what_came_later(shop: Store) -> None:
    show(shop, 2)
    say(shop, OfferState.ACCEPTED, product=2)
    show(shop, 1, day=date(2026, 1, 12))
    buy(shop, "2026-01-20", product=2)
    then = OfferDay(date(2026, 1, 11), "UTC")
    found = offers_of(shop, base_of(shop, then.day), 1, at=then)
    assert found[["product_id", "state"]].to_numpy().tolist() == [[2, "accepted"]]
    assert found["bought_on"].isna().all()
    with shop.begin() as session:
        session.execute(update(Offer).values(decided_at=datetime(2026, 1, 12)))  # noqa: DTZ001 - as it is stored
    assert offers_of(shop, base_of(shop, then.day), 1, at=then)["state"].tolist() == ["shown"]


def test_the_day_of_a_decision_is_the_owners(shop: Store) -> None:
    show(shop, 1)
    evening = datetime(2026, 1, 9, 23, 30, tzinfo=UTC)  # in Berlin it is the tenth
    decide_offer(shop, customer_id=1, product_id=1, shown_on=DAY, state=OfferState.DECLINED, now=evening)
    berlin = OfferDay(DAY, "Europe/Berlin")
    assert decided_offers(shop, at=berlin, before_today=True).empty
    found = decided_offers(shop, at=berlin, customer_id=1)
    assert found["until"].tolist() == [pd.Timestamp(DAY + timedelta(days=90))]


def test_a_declined_offer_rests_for_ninety_days_and_a_useless_one_until_it_is_taken_back(shop: Store) -> None:
    show(shop, 1, 2)
    say(shop, OfferState.DECLINED)
    say(shop, OfferState.NOT_USEFUL, product=2)

    def rest_on(day: date) -> list[int]:
        return sorted(decided_offers(shop, at=OfferDay(day, "UTC"), customer_id=1)["product_id"])

    assert rest_on(DAY + timedelta(days=89)) == [1, 2]
    assert rest_on(DAY + timedelta(days=90)) == [2]
    assert decided_offers(shop, at=OfferDay(DAY, "UTC"), customer_id=2).empty
    put_offer_back(shop, customer_id=1, product_id=2, shown_on=DAY)
    assert rest_on(DAY + timedelta(days=90)) == []


def test_merging_moves_offers_and_keeps_the_later_word(shop: Store) -> None:
    show(shop, 1, customer=1)
    show(shop, 1, customer=2)
    show(shop, 2, customer=2)
    say(shop, OfferState.DECLINED, customer=2)
    before = whole(shop)
    merge_customers(shop, 1, 2, **WHO)
    with shop.read() as session:
        rows = session.execute(
            select(Offer.customer_id, Offer.product_id, Offer.state).order_by(Offer.product_id)
        ).all()
    assert rows == [(1, 1, "declined"), (1, 2, "shown")]
    undo_edit(shop, int(list_edits(shop)["edit_id"].iloc[0]), **WHO)
    assert whole(shop) == before


@pytest.mark.parametrize(("table", "number"), [("customers", 1), ("products", 1)])
def test_offers_go_with_their_customer_or_product_and_come_back_with_them(shop: Store, table: str, number: int) -> None:
    show(shop, 1)
    show(shop, 2, customer=2)
    before = whole(shop)
    delete_rows(shop, table, {number: edit_page(shop, table).table.loc[number].to_dict()}, **WHO)
    with shop.read() as session:
        assert session.scalars(select(Offer.product_id)).all() == [2]
    undo_edit(shop, int(list_edits(shop)["edit_id"].iloc[0]), **WHO)
    assert whole(shop) == before


def test_undoing_an_import_takes_its_purchases_back_and_leaves_the_rest(store: Store) -> None:
    header = b"customer_id,order_id,date,product_id,product,amount,currency\n"
    import_file(store, header + b"c1,o1,2026-01-01,p1,Soap,5.00,EUR\n", file_name="first.csv")
    show(store, 1)
    later = import_file(store, header + b"c1,o2,2026-01-20,p1,Soap,5.00,EUR\n", file_name="later.csv").import_id or 0
    assert outcome(store)["bought_on"] == pd.Timestamp("2026-01-20")
    undo_import(store, later, now=NOON)
    assert pd.isna(outcome(store)["bought_on"])
    undo_import(store, 1, now=NOON)
    with store.read() as session:
        assert session.scalar(select(func.count(Offer.id))) == 0
