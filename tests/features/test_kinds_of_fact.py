"""Categories: common words stay, rare ones are taken together, order changes nothing."""

import pandas as pd

from crm_core.features.kinds_of_fact import as_kinds


def test_rare_words_are_one_kind_and_missing_ones_another() -> None:
    words = pd.Series(["DE"] * 60 + ["AT"] * 30 + [f"x{n}" for n in range(8)] + [None, " "])
    kinds = as_kinds(words)
    assert kinds.value_counts().to_dict() == {"DE": 60, "AT": 30, "other": 8, "not known": 2}
    assert list(kinds.cat.categories) == ["DE", "AT", "other", "not known"]


def test_at_most_six_words_stay_and_equally_common_ones_go_by_the_alphabet() -> None:
    words = pd.Series(list("hgfedcba"))
    expected = ["a", "b", "c", "d", "e", "f", "other"]
    assert list(as_kinds(words).cat.categories) == expected
    assert list(as_kinds(words.sample(frac=1, random_state=1)).cat.categories) == expected


def test_an_owner_may_call_a_country_other() -> None:
    kinds = as_kinds(pd.Series(["other", "other", "DE", "x"] * 30 + ["rare"]))
    assert kinds.value_counts()["other"] == 61
    assert kinds.notna().all()
