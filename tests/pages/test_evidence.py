"""What pages say of a customer's future follows the level of evidence, and large bases learn beside them."""

import time
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from crm_core.services import customers
from crm_core.services.preferences import change_preferences
from crm_core.store.session import Store
from crm_core.vocabulary import Evidence, Question
from pages.parts import analysis, later, loading
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.pages.checks import check_sound

OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def on_its_last_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration company is looked at on the day it ends."""
    monkeypatch.setattr("pages.parts.loading.today", lambda: LAST_DAY)


def best_customer(store: Store) -> str:
    base = base_of(store, LAST_DAY)
    return str(base.table["purchase_days"].idxmax())


def figures(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def captions(page: AppTest) -> str:
    return "\n".join(item.value for item in [*page.caption, *page.markdown])


def test_untested_a_person_is_told_by_their_rhythm(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("customer.py", demo_store.url, id=best_customer(demo_store))
    check_sound(page)
    assert "By their rhythm, next order" in figures(page)
    assert figures(page)["Waiting for"].endswith("× the usual gap")
    assert "Churn risk" not in figures(page)
    assert "own rhythm" in captions(page)
    assert "Not tested on your own past yet" in captions(page)


@pytest.mark.slow
def test_once_accuracy_has_tested_it_the_model_speaks(demo_store: Store, open_page: OpenPage) -> None:
    who = best_customer(demo_store)
    open_page("accuracy.py", demo_store.url)
    page = open_page("customer.py", demo_store.url, id=who)
    check_sound(page)
    assert figures(page)["Orders within 90 days"].endswith("%")
    assert figures(page)["Churn risk"].endswith("%")
    shown = {name: int(figures(page)[name].rstrip("%")) for name in ("Orders within 90 days", "Churn risk")}
    assert sum(shown.values()) == pytest.approx(100, abs=1)
    assert figures(page)["Next order, if within a year"].startswith("about ")
    assert "Tested on your own past: " in captions(page)
    people = open_page("customers.py", demo_store.url)
    assert "churn_risk" in people.dataframe[0].value
    people.selectbox(key="sort").set_value("churn risk").run()
    check_sound(people)
    risks = people.dataframe[0].value["churn_risk"]
    assert risks.is_monotonic_decreasing
    assert people.title[0].value == "800 customers"
    change_preferences(demo_store, {"churn_days": 7})
    sooner = open_page("customer.py", demo_store.url, id=who)
    assert int(figures(sooner)["Churn risk"].rstrip("%")) > shown["Churn risk"]


@pytest.mark.slow
def test_a_model_no_better_than_rhythm_stays_silent(
    demo_store: Store, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page("accuracy.py", demo_store.url)
    monkeypatch.setattr("crm_core.decisions.evidence.SURE_BY", 1e9)
    page = open_page("customer.py", demo_store.url, id=best_customer(demo_store))
    check_sound(page)
    assert "Churn risk" not in figures(page)
    assert "By their rhythm, next order" in figures(page)


def test_a_large_base_learns_beside_the_pages(
    demo_store: Store, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (customers, loading):
        monkeypatch.setattr(module, "LARGE", 10)
    page = open_page("value.py", demo_store.url)
    check_sound(page)
    assert "totals of shops in general" in next(item.help for item in page.markdown if "Worth **" in item.value)
    monkeypatch.setenv("REGULARS_DATABASE_URL", demo_store.url)
    job = later.find(loading.work_key(loading.LEARNING))
    assert job is not None
    assert job.wait(60)
    assert job.error == ""
    learnt = open_page("value.py", demo_store.url)
    check_sound(learnt)
    assert "totals of your own past" in next(item.help for item in learnt.markdown if "Worth **" in item.value)
    assert loading.base().prediction.learnt_from_past


@pytest.mark.slow
def test_tests_run_beside_the_page_and_are_kept(
    demo_store: Store, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "QUICK", 0)
    page = open_page("accuracy.py", demo_store.url)
    check_sound(page)
    assert page.title[0].value == "Can I believe this?"
    assert "You can go on working meanwhile" in captions(page)
    monkeypatch.setenv("REGULARS_DATABASE_URL", demo_store.url)
    job = later.find(analysis.backtests_key(90))
    assert job is not None
    assert job.wait(120)
    done = open_page("accuracy.py", demo_store.url)
    check_sound(done)
    assert done.title[0].value.startswith("Of the 40 customers ranked highest")
    found = analysis.verdict(Question.ACTIVE)
    assert found is not None
    assert found.level == Evidence.TESTED_MODEL


@pytest.mark.slow
def test_a_year_ahead_is_not_certified_by_a_test_of_ninety_days(demo_store: Store, open_page: OpenPage) -> None:
    open_page("accuracy.py", demo_store.url)
    page = open_page("value.py", demo_store.url)
    check_sound(page)
    assert "Not tested on your own past yet" in captions(page)
    open_page("accuracy.py", demo_store.url, accuracy_days="365 days")
    tested = open_page("value.py", demo_store.url)
    check_sound(tested)
    assert "predictions, 365 days ahead" in captions(tested)


def test_a_failed_test_says_so_and_can_be_tried_again(
    demo_store: Store, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(analysis, "run_backtests", lambda *_args, **_more: 1 / 0)
        page = open_page("accuracy.py", demo_store.url)
    assert "Something went wrong" in page.error[0].value
    assert not page.exception
    page.button(key="try_again").click().run()
    assert page.title[0].value.startswith("Of the 40 customers ranked highest")


@pytest.mark.slow
def test_tests_begin_by_themselves_unless_switched_off(
    demo_store: Store, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_TEST_MODELS", "yes")
    page = open_page("value.py", demo_store.url)
    check_sound(page)
    monkeypatch.setenv("REGULARS_DATABASE_URL", demo_store.url)
    job = later.find(analysis.backtests_key(analysis.TESTED_DAYS))
    assert job is not None
    deadline = time.monotonic() + 120
    while not job.is_over and time.monotonic() < deadline:
        time.sleep(0.2)
    assert job.is_over
    assert job.error == ""
