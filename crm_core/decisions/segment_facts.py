"""The facts that a segment's conditions are about: what each is called, what kind it is, and how it stands in words."""

from dataclasses import dataclass
from enum import StrEnum

from crm_core.errors import CrmError
from crm_core.literal import on_one_line, without_slots

__all__ = [
    "COUNTED",
    "FACTS",
    "HOWS",
    "NEXT_MONTH",
    "THIS_MONTH",
    "Fact",
    "How",
    "Kind",
    "fact_named",
    "own_fact",
]

THIS_MONTH, NEXT_MONTH = "this month", "next month"


class Kind(StrEnum):
    """What a fact is, which decides what can be asked of it."""

    NUMBER = "number"
    MONEY = "money"
    SHARE = "share"  # 0..1, shown from 0 to 100
    CHOICE = "choice"
    MONTH = "month"
    DAY = "day"
    KNOWN = "known or not"
    BOUGHT = "bought"


class How(StrEnum):
    """What a condition asks of its fact; the words stand in the stored rules and on the screen."""

    AT_LEAST = "at least"
    AT_MOST = "at most"
    BETWEEN = "between"
    ANY_OF = "any of"
    NONE_OF = "none of"
    BEFORE = "before"
    AFTER = "after"
    IN_THE_LAST = "in the last"
    LONGER_AGO = "longer ago than"
    BOUGHT = "bought any of"
    NOT_BOUGHT = "bought none of"
    KNOWN = "known"
    UNKNOWN = "unknown"


_NUMBERS = (How.AT_LEAST, How.AT_MOST, How.BETWEEN, How.UNKNOWN)
HOWS: dict[Kind, tuple[How, ...]] = {
    Kind.NUMBER: _NUMBERS,
    Kind.MONEY: _NUMBERS,
    Kind.SHARE: _NUMBERS,
    Kind.CHOICE: (How.ANY_OF, How.NONE_OF, How.UNKNOWN),
    Kind.MONTH: (How.ANY_OF, How.NONE_OF, How.UNKNOWN),
    Kind.DAY: (How.IN_THE_LAST, How.LONGER_AGO, How.BEFORE, How.AFTER, How.UNKNOWN),
    Kind.KNOWN: (How.KNOWN, How.UNKNOWN),
    Kind.BOUGHT: (How.BOUGHT, How.NOT_BOUGHT),
}


@dataclass(frozen=True)
class Fact:
    """One fact. name: its column; label: for lists; say: the words of a condition, {} is what is asked; unit: one and
    many of what is counted; meaning: what a reader may not know; never: the words for at most 0; field: the name of the
    owner's own field that it is, "" for all others."""

    name: str
    label: str
    kind: Kind
    say: str
    unit: tuple[str, str] = ("", "")
    meaning: str = ""
    never: str = ""
    field: str = ""


COUNTED = ("once", "times")
_ALL = (
    Fact("orders", "Orders", Kind.NUMBER, "ordered {}", COUNTED, "Paid orders so far.", "never ordered"),
    Fact("spend_minor", "Sales so far", Kind.MONEY, "spent {}", meaning="Paid orders less refunds."),
    Fact("mean_order_minor", "Mean order", Kind.MONEY, "spends {} an order", meaning="Sales so far over orders."),
    Fact(
        "days_since_last_order", "Days since the latest order", Kind.NUMBER, "last ordered {} ago", ("day", "days"),
    ),
    Fact("last_order_on", "Day of the latest order", Kind.DAY, "last ordered {}"),
    Fact("first_order_on", "Day of the first order", Kind.DAY, "first ordered {}"),
    Fact(
        "tenure_days", "Days as a customer", Kind.NUMBER, "customer for {}", ("day", "days"), "Since the first order.",
    ),
    Fact(
        "usual_gap_days", "Usual gap between orders", Kind.NUMBER, "usually orders every {}", ("day", "days"),
        "From each customer's own orders; of who ordered once, from the shop's.",
    ),
    Fact(
        "lateness", "Lateness", Kind.NUMBER, "quiet for {} their usual gap", ("time", "times"),
        "Days since the latest order over the customer's own usual gap: 2 is twice as long as usual.",
    ),
    Fact("product", "Product", Kind.BOUGHT, "{}", meaning="What was sent back does not count."),
    Fact("category", "Product category", Kind.BOUGHT, "{}", meaning="What was sent back does not count."),
    Fact("stage", "Stage", Kind.CHOICE, "stage is {}", meaning="From each customer's own rhythm; see Journey."),
    Fact("rfm_group", "Named group", Kind.CHOICE, "named group is {}", meaning="Of the grid under Named groups."),
    Fact(
        "value_tier", "Value tier", Kind.CHOICE, "value tier is {}",
        meaning="High: the best, who together make half of all value ahead; low: the last fifth.",
    ),
    Fact("loyalty_tier", "Loyalty tier", Kind.CHOICE, "loyalty tier is {}", meaning="See Value & loyalty."),
    Fact("loyalty", "Loyalty score", Kind.NUMBER, "loyalty score of {}", meaning="0 to 100; see Value & loyalty."),
    Fact(
        "expected_purchases", "Orders expected", Kind.NUMBER, "expected to order {}", COUNTED,
        "Predicted for the time ahead that Settings has.",
    ),
    Fact(
        "expected_spend_minor", "Spending expected", Kind.MONEY, "expected to spend {}",
        meaning="Predicted for the time ahead that Settings has.",
    ),
    Fact("clv_minor", "Worth ahead", Kind.MONEY, "worth {} ahead", meaning="Expected spending × margin, discounted."),
    Fact("country", "Country", Kind.CHOICE, "country is {}"),
    Fact("channel", "Channel", Kind.CHOICE, "channel is {}", meaning="How they came to you, where a file said so."),
    Fact("birthday_month", "Birthday", Kind.MONTH, "birthday {}"),
    Fact("age_years", "Age", Kind.NUMBER, "aged {}", meaning="From the birthday, where it is known."),
    Fact("email", "E-mail", Kind.KNOWN, "e-mail is {}"),
    Fact("phone", "Telephone", Kind.KNOWN, "telephone is {}"),
    Fact(
        "satisfaction", "Satisfaction", Kind.SHARE, "satisfaction of {} of 100",
        meaning="Mean of their answers to surveys, 100 best.",
    ),
    Fact("requests", "Requests for help", Kind.NUMBER, "asked for help {}", COUNTED, never="never asked for help"),
    Fact(
        "waiting_requests", "Requests that wait", Kind.NUMBER, "waits for an answer to {}", ("request", "requests"),
    ),
    Fact("interactions", "Conversations", Kind.NUMBER, "talked with you {}", COUNTED, never="never talked with you"),
)  # fmt: skip
FACTS = {fact.name: fact for fact in _ALL}

_OWN = {Kind.CHOICE: "own: ", Kind.NUMBER: "own number: "}  # before the field's name; the rules that are kept say it so


def own_fact(field: str, kind: Kind) -> Fact:
    """The fact that a field of the owner's own is: a choice among its words, or a number.

    >>> own_fact("Shoe size", Kind.NUMBER).say.format("at least 41")
    'Shoe size is at least 41'
    """
    label = on_one_line(field)
    say = without_slots(label) + " is {}"
    return Fact(_OWN[kind] + field, label, kind, say, meaning="A field of your own.", field=field)


def fact_named(name: str) -> Fact:
    """The fact of that name, the owner's fields included; CrmError where there is none.

    >>> fact_named("own: Size").field, fact_named("orders").label
    ('Size', 'Orders')
    """
    for kind, start in _OWN.items():
        if name.startswith(start) and name != start:
            return own_fact(name.removeprefix(start), kind)
    if name not in FACTS:
        raise CrmError(f"There is no fact '{name}' to choose customers by; known are {', '.join(FACTS)}.")
    return FACTS[name]
