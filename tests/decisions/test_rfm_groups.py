"""Named groups: every cell has one, the corners carry their usual names, and a later order is never worse."""

from itertools import product

import pandas as pd
import pytest

from crm_core.decisions.rfm_groups import GRID, GROUPS, called_groups, name_groups, pick_group
from crm_core.errors import CrmError

ALL_SCORES = list(product(range(1, 6), repeat=3))


def name_all() -> pd.DataFrame:
    return name_groups(pd.DataFrame(ALL_SCORES, columns=["r_score", "f_score", "m_score"]))


def test_each_of_the_125_scores_has_exactly_one_known_group() -> None:
    named = name_all()
    assert len(named) == 125
    assert set(named["rfm_group"]) == {group.name for group in GROUPS}
    assert len(GROUPS) == 11
    for r, f, m, fm, name in named.itertuples(index=False):
        assert pick_group(r, fm).name == name
        assert fm == (f + m + 1) // 2


@pytest.mark.parametrize(
    ("r", "f", "m", "name"),
    [
        (5, 5, 5, "Champions"),
        (3, 5, 5, "Loyal"),
        (5, 2, 2, "Potential loyalists"),
        (5, 1, 1, "New customers"),
        (4, 1, 1, "Promising"),
        (3, 3, 3, "Need attention"),
        (3, 1, 1, "About to sleep"),
        (2, 5, 5, "At risk"),
        (1, 5, 5, "Can't lose them"),
        (2, 2, 2, "Hibernating"),
        (1, 1, 1, "Lost"),
    ],
)
def test_the_corners_have_their_usual_names(r: int, f: int, m: int, name: str) -> None:
    named = name_groups(pd.DataFrame({"r_score": [r], "f_score": [f], "m_score": [m]}))
    assert named["rfm_group"].tolist() == [name]


def test_a_later_order_never_leads_to_a_worse_group() -> None:
    place = {group.name: number for number, group in enumerate(GROUPS)}
    quiet_ones = {"At risk": 7, "Can't lose them": 8}  # the longer silent, the more urgent
    assert {name: place[name] for name in quiet_ones} == quiet_ones
    for column in range(5):
        places = [place[GRID[row][column]] for row in range(5)]
        assert places == sorted(places, reverse=True)


def test_every_group_says_what_it_means_and_what_to_do() -> None:
    for group in GROUPS:
        assert group.meaning.endswith(".")
        assert group.action.endswith(".")
    assert len({group.meaning for group in GROUPS}) == len({group.action for group in GROUPS}) == 11


def test_the_order_of_rows_changes_nothing() -> None:
    table = pd.DataFrame(ALL_SCORES, columns=["r_score", "f_score", "m_score"])
    shuffled = name_groups(table.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(shuffled.sort_index(), name_groups(table))


def test_groups_take_the_owners_names_and_actions_and_keep_the_rest() -> None:
    groups = called_groups([("Loyal", " Regulars ", ""), ("Lost", "", "Send a card at New Year.")])
    by_name = {group.name: group for group in groups}
    assert [group.name for group in groups] == [group.name for group in GROUPS]
    assert by_name["Loyal"].shown == "Regulars"
    assert by_name["Loyal"].action == next(group.action for group in GROUPS if group.name == "Loyal")
    assert (by_name["Lost"].shown, by_name["Lost"].action) == ("Lost", "Send a card at New Year.")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("Loyal", "lost", ""), "Two groups would be called 'lost'"),
        (("Regulars", "x", ""), "There is no group 'Regulars'; the groups are Champions, Loyal"),
        (("Loyal", "x" * 41, ""), "The name of Loyal has 41 characters; at most 40 can be shown."),
        (("Loyal", "", "x" * 201), "The action of Loyal has 201 characters"),
    ],
)
def test_names_that_would_be_unclear_are_refused(words: tuple[str, str, str], sentence: str) -> None:
    with pytest.raises(CrmError, match=sentence):
        called_groups([words])


def test_two_groups_may_swap_their_names() -> None:
    groups = called_groups([("Loyal", "Lost", ""), ("Lost", "Loyal", "")])
    assert {group.name: group.shown for group in groups}["Lost"] == "Loyal"
