"""Segments: what kinds of customers do I have, how far did they come, and do they stay?"""

import streamlit as st

from crm_core.services.segments import Segments, segment_customers
from crm_core.wording import count, plural, share
from pages.parts import loading
from pages.parts.display import empty_state
from pages.parts.segments_grid import show_named_groups
from pages.parts.words import as_is

FEWEST = 10  # below, the fifths that scores are made of hold a person or two each
NAMED, NATURAL, JOURNEY, COHORTS, OWN = "Named groups", "Natural groups", "Journey", "Cohorts", "Own"


def headline(found: Segments) -> str:
    """How many kinds there are, and what the one that brings most is worth."""
    groups, people = found.groups, found.made_by.customers
    if people < FEWEST:
        return f"{plural(people, 'customer')}: too few to tell kinds apart"
    if len(groups) == 1:
        return f"All your customers are of one kind: {as_is(groups['called'].iloc[0])}"
    opening = f"Your customers fall into {len(groups)} kinds"
    if not groups["spend_share"].notna().any():
        return opening
    most = groups.loc[groups["spend_share"].idxmax()]
    verb = "brings" if most["customers"] == 1 else "bring"
    return f"{opening}; {count(most['customers'])} {as_is(most['called'])} {verb} {share(most['spend_share'])} of sales"


base = loading.base()
answer = st.container()
if base.table.empty:
    empty_state()
    own_table = st.expander(
        "Find natural groups in a table of your own",
        icon=":material/table:",
        key="own_table",
        on_change="rerun",
        bind="query-params",
    )
    if not own_table.open:
        answer.title("What kinds of customers do I have?", anchor=False)
        st.stop()
    from pages.parts.natural_table import show_own_table  # scikit-learn is slow to import

    with own_table:
        show_own_table(answer)
    st.stop()

view = st.segmented_control(
    "Kinds",
    [NAMED, NATURAL, JOURNEY, COHORTS, OWN],
    default=NAMED,
    required=True,
    key="kinds",
    bind="query-params",
    label_visibility="collapsed",
    help="Named groups follow from recency, orders and spend. Natural groups are found in the data. Journey is the way "
    "from stranger to regular. Cohorts are customers who came in the same month. Own are segments that you make from "
    "rules.",
)
if view == JOURNEY:
    from pages.parts.segments_journey import show_journey

    show_journey(base, answer)
    st.stop()
if view == COHORTS:
    from pages.parts.segments_cohorts import show_cohorts

    show_cohorts(base, answer)
    st.stop()
if view == OWN:
    from pages.parts.segments_own import show_own_segments

    show_own_segments(base, answer)
    st.stop()
if view == NATURAL:
    from pages.parts.natural_groups import show_natural_groups  # scikit-learn is slow to import

    show_natural_groups(base, answer)
    st.stop()

choices = loading.preferences()
segments = loading.kept(
    "segments", base.currency, choices.rfm_limits, choices.group_words, compute=lambda: segment_customers(base, choices)
)
answer.title(headline(segments), anchor=False)
show_named_groups(base, segments)
st.caption(
    f"{plural(segments.made_by.customers, 'customer')} with {plural(segments.made_by.orders, 'order')} "
    + (
        "· scores by your own limits, which Settings has"
        if any((choices.recency_limits, choices.order_limits, choices.spend_limits))
        else "· scores compare your customers with each other, so a quiet shop has champions too"
    )
)
