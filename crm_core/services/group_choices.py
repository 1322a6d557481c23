"""What an owner's limits of recency, orders and sales would do to the named groups, and limits to start from."""

from crm_core.decisions.rfm_groups import called_groups
from crm_core.features.rfm import RfmLimits, usual_limits
from crm_core.services.customers import CustomerBase
from crm_core.services.preference_effects import Effect
from crm_core.services.preferences import Preferences
from crm_core.services.segments import segment_customers
from crm_core.wording import count, plural

__all__ = ["RfmLimits", "groups_effect", "limits_of_fifths"]


def limits_of_fifths(base: CustomerBase) -> RfmLimits:
    """Limits near the borders of today's fifths; of nobody such as any shop may start from."""
    if base.table.empty:
        return RfmLimits((30, 90, 180, 365), (2, 3, 5, 10), (5_000, 10_000, 25_000, 50_000))
    return usual_limits(base.table, as_of=base.as_of)


def groups_effect(base: CustomerBase, saved: Preferences, wanted: Preferences) -> Effect:
    """How many customers would stand in another group, and how many in each."""
    before, after = (segment_customers(base, choices) for choices in (saved, wanted))
    moved = int((before.customers["rfm_group"] != after.customers["rfm_group"]).sum())
    sentence = f"{plural(moved, 'customer changes', 'customers change')} group." if moved else "Nobody changes group."
    counts = [found.customers["rfm_group"].value_counts() for found in (before, after)]
    return Effect(
        (sentence,),
        tuple(
            (group.shown, count(counts[0].get(group.name, 0)), count(counts[1].get(group.name, 0)))
            for group in called_groups(wanted.group_words)
        ),
    )
