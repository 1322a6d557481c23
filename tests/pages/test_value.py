"""Value & loyalty: empty, filled, with sliders moved, and with shops that are too small."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from crm_core.services.planning import STARTING_PLAN, Plan, PlannedYear, load_plan, save_plan
from crm_core.services.preferences import load_preferences
from crm_core.store.session import Store
from tests.pages.checks import check_sound
from tests.shops import add_orders

OpenPage = Callable[..., AppTest]


def metric(page: AppTest, label: str) -> str:
    return str(next(item.value for item in page.metric if item.label == label))


def words(page: AppTest) -> str:
    """All running text of the page."""
    return "\n".join(item.value for item in [*page.markdown, *page.caption, *page.info])


def test_an_empty_product_asks_for_orders(store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", store.url)
    check_sound(page)
    assert page.title[0].value == "What is each customer worth, and how loyal are they?"
    assert "No orders yet." in words(page)


def test_a_filled_page_answers_with_a_range(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", seen_store.url)
    check_sound(page)
    assert page.title[0].value.startswith("Your ")
    assert "customers are likely to spend" in page.title[0].value
    assert page.title[0].value.endswith("in the next 12 months")
    assert "if they go on as they did" in words(page)
    assert "now **60 : 40**" in words(page)
    tiers = [int(metric(page, tier).replace(",", "")) for tier in ("High", "Medium", "Low")]
    assert f"Loyalty of {sum(tiers)} customers" in words(page)
    assert "make up" in words(page)


def test_a_slider_moves_tiers_and_says_who_enters(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", seen_store.url)
    before = metric(page, "High")
    assert "The same 20 customers lead" in words(page)
    page.slider(key="value_alpha").set_value(0.0).run()
    check_sound(page)
    assert "now **0 : 100**" in words(page)
    assert metric(page, "High") != before
    assert "compared with your saved weights" in words(page)
    assert "**Enters**" in words(page)


def test_the_link_keeps_the_weights(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", seen_store.url, value_alpha="0.9", value_beta="0.1")
    check_sound(page)
    assert "now **90 : 10**" in words(page)


def test_weighing_nothing_is_explained(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", seen_store.url, value_alpha="0.0", value_beta="0.0")
    check_sound(page)
    assert "nothing is left to weigh: raise at least one of them" in words(page)


def test_a_clicked_bar_lists_its_customers(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", seen_store.url)
    page.session_state["value_distribution"] = {"selection": {"points": [{"x": 51.0}]}}
    page.run()
    check_sound(page)
    assert "Customers with a score from 50 to 52; click the bar again for everybody." in words(page)
    listed = next(item.value for item in page.dataframe if "score" in item.value)
    assert len(listed) > 0
    assert listed["score"].between(50, 52, inclusive="left").all()


def test_cut_offs_move_customers_between_tiers(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", seen_store.url)
    page.slider(key="value_cuts").set_value((0.0, 0.0)).run()
    check_sound(page)
    assert (metric(page, "Medium"), metric(page, "Low")) == ("0", "0")


def test_the_source_scale_has_no_tiers(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", seen_store.url)
    page.toggle(key="value_source").set_value(True).run()
    check_sound(page)
    assert "no tiers on this one" in words(page)
    assert "High" not in [item.label for item in page.metric]


def test_saved_weights_are_kept_for_every_page(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", demo_store.url)
    page.slider(key="value_alpha").set_value(0.2).run()
    next(button for button in page.button if button.label == "Save these weights").click().run()
    check_sound(page)
    assert load_preferences(demo_store).alpha == 0.2
    assert "The same 20 customers lead" in words(page)


def test_margin_and_horizon_change_the_answer(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", demo_store.url)
    page.number_input[0].set_value(40.0)
    next(box for box in page.selectbox if box.label != "Open a person").set_value(6)
    next(button for button in page.button if button.label == "Use these everywhere").click().run()
    check_sound(page)
    assert page.title[0].value.endswith("in the next 6 months")
    assert load_preferences(demo_store).margin_share == 0.4
    assert load_preferences(demo_store).horizon_days == 182


def test_the_plan_of_years_is_reckoned_live(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", demo_store.url)
    assert metric(page, "Worth today").endswith("5,038.55")
    page.number_input(key="value_plan_cost").set_value(38.55).run()
    assert metric(page, "Worth today").endswith("5,000.00")
    next(button for button in page.button if button.label == "Save the plan").click().run()
    check_sound(page)
    assert load_plan(demo_store).acquisition_cost == 38.55


def test_a_year_without_its_probability_gets_a_sentence(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", seen_store.url)
    page.session_state["value_plan_years"] = {
        "edited_rows": {},
        "added_rows": [{"revenue": 100.0}],
        "deleted_rows": [],
    }
    page.run()
    assert not page.exception
    assert "Year 4 of the plan lacks its probability" in page.error[0].value


SMALL = {
    "one customer": [("a", "2026-03-01", 1000)],
    "two customers": [("a", "2026-03-01", 1000), ("b", "2026-03-02", 2000)],
    "three customers": [
        ("a", "2026-03-01", 1000), ("a", "2026-03-09", 1200), ("b", "2026-03-02", 5), ("c", "2026-03-03", 9),
    ],
    "all amounts equal": [(f"c{n}", f"2026-0{month}-01", 1000) for n in range(12) for month in (1, 2, 3)],
    "everyone bought once": [(f"c{n}", f"2026-02-{n + 1:02d}", 1000 + n) for n in range(20)],
    "nothing but free samples": [(f"c{n}", f"2026-02-{n + 1:02d}", 0) for n in range(5)],
}  # fmt: skip


@pytest.mark.parametrize("name", SMALL)
def test_small_shops_get_a_true_answer(name: str, store: Store, open_page: OpenPage) -> None:
    add_orders(store, SMALL[name])
    page = open_page("value.py", store.url)
    check_sound(page)
    people = len({customer for customer, _, _ in SMALL[name]})
    who = "1 customer" if people == 1 else f"{people} customers"
    assert page.title[0].value == f"Too early to say what your {who} will spend"
    assert "are needed to predict spending" in words(page)
    assert "clv" not in page.dataframe[0].value  # no assumption is shown as a finding
    assert "nan" not in words(page).lower().split()


def test_a_saved_plan_comes_back_as_it_was(store: Store) -> None:
    assert load_plan(store) == STARTING_PLAN
    plan = Plan((PlannedYear(100.0, 0.5, 3.0),), 0.07, 12.0)
    save_plan(store, plan)
    save_plan(store, plan)
    assert load_plan(store) == plan
