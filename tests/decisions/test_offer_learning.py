"""Learning from outcomes: the update by hand, the truth recovered, and nothing moved by nothing."""

import numpy as np
import pandas as pd
import pytest

from crm_core.decisions.offer_learning import LEAST_FACTOR, MOST_FACTOR, learn_outcomes, rank_by_outcome

TRUTH = {"customers alike": 0.4, "popular": 0.1, "own purchases": 0.2}


def outcomes(reason: str, product: int, number: int, state: str, *, bought: bool = False) -> pd.DataFrame:
    """So many offers of one list that came to the same."""
    day = pd.Timestamp("2026-01-05") if bought else pd.NaT
    same = {"product_id": product, "list": "new for them", "reason_kind": reason, "state": state, "is_over": True}
    return pd.DataFrame([{**same, "bought_on": day}] * number).astype({"bought_on": "datetime64[s]"})


def simulate(number: int, *, seed: int = 11) -> pd.DataFrame:
    """Customers who take each reason's offers with a known probability, and products alike."""
    rng = np.random.default_rng(seed)
    reason = rng.choice(list(TRUTH), number)
    taken = rng.random(number) < pd.Series(reason).map(TRUTH).to_numpy(float)
    state = np.where(taken, "accepted", "declined")
    return pd.DataFrame(
        {
            "product_id": rng.integers(1, 9, number),
            "list": "new for them",
            "reason_kind": reason,
            "state": state,
            "bought_on": pd.NaT,
            "is_over": True,
        }
    ).astype({"bought_on": "datetime64[s]"})


def test_the_update_is_the_mean_of_the_beta_distribution() -> None:
    """Gelman et al. (2013), section 2.4: Beta(a, b) and y of n give (a + y) / (a + b + n); here by hand."""
    seen = pd.concat([outcomes("customers alike", 1, 6, "accepted"), outcomes("popular", 2, 10, "declined")])
    reasons = learn_outcomes(seen).reasons.set_index("reason_kind")
    usual = (6 + 0.5) / (16 + 1)
    assert reasons["usual"].tolist() == pytest.approx([usual, usual])
    prior = 5 / usual  # Beta(5, prior - 5)
    assert reasons.loc["customers alike", "share"] == pytest.approx((5 + 6) / (prior + 6))
    assert reasons.loc["popular", "factor"] == pytest.approx((5 + 0) / (prior + 10) / usual)


def test_what_passed_weighs_a_quarter_of_a_no() -> None:
    lost = [learn_outcomes(pd.concat([outcomes("a", 1, 9, "accepted"), outcomes("b", 2, number, state)]))
            for number, state in ((8, "shown"), (2, "declined"), (2, "not useful"))]  # fmt: skip
    shares = [found.reasons["share"].iloc[1] for found in lost]
    assert shares == pytest.approx([shares[0]] * 3)
    assert lost[0].reasons[["taken", "refused", "passed"]].iloc[1].tolist() == [0, 0, 8]


def test_bought_is_taken_whatever_was_said_and_what_is_open_is_nothing() -> None:
    bought = outcomes("a", 1, 3, "declined", bought=True)
    still_open = outcomes("a", 1, 5, "shown").assign(is_over=False)
    found = learn_outcomes(pd.concat([bought, still_open]))
    assert found.reasons[["taken", "refused", "passed"]].iloc[0].tolist() == [3, 0, 0]
    assert learn_outcomes(still_open).is_empty


def test_the_truth_is_recovered_and_the_ranking_moves_to_it() -> None:
    found = learn_outcomes(simulate(6_000)).reasons.set_index("reason_kind")
    for reason, share in TRUTH.items():
        assert found.loc[reason, "share"] == pytest.approx(share, abs=0.03)
    overall = np.mean(list(TRUTH.values()))
    assert found.loc["customers alike", "factor"] == pytest.approx(0.4 / overall, rel=0.08)
    assert found.loc["popular", "factor"] == LEAST_FACTOR
    offers = pd.DataFrame(
        {
            "product_id": [1, 2, 3],
            "score": [0.9, 0.8, 0.7],
            "reason_kind": ["popular", "own purchases", "customers alike"],
        }
    )
    ranked = rank_by_outcome(offers, learn_outcomes(simulate(6_000)), list_name="new for them")
    assert ranked["reason_kind"].tolist() == ["customers alike", "own purchases", "popular"]
    other = rank_by_outcome(offers, learn_outcomes(simulate(6_000)), list_name="buy again")
    factors = other["score"] / offers.set_index("product_id")["score"].reindex(other["product_id"]).to_numpy()
    assert factors.between(0.85, 1.15).all()  # of the products alone: another list taught nothing of its reasons


def test_few_outcomes_move_little_and_factors_stay_within_their_limits() -> None:
    one = learn_outcomes(pd.concat([outcomes("a", 1, 1, "accepted"), outcomes("b", 2, 1, "declined")]))
    assert one.reasons["factor"].between(0.9, 1.1).all()
    much = learn_outcomes(pd.concat([outcomes("a", 1, 900, "accepted"), outcomes("b", 2, 9_000, "declined")]))
    assert much.reasons["factor"].tolist() == [MOST_FACTOR, LEAST_FACTOR]
    assert much.products["factor"].between(LEAST_FACTOR, MOST_FACTOR).all()


def test_a_product_is_compared_with_the_reasons_it_was_offered_for() -> None:
    """All of a reason that nobody takes: the product is not to blame for it."""
    seen = pd.concat([outcomes("a", 1, 200, "accepted"), outcomes("b", 2, 200, "declined")])
    assert learn_outcomes(seen).products["factor"].tolist() == pytest.approx([1.0, 0.86], abs=0.01)
    seen = pd.concat([outcomes("a", 1, 50, "accepted"), outcomes("a", 2, 50, "declined")])
    first, second = learn_outcomes(seen).products["factor"]
    assert first > 1.5
    assert second < 0.6


def test_nothing_learnt_leaves_a_list_untouched_and_rows_may_be_shuffled() -> None:
    offers = pd.DataFrame({"product_id": [3, 1], "score": [0.1, 0.9], "reason_kind": "popular"})
    nothing = learn_outcomes(simulate(10).head(0))
    assert rank_by_outcome(offers, nothing, list_name="new for them") is offers
    seen = simulate(300)
    first, mixed = learn_outcomes(seen), learn_outcomes(seen.sample(frac=1, random_state=5))
    pd.testing.assert_frame_equal(first.reasons, mixed.reasons, rtol=1e-12)
    pd.testing.assert_frame_equal(first.products, mixed.products, rtol=1e-12)
