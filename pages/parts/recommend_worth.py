"""Whom to offer a product to, with the chance that they buy it and what that is worth."""

import pandas as pd
import streamlit as st

from crm_core.services.customers import CustomerBase
from crm_core.services.recommendations import Tastes
from pages.parts import loading
from pages.parts.display import download_table, money_column, to_major
from pages.parts.people import show_people
from pages.parts.words import prose


def show_audience_worth(
    base: CustomerBase,
    tastes: Tastes,
    product_id: int,
    *,
    among: pd.Index | None,
    without: frozenset[int],
    new_only: bool,
    most: int,
) -> None:
    """What the list comes to, the people by chance, and the file; ``among``: only these, ``without``: not these."""
    from crm_core.services import offer_worth as worth  # sparse matrices, needed by few pages

    share = loading.preferences().margin_share
    chances = loading.kept(
        "offer chances", new_only, compute=lambda: worth.learn_offer_chances(tastes, new_only=new_only)
    )
    margin = loading.kept(
        "product margin", product_id, share, base.currency,
        compute=lambda: worth.price_product(loading.store(), base, product_id, margin_share=share),
    )  # fmt: skip
    everyone = loading.kept(
        "people for a product", product_id, new_only, share, base.currency, tuple(sorted(without)),
        compute=lambda: worth.rank_audience(
            base, tastes, product_id, margin, chances, new_only=new_only, without=without
        ),
    )  # fmt: skip
    people = worth.pick_audience(everyone, among=among, k=most)
    if people.empty:
        st.info("Nobody stands out for this product.", icon=":material/info:")
        return
    st.markdown(
        f"**{prose(worth.audience_words(people, margin, base.currency))}**",
        help=prose(
            f"Assumed: they behave as customers with such scores, as late for their own pace, did in the latest "
            f"{worth.DAYS} days known; what an offer adds is not in it. An order of it counts as {margin.basis}."
        ),
    )
    _show_table(people, base.currency)
    download_table(people, "people_for_product")


def _show_table(people: pd.DataFrame, currency: str) -> None:
    number = st.column_config.NumberColumn
    columns = {
        "label": st.column_config.TextColumn("Customer", pinned=True),
        "percent": number("Chance", format="%.1f%%", help="To buy it within 30 days, as such customers did."),
        "worth": money_column("Worth", currency, help="The chance times what an order of it leaves."),
        "reason": st.column_config.TextColumn("Why", width="large"),
        "stage": st.column_config.TextColumn("Stage"),
        "email": st.column_config.TextColumn("E-mail"),
    }
    shown = people.assign(percent=100 * people["chance"], worth=to_major(people["worth_minor"], currency))
    for name in ("percent", "worth", "email"):
        if shown[name].isna().all():
            del columns[name]
    show_people(shown, "product_people", height=min(39 + 35 * len(people), 420), columns=columns)
