"""Tests on past days: which days, that nothing of the future is used, and customers known to follow the model."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from crm_core.services.accuracy import HORIZONS, MODEL, RULES, Backtests, Question, evidence_for, run_backtests
from crm_core.services.customers import CustomerBase, customer_base
from crm_core.services.past_days import known_transactions, past_days_of, what_happened
from crm_core.services.preferences import Preferences
from crm_core.store.session import Store, open_store
from crm_core.vocabulary import Evidence
from tests import bases
from tests.conftest import LAST_DAY
from tests.shops import SMALL_SHOPS, add_orders, add_refund

RULE, RULE_ERROR = "Own rate until silent", 0.6421539376166745  # on the demonstration, 90 days ahead
RATES = {"r": 0.8, "alpha": 60.0, "a": 0.6, "b": 2.5}  # BG/NBD, in days


def base_of(store: Store, as_of: date = LAST_DAY) -> CustomerBase:
    return bases.base_of(store, as_of)


def simulated_orders(customers: int, *, days: int, seed: int) -> list[tuple[str, str, int]]:
    """Orders of customers who buy and leave exactly as BG/NBD supposes, and spend as Gamma-Gamma does."""
    random = np.random.default_rng(seed)
    rates = random.gamma(RATES["r"], 1 / RATES["alpha"], customers)
    leaves = random.beta(RATES["a"], RATES["b"], customers)
    scales = 1500 / random.gamma(4.0, 1.0, customers)
    start, orders = date(2024, 1, 1), []
    for number in range(customers):
        now = float(random.uniform(0, days * 0.6))
        while now < days:
            spend = max(int(scales[number] * random.gamma(6.0)), 1)
            orders.append((f"c{number:04d}", (start + timedelta(days=int(now))).isoformat(), spend))
            if len(orders) > 1 and orders[-2][0] == orders[-1][0] and random.random() < leaves[number]:
                break
            now += float(random.exponential(1 / max(rates[number], 1e-9)))
    return orders


@pytest.fixture(scope="module")
def simulated() -> Backtests:
    """90 days ahead, for 1,200 customers over two years."""
    store = open_store("sqlite://")
    add_orders(store, simulated_orders(1200, days=730, seed=3))
    tested = run_backtests(store, base_of(store, date(2025, 12, 31)), horizon_days=90)
    store.close()
    return tested


@pytest.mark.slow
def test_customers_of_the_model_are_covered_as_announced(simulated: Backtests) -> None:
    days = simulated.past_days
    assert len(days) == 7
    covered = np.average(days["covered"], weights=days["customers"])
    assert covered == pytest.approx(0.92, abs=0.03)  # at least 90 %: purchases come in whole numbers
    assert days["inside"].sum() >= 5
    assert abs(simulated.methods.loc[MODEL, "purchase_bias"]) < 0.05


def test_customers_of_the_model_buy_as_often_as_their_chances_say(simulated: Backtests) -> None:
    bins = simulated.reliability
    assert bins["predictions"].sum() == simulated.past_days["customers"].sum()
    assert (bins["chance"] - bins["share"]).abs().max() < 0.06


def test_customers_of_the_model_make_it_a_tested_one(simulated: Backtests) -> None:
    verdict = evidence_for(simulated, Question.ACTIVE)
    assert verdict.level == Evidence.TESTED_MODEL
    assert verdict.comparison is not None
    assert verdict.comparison.model_error < verdict.comparison.rule_error
    assert verdict.reason("{:.2f}".format).endswith("7 of 7 past days.")


def test_the_demonstration_is_graded_on_every_database(demo_store: Store) -> None:
    tested = run_backtests(demo_store, base_of(demo_store), horizon_days=90)
    assert tested.too_early == ""
    assert list(tested.methods.index) == [MODEL, *(rule.name for rule in RULES)]
    days = tested.past_days
    assert days["cut_off"].is_monotonic_increasing
    assert (days["ends_on"].shift()[1:] <= days["cut_off"][1:]).all()  # windows don't overlap
    assert days["ends_on"].max() <= pd.Timestamp(LAST_DAY)
    assert (days["low"] <= days["expected"]).all()
    assert (days["expected"] <= days["high"]).all()
    assert tested.methods.loc[MODEL, "customers"] == days["customers"].sum()
    assert tested.methods.loc[RULE, "purchase_error"] == pytest.approx(RULE_ERROR, rel=1e-9)  # on each of them
    assert days["actual"].sum() == tested.methods.loc[RULE, "spend_actual"]
    assert len(tested.top) == days["k"].iloc[-1]
    assert (tested.top["purchases"] > 0).sum() == days["hits"].iloc[-1]
    assert f"{days['hits'].iloc[-1]:.0f} bought within 90 days" in tested.sentence


def test_the_level_follows_from_both_errors(demo_store: Store) -> None:
    tested = run_backtests(demo_store, base_of(demo_store), horizon_days=90)
    for question in Question:
        verdict = evidence_for(tested, question)
        assert verdict.comparison is not None
        assert (verdict.level == Evidence.TESTED_MODEL) == verdict.comparison.model_wins
        assert verdict.rule in {"Own rate", "Own rate until silent"}
        assert f"the rule “{verdict.rule}” by" in verdict.reason(str)


@pytest.mark.slow
def test_what_comes_later_changes_nothing_that_was_said(demo_store: Store) -> None:
    before = run_backtests(demo_store, base_of(demo_store), horizon_days=90)
    day = before.past_days["cut_off"].iloc[-1].date() + timedelta(days=5)
    add_orders_of_known(demo_store, day)
    after = run_backtests(demo_store, base_of(demo_store), horizon_days=90)
    said = ["cut_off", "customers", "expected", "low", "high"]
    pd.testing.assert_frame_equal(before.past_days[said], after.past_days[said])
    by_rules = ["purchases_expected", "spend_expected"]
    pd.testing.assert_frame_equal(before.methods[by_rules], after.methods[by_rules])
    assert after.past_days["actual"].iloc[-1] == before.past_days["actual"].iloc[-1] + 123_400


def add_orders_of_known(store: Store, day: date) -> None:
    """One more order of the customer with number 1, on a day."""
    from sqlalchemy import insert

    from crm_core.store.session import raise_revision
    from crm_core.store.tables import Order

    with store.begin() as session:
        first = session.query(Order.id).order_by(Order.id.desc()).limit(1).scalar() + 1
        someone = session.query(Order.customer_id).filter(Order.customer_id.is_not(None)).order_by(Order.id).limit(1)
        session.execute(
            insert(Order).values(
                id=first, source="shop", source_id="later", customer_id=someone.scalar(), ordered_on=day,
                status="paid", currency="EUR", amount_minor=123_400,
            )
        )  # fmt: skip
        raise_revision(session)


def test_a_refund_lowers_what_was_spent_and_is_no_purchase(store: Store) -> None:
    add_orders(store, [("a", "2026-01-01", 1000), ("a", "2026-02-01", 500)])
    add_refund(store, 1, "2026-02-03", 300)
    rows = known_transactions(store, base_of(store))
    assert rows[["amount", "purchase"]].to_numpy().tolist() == [[1000, 1], [500, 1], [-300, 0]]
    happened = what_happened(rows[rows["date"] > "2026-01-15"], pd.Index([1, 2]))
    assert happened.to_numpy().tolist() == [[1.0, 200.0], [0.0, 0.0]]


def days_of(customers: int, *, days: int) -> pd.DataFrame:
    """So many customers who buy every 20 days, all from the first day on."""
    every = pd.date_range("2025-01-01", periods=days // 20 + 1, freq="20D")
    return pd.DataFrame(
        {"customer_id": np.repeat(np.arange(customers), len(every)), "ordered_on": list(every) * customers}
    )


@pytest.mark.parametrize(
    ("customers", "days", "horizon", "tests"),
    [
        (30, 180, 90, 1),
        (30, 160, 90, 0),
        (24, 400, 90, 0),
        (25, 400, 90, 3),
        (30, 800, 30, 8),
        (30, 800, 365, 1),
        (0, 0, 30, 0),
    ],
)
def test_as_many_days_as_history_allows(customers: int, days: int, horizon: int, tests: int) -> None:
    history = days_of(customers, days=days)
    found = past_days_of(history, horizon_days=horizon)
    assert len(found) == tests
    if found:
        steps = [(history["ordered_on"].max() - day).days / horizon for day in found]
        assert all(step == int(step) for step in steps)
        assert steps[-1] == 1
        assert (found[0] - history["ordered_on"].min()).days >= horizon


@pytest.mark.parametrize("name", SMALL_SHOPS)
@pytest.mark.parametrize("horizon", HORIZONS)
def test_too_little_data_get_a_sentence_and_no_number(name: str, horizon: int) -> None:
    store = open_store("sqlite://")
    add_orders(store, SMALL_SHOPS[name])
    tested = run_backtests(
        store, customer_base(store, as_of=date(2026, 7, 1), preferences=Preferences()), horizon_days=horizon
    )
    store.close()
    assert tested.past_days.empty
    assert tested.methods.empty
    assert f"orders over at least {2 * horizon} days, and 25 customers who had come back" in tested.too_early
    verdict = evidence_for(tested, Question.SPEND)
    assert verdict.comparison is None
    assert verdict.level != Evidence.TESTED_MODEL
    assert verdict.reason(str) == "Not tested on your own past yet."


def test_what_can_be_tested_already_is_said(store: Store) -> None:
    add_orders(store, [(f"c{n}", f"2026-{month:02d}-01", 1000 + n) for n in range(26) for month in (1, 2, 3, 4)])
    tested = run_backtests(store, base_of(store, date(2026, 4, 1)), horizon_days=365)
    assert "So far there are 90 days and 0 such customers. 30 days ahead can be tested already." in tested.too_early
    shorter = run_backtests(store, base_of(store, date(2026, 4, 1)), horizon_days=30)
    assert shorter.too_early == ""
    assert np.isnan(shorter.methods.loc[MODEL, "auc"])  # everybody bought
