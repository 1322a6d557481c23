"""The figures over a customer's page: what they spent, what they are worth, how often they came back."""

import pandas as pd
import streamlit as st

from crm_core.services.customers import CustomerBase
from crm_core.vocabulary import Evidence, Question
from crm_core.wording import plural, share
from pages.parts import analysis
from pages.parts.words import estimate, money, money_range


def show_person_figures(figures: pd.Series, base: CustomerBase, horizon_days: int) -> None:
    """Sales so far and repeat rate as counted; value and probability where they are learnt from this shop."""
    horizon = plural(horizon_days, "day")
    orders = plural(int(figures["orders"]), "order")
    with st.container(horizontal=True, gap="small"):
        show_figure("Sales so far", money(figures["spend_minor"], base.currency), orders, "Paid orders less refunds.")
        if base.value_is_learnt:
            spread = money_range(
                figures["expected_spend_low_minor"], figures["expected_spend_high_minor"], base.currency
            )
            show_figure(
                "Worth ahead",
                estimate(figures["clv_minor"], base.currency),
                f"{spread} in sales",
                f"Predicted value of the next {horizon}: expected sales × margin, discounted. Below it the range that "
                f"holds 8 of 10 outcomes of the sales. {_tested(horizon_days)}",
            )
        else:
            show_figure("Worth ahead", "not known yet", "too few came back", base.too_early)
        show_figure(
            "Repeat rate",
            share(figures["repeat_rate"]),
            "over the whole history",
            "Repeat orders over all orders: (orders − 1) / orders.",
        )


def _tested(horizon_days: int) -> str:
    """Whether the model of spending was better than the customers' own rhythm, in a sentence."""
    found = analysis.verdict(Question.SPEND, days=horizon_days)
    if found is None or found.comparison is None:
        return "Not tested on your own past yet."
    if found.level == Evidence.TESTED_MODEL:
        return "On your own past this was closer than the customers' own rhythm."
    return "On your own past it was no closer than the customers' own rhythm: take it as an order of size."


def show_figure(label: str, value: str, below: str, meaning: str) -> None:
    """One figure in a box, a few words below it, its meaning in the hover."""
    st.metric(label, value, delta=below, delta_color="off", delta_arrow="off", border=True, help=meaning)
