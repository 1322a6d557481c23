"""What the owner did with a suggestion: done, snoozed, not useful; and taking that back."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
from sqlalchemy import delete, insert, update

from crm_core.errors import CrmError
from crm_core.services.time_zones import as_stored
from crm_core.store.bulk import next_id
from crm_core.store.daily_queries import decided_actions
from crm_core.store.session import Store
from crm_core.store.tables import Action, Base
from crm_core.vocabulary import ActionKind, ActionState

__all__ = ["LONGEST_SNOOZE_DAYS", "decide_action", "list_decisions", "put_back"]

LONGEST_SNOOZE_DAYS = 365


def decide_action(
    store: Store,
    *,
    customer_id: int,
    kind: str,
    episode: str,
    state: ActionState,
    today: date,
    snooze_days: int | None = None,
) -> None:
    """Keep the owner's word on one suggestion. It survives every recomputation: the episode identifies the occasion."""
    kind = _known_kind(kind)
    if state is ActionState.SNOOZED and not 1 <= (snooze_days or 0) <= LONGEST_SNOOZE_DAYS:
        raise CrmError(f"Snooze for {snooze_days} days is not possible; choose 1 to {LONGEST_SNOOZE_DAYS} days.")
    until = today + timedelta(days=snooze_days or 0) if state is ActionState.SNOOZED else None
    key = {"customer_id": customer_id, "kind": kind, "episode": episode}
    choice = {"state": state.value, "snoozed_until": until, "decided_at": datetime.now(UTC).replace(tzinfo=None)}
    with store.begin() as session:
        changed = session.execute(update(Action).filter_by(**key).values(**choice))
        if not changed.rowcount:  # type: ignore[attr-defined]
            number = next_id(session, Base.metadata.tables[Action.__tablename__])
            session.execute(insert(Action).values(id=number, **key, **choice))


def put_back(store: Store, *, customer_id: int, kind: str, episode: str) -> None:
    """Forget the owner's word, so that the suggestion may stand on the list again."""
    with store.begin() as session:
        session.execute(delete(Action).filter_by(customer_id=customer_id, kind=_known_kind(kind), episode=episode))


def list_decisions(store: Store, *, today: date, before: datetime | None = None) -> pd.DataFrame:
    """Suggestions the owner has dealt with and that stay off the list, latest first.

    Out: [customer_id, kind, episode, state, snoozed_until, decided_at]; a snooze that is over is left out. ``before``:
    only what was decided by that moment; of a suggestion decided twice the last word alone is stored.
    """
    with store.read() as session:
        decided = decided_actions(session, before=as_stored(before) if before else None)
    over = decided["snoozed_until"].map(lambda day: day is not None and day <= today)
    return decided[~over.astype(bool)].reset_index(drop=True)


def _known_kind(kind: str) -> str:
    if kind not in set(ActionKind):
        raise CrmError(f"There is no kind of action called {kind!r}; known are {', '.join(ActionKind)}.")
    return str(ActionKind(kind).value)
