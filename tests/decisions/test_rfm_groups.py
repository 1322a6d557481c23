"""Named groups: every cell has one, the corners carry their usual names, and a later order is never worse."""

from itertools import product

import pandas as pd
import pytest

from crm_core.decisions.rfm_groups import GRID, GROUPS, name_groups, pick_group

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
