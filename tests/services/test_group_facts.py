"""What customers can be grouped by: what is stored, known for most, and no mere number of a row."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import insert, update

from crm_core.importing.text_table import TextColumn
from crm_core.services.customers import CustomerBase
from crm_core.services.group_facts import behaviour_facts, group_facts, with_needs
from crm_core.services.natural_groups import GroupChoice, NaturalGroups, groups_of_customers
from crm_core.services.own_numbers import read_own_numbers
from crm_core.store.session import Store
from crm_core.store.tables import Customer, CustomField, Product
from tests import bases
from tests.conftest import LAST_DAY
from tests.shops import add_orders

END = date(2026, 6, 30)


def base_of(store: Store, as_of: date = END) -> CustomerBase:
    return bases.base_of(store, as_of)


def test_only_facts_that_are_known_and_differ_can_be_chosen(demo_store: Store, store: Store) -> None:
    assert {"orders", "spend_minor", "days_since_last_order"} <= set(behaviour_facts(base_of(demo_store)).offered)
    add_orders(store, [("a", "2026-05-01", 500), ("b", "2026-05-01", 500)])
    assert behaviour_facts(base_of(store)).offered == ()


def test_who_people_are_can_be_chosen_and_what_is_lacking_is_said(demo_store: Store) -> None:
    base = base_of(demo_store, LAST_DAY)
    facts = group_facts(demo_store, base)
    assert {"age_years", "country", "channel"} <= set(facts.offered)
    assert facts.table["age_years"].dropna().between(15, 82).all()
    assert facts.default == ("days_since_last_order", "orders", "spend_minor", "tenure_days")
    assert not {"label", "source_id", "email"} & set(facts.table.columns)
    assert ("What they buy (your products have no categories)" in facts.lacking) != ("needs" in facts.offered)
    assert facts.table.index.equals(base.table.index)


def test_an_age_is_that_of_the_day_looked_at(store: Store) -> None:
    add_orders(store, [(f"c{n}", f"2026-05-{n:02d}", 100 * n) for n in range(1, 13)])
    with store.begin() as session:
        for number in range(1, 13):
            born = date(1990, 6, number) if number < 12 else date(1700, 1, 1)
            session.execute(update(Customer).where(Customer.id == number).values(birthday=born))
    ages = group_facts(store, base_of(store, date(2026, 6, 1))).table["age_years"]
    assert ages.loc[1] == pytest.approx(36, abs=0.01)
    assert pd.isna(ages.loc[12])
    assert group_facts(store, base_of(store, date(2026, 5, 20))).table["age_years"].loc[1] < 36


def test_needs_are_shares_of_what_each_bought_by_category(store: Store) -> None:
    add_orders(store, [("a", "2026-05-01", 500), ("a", "2026-05-02", 500), ("b", "2026-05-02", 500)])
    with store.begin() as session:
        session.execute(update(Product).values(category="Soap"))
    base = base_of(store)
    facts = group_facts(store, base)
    assert facts.offered[-1] == "needs"
    assert not facts.shares
    counted = with_needs(store, base, facts)
    assert counted.shares == {"needs": {"needs: Soap": "Soap"}}
    assert counted.table["needs: Soap"].tolist() == [1.0, 1.0]


def test_own_fields_with_numbers_can_be_chosen_and_numbers_of_people_can_not(store: Store) -> None:
    add_orders(store, [(f"c{n}", f"2026-05-{n:02d}", 100 * n) for n in range(1, 13)])
    with store.begin() as session:
        for number in range(1, 13):
            fields = {"Shoe size": str(36 + number % 5), "Card": f"{number:04d}", "Town": f"T{number}"}
            if number < 4:
                fields["Rare"] = str(number * 7)
            for name, value in fields.items():
                session.execute(insert(CustomField).values(customer_id=number, name=name, value=value))
    facts = group_facts(store, base_of(store))
    assert [fact for fact in facts.offered if fact.startswith("own: ")] == ["own: Shoe size"]
    assert facts.table["own: Shoe size"].tolist() == [36.0 + number % 5 for number in range(1, 13)]


def test_own_fields_with_a_few_words_can_be_chosen_and_notes_can_not(store: Store) -> None:
    add_orders(store, [(f"c{n}", f"2026-05-{n:02d}", 100 * n) for n in range(1, 13)])
    with store.begin() as session:
        for number in range(1, 13):
            for name, value in {"Club {x}": ["gold", "blue"][number % 2], "Note": f"likes the {number} best"}.items():
                session.execute(insert(CustomField).values(customer_id=number, name=name, value=value))
    base = base_of(store)
    facts = group_facts(store, base)
    assert [fact for fact in facts.offered if fact.startswith("own: ")] == ["own: Club {x}"]
    found = groups_of_customers(store, base, facts, columns=["own: Club {x}", "spend_minor"], choice=GroupChoice(k=2))
    assert isinstance(found, NaturalGroups)
    assert "Club {x} gold" in " ".join(str(profile) for profile in found.profiles)


@pytest.mark.parametrize(
    ("name", "cells", "why_not"),
    [
        ("Income", ["1,234.50", "99", "", "7"], ""),
        ("Income", ["12", "13", "15", "n/a", *map(str, range(20, 60, 3))], ""),
        ("Size", ["S", "M", "38", "40"], "text"),
        ("Row", ["1", "2", "3", "4"], "numbers its rows"),
        ("zip", ["1010", "1010", "8010"], "numbers its rows"),
        ("Width", ["10", "12", "11"], ""),
        ("Gift", ["", "", "3", "5", ""], "mostly empty"),
    ],
)
def test_columns_are_numbers_only_where_they_measure(name: str, cells: list[str], why_not: str) -> None:
    assert read_own_numbers(TextColumn.of(cells), name).why_not == why_not
