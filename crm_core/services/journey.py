"""The way from stranger to regular: who stands at which stage, how many get there, and who moved since a past day."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from crm_core.decisions.lifecycle import stage_meanings
from crm_core.decisions.stage_moves import NO_ORDER_YET, Rate, churn_between, count_moves, stages_on, turning_points
from crm_core.provenance import Provenance
from crm_core.services.customers import CustomerBase
from crm_core.services.loyalty import standings_of
from crm_core.services.preferences import Preferences
from crm_core.vocabulary import Stage, Tier
from crm_core.wording import count, day, plural

__all__ = ["NO_ORDER_YET", "SATISFIED", "Journey", "Rate", "Step", "journey_of_customers", "months_before"]

SATISFIED = 0.75  # four of five, on a scale from one
ONLY_BUYERS = (
    "Only people who ordered are stored, so nothing is known of those who did not. Import your contacts to see how "
    "many become customers."
)


@dataclass(frozen=True)
class Step:
    """One step of the way: its name, how many took it of how many, of whom, and what that means. ``unknown`` says why
    the share tells nothing, where that is so."""

    name: str
    rate: Rate
    of_whom: str
    meaning: str
    unknown: str = ""


@dataclass(frozen=True, eq=False)
class Journey:
    """The base by lifecycle stage, and since when.

    stages: every stage in its order, [stage, customers: count, customer_share: of all known, spend_minor: net of
    refunds, spend_share: NaN where nothing was spent, before: count on the past day, NaN for prospects, meaning];
    steps: known → first order → second order day → loyal; moves: as ``count_moves`` gives them, empty when nobody had
    ordered by ``since``; movers: who moved, biggest spenders first, by our number, [customer_id: the source's own,
    name, stage_before, stage_now, spend_minor]; churn: lost since, of those not lost then, None where nobody can be
    lost; loyalty: customers in the high loyalty tier, of those with a score; satisfaction: customers who gave
    ``SATISFIED`` or more on average, of those who answered a survey; sentence: what changed.
    """

    stages: pd.DataFrame
    steps: tuple[Step, ...]
    moves: pd.DataFrame
    movers: pd.DataFrame
    since: date
    churn: Rate | None
    churn_meaning: str
    loyalty: Rate
    loyalty_meaning: str
    satisfaction: Rate
    sentence: str
    made_by: Provenance


def months_before(as_of: date, months: int) -> date:
    """The same day so many months earlier, or the month's last.

    >>> months_before(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    earlier: date = (pd.Timestamp(as_of) - pd.DateOffset(months=months)).date()
    return earlier


def journey_of_customers(base: CustomerBase, preferences: Preferences, *, known: int, months: int = 1) -> Journey:
    """Stages, steps and movement of a base since so many months ago. ``known``: everybody stored by the base's day,
    those without an order too.
    """
    since = months_before(base.as_of, months)
    before, now = stages_on(base.days, as_of=pd.Timestamp(since), limits=base.limits), base.table["stage"]
    prospects = max(known - len(now), 0)
    moves = count_moves(before, now, base.table["spend_minor"])
    can_be_lost = base.shop.repeat_buyers > 0 and len(before) > 0
    churn = churn_between(before, now) if can_be_lost else None
    loyalty = _loyalty_share(base, preferences)
    return Journey(
        stages=_stages(base, before, prospects),
        steps=_steps(base, prospects),
        moves=moves if len(before) else moves.head(0),
        movers=_movers(base, before),
        since=since,
        churn=churn,
        churn_meaning=_say_churn(base, churn, since),
        loyalty=loyalty,
        loyalty_meaning=_say_loyalty(base, preferences, loyalty),
        satisfaction=_satisfaction_share(base.table["satisfaction"]),
        sentence=_say_what_changed(base, before, since),
        made_by=Provenance(
            method="lifecycle stages by own rhythm, the past day replayed",
            customers=len(now),
            orders=int(base.table["orders"].sum()),
            as_of=base.as_of,
            source="rates: lost / there at the start; high tier / all",
        ),
    )


def _stages(base: CustomerBase, before: pd.Series, prospects: int) -> pd.DataFrame:
    by_stage = base.table.groupby("stage")["spend_minor"].agg(customers="size", spend_minor="sum")
    names = [stage.value for stage in Stage]
    table = by_stage.reindex(names, fill_value=0)
    table.loc[Stage.PROSPECT.value, "customers"] = prospects
    everybody, money = int(table["customers"].sum()), int(table["spend_minor"].sum())
    counted = before.value_counts().reindex(names, fill_value=0).astype("float64")
    counted[Stage.PROSPECT.value] = float("nan")  # when somebody became known, nobody wrote down
    meanings = stage_meanings(base.limits)
    return pd.DataFrame(
        {
            "stage": names,
            "customers": table["customers"].to_numpy(),
            "customer_share": table["customers"].to_numpy() / max(everybody, 1),
            "spend_minor": table["spend_minor"].to_numpy(),
            "spend_share": table["spend_minor"].to_numpy() / money if money > 0 else float("nan"),
            "before": counted.to_numpy(),
            "meaning": [meanings[stage] for stage in Stage],
        }
    )


def _steps(base: CustomerBase, prospects: int) -> tuple[Step, ...]:
    days, needed = base.table["purchase_days"], base.limits.loyal_days
    bought, again, often = len(days), int((days >= 2).sum()), int((days >= needed).sum())
    loyal = int((base.table["stage"] == Stage.LOYAL.value).sum())
    everybody = bought + prospects
    only_buyers = "" if prospects else ONLY_BUYERS
    when = f"within {base.limits.fixed_days[0]} days" if base.limits.fixed_days else "within their usual rhythm"
    on_time = f"Orders on {needed} days or more, the last time {when}, of who came back."
    late = f" Another {count(often - loyal)} ordered as often but {'is' if often - loyal == 1 else 'are'} late now."
    return (
        Step("Known", Rate(everybody, everybody), "", "Acquire: everybody who is stored, with an order or without."),
        Step("Ordered", Rate(bought, everybody), "known", "Convert: a paid order, of who is stored.", only_buyers),
        Step("Came back", Rate(again, bought), "who ordered", "Retain: paid orders on two days, of who ordered."),
        Step("Loyal now", Rate(loyal, again), "who came back", on_time + (late if often > loyal else "")),
    )


def _movers(base: CustomerBase, before: pd.Series) -> pd.DataFrame:
    table = base.table
    people = pd.DataFrame(
        {
            "customer_id": table["source_id"],
            "name": table["label"],
            "stage_before": before.reindex(table.index).fillna(NO_ORDER_YET),
            "stage_now": table["stage"],
            "spend_minor": table["spend_minor"],
        }
    )
    moved = people[people["stage_before"] != people["stage_now"]]
    return moved.rename_axis(None).sort_values(["spend_minor", "customer_id"], ascending=[False, True])


def _loyalty_share(base: CustomerBase, preferences: Preferences) -> Rate:
    _, tiers = standings_of(base.table, preferences)
    return Rate(int((tiers == Tier.HIGH.value).sum()), int(tiers.notna().sum()))


def _satisfaction_share(scores: pd.Series) -> Rate:
    return Rate(int((scores >= SATISFIED).sum()), int(scores.notna().sum()))


def _say_loyalty(base: CustomerBase, preferences: Preferences, loyalty: Rate) -> str:
    unscored = len(base.table) - loyalty.whole
    left_out = f" {plural(unscored, 'customer')} without a score left out." if unscored else ""
    return (
        f"Customers in the high loyalty tier over all: a loyalty score of {preferences.high_cut:g} or more, with the "
        f"weights saved on Value & loyalty.{left_out}"
    )


def _say_churn(base: CustomerBase, churn: Rate | None, since: date) -> str:
    if churn is None:
        return (
            "Nobody has ordered on two different days yet, so nobody can be called late or lost."
            if base.shop.repeat_buyers == 0
            else f"Nobody had ordered by {day(since)}, so there is nobody who could have been lost since."
        )
    lost = stage_meanings(base.limits)[Stage.LOST].rstrip(".").lower()
    return (
        f"Customers who are lost now ({lost}), of those who had ordered and were not lost on {day(since)}. "
        "The rest, up to 100%, was retained. Settings has the limit."
    )


def _say_what_changed(base: CustomerBase, before: pd.Series, since: date) -> str:
    if before.empty:
        return f"Nobody had ordered by {day(since)}, so there is nothing to compare with yet"
    ordered_since = base.table["last_order_on"] > pd.Timestamp(since)
    late, back = turning_points(before, base.table["stage"], ordered_since)
    if not late and not back:
        return f"Since {day(since)} nobody became late and nobody came back"
    became = plural(late, "customer") if late else "nobody"
    return f"Since {day(since)}, {became} became late and {count(back) if back else 'nobody'} came back"
