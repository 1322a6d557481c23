"""Products that are offered to nobody: add some, take them back."""

import streamlit as st

from crm_core.services.offer_wishes import never_offer
from crm_core.wording import day
from pages.parts import loading
from pages.parts.failures import guarded
from pages.parts.offer_decisions import let_offer_again
from pages.parts.offer_feedback import names_to_offer, never_offered_products
from pages.parts.words import as_is, as_option

ADDED = "never_added"


def show_never_offered() -> None:
    """The list with its ways back, folded away, and a choice of more."""
    listed = never_offered_products()
    past = loading.replayed() is not None
    if past and listed.empty:
        return
    with st.expander(f"Never offered ({len(listed)})", icon=":material/block:"):
        st.caption("Products that stand on no list: not sold to everybody, out of season, or better left alone.")
        for row in listed.itertuples():
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.markdown(f"{as_is(row.product)} :small[:gray[since {day(row.decided_at.date())}]]", width="content")
                if not past:
                    st.button(
                        f"Offer “{as_is(row.product)}” again",
                        key=f"never_{row.product_id}",
                        type="tertiary",
                        icon=":material/undo:",
                        on_click=let_offer_again,
                        args=(int(row.product_id),),
                    )
        if not past:
            ask_for_more()


def ask_for_more() -> None:
    """Choose products that are to stand on no list."""
    names = names_to_offer().sort_values()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.multiselect(
            "Products to leave out",
            list(names.index),
            format_func=lambda product: as_option(names.get(product, product)),
            key=ADDED,
            placeholder="Choose products",
        )
        st.button("Never offer these", key="never_more", icon=":material/block:", on_click=_leave_out)


def _leave_out() -> None:
    with guarded():
        never_offer(loading.store(), st.session_state[ADDED], now=loading.now())
        st.session_state[ADDED] = []
