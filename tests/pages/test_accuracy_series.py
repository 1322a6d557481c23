"""Accuracy, As a series: too early, offered, compared when asked, and what one customer's months are worth."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from crm_core.services import spend_series
from crm_core.services.jobs import Jobs
from crm_core.store.session import Store
from tests.conftest import LAST_DAY
from tests.pages.checks import check_sound
from tests.services.test_spend_series import LAST, seasonal_orders
from tests.shops import add_orders

OpenPage = Callable[..., AppTest]


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    """A worker of the test's own, and few customers on one day."""
    worker = Jobs()
    monkeypatch.setattr("pages.parts.later._analyst", lambda _past: worker)
    monkeypatch.setattr(spend_series, "MOST_CUSTOMERS", 4)
    monkeypatch.setattr(spend_series, "MOST_DAYS", 1)
    yield worker
    for job in worker._jobs.values():
        job.cancel()
        job.wait(20)


@pytest.fixture
def on_its_last_day(monkeypatch: pytest.MonkeyPatch) -> date:
    monkeypatch.setattr("pages.parts.loading.today", lambda: LAST)
    return LAST


def words(page: AppTest) -> str:
    return "\n".join(item.value for item in [*page.markdown, *page.caption, *page.info])


def keys(page: AppTest) -> set[str]:
    return {str(item.key) for item in [*page.button, *page.selectbox]}


def test_before_two_years_there_is_a_sentence(
    store: Store, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.parts.loading.today", lambda: LAST_DAY)
    start = LAST_DAY - timedelta(days=300)
    days = [(start + timedelta(days=30 * n)).isoformat() for n in range(11)]
    add_orders(store, [(f"c{n}", day, 1000 + 10 * n) for n in range(26) for day in days])
    page = open_page("accuracy.py", store.url)
    check_sound(page)
    assert "No customer has two years of regular orders yet; a series needs them." in words(page)
    assert not {"series_compare", "series_customer_untested"} & keys(page)


def test_the_button_compares_and_one_customer_follows(
    store: Store, open_page: OpenPage, jobs: Jobs, on_its_last_day: date
) -> None:
    add_orders(store, seasonal_orders())
    page = open_page("accuracy.py", store.url)
    check_sound(page)
    assert "**28 customers** have two years of regular orders." in words(page)
    assert "series_customer_tested" not in keys(page)  # nothing is fitted before it is asked for
    page.button(key="series_compare").click().run()
    job = next(jobs.find(key) for key in jobs._jobs if "| series |" in key)
    assert job is not None
    assert job.wait(60)
    page.run()
    check_sound(page)
    assert "For the 4 customers with two years of regular orders the series forecast (" in words(page)
    assert "too few customers to tell, 10 are needed." in words(page)
    assert "the 4 most regular tested" in words(page)
    methods = next(item.value for item in page.dataframe if "fell_back" in item.value)
    assert len(methods) == 7
    assert page.selectbox(key="series_customer_tested").options[0].startswith("Person c")
    assert "the next 2 years are worth **€" in words(page)
    page.segmented_control(key="series_years").set_value(1).run()
    check_sound(page)
    assert "the next year is worth **€" in words(page)
    years = next(item.value for item in page.dataframe if "today_minor" in item.value)
    assert years["today_minor"].iloc[0] == pytest.approx(years["profit_minor"].iloc[0] / 1.1)


def test_a_stopped_comparison_is_offered_again(
    store: Store, open_page: OpenPage, jobs: Jobs, on_its_last_day: date
) -> None:
    add_orders(store, seasonal_orders())
    page = open_page("accuracy.py", store.url)
    go_on = threading.Event()
    jobs.start("before it", lambda _job: go_on.wait(20))
    page.button(key="series_compare").click().run()
    assert "the result stays here until your data change" in words(page)
    assert "series_compare" not in keys(page)
    page.button(key="stop_analysis").click().run()
    go_on.set()
    stopped = next(jobs.find(key) for key in jobs._jobs if "| series |" in key)
    assert stopped is not None
    assert stopped.wait(20)
    page.run()
    check_sound(page)
    assert "Stopped. Nothing was tested." in words(page)
    page.button(key="try_again").click().run()
    assert "series_compare" in keys(page)


def test_where_nothing_can_be_tested_a_customer_is_still_shown(
    store: Store, open_page: OpenPage, jobs: Jobs, on_its_last_day: date
) -> None:
    orders = [order for order in seasonal_orders() if order[1] > "2023-12-15"]
    add_orders(store, orders)
    page = open_page("accuracy.py", store.url)
    check_sound(page)
    assert "28 customers have two years of regular orders by now, but nobody had them 90 days before" in words(page)
    chosen = page.selectbox(key="series_customer_untested")
    assert chosen.value is None
    chosen.set_value(1).run()
    check_sound(page)
    assert "the next 2 years are worth **€" in words(page)
    assert not [key for key in jobs._jobs if "| series |" in key]
