"""Settings: what a choice would change is shown before it is saved; saved, it counts everywhere; and the way back."""

from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from crm_core.services.preferences import Preferences, change_preferences, load_preferences
from crm_core.store.session import Store
from tests.pages.checks import check_sound
from tests.shops import add_orders

OpenPage = Callable[..., AppTest]


def words(page: AppTest) -> str:
    """All running text of the page."""
    return "\n".join(item.value for item in [*page.markdown, *page.caption, *page.success, *page.warning])


def labelled(items: Any, label: str) -> Any:
    return next(item for item in items if item.label == label)


def press(page: AppTest, label: str) -> None:
    labelled(page.button, label).click().run()
    check_sound(page)


def test_an_empty_product_takes_settings(store: Store, open_page: OpenPage) -> None:
    page = open_page("settings.py", store.url)
    check_sound(page)
    assert page.title[0].value == "What should your figures go by?"
    assert "Nobody has ordered yet, so there is nothing to show." in words(page)
    labelled(page.number_input, "Margin (% of sales)").set_value(40.0).run()
    assert load_preferences(store) == Preferences()  # nothing before Save
    press(page, "Save 1 change")
    assert load_preferences(store) == Preferences(margin_share=0.4)


def test_a_margin_is_seen_before_it_is_saved_and_used_afterwards(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("settings.py", demo_store.url)
    check_sound(page)
    labelled(page.number_input, "Margin (% of sales)").set_value(40.0).run()
    assert "Not saved yet: margin 100% → 40%." in words(page)
    falls = next(item.value for item in page.markdown if item.value.startswith("What your "))
    assert " are worth falls from €" in falls
    worth = falls.rsplit(" to ", 1)[1].rstrip(".")
    labelled(page.slider, "Weight of value (α)").set_value(0.0).run()
    assert "of the top 20 change." in words(page)
    press(page, "Save 2 changes")
    assert "Saved: margin 100% → 40%, α 0.6 → 0." in words(page)
    value = open_page("value.py", demo_store.url)
    assert f"Worth **{worth}** to you today at 40% margin" in words(value)
    press(page, "Undo")
    assert load_preferences(demo_store) == Preferences()
    assert labelled(page.number_input, "Margin (% of sales)").value == 100.0
    assert "Undo" not in [button.label for button in page.button]


def test_choices_that_cannot_be_together_are_explained_and_not_saved(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("settings.py", demo_store.url)
    labelled(page.number_input, "At risk after").set_value(5.0).run()
    check_sound(page)
    assert "these must rise, and lie between 1 and 100." in words(page)
    assert labelled(page.button, "Save 1 change").disabled
    labelled(page.number_input, "Lapsed after").set_value(5.5).run()
    assert "change stage." in words(page)
    press(page, "Save 2 changes")
    assert load_preferences(demo_store).stage_limits.at_risk == 5.0
    people = open_page("customers.py", demo_store.url)
    check_sound(people)
    assert "Later than 5 times their usual gap." in labelled(people.selectbox, "Stage").help


def test_a_number_beyond_its_limits_is_explained_and_not_saved(store: Store, open_page: OpenPage) -> None:
    page = open_page("settings.py", store.url)
    assert labelled(page.button, "Save").disabled  # nothing to save yet
    labelled(page.number_input, "Margin (% of sales)").set_value(150.0).run()
    check_sound(page)
    assert [box.value for box in page.warning] == ["Margin is 150%; it must lie between 0% and 100%."]
    assert labelled(page.button, "Save 1 change").disabled
    labelled(page.number_input, "Margin (% of sales)").set_value(100.0).run()
    labelled(page.number_input, "Days without an order until data count as ended").set_value(0).run()
    check_sound(page)
    assert [box.value for box in page.warning] == ["Days without an order are 0; choose 1 to 3650 days."]
    labelled(page.number_input, "Days without an order until data count as ended").set_value(90).run()
    labelled(page.number_input, "Loyal from (days with an order)").set_value(1).run()
    assert [box.value for box in page.warning] == ["Loyal from 1 days with an order: choose 2 to 100 days."]


def test_weighing_nothing_is_explained(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("settings.py", demo_store.url)
    labelled(page.slider, "Weight of value (α)").set_value(0.0).run()
    labelled(page.slider, "Weight of repeat buying (β)").set_value(0.0).run()
    check_sound(page)
    assert "nothing is left to weigh: raise at least one of them." in words(page)
    assert labelled(page.button, "Save 2 changes").disabled


def test_a_rate_is_asked_for_the_currencies_that_are_used(store: Store, open_page: OpenPage) -> None:
    add_orders(store, [("a", f"2026-05-{n:02d}", 1000) for n in range(1, 9)])
    add_orders(store, [("b", "2026-05-02", 10_000)], currency="USD")
    page = open_page("settings.py", store.url)
    check_sound(page)
    labelled(page.text_input, "1 USD in EUR").set_value("nine").run()
    assert "The rate 'nine' for USD is not a number above 0; write it like 0.92." in words(page)
    labelled(page.text_input, "1 USD in EUR").set_value("0,92").run()
    assert r"1 order in USD (\$100) starts to count as €92.00." in words(page)
    assert "Not saved yet: rate of USD: none → 0.92 EUR." in words(page)
    press(page, "Save 1 change")
    assert load_preferences(store).rates == (("USD", "0.92"),)
    labelled(page.selectbox, "Base currency").set_value("USD").run()
    check_sound(page)
    assert labelled(page.text_input, "1 EUR in USD").value == ""
    press(page, "Save 2 changes")
    assert load_preferences(store) == Preferences(currency="USD")
    press(page, "Undo")
    assert load_preferences(store) == Preferences(rates=(("USD", "0.92"),))


def test_the_defaults_are_filled_in_and_saved_like_any_choice(demo_store: Store, open_page: OpenPage) -> None:
    change_preferences(demo_store, {"margin_share": 0.3, "week_start": "sunday", "time_zone": "Asia/Tokyo"})
    page = open_page("settings.py", demo_store.url)
    press(page, "Back to the defaults")
    assert load_preferences(demo_store).margin_share == 0.3
    assert "margin 30% → 100%" in words(page)
    press(page, "Drop them")
    assert "Not saved yet" not in words(page)
    press(page, "Back to the defaults")
    press(page, "Save 3 changes")
    assert load_preferences(demo_store) == Preferences()
    press(page, "Undo")
    assert load_preferences(demo_store).time_zone == "Asia/Tokyo"


def test_lateness_goes_by_fixed_days_where_the_owner_wants_that(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("settings.py", demo_store.url)
    labelled(page.segmented_control, "A customer is late by").set_value("days").run()
    check_sound(page)
    assert labelled(page.number_input, "At risk after").value == 90
    assert "change stage." in words(page)
    labelled(page.number_input, "Lost after").set_value(100).run()
    assert "lapsed after 180 and lost after 100: these must rise" in words(page)
    labelled(page.number_input, "Lost after").set_value(400).run()
    press(page, "Save 2 changes")
    assert "Saved: late by their own rhythm → fixed days, lost after 365 days → 400 days." in words(page)
    people = open_page("customers.py", demo_store.url)
    assert "Last ordered more than 400 days ago." in labelled(people.selectbox, "Stage").help
    press(page, "Undo")
    assert load_preferences(demo_store) == Preferences()


def test_groups_take_own_limits_names_and_actions(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("settings.py", demo_store.url)
    labelled(page.segmented_control, "Orders").set_value("Own limits").run()
    check_sound(page)
    labelled(page.number_input, "Score 5 from").set_value(1).run()
    check_sound(page)
    assert "The limits of orders must be 4 numbers from 0 on" in words(page)
    labelled(page.number_input, "Score 5 from").set_value(500).run()
    assert "change group." in words(page)
    page.session_state["settings_0_group_words"] = {
        "edited_rows": {0: {"called": "*Stars*", "action": "Send flowers"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    page.run()
    check_sound(page)
    press(page, "Save 2 changes")
    saved = load_preferences(demo_store)
    assert saved.order_limits[3] == 500
    assert saved.group_words == (("Champions", "*Stars*", "Send flowers"),)
    segments = open_page("segments.py", demo_store.url, group="*Stars*")
    check_sound(segments)
    assert "Send flowers" in words(segments)
    assert segments.subheader[0].value.endswith(r"\*Stars\*")
    press(page, "Undo")
    assert load_preferences(demo_store) == Preferences()


def test_limits_of_sales_are_in_the_base_currency_and_go_with_it(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("settings.py", demo_store.url)
    labelled(page.segmented_control, "Sales (€)").set_value("Own limits").run()
    check_sound(page)
    press(page, "Save 1 change")
    saved = load_preferences(demo_store)
    assert len(saved.spend_limits) == 4
    assert change_preferences(demo_store, {"currency": "GBP"})["spend_limits"] == saved.spend_limits
    assert load_preferences(demo_store).spend_limits == ()
