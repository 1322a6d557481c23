"""What each fact of the customer base is called, and how its value reads."""

from collections.abc import Callable
from math import isfinite

from crm_core.literal import on_one_line
from crm_core.vocabulary import DAYS_PER_MONTH, DAYS_PER_YEAR
from crm_core.wording import count, money, plural, share

__all__ = ["COMPARABLE_FACTS", "OWN", "name_fact", "say_days", "say_fact", "say_number"]

OWN = "own: "  # before the name of a fact that the owner named: a further field, or a column of their own table

FACT_NAMES = {
    "days_since_last_order": "Time since the last order",
    "orders": "Orders",
    "spend_minor": "Spend",
    "mean_order_minor": "Average order",
    "tenure_days": "Time as a customer",
    "usual_gap_days": "Usual time between orders",
    "interaction_minutes": "Time spent talking",
    "first_response_minutes": "Time until first answer",
    "satisfaction": "Satisfaction",
}
COMPARABLE_FACTS = tuple(FACT_NAMES)
PERSONAL_NAMES = {"age_years": "Age", "country": "Country", "channel": "Channel", "needs": "What they buy"}


def name_fact(column: str) -> str:
    """A fact's name as the owner reads it.

    >>> name_fact("spend_minor"), name_fact("spending_score"), name_fact("own: ShoeSize")
    ('Spend', 'Spending score', 'ShoeSize')
    """
    if column.startswith(OWN):
        return on_one_line(column.removeprefix(OWN))
    return (FACT_NAMES | PERSONAL_NAMES).get(column, column.replace("_", " ").capitalize())


def say_number(value: float) -> str:
    """A number with three digits that mean something, whole ones in full.

    >>> say_number(1234.6), say_number(12.345), say_number(0.04567), say_number(7)
    ('1,235', '12.3', '0.0457', '7')
    """
    if not isfinite(value):
        return "unknown"
    return count(value) if value == round(value) or abs(value) >= 100 else f"{value:.3g}"


def say_days(days: float) -> str:
    """A span of days in the unit that fits it.

    >>> say_days(1), say_days(45), say_days(100), say_days(800)
    ('1 day', '45 days', '3.3 months', '2.2 years')
    """
    if days >= DAYS_PER_YEAR:
        return f"{days / DAYS_PER_YEAR:.1f} years"
    return f"{days / DAYS_PER_MONTH:.1f} months" if days >= 91 else plural(round(days), "day")


SAYINGS: dict[str, Callable[[float, str], str]] = {
    "days_since_last_order": lambda days, _: f"last ordered {say_days(days)} ago" if days >= 0.5 else "ordered today",
    "orders": lambda orders, _: plural(round(orders), "order"),
    "spend_minor": lambda spend, currency: f"{money(spend, currency)} spent",
    "mean_order_minor": lambda amount, currency: f"{money(amount, currency)} an order",
    "tenure_days": lambda days, _: f"a customer for {say_days(days)}",
    "usual_gap_days": lambda days, _: f"orders every {say_days(days)}",
    "interaction_minutes": lambda minutes, _: f"{plural(round(minutes), 'minute')} of talk",
    "first_response_minutes": lambda minutes, _: f"first answer after {plural(round(minutes), 'minute')}",
    "satisfaction": lambda value, _: f"{share(value)} satisfied",
}


def say_fact(column: str, value: float, *, currency: str) -> str:
    """One value of one fact in words.

    >>> say_fact("orders", 3, currency="EUR"), say_fact("spend_minor", 123400, currency="EUR")
    ('3 orders', '€1,234 spent')
    >>> say_fact("days_since_last_order", 12, currency="EUR"), say_fact("satisfaction", float("nan"), currency="EUR")
    ('last ordered 12 days ago', 'satisfaction unknown')
    >>> say_fact("own: ShoeSize", 41.5, currency="")
    'ShoeSize 41.5'
    """
    if not isfinite(value):
        return f"{name_fact(column).lower()} unknown"
    say = SAYINGS.get(column)
    if say is not None:
        return say(value, currency)
    if column.startswith(OWN):
        return f"{name_fact(column)} {say_number(value)}"
    return f"{name_fact(column).lower()} {count(value) if abs(value) >= 10 else f'{value:.2g}'}"
