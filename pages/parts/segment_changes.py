"""Who entered and who left since a past day: the owner's own segments, or the named groups."""

from datetime import date

import streamlit as st

from crm_core.services.customers import CustomerBase
from crm_core.services.journey import months_before
from crm_core.services.saved_segments import SavedSegment
from crm_core.services.segment_changes import ENTERED, LEFT, Changes
from crm_core.wording import day, plural
from pages.parts import segment_choice
from pages.parts.display import download_table, money_column, table_height, to_major
from pages.parts.people import SHOWN, show_people
from pages.parts.snapshots import find_changes
from pages.parts.words import as_is, as_option

PERIODS = {"a month ago": 1, "3 months ago": 3, "a year ago": 12}


def choose_period(key: str) -> int:
    """How many months back."""
    chosen = st.segmented_control(
        "Compare with", list(PERIODS), default="a month ago", required=True, key=key, bind="query-params"
    )
    return PERIODS[chosen]


def show_changes(base: CustomerBase, saved: list[SavedSegment], *, months: int, own: bool, first: date) -> None:
    """The table of entered and left, and the people of one list. own: the owner's segments, else the named groups;
    first: the day of the first order."""
    wanted = months_before(base.as_of, months)
    if wanted < first:
        st.info(f"Nobody had ordered by {day(wanted)}; compare with a later day.", icon=":material/swap_horiz:")
        return
    both = find_changes(base, saved, months)
    if both is None:
        return
    found, key = both[0 if own else 1], "own_changes" if own else "group_changes"
    st.caption(found.basis)
    _show_counts(found, key, first="Segment" if own else "Named group")
    _show_people(found, key, base.currency)


def _show_counts(found: Changes, key: str, *, first: str) -> None:
    st.dataframe(
        found.counts.assign(name=found.counts["name"].map(as_option)),
        key=key,
        hide_index=True,
        height=table_height(len(found.counts)),
        column_config={
            "name": st.column_config.TextColumn(first, pinned=True, width=150),
            "before": st.column_config.NumberColumn("Then", format="%,d", width=65),
            "entered": st.column_config.NumberColumn("Entered", format="%,d", width=75),
            "left": st.column_config.NumberColumn("Left", format="%,d", width=65),
            "now": st.column_config.NumberColumn("Now", format="%,d", width=65),
            "net": st.column_config.NumberColumn("Change", format="%+d", width=75),
        },
        alt="Who entered and left each list",
    )
    with st.container(horizontal=True, gap="small"):
        download_table(found.counts, key)
        download_table(found.people, f"{key}_people", label="With names as CSV")


def _show_people(found: Changes, key: str, currency: str) -> None:
    """The people who entered or left one list, biggest spenders first."""
    moved = found.counts[found.counts[ENTERED] + found.counts[LEFT] > 0]
    if moved.empty:
        st.info("Nobody entered or left in this time.", icon=":material/swap_horiz:")
        return
    choices = {
        f"{as_option(row.name)}: {plural(number, 'customer')} {what}": (row.name, what)
        for row in moved.itertuples(index=False)
        for what, number in ((ENTERED, row.entered), (LEFT, row.left))
        if number
    }
    chosen = st.selectbox(
        "Show who", list(choices), index=None, placeholder="Choose who entered or left", key=f"{key}_who", width=420
    )
    if chosen is None:
        return
    name, what = choices[chosen]
    wanted = (found.people["name"] == name) & (found.people["what"] == what)
    people = found.people[wanted].set_axis(found.ids[wanted], axis=0)
    title = f"{what.capitalize()} {name} since {day(found.since)}"
    segment_choice.offer_in_customers(title, people.index, key=f"{key}_open")
    shown = people.head(SHOWN).assign(spend=to_major(people["spend_minor"], currency)).drop(columns="name")
    show_people(
        shown.rename(columns={"customer": "label"}),
        f"{key}_names",
        height=table_height(min(len(people), SHOWN), most=300),
        columns={
            "label": st.column_config.TextColumn("Customer", pinned=True),
            "email": st.column_config.TextColumn("E-mail"),
            "stage": st.column_config.TextColumn("Stage"),
            "spend": money_column("Sales so far", currency),
        },
    )
    if len(people) > SHOWN:
        st.caption(as_is(f"The {SHOWN} biggest spenders of {len(people):,}; the file has all."))
