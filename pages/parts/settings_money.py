"""Settings, Money: the base currency, and what others are worth in it."""

import pandas as pd
import streamlit as st

from crm_core.services.preference_effects import Effect, counted_money, money_effect
from crm_core.services.preferences import Preferences, known_currencies
from pages.parts import loading
from pages.parts.settings_words import Controls, show_effect

NOTHING = "Once there are orders, this shows whose money counts."


def show_money(controls: Controls) -> None:
    """The section: controls, and which orders' money counts."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        used = _used_currencies(controls.saved)
        currency = _ask_currency(controls, used)
        rates = _ask_rates(controls, currency, used)
    wanted = controls.choose(currency=currency, rates=rates)
    with right:
        if wanted is None:
            st.caption(controls.problem)
        else:
            show_effect(lambda: _effect(controls.saved, wanted))


def _used_currencies(saved: Preferences) -> list[str]:
    return list(_counted(saved)["currency"])


def _counted(choices: Preferences) -> pd.DataFrame:
    day = loading.as_of().day
    return loading.kept(
        "counted",
        choices.currencies,
        compute=lambda: counted_money(loading.store(), as_of=day, currencies=choices.currencies),
    )


def _effect(saved: Preferences, wanted: Preferences) -> Effect:
    after = _counted(wanted)
    return money_effect(_counted(saved), after, saved, wanted) if len(after) else Effect((NOTHING,))


def _ask_currency(controls: Controls, used: list[str]) -> str:
    options = list(dict.fromkeys([controls.start.currency, *used, *known_currencies()]))
    currency = st.selectbox("Base currency", options, key=controls.key("currency"), width=240)
    st.caption(
        "Every sum, range and prediction is in this currency. "
        + (
            "It is also taken for a file that names none, unless you choose another there."
            if loading.known()["orders"]
            else "A file that names none is asked about when you bring it."
        )
        + (" Rates are for one base currency, so they are asked anew." if currency != controls.saved.currency else "")
    )
    return str(currency)


def _ask_rates(controls: Controls, currency: str, used: list[str]) -> tuple[tuple[str, str], ...]:
    known = dict(controls.start.rates) if currency == controls.start.currency else {}
    others = [code for code in dict.fromkeys([*used, *known]) if code != currency]
    if not others:
        st.caption("All your orders are in it, so no rate is needed.")
        return ()
    rates = {}
    with st.container(horizontal=True):
        for code in others:
            text = st.text_input(
                f"1 {code} in {currency}",
                known.get(code, ""),
                key=controls.key(f"rate_{currency}_{code}"),
                placeholder="no rate",
                width=160,
            )
            if text.strip():
                rates[code] = text.strip().replace(",", ".")
    st.caption(
        "Orders in a currency with a rate count in every figure, each converted to the cent. Without a rate they stay "
        "apart."
    )
    return tuple(sorted(rates.items()))
