"""As a series: whether carrying on a regular customer's own months is closer than the model, compared when asked."""

from functools import partial
from typing import Any

import streamlit as st

from crm_core.services.customers import CustomerBase
from crm_core.services.spend_series import (
    MOST_CUSTOMERS,
    RULE,
    SeriesTest,
    compare_series,
    series_now,
    series_too_early,
)
from crm_core.wording import plural
from pages.parts import later, loading
from pages.parts.accuracy_outlook import show_outlook
from pages.parts.display import download_table, money_column, table_height, to_major
from pages.parts.words import prose

RULE_WORDS = (
    f"At least {RULE.months} months since the first order, and orders in at least {RULE.with_orders} of the latest "
    f"{RULE.months}."
)


def show_series(base: CustomerBase, horizon_days: int) -> None:
    """What can be tested, a button that does it, and what it found; below it one customer's series."""
    regular = loading.kept("series now", compute=lambda: series_now(base))
    too_early = loading.kept(
        "series too early", horizon_days, compute=lambda: series_too_early(base, horizon_days=horizon_days)
    )
    if too_early:
        st.info(too_early, icon=":material/hourglass_empty:")
        show_outlook(base, regular, best=None)
        return
    key = loading.work_key("series", horizon_days, base.prediction.model)
    found: SeriesTest | None = later.result_of(key)
    if found is not None:
        _show_found(found, base.currency)
        show_outlook(base, regular, best=found.best)
    elif later.find(key) is None:
        _offer(base, key, horizon_days, people=len(regular))
    else:
        later.show_work(key)


def _offer(base: CustomerBase, key: str, horizon_days: int, *, people: int) -> None:
    """What would be compared, and the button that begins it."""
    have = "has" if people == 1 else "have"
    st.markdown(
        f"**{plural(people, 'customer')}** {have} two years of regular orders. Their own months can be carried on as a "
        "series, instead of asking the model that learnt from everybody. Which is closer is found out on past days; it "
        "can take a minute or two.",
        help=f"{RULE_WORDS} Of more than {MOST_CUSTOMERS} on a past day the most regular ones are tested.",
    )
    work = partial(compare_series, loading.store(), base, horizon_days=horizon_days)
    st.button(
        "Compare on past days",
        key="series_compare",
        icon=":material/query_stats:",
        on_click=later.begin,
        args=(key, work),
    )


def _show_found(found: SeriesTest, currency: str) -> None:
    """The answer, and the table of methods."""
    st.markdown(f"**{prose(found.sentence(currency))}**", help=RULE_WORDS)
    table = found.methods.reset_index()
    money = ("error_minor", "bias_minor", "gain_minor", "noise_minor")
    shown = table.assign(**{name.removesuffix("_minor"): to_major(table[name], currency) for name in money})
    st.dataframe(
        shown[["method", "error", "bias", "gain", "noise", "customers", "predictions", "fell_back"]],
        key="series_methods",
        hide_index=True,
        column_config=_columns(currency),
        height=table_height(len(table)),
        placeholder="–",
        alt="Series forecasts, the model and plain rules with error and bias per customer",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(table, "series_methods")
        st.caption(f"Two years of regular orders had {found.tested_words}.")
    with st.expander("What the methods do", icon=":material/rule:"):
        st.markdown(METHODS)


METHODS = """
**Smoothing (ETS)**: a level that follows the latest months, with a damped trend or a season where the months show one.

**ARIMA**: each month from the one before it or the same a year ago; among a handful of small forms the best fit.

**Network on lags**: one small neural network for all of them, from the last twelve months to the next.

**The model**: what Value & loyalty shows, learnt from everybody's purchases.

**Own rate**: buys on as often as so far, and spends their own mean each time.

**Same months a year ago** and **Mean of the months** repeat what was.
"""


def _columns(currency: str) -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "method": st.column_config.TextColumn("Method", pinned=True),
        "error": money_column(
            "Sales off", currency, help="Mean distance per customer between the sales expected and those that came."
        ),
        "bias": money_column(
            "Bias", currency, help="Mean per customer: above 0 more was expected than came, below 0 less."
        ),
        "gain": money_column("Closer by", currency, help="Than the model, per customer; below 0 it was further off."),
        "noise": money_column("… give or take", currency, help="Standard error of that; twice as much may be chance."),
        "customers": number("Customers", format="%,d"),
        "predictions": number("Predictions", format="%,d", help="A customer counts once for each past day."),
        "fell_back": number("No answer", format="%,d", help="The method could say nothing, so the mean answered."),
    }
