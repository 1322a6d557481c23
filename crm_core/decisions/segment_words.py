"""The rules of a segment in plain words, as an owner would say them."""

from calendar import month_name
from collections.abc import Mapping

from crm_core.decisions.segment_facts import COUNTED, NEXT_MONTH, THIS_MONTH, Fact, How, Kind, fact_named
from crm_core.decisions.segment_rules import Condition, Group, Rules
from crm_core.wording import count, day, money, plural

__all__ = ["describe_condition", "describe_rules", "say_choice"]

NAMED = 5  # choices that stand by name in a sentence
PER_CENT = 100


def describe_rules(rules: Rules, *, names: Mapping[str, str] | None = None) -> str:
    """Everything asked, in one sentence without its full stop. ``names``: products by their
    key, named groups by ours.

    >>> twice = Condition("orders", How.AT_LEAST, low=3)
    >>> quiet = Condition("days_since_last_order", How.AT_LEAST, low=90)
    >>> describe_rules(Rules((Group((twice, quiet)),)))
    'Ordered at least 3 times and last ordered at least 90 days ago'
    >>> describe_rules(Rules((Group((twice, quiet)), Group((Condition("email", How.KNOWN),))), "or"))
    'Ordered at least 3 times and last ordered at least 90 days ago; or e-mail is known'
    """
    parts = [_describe_group(group, rules.currency, names or {}) for group in rules.groups]
    plain = all(len(group.conditions) == 1 for group in rules.groups)
    sentence = (f" {rules.join} " if plain else f"; {rules.join} ").join(parts)
    return sentence[:1].upper() + sentence[1:]


def describe_condition(condition: Condition, *, currency: str, names: Mapping[str, str] | None = None) -> str:
    """One condition in words.

    >>> describe_condition(Condition("spend_minor", How.BETWEEN, low=1000, high=5000), currency="EUR")
    'spent between €10 and €50'
    >>> describe_condition(Condition("last_order_on", How.LONGER_AGO, days=90), currency="")
    'last ordered more than 90 days ago'
    >>> describe_condition(Condition("stage", How.NONE_OF, choices=("lost", "lapsed")), currency="")
    'stage is neither lost nor lapsed'
    """
    fact = fact_named(condition.fact)
    if condition.how is How.UNKNOWN:
        keeps_case = fact.kind is Kind.KNOWN or fact.field
        return f"{fact.label if keeps_case else fact.label.lower()} is not known"
    if fact.kind is Kind.BOUGHT:
        return _say_bought(condition, names or {})
    if fact.kind is Kind.DAY:
        return fact.say.format(_say_day(condition))
    if fact.kind in (Kind.CHOICE, Kind.MONTH):
        return fact.say.format(_say_choices(condition, fact, names or {}))
    if fact.kind is Kind.KNOWN:
        return fact.say.format("known")
    if fact.never and condition.high == 0 and condition.how is not How.AT_LEAST:
        return fact.never
    return fact.say.format(_say_bounds(condition, fact, currency))


def say_choice(fact: Fact, choice: str, names: Mapping[str, str] | None = None) -> str:
    """One thing to choose as it is read: months by name, products and named groups by theirs.

    >>> say_choice(fact_named("birthday_month"), "3"), say_choice(fact_named("product"), "shop/7", {"shop/7": "Soap"})
    ('March', 'Soap')
    """
    if fact.kind is Kind.MONTH:
        return month_name[int(choice)] if choice.isdecimal() and 1 <= int(choice) <= 12 else choice
    if fact.name == "product":
        return (names or {}).get(choice, f"product {choice.partition('/')[2]}")
    return (names or {}).get(choice, choice) if fact.name == "rfm_group" else choice


def _describe_group(group: Group, currency: str, names: Mapping[str, str]) -> str:
    said = [describe_condition(condition, currency=currency, names=names) for condition in group.conditions]
    return f" {group.join} ".join(said)


def _say_bounds(condition: Condition, fact: Fact, currency: str) -> str:
    low, high = condition.low, condition.high
    if condition.how is How.AT_LEAST and low is not None:
        return f"at least {_say_number(low, fact, currency)}"
    if condition.how is How.AT_MOST and high is not None:
        return f"at most {_say_number(high, fact, currency)}"
    if low == high:
        return f"exactly {_say_number(low or 0, fact, currency)}"
    return f"between {_say_number(low or 0, fact, currency, bare=True)} and {_say_number(high or 0, fact, currency)}"


def _say_number(number: float, fact: Fact, currency: str, *, bare: bool = False) -> str:
    if fact.kind is Kind.MONEY:
        return money(number, currency)
    shown = number * PER_CENT if fact.kind is Kind.SHARE else number
    figure = count(shown) if float(shown).is_integer() else f"{shown:g}"
    if bare or not fact.unit[0]:
        return figure
    if shown == 1 and fact.unit == COUNTED:
        return COUNTED[0]
    return plural(int(shown), *fact.unit) if float(shown).is_integer() else f"{figure} {fact.unit[1]}"


def _say_day(condition: Condition) -> str:
    if condition.days is not None:
        days = plural(condition.days, "day")
        return f"in the last {days}" if condition.how is How.IN_THE_LAST else f"more than {days} ago"
    return f"{condition.how} {day(condition.day)}"


def _say_choices(condition: Condition, fact: Fact, names: Mapping[str, str]) -> str:
    said = [say_choice(fact, choice, names) for choice in condition.choices]
    if fact.kind is Kind.MONTH:
        within = [word if word in (THIS_MONTH, NEXT_MONTH) else f"in {word}" for word in said]
        return _listed(within, "or") if condition.how is How.ANY_OF else f"not {_listed(within, 'or')}"
    if condition.how is How.ANY_OF:
        return _listed(said, "or")
    return f"neither {_listed(said, 'nor')}" if len(said) > 1 else f"not {said[0]}"


def _say_bought(condition: Condition, names: Mapping[str, str]) -> str:
    fact = fact_named(condition.fact)
    said = _listed([say_choice(fact, choice, names) for choice in condition.choices], "or")
    what = f"something of {said}" if fact.name == "category" else said
    when = f" in the last {plural(condition.days, 'day')}" if condition.days else ""
    if condition.how is How.BOUGHT:
        return f"bought {what}{when}"
    return f"did not buy {what}{when}" if when else f"never bought {what}"


def _listed(words: list[str], last: str) -> str:
    """The first few, and how many more there are."""
    if len(words) > NAMED:
        words = [*words[: NAMED - 1], f"{len(words) - NAMED + 1} more"]
    return f" {last} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
