"""Worth ahead: how lifetime value is computed, and how unevenly it is spread."""

import streamlit as st

from crm_core.charts.value import contribution_lines
from crm_core.services.accuracy import AVERAGE
from crm_core.services.contribution import contribution_of_customers, contribution_table
from crm_core.services.customers import CustomerBase
from crm_core.services.preferences import Preferences, change_preferences
from crm_core.vocabulary import DAYS_PER_MONTH, Tier
from crm_core.wording import count
from pages.parts import loading
from pages.parts.display import download_table, needs_customers, palette, show_chart
from pages.parts.words import money

HORIZONS_MONTHS = (3, 6, 12, 24, 36)


def horizon_words(days: int) -> str:
    """A horizon in months where it is about whole ones: 365 days are 12 months."""
    months = round(days / DAYS_PER_MONTH)
    whole = abs(days - months * DAYS_PER_MONTH) < 2
    return (f"{months} months" if months != 1 else "month") if whole else f"{days} days"


def show_ahead(base: CustomerBase) -> None:
    """The tab: assumptions on the left, the curve beside them, the method below."""
    controls, picture = st.columns([2, 5], gap="medium")
    with controls:
        _show_assumptions(loading.preferences())
    with picture:
        if needs_customers(len(base.table), least=2, what="The share of the best customers"):
            _show_contribution(base)
    _show_method(base)


def _show_assumptions(saved: Preferences) -> None:
    """Margin, discount rate and horizon; saved for every page."""
    with st.form("value_assumptions", border=False):
        margin = st.number_input(
            "Margin (% of sales)", 0.0, 100.0, saved.margin_share * 100, 1.0, format="%.0f",
            help="What is left of 100 in sales after the goods, shipping and fees. At 100 worth means sales.",
        )  # fmt: skip
        rate = st.number_input(
            "Discount rate (% a year)", 0.0, 100.0, saved.discount_rate * 100, 1.0, format="%.0f",
            help="How much less money a year away is worth to you than money today.",
        )  # fmt: skip
        months = round(saved.horizon_days / DAYS_PER_MONTH)
        choices = sorted({*HORIZONS_MONTHS, months})
        horizon = st.selectbox(
            "Looking ahead", choices, index=choices.index(months), format_func=lambda number: f"{number} months"
        )
        if st.form_submit_button("Use these everywhere", icon=":material/save:"):
            days = 365 * horizon // 12
            chosen = {"margin_share": margin / 100, "discount_rate": rate / 100, "horizon_days": days}
            change_preferences(loading.store(), chosen)
            st.rerun()


def _show_contribution(base: CustomerBase) -> None:
    answer = loading.kept("contribution", loading.preferences(), compute=lambda: contribution_of_customers(base))
    st.markdown(f"**{answer.sentence}**")
    if not answer.curves:
        return
    show_chart(contribution_lines(answer.curves, palette()), "value_contribution")
    with st.container(horizontal=True, gap="small"):
        for tier in Tier:
            row = answer.tiers.loc[tier.value]
            st.metric(
                f"{tier.value.capitalize()} value",
                count(row["customers"]),
                delta=f"{money(row['clv_minor'], base.currency)} together",
                delta_color="off",
                delta_arrow="off",
                border=True,
                width="stretch",
                help="High: the best customers who together make half of all worth ahead; medium: up to 80%.",
            )
    download_table(lambda: contribution_table(base), "contribution", label="Every customer's share as CSV")


def _show_method(base: CustomerBase) -> None:
    """How the figure comes about, with the fitted numbers."""
    with st.expander("How worth ahead is computed", icon=":material/function:"):
        st.markdown(
            "How often somebody buys and whether they are still a customer is learnt from everybody's purchase days "
            "(BG/NBD, Fader, Hardie & Lee 2005). What they spend each time lies between their own mean and the shop's "
            "(Gamma-Gamma, Colombo & Jiang 1999). Worth ahead is margin × spend × expected purchases, month by month, "
            "each month discounted. How far off it was on your own past stands on the page Accuracy."
        )
        if base.prediction.learnt_from_past:
            answers = base.prediction.choice.chosen
            instead = [name for name in (answers.purchases, answers.active) if name != AVERAGE]
            st.markdown(
                "How many purchases to expect is the average of three opinions: that one, a regression on the "
                "customer's rhythm that learnt on earlier days of your shop what it had missed, and everyone's own "
                "rate so far. "
                + (f"Here {' and '.join(dict.fromkeys(instead))} orders customers in its place, having been clearly "
                   "better on the latest window of your past. " if instead else "")
                + "How far people strayed then widens the ranges."
            )  # fmt: skip
        parameters = base.prediction.parameters
        if parameters:
            fitted = ", ".join(f"{name} = {value:,.4g}" for name, value in parameters.items() if name != "mean_spend")
            mean = money(parameters["mean_spend"], base.currency, exact=True)
            st.caption(f"Fitted: {fitted} (times in days, money in minor units); mean spend per purchase day {mean}.")
