"""Whom to look after today, and why: suggestions with a reason in the customer's own numbers, ranked by money."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crm_core.decisions.stakes import STAKE_DAYS, Stake, rhythm_stake, second_order_stake
from crm_core.features.rhythm import ShopRhythm, Waits, count_returns
from crm_core.features.usual_spend import capped_spends
from crm_core.vocabulary import LATE_STAGES, ActionKind, Evidence, Stage
from crm_core.wording import count, day, plural

__all__ = ["Suggestion", "rank_suggestions", "suggest_for_late", "suggest_for_signals", "suggest_second_orders"]

SHORTLIST = 40  # candidates of a kind that are looked at closely
MOST_OF_A_KIND = 4
FEWEST_DAYS = 3  # one gap is no rhythm yet
FEWEST_SECOND_ORDERS = 5  # below this many, what a second order is worth here is not known
FEWEST_PRECEDENTS = 10  # below this many earlier cases their share says nothing
UNKNOWN_RISK = 0.5


@dataclass(frozen=True)
class Suggestion:
    """One thing to do for one customer. ``risk`` is the share of earlier cases that brought no order in 90 days."""

    customer_id: int
    kind: ActionKind
    episode: str
    reason: str
    action: str
    evidence: Evidence
    risk: float
    stake: Stake = field(repr=False)


Favourites = Mapping[int, tuple[str, int]]  # customer -> most bought product and how often


def suggest_for_late(
    table: pd.DataFrame,
    days: pd.DataFrame,
    *,
    waits: Waits,
    favourites: Callable[[list[int]], Favourites],
    as_of: pd.Timestamp,
    seed: int = 7,
) -> list[Suggestion]:
    """Customers who are at risk or lapsed, and whose rhythm is known.

    In: table (the base frame: stage, lateness, usual_gap_days, purchase_days, usual_spend_minor, last_order_on,
    days_since_last_order), days[customer_id, ordered_on, spend_minor].
    """
    late = table[(table["purchase_days"] >= FEWEST_DAYS) & table["stage"].isin(LATE_STAGES)]
    late = late[late["lateness"] > 1]  # by fixed days somebody slow may be called late within their own rhythm
    worth = late["usual_spend_minor"] * STAKE_DAYS / late["usual_gap_days"]
    late = late.loc[worth[worth > 0].sort_values(ascending=False, kind="stable").index[:SHORTLIST]]
    spends = _spends_of(days, late.index)
    liked = favourites([int(customer) for customer in late.index])
    suggestions = []
    for row in late.itertuples():
        gap = plural(round(row.usual_gap_days), "day")
        stake = rhythm_stake(
            spends[row.Index],
            usual_gap_days=row.usual_gap_days,
            gaps=int(row.purchase_days) - 1,
            seed=seed + int(row.Index),
        )
        suggestions.append(
            _by_rhythm(
                row,
                ActionKind.LATE,
                reason=f"Usually buys every {gap}; it has been {count(row.days_since_last_order)}.",
                action=_offer_again(liked.get(int(row.Index))),
                precedents=count_returns(
                    waits, lateness=row.lateness, first=False, within_days=STAKE_DAYS, as_of=as_of
                ),
                stake=stake,
            )
        )
    return suggestions


def suggest_second_orders(
    table: pd.DataFrame,
    days: pd.DataFrame,
    *,
    shop: ShopRhythm,
    waits: Waits,
    favourites: Callable[[list[int]], Favourites],
    as_of: pd.Timestamp,
    seed: int = 7,
) -> list[Suggestion]:
    """One-time buyers whose second order is due by the shop's own pace. None where hardly anybody has ordered twice."""
    waiting = table["stage"].isin([Stage.NEW, Stage.AT_RISK]) & (table["lateness"] >= 1)
    once = table[(table["purchase_days"] == 1) & waiting]
    if shop.first_to_second_days is None or once.empty:
        return []
    once = once.sort_values(["usual_spend_minor"], ascending=False, kind="stable").iloc[:SHORTLIST]
    seconds = _second_spends(days)
    if len(seconds) < FEWEST_SECOND_ORDERS:
        return []
    bought = favourites([int(customer) for customer in once.index])
    suggestions = []
    pace = plural(round(shop.first_to_second_days), "day")
    for row in once.itertuples():
        first = bought.get(int(row.Index))
        since = plural(int(row.days_since_last_order), "day")
        suggestions.append(
            _by_rhythm(
                row,
                ActionKind.SECOND_ORDER,
                reason=f"Bought once, {since} ago; half of the second orders here came within {pace}.",
                action=f"Thank them and ask how they like “{first[0]}”" if first else "Thank them and ask how it was",
                precedents=count_returns(waits, lateness=row.lateness, first=True, within_days=STAKE_DAYS, as_of=as_of),
                stake=second_order_stake(seconds, seed=seed + int(row.Index)),
            )
        )
    return suggestions


def suggest_for_signals(
    table: pd.DataFrame, days: pd.DataFrame, *, tickets: pd.DataFrame, answers: pd.DataFrame, today: date, seed: int = 7
) -> list[Suggestion]:
    """Tickets that wait for a first answer, and recent low survey answers: facts, no prediction.

    In: tickets[customer_id, ticket_id, opened_on, subject], answers[customer_id, answer_id, answered_on, question,
    score: 0..1].
    """
    suggestions = []
    for ticket in tickets[tickets["customer_id"].isin(table.index)].itertuples():
        days_open = (today - ticket.opened_on).days
        since = f"for {plural(days_open, 'day')}" if days_open else "since today"
        reason = f"“{ticket.subject}” has waited {since}; nobody has answered yet."
        found = _signal(table, days, ticket.customer_id, ActionKind.TICKET_WAITS, f"ticket {ticket.ticket_id}", seed)
        suggestions.append(Suggestion(**found, reason=reason, action="Answer it today"))
    for answer in answers[answers["customer_id"].isin(table.index)].itertuples():
        reason = f"Gave {round(100 * answer.score)} of 100 to “{answer.question}” on {day(answer.answered_on)}."
        found = _signal(table, days, answer.customer_id, ActionKind.UNHAPPY, f"answer {answer.answer_id}", seed)
        suggestions.append(Suggestion(**found, reason=reason, action="Ask what went wrong"))
    return suggestions


def rank_suggestions(suggestions: list[Suggestion], *, most: int = 7) -> list[Suggestion]:
    """The best few: by money at stake times risk, one per customer, at most four of a kind.

    Equal money is ordered by customer, so that the list does not depend on the order it came in.
    """
    ranked = sorted(suggestions, key=lambda s: (-s.stake.value_minor * s.risk, s.customer_id, s.kind.value))
    chosen: list[Suggestion] = []
    for suggestion in ranked:
        taken = any(s.customer_id == suggestion.customer_id for s in chosen)
        same = sum(s.kind == suggestion.kind for s in chosen)
        if not taken and same < MOST_OF_A_KIND and len(chosen) < most:
            chosen.append(suggestion)
    return chosen


def _by_rhythm(
    row: Any, kind: ActionKind, *, reason: str, action: str, precedents: tuple[int, int], stake: Stake
) -> Suggestion:
    """A suggestion from days since the last order; the wait since that order is its episode."""
    return Suggestion(
        customer_id=int(row.Index),
        kind=kind,
        episode=row.last_order_on.date().isoformat(),
        reason=reason + _precedents(*precedents),
        action=action,
        evidence=Evidence.OWN_RHYTHM,
        risk=_risk(*precedents),
        stake=stake,
    )


def _signal(
    table: pd.DataFrame, days: pd.DataFrame, customer_id: int, kind: ActionKind, episode: str, seed: int
) -> dict[str, Any]:
    customer = table.loc[customer_id]
    gap = customer["usual_gap_days"]
    stake = rhythm_stake(
        _spends_of(days, pd.Index([customer_id]))[customer_id],
        usual_gap_days=float(gap) if np.isfinite(gap) else float(STAKE_DAYS),
        gaps=int(customer["purchase_days"]) - 1,
        seed=seed + int(customer_id),
    )
    return {
        "customer_id": int(customer_id),
        "kind": kind,
        "episode": episode,
        "evidence": Evidence.COUNTS,
        "risk": 1.0,
        "stake": stake,
    }


def _spends_of(days: pd.DataFrame, customers: pd.Index) -> dict[int, np.ndarray]:
    own = days[days["customer_id"].isin(customers)]
    return {customer: spends.to_numpy(float) for customer, spends in capped_spends(own).groupby(own["customer_id"])}


def _second_spends(days: pd.DataFrame) -> np.ndarray:
    nth = days.sort_values(["customer_id", "ordered_on"], kind="stable").groupby("customer_id").cumcount()
    seconds: np.ndarray = days.loc[nth.index[nth == 1], "spend_minor"].to_numpy(float)
    return seconds


def _precedents(cases: int, returned: int) -> str:
    if cases < FEWEST_PRECEDENTS:
        return ""
    lost = count(cases - returned)
    return f" Of {count(cases)} waits this long here, {lost} brought no order within {STAKE_DAYS} days."


def _risk(cases: int, returned: int) -> float:
    return (cases - returned) / cases if cases >= FEWEST_PRECEDENTS else UNKNOWN_RISK


def _offer_again(favourite: tuple[str, int] | None) -> str:
    if favourite is None:
        return "Write a personal line and ask what they need"
    return f"Offer “{favourite[0]}” again (bought {plural(favourite[1], 'time')})"
