"""Value & loyalty: what is each customer worth, and how loyal are they?"""

import streamlit as st

from crm_core.wording import money, plural, share
from pages.parts import loading
from pages.parts.display import empty_state, guarded
from pages.parts.value_ahead import horizon_words, show_ahead
from pages.parts.value_loyalty import show_loyalty
from pages.parts.value_plan import show_plan

base, choices = loading.base(), loading.preferences()
if base.table.empty:
    st.title("What is each customer worth, and how loyal are they?", anchor=False)
    if loading.known()["orders"]:
        st.info(
            "No known customer has a paid order by this day, so there is nobody to value yet.", icon=":material/info:"
        )
    else:
        empty_state()
    st.stop()

people, currency = len(base.table), base.currency
ahead = horizon_words(choices.horizon_days)
low, high = base.prediction.total_spend_range
st.title(
    f"Your {plural(people, 'customer')} {'is' if people == 1 else 'are'} likely to spend "
    f"{money(base.table['expected_spend_minor'].sum(), currency)} in the next {ahead}",
    anchor=False,
)
st.markdown(
    f"{money(low, currency)} to {money(high, currency)} in 8 of 10 outcomes, if they go on as they did · worth "
    f"**{money(base.table['clv_minor'].sum(), currency)}** to you today",
    help=f"The range holds what chance does to each customer, not a change of the market or of "
    f"your shop. Worth: {share(choices.margin_share)} of it is margin, discounted {share(choices.discount_rate)} a "
    "year. The model behind it has not been tested on your own past yet.",
)
for note in base.notes:
    st.caption(f":material/info: {note}")

loyalty, worth, plan = st.tabs(
    [":material/favorite: Loyalty", ":material/payments: Worth ahead", ":material/edit_calendar: A plan of your own"]
)
with loyalty:
    show_loyalty()
with worth, guarded():
    show_ahead(base)
with plan:
    show_plan(currency)
