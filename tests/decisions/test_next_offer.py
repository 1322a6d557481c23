"""The next offer follows the stage, and falls back where a source is empty."""

import pandas as pd
import pytest

from crm_core.decisions.next_offer import OfferKind, pick_next_offer
from crm_core.vocabulary import Stage


def listed(*products: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"product_id": range(1, len(products) + 1), "product": products, "reason": [f"Why {name}" for name in products]}
    )


SECOND = pd.DataFrame({"product_id": [7], "product": ["cup"], "bought": [4], "others": [1_200]})
FULL = {
    "buy_again": listed("due"), "new_for_them": listed("new"), "known_best": listed("most", "less"), "second": SECOND,
}  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "product", "kind"),
    [
        (Stage.LOST, "most", OfferKind.WAY_BACK),
        (Stage.LAPSED, "most", OfferKind.WAY_BACK),
        (Stage.AT_RISK, "due", OfferKind.AGAIN),
        (Stage.ACTIVE, "due", OfferKind.AGAIN),
        (Stage.LOYAL, "new", OfferKind.NEW),
        (Stage.NEW, "cup", OfferKind.SECOND_ORDER),
        (Stage.PROSPECT, "due", OfferKind.AGAIN),
    ],
)
def test_every_stage_has_its_kind_of_offer(stage: Stage, product: str, kind: OfferKind) -> None:
    found = pick_next_offer(stage, **FULL)
    assert found is not None
    assert (found.product, found.kind) == (product, kind)
    assert found.meaning.endswith(".")


def test_the_second_order_is_told_in_numbers() -> None:
    found = pick_next_offer(Stage.NEW, **FULL)
    assert found is not None
    assert found.reason == "4 of the 1,200 others who began alike took it on their second day"


def test_one_persons_habit_is_no_usual_second_order() -> None:
    found = pick_next_offer(Stage.NEW, **{**FULL, "second": SECOND.assign(bought=2)})
    assert found is not None
    assert (found.product, found.reason) == ("new", "Why new")


def test_where_a_source_is_empty_the_next_one_answers() -> None:
    none = listed()
    found = pick_next_offer(Stage.LOYAL, **{**FULL, "new_for_them": none})
    assert found is not None
    assert found.kind is OfferKind.AGAIN
    nothing = dict.fromkeys(FULL, none)
    for stage in Stage:
        assert pick_next_offer(stage, **nothing) is None
