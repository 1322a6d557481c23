"""A model is called tested only where it beats the rule by more than chance, and on most past days."""

import numpy as np
import pandas as pd
import pytest

from crm_core.decisions.evidence import compare_errors
from crm_core.errors import CrmError


def errors_of(
    gains: list[float], *, customers: list[int] | None = None, windows: list[int] | None = None
) -> pd.DataFrame:
    rule = np.array(gains) + 1.0
    return pd.DataFrame(
        {
            "customer_id": customers or range(len(gains)),
            "window": windows or 0,
            "model": np.ones(len(gains)),
            "rule": rule,
        }
    )


def test_the_noise_takes_a_customers_windows_as_one() -> None:
    gains = [1.0, 1.0, 0.0, 0.0]
    alone = compare_errors(errors_of(gains))
    together = compare_errors(errors_of(gains, customers=[1, 1, 2, 2], windows=[0, 1, 0, 1]))
    assert alone.gain == together.gain == 0.5
    assert alone.noise == pytest.approx(np.sqrt(4 * 0.25) / 4)
    assert together.noise == pytest.approx(np.sqrt(2 * 1.0) / 4)
    assert (together.predictions, together.customers, together.windows) == (4, 2, 2)


def test_a_steady_gain_wins() -> None:
    compared = compare_errors(errors_of([0.5, 0.6, 0.4, 0.5] * 5))
    assert compared.model_wins
    assert compared.rule_error == pytest.approx(1.5)


def test_a_gain_within_the_noise_does_not_win() -> None:
    compared = compare_errors(errors_of([3.0, -2.0, 2.5, -2.0]))
    assert compared.gain > 0
    assert not compared.more_than_chance
    assert not compared.model_wins


def test_a_gain_on_few_of_the_days_does_not_win() -> None:
    gains = [5.0, 5.2, 4.9] * 10 + [-0.1] * 60
    compared = compare_errors(errors_of(gains, windows=[0] * 30 + [1] * 30 + [2] * 30))
    assert compared.more_than_chance
    assert (compared.windows_won, compared.windows) == (1, 3)
    assert not compared.model_wins


def test_a_model_that_is_worse_does_not_win() -> None:
    assert not compare_errors(errors_of([-0.5, -0.6, -0.4])).model_wins


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(CrmError, match="no errors to compare"):
        compare_errors(errors_of([]))


def test_chance_alone_seldom_wins() -> None:
    random = np.random.default_rng(11)
    won = [compare_errors(errors_of(list(random.normal(0, 1, 200)))).model_wins for _ in range(400)]
    assert np.mean(won) < 0.05  # 2.3 % by theory
