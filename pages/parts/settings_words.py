"""What the sections of Settings share: the choices as they stand on the page, their words, and how effects look."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import streamlit as st

from crm_core.decisions.loyalty import check_weights
from crm_core.decisions.rfm_groups import GroupWords, called_groups
from crm_core.errors import CrmError
from crm_core.services.preference_effects import Effect
from crm_core.services.preferences import Preferences, usual_currency
from crm_core.vocabulary import LateBy, SubscriptionChoice
from crm_core.wording import count, money, share
from pages.parts import loading
from pages.parts.words import as_is

__all__ = [
    "DEFAULTS",
    "FIFTHS",
    "GENERATION",
    "LATE_BY",
    "NOBODY",
    "START",
    "SUBSCRIPTIONS",
    "UNDO",
    "Controls",
    "say_change",
    "say_zone",
    "show_effect",
    "usual_choices",
]

GENERATION, START, UNDO = "settings_generation", "settings_start", "settings_undo"
NOBODY = "Nobody has ordered yet, so there is nothing to show."
DEFAULTS = "Move a control to see what it would change. Nothing is applied before you save."
LABELS = {
    "currency": "base currency",
    "margin_share": "margin",
    "discount_rate": "discount rate",
    "horizon_days": "looking ahead",
    "alpha": "α",
    "beta": "β",
    "low_cut": "lower cut-off",
    "high_cut": "upper cut-off",
    "share_saved": "saved by a contact",
    "at_risk_from": "at risk from",
    "lapsed_from": "lapsed from",
    "lost_from": "lost from",
    "loyal_from_days": "loyal from",
    "late_by": "late by",
    "at_risk_days": "at risk after",
    "lapsed_days": "lapsed after",
    "lost_days": "lost after",
    "silence_days": "silence",
    "churn_days": "churn within",
    "offer_days": "offers bought within",
    "time_zone": "time zone",
    "week_start": "week starts on",
    "subscriptions": "subscriptions",
    "recency_limits": "days since the last order",
    "order_limits": "orders",
    "spend_limits": "sales",
}
SHARES = {"margin_share", "discount_rate", "share_saved"}
FIFTHS = "fifths of your customers"
LIMITS = {"recency_limits", "order_limits"}
GAPS = {"at_risk_from", "lapsed_from", "lost_from"}
STAGE_DAYS = {"at_risk_days", "lapsed_days", "lost_days", "loyal_from_days"}
DAYS = STAGE_DAYS | {"churn_days", "horizon_days", "offer_days", "silence_days"}
LONGEST_SILENCE, LONGEST_CHURN, LONGEST_OFFER = 3650, 365, 365
LATE_BY = {LateBy.RHYTHM.value: "Their own rhythm", LateBy.DAYS.value: "Fixed days"}
SUBSCRIPTIONS = {
    SubscriptionChoice.AUTO.value: "When orders recur",
    SubscriptionChoice.ON.value: "On",
    SubscriptionChoice.OFF.value: "Off",
}


class Controls:
    """The choices as the controls stand. Sections write ``chosen`` by ``choose``; ``problem`` says what can't be."""

    def __init__(self, saved: Preferences, start: Preferences | None, generation: int) -> None:
        self.saved = saved
        self.start = start or saved
        self.chosen: dict[str, Any] = {field.name: getattr(self.start, field.name) for field in fields(Preferences)}
        self.generation = generation
        self.problem = ""

    def key(self, name: str) -> str:
        """The key of a control, a new one whenever all of them begin anew."""
        return f"settings_{self.generation}_{name}"

    def choose(self, **values: Any) -> Preferences | None:
        """Take a section's choices in; all choices together, or None where they can't be used together."""
        self.chosen |= values
        try:
            wanted = replace(self.saved, **values)
            check_weights(wanted.alpha, wanted.beta)
        except CrmError as error:
            self.problem = _beyond_limits(values) or str(error)
            return None
        return wanted

    def wanted_or_saved(self) -> Preferences:
        """All choices of the page, what is saved where they can't be used together."""
        return self.saved if self.problem else replace(self.saved, **self.chosen)


def usual_choices() -> Preferences:
    """What Regulars starts with in this shop."""
    return Preferences(currency=loading.kept("usual currency", compute=lambda: usual_currency(loading.store())))


def say_change(name: str, saved: Preferences, chosen: dict[str, Any]) -> str:
    """One changed choice in words; of rates, each that changed."""
    if name == "rates":
        before = {code: f"{rate} {saved.currency}" for code, rate in saved.rates}
        after = {code: f"{rate} {chosen['currency']}" for code, rate in chosen["rates"]}
        changed = [code for code in {**before, **after} if before.get(code) != after.get(code)]
        return ", ".join(f"rate of {code}: {before.get(code, 'none')} → {after.get(code, 'none')}" for code in changed)
    if name == "group_words":
        return _say_groups(saved.group_words, chosen[name])
    if name == "spend_limits":
        before, after = (_say_amounts(limits, chosen["currency"]) for limits in (saved.spend_limits, chosen[name]))
        return f"{LABELS[name]} {before} → {after}"
    return f"{LABELS[name]} {_say(name, getattr(saved, name))} → {_say(name, chosen[name])}"


def say_zone(name: str) -> str:
    """A time zone as an owner reads it."""
    return name.replace("_", " ") if name else "This computer's own"


def show_effect(compute: Callable[[], Effect]) -> None:
    """The effect of a section's choices, or why there is none to show."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(":small[**In your numbers**]")
        try:
            effect = compute()
        except CrmError as error:
            st.caption(as_is(error))
            return
        for sentence in effect.sentences:
            st.markdown(as_is(sentence))
        if effect.figures:
            st.markdown("  \n".join(_figure(*figure) for figure in effect.figures))


def _say_amounts(limits: tuple[int, ...], currency: str) -> str:
    return ", ".join(money(limit, currency) for limit in limits) if limits else FIFTHS


def _say_groups(before: tuple[GroupWords, ...], after: tuple[GroupWords, ...]) -> str:
    """Which groups are called otherwise, or have another thing to do."""
    was, will = called_groups(before), called_groups(after)
    said = [f"{one.shown} → {other.shown}" for one, other in zip(was, will, strict=True) if one.shown != other.shown]
    acts = [other.shown for one, other in zip(was, will, strict=True) if one.action != other.action]
    return ", ".join([*said, *(f"what to do with {name}" for name in acts)])


def _figure(what: str, before: str, after: str) -> str:
    return f"{what}: {before} → **{after}**" if before != after else f"{what}: {after}"


def _beyond_limits(values: dict[str, Any]) -> str:
    """The sentence on a number that lies beyond its limits, in the unit that it is asked in."""
    for name in sorted(SHARES & values.keys()):
        if not 0 <= values[name] <= 1:
            return f"{LABELS[name].capitalize()} is {100 * values[name]:g}%; it must lie between 0% and 100%."
    if not 1 <= values.get("silence_days", 1) <= LONGEST_SILENCE:
        return f"Days without an order are {values['silence_days']}; choose 1 to {LONGEST_SILENCE} days."
    if not 7 <= values.get("churn_days", 7) <= LONGEST_CHURN:
        return f"Churn is looked for within {values['churn_days']} days; choose 7 to {LONGEST_CHURN} days."
    if not 1 <= values.get("offer_days", 1) <= LONGEST_OFFER:
        return f"Offers count as bought within {values['offer_days']} days; choose 1 to {LONGEST_OFFER} days."
    return ""


def _say(name: str, value: Any) -> str:
    if name in SHARES:
        return share(value)
    if name in LIMITS:
        return ", ".join(map(count, value)) if value else FIFTHS
    if name in GAPS:
        return f"{value:g} gaps"
    if name in DAYS:
        return f"{value} days"
    if name == "time_zone":
        return say_zone(value)
    if name == "late_by":
        return LATE_BY[value].lower()
    if name == "subscriptions":
        return SUBSCRIPTIONS[value].lower()
    return value.capitalize() if name == "week_start" else f"{value:g}" if isinstance(value, float) else str(value)
