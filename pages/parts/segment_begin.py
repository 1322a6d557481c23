"""What a new segment begins with: a template, or conditions of the owner's own."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm_core.decisions.segment_templates import Template, templates
from crm_core.services.segment_facts import SegmentFacts
from pages.parts.segment_draft import DRAFT, draft_of

BIG_ORDER = 0.8  # the fifth of mean orders that is largest begins here


def offer_templates(place: DeltaGenerator, facts: SegmentFacts) -> None:
    """A choice of what to begin with."""
    orders = facts.table["mean_order_minor"].dropna()
    units = orders.quantile(BIG_ORDER) if len(orders) else None
    big = None if units is None or units <= 0 else float(f"{units:.1g}")
    products = [str(key) for key in facts.products.index[:2]]
    known = {one.name: one for one in templates(currency=facts.currency, big_order_minor=big, products=products)}

    def begin() -> None:
        wanted: Template | None = known.get(st.session_state["own_template"])
        if wanted is not None:
            st.session_state[DRAFT] = draft_of(wanted.rules, name=wanted.name, currency=facts.currency)

    chosen = place.selectbox(
        "Begin with",
        list(known),
        index=None,
        placeholder="A template, or your own conditions",
        key="own_template",
        on_change=begin,
    )
    if chosen in known:
        place.caption(known[chosen].purpose)
