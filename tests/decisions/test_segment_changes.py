"""Who entered and left: counts that add up, whatever the lists."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.decisions.segment_changes import count_changes, who_changed

lists = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), st.sets(st.integers(1, 20)).map(lambda ids: pd.Index(sorted(ids), dtype="int64"))
)


@given(lists, lists)
@settings(max_examples=30, deadline=None)
def test_before_and_what_came_and_went_make_now(before: dict[str, pd.Index], now: dict[str, pd.Index]) -> None:
    counts = count_changes(before, now)
    assert (counts["before"] + counts["entered"] - counts["left"] == counts["now"]).all()
    assert (counts["net"] == counts["now"] - counts["before"]).all()
    moved = who_changed(before, now)
    assert len(moved) == counts["entered"].sum() + counts["left"].sum()
    backwards = count_changes(now, before).set_index("name")["left"]
    assert backwards.reindex(counts["name"]).tolist() == counts["entered"].tolist()


def test_nobody_moves_between_equal_days() -> None:
    same = {"best": pd.Index([1, 2])}
    assert count_changes(same, same)[["entered", "left", "net"]].to_numpy().tolist() == [[0, 0, 0]]
    assert who_changed(same, same).empty
    assert who_changed({}, {}).empty
