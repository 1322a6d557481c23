"""The four figures over a customer's page."""

import pandas as pd
import streamlit as st

from crm_core.services.customers import CustomerBase
from crm_core.wording import plural, share
from pages.parts.words import estimate, money, money_range


def show_person_figures(figures: pd.Series, base: CustomerBase, horizon_days: int) -> None:
    """Sales so far and repeat rate as counted; value and probability where they are learnt from this shop."""
    horizon = plural(horizon_days, "day")
    orders = plural(int(figures["orders"]), "order")
    with st.container(horizontal=True, gap="small"):
        _show("Sales so far", money(figures["spend_minor"], base.currency), orders, "Paid orders less refunds.")
        if base.value_is_learnt:
            spread = money_range(
                figures["expected_spend_low_minor"], figures["expected_spend_high_minor"], base.currency
            )
            _show(
                "Worth ahead",
                estimate(figures["clv_minor"], base.currency),
                f"{spread} in sales",
                f"Predicted value of the next {horizon}: expected sales × margin, discounted. Below it the range that "
                "holds 8 of 10 outcomes of the sales. A model's figure, not yet tested on your own past.",
            )
            _show(
                "Orders again",
                share(figures["p_active"]),
                f"within {horizon}",
                "The model's probability of at least one order in that time, not yet tested on your own past.",
            )
        else:
            _show("Worth ahead", "not known yet", "too few came back", base.too_early)
        _show(
            "Repeat rate",
            share(figures["repeat_rate"]),
            "over the whole history",
            "Repeat orders over all orders: (orders − 1) / orders.",
        )


def _show(label: str, value: str, below: str, meaning: str) -> None:
    st.metric(label, value, delta=below, delta_color="off", delta_arrow="off", border=True, help=meaning)
