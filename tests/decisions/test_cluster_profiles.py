"""Names and sentences of natural groups."""

import numpy as np
import pandas as pd

from crm_core.decisions.cluster_profiles import describe_clusters, name_clusters
from crm_core.features.scaled_facts import Trait, scale_facts
from crm_core.models.clusters import Clusters, find_clusters
from crm_core.models.group_choice import GroupChoice
from crm_core.models.group_numbers import no_numbers
from crm_core.vocabulary import GroupMethod


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


def make_clusters(centres: list[list[float]], columns: list[str], traits: dict[str, Trait] | None = None) -> Clusters:
    return Clusters(
        labels=pd.Series(range(len(centres))),
        sizes=pd.Series(1, index=range(len(centres))),
        centres=pd.DataFrame(centres, columns=columns),
        by_number=no_numbers(),
        silhouette=0.5,
        choice=GroupChoice(),
        sample=len(centres),
        notes=(),
        traits=traits or {},
    )


def test_a_profile_says_what_sets_a_group_apart_in_money_and_days() -> None:
    base = make_base()
    scaled = scale_facts(base, columns=["days_since_last_order", "orders", "spend_minor"])
    found = find_clusters(scaled)
    quiet, keen = describe_clusters(base, scaled, found, currency="EUR", spend=base["spend_minor"])
    assert (quiet.customers, keen.customers) == (200, 100)
    assert keen.name == "Big-spending, recent"
    assert quiet.customer_share + keen.customer_share == 1
    assert keen.spend_minor == base["spend_minor"].head(100).sum()
    assert keen.spend_share is not None
    assert keen.spend_share > 0.9
    assert keen.sentences[0] == "Last ordered 14 days ago (all: 1.1 years)"
    assert keen.sentences[1].startswith("Orders ")
    assert keen.sentences[2].startswith("Spends ")


def test_kinds_and_shares_are_named_where_they_stand_out() -> None:
    rng = np.random.default_rng(2)
    first = np.repeat([True, False], [60, 40])
    tea = np.where(first, 0.9, 0.1) + rng.uniform(-0.05, 0.05, 100)
    table = pd.DataFrame(
        {
            "age_years": np.where(first, 30.0, 60.0) + rng.integers(0, 5, 100),
            "country": pd.Categorical(np.where(first, "Austria", "Norway")),
            "needs: Tea": tea,
            "needs: Soap": 1 - tea,
        }
    )
    shares = {"needs": {"needs: Tea": "Tea", "needs: Soap": "Soap"}}
    scaled = scale_facts(table, columns=["age_years", "country", "needs"], shares=shares)
    found = find_clusters(scaled, choice=GroupChoice(k=2))
    young, old = describe_clusters(table, scaled, found, currency="EUR")
    assert young.sentences == (
        "32 years old (all: 34)",
        "100% from Austria (all: 60%)",
        "90% of what they buy: Tea (all: 58%)",
    )
    assert old.sentences[1] == "100% from Norway (all: 40%)"
    assert (young.spend_minor, young.spend_share) == (None, None)
    assert {young.name, old.name} == {"From Austria, buys Tea", "From Norway, buys Soap"}


def test_who_is_in_no_group_comes_last_and_is_told_so() -> None:
    base = make_base()
    base.loc[300] = [3_000, 900, 9_000_000]
    scaled = scale_facts(base, columns=list(base))
    found = find_clusters(scaled, choice=GroupChoice(GroupMethod.DBSCAN, reach=0.5, neighbours=5))
    last = describe_clusters(base, scaled, found, currency="EUR", spend=base["spend_minor"])[-1]
    assert (last.group, last.name, last.customers) == (-1, "In no group", 1)
    assert last.sentences[0] == "Like no larger crowd in the chosen facts"
    assert last.sentences[1].startswith("Last ordered 8.2 years ago")


def test_unknown_values_are_no_part_of_a_groups_middle() -> None:
    base = make_base().assign(satisfaction=[0.9] * 60 + [np.nan] * 40 + [0.1] * 200)
    scaled = scale_facts(base, columns=["orders", "satisfaction"])
    groups = describe_clusters(base, scaled, find_clusters(scaled, choice=GroupChoice(k=3)), currency="EUR")
    assert "90% satisfied (all: 10%)" in {profile.sentences[1] for profile in groups}


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


def test_groups_of_one_name_are_told_apart_by_the_fact_in_which_they_differ_most() -> None:
    centres = make_clusters([[-1.2, 0], [-1, 0], [2, 0]], ["orders", "age"])
    names = name_clusters(centres, say=lambda group, fact: f"{group + 1} {fact}")
    assert names == ["Occasional, 1 orders", "Occasional, 2 orders", "Frequent"]


def test_a_name_says_nothing_that_the_groups_middle_does_not_bear_out() -> None:
    """Beside 60 orders 1, 2 and 3 are all few, but the middle customer has between 2 and 3."""
    orders = np.repeat([1.0, 2.0, 3.0, 60.0, 61.0], [20, 20, 20, 10, 10])
    table = pd.DataFrame({"orders": orders, "tenure_days": np.tile(np.arange(20.0), 4)})
    scaled = scale_facts(table, columns=["orders"], flatten=False)
    found = find_clusters(scaled, choice=GroupChoice(k=4, most=4))
    profiles = describe_clusters(table, scaled, found, currency="EUR")
    named = {profile.name: table["orders"][found.labels == profile.group].median() for profile in profiles}
    assert {median for name, median in named.items() if name.startswith("Occasional")} == {1.0, 2.0}
    assert [median for name, median in named.items() if name.startswith("Middling")] == [3.0]
    assert [median for name, median in named.items() if name.startswith("Frequent")] == [60.5]


def test_a_group_in_the_middle_of_everything_is_called_so() -> None:
    assert name_clusters(make_clusters([[0.1, -0.2], [2, 0]], ["orders", "age"])) == ["Middling", "Frequent"]
    assert name_clusters(make_clusters([[0, 2.0], [0, -2.0]], ["orders", "age"])) == ["High age", "Low age"]


def test_a_name_never_says_what_somebody_is_not_and_keeps_the_owners_letters() -> None:
    traits = {"country: iOS": Trait("country", "iOS"), "own: eMail": Trait("own: eMail")}
    clusters = make_clusters([[-2.0, 1.0], [2.0, 0.0]], list(traits), traits)
    assert name_clusters(clusters) == ["High eMail", "From iOS"]


def test_a_kind_that_most_have_names_a_group_that_all_have_it() -> None:
    traits = {"country: UK": Trait("country", "UK"), "country: other": Trait("country", "other")}
    clusters = make_clusters([[0.31, -0.31], [-3.2, 3.2]], list(traits), traits)
    assert name_clusters(clusters) == ["From UK", "From other countries"]


def test_one_crowd_is_called_the_crowd() -> None:
    assert name_clusters(make_clusters([[0.1, 0.9]], ["orders", "age"])) == ["The crowd"]
