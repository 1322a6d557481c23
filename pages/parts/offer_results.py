"""How offers did: the headline, the share bought over time beside bestsellers, what was learnt, and every offer."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm_core.charts.offer_rates import offers_bought
from crm_core.decisions.bestsellers import BESTSELLER_DAYS
from crm_core.services.customers import CustomerBase
from crm_core.services.offer_results import OfferResults, offer_results
from crm_core.services.offer_wishes import feedback_version
from crm_core.wording import plural
from pages.parts import loading
from pages.parts.display import download_table, palette, show_chart, table_height
from pages.parts.offer_feedback import offer_day, version
from pages.parts.offer_lessons import show_lessons

SHOWN = 500  # offers in the table on the page; the file has all
MEANING = (
    "An offer is a product on a customer's list, from the day you see it there; shown again within its days it is the "
    "same offer. It counts as bought when an order after that day, and within the days that Settings gave it then, has "
    "the product and was not wholly refunded. Bestsellers: for the same customers and days, as many products as the "
    f"list had, those in the most orders of the {BESTSELLER_DAYS} days before; where the list is of what is new, those "
    "that the customer had not bought by then. The range holds 8 of 10 times."
)


def show_results(base: CustomerBase, answer: DeltaGenerator) -> None:
    """The view Results."""
    at, within = offer_day(), loading.preferences().offer_days
    found = loading.kept(
        "offer results",
        *version(),
        *newest(),
        compute=lambda: offer_results(loading.store(), base, at=at),
    )
    answer.title(found.headline, anchor=False)
    answer.markdown(found.sentence, help=MEANING)
    if found.offers.empty:
        st.info(
            "Open the lists of a customer under Offers. What you see there is noted, and press a product to note what "
            f"came of it; whether it is bought within {plural(within, 'day')} is read from your orders.",
            icon=":material/featured_seasonal_and_gifts:",
        )
        return
    if len(found.rates):
        show_rates(found)
    show_lessons(found)
    show_every_offer(found)


def newest() -> tuple[object, ...]:
    """What changes with every offer and decision of the day itself."""
    return feedback_version(loading.store(), at=offer_day(), until_now=True)


def show_rates(found: OfferResults) -> None:
    """The chart and the table behind it."""
    st.subheader("How many were bought", anchor=False)
    show_chart(offers_bought(found.rates, palette()), key="offers_bought")
    shares = {name: 100 * found.rates[name] for name in ("share", "low", "high", "popular_share")}
    table = found.rates.assign(**shares)
    with st.expander("The figures as a table", icon=":material/table:"):
        st.dataframe(
            table,
            hide_index=True,
            key="offer_rates",
            height=table_height(len(table), most=300),
            column_config={
                "from_day": st.column_config.DateColumn("Offered from", format="D MMM YYYY"),
                "to_day": st.column_config.DateColumn("to", format="D MMM YYYY"),
                "offers": st.column_config.NumberColumn("Offers", format="%,d"),
                "bought": st.column_config.NumberColumn("Bought", format="%,d"),
                "share": st.column_config.NumberColumn("Share", format="%.0f%%"),
                "low": st.column_config.NumberColumn("Likely from", format="%.0f%%"),
                "high": st.column_config.NumberColumn("to ", format="%.0f%%"),
                "popular_share": st.column_config.NumberColumn("Bestsellers", format="%.0f%%"),
            },
            alt="Offers, how many were bought, and how many bestsellers would have been, by period",
        )
        download_table(found.rates, "offer_rates")


def show_every_offer(found: OfferResults) -> None:
    """Every offer with what became of it."""
    st.subheader("Every offer", anchor=False)
    columns = ["shown_on", "customer", "product", "outcome", "list", "reason_kind", "within_days", "bought_on"]
    st.dataframe(
        found.offers[columns].head(SHOWN),
        hide_index=True,
        key="every_offer",
        placeholder="",
        height=table_height(min(len(found.offers), SHOWN)),
        column_config={
            "shown_on": st.column_config.DateColumn("Offered", format="D MMM YYYY", width=95),
            "customer": st.column_config.TextColumn("Customer"),
            "product": st.column_config.TextColumn("Product"),
            "outcome": st.column_config.TextColumn("What became of it"),
            "list": st.column_config.TextColumn("List"),
            "reason_kind": st.column_config.TextColumn("Reason"),
            "within_days": st.column_config.NumberColumn("Days", format="%d", help="Within which it counts as bought."),
            "bought_on": st.column_config.DateColumn("Bought", format="D MMM YYYY"),
        },
        alt="Every offer with the customer, the product and what became of it",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(found.offers.drop(columns=["customer_id", "product_id", "is_over"]), "offers_made")
        if len(found.offers) > SHOWN:
            st.caption(f"The latest {SHOWN:,} of {len(found.offers):,}; the file has all.")
