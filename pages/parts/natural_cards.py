"""Natural groups as cards, and what speaks against them."""

import streamlit as st

from crm_core.services.natural_groups import NaturalGroups
from crm_core.wording import plural, share
from pages.parts.words import as_is, money

ABREAST = 4


def show_cards(found: NaturalGroups, currency: str) -> None:
    """What to know of the groups, and a card for each."""
    for warning in found.warnings:
        st.warning(as_is(warning), icon=":material/blur_on:")
    for note in found.clusters.notes:
        st.caption(f":material/info: {as_is(note)}")
    if found.clusters.neighbours is not None:
        reach = "" if found.clusters.reach is None else f" within {found.clusters.reach:.2f}"
        st.caption(
            f":material/info: A crowd is where at least {found.clusters.neighbours} stand close together{reach}."
        )
    profiles = found.profiles
    for start in range(0, len(profiles), ABREAST):
        row = profiles[start : start + ABREAST]
        for place, profile in zip(st.columns(min(len(profiles), ABREAST), gap="small"), row, strict=False):
            with place.container(border=True, height="stretch"):
                st.markdown(f"**{as_is(profile.name)}**")
                size = f"{plural(profile.customers, found.facts.who)}, {share(profile.customer_share)}"
                if profile.spend_minor is not None:
                    size += f" · {money(profile.spend_minor, currency)}, {share(profile.spend_share)} of sales"
                st.markdown(size)
                st.caption("  \n".join(as_is(sentence) for sentence in profile.sentences))
