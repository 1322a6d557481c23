"""Bundles of stored shops: which orders count, names, money worked by hand, filters, and shops with nothing to find."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from sqlalchemy import insert, select, update

from crm_core.services.bundles import Bundles, bundle_ideas, bundle_network, find_bundles, leave_out, pick_rules
from crm_core.store.currencies import Currencies
from crm_core.store.session import Store, raise_revision
from crm_core.store.tables import Customer, Order, OrderLine, Product
from tests.conftest import LAST_DAY
from tests.models.test_item_sets import count_by_hand
from tests.shops import SOURCE

END = date(2026, 6, 30)
EUR = Currencies("EUR")
PRODUCTS = {"oil": (1, "Care"), "soap": (2, "Bath"), "brush": (3, "Bath"), "candle": (4, None), "jam": (5, None)}
PRICES = {"oil": 1000, "soap": 500, "brush": 800, "candle": 300, "jam": 450}
Baskets = Iterable[tuple[int, str]]
# the last two fill the shop
SHOP = [
    (20, "soap brush"),
    (10, "soap"),
    (10, "brush"),
    (15, "oil soap brush"),
    (5, "oil"),
    (60, "candle"),
    (40, "jam"),
]


def add_baskets(
    store: Store,
    baskets: Baskets,
    *,
    status: str = "paid",
    currency: str = "EUR",
    day: date = date(2026, 5, 1),
    guest: bool = False,
) -> None:
    """Orders of one customer as (how many, "product product"), each line at the product's price."""
    with store.begin() as session:
        number = session.query(Order).count()
        if not session.query(Product).count():
            session.execute(insert(Customer).values(id=1, source=SOURCE, source_id="a", name="Person a"))
            for name, (key, category) in PRODUCTS.items():
                row = {"id": key, "source": SOURCE, "source_id": name, "name": name.title(), "category": category}
                session.execute(insert(Product).values(**row))
        for words in [words for times, words in baskets for _ in range(times)]:
            number += 1
            order = {"id": number, "source": SOURCE, "source_id": f"o{number}", "customer_id": None if guest else 1}
            order |= {"ordered_on": day, "status": status, "currency": currency}
            amounts = [PRICES[name] for name in words.split()]
            session.execute(insert(Order).values(**order, amount_minor=sum(amounts)))
            for place, (name, amount) in enumerate(zip(words.split(), amounts, strict=True)):
                line = {"order_id": number, "fingerprint": place, "occurrence": 0, "product_id": PRODUCTS[name][0]}
                session.execute(insert(OrderLine).values(**line, quantity=1, amount_minor=amount))
        raise_revision(session)


def pairs_of(found: Bundles) -> set[frozenset[str]]:
    return {frozenset((row.first, row.second)) for row in found.rules.itertuples()}


def test_the_demonstration_has_the_sets_that_counting_its_lines_by_hand_finds(demo_store: Store) -> None:
    bought = (
        select(OrderLine.order_id, OrderLine.product_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.status == "paid", Order.ordered_on <= LAST_DAY, OrderLine.amount_minor >= 0)
    )
    with demo_store.read() as session:
        lines = pd.DataFrame(session.execute(bought).all(), columns=["order_id", "product_id"])
    found = find_bundles(demo_store, as_of=LAST_DAY, currencies=EUR)
    assert found.orders == lines["order_id"].nunique()
    counted = count_by_hand(lines, max(0.001, 3 / found.orders))
    triples = {ids: share for ids, share in counted.items() if len(ids) > 1}
    rules = found.rules
    assert len(rules) == sum({2: 2, 3: 6}[len(ids)] for ids in triples)
    support = {tuple(sorted(row.first_ids + row.second_ids)): row.support for row in rules.itertuples()}
    assert support == pytest.approx(triples)
    best = rules.iloc[0]
    assert best["significant"]
    assert best["lift"] > 2


def test_what_was_not_bought_or_was_bought_later_does_not_count_but_guests_do(store: Store) -> None:
    add_baskets(store, SHOP)
    before = find_bundles(store, as_of=END, currencies=EUR)
    add_baskets(store, [(30, "jam candle")], status="cancelled")
    add_baskets(store, [(30, "jam candle")], day=date(2026, 7, 1))
    same = find_bundles(store, as_of=END, currencies=EUR)
    assert (same.orders, same.with_two, pairs_of(same)) == (160, 35, pairs_of(before))
    add_baskets(store, [(30, "jam candle")], guest=True)
    assert frozenset(("Candle", "Jam")) in pairs_of(find_bundles(store, as_of=END, currencies=EUR))


def test_the_best_rule_and_its_figures(store: Store) -> None:
    add_baskets(store, SHOP)
    found = find_bundles(store, as_of=END, currencies=EUR)
    best = found.rules.iloc[0]
    assert (best["first"], best["second"]) == ("Soap", "Brush")
    assert (best["first_baskets"], best["second_baskets"], best["baskets"]) == (45, 45, 35)
    assert best["lift"] == pytest.approx(35 * 160 / (45 * 45))
    assert found.products.loc[2].to_dict() == {"product": "Soap", "category": "Bath", "baskets": 45, "usual_minor": 500}
    assert (found.first_day, found.last_day) == (date(2026, 5, 1), date(2026, 5, 1))
    assert found.counted_from == "Counted is what was bought together in 3 orders or more (fewer say too little)."


def test_the_money_of_a_bundle_is_as_worked_by_hand(store: Store) -> None:
    add_baskets(store, SHOP)
    ideas = bundle_ideas(find_bundles(store, as_of=END, currencies=EUR), taken_share=0.2).set_index("bundle")
    pair, three = ideas.loc["Soap + Brush"], ideas.loc["Oil + Soap + Brush"]
    assert (pair["together"], pair["one_short"], pair["usual_minor"]) == (35, 10 + 10, 1300)
    assert pair["extra_minor"] == pytest.approx(0.2 * (10 * 800 + 10 * 500))
    assert (three["together"], three["one_short"]) == (15, 20)  # the twenty with soap and brush lack the oil
    assert three["extra_minor"] == pytest.approx(0.2 * 20 * 1000)
    assert three["times_chance"] == pytest.approx(15 / 160 / (20 / 160 * (45 / 160) ** 2))
    assert ideas["extra_minor"].is_monotonic_decreasing


def test_amounts_in_another_currency_count_by_the_owners_rate_or_are_unknown(store: Store) -> None:
    add_baskets(store, SHOP, currency="USD")
    with_rate = bundle_ideas(find_bundles(store, as_of=END, currencies=Currencies("EUR", (("USD", "0.5"),))))
    without = bundle_ideas(find_bundles(store, as_of=END, currencies=EUR))
    [pair] = with_rate.loc[with_rate["bundle"] == "Soap + Brush", "extra_minor"]
    assert pair == pytest.approx(0.1 * 0.5 * (10 * 800 + 10 * 500))
    assert without["extra_minor"].isna().all()
    assert len(without) == len(with_rate)


def test_rules_of_a_product_of_a_category_and_with_confidence(store: Store) -> None:
    add_baskets(store, SHOP)
    found = find_bundles(store, as_of=END, currencies=EUR)
    assert all(1 in one + two for one, two in pick_rules(found, product_id=1)[["first_ids", "second_ids"]].to_numpy())
    care = pick_rules(found, category="Care")
    assert care["first"].tolist() == pick_rules(found, product_id=1)["first"].tolist()
    assert len(pick_rules(found, category="Bath")) == len(found.rules)
    sure = pick_rules(found, min_confidence=0.76)
    assert 0 < len(sure) < len(found.rules)
    assert (sure["confidence"] >= 0.76).all()
    assert set(bundle_ideas(found, product_id=1)["bundle"]) <= {"Oil + Soap", "Oil + Brush", "Oil + Soap + Brush"}
    assert pick_rules(found, product_id=5).empty
    assert bundle_ideas(found, product_id=5).empty


def test_a_product_put_away_is_in_no_bundle(store: Store) -> None:
    add_baskets(store, SHOP)
    with store.begin() as session:
        session.execute(update(Product).where(Product.id == 3).values(archived_at=datetime(2026, 6, 1, tzinfo=UTC)))
        raise_revision(session)
    found = find_bundles(store, as_of=END, currencies=EUR)
    assert pairs_of(found) == {frozenset(("Oil", "Soap"))}
    assert "Brush" not in set(found.products["product"])
    assert set(bundle_ideas(found)["bundle"]) <= {"Oil + Soap"}


def test_what_is_left_out_is_in_no_rule_no_bundle_and_no_choice(store: Store) -> None:
    add_baskets(store, SHOP)
    found = find_bundles(store, as_of=END, currencies=EUR)
    without = leave_out(found, {3, 99})
    assert pairs_of(without) == {frozenset(("Oil", "Soap"))}
    assert set(without.products["product"]) == set(found.products["product"]) - {"Brush"}
    assert set(bundle_ideas(without)["bundle"]) <= {"Oil + Soap"}
    assert set(bundle_network(without, without.rules).nodes["product"]) == {"Oil", "Soap"}
    assert pairs_of(found) > pairs_of(without)
    assert leave_out(found, {99}) is found


def test_the_network_has_each_pair_once_and_a_place_for_each_product(store: Store) -> None:
    add_baskets(store, SHOP)
    found = find_bundles(store, as_of=END, currencies=EUR)
    network = bundle_network(found, found.rules)
    pairs = [frozenset((row.first, row.second)) for row in network.links.itertuples()]
    assert frozenset(("Soap", "Brush")) in pairs
    assert len(pairs) == len(set(pairs))
    assert sorted(network.nodes["place"]) == list(range(len(network.nodes)))
    places = network.nodes.set_index("product")["place"]
    for link in network.links.itertuples():
        assert (places[link.first], places[link.second]) == (link.first_place, link.second_place)


@pytest.mark.parametrize(
    ("baskets", "sentence"),
    [
        ((), "No order names a product"),
        (((4, "soap"),), "All orders are of one product"),
        (((4, "soap"), (4, "oil")), "No order holds two different products"),
        (((2, "soap oil"), (4, "oil")), "No two products were bought together in 3 orders or more"),
        (((4, "soap oil"),), "What was bought together may all be chance"),
    ],
)
def test_shops_with_nothing_to_find_say_so(store: Store, baskets: Baskets, sentence: str) -> None:
    add_baskets(store, baskets)
    found = find_bundles(store, as_of=END, currencies=EUR)
    assert found.notes[0].startswith(sentence)
    assert found.sure.empty
    assert bundle_ideas(found).empty
    assert bundle_network(found, found.rules).links.empty


def test_an_empty_store_says_so(store: Store) -> None:
    found = find_bundles(store, as_of=END, currencies=EUR)
    assert (found.orders, found.first_day) == (0, None)
    assert found.notes == ("No order names a product, so nothing can be said of what is bought together.",)
