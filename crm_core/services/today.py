"""Today's list: whom to look after, why, with what, and what it is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from crm_core.decisions.stakes import STAKE_DAYS, Stake, add_stakes
from crm_core.decisions.todays_actions import (
    Suggestion,
    rank_suggestions,
    suggest_for_late,
    suggest_for_signals,
    suggest_second_orders,
)
from crm_core.literal import without_line_ends
from crm_core.services.actions import list_decisions
from crm_core.services.customers import CustomerBase
from crm_core.services.predictions import keep_shown
from crm_core.store.daily_queries import favourite_products, low_answers, tickets_waiting_then, waiting_tickets
from crm_core.store.session import Store
from crm_core.wording import day, estimate, major, money_range

__all__ = ["TodaysList", "find_suggestions", "open_suggestions", "todays_list"]

ANSWER_DAYS = 30  # how long a low survey answer stays worth a call
LOW_ANSWER = 0.4


@dataclass(frozen=True)
class TodaysList:
    """At most seven actions and the money behind them.

    table: [rank, customer_id (ours), source_id, label, kind, episode, reason, action, at_stake_minor,
    at_stake_low_minor, at_stake_high_minor, recoverable_minor, evidence]; total: all of them together, its range from
    simulation; waiting: how many further suggestions stand behind these.
    """

    table: pd.DataFrame
    total: Stake
    recoverable_minor: float
    share_saved: float
    waiting: int
    currency: str
    as_of: date

    def as_export(self) -> pd.DataFrame:
        """The list for files and the command line, with money in major units.

        Out: [rank, customer_id: the source's own, kind, reason, action, at_stake, at_stake_low, at_stake_high,
        recoverable, currency, evidence].
        """
        money = ["at_stake", "at_stake_low", "at_stake_high", "recoverable"]
        amounts = {name: [round(major(v, self.currency), 2) for v in self.table[f"{name}_minor"]] for name in money}
        table = self.table.assign(customer_id=self.table["source_id"], currency=self.currency, **amounts)
        return table[["rank", "customer_id", "kind", "reason", "action", *money, "currency", "evidence"]]

    def as_words(self) -> str:
        """The list as an owner reads it in a terminal.

        >>> empty = pd.DataFrame({"at_stake_minor": []})
        >>> TodaysList(empty, add_stakes([]), 0.0, 0.2, 0, "EUR", date(2026, 3, 14)).as_words()
        'Nobody needs you today.'
        """
        if self.table.empty:
            return "Nobody needs you today."
        people = []
        for row in self.table.itertuples():
            stake = estimate(row.at_stake_minor, self.currency)
            spread = money_range(row.at_stake_low_minor, row.at_stake_high_minor, self.currency)
            people.append(
                f"{row.rank}. {without_line_ends(row.label)} ({row.source_id}), {row.kind}: {stake} at stake ({spread})"
            )
            people.append(f"   {without_line_ends(row.reason)}\n   -> {without_line_ends(row.action)}")
        return "\n".join([f"As of {day(self.as_of)}", *people])


def find_suggestions(store: Store, base: CustomerBase, *, today: date, replayed: bool = False) -> list[Suggestion]:
    """Every suggestion of the day, decided ones included. Depends on facts alone, so it may be cached by revision.

    Tickets and answers are looked at as of the real day, rhythm as of the base's. ``replayed``: today is a past day,
    and a ticket that was answered or resolved later still waits.
    """
    if base.table.empty:
        return []
    with store.read() as session:

        def favourites(customers: list[int]) -> Mapping[int, tuple[str, int]]:
            liked = favourite_products(session, customer_ids=customers, as_of=base.as_of)
            best = liked.drop_duplicates("customer_id")
            return {int(row.customer_id): (row.product, int(row.orders)) for row in best.itertuples()}

        tickets = tickets_waiting_then(session, day=today) if replayed else waiting_tickets(session, today=today)
        since = today - timedelta(days=ANSWER_DAYS)
        answers = low_answers(session, since=since, until=today, at_most=LOW_ANSWER)
        shared: dict[str, Any] = {"waits": base.waits, "favourites": favourites, "as_of": pd.Timestamp(base.as_of)}
        late = suggest_for_late(base.table, base.days, **shared)
        seconds = suggest_second_orders(base.table, base.days, shop=base.shop, **shared)
    signals = suggest_for_signals(base.table, base.days, tickets=tickets, answers=answers, today=today)
    return [found for found in (*signals, *late, *seconds) if found.customer_id not in base.archived]


def todays_list(
    store: Store,
    base: CustomerBase,
    suggestions: list[Suggestion],
    *,
    today: date,
    share_saved: float,
    keep: bool = True,
    decided_before: datetime | None = None,
) -> TodaysList:
    """The suggestions that the owner has not dealt with yet, ranked; ``keep`` those shown, to be graded later.

    Of a past day nothing may be kept, since nobody saw it; only what was decided before its end was dealt with.
    """
    open_ones = open_suggestions(store, suggestions, today=today, decided_before=decided_before)
    chosen = rank_suggestions(open_ones)
    total = add_stakes([suggestion.stake for suggestion in chosen])
    answer = TodaysList(
        table=_table(chosen, base, share_saved),
        total=total,
        recoverable_minor=total.value_minor * share_saved,
        share_saved=share_saved,
        waiting=len({s.customer_id for s in open_ones}) - len(chosen),
        currency=base.currency,
        as_of=base.as_of,
    )
    if keep:
        keep_shown(store, answer.table, as_of=base.as_of, horizon_days=STAKE_DAYS, currency=base.currency)
    return answer


def open_suggestions(
    store: Store, suggestions: list[Suggestion], *, today: date, decided_before: datetime | None = None
) -> list[Suggestion]:
    """Those that the owner has not dealt with yet."""
    decided = list_decisions(store, today=today, before=decided_before)
    gone = set(zip(decided["customer_id"], decided["kind"], decided["episode"], strict=True))
    return [s for s in suggestions if (s.customer_id, s.kind.value, s.episode) not in gone]


def _table(chosen: list[Suggestion], base: CustomerBase, share_saved: float) -> pd.DataFrame:
    people = base.table[["label", "source_id"]]
    rows = [
        {
            "rank": rank,
            "customer_id": suggestion.customer_id,
            "source_id": people.loc[suggestion.customer_id, "source_id"],
            "label": people.loc[suggestion.customer_id, "label"],
            "kind": suggestion.kind.value,
            "episode": suggestion.episode,
            "reason": suggestion.reason,
            "action": suggestion.action,
            "at_stake_minor": suggestion.stake.value_minor,
            "at_stake_low_minor": suggestion.stake.low_minor,
            "at_stake_high_minor": suggestion.stake.high_minor,
            "recoverable_minor": suggestion.stake.value_minor * share_saved,
            "evidence": suggestion.evidence.value,
        }
        for rank, suggestion in enumerate(chosen, start=1)
    ]
    columns = ["rank", "customer_id", "source_id", "label", "kind", "episode", "reason", "action", "at_stake_minor"]
    columns += ["at_stake_low_minor", "at_stake_high_minor", "recoverable_minor", "evidence"]
    return pd.DataFrame(rows, columns=columns)
