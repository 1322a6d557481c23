"""What the loyalty sliders show: bins, tiers, the list, and the source's scale."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm_core.services.contribution import contribution_of_customers, contribution_table
from crm_core.services.customers import CustomerBase
from crm_core.services.loyalty import (
    LoyaltyBase,
    best_customers,
    loyalty_base,
    source_list,
    source_table,
    weigh_loyalty,
)
from crm_core.services.preferences import Preferences
from crm_core.store.session import Store
from tests.bases import base_of

AS_OF = date(2026, 3, 14)


@pytest.fixture
def base(demo_store: Store) -> CustomerBase:
    return base_of(demo_store, AS_OF, Preferences())


@pytest.fixture
def loyal(base: CustomerBase) -> LoyaltyBase:
    return loyalty_base(base)


def test_every_customer_is_in_one_bar_and_one_tier(loyal: LoyaltyBase) -> None:
    answer = weigh_loyalty(loyal, weights=(0.6, 0.4), saved=(0.6, 0.4), low_cut=40, high_cut=71)
    people = len(loyal.listed)
    assert answer.bins[["high", "medium", "low"]].to_numpy().sum() == people
    assert answer.tiers["customers"].sum() == people
    assert answer.tiers["spend_share"].sum() == pytest.approx(1.0)
    assert answer.tiers.index.tolist() == ["high", "medium", "low"]
    assert answer.tiers.loc["high", "customers"] == (answer.scores >= 71).sum()
    split = answer.bins[answer.bins["left"] == 70].iloc[0]
    assert split["medium"] == answer.scores.between(70, 71, inclusive="left").sum()


def test_the_list_starts_with_the_best_and_stays_short(loyal: LoyaltyBase) -> None:
    answer = weigh_loyalty(loyal, weights=(0.6, 0.4), saved=(0.6, 0.4), low_cut=40, high_cut=70)
    top = best_customers(loyal, answer)
    assert len(top) == 200
    assert top["score"].is_monotonic_decreasing
    assert top["score"].iloc[0] == answer.scores.max()
    assert top["score"].tolist() == answer.scores.loc[top.index].tolist()


def test_a_bar_opens_exactly_its_customers(loyal: LoyaltyBase) -> None:
    answer = weigh_loyalty(loyal, weights=(0.6, 0.4), saved=(0.6, 0.4), low_cut=40, high_cut=70)
    bar = answer.bins.iloc[25]
    found = best_customers(loyal, answer, between=(bar["left"], bar["right"]))
    assert len(found) == bar[["high", "medium", "low"]].sum() > 0
    assert found["score"].between(bar["left"], bar["right"], inclusive="left").all()


def test_the_source_scale_is_alpha_times_money_plus_beta_times_rate(loyal: LoyaltyBase) -> None:
    answer = source_list(loyal, weights=(0.5, 0.25))
    first = best_customers(loyal, answer).iloc[0]
    assert first["score"] == pytest.approx(0.5 * first["clv"] + 0.25 * first["repeat_rate"])
    assert answer.bins["high"].sum() == len(loyal.listed)
    table = source_table(loyal, answer)
    assert table["source_score"].is_monotonic_decreasing
    assert table["name"].iloc[0] == first["label"]


def test_shares_of_all_customers_make_up_the_whole(base: CustomerBase) -> None:
    table = contribution_table(base)
    assert table[["share_of_clv", "share_of_sales"]].sum().tolist() == pytest.approx([1.0, 1.0])
    answer = contribution_of_customers(base)
    tenth = table["share_of_clv"].iloc[: round(len(table) * 0.1)].sum()
    assert f"make up {tenth:.0%} of worth ahead" in answer.sentence
    assert answer.tiers["clv_minor"].sum() == pytest.approx(base.table["clv_minor"].sum())


def test_nothing_worth_sharing_is_said(base: CustomerBase) -> None:
    nothing = base.table.assign(clv_minor=0.0, spend_minor=0)
    poor = CustomerBase(**{**vars(base), "table": nothing})
    assert contribution_of_customers(poor).sentence == "There is no value to share out yet."
    answer = weigh_loyalty(loyalty_base(poor), weights=(0.6, 0.4), saved=(0.6, 0.4), low_cut=40, high_cut=70)
    assert np.isnan(answer.tiers["spend_share"]).all()


def test_weighing_leaves_the_shared_base_as_it_was(base: CustomerBase, loyal: LoyaltyBase) -> None:
    before = base.table.copy()
    best_customers(loyal, source_list(loyal, weights=(0.2, 0.8)))
    pd.testing.assert_frame_equal(base.table, before)
