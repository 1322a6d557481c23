"""Segments of the owner's own: kept under one name each, changed, deleted, put back, and counted on any day."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from sqlalchemy import delete, insert, update

from crm_core.decisions.segment_facts import FACTS, How, Kind, own_fact
from crm_core.decisions.segment_rules import Condition, Group, Rules
from crm_core.decisions.segment_templates import templates
from crm_core.decisions.segment_words import describe_rules
from crm_core.errors import CrmError, NotFoundError
from crm_core.services.customers import CustomerBase
from crm_core.services.exports import export_table
from crm_core.services.people import find_everyone, list_people, people_table
from crm_core.services.preferences import change_preferences, load_preferences
from crm_core.services.saved_segments import (
    SavedSegment,
    change_segment,
    count_segments,
    create_segment,
    delete_segment,
    list_saved,
    people_of_rules,
    put_back_segment,
    segment_people,
)
from crm_core.services.segment_facts import SegmentFacts, choices_of, gather_facts
from crm_core.services.segment_fields import MOST_FIELDS
from crm_core.store.session import Store
from crm_core.store.tables import Customer, CustomField, Product, Segment, SurveyAnswer, Ticket
from tests import bases
from tests.conftest import LAST_DAY
from tests.hostile_words import HOSTILE
from tests.shops import add_orders, add_refund

DAY = date(2026, 6, 30)
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
LONGEST_FIELD = 191  # letters of a name that is stored
TWICE = Rules((Group((Condition("orders", How.AT_LEAST, low=2),)),))
SHOP = [
    ("ana", "2026-01-05", 1000),
    ("ana", "2026-02-05", 3000),
    ("ana", "2026-06-01", 2000),
    ("ben", "2026-02-01", 9000),
    ("cem", "2026-06-15", 500),
    ("cem", "2026-06-20", 500),
]


def base_of(store: Store, as_of: date = DAY) -> CustomerBase:
    return bases.base_of(store, as_of)


def facts_of(store: Store, as_of: date = DAY, *, replayed: bool = False) -> SegmentFacts:
    base = base_of(store, as_of)
    return gather_facts(store, base, load_preferences(store), today=as_of, replayed=replayed)


def asked(*conditions: Condition, currency: str = "EUR") -> Rules:
    return Rules((Group(conditions),), currency=currency)


def names(facts: SegmentFacts, people: pd.Index) -> list[str]:
    return sorted(facts.table.loc[people, "source_id"])


@pytest.fixture
def shop(store: Store) -> Store:
    add_orders(store, SHOP)
    with store.begin() as session:
        session.add(Customer(id=4, source="shop", source_id="dan", name="Dan", birthday=date(1990, 7, 2)))
        session.execute(update(Customer).where(Customer.id == 1).values(email="ana@x.org", country="DE"))
        session.execute(update(Product).values(category="Bath"))
    return store


def test_a_segment_is_kept_under_its_name_and_listed(shop: Store) -> None:
    kept = create_segment(shop, "  Came\nback ", TWICE, now=NOW)
    assert (kept.name, kept.rules, kept.problem) == ("Came back", TWICE, "")
    create_segment(shop, "ältere", TWICE, now=NOW)
    assert [segment.name for segment in list_saved(shop)] == ["Came back", "ältere"]
    assert kept.created_at.replace(tzinfo=UTC) == NOW


def test_a_segment_is_no_fact_so_that_nothing_is_computed_anew_for_it(shop: Store) -> None:
    before = shop.revision()
    delete_segment(shop, create_segment(shop, "Came back", TWICE, now=NOW).segment_id)
    assert shop.revision() == before


@pytest.mark.parametrize("other", ["CAME BACK", "came  back", "Came back "])
def test_no_two_segments_have_one_name_whatever_its_case(shop: Store, other: str) -> None:
    create_segment(shop, "Came back", TWICE, now=NOW)
    with pytest.raises(CrmError, match="There is a segment called 'Came back' already; choose another name"):
        create_segment(shop, other, TWICE, now=NOW)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [(" \n", "Give the segment a name"), ("x" * 61, "61 letters; 60 is the most"), ("Everyone", "what lists say")],
)
def test_a_name_that_can_not_be_kept_says_why(shop: Store, name: str, sentence: str) -> None:
    with pytest.raises(CrmError, match=sentence):
        create_segment(shop, name, TWICE, now=NOW)


def test_hostile_names_are_kept_as_they_are(shop: Store) -> None:
    wanted = dict.fromkeys(" ".join(word.split())[:60] for word in HOSTILE)
    taken = set()
    for name in wanted:
        key = name.casefold()
        if key not in taken:
            taken.add(key)
            assert create_segment(shop, name, TWICE, now=NOW).name == name.strip()
    assert {segment.name.casefold() for segment in list_saved(shop)} == {name.strip() for name in taken}


def test_a_change_and_a_deletion_can_be_put_back(shop: Store) -> None:
    kept = create_segment(shop, "Came back", TWICE, now=NOW)
    never = asked(Condition("orders", How.AT_MOST, high=0))
    before = change_segment(shop, kept.segment_id, name="Never", rules=never, now=NOW + timedelta(hours=1))
    changed = list_saved(shop)[0]
    assert (changed.name, changed.rules, changed.created_at) == (
        "Never",
        Rules(never.groups, currency="EUR"),
        kept.created_at,
    )
    assert before == kept
    put_back_segment(shop, before)
    assert list_saved(shop) == [kept]
    gone = delete_segment(shop, kept.segment_id)
    assert list_saved(shop) == []
    put_back_segment(shop, gone)
    assert list_saved(shop) == [kept]


def test_what_is_put_back_takes_nobody_elses_place(shop: Store) -> None:
    gone = delete_segment(shop, create_segment(shop, "First", TWICE, now=NOW).segment_id)
    create_segment(shop, "Second", TWICE, now=NOW + timedelta(hours=1))
    put_back_segment(shop, gone)
    assert [segment.name for segment in list_saved(shop)] == ["First", "Second"]
    gone = delete_segment(shop, gone.segment_id + 1)
    create_segment(shop, "first one", TWICE, now=NOW)
    with pytest.raises(CrmError, match="There is a segment called 'Second' already"):
        change_segment(shop, list_saved(shop)[0].segment_id, name="second", rules=TWICE, now=NOW)


def test_a_segment_deleted_elsewhere_is_told(shop: Store) -> None:
    with pytest.raises(NotFoundError, match="deleted in another window"):
        delete_segment(shop, 7)


def test_rules_that_can_not_be_read_keep_their_segment_and_say_why(shop: Store) -> None:
    create_segment(shop, "Old", TWICE, now=NOW)
    with shop.begin() as session:
        session.execute(update(Segment).values(rules={"version": 9}))
    kept = list_saved(shop)[0]
    assert kept.rules is None
    counted = count_segments(facts_of(shop), [kept]).iloc[0]
    assert counted["problem"].startswith("Its rules can't be read: These rules are of version 9")
    assert pd.isna(counted["customers"])


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition("orders", How.AT_LEAST, low=2), ["ana", "cem"]),
        (Condition("orders", How.AT_MOST, high=0), ["dan"]),
        (Condition("spend_minor", How.AT_LEAST, low=6000), ["ben"]),
        (Condition("days_since_last_order", How.AT_MOST, high=29), ["ana", "cem"]),
        (Condition("first_order_on", How.IN_THE_LAST, days=30), ["cem"]),
        (Condition("stage", How.ANY_OF, choices=("prospect",)), ["dan"]),
        (Condition("country", How.ANY_OF, choices=("DE",)), ["ana"]),
        (Condition("email", How.UNKNOWN), ["ben", "cem", "dan"]),
        (Condition("birthday_month", How.ANY_OF, choices=("next month",)), ["dan"]),
        (Condition("age_years", How.AT_LEAST, low=35), ["dan"]),
        (Condition("product", How.BOUGHT, choices=("shop/soap",), days=10), []),
        (Condition("product", How.BOUGHT, choices=("shop/soap",), days=11), ["cem"]),
        (Condition("product", How.NOT_BOUGHT, choices=("shop/soap",)), ["dan"]),
        (Condition("product", How.BOUGHT, choices=("shop/gone",)), []),
        (Condition("category", How.BOUGHT, choices=("Bath",)), ["ana", "ben", "cem"]),
        (Condition("satisfaction", How.AT_MOST, high=0.2), ["dan"]),
        (Condition("requests", How.AT_LEAST, low=1), ["ben"]),
        (Condition("waiting_requests", How.AT_LEAST, low=1), ["ben"]),
        (Condition("requests", How.AT_MOST, high=0), ["ana", "cem", "dan"]),
    ],
)
def test_rules_find_their_people_on_every_database(shop: Store, condition: Condition, expected: list[str]) -> None:
    add_refund(shop, 1, "2026-06-02", 500)
    with shop.begin() as session:
        session.add(SurveyAnswer(customer_id=4, answered_on=DAY, question="?", score=0.2))
        session.add(Ticket(customer_id=2, opened_on=date(2026, 6, 29), subject="Where is it?"))
    facts = facts_of(shop)
    assert names(facts, people_of_rules(facts, asked(condition))) == expected


def test_who_is_archived_is_in_no_segment(shop: Store) -> None:
    with shop.begin() as session:
        session.execute(update(Customer).where(Customer.id == 3).values(archived_at=NOW.replace(tzinfo=None)))
    facts = facts_of(shop)
    assert names(facts, people_of_rules(facts, TWICE)) == ["ana"]


def test_a_past_day_counts_what_had_happened_by_then(shop: Store) -> None:
    facts = facts_of(shop, date(2026, 2, 28), replayed=True)
    assert names(facts, facts.table.index) == ["ana", "ben", "dan"]  # cem came later
    assert names(facts, people_of_rules(facts, TWICE)) == ["ana"]
    assert facts.table.loc[1, "spend_minor"] == 4000
    assert facts_of(shop, date(2026, 1, 31), replayed=True).products["name"].tolist() == ["Lavender soap"]
    assert facts_of(shop, date(2025, 1, 31), replayed=True).products.empty


def test_amounts_of_another_base_currency_are_not_compared(shop: Store) -> None:
    rich = asked(Condition("spend_minor", How.AT_LEAST, low=6000))
    kept = create_segment(shop, "Rich", rich, now=NOW)
    change_preferences(shop, {"currency": "GBP"})
    facts = facts_of(shop)
    with pytest.raises(CrmError, match="amounts are in EUR, and your base currency is GBP now"):
        people_of_rules(facts, rich)
    counted = count_segments(facts, [kept]).iloc[0]
    assert pd.isna(counted["customers"])
    assert "EUR" in counted["problem"]


def test_money_in_a_currency_without_a_rate_is_not_known(shop: Store) -> None:
    add_orders(shop, [("eve", "2026-06-01", 700)], currency="USD")
    facts = facts_of(shop)
    little = asked(Condition("spend_minor", How.AT_MOST, high=1000))
    assert names(facts, people_of_rules(facts, little)) == ["cem", "dan"]
    unknown = asked(Condition("spend_minor", How.UNKNOWN))
    assert names(facts, people_of_rules(facts, unknown)) == ["eve"]


def test_counts_and_lists_add_up(shop: Store) -> None:
    kept = [create_segment(shop, "Came back", TWICE, now=NOW)]
    facts = facts_of(shop)
    counted = count_segments(facts, kept).iloc[0]
    assert (counted["customers"], counted["spend_minor"], counted["meaning"]) == (2, 7000, "Ordered at least 2 times")
    people = segment_people(facts, people_of_rules(facts, TWICE))
    assert people["source_id"].tolist() == ["ana", "cem"]
    table = export_table(shop, "segments", as_of=DAY).set_index("customer_id")
    assert table["own_segments"].fillna("").to_dict() == {"ana": "Came back", "ben": "", "cem": "Came back"}
    assert export_table(shop, "own_segments", as_of=DAY)["name"].tolist() == ["Came back"]


def test_customers_list_searches_sorts_and_files_exactly_the_people_of_a_list(shop: Store) -> None:
    base, facts = base_of(shop), facts_of(shop)
    among = people_of_rules(facts, asked(Condition("orders", How.AT_MOST, high=2)))  # ben, cem and dan
    page = list_people(shop, base, among=among, sort="sales")
    assert (page.total, page.table["source_id"].tolist()) == (3, ["ben", "cem", "dan"])
    assert list_people(shop, base, among=among, text="E").table["source_id"].tolist() == ["cem", "ben"]
    assert list_people(shop, base, among=among, stage="prospect").table["source_id"].tolist() == ["dan"]
    stage = str(base.table.loc[3, "stage"])
    assert "cem" in list_people(shop, base, among=among, stage=stage).table["source_id"].tolist()
    assert list_people(shop, base, among=among, page=2).table.empty
    file = people_table(shop, base, find_everyone(shop, base, among=among, sort="sales"))
    assert file["customer_id"].tolist() == ["ben", "cem", "dan"]
    assert people_table(shop, base, among[:0]).empty
    by = pd.Series([5.0, 9.0], index=[3, 2])
    assert find_everyone(shop, base, among=among, by=by).tolist() == [2, 3, 4]


def test_every_fact_can_be_asked_of_the_made_up_company(demo_store: Store) -> None:
    facts = facts_of(demo_store, LAST_DAY)
    assert {fact.name for fact in FACTS.values() if fact.kind is not Kind.BOUGHT} <= set(facts.table.columns)
    for fact in FACTS.values():
        if fact.kind in (Kind.CHOICE, Kind.MONTH, Kind.BOUGHT):
            for choice in choices_of(facts, fact)[:3]:
                how = How.BOUGHT if fact.kind is Kind.BOUGHT else How.ANY_OF
                people_of_rules(facts, asked(Condition(fact.name, how, choices=(choice,))))
    for template in templates(currency="EUR", big_order_minor=5000.0, products=list(facts.products.index[:2])):
        assert 0 <= len(people_of_rules(facts, template.rules)) < len(facts.table), template.name


def test_nobody_has_no_facts_and_no_people(store: Store) -> None:
    facts = facts_of(store)
    assert facts.table.empty
    assert people_of_rules(facts, TWICE).empty
    assert count_segments(facts, [create_segment(store, "x", TWICE, now=NOW)]).iloc[0]["customers"] == 0
    assert isinstance(list_saved(store)[0], SavedSegment)


def add_fields(store: Store, values: dict[str, dict[int, str]]) -> None:
    """Own fields: by name, what some customers have."""
    with store.begin() as session:
        for name, told in values.items():
            for customer, value in told.items():
                session.execute(insert(CustomField).values(customer_id=customer, name=name, value=value))


def test_an_own_field_can_be_asked_for_as_words_or_as_numbers(shop: Store) -> None:
    add_fields(shop, {"Club": {1: "gold", 2: "Gold", 4: "none"}, "Points": {1: "1.200,5", 3: "30", 4: "7"}})
    with shop.begin() as session:
        session.execute(insert(CustomField).values(product_id=1, name="Colour", value="green"))
    facts = facts_of(shop)
    club, points = own_fact("Club", Kind.CHOICE), own_fact("Points", Kind.NUMBER)
    assert facts.fields == (club, points)
    assert choices_of(facts, club) == ["Gold", "gold", "none"]
    gold = Condition(club.name, How.ANY_OF, choices=("gold",))
    many = Condition(points.name, How.AT_LEAST, low=30)
    assert names(facts, people_of_rules(facts, asked(gold))) == ["ana"]
    assert names(facts, people_of_rules(facts, asked(Condition(club.name, How.NONE_OF, choices=("gold",))))) == [
        "ben",
        "dan",
    ]
    assert names(facts, people_of_rules(facts, asked(many))) == ["ana", "cem"]
    assert names(facts, people_of_rules(facts, asked(Condition(points.name, How.UNKNOWN)))) == ["ben"]
    assert describe_rules(asked(gold, many)) == "Club is gold and Points is at least 30"
    assert describe_rules(asked(Condition(club.name, How.UNKNOWN))) == "Club is not known"


def test_a_segment_of_a_field_that_is_gone_says_so_and_keeps_its_rules(shop: Store) -> None:
    add_fields(shop, {"Club": {1: "gold"}})
    kept = create_segment(shop, "Gold", asked(Condition("own: Club", How.ANY_OF, choices=("gold",))), now=NOW)
    assert count_segments(facts_of(shop), list_saved(shop)).iloc[0]["customers"] == 1
    with shop.begin() as session:
        session.execute(delete(CustomField))
    facts = facts_of(shop)
    row = count_segments(facts, list_saved(shop)).iloc[0]
    assert row["problem"] == (
        "Nobody has anything in your field 'Club' now. Change the rules, or bring the file with it again."
    )
    assert (facts.fields, choices_of(facts, own_fact("Club", Kind.CHOICE))) == ((), [])
    assert list_saved(shop)[0].rules == kept.rules
    add_fields(shop, {"Points": {1: "many", 2: "few"}})
    with pytest.raises(CrmError, match="Nobody has a number in your field 'Points' now"):
        people_of_rules(facts, asked(Condition("own number: Points", How.AT_LEAST, low=3)))


def test_a_field_that_nobody_of_a_past_day_had_fits_nobody_then(shop: Store) -> None:
    add_fields(shop, {"Club": {3: "gold"}})  # who came in June
    gold = asked(Condition("own: Club", How.ANY_OF, choices=("gold",)))
    assert names(facts_of(shop), people_of_rules(facts_of(shop), gold)) == ["cem"]
    assert people_of_rules(facts_of(shop, date(2026, 3, 1), replayed=True), gold).empty


def test_fields_and_values_of_any_words_are_asked_for_as_they_stand(shop: Store) -> None:
    fields = {word[:LONGEST_FIELD]: word for word in HOSTILE}
    add_fields(shop, {field: {1: word, 2: word + "x"} for field, word in fields.items()})
    facts = facts_of(shop)
    assert len(facts.fields) == min(MOST_FIELDS, len(fields))
    assert {fact.field for fact in facts.fields} <= set(fields)
    for field, word in fields.items():
        rules = asked(Condition(own_fact(field, Kind.CHOICE).name, How.ANY_OF, choices=(word,)))
        assert names(facts, people_of_rules(facts, rules)) == ["ana"]
        assert describe_rules(rules)
