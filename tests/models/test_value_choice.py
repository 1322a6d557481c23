"""The choice among candidates: on the past alone, and only for a gain beyond noise."""

import numpy as np
import pandas as pd
import pytest

from crm_core.features.purchase_days import PurchaseDays
from crm_core.models import value_choice
from crm_core.models.value import predict_days
from crm_core.models.value_blend import ValueBlend
from crm_core.models.value_candidates import AVERAGE, CANDIDATES, LAST_PERIOD, Said
from crm_core.models.value_choice import choose_candidate
from tests.models.simulated_shop import simulate_shop, split

HORIZON = 90


def blend_of(rows: pd.DataFrame, *, last: int = 500) -> ValueBlend:
    seen, _, end = split(rows, last, HORIZON)
    return ValueBlend(PurchaseDays.from_transactions(seen, observation_end=end), horizon_days=HORIZON)


def clockwork(customers: int = 300, *, days: int = 700) -> pd.DataFrame:
    """Everyone buys in every second window of 90 days: what no model of rates knows, and RFM and GLM can."""
    random = np.random.default_rng(3)
    rows = [
        (f"c{who}", pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(day)), 20.0)
        for who in range(customers)
        for day in range(int(random.integers(0, 30)) + (who % 2) * 90, days, 180)
    ]
    return pd.DataFrame(rows, columns=["customer_id", "date", "amount"])


@pytest.fixture(scope="module")
def shop() -> pd.DataFrame:
    return simulate_shop(1_500, seed=21)


def test_every_candidate_is_asked_and_the_average_stands_within_noise(shop: pd.DataFrame) -> None:
    choice = choose_candidate(blend_of(shop))
    assert tuple(choice.table.index) == CANDIDATES
    assert np.isfinite(choice.table.to_numpy()).all()
    assert choice.customers > 500
    assert choice.window_days == HORIZON
    for question, name in (("purchases", choice.chosen.purchases), ("active", choice.chosen.active)):
        gain, noise = choice.table[f"{question}_gain"], choice.table[f"{question}_noise"]
        assert name == AVERAGE or gain[name] > 2 * noise[name]
    assert choice.table.loc[LAST_PERIOD, "active_gain"] < 0


def test_a_clearly_better_candidate_answers_at_the_level_of_the_average(
    shop: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A candidate that knows the future of each window wins, and only its order of customers is taken."""
    ordinary = ValueBlend.said

    def knowing(blend: ValueBlend, name: str, until: int, ahead: float) -> Said:
        if name != LAST_PERIOD:
            return ordinary(blend, name, until, ahead)
        who = blend.past.known(until).summary.index
        happened = all_days.within(until, until + ahead)[0][who]
        return Said(happened + 0.01, np.clip(happened, 0.02, 0.98))

    blend = blend_of(shop)
    all_days = blend.days
    monkeypatch.setattr(value_choice.ValueBlend, "said", knowing)
    choice = choose_candidate(blend)
    assert choice.chosen.purchases == choice.chosen.active == LAST_PERIOD
    level = blend.outlook(blend.days.last_day).purchases.sum()
    blend.chosen = choice.chosen
    assert blend.outlook(blend.days.last_day).purchases.sum() == pytest.approx(level)


def test_the_days_after_the_last_one_seen_change_nothing(shop: pd.DataFrame) -> None:
    seen, _, end = split(shop, 500, HORIZON)
    early = PurchaseDays.from_transactions(seen, observation_end=end)
    everything = PurchaseDays.from_transactions(shop, observation_end=shop["date"].max())
    first = choose_candidate(ValueBlend(early, horizon_days=HORIZON)).table
    again = choose_candidate(ValueBlend(everything.known_at(early.last_day), horizon_days=HORIZON)).table
    pd.testing.assert_frame_equal(first, again)


def test_a_rhythm_that_models_of_rates_cannot_know_is_learnt() -> None:
    seen, later, end = split(clockwork(), 600, HORIZON)
    days = PurchaseDays.from_transactions(seen, observation_end=end)
    prediction = predict_days(days, horizon_days=HORIZON)
    bought = prediction.table.index.isin(later["customer_id"])
    assert ((prediction.table["p_active"] - bought) ** 2).mean() < 0.12
    assert prediction.choice is not None
    table = prediction.choice.table
    assert table["active"].idxmin() not in ("BG/NBD", "MBG/NBD", "Pareto/NBD", "own rate")


def test_a_past_too_short_to_test_leaves_the_average_and_says_so() -> None:
    seen, _, end = split(simulate_shop(1_500, seed=22), 150, 1)
    prediction = predict_days(PurchaseDays.from_transactions(seen, observation_end=end), horizon_days=60)
    assert prediction.choice is not None
    if prediction.choice.table.empty:
        assert any("too short to test models against each other" in note for note in prediction.notes)
    else:
        assert not any("too short to test" in note for note in prediction.notes)
