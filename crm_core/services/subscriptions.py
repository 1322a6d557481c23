"""Subscriptions: whether orders recur at fixed intervals, how many subscribers stay, and what they will still bring."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from crm_core.decisions.subscription_value import LIFETIME_DAYS, Terms, look_ahead, range_of_total
from crm_core.features.recurring import LEAST_SUBSCRIBERS, Period, Recurrence, find_recurrence, own_period
from crm_core.features.subscribers import Subscribers, every_customer, find_subscribers
from crm_core.models.shifted_beta_geometric import ShiftedBetaGeometric
from crm_core.provenance import Provenance
from crm_core.services.customers import CustomerBase
from crm_core.services.preferences import Preferences
from crm_core.vocabulary import SubscriptionChoice
from crm_core.wording import count, plural

__all__ = ["Offer", "Subscriptions", "Total", "offer_subscriptions", "subscriptions_of"]

SEED = 7
LEAST_SEEN = 5  # customers who could renew: below, an observed share says little
LONGEST_CURVE = 60  # periods
PATIENCE_WITHOUT_INTERVAL = 0.5  # of the median gap, where no fixed interval shows
SOURCE = "Fader & Hardie 2007, 2010"


@dataclass(frozen=True)
class Offer:
    """Whether subscriptions are shown and why, in a sentence; found: what the purchase days say; fixed: whether it is
    the interval found that is reckoned with, or the median gap for want of one."""

    offered: bool
    reason: str
    found: Recurrence
    fixed: bool


@dataclass(frozen=True)
class Total:
    """What all running subscriptions are worth today, in minor units, with the 10 % and 90 % points."""

    value_minor: float
    low_minor: float
    high_minor: float


@dataclass(frozen=True, eq=False)
class Subscriptions:
    """Who stays and what they bring. Shared between pages: never change its tables.

    curve: index period = renewals, 0 first, [could_renew, renewed: customers, observed: share that stays so long (NaN
    where fewer than five could), fitted: the same by the model].
    table: index customer_id, who brings most first, [source_id, label, since, last_paid_on, due_on, periods_paid,
    skipped, running, amount_minor: of a period, p_renews: 0..1, expected_payments and value_ahead_minor: within the
    horizon, value_lifetime_minor]; the last four are 0 for who has ended. Worth is discounted, margin_share of sales.
    still_paying: how many of the running are expected to make every payment due within the horizon. notes: sentences.
    """

    period: Period
    curve: pd.DataFrame
    table: pd.DataFrame
    ahead: Total
    lifetime: Total
    still_paying: float
    margin_share: float
    parameters: dict[str, float]
    notes: tuple[str, ...]
    made_by: Provenance

    @property
    def running(self) -> pd.DataFrame:
        """The rows of the table whose contract still runs."""
        return self.table[self.table["running"]]


def offer_subscriptions(base: CustomerBase, preferences: Preferences) -> Offer:
    """Whether the tab is shown: by choice, or because orders recur at fixed intervals."""
    choice = preferences.subscriptions
    if choice == SubscriptionChoice.OFF:
        return Offer(False, "Subscriptions are switched off in Settings.", Recurrence(None, 0, 0), fixed=False)
    found = find_recurrence(base.days)
    if found.recurs:
        return Offer(True, _keep_words(found), found, fixed=True)
    lacking = _lacking(found)
    if choice == SubscriptionChoice.AUTO:
        return Offer(False, lacking, found, fixed=False)
    if found.period is not None and found.few_but_regular:
        return Offer(True, f"{_keep_words(found)} So few say little yet.", found, fixed=True)
    own = own_period(base.days, tolerance_share=PATIENCE_WITHOUT_INTERVAL)
    if own is None:
        reason = "Nobody has ordered on a second day yet, so there is no interval to reckon subscriptions with."
        return Offer(True, reason, found, fixed=False)
    reason = (
        f"{lacking} Because Settings has subscriptions on, the figures take the median gap of {own.one} for the period "
        "and every customer for a subscriber: read them as a rough guide."
    )
    return Offer(True, reason, found, fixed=False)


def subscriptions_of(base: CustomerBase, preferences: Preferences, offer: Offer) -> Subscriptions | None:
    """Retention and worth of the subscribers; None where not offered, or where no interval is known at all."""
    contracts = _find_contracts(base, offer)
    if contracts is None:
        return None
    period, found = contracts
    table = found.table.assign(
        renewals=found.table["periods_paid"] + found.table["skipped"] - 1, ended=~found.table["running"]
    )
    model = ShiftedBetaGeometric().fit(table)
    terms = Terms(
        period.mean_days,
        preferences.horizon_days,
        discount_rate=preferences.discount_rate,
        margin_share=preferences.margin_share,
        paid_share=float(table["periods_paid"].sum() / (table["renewals"] + 1).sum()),
    )
    lifetime = replace(terms, horizon_days=LIFETIME_DAYS)
    running = table[table["running"]]
    wait = (running["due_on"] - pd.Timestamp(base.as_of)).dt.days.clip(lower=0)  # overdue but within patience: today
    running = running.assign(wait_days=wait)
    near, far = look_ahead(model, running, terms), look_ahead(model, running, lifetime)
    known = pd.DataFrame(
        {
            "p_renews": model.p_renews(running["renewals"]),
            "expected_payments": near.expected_payments,
            "value_ahead_minor": near.value_minor,
            "value_lifetime_minor": far.value_minor,
        },
        index=running.index,
    )
    return Subscriptions(
        period=period,
        curve=_retention_curve(table, model),
        table=_ordered(base, table.drop(columns=["renewals", "ended"]).join(known)),
        ahead=_total(model, running, terms, near.value_minor),
        lifetime=_total(model, running, lifetime, far.value_minor),
        still_paying=float(near.p_stays.sum()),
        margin_share=preferences.margin_share,
        parameters=model.parameters,
        notes=_notes(model, found, offer),
        made_by=Provenance(
            method="shifted beta-geometric",
            customers=len(table),
            orders=int(table["periods_paid"].sum()),
            as_of=base.as_of,
            seed=SEED,
            source=SOURCE,
        ),
    )


def _find_contracts(base: CustomerBase, offer: Offer) -> tuple[Period, Subscribers] | None:
    end = pd.Timestamp(base.as_of)
    if not offer.offered:
        return None
    if offer.fixed and offer.found.period is not None:
        return offer.found.period, find_subscribers(base.days, offer.found.period, as_of=end)
    own = own_period(base.days, tolerance_share=PATIENCE_WITHOUT_INTERVAL)
    return (own, every_customer(base.days, own, as_of=end)) if own else None


def _retention_curve(contracts: pd.DataFrame, model: ShiftedBetaGeometric) -> pd.DataFrame:
    """Observed and fitted survival. In: contracts[renewals, ended]."""
    most = min(int(contracts["renewals"].max()) + 1, LONGEST_CURVE)
    periods = np.arange(1, most + 1)
    made = np.array([(contracts["renewals"] >= period).sum() for period in periods])
    missed = np.array([(contracts["ended"] & (contracts["renewals"] == period - 1)).sum() for period in periods])
    could = made + missed
    # Kaplan & Meier (1958): the product of the shares that renewed, each of those who could
    observed = np.cumprod(np.where(could > 0, made / np.maximum(could, 1), 1.0))
    return pd.DataFrame(
        {
            "could_renew": np.r_[len(contracts), could],
            "renewed": np.r_[len(contracts), made],
            "observed": np.r_[1.0, np.where(could >= LEAST_SEEN, observed, np.nan)],
            "fitted": model.survival(most).to_numpy(),
        },
        index=pd.RangeIndex(most + 1, name="period"),
    )


def _ordered(base: CustomerBase, table: pd.DataFrame) -> pd.DataFrame:
    ahead = ["p_renews", "expected_payments", "value_ahead_minor", "value_lifetime_minor"]
    table = table.fillna(dict.fromkeys(ahead, 0.0))
    table = base.table[["source_id", "label"]].reindex(table.index).join(table)
    by = ["running", "value_lifetime_minor", "last_paid_on"]
    return table.sort_index().sort_values(by, ascending=False, kind="stable")


def _total(model: ShiftedBetaGeometric, running: pd.DataFrame, terms: Terms, values: np.ndarray) -> Total:
    low, high = range_of_total(model, running, terms, seed=SEED)
    return Total(float(values.sum()), low, high)


def _keep_words(found: Recurrence) -> str:
    who = plural(found.repeaters, "customer")
    pay = "pays" if found.subscribers == 1 else "pay"
    each = found.period.each if found.period else "at fixed intervals"
    return f"{count(found.subscribers)} of {who} with orders on 3 or more days {pay} {each}."


def _lacking(found: Recurrence) -> str:
    """Why this is no shop of contracts."""
    if not found.repeaters:
        return "Nobody has ordered on 3 days yet, so no fixed interval can show."
    if found.few_but_regular:
        return f"{_keep_words(found)} From {LEAST_SUBSCRIBERS} on these count as subscriptions."
    who = plural(found.repeaters, "customer")
    return (
        f"Your orders don't come at fixed intervals: of {who} with orders on 3 or more days only "
        f"{count(found.subscribers)} keep one."
    )


def _notes(model: ShiftedBetaGeometric, found: Subscribers, offer: Offer) -> tuple[str, ...]:
    notes = []
    if model.regularised_:
        stayed = model.customers_ - model.ended_
        notes.append(
            f"{plural(model.ended_, 'subscriber has', 'subscribers have')} left and {count(stayed)} still pay: too few "
            "to learn from alone, so a cautious guess (1 in 7 leaves at the first renewal) weighs in."
        )
    went_on = int((found.table["skipped"] > 0).sum())
    if went_on:
        notes.append(
            f"{plural(went_on, 'subscriber')} left out a payment or two and went on, so they count as never gone. Who "
            "is silent now counts as ended, though some may go on too."
        )
    if found.left_out:
        notes.append(f"{plural(found.left_out, 'customer')} with other orders are left out.")
    if offer.fixed and offer.found.others:
        notes.append(f"{plural(offer.found.others, 'customer')} may pay at another interval; they are left out too.")
    return tuple(notes)
