"""What one move of a loyalty slider costs on the server at 100,000 customers: score, tiers, bins, list and figure."""

import time
from datetime import date
from statistics import median

import numpy as np
import pandas as pd

from crm_core.charts.palette import LIGHT
from crm_core.charts.value import loyalty_distribution
from crm_core.features.rhythm import ShopRhythm, Waits, shop_rhythm, waits_between_orders
from crm_core.models.value import predict_summary
from crm_core.provenance import Provenance
from crm_core.services.customers import CustomerBase
from crm_core.services.loyalty import best_customers, loyalty_base, weigh_loyalty
from crm_core.store.currencies import Currencies
from tests.bench import Row
from tests.models.simulated import simulate_summary

CUSTOMERS = 100_000
MOVES = 30


def simulated_base() -> CustomerBase:
    """A base of simulated customers with the columns that the page reads."""
    summary = simulate_summary(CUSTOMERS, seed=1)
    prediction = predict_summary(summary, horizon_days=365)
    day = date(2026, 3, 14)
    orders = summary["purchase_days"]
    table = pd.DataFrame(
        {
            "label": [f"Customer {number}" for number in summary.index],
            "stage": "active",
            "clv_minor": prediction.table["expected_spend"] * 100,
            "repeat_rate": (orders - 1) / orders,
            "orders": orders,
            "spend_minor": summary["total_spend"] * 100,
            "last_order_on": pd.Timestamp(day)
            - pd.to_timedelta(summary["tenure_days"] - summary["first_to_last_days"], unit="D"),
        },
        index=summary.index,
    )
    days = pd.DataFrame(
        {"customer_id": np.array([], int), "ordered_on": pd.to_datetime([]), "orders": [], "spend_minor": []}
    )
    shop: ShopRhythm = shop_rhythm(days)
    waits: Waits = waits_between_orders(days, shop=shop)
    made_by = Provenance(method="simulated", customers=CUSTOMERS, orders=int(orders.sum()), as_of=day)
    return CustomerBase(table, days, shop, waits, prediction, Currencies("EUR"), day, (), made_by)


def main() -> list[Row]:
    """Rows of the bench."""
    loyal = loyalty_base(simulated_base())
    times = []
    for move in range(MOVES + 1):
        started = time.perf_counter()
        weights = ((move % 20 + 1) / 20, 0.4)
        answer = weigh_loyalty(loyal, weights=weights, saved=(0.6, 0.4), low_cut=40, high_cut=70)
        best_customers(loyal, answer)
        loyalty_distribution(answer.bins, LIGHT, cuts=(40, 70), label="loyalty score").to_json()
        times.append((time.perf_counter() - started) * 1000)
    times = times[1:]
    return [
        Row(
            f"loyalty slider, one move, {CUSTOMERS:,} customers",
            f"{median(times):.1f} ms",
            f"worst {max(times):.0f} ms",
            "",
            "<= 30 ms on the server",
        )
    ]
