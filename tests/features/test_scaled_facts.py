"""Scaled facts: what takes part, what is left out and said, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from crm_core.errors import CrmError
from crm_core.features.scaled_facts import scale_facts


def test_every_fact_has_mean_zero_and_spread_one() -> None:
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"orders": rng.poisson(3, 500), "spend_minor": rng.lognormal(8, 2, 500)})
    scaled = scale_facts(table, columns=["orders", "spend_minor"]).values
    assert scaled.mean().abs().max() < 1e-12
    assert (scaled.std(ddof=0) - 1).abs().max() < 1e-12


def test_long_tails_are_compared_by_ratio() -> None:
    spend = pd.DataFrame({"spend_minor": [100.0] * 30 + [1_000.0, 10_000.0, 100_000.0]})
    scaled = scale_facts(spend, columns=["spend_minor"]).values["spend_minor"].tail(3).to_numpy()
    assert scaled[2] - scaled[1] == pytest.approx(scaled[1] - scaled[0], rel=0.01)


def test_a_few_unknown_values_count_as_the_middle_and_that_is_said() -> None:
    table = pd.DataFrame({"satisfaction": [0.0, 0.5, 1.0, np.nan]})
    scaled = scale_facts(table, columns=["satisfaction"])
    assert scaled.values["satisfaction"].iloc[3] == scaled.values["satisfaction"].iloc[1]
    assert scaled.notes == ("Satisfaction is unknown for 1 customer; they count as the middle.",)


def test_a_fact_that_is_mostly_unknown_is_left_out_and_that_is_said() -> None:
    table = pd.DataFrame({"satisfaction": [1.0, np.nan, np.nan], "orders": [1, 2, 3]})
    scaled = scale_facts(table, columns=["satisfaction", "orders"])
    assert scaled.columns == ("orders",)
    assert scaled.notes == ("Satisfaction is unknown for 2 customers, more than half, so it was left out.",)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ([], "at least one fact"),
        (["age"], "There is no fact age; found customer_id, label, orders"),
        (["label"], "label can't be compared as a number"),
        (["customer_id"], "customer_id can't be compared as a number"),
    ],
)
def test_identifiers_labels_and_unknown_facts_are_refused(columns: list[str], words: str) -> None:
    table = pd.DataFrame({"customer_id": [1, 2], "label": ["a", "b"], "orders": [1, 2]})
    with pytest.raises(CrmError, match=words):
        scale_facts(table, columns=columns)


def test_a_category_counts_as_much_as_a_number() -> None:
    """Two random customers are as far apart by country as by orders: every fact has spread 1 in all."""
    rng = np.random.default_rng(1)
    countries = pd.Series(rng.choice(["DE", "AT", "NL"], 500, p=[0.7, 0.2, 0.1]), dtype="category")
    table = pd.DataFrame({"orders": rng.normal(9, 2, 500), "country": countries})
    scaled = scale_facts(table, columns=["orders", "country"])
    assert scaled.columns == ("orders", "country: AT", "country: DE", "country: NL")
    spread = scaled.values.var(ddof=0)
    assert spread["orders"] == pytest.approx(1)
    assert spread.drop("orders").sum() == pytest.approx(1)
    assert set(scaled.units["country: DE"]) == {0.0, 1.0}
    assert (scaled.traits["country: DE"].fact, scaled.traits["country: DE"].kind) == ("country", "DE")


def test_shares_are_one_fact_and_unknown_ones_count_as_the_mean() -> None:
    table = pd.DataFrame({"needs: Tea": [1.0, 0.0, np.nan, 0.5], "needs: Soap": [0.0, 1.0, np.nan, 0.5]})
    scaled = scale_facts(table, columns=["needs"], shares={"needs": {"needs: Tea": "Tea", "needs: Soap": "Soap"}})
    assert scaled.values.var(ddof=0).sum() == pytest.approx(1)
    assert scaled.values.iloc[2].tolist() == pytest.approx([0, 0])
    assert scaled.notes == ("What they buy is unknown for 1 customer; they count as the middle.",)
    assert scaled.traits["needs: Tea"].is_share


def test_a_category_that_is_unknown_for_some_is_a_kind_and_for_most_is_left_out() -> None:
    known = pd.DataFrame({"country": pd.Categorical(["DE", "AT", "not known"])})
    assert "country: not known" in scale_facts(known, columns=["country"]).columns
    unknown = pd.DataFrame({"country": pd.Categorical(["DE", "not known", "not known"])})
    scaled = scale_facts(unknown, columns=["country"])
    assert scaled.columns == ()
    assert scaled.notes == ("Country is unknown for 2 customers, more than half, so it was left out.",)


def test_a_table_of_the_owner_is_taken_as_it_stands() -> None:
    table = pd.DataFrame({"own: Income": [1.0] * 9 + [1_000.0, np.nan]})
    scaled = scale_facts(table, columns=["own: Income"], flatten=False, who="row")
    assert scaled.values["own: Income"].iloc[9] == pytest.approx(
        (1000 - 1000 * 1 / 11 - 10 / 11) / np.std([1.0] * 10 + [1000.0])
    )
    assert scaled.notes == ("Income is unknown for 1 row; they count as the middle.",)
