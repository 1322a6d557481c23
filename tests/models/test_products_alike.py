"""Item-kNN: products bought with what a customer has."""

import numpy as np
import pandas as pd
import pytest

from crm_core.models import products_alike
from crm_core.models.products_alike import FEW_BUYERS, score_products_alike
from crm_core.models.purchase_matrix import count_purchases
from crm_core.models.taste_parts import TasteParts

BOUGHT = {"a": ["tea"], "b": ["tea", "cup"], "c": ["tea", "cup", "jam", "pot"], "d": ["jam", "pot"]}


def parts_of(bought: dict[str, list[str]]) -> TasteParts:
    rows = [(customer, product) for customer, products in bought.items() for product in products]
    table = pd.DataFrame(rows, columns=["customer_id", "product_id"])
    table["order_id"], table["date"] = table["customer_id"], pd.Timestamp("2026-01-01")
    return TasteParts(count_purchases(table))


def test_a_score_sums_over_the_people_who_bought_the_same() -> None:
    scores = score_products_alike(parts_of(BOUGHT), np.array([0]))[0]  # of a, who has tea alone
    tea, cup, jam = (FEW_BUYERS + buyers for buyers in (3, 2, 2))
    quiet_b, quiet_c = 2**-0.5, 4**-0.5
    assert scores[0] == pytest.approx((quiet_b + quiet_c) / np.sqrt(tea * cup), rel=1e-6)  # cup: by b and c
    assert scores[1] == pytest.approx(quiet_c / np.sqrt(tea * jam), rel=1e-6)  # jam: by c


def test_who_has_nothing_in_common_with_anybody_scores_nothing_but_their_own() -> None:
    scores = score_products_alike(parts_of(BOUGHT | {"e": ["hat"]}), np.array([4]))[0]
    assert np.flatnonzero(scores).tolist() == [1]  # the hat itself


def test_pieces_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    parts = parts_of({f"c{n}": [f"p{p}" for p in rng.choice(30, 6, replace=False)] for n in range(40)})
    whole = score_products_alike(parts, np.arange(40))
    monkeypatch.setattr(products_alike, "CELLS", 100)
    np.testing.assert_allclose(score_products_alike(parts, np.arange(40)), whole, rtol=1e-6)
