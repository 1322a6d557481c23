"""How offers did: counts, bestsellers beside them, what was learnt, and what is said where there is little."""

from datetime import date, timedelta

import pandas as pd
import pytest

from crm_core.decisions.offer_learning import Learnt
from crm_core.services.offer_effect import offer_days_effect
from crm_core.services.offer_feedback import OfferDay
from crm_core.services.offer_results import OfferResults, offer_results, tell_lessons
from crm_core.store import offer_queries
from crm_core.store.session import Store
from crm_core.vocabulary import OfferState
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.services.test_offer_feedback import buy, say, show
from tests.shops import add_orders

LATER = date(2026, 6, 30)


def results(store: Store, day: date = LATER) -> OfferResults:
    return offer_results(store, base_of(store, day), at=OfferDay(day, "UTC"))


def test_nothing_offered_says_what_an_offer_is(store: Store) -> None:
    add_orders(store, [("ana", "2026-01-01", 1000)])
    found = results(store)
    assert found.headline == "Too early to say how offers do"
    assert found.sentence.startswith("Nothing has been offered yet")
    assert found.rates.empty
    assert found.lessons == ()


def test_an_offer_whose_days_are_not_over_waits(store: Store) -> None:
    add_orders(store, [("ana", "2026-01-01", 1000)])
    show(store, 1)
    found = results(store)
    assert (found.over, found.waiting, found.first_due) == (0, 1, date(2026, 2, 9))
    waits = "may still be bought; the first is judged once your orders up to 9 Feb 2026 are in."
    assert found.sentence == f"1 offer {waits}"
    assert found.offers["outcome"].tolist() == ["may still be bought"]


def test_what_was_bought_is_the_same_however_many_were_offered_something(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [(name, f"2026-0{month}-0{place}", 1000) for place, name in enumerate("abcd", 1) for month in (1, 2, 3)]
    add_orders(store, days)
    for customer in (1, 3, 4):
        show(store, 1, customer=customer)
    found = []
    for few in (200, 3, 2, 0):  # named by their number, or not
        monkeypatch.setattr(offer_queries, "FEW", few)
        with store.read() as session:
            found.append(offer_queries.kept_purchases(session, as_of=LATER))
            found.append(offer_queries.kept_purchases(session, as_of=LATER, only_offered=True))
    assert sorted(found[0]["customer_id"].unique()) == [1, 3, 4]
    assert len(found[0]) == 9
    for other in found[1:]:
        pd.testing.assert_frame_equal(other, found[0])


def test_counts_are_of_offers_whose_days_are_over(store: Store) -> None:
    """Ana was offered the only product and bought it; so would she have the bestseller, which it is."""
    add_orders(store, [("ana", "2026-01-01", 1000), ("ben", "2026-01-02", 1000), ("ben", "2026-05-01", 1000)])
    show(store, 1)
    show(store, 1, customer=2)
    buy(store, "2026-01-20")
    say(store, OfferState.DECLINED, customer=2)
    found = results(store)
    assert (found.over, found.bought, found.share, found.popular_share) == (2, 1, 0.5, 0.5)
    assert found.sentence.startswith("Of 2 offers whose days are over, 1 was bought in time: 50%, likely")
    assert found.rates[["offers", "bought", "popular_share"]].to_numpy().tolist() == [[2, 1, 0.5]]
    assert found.offers.sort_values("customer_id")["outcome"].tolist() == ["bought", "declined"]
    assert found.offers["customer"].tolist() == ["Person ana", "Person ben"]
    assert found.learnt.reasons[["taken", "refused"]].to_numpy().tolist() == [[1, 1]]


def test_the_demonstration_has_offers_that_agree_with_its_orders(demo_store: Store) -> None:
    base = base_of(demo_store, LAST_DAY)
    found = offer_results(demo_store, base, at=OfferDay(LAST_DAY, "UTC"))
    assert found.over > 1000
    assert found.low > found.popular_share
    assert found.headline.startswith("Offers are bought 1.")
    assert found.rates["bought"].sum() == found.bought
    assert len(found.lessons) == 2
    accepted = found.offers[(found.offers["state"] == "accepted") & found.offers["is_over"]]
    assert accepted["bought_on"].notna().mean() > 0.9  # the others were wholly refunded since
    past = LAST_DAY - timedelta(days=60)
    then = base_of(demo_store, past)
    earlier = offer_results(demo_store, then, at=OfferDay(past, "UTC"))
    assert 0 < earlier.over < found.over
    assert earlier.offers[["shown_on", "decided_at", "bought_on"]].max().max() <= pd.Timestamp(past + timedelta(days=1))


def test_other_days_are_counted_before_they_are_saved(store: Store) -> None:
    add_orders(store, [("ana", "2026-01-01", 1000), ("ben", "2026-05-01", 1000)])
    show(store, 1)
    buy(store, "2026-01-20")
    base, at = base_of(store, LATER), OfferDay(LATER, "UTC")
    for days, told in ((5, "0 came to an order within 5 days (0%)"), (10, "1 came to an order within 10 days (100%)")):
        assert offer_days_effect(store, base, days, at=at).sentences == (f"Of 1 offer made so long ago, {told}.",)
    assert offer_days_effect(store, base, 300, at=at).sentences[0].startswith("No offer was made 300 days ago")


@pytest.mark.parametrize(
    ("factor", "told"),
    [
        (2.0, ["2.0 times as often as usual on “new for them”, so they rank higher there."]),
        (0.5, ["only 50% as often as usual on “new for them”, so they rank lower there."]),
        (1.05, []),
    ],
)
def test_what_was_learnt_is_told_in_words(factor: float, told: list[str]) -> None:
    reasons = pd.DataFrame([{"list": "new for them", "reason_kind": "customers alike", "usual": 0.2}])
    learnt = Learnt(reasons.assign(share=0.2 * factor, factor=factor), pd.DataFrame())
    assert list(tell_lessons(learnt)) == [f"Offers because of customers alike are taken {words}" for words in told]
