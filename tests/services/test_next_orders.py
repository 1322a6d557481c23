"""Next orders of a stored shop, and a large base that learns beside the pages."""

import numpy as np
import pandas as pd
import pytest

from crm_core.services import customers
from crm_core.services.customers import learn_value
from crm_core.services.next_orders import predict_next_orders
from crm_core.services.preferences import Preferences
from crm_core.store.session import Store
from tests.bases import base_of
from tests.conftest import LAST_DAY

CHOICES = Preferences(horizon_days=90)


def test_churn_risk_is_one_less_the_chance_of_an_order_in_the_owner_s_span(demo_store: Store) -> None:
    base = base_of(demo_store, LAST_DAY, CHOICES)
    told: list[tuple[float, str]] = []
    found = predict_next_orders(base, churn_days=90, tell=lambda share, words: told.append((share, words)))
    table = found.table
    assert list(table.index) == list(base.table.index)
    np.testing.assert_allclose(table["churn_risk"], 1 - table["p_90"])
    # the same model as everywhere
    np.testing.assert_allclose(table["p_90"].clip(lower=table["p_60"]), table["p_90"])
    assert (table["next_low_on"] > pd.Timestamp(LAST_DAY)).all()
    assert (table["next_high_on"] <= pd.Timestamp(LAST_DAY) + pd.Timedelta(days=365)).all()
    assert [words for _, words in told] == [f"Looking {span} days ahead" for span in (30, 60, 90, 365)]
    other = predict_next_orders(base, churn_days=200)
    assert (other.table["churn_risk"] <= table["churn_risk"] + 1e-12).all()


def test_a_large_base_begins_with_one_model_and_learns_to_the_same_answer(
    demo_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = base_of(demo_store, LAST_DAY, CHOICES)
    monkeypatch.setattr(customers, "LARGE", 10)
    quick = customers.customer_base(demo_store, as_of=LAST_DAY, preferences=CHOICES)
    assert not quick.prediction.learnt_from_past
    told: list[str] = []
    learnt = learn_value(quick, preferences=CHOICES, tell=lambda _share, words: told.append(words))
    assert learnt.prediction.learnt_from_past
    assert list(dict.fromkeys(told)) == [
        "Looking at your earlier days", "Asking each model what it would have said", "Simulating what may come",
    ]  # fmt: skip
    assert len(told) > 10  # often enough to be stopped soon
    pd.testing.assert_frame_equal(learnt.table, small.table[learnt.table.columns])
    assert set(learnt.table.columns) == set(small.table.columns)
    assert learnt.provenance.method == small.provenance.method
    assert learn_value(learnt, preferences=CHOICES) is learnt
