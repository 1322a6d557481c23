"""Today: whom do I look after now, why, with what, and what is it worth?"""

import streamlit as st

from crm_core.services.overview import shop_overview
from crm_core.services.today import todays_list
from crm_core.wording import count, day, share
from pages.parts import loading
from pages.parts.action_cards import show_cards, show_dealt_with
from pages.parts.display import download_table, empty_state
from pages.parts.replay import keep_day
from pages.parts.side_cards import show_side
from pages.parts.words import estimate, prose

NUMBER_WORDS = ("Nobody", "One person", "Two people", "Three people", "Four people", "Five people", "Six people")


def headline(people: int, *, past: bool) -> str:
    """How many to look after, in words up to seven."""
    words = (*NUMBER_WORDS, "Seven people")[people]
    return f"{words} to look after {f'on {day(today)}' if past else 'today'}"


store, base, today, past = loading.store(), loading.base(), loading.day_of_list(), loading.replayed() is not None
if not loading.known()["orders"]:
    st.title("Whom do I look after today?", anchor=False)
    empty_state()
    st.stop()

choices = loading.preferences()
suggestions = loading.suggestions()
answer = todays_list(
    store,
    base,
    suggestions,
    today=today,
    share_saved=choices.share_saved,
    keep=not past,
    decided_before=loading.decided_before(),
)

st.title(headline(len(answer.table), past=past), anchor=False)
if len(answer.table) and not answer.total.value_minor > 0:
    st.markdown("No money is known to be at stake with them.")
elif len(answer.table):
    currency, total = answer.currency, answer.total
    st.markdown(
        f"About **{estimate(total.value_minor, currency)}** at stake in the next 90 days, likely "
        f"{estimate(total.low_minor, currency)} to {estimate(total.high_minor, currency)} · roughly "
        f"**{estimate(answer.recoverable_minor, currency)}** recoverable if {share(answer.share_saved)} is saved",
        help="At stake: what these customers usually spend in 90 days at their own rhythm (an order of more than three "
        "times their median counts as three times). The range holds 8 of 10 simulated outcomes. The list is ordered by "
        "that money times the share of earlier waits as long that brought no order. Recoverable: the money times the "
        "share you expect to save by a contact.",
    )
    promises = keep_day({"accuracy_part": "Promises"})
    st.page_link(
        "accuracy.py", label="How sure is this?", icon=":material/fact_check:", width="content", query_params=promises
    )
if past:
    st.caption("The list of a past day is there to look at: it can't be acted on, so nothing here can be ticked off.")
elif not loading.as_of().is_today:
    st.caption(f":material/history: {loading.as_of().sentence}")

week_start, now = choices.week_start, loading.today()
overview = loading.kept(
    "overview", week_start, now, compute=lambda: shop_overview(store, base, week_start=week_start, today=now)
)
with st.container(horizontal=True, gap="small"):
    for figure in overview.figures:
        st.metric(
            figure.label,
            prose(figure.value),
            delta=prose(figure.change) if figure.change else None,
            delta_color=figure.colour,
            delta_arrow="auto" if figure.colour != "off" else "off",
            border=True,
            help=figure.meaning,
            width="stretch",
        )

left, right = st.columns([5, 2], gap="medium")
with left:
    if len(answer.table):
        show_cards(store, answer, today=today)
        with st.container(horizontal=True, vertical_alignment="center"):
            download_table(answer.as_export, "today")
            if answer.waiting:
                st.caption(f"{count(answer.waiting)} more wait behind these; they move up as you deal with the first.")
    else:
        st.info(overview.nothing_to_do, icon=":material/check_circle:")
    show_dealt_with(store, base, today=today)
with right:
    show_side(store, base, today=today, week=overview.week)
