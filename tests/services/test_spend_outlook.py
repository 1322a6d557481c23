"""One customer's months carried on, and their lifetime value: forecast profit by year, discounted from its end."""

from datetime import timedelta

import pandas as pd
import pytest

from crm_core.errors import CrmError
from crm_core.models.spend_forecast import Method
from crm_core.services.customers import customer_base
from crm_core.services.preferences import Preferences
from crm_core.services.spend_outlook import forecast_value, series_outlook
from crm_core.store.session import Store
from tests.services.test_spend_series import LAST, base_of, seasonal_orders
from tests.shops import add_orders


def monthly(amount: int) -> list[tuple[str, str, int]]:
    """The same amount in the middle of each of the latest 30 months."""
    return [("a", (LAST - timedelta(days=int(30.4375 * n + 15))).isoformat(), amount) for n in range(31)]


def test_a_steady_customer_is_worth_twelve_months_a_year(store: Store) -> None:
    add_orders(store, monthly(5000))
    wanted = Preferences(margin_share=0.4, discount_rate=0.10)
    base = customer_base(store, as_of=LAST, preferences=wanted)
    outlook = series_outlook(store, base, 1, method=Method.ETS, years=2, preferences=wanted)
    assert outlook.used == "Every month was the same"
    assert outlook.years["spend_minor"].tolist() == [60_000.0, 60_000.0]
    assert outlook.years["profit_minor"].tolist() == [24_000.0, 24_000.0]
    assert outlook.worth_minor == pytest.approx(24_000 / 1.1 + 24_000 / 1.21)
    assert outlook.worth_minor == pytest.approx(outlook.years["today_minor"].sum())


def test_months_past_and_ahead_follow_each_other(store: Store) -> None:
    add_orders(store, seasonal_orders(6))
    base = base_of(store)
    for method in Method:
        months = series_outlook(store, base, 2, method=method, years=1, preferences=Preferences()).months
        assert months["month_ends_on"].is_monotonic_increasing
        assert (months["spend_minor"].isna() != months["forecast_minor"].isna()).all()
        assert months["forecast_minor"].notna().sum() == 12
        assert months["month_ends_on"][months["spend_minor"].notna()].max() == pd.Timestamp(LAST)


def test_a_customer_without_orders_and_half_a_year_are_refused(store: Store) -> None:
    add_orders(store, monthly(5000))
    with pytest.raises(CrmError, match="Customer 77 has no order yet"):
        series_outlook(store, base_of(store), 77, method=Method.ETS, years=1, preferences=Preferences())
    with pytest.raises(CrmError, match="whole years of months; got 18"):
        forecast_value(pd.Series([1.0] * 18), margin_share=1.0, discount_rate=0.0)
