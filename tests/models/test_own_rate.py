"""Own rate: a published fit, recovery, and what has to hold."""

import numpy as np
import pandas as pd
import pytest

from crm_core.errors import CrmError, TooLittleDataError
from crm_core.models.own_rate import OwnRate

# Exposures to a billboard in a week, 0 to 23 times: Fader & Hardie, "Applied Probability Models in Marketing Research"
BILLBOARD = [48, 37, 30, 24, 20, 16, 13, 11, 9, 7, 6, 5, 5, 3, 3, 2, 2, 2, 1, 1, 2, 1, 1, 1]


def base(repeats: "list[int] | np.ndarray[tuple[int], np.dtype[np.int64]]") -> pd.DataFrame:
    return pd.DataFrame({"repeat_days": np.asarray(repeats, float)})


def test_the_published_fit_of_the_billboard() -> None:
    model = OwnRate().fit(base(np.repeat(np.arange(24), BILLBOARD)), observed_days=1)
    assert (model.r_, model.alpha_) == pytest.approx((0.969, 0.218), abs=0.001)


def test_known_parameters_are_found_again() -> None:
    random = np.random.default_rng(3)
    rates = random.gamma(0.6, 1 / 90, 40_000)
    model = OwnRate().fit(base(random.poisson(rates * 365)), observed_days=365)
    assert (model.r_, model.alpha_) == pytest.approx((0.6, 90), rel=0.03)


def test_all_together_go_on_as_they_did() -> None:
    shop = base(np.repeat(np.arange(24), BILLBOARD))
    expected = OwnRate().fit(shop, observed_days=100).expected_purchases(shop, days=50)
    assert expected.sum() == pytest.approx(shop["repeat_days"].sum() / 2, rel=1e-4)


def test_who_bought_more_will_buy_more_and_is_surer_to() -> None:
    shop = base([0, 1, 2, 8, 0, 0])
    model = OwnRate().fit(shop, observed_days=100)
    assert model.expected_purchases(shop, days=30)[:4].is_monotonic_increasing
    chance = model.p_active(shop, days=30)
    assert chance[:4].is_monotonic_increasing
    assert chance.between(0, 1).all()
    assert (chance <= model.expected_purchases(shop, days=30)).all()


@pytest.mark.parametrize("repeats", [[0], [0, 0, 0], [5], [1, 1, 1], [10_000, 0]])
def test_odd_bases_get_finite_answers(repeats: list[int]) -> None:
    shop = base(repeats)
    model = OwnRate().fit(shop, observed_days=0)
    assert np.isfinite(model.expected_purchases(shop, days=90)).all()
    assert model.p_active(shop, days=90).between(0, 1).all()


def test_nobody_and_no_fit_are_told() -> None:
    with pytest.raises(TooLittleDataError, match="at least one customer"):
        OwnRate().fit(base([]), observed_days=10)
    with pytest.raises(CrmError, match="not fitted yet"):
        OwnRate().p_active(base([1]), days=3)
