"""What holds for every model of the BG/NBD family: simulation, properties, the contract and extremes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.errors import CrmError, TooLittleDataError
from crm_core.models.bg_nbd import BetaGeoNBD
from crm_core.models.mbg_nbd import ModifiedBetaGeoNBD
from crm_core.models.pareto_nbd import ParetoNBD
from crm_core.models.purchase_family import PurchaseModel
from tests.models.simulated import LEAVING, RATES, customers, simulate_ahead, simulate_summary

FAMILY: list[type[PurchaseModel]] = [BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD]
every_model = pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)


def known(kind: type[PurchaseModel]) -> dict[str, float]:
    """Parameters that customers are simulated with, in days."""
    return LEAVING if kind is ParetoNBD else RATES


@every_model
def test_parameters_are_recovered_from_simulated_customers(kind: type[PurchaseModel]) -> None:
    summary = simulate_ahead(kind.from_parameters(known(kind)), 240_000, seed=11)
    model = kind().fit(summary)
    assert model.parameters == pytest.approx(known(kind), rel=0.06)
    assert not model.regularised_


@every_model
def test_what_is_expected_comes_in_every_group_of_customers(kind: type[PurchaseModel]) -> None:
    """Of 300,000 simulated one by one: shares and means within four standard errors, by purchases and silence."""
    model = kind.from_parameters(known(kind))
    lived = simulate_ahead(model, 300_000, seed=6, ahead=120)
    told = pd.DataFrame(
        {
            "active": model.p_alive(lived),
            "buys": model.p_active(lived, days=120),
            "purchases": model.expected_purchases(lived, days=120),
        }
    )
    came = pd.DataFrame(
        {
            "active": lived["active"].astype(float),
            "buys": (lived["purchases_ahead"] > 0).astype(float),
            "purchases": lived["purchases_ahead"],
        }
    )
    often = np.minimum(lived["repeat_days"], 4)
    silent = pd.cut(lived["tenure_days"] - lived["first_to_last_days"], [-1, 30, 120, 365, 730], labels=False)
    groups = (came - told).groupby([often, silent])
    off = groups.mean() / np.sqrt(groups.var() / groups.size().to_numpy()[:, None]).replace(0.0, np.nan)
    assert len(off) == 20
    assert off.abs().max().max() < 4
    assert off["buys"].notna().all()


@every_model
def test_the_unit_of_time_makes_no_difference(kind: type[PurchaseModel]) -> None:
    days = simulate_summary(3_000, seed=4)
    weeks = days.assign(first_to_last_days=days["first_to_last_days"] / 7, tenure_days=days["tenure_days"] / 7)
    in_days, in_weeks = kind().fit(days), kind().fit(weeks)
    scaled = {name: value / (7 if name in kind.TIMES else 1) for name, value in in_days.parameters.items()}
    assert scaled == pytest.approx(in_weeks.parameters, rel=1e-3)
    shift = float(days["repeat_days"].sum()) * np.log(7)
    assert in_days.log_likelihood_ + shift == pytest.approx(in_weeks.log_likelihood_, abs=1e-5)


@every_model
def test_the_order_of_customers_makes_no_difference(kind: type[PurchaseModel]) -> None:
    summary = simulate_summary(500, seed=9)
    shuffled = summary.sample(frac=1, random_state=1)
    model, again = kind().fit(summary), kind().fit(shuffled)
    assert model.parameters == again.parameters
    for told, retold in [
        (model.expected_purchases(summary, days=90), again.expected_purchases(shuffled, days=90)),
        (model.p_active(summary, days=90), again.p_active(shuffled, days=90)),
        (model.p_alive(summary), again.p_alive(shuffled)),
    ]:
        pd.testing.assert_series_equal(told, retold.reindex(summary.index))


@every_model
def test_a_path_rises_to_what_is_expected(kind: type[PurchaseModel]) -> None:
    summary = simulate_summary(200, seed=2)
    model = kind.from_parameters(known(kind))
    path = model.purchase_path(summary, days=[0, 30, 90, 365])
    assert list(path.columns) == [0, 30, 90, 365]
    assert (path[0] == 0).all()
    assert (path.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert path[90].tolist() == model.expected_purchases(summary, days=90).tolist()


history = st.tuples(st.integers(0, 10_000), st.floats(0, 5_000), st.floats(0, 5_000))
parameter = st.floats(1e-4, 1e4)


@every_model
@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    rows=st.lists(history, min_size=1, max_size=8),
    parameters=st.tuples(parameter, parameter, parameter, parameter),
    days=st.floats(0, 4_000),
)
def test_probabilities_and_expectations_stay_in_bounds(
    kind: type[PurchaseModel],
    rows: list[tuple[int, float, float]],
    parameters: tuple[float, float, float, float],
    days: float,
) -> None:
    summary = customers(*((x, min(t_x, T) if x else 0, T) for x, t_x, T in rows))
    model = kind.from_parameters(dict(zip(kind.PARAMETERS, parameters, strict=True)))
    alive, active = model.p_alive(summary), model.p_active(summary, days=days)
    assert alive.between(0, 1).all()
    assert active.between(0, 1).all()
    assert (active <= alive + 1e-12).all()
    expected = model.expected_purchases(summary, days=days)
    assert np.isfinite(expected).all()
    assert (expected >= active - 1e-9).all()  # at least one purchase counts at least one


EXTREMES = {
    "no repeat order": customers((0, 0, 100), (0, 0, 200), (0, 0, 300)),
    "10,000 orders": customers((10_000, 3_000, 3_000), (3, 20, 100), (0, 0, 50)),
    "T = 0": customers((0, 0, 0), (0, 0, 0)),
    "everyone bought once": customers(*[(0, 0, T) for T in range(1, 400)]),
    "one customer": customers((0, 0, 0)),
    "one loyal customer": customers((12, 350, 360)),
    "two customers": customers((1, 30, 100), (0, 0, 20)),
    "three customers": customers((1, 30, 100), (0, 0, 20), (4, 90, 100)),
    "all identical": customers(*[(3, 60, 90)] * 200),
    "nobody ever leaves": simulate_summary(5_000, seed=3, a=1e-9, b=1.0),
    "everybody leaves at once": simulate_summary(5_000, seed=3, a=1e9, b=1.0),
}


@every_model
@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_give_finite_sane_answers(name: str, kind: type[PurchaseModel]) -> None:
    summary = EXTREMES[name]
    model = kind().fit(summary)
    assert all(np.isfinite(value) and value > 0 for value in model.parameters.values())
    assert np.isfinite(model.log_likelihood_)
    expected = model.expected_purchases(summary, days=365)
    assert np.isfinite(expected).all()
    observed = summary["repeat_days"] + 1
    # Nobody is promised more than four times the densest rhythm that was seen.
    assert (expected <= 4 * observed * (1 + 365 / summary["tenure_days"].clip(lower=180))).all()
    assert model.p_alive(summary).between(0, 1).all()
    assert model.p_active(summary, days=365).between(0, 1).all()


@every_model
def test_few_repeat_buyers_call_for_the_prior(kind: type[PurchaseModel]) -> None:
    summary = simulate_summary(1_000, seed=7)
    again = summary[summary["repeat_days"] > 0]
    few = pd.concat([again.head(24), summary[summary["repeat_days"] == 0].head(30)])
    model = kind().fit(few)
    assert (model.customers_, model.repeat_buyers_, model.regularised_) == (54, 24, True)
    assert not kind().fit(summary).regularised_


@every_model
def test_hardly_any_dropout_means_almost_everybody_is_still_there(kind: type[PurchaseModel]) -> None:
    summary = EXTREMES["nobody ever leaves"]
    model = kind().fit(summary)
    assert model.regularised_
    assert model.p_alive(summary).mean() > 0.98
    assert model.r_ / model.alpha_ == pytest.approx(RATES["r"] / RATES["alpha"], rel=0.05)


@every_model
def test_fit_returns_itself_and_prediction_before_it_is_refused(kind: type[PurchaseModel]) -> None:
    model, summary = kind(), simulate_summary(100, seed=1)
    for ask in (model.p_alive, lambda table: model.p_active(table, days=9)):
        with pytest.raises(CrmError, match=rf"This {kind.NAME} model is not fitted yet; call fit\(summary\) first"):
            ask(summary)
    assert model.fit(summary) is model
    before = summary.copy()
    model.expected_purchases(summary, days=30)
    pd.testing.assert_frame_equal(summary, before)
    again = kind.from_parameters(model.parameters)
    pd.testing.assert_series_equal(again.p_alive(summary), model.p_alive(summary))


@every_model
def test_impossible_input_is_refused_in_a_sentence(kind: type[PurchaseModel]) -> None:
    with pytest.raises(CrmError, match="Customer 1: needs"):
        kind().fit(customers((0, 0, 5), (2, 9, 5)))
    with pytest.raises(CrmError, match="need a column 'tenure_days'"):
        kind().fit(customers((0, 0, 5)).drop(columns="tenure_days"))
    with pytest.raises(TooLittleDataError, match=f"{kind.NAME} needs at least one customer"):
        kind().fit(customers())
    model = kind.from_parameters(known(kind))
    for ask in (model.expected_purchases, model.p_active):
        with pytest.raises(CrmError, match="must be 0 or more; got -1"):
            ask(customers((0, 0, 5)), days=-1)
    with pytest.raises(CrmError, match=f"{kind.NAME}'s alpha must be above 0"):
        kind.from_parameters({**known(kind), "alpha": 0.0})
