"""Money of other currencies: converted order by order, exactly, the same in every database and in Python."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from crm_core.errors import CrmError
from crm_core.store.currencies import Currencies
from crm_core.store.money_queries import counted_by_currency, sales_between
from crm_core.store.people_queries import find_people
from crm_core.store.queries import customer_facts, facts_statement, purchase_days
from crm_core.store.session import Store
from crm_core.store.tables import Order, Refund
from crm_core.wording import minor_units
from tests.shops import add_orders

END = date(2026, 6, 30)
RATES = (("GBP", "1.17"), ("IDR", "0.0000526"), ("JPY", "0.0061234"), ("KWD", "3.0123"), ("USD", "0.92"), ("CHF", "1"))
AMOUNTS = (0, 1, 25, 50, 75, 99, 100, 12_345, 99_999_999_999, 999_999_999_999_999)


def by_hand(amount_minor: int, currency: str, base: str, rate: str) -> int:
    """The definition, in decimals: units x rate, rounded to the base's own smallest coin."""
    worth = Decimal(amount_minor) / minor_units(currency) * Decimal(rate) * minor_units(base)
    return int(worth.quantize(Decimal(1), ROUND_HALF_UP))


@given(
    st.integers(-(10**15), 10**15),
    st.sampled_from(["USD", "JPY", "KWD", "IDR"]),
    st.sampled_from(["EUR", "JPY"]),
    st.decimals("0.000001", "9999", places=6),
)
def test_a_conversion_is_the_decimal_one(amount: int, currency: str, base: str, rate: Decimal) -> None:
    if currency != base:
        text = format(rate, "f")
        assert Currencies(base, ((currency, text),)).convert(amount, currency) == by_hand(amount, currency, base, text)


def test_the_database_converts_as_python_does(store: Store) -> None:
    currencies = Currencies("EUR", RATES)
    wanted, rows = {}, []
    for code in ("EUR", "SEK", *dict(RATES)):
        for amount in (*AMOUNTS, *(-amount for amount in AMOUNTS)):
            number = len(rows) + 1
            wanted[number] = currencies.convert(amount, code) or 0
            rows.append({"id": number, "source_id": f"o{number}", "currency": code, "amount_minor": amount})
    assert currencies.convert(-25, "GBP") == by_hand(-25, "GBP", "EUR", "1.17") == -29  # 29.25
    assert currencies.convert(50, "USD") == 46
    assert currencies.convert(100, "SEK") is None
    same = {"source": "shop", "ordered_on": END, "status": "paid"}
    with store.begin() as session:
        session.execute(insert(Order), [{**row, **same} for row in rows])
    with store.read() as session:
        found = {number: int(amount) for number, amount in session.execute(select(Order.id, currencies.amount(Order)))}
        totals = counted_by_currency(session, as_of=END, currencies=currencies)
    assert found == wanted
    assert totals["counted_minor"].sum() == sum(wanted.values())


@pytest.fixture
def shop(store: Store) -> Store:
    """ana: 10 EUR and 80 USD, 30 USD of it given back; ben: 500 JPY."""
    add_orders(store, [("ana", "2026-05-01", 1000)])
    add_orders(store, [("ana", "2026-05-01", 8000)], currency="USD")
    add_orders(store, [("ben", "2026-05-02", 500)], currency="JPY")
    refund = {"id": 1, "source": "shop", "source_id": "r1", "customer_id": 1, "refunded_on": date(2026, 5, 3)}
    with store.begin() as session:
        session.execute(insert(Refund).values(**refund, currency="USD", amount_minor=3000))
    return store


def test_every_figure_counts_money_with_a_rate(shop: Store) -> None:
    euros, all_in = "EUR", Currencies("EUR", (("JPY", "0.0061"), ("USD", "0.92")))
    with shop.read() as session:
        for money, ana, ben in ((euros, 1000, 0), (all_in, 1000 + 7360, 305)):
            facts = customer_facts(session, as_of=END, currency=money)
            given_back = 0 if money == euros else 2760
            assert facts["spend_minor"].to_list() == [ana - given_back, ben]
            assert facts["first_day_spend_minor"].to_list() == [ana, ben]
            assert facts["orders"].to_list() == [2, 1]
            assert purchase_days(session, as_of=END, currency=money)["spend_minor"].to_list() == [ana, ben]
            sold = sales_between(session, first=date(2026, 5, 1), last=END, currency=money)
            assert sold == ana + ben - given_back


def test_people_are_sorted_by_money_with_a_rate(shop: Store) -> None:
    add_orders(shop, [("ben", "2026-05-02", 2000)])
    asked = {"text": "", "sort": "sales", "offset": 0, "limit": 9, "as_of": END}
    with shop.read() as session:
        assert find_people(session, **asked, currency="EUR") == [2, 1]  # 20 EUR before 10
        assert find_people(session, **asked, currency=Currencies("EUR", (("USD", "0.92"),))) == [1, 2]


def test_without_rates_the_facts_are_asked_as_before() -> None:
    assert str(facts_statement(END, "EUR")) == str(facts_statement(END, Currencies("EUR")))
    assert "/" not in str(facts_statement(END, "EUR"))


def test_a_rate_with_too_many_digits_is_refused() -> None:
    with pytest.raises(CrmError, match=r"0\.123456789012 for KWD has too many digits; write fewer"):
        Currencies("JPY", (("KWD", "0.123456789012"),))
