"""Accuracy, Offers: tested when it is opened, and what Recommend says of it."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from crm_core.services.offer_backtest import ListKind, run_offer_backtest
from crm_core.store.session import Store
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.pages.checks import check_sound

OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def on_its_last_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration company is looked at on the day it ends."""
    monkeypatch.setattr("pages.parts.loading.today", lambda: LAST_DAY)


def words(page: AppTest) -> str:
    return "\n".join(item.value for item in [*page.markdown, *page.caption, *page.info])


@pytest.mark.slow
def test_the_tab_says_who_bought_from_their_list_and_recommend_repeats_it(
    seen_store: Store, open_page: OpenPage
) -> None:
    page = open_page("recommend.py", seen_store.url)
    assert "Not tested on your own past yet; Accuracy, Offers does that." in words(page)
    page = open_page("accuracy.py", seen_store.url, accuracy_part="Offers", accuracy_days="30 days")
    check_sound(page)
    found = run_offer_backtest(seen_store, base_of(seen_store, LAST_DAY), horizon_days=30)
    for which in ListKind:
        assert f"**{which.value}.** {found.sentence(which)} {found.verdict(which)}" in words(page)
    figures = next(item.value for item in page.dataframe if "hit_share" in item.value)
    assert figures["by"].tolist() == ["Their list", "Bestsellers", "By chance"]
    methods = [item.value for item in page.dataframe if "recipe" in item.value]
    assert [len(table) for table in methods] == [7, 6]
    page = open_page("recommend.py", seen_store.url)
    check_sound(page)
    assert f"Tested on your own past: {found.sentence(ListKind.NEXT)}" in words(page)


@pytest.mark.slow
def test_other_tabs_do_not_wait_for_it(demo_store: Store, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.parts.analysis.offer_backtest", lambda _days: pytest.fail("asked for"))
    page = open_page("accuracy.py", demo_store.url)
    check_sound(page)
