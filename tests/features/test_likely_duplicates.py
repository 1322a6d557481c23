"""Who may be one person: the reasons, and that neither order nor size of the list matters."""

from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from crm_core.features.likely_duplicates import MOST_ALIKE, find_likely_duplicates

COLUMNS = ("name", "email", "phone", "postcode", "birthday")
PEOPLE = some.lists(
    some.fixed_dictionaries(
        {
            "name": some.sampled_from([None, "Ana Berg", "Berg, Ana", "A. Berg", "Anna Berg", "王小明", "Søren"]),
            "email": some.sampled_from([None, "ana.berg@x.org", "ana.bergg@x.org", "anaberg@y.org", "info@x.org"]),
            "phone": some.sampled_from([None, "+49 30 901820", "030 901820", "+44 20 7946 0018"]),
            "postcode": some.sampled_from([None, "10115", "20095"]),
            "birthday": some.sampled_from([None, date(1990, 5, 1), date(1991, 5, 1)]),
        }
    ),
    max_size=12,
)


def table(*people: dict[str, Any]) -> pd.DataFrame:
    rows = [dict.fromkeys(COLUMNS) | {"customer_id": at} | person for at, person in enumerate(people, 1)]
    return pd.DataFrame(rows, columns=["customer_id", *COLUMNS], dtype=object)


def reasons(*people: dict[str, Any]) -> list[str]:
    return find_likely_duplicates(table(*people)).table["reason"].tolist()


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({"name": "Ana Berg"}, {"name": "BERG, Ana"}, "same name"),
        ({"name": "Zoë Núñez"}, {"name": "zoe nunez"}, "same name"),
        ({"name": "ＡＮＡ　Berg"}, {"name": "Ana  Berg"}, "same name"),
        ({"name": "王小明"}, {"name": " 王小明 "}, "same name"),
        ({"name": "Ana Berg", "phone": "+49 30 901820"}, {"name": "Ana Berg", "phone": "030 901820"}, "same phone and"),
        ({"name": "Ana Berg", "phone": "030 901820"}, {"name": "Anna Berg", "phone": "030901820"}, "same phone, names"),
        ({"name": "A. Berg", "postcode": "10115"}, {"name": "Ana Berg", "postcode": "10 115"}, "same postcode, names"),
        (
            {"name": "Ana Berg", "postcode": "10115"},
            {"name": "Ana Berg", "postcode": "10115"},
            "same name and postcode",
        ),
        ({"email": "ana.berg@x.org"}, {"email": "ana.bergg@x.org"}, "e-mail addresses differ by one letter"),
        ({"email": "anab@x.org"}, {"email": "anba@x.org", "name": "Ana"}, ""),  # too short to tell
        ({"email": "customer12@x.org"}, {"email": "customer13@x.org"}, ""),  # another digit, another person
        ({"email": "ana@x.org"}, {"email": "ANA@x.org "}, "same e-mail address"),
        (
            {"name": "Ana Berg", "email": "ana.berg@x.org"},
            {"name": "Ana Berg", "email": "anaberg@y.org"},
            "same nam",
        ),
        (
            {"name": "Ana Berg", "phone": "030901820"},
            {"name": "Jo Hill", "phone": "030901820"},
            "same phone, other name",
        ),
        ({"name": "Ana Berg", "postcode": "10115"}, {"name": "Jo Hill", "postcode": "10115"}, ""),
        ({"name": "Ana Berg"}, {"name": "Anna Berg"}, ""),  # names that are only alike say nothing alone
        ({}, {}, ""),
    ],
)
def test_two_people_are_suggested_for_a_reason(one: dict[str, Any], other: dict[str, Any], reason: str) -> None:
    found = reasons(one, other)
    assert len(found) == bool(reason)
    assert all(words.startswith(reason) for words in found)


def test_another_birthday_makes_it_less_sure() -> None:
    born = [{"name": "Ana Berg", "birthday": date(year, 5, 1)} for year in (1990, 1991)]
    answer = find_likely_duplicates(table(*born)).table
    assert answer["reason"].tolist() == ["same name, but another birthday"]
    assert answer["sure"].tolist() == [0.13]


def test_a_common_name_is_no_reason_alone_and_is_counted() -> None:
    namesakes = [{"name": "Ana Berg"}] * (MOST_ALIKE + 1)
    answer = find_likely_duplicates(table(*namesakes))
    assert (len(answer.table), answer.common_names) == (0, 1)
    assert len(reasons(*namesakes[1:])) == MOST_ALIKE * (MOST_ALIKE - 1) / 2
    near = [*namesakes, {"name": "Ana Berg", "postcode": "1"}, {"name": "Ana Berg", "postcode": "1"}]
    assert reasons(*near) == ["same name and postcode"]


def test_the_surest_come_first() -> None:
    found = find_likely_duplicates(
        table({"name": "A B"}, {"name": "A B"}, {"email": "x@y.z"}, {"email": "x@y.z"})
    ).table
    assert found["sure"].is_monotonic_decreasing
    assert found[["first_id", "second_id"]].to_numpy().tolist() == [[3, 4], [1, 2]]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(people=PEOPLE, order=some.randoms(use_true_random=False))
def test_the_order_of_people_makes_no_difference_and_no_pair_comes_twice(
    people: list[dict[str, Any]], order: Any
) -> None:
    own = table(*people)
    answer = find_likely_duplicates(own).table
    places = list(range(len(own)))
    order.shuffle(places)
    pd.testing.assert_frame_equal(find_likely_duplicates(own.iloc[places]).table, answer)
    assert (answer["first_id"] < answer["second_id"]).all()
    assert not answer.duplicated(["first_id", "second_id"]).any()
    assert answer["sure"].between(0, 1, inclusive="right").all()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(people=PEOPLE)
def test_a_pair_is_judged_alike_from_both_sides(people: list[dict[str, Any]]) -> None:
    there, back = (find_likely_duplicates(table(*some_people)).table for some_people in (people, people[::-1]))
    size = len(people) + 1
    turned = {(size - row.second_id, size - row.first_id): (row.sure, row.reason) for row in back.itertuples()}
    assert {(row.first_id, row.second_id): (row.sure, row.reason) for row in there.itertuples()} == turned
