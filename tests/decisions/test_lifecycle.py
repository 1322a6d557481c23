"""The stage of a customer: by rhythm and chance to come back, or by fixed days."""

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.decisions.lifecycle import StageLimits, lifecycle_stages, stage_meanings
from crm_core.errors import CrmError
from crm_core.vocabulary import Stage

BY_DAYS = StageLimits(fixed_days=(60, 120, 365))
ORDER = [stage.value for stage in (Stage.NEW, Stage.ACTIVE, Stage.LOYAL, Stage.AT_RISK, Stage.LAPSED, Stage.LOST)]


def stage_of(**facts: float) -> str:
    known = {"purchase_days": 5, "lateness": 1.0, "days_since_last_order": 10, "p_active_year": float("nan"), **facts}
    return str(lifecycle_stages(pd.DataFrame([known])).iloc[0])


def test_whoever_is_likely_to_order_within_a_year_is_lapsed_at_most() -> None:
    assert stage_of(lateness=7) == "lost"  # nothing is known of the chance
    assert stage_of(lateness=7, p_active_year=0.49) == "lost"
    assert stage_of(lateness=7, p_active_year=0.5) == "lapsed"
    assert stage_of(lateness=2, p_active_year=0.01) == "at risk"  # a small chance alone makes nobody late


def test_fixed_days_take_the_place_of_the_rhythm_and_of_the_chance() -> None:
    table = pd.DataFrame(
        {
            "purchase_days": [5, 5, 5, 5, 2, 1],
            "lateness": [9.0, 0.1, 0.1, 0.1, 9.0, float("nan")],
            "days_since_last_order": [60, 61, 121, 366, 10, 60],
            "p_active_year": 0.99,
        }
    )
    wanted = ["loyal", "at risk", "lapsed", "lost", "active", "new"]
    assert lifecycle_stages(table, limits=BY_DAYS).tolist() == wanted
    shuffled = table.sample(frac=1, random_state=3)
    assert lifecycle_stages(shuffled, limits=BY_DAYS).sort_index().tolist() == wanted


@given(
    lateness=st.lists(st.floats(0, 50), min_size=2, max_size=8),
    chance=st.one_of(st.floats(0, 1), st.just(float("nan"))),
    bought=st.integers(1, 50),
)
def test_a_longer_wait_never_makes_a_better_stage(lateness: list[float], chance: float, bought: int) -> None:
    waits = sorted(lateness)
    table = pd.DataFrame({"purchase_days": bought, "lateness": waits, "p_active_year": chance})
    places = [max(ORDER.index(stage), ORDER.index("loyal")) for stage in lifecycle_stages(table)]
    assert all(one <= other for one, other in pairwise(places))


@pytest.mark.parametrize("days", [(0, 5, 9), (10, 10, 20), (10, 30, 20), (10, 20, 3651)])
def test_fixed_days_must_rise_within_ten_years(days: tuple[int, int, int]) -> None:
    with pytest.raises(CrmError, match=rf"at risk after {days[0]} days.* must rise"):
        StageLimits(fixed_days=days)


def test_every_stage_says_what_it_goes_by() -> None:
    by_rhythm, by_days = stage_meanings(StageLimits()), stage_meanings(BY_DAYS)
    assert set(by_rhythm) == set(by_days) == set(Stage)
    assert by_rhythm[Stage.LOST] == "Later than 6 times their usual gap, and not likely to order within a year."
    assert by_days[Stage.LOST] == "Last ordered more than 365 days ago."
    assert by_days[Stage.LOYAL] == "Ordered on 4 days or more, the last time within 60 days."
