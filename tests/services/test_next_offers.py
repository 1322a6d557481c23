"""Next offers of a stored shop: a usual second order, a way back, and only what is still sold."""

from datetime import date

from crm_core.services.next_offers import NextOffer, OfferKind, next_offer_for
from crm_core.services.recommendations import learn_shop_tastes, load_items, load_product_names, offers_for
from crm_core.store.session import Store
from crm_core.vocabulary import Stage
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.shops import add_orders


def ask(store: Store, customer_id: int, day: date, *, gone: str = "") -> NextOffer | None:
    base = base_of(store, day)
    names = load_product_names(store)
    names = names[names != gone]
    tastes = learn_shop_tastes(load_items(store, as_of=day), as_of=day)
    return next_offer_for(base, tastes, names, offers_for(base, tastes, names, customer_id))


def test_a_lost_customer_gets_what_they_bought_most(demo_store: Store) -> None:
    base = base_of(demo_store, LAST_DAY)
    lost = base.table[base.table["stage"] == Stage.LOST.value].sort_values("orders", ascending=False)
    customer_id = int(lost.index[0])
    found = ask(demo_store, customer_id, LAST_DAY)
    items = load_items(demo_store, as_of=LAST_DAY)
    counted = items[items["customer_id"] == customer_id].groupby("product_id")["order_id"].nunique()
    assert found is not None
    assert found.kind is OfferKind.WAY_BACK
    assert counted[found.product_id] == counted.max()
    assert found.reason.startswith("Bought ")
    other = ask(demo_store, customer_id, LAST_DAY, gone=found.product)
    assert other is not None
    assert other.product_id != found.product_id


def test_a_first_time_buyer_gets_the_usual_second_order(store: Store) -> None:
    add_orders(store, [(f"c{n}", day, 900) for n in range(6) for day in ("2026-05-01", "2026-06-01")])
    add_orders(store, [("first", "2026-06-20", 900)])
    found = ask(store, 7, date(2026, 6, 30))
    assert found is not None
    assert (found.product, found.kind) == ("Lavender soap", OfferKind.SECOND_ORDER)
    assert found.reason == "6 of the 6 others who began alike took it on their second day"


def test_someone_unknown_in_a_shop_without_products_gets_nothing(store: Store) -> None:
    assert ask(store, 999, date(2026, 6, 30)) is None
