"""The GLM on top of a model: as scikit-learn's, windows with levels of their own, edges."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression, PoissonRegressor

from crm_core.errors import CrmError
from crm_core.models.window_glm import WindowGLM

PEOPLE = 2_000


def facts(seed: int = 1) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame({"waits": random.normal(size=PEOPLE), "spend": random.normal(size=PEOPLE), "same": 1.0})


def test_one_window_is_scikit_learn_s_poisson_and_logistic_regression() -> None:
    table, none = facts(), np.zeros(PEOPLE)
    random, one = np.random.default_rng(2), np.zeros(PEOPLE, np.intp)
    outcome = random.poisson(np.exp(0.5 * table["waits"] - 0.3 * table["spend"] ** 2)).astype(float)
    ours = WindowGLM("poisson", penalty=0.05).fit(table, outcome, offset=none, window=one)
    X = ours._splines.transform(table[ours.columns_])
    theirs = PoissonRegressor(alpha=0.05, tol=1e-8, max_iter=2_000).fit(X, outcome)
    assert ours.relative(table) == pytest.approx(np.clip(X @ theirs.coef_, -4, 4), abs=0.005)
    happened = (outcome > 0).astype(float)
    ours = WindowGLM("logistic", penalty=0.05).fit(table, happened, offset=none, window=one)
    logistic = LogisticRegression(C=1 / (0.05 * PEOPLE), tol=1e-8, max_iter=5_000).fit(X, happened)
    assert ours.relative(table) == pytest.approx(np.clip(X @ logistic.coef_[0], -4, 4), abs=0.005)


def test_windows_keep_their_own_level_and_share_what_tells_customers_apart() -> None:
    table = pd.concat([facts(3), facts(4)], ignore_index=True)
    window = np.repeat([0, 1], PEOPLE)
    level = np.where(window == 0, 0.0, 1.2)
    outcome = np.random.default_rng(5).poisson(np.exp(0.6 * table["waits"] + level)).astype(float)
    model = WindowGLM("poisson").fit(table, outcome, offset=np.zeros(2 * PEOPLE), window=window)
    assert model.levels_[1] - model.levels_[0] == pytest.approx(1.2, abs=0.06)
    moved = pd.Series(model.relative(table))
    assert moved.corr(table["waits"]) > 0.98


def test_what_the_model_below_says_already_is_not_said_again() -> None:
    table = facts(6)
    offset = 0.8 * table["waits"].to_numpy()
    outcome = np.random.default_rng(7).poisson(np.exp(offset)).astype(float)
    model = WindowGLM("poisson").fit(table, outcome, offset=offset, window=np.zeros(PEOPLE, np.intp))
    assert np.abs(model.relative(table)).mean() < 0.12


def test_beyond_what_was_seen_the_edge_counts() -> None:
    table = facts(8)
    outcome = np.random.default_rng(9).poisson(np.exp(table["waits"])).astype(float)
    model = WindowGLM("poisson").fit(table, outcome, offset=np.zeros(PEOPLE), window=np.zeros(PEOPLE, np.intp))
    far = table.head(2).assign(waits=[table["waits"].max(), 1e6], spend=0.0)
    assert model.relative(far)[0] == model.relative(far)[1]
    assert "same" not in model.columns_


def test_without_a_fit_nothing_is_told() -> None:
    with pytest.raises(CrmError, match="not fitted yet"):
        WindowGLM("poisson").relative(facts())
