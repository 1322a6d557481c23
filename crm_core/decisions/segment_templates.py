"""Segments to start from: useful questions that most shops ask, their numbers open to change."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_core.decisions.segment_facts import THIS_MONTH, How
from crm_core.decisions.segment_rules import Condition, Group, Rules
from crm_core.vocabulary import Stage, Tier

__all__ = ["Template", "templates"]

QUIET_FROM = 1.5  # usual gaps


@dataclass(frozen=True)
class Template:
    """A name, what it is for, and its rules."""

    name: str
    purpose: str
    rules: Rules


def templates(*, currency: str, big_order_minor: float | None, products: Sequence[str]) -> tuple[Template, ...]:
    """What to start from. ``big_order_minor``: what counts as a big order here, None where nothing was spent;
    ``products``: keys of what people buy, most bought first.

    >>> [template.name for template in templates(currency="EUR", big_order_minor=None, products=[])][:2]
    ['Regulars gone quiet', 'One order, no second']
    """
    regular = Condition("orders", How.AT_LEAST, low=3)
    once = Condition("orders", How.BETWEEN, low=1, high=1)
    quiet = Condition("lateness", How.AT_LEAST, low=QUIET_FROM)
    found = [Template("Regulars gone quiet", "Ask what keeps them away.", _all(regular, quiet))]
    if big_order_minor is None:
        found.append(Template("One order, no second", "Make the second order easy.", _all(once)))
    else:
        big = Condition("spend_minor", How.AT_LEAST, low=big_order_minor)
        rules = _all(once, big, currency=currency)
        found.append(Template("Big first order, no second", "Make the second order easy.", rules))
    this_month = Condition("birthday_month", How.ANY_OF, choices=(THIS_MONTH,))
    found.append(Template("Birthday this month", "Send your wishes.", _all(this_month)))
    if len(products) > 1:
        one = Condition("product", How.BOUGHT, choices=(products[0],))
        other = Condition("product", How.NOT_BOUGHT, choices=(products[1],))
        found.append(Template("Bought one, never the other", "Show them what goes with it.", _all(one, other)))
    best = Condition("value_tier", How.ANY_OF, choices=(Tier.HIGH.value,))
    away = Condition("stage", How.ANY_OF, choices=(Stage.AT_RISK.value, Stage.LAPSED.value))
    return (
        *found,
        Template("Valuable and slipping away", "Call or write by hand.", _all(best, away)),
        Template("No e-mail yet", "Ask for it with the next order.", _all(Condition("email", How.UNKNOWN))),
        Template("Never ordered", "Make the first order easy.", _all(Condition("orders", How.AT_MOST, high=0))),
    )


def _all(*conditions: Condition, currency: str = "") -> Rules:
    return Rules((Group(conditions),), currency=currency)
