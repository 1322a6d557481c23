"""Segments: empty, filled, by URL, and with shops too small for groups."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from crm_core.services.cohorts import cohorts_of_customers
from crm_core.services.journey import journey_of_customers
from crm_core.services.preferences import load_preferences
from crm_core.services.segments import Segments, customers_of, segment_customers
from crm_core.store.session import Store
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.pages.checks import check_sound
from tests.services.test_customers import SMALL_SHOPS
from tests.shops import add_orders

OpenPage = Callable[..., AppTest]


def segments_of(store: Store) -> Segments:
    """What the page should show of the demonstration company."""
    return segment_customers(base_of(store, LAST_DAY))


def test_an_empty_product_says_what_to_do_first(store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", store.url)
    check_sound(page)
    assert page.title[0].value == "What kinds of customers do I have?"
    assert "No orders yet." in page.markdown[0].value


def test_the_title_is_the_answer_and_a_group_shows_its_people(seen_store: Store, open_page: OpenPage) -> None:
    found = segments_of(seen_store)
    champions = found.groups.set_index("group").loc["Champions"]
    page = open_page("segments.py", seen_store.url)
    check_sound(page)
    assert page.title[0].value == (
        f"Your customers fall into {len(found.groups)} kinds; "
        f"{champions['customers']} Champions bring {champions['spend_share']:.0%} of sales"
    )
    assert page.subheader[0].value == f"{len(found.customers)} customers"
    page.selectbox(key="group").select("Champions")
    page.run()
    check_sound(page)
    assert page.subheader[0].value == f"{champions['customers']} Champions"
    assert [metric.label for metric in page.metric] == ["Customers", "Sales"]
    assert page.metric[0].value == str(champions["customers"])


def test_a_group_can_be_opened_by_url(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", seen_store.url, group="At risk")
    check_sound(page)
    assert page.subheader[0].value == f"{len(customers_of(segments_of(seen_store), group='At risk'))} At risk"


@pytest.mark.parametrize("kinds", ["Named groups", "Natural groups"])
@pytest.mark.parametrize("shop", [name for name in SMALL_SHOPS if name not in ("nobody", "only in the future")])
def test_small_shops_get_a_true_page(store: Store, open_page: OpenPage, shop: str, kinds: str) -> None:
    add_orders(store, SMALL_SHOPS[shop])
    page = open_page("segments.py", store.url, kinds=kinds)
    assert not page.exception
    assert len(page.title) == 1
    if kinds == "Named groups":
        check_sound(page)
        assert ("too few to tell kinds apart" in page.title[0].value) == (shop != "everyone bought once")
    elif shop != "everyone bought once":
        assert "needs at least 10 customers with orders" in page.info[0].value


VIEWS = ["Journey", "Cohorts"]


@pytest.mark.parametrize("kinds", VIEWS)
def test_journey_and_cohorts_of_nobody_say_what_to_do_first(store: Store, open_page: OpenPage, kinds: str) -> None:
    page = open_page("segments.py", store.url, kinds=kinds)
    check_sound(page)
    assert "No orders yet." in page.markdown[0].value


@pytest.mark.parametrize("kinds", VIEWS)
def test_journey_and_cohorts_of_one_customer_claim_nothing(store: Store, open_page: OpenPage, kinds: str) -> None:
    add_orders(store, SMALL_SHOPS["one"])
    page = open_page("segments.py", store.url, kinds=kinds)
    check_sound(page)
    if kinds == "Cohorts":
        assert page.title[0].value == "Do new customers come back?"
        assert "at least 5 customers who first bought in the same month" in page.info[0].value
    else:
        values = {metric.label: metric.value for metric in page.metric}
        assert (values["Known"], values["Ordered"], values["Churn rate"]) == ("1", "not known", "not known")


def test_the_journey_says_who_moved_and_each_rate_with_its_counts(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", seen_store.url, kinds="Journey")
    check_sound(page)
    base = base_of(seen_store, LAST_DAY)
    found = journey_of_customers(base, load_preferences(seen_store), known=800)
    assert page.title[0].value == found.sentence
    metrics = {metric.label: metric for metric in page.metric}
    ordered, churn = found.steps[1].rate, found.churn
    assert churn is not None
    assert churn.value is not None
    assert (metrics["Ordered"].value, metrics["Ordered"].delta) == (f"{ordered.value:.0%}", f"{ordered.part} of 800")
    assert metrics["Churn rate"].value == f"{churn.value:.1%}"
    assert metrics["Churn rate"].delta == f"{churn.part} of {churn.whole}"
    assert metrics["High loyalty score"].delta == f"{found.loyalty.part} of {found.loyalty.whole}"
    moves, stages, _ = (table.value for table in page.dataframe)
    assert moves["customers"].sum() == len(found.movers)
    assert stages["customers"].sum() == 800
    page.segmented_control(key="since").set_value("a year ago").run()
    check_sound(page)
    assert page.title[0].value.startswith("Since 14 Mar 2025, ")


def test_a_stage_of_the_journey_opens_its_customers(seen_store: Store, open_page: OpenPage) -> None:
    for stage in ("at risk", "prospect"):
        page = open_page("segments.py", seen_store.url, kinds="Journey")
        stages = page.dataframe[1].value.set_index("stage")
        page.selectbox(key="stage_chosen").set_value(stage).run()
        check_sound(page)
        assert page.title[0].value == f"{stages.loc[stage, 'customers']} customers"
        assert set(page.dataframe[0].value["stage"]) == {stage}


def test_the_journey_of_a_past_day_knows_nobody_who_came_later(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", seen_store.url, kinds="Journey", day="2025-06-30")
    check_sound(page)
    assert page.title[0].value.startswith("Since 30 May 2025, ")
    known = int(page.metric[0].value)
    assert known < 800
    assert page.dataframe[1].value["customers"].sum() == known


def test_cohorts_show_customers_or_money_and_the_table_behind(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", seen_store.url, kinds="Cohorts")
    check_sound(page)
    base = base_of(seen_store, LAST_DAY)
    found = cohorts_of_customers(base)
    assert page.title[0].value == found.headline
    assert page.markdown[0].value == f"**{found.sentence}**"
    assert "of each group who ordered in that month" in page.caption[0].value
    table = page.dataframe[0].value
    assert table["after_0"].tolist() == found.table.loc[found.table["age"] == 0, "size"].tolist()
    page.segmented_control(key="cohort_value").set_value("money kept").run()
    check_sound(page)
    assert "of the money of the first month" in page.caption[0].value


def test_groups_are_seen_by_sales_too(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", seen_store.url, picture="By sales")
    check_sound(page)
    assert any("the larger an area, the more sales" in caption.value.lower() for caption in page.caption)
