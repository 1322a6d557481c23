"""Natural groups of a stored shop: everybody in one, tested, explained; small shops and past days."""

from datetime import date

import pytest

from crm_core.services.customers import CustomerBase
from crm_core.services.natural_groups import (
    GroupChoice,
    GroupMethod,
    NaturalGroups,
    find_natural_groups,
    group_facts,
    groups_of_customers,
    people_of,
    sample_points,
)
from crm_core.store.session import Store
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.services.test_customers import SMALL_SHOPS
from tests.shops import add_orders

END = date(2026, 6, 30)
FACTS = ["days_since_last_order", "orders", "spend_minor", "tenure_days"]


def groups_in(
    store: Store, base: CustomerBase, columns: list[str] | None = None, **choice: object
) -> NaturalGroups | str:
    wanted = GroupChoice(**choice)  # type: ignore[arg-type]
    return groups_of_customers(store, base, group_facts(store, base), columns=columns or FACTS, choice=wanted)


def test_natural_groups_part_everyone_and_their_money(demo_store: Store) -> None:
    base = base_of(demo_store, LAST_DAY)
    found = groups_in(demo_store, base)
    assert isinstance(found, NaturalGroups)
    assert sum(profile.customers for profile in found.profiles) == len(base.table)
    assert sum(profile.spend_minor or 0 for profile in found.profiles) == base.table["spend_minor"].sum()
    assert len({profile.name for profile in found.profiles}) == found.clusters.k
    assert found.rules["customers"].sum() == len(base.table)
    assert found.right_share > 0.7
    assert found.answer.startswith(f"Your customers fall into {found.clusters.k} natural groups: ")
    assert 0 < found.stability.agreement <= 1
    assert found.made_by is not None
    assert (found.made_by.customers, found.made_by.as_of, found.made_by.seed) == (len(base.table), LAST_DAY, 7)
    first = people_of(base, found, group=0)
    assert len(first) == found.profiles[0].customers
    assert first["spend_minor"].is_monotonic_decreasing
    everybody = people_of(base, found)
    assert everybody["group"].value_counts().to_dict() == {p.name: p.customers for p in found.profiles}


def test_points_are_a_sample_of_all_and_know_who_is_in(demo_store: Store) -> None:
    base = base_of(demo_store, LAST_DAY)
    found = groups_in(demo_store, base)
    assert isinstance(found, NaturalGroups)
    points = sample_points(found, group=0, x="orders", y="age_years", most=100)
    assert len(points) == 100
    assert points.notna().all().all()
    assert points.loc[points["in_group"]].index.isin(people_of(base, found, group=0).index).all()


def test_every_method_answers_for_a_shop(demo_store: Store) -> None:
    base = base_of(demo_store, LAST_DAY)
    for method in GroupMethod:
        found = groups_in(demo_store, base, ["spend_minor", "age_years", "country"], method=method)
        assert isinstance(found, NaturalGroups)
        assert (found.merges is None) == (method is not GroupMethod.WARD)
        assert (found.gap is None) == (method in (GroupMethod.DBSCAN, GroupMethod.HDBSCAN))
        assert any(note.startswith("Age is unknown for ") for note in found.clusters.notes)


@pytest.mark.parametrize("shop", SMALL_SHOPS)
def test_small_shops_get_groups_or_a_sentence(store: Store, shop: str) -> None:
    add_orders(store, SMALL_SHOPS[shop])
    base = base_of(store, END)
    found = groups_in(store, base)
    if len(base.table) < 10:
        assert found == f"Natural groups need at least 10 customers with orders; there are {len(base.table)} so far."
        assert find_natural_groups(base) is None
    else:
        assert isinstance(found, NaturalGroups)


def test_identical_customers_get_a_sentence(store: Store) -> None:
    add_orders(store, [(f"c{n}", "2026-05-01", 500) for n in range(12)])
    base = base_of(store, END)
    assert groups_in(store, base) == "These customers are too much alike in the chosen facts to fall into groups."
    assert find_natural_groups(base) is None


def test_one_product_for_all_makes_no_needs(store: Store) -> None:
    add_orders(store, [(f"c{n}", f"2026-05-{n + 1:02d}", 500 * (n + 1)) for n in range(12)])
    base = base_of(store, END)
    facts = group_facts(store, base)
    found = groups_of_customers(store, base, facts, columns=["needs"], choice=GroupChoice())
    assert found == "These customers are too much alike in the chosen facts to fall into groups."


def test_groups_of_a_past_day_hold_those_who_were_there(demo_store: Store) -> None:
    base = base_of(demo_store, date(2025, 6, 30))
    found = groups_in(demo_store, base)
    assert isinstance(found, NaturalGroups)
    assert sum(profile.customers for profile in found.profiles) == len(base.table) < 752
