"""Figures that were shown to the owner, kept unchanged so that they can be graded once their window has passed."""

from datetime import date

import pandas as pd
from sqlalchemy import insert, select

from crm_core.store.bulk import next_id
from crm_core.store.session import Store
from crm_core.store.tables import Base, Prediction

__all__ = ["keep_shown"]

QUANTITY = "at_stake_minor"


def keep_shown(store: Store, shown: pd.DataFrame, *, as_of: date, horizon_days: int, currency: str) -> int:
    """Store what a list promises, once per customer, method, day and horizon; says how many were new.

    In: shown[customer_id, evidence: the method, at_stake_minor, at_stake_low_minor, at_stake_high_minor].
    """
    if shown.empty:
        return 0
    same = {"quantity": QUANTITY, "as_of": as_of, "horizon_days": horizon_days}
    known = select(Prediction.customer_id, Prediction.model).filter_by(**same)
    with store.read() as session:
        if not _missing(shown, set(session.execute(known).all())):
            return 0
    with store.begin() as session:  # asked again: another window may have stored them in between
        rows = _missing(shown, set(session.execute(known).all()))
        if rows:
            first = next_id(session, Base.metadata.tables[Prediction.__tablename__])
            numbered = [{"id": first + place, **row, **same, "currency": currency} for place, row in enumerate(rows)]
            session.execute(insert(Prediction), numbered)
    return len(rows)


def _missing(shown: pd.DataFrame, known: set[tuple[int, str]]) -> list[dict[str, object]]:
    return [
        {
            "customer_id": int(row.customer_id),
            "model": row.evidence,
            "value": float(row.at_stake_minor),
            "low": float(row.at_stake_low_minor),
            "high": float(row.at_stake_high_minor),
        }
        for row in shown.itertuples()
        if (row.customer_id, row.evidence) not in known
    ]
