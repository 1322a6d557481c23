"""Showings that are one offer, what became of them, and how many were bought by period."""

import pandas as pd
import pytest

from crm_core.decisions.offer_outcomes import hit_rates, join_showings

END = pd.Timestamp("2026-12-31")
NOTHING = pd.DataFrame({"customer_id": [], "product_id": [], "ordered_on": pd.to_datetime([])})


def shown(*rows: tuple[int, int, str, str, str | None]) -> pd.DataFrame:
    """Offers as (customer, product, day, state, decided at), for 30 days each."""
    table = pd.DataFrame(rows, columns=["customer_id", "product_id", "shown_on", "state", "decided_at"])
    for name in ("shown_on", "decided_at"):
        table[name] = pd.to_datetime(table[name])
    same = {"list": "buy again", "reason_kind": "own purchases", "rank": 1, "within_days": 30}
    return table.assign(**same, offer_id=range(len(table)))


def bought(*rows: tuple[int, int, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["customer_id", "product_id", "ordered_on"])
    return table.assign(ordered_on=pd.to_datetime(table["ordered_on"]))


def test_a_purchase_counts_after_the_day_and_up_to_the_last_of_its_days() -> None:
    offers = shown(*((n, 7, "2026-01-01", "shown", None) for n in range(1, 6)))
    days = ["2026-01-01", "2026-01-02", "2026-01-31", "2026-02-01", "2025-12-31"]
    counted = join_showings(offers, bought(*((n + 1, 7, day) for n, day in enumerate(days))), known_until=END)
    assert counted["bought_on"].notna().tolist() == [False, True, True, False, False]


def test_only_the_same_customer_and_product_count() -> None:
    offers = shown((1, 7, "2026-01-01", "shown", None))
    others = bought((2, 7, "2026-01-05"), (1, 8, "2026-01-05"))
    assert join_showings(offers, others, known_until=END)["bought_on"].isna().all()


def test_what_is_shown_again_within_its_days_is_one_offer() -> None:
    days = ["2026-01-01", "2026-01-20", "2026-01-31", "2026-02-01"]
    counted = join_showings(shown(*((1, 7, day, "shown", None) for day in days)), NOTHING, known_until=END)
    assert sorted(counted["shown_on"]) == list(pd.to_datetime(["2026-01-01", "2026-02-01"]))


def test_the_latest_decision_of_an_offer_counts() -> None:
    offers = shown(
        (1, 7, "2026-01-01", "declined", "2026-01-01 09:00"),
        (1, 7, "2026-01-05", "accepted", "2026-01-05 09:00"),
        (1, 7, "2026-01-09", "shown", None),
    )
    counted = join_showings(offers, NOTHING, known_until=END)
    assert counted["state"].tolist() == ["accepted"]


def test_an_offer_is_over_when_orders_are_known_beyond_its_days() -> None:
    offers = shown((1, 7, "2026-01-01", "shown", None))
    for until, over in (("2026-01-30", False), ("2026-01-31", True)):
        assert join_showings(offers, NOTHING, known_until=pd.Timestamp(until))["is_over"].tolist() == [over]
    assert join_showings(offers, NOTHING, known_until=None)["is_over"].tolist() == [False]


def test_the_order_of_rows_is_no_matter_and_none_is_fine() -> None:
    offers = shown(*((n % 3, n % 5, f"2026-01-{1 + n:02d}", "shown", None) for n in range(20)))
    purchases = bought(*((n % 3, n % 5, f"2026-01-{3 + n:02d}") for n in range(20)))
    first = join_showings(offers, purchases, known_until=END)
    mixed = join_showings(
        offers.sample(frac=1, random_state=1), purchases.sample(frac=1, random_state=2), known_until=END
    )
    pd.testing.assert_frame_equal(first, mixed)
    none = join_showings(offers.head(0), NOTHING, known_until=END)
    assert none.empty
    assert list(none.columns) == list(first.columns)
    assert hit_rates(none, pd.Series(dtype=float)).empty


def test_shares_are_of_offers_whose_days_are_over_by_week_or_month() -> None:
    offers = shown(
        (1, 7, "2026-01-05", "shown", None), (2, 7, "2026-01-06", "shown", None), (3, 7, "2026-01-12", "shown", None)
    )
    purchases = bought((1, 7, "2026-01-09"), (3, 7, "2026-01-14"))
    known = pd.Timestamp("2026-02-05")  # the third may still be bought
    counted = join_showings(offers, purchases, known_until=known)
    weeks = hit_rates(counted, pd.Series(0.25, counted.index))
    assert weeks[["offers", "bought", "share", "popular_share"]].values.tolist() == [[2, 1, 0.5, 0.25]]
    assert (weeks["from_day"].iloc[0], weeks["to_day"].iloc[0]) == (
        pd.Timestamp("2026-01-05"),
        pd.Timestamp("2026-01-11"),
    )
    assert weeks["low"].iloc[0] < 0.5 < weeks["high"].iloc[0]
    long = pd.concat([offers, shown((4, 7, "2026-06-20", "shown", None))])
    months = hit_rates(counted := join_showings(long, purchases, known_until=END), pd.Series(0.0, counted.index))
    assert months["offers"].tolist() == [3, 1]
    assert months["share"].tolist() == pytest.approx([2 / 3, 0])
    assert months["from_day"].iloc[1] == pd.Timestamp("2026-06-01")
