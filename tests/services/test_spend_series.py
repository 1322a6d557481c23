"""Series forecasts on past days: closer than the model where customers have their own seasons, else not.

Two simulated shops; fewer customers and days than the product tests, because fitting takes time.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from crm_core.models.spend_forecast import FITTED, Method
from crm_core.services import spend_series
from crm_core.services.accuracy import MODEL
from crm_core.services.customers import CustomerBase, customer_base
from crm_core.services.jobs import JobCancelled
from crm_core.services.past_days import known_transactions
from crm_core.services.preferences import Preferences
from crm_core.services.series_answers import ANSWERS, known_series
from crm_core.services.spend_series import SeriesTest, compare_series, series_now, series_too_early
from crm_core.store.session import Store, open_store
from tests.shops import SMALL_SHOPS, add_orders, add_refund

START, LAST = date(2022, 1, 3), date(2026, 1, 2)
PEOPLE, TESTED, DAYS = 28, 12, 3


def base_of(store: Store, as_of: date = LAST) -> CustomerBase:
    return customer_base(store, as_of=as_of, preferences=Preferences())


def seasonal_orders(people: int = PEOPLE, *, seed: int = 11) -> list[tuple[str, str, int]]:
    """Everybody orders twice a month and spends more each year; half of them most in spring, the others in autumn."""
    random = np.random.default_rng(seed)
    orders = []
    for number in range(people):
        level = random.uniform(4_000, 6_000)
        for ago in range(0, (LAST - START).days, 15):
            day = LAST - timedelta(days=ago + int(number % 3))
            wave = 1 + 0.8 * np.sin(2 * np.pi * day.timetuple().tm_yday / 365.25 + np.pi * (number % 2))
            growth = 1 + 0.03 * (day - START).days / 30.4
            orders.append((f"c{number:02d}", day.isoformat(), int(level * wave * growth * random.uniform(0.9, 1.1))))
    return orders


def memoryless_orders(*, seed: int = 12) -> list[tuple[str, str, int]]:
    """Everybody orders at a constant rate, about as much each time: what was says nothing but the rate."""
    random = np.random.default_rng(seed)
    orders = []
    for number in range(PEOPLE):
        day, gap = float(random.uniform(0, 20)), random.uniform(15, 40)
        while day < (LAST - START).days:
            orders.append((f"c{number:02d}", (START + timedelta(days=int(day))).isoformat(), int(random.gamma(9, 500))))
            day += random.exponential(gap)
    return orders


@pytest.fixture(scope="module")
def small_test() -> Iterator[None]:
    """Few customers on few days."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spend_series, "MOST_CUSTOMERS", TESTED)
        patch.setattr(spend_series, "MOST_DAYS", DAYS)
        yield


@pytest.fixture(scope="module")
def seasonal(small_test: None) -> tuple[SeriesTest, list[float]]:
    """The test of the seasonal shop, and how far it said it was."""
    store, heard = open_store("sqlite://"), []
    add_orders(store, seasonal_orders())
    found = compare_series(store, base_of(store), horizon_days=90, tell=lambda share, _words: heard.append(share))
    store.close()
    return found, heard


@pytest.fixture(scope="module")
def memoryless(small_test: None) -> SeriesTest:
    store = open_store("sqlite://")
    add_orders(store, memoryless_orders())
    found = compare_series(store, base_of(store), horizon_days=90)
    store.close()
    return found


@pytest.mark.slow
def test_own_seasons_make_a_series_worth_it(seasonal: tuple[SeriesTest, list[float]]) -> None:
    found, _ = seasonal
    assert found.worth_it
    assert found.methods.loc[found.best, "gain_minor"] > 2 * found.methods.loc[found.best, "noise_minor"]
    assert found.sentence("EUR").endswith(": worth it for them.")
    assert f"For the {found.compared.customers} customers with two years of regular orders" in found.sentence("EUR")


@pytest.mark.slow
def test_without_memory_a_series_is_not_worth_it(memoryless: SeriesTest) -> None:
    assert not memoryless.worth_it
    assert memoryless.enough
    assert memoryless.sentence("EUR").endswith("so not worth it here.")


def test_every_method_is_graded_on_the_same_predictions(seasonal: tuple[SeriesTest, list[float]]) -> None:
    found, heard = seasonal
    assert found.methods.index.tolist() == list(ANSWERS)
    assert set(found.methods["predictions"]) == {TESTED * DAYS}
    assert np.isfinite(found.methods[["error_minor", "bias_minor"]].to_numpy()).all()
    assert (found.methods["bias_minor"].abs() <= found.methods["error_minor"]).all()
    assert found.methods.loc[MODEL, ["gain_minor", "noise_minor"]].isna().all()
    assert found.methods["fell_back"].sum() == 0
    assert heard == sorted(heard)
    assert 0 <= heard[0] <= heard[-1] < 1


def test_the_days_do_not_overlap_and_the_most_regular_are_tested(seasonal: tuple[SeriesTest, list[float]]) -> None:
    days = seasonal[0].past_days
    last = pd.Timestamp(LAST)
    assert days["cut_off"].tolist() == [last - pd.Timedelta(days=back) for back in (270, 180, 90)]
    assert days["ends_on"].iloc[-1] == last
    assert days["regular"].tolist() == [PEOPLE] * DAYS
    assert seasonal[0].tested_words.endswith("; 28 customers on 4 Oct 2025, the 12 most regular tested")


def test_a_stop_is_heard(store: Store) -> None:
    add_orders(store, seasonal_orders(3))

    def stop(share: float, words: str) -> None:
        raise JobCancelled

    with pytest.raises(JobCancelled):
        compare_series(store, base_of(store), horizon_days=90, tell=stop)


def test_few_customers_are_no_verdict(small_test: None) -> None:
    store = open_store("sqlite://")
    passing = [(f"x{number}", f"2025-0{month}-01", 900) for number in range(25) for month in (1, 5)]
    add_orders(store, [*seasonal_orders(1), *passing])
    found = compare_series(store, base_of(store), horizon_days=90)
    store.close()
    assert found.sentence("EUR").endswith(": too few customers to tell, 10 are needed.")
    assert not found.worth_it
    assert found.methods.loc[Method.NETWORK, "fell_back"] == DAYS  # one customer's months teach it nothing
    assert found.best in FITTED
    assert found.best is not Method.NETWORK


@pytest.mark.parametrize("name", SMALL_SHOPS)
def test_without_two_years_there_is_a_sentence_and_no_number(name: str) -> None:
    store = open_store("sqlite://")
    add_orders(store, SMALL_SHOPS[name])
    base = base_of(store, date(2026, 7, 1))
    found = compare_series(store, base, horizon_days=90)
    store.close()
    assert found.sentence("EUR") == "No customer has two years of regular orders yet; a series needs them."
    assert found.compared is None
    assert found.methods.empty
    assert series_now(base).empty


def test_two_years_by_now_but_not_then_are_said(store: Store) -> None:
    day, orders = date(2026, 1, 2), []
    for ago in range(0, 760, 20):
        orders.append(("a", (day - timedelta(days=ago)).isoformat(), 1000))
    add_orders(store, orders)
    base = base_of(store)
    told = series_too_early(base, horizon_days=90)
    assert told.startswith(
        "1 customer has two years of regular orders by now, but nobody had them 90 days before the last"
    )
    assert series_now(base)["label"].tolist() == ["Person a"]


def test_a_series_is_what_was_spent_net_of_refunds(store: Store) -> None:
    add_orders(store, [("a", "2025-10-01", 1000), ("a", "2025-12-20", 5000), ("b", "2025-10-01", 70)])
    add_refund(store, 1, "2025-12-28", 1200)
    rows = known_transactions(store, base_of(store))
    series = known_series(rows, pd.Index([1]), as_of=LAST)
    assert series.to_numpy().tolist() == [[0.0, 0.0, 3800.0]]
