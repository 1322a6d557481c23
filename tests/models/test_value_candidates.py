"""What each candidate says of a handful of customers, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from crm_core.features.purchase_days import PurchaseDays
from crm_core.models.past_windows import PastWindows
from crm_core.models.value_candidates import FAMILY, HIATUS, LAST_PERIOD, RFM, ask_family, ask_rule
from tests.models.simulated_shop import simulate_shop

DAY = pd.Timestamp("2025-01-01")


def shop(**days: list[int]) -> PastWindows:
    """Customers by the days on which they bought; seen for 400 days."""
    rows = [(customer, DAY + pd.Timedelta(days=day), 10.0) for customer, bought in days.items() for day in bought]
    table = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    seen = PurchaseDays.from_transactions(table, observation_end=DAY + pd.Timedelta(days=400))
    return PastWindows(seen, horizon_days=100)


def test_the_last_period_comes_again() -> None:
    known = shop(a=[0, 310, 350], b=[0, 300], c=[390]).known(400)
    said = ask_rule(LAST_PERIOD, known, ahead=100)
    assert said.purchases.tolist() == [2.0, 0.0, 1.0]
    assert said.p_active.tolist() == pytest.approx([1 - np.exp(-2), 0.0, 1 - np.exp(-1)])
    # a horizon longer than what was seen: all of that, taken for as many days
    assert ask_rule(LAST_PERIOD, known, ahead=802).purchases.tolist() == pytest.approx([6.0, 4.0, 2.0])


def test_after_half_a_year_of_silence_nothing_more_is_expected() -> None:
    known = shop(silent=[0, 100, 200], going=[0, 150, 300], new=[395]).known(400)
    assert ask_rule(HIATUS, known, ahead=100).purchases.tolist() == pytest.approx([2 / 400 * 100, 0.0, 0.0])
    assert known.days.customers.tolist() == ["going", "new", "silent"]


def test_rfm_says_what_customers_of_the_same_score_bought_afterwards() -> None:
    known = shop(best=[0, 100, 290, 340, 380], alike=[0, 100, 290, 350], rare=[0]).known(400)
    said = ask_rule(RFM, known, ahead=100).purchases
    assert said[known.days.customers.tolist().index("rare")] == 0.0
    assert said.max() > 0


@pytest.mark.parametrize("name", FAMILY)
def test_each_of_the_family_tells_a_frequent_buyer_from_a_rare_one(name: str) -> None:
    rows = simulate_shop(400, seed=4)
    days = PurchaseDays.from_transactions(rows, observation_end=rows["date"].max())
    known = PastWindows(days, horizon_days=90).known(days.last_day)
    said = ask_family(name, known, ahead=90)
    assert (said.p_active <= said.purchases + 1e-12).all()
    often = (known.summary["repeat_days"] > known.summary["repeat_days"].quantile(0.9)).to_numpy()
    assert said.purchases[often].mean() > 2 * said.purchases[~often].mean()
