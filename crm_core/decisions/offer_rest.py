"""How long an offer rests for a customer after what they, or the owner, said to it."""

from datetime import date

import pandas as pd

from crm_core.vocabulary import OfferState

__all__ = ["DECLINE_REST_DAYS", "resting"]

DECLINE_REST_DAYS = 90


def resting(decided: pd.DataFrame, *, day: date) -> pd.DataFrame:
    """The offers that are not made on a day: by each pair's latest decision.

    In: decided[customer_id, product_id, state: OfferState, within_days, decided_on: datetime64], one row per decision;
    of several on one day the last row counts. Out: the rows that rest, one for each pair, in order, with [until:
    datetime64, NaT: until it is taken back]. What was declined rests for 90 days, what was accepted while it may still
    be bought, and what is not useful until it is taken back.

    >>> said = pd.DataFrame({"customer_id": 1, "product_id": [5, 6, 7], "within_days": 30,
    ...     "state": ["declined", "accepted", "not useful"], "decided_on": pd.to_datetime(["2026-01-01"] * 3)})
    >>> resting(said, day=date(2026, 3, 1))["state"].tolist()
    ['declined', 'not useful']
    """
    pair = ["customer_id", "product_id"]
    latest = decided.sort_values([*pair, "decided_on"], kind="stable").drop_duplicates(pair, keep="last")
    days = latest["within_days"].where(latest["state"] == OfferState.ACCEPTED.value, DECLINE_REST_DAYS)
    until = latest["decided_on"] + pd.to_timedelta(days.astype("int64"), unit="D")
    until = until.where(latest["state"] != OfferState.NOT_USEFUL.value)
    rests = latest.assign(until=until)[until.isna() | (until > pd.Timestamp(day))]
    return rests.reset_index(drop=True)
