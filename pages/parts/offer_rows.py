"""One offer on a list: its menu, and what was decided."""

from typing import Any

import pandas as pd
import streamlit as st

from crm_core.vocabulary import OfferList
from pages.parts import loading
from pages.parts.offer_decisions import CHOICES, NEVER, decide, take_back
from pages.parts.offer_feedback import say_rest
from pages.parts.words import as_is


def show_offer(customer_id: int, row: Any, name: OfferList) -> None:
    """An offer with its menu; of a past day there is nothing to decide."""
    if loading.replayed():
        st.markdown(f"{as_is(row.product)}  \n:small[:gray[{as_is(row.reason)}]]")
        return
    with st.container(gap=None):
        show_menu(customer_id, int(row.product_id), row.product, name, label=as_is(row.product))
        st.caption(as_is(row.reason))


def show_menu(customer_id: int, product_id: int, product: str, name: OfferList, *, label: str) -> None:
    """What may have come of an offer, to choose from."""
    key = f"offer_{name.name.lower()}_{customer_id}_{product_id}"
    st.menu_button(
        label,
        [*CHOICES, NEVER],
        key=key,
        type="tertiary",
        on_click=decide,
        args=(key, customer_id, product_id, product),
    )


def show_decided(customer_id: int, row: Any, rest: pd.Series, name: OfferList) -> None:
    """What was said today, and the way back."""
    with st.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            if loading.replayed():
                st.markdown(f":gray[{as_is(row.product)}]", width="content")
            else:
                st.button(
                    f"Undo “{as_is(row.product)}”",
                    key=f"undo_{name.name.lower()}_{customer_id}_{row.product_id}",
                    type="tertiary",
                    icon=":material/undo:",
                    on_click=take_back,
                    args=(customer_id, int(row.product_id), rest["shown_on"]),
                )
            st.badge(row.said, color="green" if row.said == "accepted" else "gray")
        st.caption(f"It {say_rest(rest['until'])}")
