"""Names and sentences of natural groups."""

import numpy as np
import pandas as pd

from crm_core.decisions.cluster_profiles import describe_clusters, name_clusters
from crm_core.models.clusters import Clusters, find_clusters


def make_base() -> pd.DataFrame:
    """100 frequent big spenders of lately, 200 who came once long ago."""
    rng = np.random.default_rng(2)
    often = np.repeat([True, False], [100, 200])
    return pd.DataFrame(
        {
            "days_since_last_order": np.where(often, 12, 400) + rng.integers(0, 5, 300),
            "orders": np.where(often, 9, 1) + rng.integers(0, 2, 300),
            "spend_minor": np.where(often, 90_000, 4_000) + rng.integers(0, 500, 300),
        }
    )


def make_clusters(centres: list[list[float]], columns: list[str]) -> Clusters:
    return Clusters(
        labels=pd.Series(range(len(centres))),
        sizes=pd.Series(1, index=range(len(centres))),
        centres=pd.DataFrame(centres, columns=columns),
        silhouettes=pd.Series({len(centres): 0.5}),
        k=len(centres),
        notes=(),
    )


def test_a_profile_says_what_sets_a_group_apart_in_money_and_days() -> None:
    base = make_base()
    found = find_clusters(base, columns=["days_since_last_order", "orders", "spend_minor"])
    quiet, keen = describe_clusters(base, found, currency="EUR")
    assert (quiet.customers, keen.customers) == (200, 100)
    assert keen.name == "Big-spending, recent"
    assert quiet.customer_share + keen.customer_share == 1
    assert keen.spend_minor == base["spend_minor"].head(100).sum()
    assert keen.spend_share > 0.9
    assert keen.sentences[0] == "Last ordered 14 days ago (all: 1.1 years)"
    assert keen.sentences[1].startswith("Orders ")
    assert keen.sentences[2].startswith("Spends ")


def test_names_differ_even_where_two_traits_are_the_same() -> None:
    columns = ["orders", "spend_minor", "tenure_days"]
    names = name_clusters(make_clusters([[2, 2, -1], [2, 2, 1], [-1, -1, 0]], columns))
    assert names == [
        "Frequent, big-spending, new",
        "Frequent, big-spending, long-standing",
        "Occasional, small-spending",
    ]


def test_the_order_of_traits_makes_no_second_name() -> None:
    names = name_clusters(make_clusters([[2, 1], [1, 2]], ["orders", "spend_minor"]))
    assert names == ["Frequent, big-spending, group 1", "Frequent, big-spending, group 2"]


def test_a_group_in_the_middle_of_everything_is_called_so() -> None:
    assert name_clusters(make_clusters([[0.1, -0.2], [2, 0]], ["orders", "age"])) == ["Middling", "Frequent"]
    assert name_clusters(make_clusters([[0, 2.0], [0, -2.0]], ["orders", "age"])) == ["High age", "Low age"]
