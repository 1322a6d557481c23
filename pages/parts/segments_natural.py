"""Natural groups: chosen facts and number of groups, a card for each, one among all, and its people."""

import streamlit as st

from crm_core.charts.segments import group_scatter, silhouette_bars
from crm_core.services.customers import CustomerBase
from crm_core.services.segments import (
    DEFAULT_FACTS,
    GROUP_NUMBERS,
    LEAST_CUSTOMERS,
    NaturalGroups,
    comparable_facts,
    find_natural_groups,
    name_fact,
    people_of,
    sample_points,
)
from crm_core.wording import count, plural, share
from pages.parts import loading
from pages.parts.display import (
    money_column,
    needs_customers,
    palette,
    show_chart,
    to_major,
)
from pages.parts.people import show_spenders
from pages.parts.words import money, prose

BY_SILHOUETTE = "as the data suggest"


def show_natural_groups(base: CustomerBase) -> None:
    """Controls, the answer in cards, and the chosen group."""
    if not needs_customers(len(base.table), least=LEAST_CUSTOMERS, what="Finding natural groups"):
        return
    facts, number = choose(base)
    if not facts:
        st.info("Choose at least one fact to group customers by.", icon=":material/tune:")
        return
    found = loading.kept(
        "natural groups",
        tuple(facts),
        number,
        base.currency,
        compute=lambda: find_natural_groups(base, columns=facts, k=number),
    )
    show_cards(found, base.currency)
    show_one_group(base, found)


def choose(base: CustomerBase) -> tuple[list[str], int | None]:
    """The facts to group by, and the number of groups or None for the best."""
    left, right = st.columns([5, 2], gap="medium", vertical_alignment="bottom")
    known = comparable_facts(base)
    facts = left.pills(
        "Alike in",
        known,
        selection_mode="multi",
        default=[fact for fact in DEFAULT_FACTS if fact in known],
        format_func=name_fact,
        key="facts",
        bind="query-params",
        help="Only these facts decide who stands together. Money and counts are compared by ratio, not by difference.",
    )
    number = right.selectbox(
        "Number of groups",
        [BY_SILHOUETTE, *map(str, GROUP_NUMBERS)],
        key="number",
        bind="query-params",
        help="Left to the data, the number whose groups stand most clearly apart (highest silhouette) is taken.",
    )
    return facts, None if number == BY_SILHOUETTE else int(number)


def show_cards(found: NaturalGroups, currency: str) -> None:
    """How many groups there are, how clear they are, and a card for each."""
    clusters = found.clusters
    st.subheader(f"{plural(clusters.k, 'natural group')}, the largest: “{found.profiles[0].name}”", anchor=False)
    for note in clusters.notes:
        st.caption(f":material/info: {note}")
    columns = st.columns(min(clusters.k, 4), gap="small")
    for place, profile in enumerate(found.profiles):
        with columns[place % len(columns)].container(border=True, height="stretch" if clusters.k <= 4 else "content"):
            st.markdown(f"**{profile.name}**")
            st.markdown(
                f"{plural(profile.customers, 'customer')}, {share(profile.customer_share)} · "
                f"{money(profile.spend_minor, currency)}, {share(profile.spend_share)} of sales"
            )
            st.caption("  \n".join(map(prose, profile.sentences)))


def show_one_group(base: CustomerBase, found: NaturalGroups) -> None:
    """One group among all, how clear the groups are, and the group's people."""
    names = [profile.name for profile in found.profiles]
    picture, clarity = st.columns([5, 3], gap="medium")
    with picture:
        name = st.selectbox("Show one group", names, key="natural_group")
        group = names.index(name) if name in names else 0
        points = sample_points(base, found, group=group)
        points = points.assign(spend=to_major(points["spend_minor"], base.currency))
        show_chart(group_scatter(points, base.currency, palette()), key="group_scatter", alt="One group among all")
        st.caption(f"{count(len(points))} customers drawn; the chosen group stands out in the stronger colour.")
    with clarity:
        st.markdown(
            f"How clearly the {found.clusters.k} groups stand apart: silhouette {found.clusters.silhouette:.2f}",
            help="1: groups fully apart, 0: no groups at all. From 0.25 there is some structure, from 0.5 a clear one.",
        )
        show_chart(
            silhouette_bars(found.clusters.silhouettes, found.clusters.k, palette()),
            key="silhouettes",
            alt="Silhouette for each number of groups",
        )
    show_spenders(
        people_of(base, found, group=group),
        "natural_people",
        currency=base.currency,
        columns={
            "label": st.column_config.TextColumn("Customer", pinned=True),
            "stage": st.column_config.TextColumn("Stage"),
            "days_since_last_order": st.column_config.NumberColumn("Days since last order", format="%,d"),
            "orders": st.column_config.NumberColumn("Orders", format="%,d"),
            "spend": money_column("Sales", base.currency),
        },
    )
