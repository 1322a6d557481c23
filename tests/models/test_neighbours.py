"""Customers like this one: exact neighbours, in words, whatever the order of rows."""

import numpy as np
import pandas as pd
import pytest
from sklearn.neighbors import NearestNeighbors

from crm_core.errors import CrmError, NotFoundError
from crm_core.features.scaled_facts import scale_facts
from crm_core.models.neighbours import DEFAULT_FACTS, similar_customers


def make_base(number: int) -> pd.DataFrame:
    rng = np.random.default_rng(8)
    orders = rng.poisson(3, number) + 1
    spend = rng.lognormal(7, 1, number).round() * orders
    return pd.DataFrame(
        {
            "days_since_last_order": rng.integers(0, 400, number),
            "orders": orders,
            "spend_minor": spend,
            "mean_order_minor": spend / orders,
            "tenure_days": rng.integers(400, 900, number),
        },
        index=np.arange(11, 11 + number),
    )


def test_neighbours_are_those_of_an_independent_search() -> None:
    base = make_base(300)
    scaled = scale_facts(base, columns=DEFAULT_FACTS).values
    distances, places = NearestNeighbors(n_neighbors=6).fit(scaled).kneighbors(scaled.loc[[42]])
    found = similar_customers(base, 42, k=5)
    assert found.index.tolist() == scaled.index[places[0][1:]].tolist()
    np.testing.assert_allclose(found["distance"], distances[0][1:])


def test_a_twin_comes_first_and_nobody_is_their_own_neighbour() -> None:
    base = make_base(50)
    base.loc[60] = base.loc[30]
    found = similar_customers(base, 30)
    assert found.index[0] == 60
    assert found["distance"].iloc[0] == 0
    assert 30 not in found.index
    assert len(found) == 5


def test_the_order_of_rows_changes_nothing() -> None:
    base = make_base(80)
    base.loc[[20, 21, 22, 23, 24, 25]] = base.loc[[20] * 6].to_numpy()
    pd.testing.assert_frame_equal(
        similar_customers(base.sample(frac=1, random_state=2), 20, k=3), similar_customers(base, 20, k=3)
    )


def test_what_they_share_is_said_in_the_neighbours_own_numbers() -> None:
    base = pd.DataFrame(
        {"orders": [4, 4, 9], "days_since_last_order": [10, 12, 300], "spend_minor": [5000, 9000, 100]}, index=[1, 2, 3]
    )
    columns = ["orders", "days_since_last_order", "spend_minor"]
    assert similar_customers(base, 1, columns=columns, k=1, currency="EUR")["shared"].tolist() == [
        "4 orders, last ordered 12 days ago, €90 spent"
    ]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_tiny_bases_give_as_many_neighbours_as_there_are(number: int) -> None:
    assert len(similar_customers(make_base(number), 11)) == number - 1


def test_an_unknown_customer_and_no_neighbours_at_all_are_refused() -> None:
    with pytest.raises(NotFoundError, match="Customer 99 has no orders here"):
        similar_customers(make_base(3), 99)
    with pytest.raises(CrmError, match="at least one neighbour, not 0"):
        similar_customers(make_base(3), 11, k=0)
