"""What is never offered, and lists that are filled up in its place."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert

from crm_core.decisions.offer_learning import Learnt
from crm_core.errors import NotFoundError
from crm_core.features.given_back import given_back
from crm_core.services.customers import CustomerBase
from crm_core.services.exports import export_table
from crm_core.services.offer_feedback import OfferDay, decide_offer, put_offer_back, record_shown
from crm_core.services.offer_wishes import (
    NO_WISHES,
    customers_left_out,
    customers_who_gave_back,
    feedback_version,
    learn_from_offers,
    list_never_offered,
    never_offer,
    offer_again,
    products_given_back,
    wishes_for,
)
from crm_core.services.recommendations import (
    Offers,
    Tastes,
    bought_products,
    learn_shop_tastes,
    load_items,
    load_product_names,
    offer_product,
    offers_for,
)
from crm_core.services.today import find_suggestions
from crm_core.store.offer_queries import lines_of, refunds_of
from crm_core.store.session import Store
from crm_core.store.tables import Offer
from crm_core.vocabulary import OfferList, OfferState
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.services.test_offer_feedback import buy, give_back, show
from tests.shops import add_orders

AT = OfferDay(LAST_DAY, "UTC")
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def learn(store: Store) -> tuple[CustomerBase, Tastes]:
    base = base_of(store, LAST_DAY)
    return base, learn_shop_tastes(load_items(store, as_of=LAST_DAY), as_of=LAST_DAY)


def someone_new(store: Store, base: CustomerBase) -> int:
    """A good customer to whom nothing was offered so far."""
    with store.read() as session:
        offered = {row[0] for row in session.query(Offer.customer_id)}
    free = base.table[~base.table.index.isin(offered)]
    return int(free["orders"].idxmax())


def lists_of(store: Store, base: CustomerBase, tastes: Tastes, customer: int, learnt: Learnt | None = None) -> Offers:
    wishes = wishes_for(store, base, customer, at=AT, learnt=learnt)
    return offers_for(base, tastes, load_product_names(store), customer, wishes=wishes)


def test_without_a_word_lists_are_what_purchases_say(store: Store) -> None:
    add_orders(store, [("a", "2026-01-01", 1000), ("b", "2026-02-01", 1000)])
    base, tastes = learn(store)
    learnt = learn_from_offers(store, base, at=AT)
    assert learnt.is_empty
    plain = offers_for(base, tastes, load_product_names(store), 1, wishes=NO_WISHES)
    asked = lists_of(store, base, tastes, 1, learnt)
    assert asked.buy_again.equals(plain.buy_again)
    assert asked.new_for_them.equals(plain.new_for_them)


def test_what_is_left_out_is_replaced_by_what_comes_next(demo_store: Store) -> None:
    base, tastes = learn(demo_store)
    customer = someone_new(demo_store, base)
    names = load_product_names(demo_store)
    before = offers_for(base, tastes, names, customer, k=7)
    shown = {OfferList.AGAIN: before.buy_again.head(5), OfferList.NEW: before.new_for_them.head(5)}
    record_shown(demo_store, customer, shown, today=LAST_DAY, within_days=30)
    declined, useless = int(before.buy_again["product_id"].iloc[0]), int(before.new_for_them["product_id"].iloc[1])
    never = int(before.new_for_them["product_id"].iloc[0])
    said = {declined: OfferState.DECLINED, useless: OfferState.NOT_USEFUL}
    for product, state in said.items():
        decide_offer(demo_store, customer_id=customer, product_id=product, shown_on=LAST_DAY, state=state, now=NOON)
    assert never_offer(demo_store, [never], now=NOON) == 1
    now = lists_of(demo_store, base, tastes, customer)
    assert now.buy_again["product_id"].tolist() == before.buy_again["product_id"].iloc[1:6].tolist()
    assert now.new_for_them["product_id"].tolist() == before.new_for_them["product_id"].iloc[2:7].tolist()
    same_day = wishes_for(demo_store, base, customer, at=AT, before_today=True)
    returned = products_given_back(demo_store, customer, as_of=LAST_DAY)
    assert same_day.excluded == returned | {never}  # what was said today stays in its place
    for product in said:
        put_offer_back(demo_store, customer_id=customer, product_id=product, shown_on=LAST_DAY)
    offer_again(demo_store, never)
    assert lists_of(demo_store, base, tastes, customer).new_for_them.equals(before.new_for_them.head(5))


def test_no_list_gets_empty_while_products_remain(demo_store: Store) -> None:
    base, tastes = learn(demo_store)
    names = load_product_names(demo_store)
    never_offer(demo_store, names.index[:-2], now=NOON)
    remaining = set(names.index[-2:])
    customer = next(int(n) for n in base.table.index if not remaining & set(bought_products(tastes, int(n))))
    left = lists_of(demo_store, base, tastes, customer)
    assert set(left.new_for_them["product_id"]) == remaining
    assert left.buy_again.empty


def test_what_a_customer_gave_back_is_not_offered_to_them(store: Store) -> None:
    add_orders(store, [("ana", "2026-01-01", 700), ("ben", "2026-01-02", 700)])
    base, tastes = learn(store)
    names = load_product_names(store)
    assert lists_of(store, base, tastes, 1).buy_again["product_id"].tolist() == [1]
    give_back(store, 1, "2026-01-09", 700)
    assert products_given_back(store, 1, as_of=LAST_DAY) == {1}
    assert products_given_back(store, 1, as_of=date(2026, 1, 8)) == frozenset()
    assert lists_of(store, base, tastes, 1).buy_again.empty
    without = customers_left_out(store, 1, at=AT, returned=customers_who_gave_back(store, 1, as_of=LAST_DAY))
    assert without == {1}
    assert set(offer_product(base, tastes, 1, without=without).index) == {2}
    assert set(offer_product(base, tastes, 1).index) == {1, 2}
    assert len(names) == 1
    buy(store, "2026-02-01")
    assert products_given_back(store, 1, as_of=LAST_DAY) == frozenset()


def test_a_product_is_not_offered_to_who_declined_it_and_the_list_stays_as_long(demo_store: Store) -> None:
    base, tastes = learn(demo_store)
    product = int(load_product_names(demo_store).index[0])
    before = offer_product(base, tastes, product, k=8)
    customer = int(before.index[0])
    show(demo_store, product, customer=customer, day=LAST_DAY)
    decide_offer(
        demo_store,
        customer_id=customer,
        product_id=product,
        shown_on=LAST_DAY,
        state=OfferState.DECLINED,
        now=NOON,
    )
    without = customers_left_out(demo_store, product, at=AT)
    assert customer in without
    now = offer_product(base, tastes, product, k=8, without=frozenset({customer}))
    assert now.index.tolist()[:7] == before.index.tolist()[1:]
    assert now["rank"].tolist() == list(range(1, 9))


def test_the_file_of_recommendations_minds_what_is_not_to_be_offered(demo_store: Store) -> None:
    before = export_table(demo_store, "recommendations", as_of=LAST_DAY)
    base, _ = learn(demo_store)
    first = before.iloc[0]
    customer = int(base.table.index[base.table["source_id"] == first["customer_id"]][0])
    names = load_product_names(demo_store)
    declined = int(names.index[names == first["product"]][0])
    show(demo_store, declined, customer=customer, day=LAST_DAY)
    say = {"customer_id": customer, "product_id": declined, "shown_on": LAST_DAY, "now": NOON}
    decide_offer(demo_store, state=OfferState.DECLINED, **say)
    never = int(names.index[names == before["product"].iloc[1]][0])
    never_offer(demo_store, [never], now=NOON)
    now = export_table(demo_store, "recommendations", as_of=LAST_DAY)
    assert names[never] not in set(now["product"])
    assert names[declined] not in set(now.loc[now["customer_id"] == first["customer_id"], "product"])
    assert len(now) == len(before)
    with demo_store.read() as session:
        lines, refunds = lines_of(session, as_of=LAST_DAY), refunds_of(session, as_of=LAST_DAY)
    back = given_back(lines, refunds)
    assert len(back) > 10
    for person, theirs in list(back.groupby("customer_id")["product_id"])[:5]:
        assert products_given_back(demo_store, int(person), as_of=LAST_DAY) == set(theirs)


def test_never_offered_is_listed_and_taken_back(store: Store) -> None:
    add_orders(store, [("a", "2026-01-01", 1000)])
    revision = store.revision()
    assert never_offer(store, [1], now=NOON) == 1
    assert never_offer(store, [1], now=NOON) == 0
    assert list_never_offered(store, at=AT)["product"].tolist() == ["Lavender soap"]
    yesterday = OfferDay(LAST_DAY - timedelta(days=1), "UTC")
    assert list_never_offered(store, at=yesterday).empty
    with pytest.raises(NotFoundError, match="no product with number 9"):
        never_offer(store, [9], now=NOON)
    offer_again(store, 1)
    assert list_never_offered(store, at=AT).empty
    assert store.revision() == revision


def test_todays_list_offers_nothing_that_is_never_offered(demo_store: Store) -> None:
    base, _ = learn(demo_store)
    names = load_product_names(demo_store)
    before = [found.action for found in find_suggestions(demo_store, base, today=LAST_DAY)]
    named = [int(product) for product, name in names.items() if any(f"“{name}”" in action for action in before)]
    assert len(named) > 3
    never_offer(demo_store, named[:1], now=NOON)
    now = [found.action for found in find_suggestions(demo_store, base, today=LAST_DAY)]
    assert not any(f"“{names[named[0]]}”" in action for action in now)
    assert len(now) == len(before)


def test_the_version_changes_with_whatever_changes_what_is_learnt(store: Store) -> None:
    add_orders(store, [("a", "2026-01-01", 1000)])
    earlier = LAST_DAY - timedelta(days=3)
    seen = {feedback_version(store, at=AT)}
    show(store, 1, day=earlier)
    seen.add(feedback_version(store, at=AT))
    moments = [datetime(2026, 3, 11, hour, tzinfo=UTC) for hour in (9, 10)]
    for state, now in zip((OfferState.ACCEPTED, OfferState.DECLINED), moments, strict=True):
        decide_offer(store, customer_id=1, product_id=1, shown_on=earlier, state=state, now=now)
        seen.add(feedback_version(store, at=AT))
    assert len(seen) == 4
    show(store, 1, day=LAST_DAY)
    assert feedback_version(store, at=AT) in seen  # today's offers teach from tomorrow on
    assert feedback_version(store, at=AT, until_now=True) not in seen


def test_learning_moves_the_ranking_and_only_from_the_next_day(demo_store: Store) -> None:
    """Everybody else turns the first of the list down: it comes later for who was not asked."""
    base, tastes = learn(demo_store)
    customer = someone_new(demo_store, base)
    plain = offers_for(base, tastes, load_product_names(demo_store), customer, k=8).new_for_them
    first = int(plain["product_id"].iloc[0])
    with demo_store.begin() as session:
        session.query(Offer).delete()
        others = [int(number) for number in base.table.index if number != customer][:200]
        session.execute(insert(Offer), [refusal(n, person, first) for n, person in enumerate(others, start=1)])
        accepted = [refusal(1000 + n, n, 40) | {"state": "accepted"} for n in others]
        session.execute(insert(Offer), accepted)
    unmoved = lists_of(demo_store, base, tastes, customer, learn_from_offers(demo_store, base, at=AT)).new_for_them
    assert unmoved.equals(plain.head(5))
    tomorrow = OfferDay(LAST_DAY + timedelta(days=1), "UTC")
    learnt = learn_from_offers(demo_store, base, at=tomorrow)
    assert learnt.products.loc[first, "factor"] < 1
    moved = lists_of(demo_store, base, tastes, customer, learnt).new_for_them
    assert moved["product_id"].iloc[0] != first


def refusal(number: int, customer: int, product: int) -> dict[str, object]:
    """A row of what somebody declined today."""
    row = {"id": number, "customer_id": customer, "product_id": product, "list_name": "new for them", "rank": 1}
    said = {"state": "declined", "decided_at": NOON.replace(tzinfo=None), "within_days": 30}
    return row | said | {"reason_kind": "customers alike", "shown_on": LAST_DAY}
