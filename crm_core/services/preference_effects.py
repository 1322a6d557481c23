"""What a choice would change, in the owner's own numbers, before it is saved.

Only another horizon is learnt anew; everything else is counted.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import pandas as pd

from crm_core.decisions.lifecycle import StageLimits, lifecycle_stages
from crm_core.decisions.lifetime_value import discount_expected_spend
from crm_core.decisions.loyalty import check_weights
from crm_core.decisions.stakes import add_stakes
from crm_core.decisions.todays_actions import Suggestion, rank_suggestions
from crm_core.decisions.weight_change import compare_weights
from crm_core.services.as_of import AsOf
from crm_core.services.customers import CustomerBase, predict_base
from crm_core.services.loyalty import LoyaltyBase, standings_of
from crm_core.services.overview import week_begin, week_sales
from crm_core.services.preferences import Preferences
from crm_core.services.subscriptions import offer_subscriptions
from crm_core.services.time_zones import day_in_zone, zone_of
from crm_core.services.today import open_suggestions
from crm_core.store.currencies import Currencies
from crm_core.store.money_queries import counted_by_currency
from crm_core.store.session import Store
from crm_core.vocabulary import Stage, SubscriptionChoice, Tier
from crm_core.wording import count, day, estimate, money, plural

__all__ = [
    "Effect",
    "at_stake_today",
    "churn_effect",
    "counted_money",
    "money_effect",
    "recoverable_effect",
    "silence_effect",
    "stages_effect",
    "subscriptions_effect",
    "tiers_effect",
    "undiscounted_margin",
    "week_effect",
    "weights_effect",
    "worth_effect",
    "zone_effect",
]

TOP = 20
NAMES_SHOWN = 5
LATE_EVENING = time(23, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Effect:
    """Sentences, and figures before and after: (what, before, after)."""

    sentences: tuple[str, ...]
    figures: tuple[tuple[str, str, str], ...] = ()


def undiscounted_margin(base: CustomerBase, wanted: Preferences) -> float:
    """What all customers together are worth at a margin of 100 %, in minor units, for a horizon and discount rate."""
    prediction = base.prediction
    if wanted.horizon_days != prediction.horizon_days:
        end = pd.Timestamp(base.as_of)
        prediction = predict_base(base.days, base.table, end, horizon_days=wanted.horizon_days)
    clv = discount_expected_spend(
        prediction, horizon_days=wanted.horizon_days, discount_rate=wanted.discount_rate, margin_share=1.0
    )
    return float(clv.sum())


def worth_effect(base: CustomerBase, saved: Preferences, wanted: Preferences, *, full_margin_minor: float) -> Effect:
    """How margin, discount rate and horizon move what all customers are worth. ``full_margin_minor``: as
    ``undiscounted_margin`` gives it for what is wanted."""
    if not base.value_is_learnt:
        return Effect((base.too_early,))
    people = plural(len(base.table), "customer")
    before, after = float(base.table["clv_minor"].sum()), wanted.margin_share * full_margin_minor
    words = [estimate(amount, base.currency) for amount in (before, after)]
    if _worth_choices(saved) == _worth_choices(wanted):
        return Effect((f"Your {people} are worth {words[0]} to you.",))
    if words[0] == words[1]:
        return Effect((f"What your {people} are worth hardly moves: {words[0]}.",))
    moves = "rises" if after > before else "falls"
    return Effect((f"What your {people} are worth {moves} from {words[0]} to {words[1]}.",))


def weights_effect(loyal: LoyaltyBase, saved: Preferences, wanted: Preferences) -> Effect:
    """Who enters and leaves the top of the list."""
    check_weights(wanted.alpha, wanted.beta)
    change = compare_weights(
        loyal.inputs, current=(wanted.alpha, wanted.beta), saved=(saved.alpha, saved.beta), top=TOP
    )
    size = min(TOP, len(loyal.listed))
    if not change.enters:
        return Effect((f"The same {plural(size, 'customer leads', 'customers lead')} as now.",))
    labels = loyal.listed["label"]
    moved = [
        f"{word}: {', '.join(labels.loc[list(who[:NAMES_SHOWN])])}" + (" …" if len(who) > NAMES_SHOWN else "")
        for word, who in (("In", change.enters), ("Out", change.leaves))
    ]
    return Effect((f"{len(change.enters)} of the top {size} change.", *moved))


def tiers_effect(loyal: LoyaltyBase, saved: Preferences, wanted: Preferences) -> Effect:
    """Customers per loyalty tier under weights and cut-offs."""
    before, after = (_count_tiers(loyal, choices) for choices in (saved, wanted))
    return Effect((), tuple((tier.capitalize(), count(before[tier]), count(after[tier])) for tier in Tier))


def stages_effect(base: CustomerBase, wanted: StageLimits) -> Effect:
    """Customers per stage."""
    before = base.table["stage"].value_counts()
    after = lifecycle_stages(base.table, limits=wanted).value_counts()
    stages = [stage.value for stage in Stage if stage is not Stage.PROSPECT]
    moved = int((lifecycle_stages(base.table, limits=wanted) != base.table["stage"]).sum())
    sentence = f"{plural(moved, 'customer changes', 'customers change')} stage." if moved else "No customer moves."
    return Effect(
        (sentence,),
        tuple((stage.capitalize(), count(before.get(stage, 0)), count(after.get(stage, 0))) for stage in stages),
    )


def subscriptions_effect(base: CustomerBase, wanted: Preferences) -> Effect:
    """Whether the tab is shown, and why."""
    offer = offer_subscriptions(base, wanted)
    if wanted.subscriptions == SubscriptionChoice.OFF:
        return Effect(("There is no tab Subscriptions.",))
    return Effect((f"The tab Subscriptions is {'shown' if offer.offered else 'not shown'}.", offer.reason))


def at_stake_today(store: Store, suggestions: list[Suggestion], *, today: date) -> float:
    """The money at stake on today's list, in minor units; unlike showing the list, this keeps no record of it."""
    listed = rank_suggestions(open_suggestions(store, suggestions, today=today))
    return add_stakes([suggestion.stake for suggestion in listed]).value_minor


def recoverable_effect(at_stake_minor: float, saved: Preferences, wanted: Preferences) -> Effect:
    """What counts as recoverable on today's list."""
    if at_stake_minor <= 0:
        return Effect(("Nobody is on today's list, so there is nothing to recover yet.",))
    parts = [estimate(at_stake_minor * choices.share_saved, saved.currency) for choices in (saved, wanted)]
    stake = estimate(at_stake_minor, saved.currency)
    if parts[0] == parts[1]:
        return Effect((f"Of the {stake} at stake on today's list, {parts[0]} count as recoverable.",))
    return Effect((f"Of the {stake} at stake on today's list, {parts[1]} count as recoverable instead of {parts[0]}.",))


def counted_money(store: Store, *, as_of: date, currencies: Currencies) -> pd.DataFrame:
    """Paid orders by currency: [currency, orders, amount_minor, counted_minor: in the base currency]."""
    with store.read() as session:
        return counted_by_currency(session, as_of=as_of, currencies=currencies)


def money_effect(before: pd.DataFrame, after: pd.DataFrame, saved: Preferences, wanted: Preferences) -> Effect:
    """Which orders' money counts, and as how much. In: ``counted_money`` under both choices."""
    now = before.set_index("currency")["counted_minor"]
    said = []
    for row in after.itertuples():
        who = f"{plural(int(row.orders), 'order')} in {row.currency} ({money(row.amount_minor, row.currency)})"
        start, do_count, are = ("starts", "counts", "is") if row.orders == 1 else ("start", "count", "are")
        counts = money(row.counted_minor, wanted.currency, exact=True)
        was, will = (_counts(choices, row.currency) for choices in (saved, wanted))
        earlier = money(now.get(row.currency, 0), saved.currency, exact=True)
        if row.currency == wanted.currency:
            said.append(f"{who} {do_count if was else f'{start} to count'} in full.")
        elif will and was:
            said.append(f"{who} {do_count} as {counts}" + (f" instead of {earlier}." if earlier != counts else "."))
        elif will:
            said.append(f"{who} {start} to count as {counts}.")
        else:
            said.append(f"{who} no longer {do_count} in any sum." if was else f"{who} {are} in no sum without a rate.")
    return Effect(tuple(said))


def silence_effect(before: AsOf, after: AsOf) -> Effect:
    """The day at whose end figures are computed."""
    if before.day == after.day:
        return Effect((f"Figures stay as of {day(after.day)}.",))
    return Effect((f"Figures are as of {day(after.day)} instead of {day(before.day)}.",))


def zone_effect(now: datetime, saved: str, wanted: str) -> Effect:
    """What time and day it is there, and where a late order falls."""
    there = now.astimezone(zone_of(wanted))
    sentences = [f"It is {there:%H:%M} on {there:%A}, {day(there.date())}."]
    evening = datetime.combine(now.astimezone(UTC).date(), LATE_EVENING)
    falls, fell = (day_in_zone(evening, name) for name in (wanted, saved))
    instead = f" instead of {day(fell)}" if falls != fell else ""
    sentences.append(f"An order at {evening:%Y-%m-%d %H:%M} UTC falls on {day(falls)}{instead}.")
    return Effect(tuple(sentences))


def week_effect(store: Store, base: CustomerBase, saved: str, wanted: str) -> Effect:
    """Sales of the week so far."""
    parts = []
    for start in (wanted, saved):
        sold, _ = week_sales(store, base, week_start=start)
        first = week_begin(base.as_of, week_start=start)
        parts.append(f"{money(sold, base.currency)} since {first:%A}, {day(first)}")
    instead = f", instead of {parts[1]}" if wanted != saved else ""
    return Effect((f"Sales of the week: {parts[0]}{instead}.",))


def _worth_choices(choices: Preferences) -> tuple[float, float, int]:
    return choices.margin_share, choices.discount_rate, choices.horizon_days


def _count_tiers(loyal: LoyaltyBase, choices: Preferences) -> dict[str, int]:
    found = standings_of(loyal.inputs, choices)[1].value_counts()
    return {tier.value: int(found.get(tier.value, 0)) for tier in Tier}


def _counts(choices: Preferences, currency: str) -> bool:
    return currency == choices.currency or currency in dict(choices.rates)


def churn_effect(base: CustomerBase, churn_days: int) -> Effect:
    """What such a span means here: how many customers have been silent for as long, and how many usually are."""
    silent = int((base.table["days_since_last_order"] >= churn_days).sum())
    slower = int((base.table["usual_gap_days"] > churn_days).sum())
    people = plural(len(base.table), "customer")
    known = f"{count(silent)} of your {people} have not ordered for {plural(churn_days, 'day')} or longer."
    if base.shop.typical_gap_days is None:
        return Effect((known,))
    return Effect((known, f"{count(slower)} usually take longer than that between two orders anyway."))
