"""Words for traits: what it is called to be far above or below the middle, of a kind, or past a threshold."""

from collections.abc import Callable

from crm_core.features.fact_words import OWN, name_fact, say_number
from crm_core.features.kinds_of_fact import OTHER_KIND, UNKNOWN_KIND
from crm_core.features.scaled_facts import Trait
from crm_core.literal import on_one_line, without_slots
from crm_core.models.group_tree import Condition
from crm_core.wording import count, money, plural, share

__all__ = ["name_kind", "name_trait", "say_condition", "say_kind"]

# A trait has a word for far above and far below the middle. The order settles ties.
TRAIT_WORDS = {
    "orders": ("frequent", "occasional"),
    "spend_minor": ("big-spending", "small-spending"),
    "days_since_last_order": ("long-silent", "recent"),
    "mean_order_minor": ("large-basket", "small-basket"),
    "tenure_days": ("long-standing", "new"),
    "usual_gap_days": ("slow", "quick-returning"),
    "interaction_minutes": ("talkative", "self-reliant"),
    "first_response_minutes": ("long-waiting", "quickly answered"),
    "satisfaction": ("happy", "unhappy"),
    "age_years": ("older", "younger"),
}
KIND_WORDS = {  # of a category: one of its kinds, other ones, none known
    "country": ("from {}", "from other countries", "of unknown country"),
    "channel": ("by {}", "by other channels", "by unknown channel"),
    "needs": ("buys {}", "buys other things", "buys what has no category"),
}
Writer = Callable[[float, str], str]


def counted(unit: str) -> Writer:
    """A writer of whole numbers with their unit."""
    return lambda value, _: plural(round(value), unit)


# how a fact reads beyond a threshold: {} is "more than ..." or "at most ..."
PAST_THRESHOLD: dict[str, tuple[str, Writer]] = {
    "orders": ("{}", counted("order")),
    "spend_minor": ("spent {}", money),
    "mean_order_minor": ("{} an order", money),
    "days_since_last_order": ("last ordered {} ago", counted("day")),
    "tenure_days": ("a customer for {}", counted("day")),
    "usual_gap_days": ("{} between orders", counted("day")),
    "interaction_minutes": ("{} of talk", counted("minute")),
    "first_response_minutes": ("first answer after {}", counted("minute")),
    "satisfaction": ("{} satisfied", lambda value, _: share(value, digits=1)),
    "age_years": ("{} old", counted("year")),
}


def name_trait(trait: Trait, *, above: bool) -> tuple[int, str]:
    """Where a trait stands in a name, and the word for being far above or below the middle of it, or of the kind.

    >>> name_trait(Trait("orders"), above=True), name_trait(Trait("own: Income"), above=False)[1]
    ((0, 'frequent'), 'low Income')
    >>> name_trait(Trait("country", "Austria"), above=True)[1]
    'from Austria'
    """
    fact, known, kinds = trait.fact, list(TRAIT_WORDS), list(KIND_WORDS)
    if trait.kind:
        return len(known) + 1 + (kinds.index(fact) if fact in kinds else len(kinds)), name_kind(trait)
    if fact in TRAIT_WORDS:
        return known.index(fact), TRAIT_WORDS[fact][0 if above else 1]
    name = name_fact(fact) if fact.startswith(OWN) else name_fact(fact).lower()
    return len(known), f"{'high' if above else 'low'} {name}"


def name_kind(trait: Trait) -> str:
    """What somebody of a kind is called.

    >>> name_kind(Trait("country", "Austria")), name_kind(Trait("needs", "Soap", is_share=True))
    ('from Austria', 'buys Soap')
    >>> name_kind(Trait("channel", "not known"))
    'by unknown channel'
    """
    one, other, unknown = KIND_WORDS.get(trait.fact, (without_slots(name_fact(trait.fact)) + " {}",) * 3)
    if trait.kind in (OTHER_KIND, UNKNOWN_KIND):
        return (other if trait.kind == OTHER_KIND else unknown).format(trait.kind)
    return one.format(on_one_line(trait.kind))


def say_kind(trait: Trait, value: float, usual: float) -> str:
    """The share of a kind in a group beside that among all.

    >>> say_kind(Trait("country", "Austria"), 0.62, 0.31), say_kind(Trait("needs", "Soap", is_share=True), 0.5, 0.2)
    ('62% from Austria (all: 31%)', '50% of what they buy: Soap (all: 20%)')
    """
    if trait.is_share:
        what = "other things" if trait.kind == OTHER_KIND else on_one_line(trait.kind)
        return f"{share(value)} of what they buy: {what} (all: {share(usual)})"
    return f"{share(value)} {name_kind(trait)} (all: {share(usual)})"


def say_condition(condition: Condition, trait: Trait, *, currency: str) -> str:
    """One question of a rule, answered, in the fact's own unit.

    >>> say_condition(Condition("orders", True, 3.0), Trait("orders"), currency="EUR")
    'more than 3 orders'
    >>> say_condition(Condition("spend_minor", False, 12000.0), Trait("spend_minor"), currency="EUR")
    'spent at most €120'
    >>> say_condition(Condition("country: AT", False, 0.5), Trait("country", "AT"), currency="EUR")
    'not from AT'
    >>> say_condition(Condition("own: Income", True, 70.5), Trait("own: Income"), currency="")
    'Income more than 70.5'
    """
    if trait.kind and not trait.is_share:
        return name_kind(trait) if condition.above else f"not {name_kind(trait)}"
    bound = "more than" if condition.above else "at most"
    if trait.is_share:
        what = "other things" if trait.kind == OTHER_KIND else on_one_line(trait.kind)
        return f"{bound} {share(condition.threshold, digits=1)} of purchases in {what}"
    if trait.fact in PAST_THRESHOLD:
        words, write = PAST_THRESHOLD[trait.fact]
        return words.format(f"{bound} {write(condition.threshold, currency)}")
    value = condition.threshold
    written = count(value) if value == round(value) else say_number(value)
    return f"{name_fact(trait.fact)} {bound} {written}"
