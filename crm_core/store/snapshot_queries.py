"""The monthly snapshots: which there are, who stood how, one taken, old ones let go."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from crm_core.store.bulk import insert_columns, next_id
from crm_core.store.queries import read_frame
from crm_core.store.tables import Base, Customer, Snapshot, Standing

__all__ = ["drop_snapshot", "drop_snapshots_beyond", "insert_snapshot", "people_in", "snapshots_until", "standings_on"]

TABLES = Base.metadata.tables
STANDING = ("stage", "rfm_group", "value_tier", "loyalty_tier", "loyalty", "segments")


def snapshots_until(session: Session, *, day: date) -> list[Snapshot]:
    """The snapshots up to a day, latest first."""
    return list(session.scalars(select(Snapshot).where(Snapshot.as_of <= day).order_by(Snapshot.as_of.desc())))


def people_in(session: Session, *, as_of: date) -> pd.Index:
    """Who is in the snapshot of a day."""
    found = session.scalars(select(Standing.customer_id).where(Standing.as_of == as_of))
    return pd.Index(list(found), dtype="int64", name="customer_id").sort_values()


def standings_on(session: Session, *, as_of: date) -> pd.DataFrame:
    """How everybody stood. Out: index customer_id, [stage, rfm_group, value_tier, loyalty_tier: text or None, loyalty:
    0..100 or NaN, segments: numbers such as "3 12", or None]."""
    columns = [getattr(Standing, name) for name in STANDING]
    statement = select(Standing.customer_id, *columns).where(Standing.as_of == as_of).order_by(Standing.customer_id)
    return read_frame(session, statement).astype({"loyalty": "float64"}).set_index("customer_id")


def insert_snapshot(
    session: Session,
    standings: pd.DataFrame,
    *,
    as_of: date,
    now: datetime,
    segments: Mapping[str, Any],
    choices: Mapping[str, Any],
) -> int:
    """Keep a snapshot; how many customers are in it. Who is gone by now is left out.

    In: standings as ``standings_on`` gives them.
    """
    there = standings[standings.index.isin(list(session.scalars(select(Customer.id))))].sort_index()
    number = next_id(session, Base.metadata.tables[Snapshot.__tablename__])
    times = {"month": as_of.replace(day=1), "as_of": as_of, "made_at": now}
    session.execute(insert(Snapshot).values(id=number, **times, segments=dict(segments), choices=dict(choices)))
    table = TABLES[Standing.__tablename__]
    first = next_id(session, table)
    cells = {name: _cells(there[name]) for name in STANDING if name != "loyalty"}
    columns = {
        "id": np.arange(first, first + len(there)),
        "customer_id": there.index.to_numpy(np.int64),
        "as_of": np.full(len(there), np.datetime64(as_of)),
        "loyalty": there["loyalty"].to_numpy(np.float64),
        **cells,
    }
    return insert_columns(session, table, columns)


def drop_snapshot(session: Session, *, as_of: date) -> None:
    """Let one go."""
    session.execute(delete(Standing).where(Standing.as_of == as_of))
    session.execute(delete(Snapshot).where(Snapshot.as_of == as_of))


def drop_snapshots_beyond(session: Session, kept: int) -> None:
    """Let all but the latest go."""
    days = session.scalars(select(Snapshot.as_of).order_by(Snapshot.as_of.desc())).all()
    for day in days[kept:]:
        drop_snapshot(session, as_of=day)


def _cells(column: pd.Series) -> "np.ndarray[Any, Any]":
    """Texts for the driver, None where there is none."""
    cells: np.ndarray[Any, Any] = column.astype(object).where(column.notna(), None).to_numpy(object)
    return cells
