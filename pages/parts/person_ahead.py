"""What to expect of one customer: the next order, the chance of one, the risk that none comes.

Numbers of the model stand here only where it beat the customers' own rhythm on this shop's past; else the rhythm does.
"""

import pandas as pd
import streamlit as st

from crm_core.services.customers import CustomerBase
from crm_core.services.next_orders import NextOrders
from crm_core.vocabulary import Question
from crm_core.wording import day, plural, share
from pages.parts import analysis, later
from pages.parts.evidence import show_evidence
from pages.parts.person_figures import show_figure

HARDLY = 0.25  # P(an order within a year) below which no day is named


def show_person_ahead(customer_id: int, figures: pd.Series, base: CustomerBase) -> None:
    """The figures, and the evidence that decides which they are."""
    analysis.begin_tests()
    tested = analysis.is_tested(Question.ACTIVE)
    found = analysis.next_orders(base) if tested else None
    with st.container(horizontal=True, gap="small"):
        if found is not None:
            _show_model(found.table.loc[customer_id], found)
        else:
            _show_rhythm(figures, base)
    if tested and found is None:
        later.show_progress(analysis.next_orders_key())
    show_evidence(Question.ACTIVE, base)


def _show_model(row: pd.Series, found: NextOrders) -> None:
    likely = row["p_365"] >= HARDLY
    show_figure(
        "Next order, if within a year",
        f"about {day(row['next_on'].date())}" if likely else "hardly to be expected",
        f"8 of 10: {day(row['next_low_on'].date())} to {day(row['next_high_on'].date())}"
        if likely
        else f"{share(row['p_365'])} within a year",
        f"An order within a year is {share(row['p_365'])} likely. If it comes, it is as likely before this day as "
        "after it, and in 8 of 10 cases between the days below.",
    )
    show_figure(
        "Orders within 90 days",
        share(row["p_90"]),
        f"30 days {share(row['p_30'])} · 60 days {share(row['p_60'])}",
        "The chance of at least one order in that time. It weighs how often and how lately this customer ordered; "
        "Today's list counts how many customers came back after so long a wait, so the two can differ.",
    )
    show_figure(
        "Churn risk",
        share(row["churn_risk"]),
        f"no order within {plural(found.churn_days, 'day')}",
        "1 − the chance of an order in that time. Settings, Stages, has the number of days.",
    )


def _show_rhythm(figures: pd.Series, base: CustomerBase) -> None:
    gap = figures["usual_gap_days"]
    if gap != gap:  # nobody came back yet
        return
    once = figures["purchase_days"] == 1
    due = figures["last_order_on"] + pd.Timedelta(days=round(gap))
    past = due < pd.Timestamp(base.as_of)
    ago = plural((pd.Timestamp(base.as_of) - due).days, "day")
    whose = "the time that half of the second orders here took" if once else "their usual gap between orders"
    show_figure(
        "By their rhythm, next order" if not once else "Second order, at the shop's pace",
        f"{'was due ' if past else 'about '}{day(due.date())}",
        f"{ago} ago" if past else f"in {plural((due - pd.Timestamp(base.as_of)).days, 'day')}",
        f"The latest order plus {whose}, {plural(round(gap), 'day')}. A rule of thumb, no chance is known.",
    )
    fixed = base.limits.fixed_days
    from_when = f"After {plural(fixed[0], 'day')}" if fixed else f"From {base.limits.at_risk:g} on"
    show_figure(
        "Waiting for",
        f"{figures['lateness']:.1f} × the usual gap",
        f"{plural(int(figures['days_since_last_order']), 'day')} of {round(gap)}",
        f"Days since the latest order over {whose}. {from_when} they count as at risk.",
    )
