"""Accuracy: can I believe this?"""

import streamlit as st

from crm_core.services.accuracy import HORIZONS, Backtests
from crm_core.wording import count, plural, share
from pages.parts import analysis, loading
from pages.parts.accuracy_chances import show_chances
from pages.parts.accuracy_days import show_past_days
from pages.parts.accuracy_promises import show_promises
from pages.parts.accuracy_rules import show_rules
from pages.parts.accuracy_series import show_series
from pages.parts.accuracy_verdicts import show_verdicts
from pages.parts.display import empty_state
from pages.parts.later import show_work

USUAL = 90


def bias_words(bias: float) -> str:
    """By how much all customers together bought less or more than expected, where anybody bought."""
    if not abs(bias) >= 0.005:  # nor where it is unknown
        return ""
    most = "more" if bias > 0 else "fewer"
    return f"All customers together, {share(abs(bias))} {most} orders were expected than came. "


def show_answer(tested: Backtests) -> None:
    """What stands below the title: the same over all days, and how it was tested."""
    if tested.too_early:
        st.info(tested.too_early, icon=":material/hourglass_empty:")
        return
    days, model = len(tested.past_days), tested.methods.iloc[0]
    opening, when = ("On that day", "Only") if days == 1 else (f"Together on {days} past days", "Each time only")
    st.markdown(
        f"{opening}: **{count(model['hits'])} of {count(model['k'])}** bought, by the best simple rule "
        f"{count(tested.methods['hits'].iloc[1:].max())}, by chance {count(model['chance_hits'])}. "
        f"{bias_words(model['purchase_bias'])}{when} what was known by the end of that day was used, then compared "
        f"with the {plural(tested.horizon_days, 'day')} that followed.",
        help="Ranked by the chance of buying at all; at most 40, and at most a tenth of the customers known by then. "
        "By chance: as many as if you had drawn their names from a hat.",
    )


base = loading.base()
if base.table.empty:
    st.title("Can I believe this?", anchor=False)
    empty_state()
    st.stop()

heading = st.container()
horizon = st.segmented_control(
    "Days ahead",
    HORIZONS,
    default=USUAL,
    required=True,
    key="accuracy_days",
    bind="query-params",
    format_func=lambda days: f"{days} days",
    help="How far ahead the predictions look that are tested. Today's list looks 90 days ahead.",
)
days_ahead = int(horizon or USUAL)
tested = analysis.backtests(days_ahead)
if tested is None:
    heading.title("Can I believe this?", anchor=False)
    show_work(analysis.backtests_key(days_ahead))
    st.stop()
with heading:
    st.title(
        "Too early to say how good predictions are here" if tested.too_early else tested.sentence.rstrip("."),
        anchor=False,
    )
    show_answer(tested)

show_verdicts(tested, base.currency)
names = ["Promises"] if tested.too_early else ["Rules", "Past days", "Chances", "Series", "Offers", "Promises"]
parts = st.tabs(names, key="accuracy_part", bind="query-params", on_change="rerun")
tabs = dict(zip(names, parts, strict=True))
if not tested.too_early:
    with tabs["Rules"]:
        show_rules(tested, base.currency)
    with tabs["Past days"]:
        show_past_days(tested, base)
    with tabs["Chances"]:
        show_chances(tested)
    with tabs["Series"]:
        show_series(base, tested.horizon_days)
    with tabs["Offers"]:
        if tabs["Offers"].open:  # it takes seconds, and sparse matrices
            from pages.parts.accuracy_offers import show_offers_test

            show_offers_test(tested.horizon_days)
with tabs["Promises"]:
    show_promises(base)
