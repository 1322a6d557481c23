"""Settings, Loyalty: the weights of the score, and the cut-offs of the tiers."""

from dataclasses import replace

import streamlit as st

from crm_core.services.loyalty import LoyaltyBase, loyalty_base
from crm_core.services.preference_effects import (
    Effect,
    tiers_effect,
    weights_effect,
)
from crm_core.services.preferences import Preferences
from pages.parts import loading
from pages.parts.settings_words import NOBODY, Controls, show_effect


def show_loyalty(controls: Controls) -> None:
    """The weights and the tiers' cut-offs."""
    start = controls.start
    left, right = st.columns([3, 2], gap="medium")
    with left:
        alpha = st.slider("Weight of value (α)", 0.0, 1.0, start.alpha, 0.05, key=controls.key("alpha"))
        beta = st.slider("Weight of repeat buying (β)", 0.0, 1.0, start.beta, 0.05, key=controls.key("beta"))
        st.caption("Loyalty weighs predicted worth against coming back. Only the ratio of the two counts.")
    weights = {"alpha": alpha, "beta": beta}
    weighed = controls.choose(**weights)
    with right:
        show_effect(lambda: _weights(controls.saved, weighed) if weighed else Effect((controls.problem,)))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        cuts = (start.low_cut, start.high_cut)
        low, high = st.slider("Cut-offs of the tiers", 0.0, 100.0, cuts, 1.0, format="%d", key=controls.key("cuts"))
        st.caption("Loyalty below the left mark is low, from the right mark on high, between them medium.")
    tiers = controls.choose(low_cut=low, high_cut=high)
    with right:
        show_effect(lambda: _tiers(controls.saved, replace(tiers or start, **weights) if weighed else start))


def _weights(saved: Preferences, wanted: Preferences) -> Effect:
    return weights_effect(_loyal(), saved, wanted) if len(loading.base().table) else Effect((NOBODY,))


def _tiers(saved: Preferences, wanted: Preferences) -> Effect:
    return tiers_effect(_loyal(), saved, wanted) if len(loading.base().table) else Effect((NOBODY,))


def _loyal() -> LoyaltyBase:
    base = loading.base()
    return loading.kept("loyalty", loading.preferences(), compute=lambda: loyalty_base(base))
