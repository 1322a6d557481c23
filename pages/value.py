"""Value & loyalty: what is each customer worth, and how loyal are they?"""

import streamlit as st

from crm_core.vocabulary import Question
from crm_core.wording import plural, share
from pages.parts import analysis, loading
from pages.parts.display import empty_state
from pages.parts.evidence import show_evidence
from pages.parts.failures import guarded
from pages.parts.value_ahead import horizon_words, show_ahead
from pages.parts.value_loyalty import show_loyalty
from pages.parts.value_plan import show_plan
from pages.parts.value_subscriptions import show_subscriptions, subscription_offer
from pages.parts.words import estimate, prose

base, choices = loading.base(), loading.preferences()
if base.table.empty:
    st.title("What is each customer worth, and how loyal are they?", anchor=False)
    empty_state()
    st.stop()

people, currency = plural(len(base.table), "customer"), base.currency
if base.value_is_learnt:
    low, high = base.prediction.total_spend_range
    st.title(
        f"Your {people} are likely to spend {estimate(base.table['expected_spend_minor'].sum(), currency)} "
        f"in the next {horizon_words(choices.horizon_days)}",
        anchor=False,
    )
    worth = estimate(base.table["clv_minor"].sum(), currency)
    own = "of your own past" if base.prediction.learnt_from_past else "of shops in general"
    when = "then" if loading.replayed() else "today"
    st.markdown(
        f"Worth **{worth}** to you {when} at {share(choices.margin_share)} margin · what they spend is likely "
        f"between {estimate(low, currency)} and {estimate(high, currency)}, if they go on as they did",
        help=f"The range is meant to hold 8 of 10 outcomes: it counts chance, and how far totals {own} were off. A "
        "change of the market or of your shop is not in it. Accuracy shows how far off it was on past days. Worth: "
        f"{share(choices.margin_share)} of it is "
        f"margin, discounted {share(choices.discount_rate)} a year.",
    )
    analysis.begin_tests()
    show_evidence(Question.SPEND, base, days=choices.horizon_days)
    for note in base.notes:
        st.caption(f":material/info: {prose(note)}")
else:
    st.title(f"Too early to say what your {people} will spend", anchor=False)
    st.markdown(f"{base.too_early} Until then the order below leans on how often and how lately each one bought.")

offer = subscription_offer(base)
names = [
    "Loyalty",
    "Worth ahead",
    "A plan of your own",
    "A new customer",
    *(["Subscriptions"] if offer.offered else []),
]
loyalty, ahead, plan, newcomer, *subscriptions = st.tabs(names, key="value_part", bind="query-params")
with loyalty:
    show_loyalty()
with ahead, guarded():
    if base.value_is_learnt:
        show_ahead(base)
    else:
        st.info(base.too_early, icon=":material/hourglass_empty:")
with plan:
    show_plan(currency)
if newcomer.open:
    with newcomer:
        from pages.parts.value_newcomer import show_newcomer  # scikit-learn is slow to import

        show_newcomer()
for subscribed in subscriptions:
    if subscribed.open:
        with subscribed, guarded():
            show_subscriptions(base, offer)
