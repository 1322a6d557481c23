"""Segments of the owner's own: made from rules, kept, changed, deleted and taken back, opened elsewhere."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert
from streamlit.testing.v1 import AppTest

from crm_core.decisions.segment_facts import How
from crm_core.decisions.segment_rules import Condition, Group, Rules
from crm_core.services.customers import customer_base
from crm_core.services.preferences import change_preferences, load_preferences
from crm_core.services.saved_segments import create_segment, list_saved, people_of_rules
from crm_core.services.segment_facts import SegmentFacts, gather_facts
from crm_core.services.snapshots import kept_snapshots, take_snapshot
from crm_core.store.session import Store
from crm_core.store.tables import CustomField
from tests.conftest import LAST_DAY
from tests.hostile_words import HOSTILE
from tests.pages.checks import check_sound
from tests.shops import SMALL_SHOPS, add_orders

OpenPage = Callable[..., AppTest]
NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
OFTEN = Rules((Group((Condition("orders", How.AT_LEAST, low=5),)),))
RICH = Rules((Group((Condition("spend_minor", How.AT_LEAST, low=50_000),)),), currency="EUR")


def facts_of(store: Store, as_of: date = LAST_DAY, *, replayed: bool = False) -> SegmentFacts:
    preferences = load_preferences(store)
    base = customer_base(store, as_of=as_of, preferences=preferences)
    return gather_facts(store, base, preferences, today=as_of, replayed=replayed)


def metrics(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def words(page: AppTest) -> str:
    return " ".join(
        str(element.value) for kind in ("markdown", "caption", "info", "warning") for element in page.get(kind)
    )


def test_nobody_yet_says_what_to_do_first(store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", store.url, kinds="Own")
    check_sound(page)
    assert "No orders yet." in page.markdown[0].value


@pytest.mark.parametrize("shop", ["one", "all amounts equal"])
def test_small_shops_can_be_asked(store: Store, open_page: OpenPage, shop: str) -> None:
    add_orders(store, SMALL_SHOPS[shop])
    create_segment(store, "Never", Rules((Group((Condition("orders", How.AT_MOST, high=0),)),)), now=NOW)
    page = open_page("segments.py", store.url, kinds="Own", own="Never")
    check_sound(page)
    assert metrics(page)["Customers"] == "0"
    assert "Nobody fits all of this now." in words(page)


def test_a_template_is_counted_named_kept_and_taken_back(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", demo_store.url, kinds="Own")
    check_sound(page)
    assert page.title[0].value == "Which customers do you want to see together?"
    page.selectbox(key="own_template").select("Regulars gone quiet").run()
    check_sound(page)
    said = "Ordered at least 3 times and quiet for at least 1.5 times their usual gap"
    assert f"**{said}.**" in words(page)
    number = metrics(page)["Customers"]
    page.button(key="save_segment").click().run()
    check_sound(page)
    assert [segment.name for segment in list_saved(demo_store)] == ["Regulars gone quiet"]
    assert (page.title[0].value, page.success[0].value) == (
        "You keep 1 segment of your own",
        "Saved “Regulars gone quiet”.",
    )
    assert (page.selectbox(key="own").value, metrics(page)["Customers"]) == ("Regulars gone quiet", number)
    assert page.dataframe[0].value[["name", "meaning"]].to_numpy().tolist() == [["Regulars gone quiet", said]]
    page.button(key="undo_segment").click().run()
    check_sound(page)
    assert list_saved(demo_store) == []


def test_conditions_and_groups_are_added_asked_and_taken_away(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", demo_store.url, kinds="Own")
    add = next(button for button in page.button if button.label == "Add a condition")
    add.click().run()
    second = [box for box in page.selectbox if box.label == "Fact"][1]
    second.select("spend_minor").run()
    assert page.info[0].value == "Sales so far: write a number."
    assert page.button(key="save_segment").disabled
    next(box for box in page.number_input if box.label == "Number, Sales so far").set_value(500.0).run()
    check_sound(page)
    both = Rules((Group((Condition("orders", How.AT_LEAST, low=2), *RICH.conditions)),), currency="EUR")
    facts = facts_of(demo_store)
    assert metrics(page)["Customers"] == str(len(people_of_rules(facts, both)))
    joins = [control for control in page.segmented_control if control.label == "How many must fit"]
    joins[0].set_value("or").run()
    either = Rules((Group(both.groups[0].conditions, "or"),), currency="EUR")
    assert metrics(page)["Customers"] == str(len(people_of_rules(facts, either)))
    next(button for button in page.button if button.label == "Add a group").click().run()
    third = [box for box in page.selectbox if box.label == "Fact"][2]
    third.select("stage").run()
    page.multiselect[0].select("lost").run()
    check_sound(page)
    assert "; and stage is lost.**" in words(page)
    takes = [button for button in page.button if str(button.key).startswith("own_less_")]
    takes[2].click().run()
    check_sound(page)
    assert metrics(page)["Customers"] == str(len(people_of_rules(facts, either)))


def test_a_field_of_the_owners_own_is_asked_for(store: Store, open_page: OpenPage) -> None:
    add_orders(store, [(f"c{number}", f"2026-01-{number:02d}", 500) for number in range(1, 13)])
    with store.begin() as session:
        for number in range(1, 13):
            for name, value in {"*Club* [x]": "gold" if number < 4 else "none", "Points": str(number * 7)}.items():
                session.execute(insert(CustomField).values(customer_id=number, name=name, value=value))
    page = open_page("segments.py", store.url, kinds="Own")
    fact = next(box for box in page.selectbox if box.label == "Fact")
    assert fact.options[-1] == "Points (own field)"
    fact.select("own: *Club* [x]").run()
    page.multiselect[0].select("gold").run()
    check_sound(page)
    assert metrics(page)["Customers"] == "3"
    next(box for box in page.selectbox if box.label == "Fact").select("own number: Points").run()
    next(box for box in page.number_input if box.label == "Number, Points").set_value(70.0).run()
    check_sound(page)
    assert metrics(page)["Customers"] == "3"
    assert "**Points is at least 70.**" in words(page)


def test_a_kept_segment_is_changed_renamed_and_deleted(demo_store: Store, open_page: OpenPage) -> None:
    kept = create_segment(demo_store, "Often here", OFTEN, now=NOW)
    page = open_page("segments.py", demo_store.url, kinds="Own", own="Often here")
    check_sound(page)
    assert page.button(key="save_segment").disabled
    next(box for box in page.number_input if box.label == "Number, Orders").set_value(7.0).run()
    next(box for box in page.text_input if box.label == "Name").set_value("Very often here").run()
    page.button(key="save_segment").click().run()
    check_sound(page)
    changed = list_saved(demo_store)[0]
    assert (changed.segment_id, changed.name) == (kept.segment_id, "Very often here")
    assert changed.rules == Rules((Group((Condition("orders", How.AT_LEAST, low=7),)),))
    assert page.selectbox(key="own").value == "Very often here"
    page.button(key="delete_segment").click().run()
    check_sound(page)
    assert page.success[0].value == "Deleted “Very often here”; its customers stay."
    page.button(key="undo_segment").click().run()
    check_sound(page)
    assert list_saved(demo_store) == [changed]


def test_a_name_that_is_taken_is_told(demo_store: Store, open_page: OpenPage) -> None:
    create_segment(demo_store, "Often here", OFTEN, now=NOW)
    page = open_page("segments.py", demo_store.url, kinds="Own")
    next(box for box in page.text_input if box.label == "Name").set_value("OFTEN HERE").run()
    page.button(key="save_segment").click().run()
    assert page.error[0].value == "There is a segment called 'Often here' already; choose another name."


def test_a_segment_opens_in_customers_with_search_order_and_its_own_file(
    demo_store: Store, open_page: OpenPage
) -> None:
    create_segment(demo_store, "Often here", OFTEN, now=NOW)
    page = open_page("segments.py", demo_store.url, kinds="Own", own="Often here")
    number = metrics(page)["Customers"]
    page.button(key="own_open").click().run()
    check_sound(page)
    assert page.title[0].value == f"{number} customers in “Often here”"
    assert page.selectbox(key="segment").value == "Often here"
    assert "Ordered at least 5 times" in words(page)
    assert page.dataframe[0].value["orders"].min() >= 5
    assert any(button.label == f"{number} customers as CSV" for button in page.get("download_button"))
    searched = open_page("customers.py", demo_store.url, segment="Often here", q="an", sort="sales")
    check_sound(searched)
    assert "customers in “Often here” match “an”" in searched.title[0].value
    assert searched.dataframe[0].value["spend"].is_monotonic_decreasing


@pytest.mark.parametrize(
    ("segment", "column", "value"),
    [("Champions (named group)", None, None), ("lost (stage)", "stage", "lost"), ("high (value tier)", None, None)],
)
def test_customers_takes_groups_stages_and_tiers_too(
    seen_store: Store, open_page: OpenPage, segment: str, column: str | None, value: str | None
) -> None:
    page = open_page("customers.py", seen_store.url, segment=segment)
    check_sound(page)
    assert f"customers in “{segment}”" in page.title[0].value
    if column:
        assert set(page.dataframe[0].value[column]) == {value}


def test_a_list_that_is_gone_says_so_and_shows_everyone(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("customers.py", seen_store.url, segment="First order in Mar 2025")
    check_sound(page)
    assert page.title[0].value == "800 customers"
    assert page.info[0].value == "“First order in Mar 2025” is not there any more, so everyone is shown."


def test_other_views_open_their_people_in_customers(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", seen_store.url, group="Champions")
    number = metrics(page)["Customers"]
    page.button(key="group_open").click().run()
    check_sound(page)
    assert page.title[0].value == f"{number} customers in “Champions (named group)”"
    cohorts = open_page("segments.py", seen_store.url, kinds="Cohorts")
    sizes = cohorts.dataframe[0].value
    box = cohorts.selectbox(key="cohort_chosen")
    box.select(box.options[0]).run()
    check_sound(cohorts)
    assert cohorts.title[0].value == (
        f"{sizes['after_0'].iloc[-1]:.0f} customers in “First order in {sizes['cohort'].iloc[-1]}”"
    )


def test_who_entered_and_left_is_told_with_its_basis_and_opens(demo_store: Store, open_page: OpenPage) -> None:
    create_segment(demo_store, "Often here", OFTEN, now=NOW)
    page = open_page("segments.py", demo_store.url, kinds="Own", own="Often here")
    check_sound(page)
    assert "Compared with 14 Feb 2026, worked out again from what had happened by the end of that day." in words(page)
    counts = page.dataframe[-1].value.iloc[0]
    facts, before = facts_of(demo_store), facts_of(demo_store, date(2026, 2, 14), replayed=True)
    then, now = (set(people_of_rules(one, OFTEN)) for one in (before, facts))
    assert (counts["before"], counts["entered"], counts["left"], counts["now"]) == (
        len(then), len(now - then), len(then - now), len(now),
    )  # fmt: skip
    who = page.selectbox(key="own_changes_who")
    assert who.options == [f"Often here: {len(now - then)} customers entered"]
    who.select(who.options[0]).run()
    check_sound(page)
    assert set(page.dataframe[-1].value.index) == now - then
    page.button(key="own_changes_open").click().run()
    assert page.title[0].value == f"{len(now - then)} customers in “Entered Often here since 14 Feb 2026”"
    preferences = load_preferences(demo_store)
    base = customer_base(demo_store, as_of=date(2026, 2, 10), preferences=preferences)
    take_snapshot(demo_store, base, preferences, today=base.as_of, now=NOW)
    journey = open_page("segments.py", demo_store.url, kinds="Journey")
    check_sound(journey)
    assert "Compared with the snapshot that was kept on 10 Feb 2026" in words(journey)


def test_a_past_day_shows_segments_as_they_were_and_keeps_nothing(demo_store: Store, open_page: OpenPage) -> None:
    create_segment(demo_store, "Often here", OFTEN, now=NOW)
    page = open_page("segments.py", demo_store.url, kinds="Own", own="Often here", day="2025-06-30")
    check_sound(page)
    facts = facts_of(demo_store, date(2025, 6, 30), replayed=True)
    assert metrics(page)["Customers"] == str(len(people_of_rules(facts, OFTEN)))
    assert "come back from this past day to save or change one" in words(page)
    assert not [button for button in page.button if button.key in ("save_segment", "delete_segment")]
    listed = open_page("customers.py", demo_store.url, segment="Often here", day="2025-06-30")
    assert listed.title[0].value == f"{len(people_of_rules(facts, OFTEN))} customers in “Often here”"


def test_amounts_in_another_base_currency_are_asked_for_anew(demo_store: Store, open_page: OpenPage) -> None:
    create_segment(demo_store, "Rich", RICH, now=NOW)
    change_preferences(demo_store, {"currency": "GBP"})
    page = open_page("segments.py", demo_store.url, kinds="Own", own="Rich")
    check_sound(page)
    assert "Its amounts are in EUR, and your base currency is GBP now." in page.warning[0].value
    assert page.info[0].value == "Sales so far: write a number."
    listed = open_page("customers.py", demo_store.url, segment="Rich")
    check_sound(listed)
    assert listed.title[0].value == "0 customers in “Rich”"
    assert "Its amounts are in EUR" in listed.warning[0].value


@pytest.mark.parametrize("word", HOSTILE[::17])
def test_hostile_names_are_shown_as_they_are(store: Store, open_page: OpenPage, word: str) -> None:
    add_orders(store, SMALL_SHOPS["one"])
    kept = create_segment(store, word[:60], Rules((Group((Condition("orders", How.AT_LEAST, low=1),)),)), now=NOW)
    page = open_page("customers.py", store.url)
    option = page.selectbox(key="segment").options[1]
    page.selectbox(key="segment").select(option).run()
    check_sound(page)
    assert page.title[0].value.startswith("1 customer in “")
    own = open_page("segments.py", store.url, kinds="Own")
    own.selectbox(key="own").select(option).run()
    check_sound(own)
    assert metrics(own)["Customers"] == "1"
    assert kept.name in own.dataframe[0].value["name"].iloc[0].strip("\u2068\u2069") or "\u202e" in kept.name


def test_a_product_is_offered_among_one_segment(demo_store: Store, open_page: OpenPage) -> None:
    create_segment(demo_store, "Often here", OFTEN, now=NOW)
    page = open_page("recommend.py", demo_store.url, offer_segment="Often here")
    check_sound(page)
    often = set(people_of_rules(facts_of(demo_store), OFTEN))
    shown = set(page.dataframe[-1].value.index)
    assert shown
    assert shown <= often


def test_named_groups_bear_the_owners_names_everywhere(demo_store: Store, open_page: OpenPage) -> None:
    best = Rules((Group((Condition("rfm_group", How.ANY_OF, choices=("Champions",)),)),))
    create_segment(demo_store, "The best", best, now=NOW)
    change_preferences(demo_store, {"group_words": (("Champions", "Stars", ""),)})
    page = open_page("segments.py", demo_store.url, kinds="Own", own="The best")
    check_sound(page)
    assert "**Named group is Stars.**" in words(page)
    listed = open_page("customers.py", demo_store.url, segment="Stars (named group)")
    check_sound(listed)
    assert listed.title[0].value == f"{metrics(page)['Customers']} customers in “Stars (named group)”"
    journey = open_page("segments.py", demo_store.url, kinds="Journey")
    check_sound(journey)
    assert journey.dataframe[-1].value["name"].iloc[0] == "Stars"


def test_the_first_opening_in_a_month_keeps_how_everybody_stands_and_a_past_day_keeps_nothing(
    store: Store, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_orders(store, SMALL_SHOPS["all amounts equal"])
    open_page("today.py", store.url)
    monkeypatch.setenv("REGULARS_SNAPSHOTS", "yes")
    check_sound(open_page("customers.py", store.url, day="2026-05-20"))
    assert kept_snapshots(store, until=date.max) == ()
    check_sound(open_page("today.py", store.url))
    patience = time.monotonic() + 20
    while not kept_snapshots(store, until=date.max) and time.monotonic() < patience:
        time.sleep(0.05)
    assert [day for day, _ in kept_snapshots(store, until=date.max)] == [date(2026, 5, 28)]
    check_sound(open_page("customers.py", store.url))
    assert len(kept_snapshots(store, until=date.max)) == 1
