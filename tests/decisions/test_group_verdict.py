"""How far groups can be trusted, in words."""

import numpy as np
import pandas as pd
import pytest

from crm_core.decisions.group_verdict import say_groups, warn_of_groups
from crm_core.features.scaled_facts import scale_facts
from crm_core.models.clusters import Clusters, find_clusters
from crm_core.models.group_choice import GroupChoice
from crm_core.vocabulary import GroupMethod
from tests.models.simulated_groups import simulate_groups

REAL = pd.DataFrame({"gap": [0.2, 0.5, 1.9], "spread": [0.05] * 3}, index=[1, 2, 3])
EVEN = pd.DataFrame({"gap": [0.2, 0.1, 0.24], "spread": [0.05] * 3}, index=[1, 2, 3])


def three_groups(choice: GroupChoice | None = None) -> Clusters:
    table, _ = simulate_groups()
    return find_clusters(scale_facts(table, columns=list(table)), choice=choice)


def test_the_answer_says_how_many_how_clear_and_how_sure() -> None:
    found = three_groups()
    assert say_groups(found, REAL, 0.97, whom="Your customers") == (
        "Your customers fall into 3 natural groups: clearly apart, and nearly the same would appear again"
    )
    assert say_groups(found, None, 0.2, whom="The rows").endswith("clearly apart, and others would appear")


def test_one_crowd_or_none_is_said_so() -> None:
    one = three_groups(GroupChoice(GroupMethod.DBSCAN, reach=50.0))
    assert say_groups(one, None, 1.0, whom="Your customers") == "Your customers form one crowd; 100% of them are in it"
    none = three_groups(GroupChoice(GroupMethod.DBSCAN, reach=0.001))
    assert say_groups(none, None, 0.0, whom="Your customers") == "Your customers form no dense crowd"
    for found in (one, none):
        assert warn_of_groups(found, None, 1.0) == (
            "No real groups here by this method. Try K-means, other facts or another reach.",
        )


def test_real_groups_have_no_warning() -> None:
    assert warn_of_groups(three_groups(), REAL, 0.97) == ()


def test_groups_no_tighter_than_an_even_crowds_are_called_slices() -> None:
    warnings = warn_of_groups(three_groups(), EVEN, 0.8)
    answer = say_groups(three_groups(), EVEN, 0.97, whom="Your customers")
    assert answer == "Your customers are one crowd: no natural groups, only 3 slices of it"
    assert len(warnings) == 1
    assert warnings[0].startswith("No real groups here: people spread evenly over the same range")


def test_groups_that_do_not_come_again_are_nothing_to_build_on() -> None:
    assert warn_of_groups(three_groups(), REAL, 0.3) == (
        "A few customers more or less, and other groups come out: build nothing on them.",
    )


def test_hardly_apart_is_said_even_where_the_gap_is_not_known() -> None:
    crowd = pd.DataFrame(np.random.default_rng(3).normal(size=(400, 6)), columns=list("abcdef"))
    found = find_clusters(scale_facts(crowd, columns=list("abcdef")))
    assert found.silhouette == pytest.approx(0.13, abs=0.02)
    assert warn_of_groups(found, None, 0.8)[0].startswith("No clear groups here (silhouette 0.1")
