"""How the shop is doing: the few figures that stand over today's list, and the state of the data."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from crm_core.decisions.lifecycle import stage_meanings
from crm_core.services.customers import CustomerBase
from crm_core.store.daily_queries import birthdays
from crm_core.store.money_queries import sales_between
from crm_core.store.past_queries import count_known_by
from crm_core.store.queries import count_known
from crm_core.store.session import Store
from crm_core.vocabulary import CURRENT_STAGES, DAYS_PER_WEEK, LATE_STAGES, Stage, WeekStart
from crm_core.wording import count, day, money, plural, share

__all__ = ["Figure", "Overview", "count_stored", "list_birthdays", "shop_overview", "week_begin", "week_sales"]

SALES_DAYS = 30
YEAR_DAYS = 364  # a year ago on the same weekdays
WEEKDAYS = {WeekStart.MONDAY: 0, WeekStart.SATURDAY: 5, WeekStart.SUNDAY: 6}


@dataclass(frozen=True)
class Figure:
    """One figure over the list: its label, value, change, and what it means."""

    label: str
    value: str
    change: str | None
    colour: Literal["normal", "off"]
    meaning: str


@dataclass(frozen=True)
class Overview:
    """The figures, sales of the week in a sentence, and the sentence that stands where no action is due."""

    figures: tuple[Figure, ...]
    week: str
    nothing_to_do: str


def shop_overview(
    store: Store, base: CustomerBase, *, week_start: str = WeekStart.MONDAY, today: date | None = None
) -> Overview:
    """Sales, customers in rhythm, second orders and late customers as of the base's day; ``today``: the real day, where
    the base's may be another."""
    figures = (_sales(store, base), _in_rhythm(base), _second_orders(base), _late(base))
    week = _say_week(store, base, week_start, past=today not in (None, base.as_of))
    return Overview(figures, week, _nothing_to_do(base))


def count_stored(store: Store, *, until: date | None = None) -> dict[str, int]:
    """How much is stored: customers, orders, guest orders, products, lines, demo (1 while the made-up one is in).

    ``until``: of customers and orders, those that were there at the end of a past day.
    """
    with store.read() as session:
        stored = count_known(session)
        return stored if until is None else stored | count_known_by(session, day=until)


def list_birthdays(store: Store, *, today: date) -> list[tuple[int, str, int]]:
    """Whose birthday is today: customer, name and the age they reach."""
    with store.read() as session:
        born = birthdays(session, today=today)
    return [(int(row.customer_id), row.label, today.year - row.birthday.year) for row in born.itertuples()]


def _sales(store: Store, base: CustomerBase) -> Figure:
    def sold(last: date) -> int:
        first = last - timedelta(days=SALES_DAYS - 1)
        return sales_between(session, first=first, last=last, currency=base.currencies)

    with store.read() as session:
        now, then = sold(base.as_of), sold(base.as_of - timedelta(days=YEAR_DAYS))
    first, before = base.as_of - timedelta(days=SALES_DAYS - 1), timedelta(days=YEAR_DAYS)
    change = f"{share(now / then - 1)} on a year ago" if then > 0 else "no year to compare with yet"
    return Figure(
        f"Sales, last {SALES_DAYS} days",
        money(now, base.currency),
        change,
        "normal" if then > 0 else "off",
        f"Paid orders less refunds from {day(first)} to {day(base.as_of)}, against the same weekdays a year before: "
        f"{day(first - before)} to {day(base.as_of - before)}. Guest orders count.",
    )


def week_begin(day: date, *, week_start: str) -> date:
    """The first day of the week that a day lies in.

    >>> week_begin(date(2026, 3, 14), week_start="monday"), week_begin(date(2026, 3, 14), week_start="saturday")
    (datetime.date(2026, 3, 9), datetime.date(2026, 3, 14))
    """
    return day - timedelta(days=(day.weekday() - WEEKDAYS[WeekStart(week_start)]) % DAYS_PER_WEEK)


def week_sales(store: Store, base: CustomerBase, *, week_start: str) -> tuple[int, int]:
    """Sales from the week's first day to the day looked at, and of the same days of the week before; minor units."""
    first, week = week_begin(base.as_of, week_start=week_start), timedelta(days=DAYS_PER_WEEK)
    with store.read() as session:
        now, then = (
            sales_between(session, first=first - back, last=base.as_of - back, currency=base.currencies)
            for back in (timedelta(0), week)
        )
    return now, then


def _say_week(store: Store, base: CustomerBase, week_start: str, *, past: bool) -> str:
    now, then = week_sales(store, base, week_start=week_start)
    first = week_begin(base.as_of, week_start=week_start)
    since = (
        f"from {first:%A}, {day(first)}, to {day(base.as_of)}" if past else f"since {first:%A}, {first.day} {first:%b}"
    )
    said = f"Sales {since}: {money(now, base.currency)}"
    if then <= 0:
        return f"{said}."
    before = "of the week before" if past else "last week"
    return f"{said}, {share(abs(now / then - 1))} {'more' if now >= then else 'less'} than on these days {before}."


def _in_rhythm(base: CustomerBase) -> Figure:
    current = int(base.table["stage"].isin(CURRENT_STAGES).sum())
    return Figure(
        "Customers in rhythm",
        count(current) if base.shop.repeat_buyers else "not known yet",
        f"of {plural(len(base.table), 'customer')}" if base.shop.repeat_buyers else "nobody came back yet",
        "off",
        f"Customers who are not at risk, lapsed or lost. At risk: {_meaning(base, Stage.AT_RISK)}",
    )


def _second_orders(base: CustomerBase) -> Figure:
    repeat = float((base.table["orders"] >= 2).mean()) if len(base.table) else float("nan")
    return Figure(
        "Ordered again",
        share(repeat),
        f"of {plural(len(base.table), 'customer')} who ordered",
        "off",
        "The share of customers with two orders or more, over your whole history.",
    )


def _late(base: CustomerBase) -> Figure:
    late = base.table[base.table["stage"].isin(LATE_STAGES)]
    return Figure(
        "Late, not yet lost",
        count(len(late)),
        f"spent {money(late['spend_minor'].sum(), base.currency)} so far",
        "off",
        f"Customers who are at risk or lapsed. At risk: {_meaning(base, Stage.AT_RISK)} Lost: "
        f"{_meaning(base, Stage.LOST)}",
    )


def _meaning(base: CustomerBase, stage: Stage) -> str:
    return stage_meanings(base.limits)[stage].lower()


def _nothing_to_do(base: CustomerBase) -> str:
    if base.table.empty:
        return f"No paid order of a known customer up to {base.as_of:%d %b %Y}, so there is nobody to look after yet."
    if base.shop.repeat_buyers == 0:
        return (
            "Nobody has ordered on two different days yet, so nobody can be called late. Come back after a few orders."
        )
    return "Nobody is later than usual and nobody waits for an answer. A good day to look for new customers."
