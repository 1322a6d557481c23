"""What became of offers: taken, refused, bought in time or not, how often, and how often bestsellers would have been.

``offers`` means one row per offer as it was shown, [customer_id, product_id, list: OfferList, reason_kind: OfferReason,
shown_on: datetime64, rank, within_days, state: OfferState, decided_at: datetime64 or NaT]; ``purchases`` means
[customer_id, product_id, ordered_on: datetime64].
"""

import numpy as np
import pandas as pd

from crm_core.decisions.grading import wilson_range
from crm_core.vocabulary import OfferState

__all__ = ["hit_rates", "join_showings"]

PAIR = ["customer_id", "product_id"]
WEEKLY_UNTIL_DAYS = 120  # a span up to so long is told week by week, a longer one by month


def join_showings(offers: pd.DataFrame, purchases: pd.DataFrame, *, known_until: pd.Timestamp | None) -> pd.DataFrame:
    """Offers that count: a product that is shown to a customer again within its own days is one and the same offer.

    known_until: the last day with an order; what happened later nobody knows yet. Out: [customer_id, product_id, list,
    reason_kind, shown_on, rank, within_days, ends_on, state, decided_at, bought_on: datetime64 or NaT, is_over], the
    latest first, lists in their order. Of several decisions the latest counts; a purchase counts after the first day
    shown, within its days.

    >>> shown = pd.DataFrame({"customer_id": 1, "product_id": 7, "list": "buy again", "reason_kind": "own purchases",
    ...     "shown_on": pd.to_datetime(["2026-01-01", "2026-01-09"]), "rank": 1, "within_days": 30,
    ...     "state": ["shown", "accepted"], "decided_at": pd.to_datetime([None, "2026-01-09 10:00"])})
    >>> bought = pd.DataFrame({"customer_id": [1], "product_id": 7, "ordered_on": pd.to_datetime(["2026-01-20"])})
    >>> one = join_showings(shown, bought, known_until=pd.Timestamp("2026-02-01")).iloc[0]
    >>> one["state"], f"{one['bought_on']:%d %b}", bool(one["is_over"])
    ('accepted', '20 Jan', True)
    """
    rows = offers.sort_values([*PAIR, "shown_on", "list", "rank"], kind="stable", ignore_index=True)
    rows["offer"] = _number_showings(rows)
    first = rows.drop_duplicates("offer").set_index("offer")
    said = rows.dropna(subset="decided_at").sort_values(["offer", "decided_at"], kind="stable")
    said = said.drop_duplicates("offer", keep="last").set_index("offer")[["state", "decided_at"]]
    counted = first.drop(columns=["state", "decided_at", "offer_id"], errors="ignore").join(said)
    counted["state"] = counted["state"].fillna(OfferState.SHOWN.value)
    counted["ends_on"] = counted["shown_on"] + pd.to_timedelta(counted["within_days"], unit="D")
    counted["is_over"] = False if known_until is None else counted["ends_on"] <= known_until
    counted["bought_on"] = _first_purchase(counted, purchases)
    order = ["shown_on", "customer_id", "list", "rank", "product_id"]
    return counted.sort_values(order, ascending=[False, *[True] * 4], kind="stable", ignore_index=True)


def _number_showings(rows: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Which offer each row is a showing of; a new one begins when the days of the one before have passed."""
    days = rows["shown_on"].to_numpy("datetime64[D]").astype(np.int64)
    ends = days + rows["within_days"].to_numpy(np.int64)
    customer, product = (rows[name].to_numpy() for name in PAIR)
    numbers, number, start = np.zeros(len(rows), np.int64), -1, 0
    for at in range(len(rows)):
        again = at > 0 and customer[at] == customer[start] and product[at] == product[start] and days[at] <= ends[start]
        if not again:
            number, start = number + 1, at
        numbers[at] = number
    return numbers


def _first_purchase(counted: pd.DataFrame, purchases: pd.DataFrame) -> pd.Series:
    """The first day after it was shown, and within its days, on which the customer bought it."""
    if purchases.empty or counted.empty:
        return pd.Series(pd.NaT, counted.index, dtype="datetime64[s]")
    whole = {"shown_on": "datetime64[s]", "customer_id": "int64", "product_id": "int64"}
    left = counted.reset_index()[["offer", *PAIR, "shown_on"]].astype(whole).sort_values("shown_on", kind="stable")
    right = purchases[[*PAIR, "ordered_on"]].astype({"ordered_on": "datetime64[s]"}).sort_values("ordered_on")
    met = pd.merge_asof(
        left, right, by=PAIR, left_on="shown_on", right_on="ordered_on", direction="forward", allow_exact_matches=False
    )
    day = met.set_index("offer")["ordered_on"].reindex(counted.index)
    return day.where(day <= counted["ends_on"])


def hit_rates(counted: pd.DataFrame, popular: pd.Series) -> pd.DataFrame:
    """How many of the offers whose days are over were bought, week by week or month by month of the day shown.

    In: counted, as ``join_showings`` gives them; popular: for each of them the share of as many bestsellers that the
    same customer bought in the same days. Out: [from_day, to_day: datetime64, offers, bought: counts, share, low, high:
    Wilson's 10 % and 90 % points, popular_share: 0..1], oldest first; periods without an offer are left out.
    """
    over = counted[counted["is_over"]]
    span = (over["shown_on"].max() - over["shown_on"].min()).days if len(over) else 0
    period = over["shown_on"].dt.to_period("W" if span <= WEEKLY_UNTIL_DAYS else "M")
    table = pd.DataFrame({"bought": over["bought_on"].notna(), "popular": popular.reindex(over.index)})
    found = table.groupby(period).agg(
        offers=("bought", "size"), bought=("bought", "sum"), popular_share=("popular", "mean")
    )
    share = found["bought"] / found["offers"]
    low, high = wilson_range(share, found["offers"])
    days = {"from_day": found.index.start_time, "to_day": found.index.end_time.normalize()}
    table = found.assign(share=share, low=low, high=high, **days).reset_index(drop=True)
    columns = ["from_day", "to_day", "offers", "bought", "share", "low", "high", "popular_share"]
    return table[columns].astype({"offers": "int64", "bought": "int64"})
