"""The tree of merges: cut into the groups that are shown, every customer in one end."""

import pytest

from crm_core.features.scaled_facts import scale_facts
from crm_core.models.clusters import find_clusters
from crm_core.models.group_choice import GroupChoice
from crm_core.models.merge_picture import draw_merges
from crm_core.vocabulary import GroupMethod
from tests.models.simulated_groups import simulate_groups


@pytest.mark.parametrize("k", [2, 3, 5])
def test_the_cut_leaves_as_many_groups_as_are_shown(k: int) -> None:
    table, _ = simulate_groups()
    scaled = scale_facts(table, columns=list(table))
    found = find_clusters(scaled, choice=GroupChoice(GroupMethod.WARD, k=k))
    picture = draw_merges(scaled, found)
    assert picture.merges["is_cut"].sum() == k - 1
    assert picture.ends["customers"].sum() == 480
    assert set(picture.ends["group"]) == set(range(k))
    in_groups = picture.ends.groupby("group")["customers"].sum()
    assert in_groups.tolist() == found.sizes.tolist()
    assert len(picture.merges) == len(picture.ends) - 1 == 23


def test_few_customers_have_an_end_each() -> None:
    table, _ = simulate_groups((6, 4, 2))
    scaled = scale_facts(table, columns=list(table))
    picture = draw_merges(scaled, find_clusters(scaled, choice=GroupChoice(GroupMethod.WARD)))
    assert picture.ends["customers"].tolist() == [1] * 12
