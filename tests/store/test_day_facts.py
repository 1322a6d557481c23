"""Facts from purchase days are those that the database counts."""

from datetime import date

import pandas as pd
import pytest

from crm_core.store.currencies import Currencies
from crm_core.store.day_facts import facts_of_days
from crm_core.store.queries import customer_facts, purchase_days
from crm_core.store.session import Store
from tests.shops import add_orders, add_refund

RATES = Currencies("EUR", (("CHF", "0.95"), ("USD", "0.9")))


def both(store: Store, as_of: date, currency: Currencies) -> tuple[pd.DataFrame, pd.DataFrame]:
    with store.read() as session:
        days = purchase_days(session, as_of=as_of, currency=currency)
        counted = customer_facts(session, as_of=as_of, currency=currency)
        return facts_of_days(session, days, as_of=as_of, currency=currency), counted


@pytest.mark.parametrize("as_of", [date(2026, 3, 14), date(2025, 2, 1), date(1999, 1, 1)])
@pytest.mark.parametrize("currency", [Currencies("EUR"), RATES], ids=["without rates", "with rates"])
def test_they_are_what_the_database_counts(demo_store: Store, as_of: date, currency: Currencies) -> None:
    worked_out, counted = both(demo_store, as_of, currency)
    assert len(counted) == 0 or counted["interactions"].sum() > 0
    pd.testing.assert_frame_equal(worked_out, counted[list(worked_out)], rtol=1e-9, check_dtype=True)


def test_refunds_of_others_and_of_later_days_change_nothing(store: Store) -> None:
    add_orders(store, [("ana", "2026-01-01", 1000), ("ben", "2026-02-01", 700), ("ana", "2026-02-01", 500)])
    add_refund(store, 1, "2026-01-05", 300)
    add_refund(store, 2, "2026-09-05", 999)
    worked_out, counted = both(store, date(2026, 6, 30), Currencies("EUR"))
    assert worked_out["spend_minor"].tolist() == [1200, 700]
    pd.testing.assert_frame_equal(worked_out, counted[list(worked_out)])
