"""The three databases give the same answers, and so do the same rows in another order."""

import random
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from crm_core.services.customers import customer_base
from crm_core.services.exports import EXPORTS, export_table
from crm_core.services.imports import import_file
from crm_core.services.next_orders import predict_next_orders
from crm_core.services.people import SORT_ORDERS, list_people, load_person
from crm_core.services.preferences import Preferences, load_preferences
from crm_core.services.today import find_suggestions, todays_list
from crm_core.store.session import Store, open_store
from tests.bases import base_of
from tests.conftest import LAST_DAY

PEOPLE = ["Ana", "ben", "Çelik", "Zoë", "élodie", "Ömer", "dan", "Eva"] * 6


def _row(customer: int, name: str, order: int) -> str:
    """An order of a customer, spread over two years without any chance in it."""
    mixed = customer * 5 + order * 3
    day = f"{2024 + mixed // 9 % 2}-{1 + mixed % 12:02d}-{1 + mixed * 7 % 28:02d}"
    bought = f"P{order % 5},{1 + order % 3},{order + 3}.{order + 10},EUR"
    return f"{customer},{name},{customer}@x.org,{customer}-{order},{day},{bought}"


ORDERS = [_row(customer, name, order) for customer, name in enumerate(PEOPLE) for order in range(1 + customer % 6)]
HEADER = "customer_id,name,email,order_id,date,product_id,quantity,amount,currency"
DAY = date(2026, 1, 31)
EMPTY = set(  # what orders alone bring nothing of
    "refunds interactions tickets surveys different_people custom_fields actions predictions offers never_offered "
    "changes import_changes rejected_rows settings model_fits subscriptions own_segments snapshots standings".split()
)


def answers(store: Store, rows: list[str]) -> dict[str, pd.DataFrame]:
    """Everything an owner can ask of a small shop."""
    import_file(store, "\n".join([HEADER, *rows, ""]).encode(), file_name="orders.csv")
    wanted = load_preferences(store)
    base = customer_base(store, as_of=DAY, preferences=wanted)
    found = {name: export_table(store, name, as_of=DAY) for name in EXPORTS}
    found["today"] = todays_list(
        store, base, find_suggestions(store, base, today=DAY), today=DAY, share_saved=wanted.share_saved
    ).as_export()
    for sort in SORT_ORDERS:
        found[f"people by {sort}"] = list_people(store, base, sort=sort).table.reset_index(drop=True)
    found["search"] = list_people(store, base, text="ÇELIK", sort="name").table.reset_index(drop=True)
    return found


@cache
def expected() -> dict[str, Any]:
    store = open_store("sqlite://")
    try:
        return answers(store, ORDERS)
    finally:
        store.close()


def compare(found: dict[str, pd.DataFrame], wanted: dict[str, pd.DataFrame]) -> None:
    assert found.keys() == wanted.keys()
    for name, table in wanted.items():
        assert (len(table) == 0) == (name in EMPTY), name
        if name == "imports":
            continue  # tells when it was
        pd.testing.assert_frame_equal(found[name], table, rtol=1e-9, check_dtype=False, obj=name)


def test_every_database_gives_the_same_answers(store: Store) -> None:
    compare(answers(store, ORDERS), expected())


MANY = [_row(customer, f"N{customer}", order) for customer in range(160) for order in range(1 + customer % 9)]


def learnt(store: Store, rows: list[str]) -> dict[str, pd.DataFrame]:
    """What learning from past days says of a shop large enough for it."""
    import_file(store, "\n".join([HEADER, *rows, ""]).encode(), file_name="orders.csv")
    base = customer_base(store, as_of=DAY, preferences=Preferences(horizon_days=90))
    assert base.prediction.choice is not None
    by_number = base.table["source_id"].to_numpy()
    found = {
        "value": base.prediction.table,
        "next orders": predict_next_orders(base, churn_days=45).table,
    }
    found = {name: table.set_axis(by_number).sort_index() for name, table in found.items()}
    return {**found, "candidates": base.prediction.choice.table}


@cache
def expected_to_be_learnt() -> dict[str, Any]:
    store = open_store("sqlite://")
    try:
        return learnt(store, MANY)
    finally:
        store.close()


def test_every_database_teaches_the_same(store: Store) -> None:
    found = learnt(store, MANY)
    for name, table in expected_to_be_learnt().items():
        assert len(table), name
        pd.testing.assert_frame_equal(found[name], table, rtol=1e-9, check_dtype=False, obj=name)


@pytest.mark.parametrize("seed", [1, 2])
def test_shuffled_rows_give_the_same_answers(seed: int, tmp_path: Path) -> None:
    rows = list(ORDERS)
    random.Random(seed).shuffle(rows)
    store = open_store(f"sqlite:///{tmp_path / 'shuffled.db'}")
    found, wanted = answers(store, rows), expected()
    store.close()
    for name in ("features", "scores", "segments"):
        key = "customer_id"
        pd.testing.assert_frame_equal(
            found[name].reset_index(drop=True).sort_values(key, ignore_index=True),
            wanted[name].reset_index(drop=True).sort_values(key, ignore_index=True),
            rtol=1e-9,
            check_dtype=False,
        )


def test_a_persons_history_reads_the_same(demo_store: Store) -> None:
    base = base_of(demo_store, LAST_DAY)
    busiest = int(base.table["orders"].idxmax())
    history = load_person(demo_store, base, busiest).history
    assert history["happened_on"].is_monotonic_decreasing
    assert history["what"].notna().all()
    assert {"order", "conversation"} <= set(history["kind"])
