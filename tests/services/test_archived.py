"""Who and what is put away: they count, and are suggested for nothing."""

from datetime import UTC, date, datetime

from crm_core.services.customers import CustomerBase
from crm_core.services.editing import archive_rows
from crm_core.services.overview import list_birthdays
from crm_core.services.people import list_people
from crm_core.services.recommendations import (
    learn_shop_tastes,
    list_products,
    load_items,
    load_product_names,
    offer_product,
    offers_for,
)
from crm_core.services.today import find_suggestions
from crm_core.store.session import Store
from tests import bases
from tests.conftest import LAST_DAY

WHO = {"archive": True, "now": datetime(2026, 3, 14, tzinfo=UTC), "by": "owner"}


def load(store: Store) -> CustomerBase:
    return bases.base_of(store, LAST_DAY)


def test_archived_customers_are_suggested_for_nothing_and_count(demo_store: Store) -> None:
    before = load(demo_store)
    asked = {found.customer_id for found in find_suggestions(demo_store, before, today=LAST_DAY)}
    away = sorted(asked)[: len(asked) // 2]
    tastes = learn_shop_tastes(load_items(demo_store, as_of=LAST_DAY), as_of=LAST_DAY)
    product = int(list_products(tastes, load_product_names(demo_store)).index[0])
    audience = offer_product(before, tastes, product, k=5)
    archive_rows(demo_store, "customers", [*away, *audience.index[:2]], **WHO)
    base = load(demo_store)
    assert base.table["spend_minor"].sum() == before.table["spend_minor"].sum()
    still = {found.customer_id for found in find_suggestions(demo_store, base, today=LAST_DAY)}
    assert still == asked - base.archived
    now = offer_product(base, tastes, product, k=5)
    assert len(now) == 5
    assert now["rank"].tolist() == [1, 2, 3, 4, 5]
    assert now.index[:3].tolist() == audience.index[2:].tolist()


def test_archived_customers_are_listed_only_when_asked_for(demo_store: Store) -> None:
    base = load(demo_store)
    lost = list_people(demo_store, base, stage="at risk")
    away = [int(key) for key in lost.table.index[:2]]
    archive_rows(demo_store, "customers", away, **WHO)
    base = load(demo_store)
    assert list_people(demo_store, base).total == 798
    assert list_people(demo_store, base, sort="name").total == 798
    assert list_people(demo_store, base, stage="at risk").total == lost.total - 2
    assert set(list_people(demo_store, base, archived=True).table.index) == set(away)


def test_nobody_is_wished_a_happy_birthday_from_the_archive(demo_store: Store) -> None:
    with demo_store.read() as session:
        born = session.connection().exec_driver_sql(
            "SELECT id, birthday FROM customers WHERE birthday IS NOT NULL ORDER BY id"
        )
        customer_id, birthday = born.first()
    birthday = birthday if isinstance(birthday, date) else date.fromisoformat(birthday)
    today = date(2026, birthday.month, min(birthday.day, 28))
    before = [found[0] for found in list_birthdays(demo_store, today=today)]
    assert customer_id in before
    archive_rows(demo_store, "customers", [customer_id], **WHO)
    after = [found[0] for found in list_birthdays(demo_store, today=today)]
    assert customer_id not in after
    assert set(before) - {customer_id} == set(after)


def test_an_archived_product_is_never_offered(demo_store: Store) -> None:
    base = load(demo_store)
    tastes = learn_shop_tastes(load_items(demo_store, as_of=LAST_DAY), as_of=LAST_DAY)
    best = int(base.table["spend_minor"].idxmax())
    offers = offers_for(base, tastes, load_product_names(demo_store), best)
    away = [int(offers.buy_again["product_id"].iloc[0]), int(offers.new_for_them["product_id"].iloc[0])]
    archive_rows(demo_store, "products", away, **WHO)
    names = load_product_names(demo_store)
    now = offers_for(base, tastes, names, best)
    assert len(now.new_for_them) == 5
    assert now.new_for_them["product_id"].tolist()[:4] == offers.new_for_them["product_id"].tolist()[1:]
    assert now.buy_again["product_id"].tolist()[:4] == offers.buy_again["product_id"].tolist()[1:]
    assert not set(away) & set(list_products(tastes, names).index)
