"""Tastes in few dimensions: the same as the singular vectors, crowds told apart, nothing fails on poor data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse

from crm_core.models.purchase_matrix import count_purchases
from crm_core.models.taste_axes import RANKS, find_axes, fit_along
from crm_core.models.taste_parts import TasteParts
from tests.models.simulated_baskets import simulate_crowds


def axes_of(profiles: np.ndarray) -> np.ndarray:
    table = profiles.astype(np.float32)
    return find_axes(sparse.csr_array(table), sparse.csr_array(table.T))


def test_the_axes_are_the_first_singular_vectors() -> None:
    rng = np.random.default_rng(1)
    strength = 0.5 ** np.arange(40)
    left, right = (np.linalg.qr(rng.normal(size=(size, 40)))[0] for size in (300, 90))
    found = axes_of((left * strength) @ right.T)
    assert found.shape == (90, RANKS[-1])
    first = RANKS[0]
    assert np.abs(np.sum(found[:, :first] * right[:, :first], axis=0)) == pytest.approx(np.ones(first), abs=1e-3)


def test_each_crowd_fits_its_own_products() -> None:
    parts = TasteParts(count_purchases(simulate_crowds(160, seed=5)))  # 4 crowds with 12 products each
    everyone = np.arange(160)
    fit = fit_along(parts.profiles[everyone], parts.axes, 4)
    own_crowd = parts.matrix.customers.to_numpy()[:, None] % 4 == parts.matrix.products.to_numpy()[None] // 12
    assert fit[own_crowd].mean() > 20 * fit[~own_crowd].mean()
    assert fit.max(axis=1).tolist() == pytest.approx(np.ones(160))
    assert fit.min() >= 0


@given(arrays(np.float32, st.tuples(st.integers(1, 40), st.integers(1, 40)), elements=st.sampled_from([0, 0, 0.5, 1])))
def test_poor_data_give_axes_at_right_angles_and_finite_fits(profiles: np.ndarray) -> None:
    axes = axes_of(profiles)
    kept = min(profiles.shape[1], RANKS[-1])
    assert axes.T @ axes == pytest.approx(np.eye(kept), abs=1e-3)
    for rank in RANKS:
        fit = fit_along(sparse.csr_array(profiles), axes, rank)
        assert fit.shape == profiles.shape
        assert np.isfinite(fit).all()
        assert ((fit >= 0) & (fit <= 1)).all()
    assert np.array_equal(axes, axes_of(profiles))
