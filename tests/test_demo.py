"""The demonstration company: made up, always the same, and like a real shop."""

import re
from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import func, select

from crm_core.demo import DEMO_CURRENCY, DEMO_NAME, fill_demo
from crm_core.demo_company import DAYS, Company, make_company
from crm_core.demo_offers import WITHIN_DAYS, draw_offers
from crm_core.demo_words import COMPANIONS, KINDS, PRODUCTS
from crm_core.errors import CrmError
from crm_core.store.queries import count_known, customer_facts
from crm_core.store.session import Store
from crm_core.store.tables import ImportRun, OrderLine, Refund
from tests.conftest import LAST_DAY


@pytest.fixture(scope="module")
def company() -> Company:
    return make_company(last_day=LAST_DAY)


def test_the_same_day_gives_the_same_company(company: Company) -> None:
    again = make_company(last_day=LAST_DAY)
    for table in company.__dataclass_fields__:
        pd.testing.assert_frame_equal(getattr(company, table), getattr(again, table))


def test_nothing_happens_after_the_last_day_or_before_the_first(company: Company) -> None:
    dated = (company.orders, company.refunds, company.interactions, company.tickets, company.answers)
    for table in dated:
        assert table["day"].max() <= LAST_DAY
        assert table["day"].min() >= LAST_DAY - timedelta(days=DAYS - 1)


def test_an_order_amounts_to_its_lines_and_a_refund_to_no_more(company: Company) -> None:
    per_order = company.lines.groupby("order")["amount_minor"].sum()
    assert (per_order == company.orders["amount_minor"]).all()
    bought = company.orders["amount_minor"].to_numpy()[company.refunds["order"]]
    assert (company.refunds["amount_minor"].to_numpy() <= bought).all()


def test_it_has_champions_one_time_buyers_and_lost_ones(company: Company) -> None:
    known = company.orders[company.orders["customer"] >= 0].groupby("customer")
    orders, last = known.size(), known["day"].max()
    silent = (pd.Timestamp(LAST_DAY) - pd.to_datetime(last)).dt.days
    spend = known["amount_minor"].sum().sort_values(ascending=False)
    assert 0.2 < (orders == 1).mean() < 0.5
    assert ((orders >= 12) & (silent < 45)).sum() >= 20
    assert (silent > 365).mean() > 0.2
    assert (silent < 60).sum() > 100
    assert 0.5 < spend.head(len(spend) // 5).sum() / spend.sum() < 0.85
    assert len(company.customers) - len(orders) >= 40


def test_december_sells_more_than_february(company: Company) -> None:
    months = pd.to_datetime(company.orders["day"]).dt.month
    assert (months == 12).sum() > 1.5 * (months == 2).sum()


def test_companions_are_bought_together_more_often_than_by_chance(company: Company) -> None:
    baskets = company.lines.groupby("product")["order"].agg(set)
    position = {name: number for number, (name, *_) in enumerate(PRODUCTS)}
    for name, companion in COMPANIONS.items():
        one, other = baskets[position[name]], baskets[position[companion]]
        assert len(one & other) / len(one) > 1.5 * len(other) / len(company.orders), (name, companion)


def test_every_product_has_a_known_kind_and_every_companion_exists() -> None:
    names = [name for name, *_ in PRODUCTS]
    assert len(set(names)) == len(names)
    assert {kind for _, kind, *_ in PRODUCTS} == set(KINDS)
    assert set(COMPANIONS) | set(COMPANIONS.values()) <= set(names)


def test_addresses_and_numbers_belong_to_nobody(company: Company) -> None:
    emails, phones = company.customers["email"].dropna(), company.customers["phone"].dropna()
    assert emails.str.fullmatch(r"[a-z.]+@(example\.org|post\.example)").all()
    assert phones.str.fullmatch(r"\+493023125\d{3}").all()
    assert not emails.duplicated().any()
    assert not phones.duplicated().any()


def test_some_wait_for_a_first_answer_today(company: Company) -> None:
    waiting = company.tickets[company.tickets["first_response_minutes"].isna()]
    assert len(waiting) == 2
    assert (pd.Timestamp(LAST_DAY) - pd.to_datetime(waiting["day"])).dt.days.max() < 9


def test_it_is_stored_whole_and_recorded_as_made_up(demo_store: Store, company: Company) -> None:
    with demo_store.read() as session:
        known = count_known(session)
        run = session.scalars(select(ImportRun)).one()
        facts = customer_facts(session, as_of=LAST_DAY, currency=DEMO_CURRENCY)
        refunded = session.scalar(select(func.sum(Refund.amount_minor)))
        imports = session.scalars(select(OrderLine.import_id).distinct()).all()
    assert known["customers"] == len(company.customers)
    assert known["orders"] == len(company.orders)
    assert known["lines"] == len(company.lines)
    assert known["guest orders"] == (company.orders["customer"] < 0).sum()
    assert int(refunded or 0) == company.refunds["amount_minor"].sum()
    assert (run.file_name, run.kind) == (DEMO_NAME, "demo")
    assert "made up" in run.file_name
    assert imports == [run.id]
    paid = company.orders[(company.orders["status"] == "paid") & (company.orders["customer"] >= 0)]
    assert facts["spend_minor"].sum() == paid["amount_minor"].sum() - refunded
    assert facts["satisfaction"].between(0, 1).sum() > 200


def test_its_offers_are_always_the_same_and_agree_with_its_orders(company: Company) -> None:
    offers = draw_offers(company, last_day=LAST_DAY)
    pd.testing.assert_frame_equal(offers, draw_offers(company, last_day=LAST_DAY))
    assert offers["shown_on"].max() <= LAST_DAY
    assert not offers.duplicated(["customer", "product", "shown_on"]).any()
    paid = company.orders[company.orders["status"] == "paid"]
    lines = company.lines.merge(paid[["customer", "day"]], left_on="order", right_index=True)
    days = lines.groupby(["customer", "product"])["day"].agg(list).to_dict()
    for row in offers.itertuples():
        bought = [day for day in days.get((row.customer, row.product), []) if day > row.shown_on]
        in_time = any(day <= row.shown_on + timedelta(days=WITHIN_DAYS) for day in bought)
        assert in_time or row.state != "accepted"
        assert not in_time or row.state in ("accepted", "shown")
        known = any(day <= row.shown_on for day in days.get((row.customer, row.product), []))
        assert known == (row.list_name == "buy again")


def test_it_raises_the_revision_once(store: Store) -> None:
    before = store.revision()
    fill_demo(store, last_day=LAST_DAY)
    assert store.revision() == before + 1


def test_it_tells_its_progress(store: Store) -> None:
    told: list[tuple[float, str]] = []
    fill_demo(store, last_day=LAST_DAY, progress=lambda share, doing: told.append((share, doing)))
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    assert told[-1] == (1.0, "Done")


def test_it_never_mixes_with_what_is_there(demo_store: Store) -> None:
    before = demo_store.revision()
    with pytest.raises(CrmError, match=re.escape("holds 800 customers")):
        fill_demo(demo_store, last_day=date(2026, 3, 15))
    assert demo_store.revision() == before
