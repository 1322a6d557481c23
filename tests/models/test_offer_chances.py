"""The chance to buy a product: calibrated on weeks it has not seen, higher for who is due, none for short pasts."""

import numpy as np
import pandas as pd
import pytest

from crm_core.models.offer_chances import customer_facts, learn_chances
from crm_core.models.purchase_matrix import count_purchases
from crm_core.models.tastes import Tastes, learn_tastes
from tests.models.simulated_baskets import simulate_groceries

DAYS = 30


@pytest.fixture(scope="module")
def groceries() -> pd.DataFrame:
    return simulate_groceries(160, seed=9)


@pytest.fixture(scope="module")
def tastes(groceries: pd.DataFrame) -> Tastes:
    end = groceries["date"].max() - pd.Timedelta(days=DAYS)
    return learn_tastes(count_purchases(groceries[groceries["date"] <= end], as_of=end))


def test_as_many_buy_as_the_chances_say(groceries: pd.DataFrame, tastes: Tastes) -> None:
    chances = learn_chances(tastes, days=DAYS, new_only=False)
    assert chances is not None
    later = groceries[groceries["date"] > tastes.matrix.as_of]
    bought = set(zip(later["customer_id"], later["product_id"], strict=True))
    everyone = np.arange(tastes.matrix.shape[0])
    said = np.stack([chances.of_product(tastes.parts, everyone, product) for product in range(40)])
    came = np.array([[(c, p) in bought for c in tastes.matrix.customers] for p in tastes.matrix.products[:40]])
    assert ((said >= 0) & (said <= 1)).all()
    assert said.sum() == pytest.approx(came.sum(), rel=0.15)
    likely = said > 0.4
    assert likely.sum() > 100
    assert came[likely].mean() == pytest.approx(said[likely].mean(), abs=0.1)
    assert came[~likely].mean() == pytest.approx(said[~likely].mean(), abs=0.02)


def test_what_was_bought_before_has_no_chance_to_be_new(tastes: Tastes) -> None:
    chances = learn_chances(tastes, days=DAYS, new_only=True)
    assert chances is not None
    matrix = tastes.matrix
    owners = matrix.customer[matrix.product == 3]
    assert (chances.of_product(tastes.parts, owners, 3) == 0).all()
    others = np.setdiff1d(np.arange(matrix.shape[0]), owners)
    assert (chances.of_product(tastes.parts, others, 3) > 0).all()


def test_a_short_past_or_hardly_a_purchase_gives_none(groceries: pd.DataFrame) -> None:
    young = groceries[groceries["date"] < "2025-03-01"]
    assert learn_chances(learn_tastes(count_purchases(young)), days=DAYS, new_only=False) is None
    few = groceries[groceries["customer_id"] < 1]
    assert learn_chances(learn_tastes(count_purchases(few)), days=DAYS, new_only=True) is None


def test_the_pace_of_a_customer_by_hand() -> None:
    rows = pd.DataFrame(
        {
            "customer_id": ["a", "a", "a", "b"],
            "order_id": range(4),
            "date": pd.to_datetime(["2026-01-01", "2026-01-11", "2026-01-21", "2026-01-21"]),
            "product_id": "tea",
        }
    )
    matrix = count_purchases(rows, as_of=pd.Timestamp("2026-01-31"))
    facts = customer_facts(matrix, np.array([0, 1]), days=22)
    late = np.log(11 / 11)  # ten days since the last, ten days between; the one-time buyer has the shop's gap
    assert facts[0].tolist() == pytest.approx([np.log(4), 0, late, np.log(2)])
    assert facts[1].tolist() == pytest.approx([np.log(2), 1, late, np.log(2)])
