"""What another number of days would say of the offers made so far, before it is saved."""

from crm_core.decisions.offer_outcomes import join_showings
from crm_core.services.customers import CustomerBase
from crm_core.services.offer_feedback import OfferDay, known_until
from crm_core.services.preference_effects import Effect
from crm_core.store.offer_queries import kept_purchases, offered_rows
from crm_core.store.session import Store
from crm_core.wording import count, plural, share

__all__ = ["offer_days_effect"]


def offer_days_effect(store: Store, base: CustomerBase, within_days: int, *, at: OfferDay) -> Effect:
    """How many of the offers made so far were bought within so many days."""
    with store.read() as session:
        rows = offered_rows(session, until=at.day, before=at.ends)
        bought = kept_purchases(session, as_of=base.as_of, only_offered=True)
    counted = join_showings(rows.assign(within_days=within_days), bought, known_until=known_until(base))
    over = counted[counted["is_over"]]
    days = plural(within_days, "day")
    if over.empty:
        return Effect((f"No offer was made {days} ago or earlier, so there is nothing to count yet.",))
    hits = int(over["bought_on"].notna().sum())
    taken = f"{count(hits)} came to an order within {days} ({share(hits / len(over))})"
    return Effect((f"Of {plural(len(over), 'offer')} made so long ago, {taken}.",))
