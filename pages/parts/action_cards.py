"""The cards of today's list with their three quiet buttons, and what was dealt with."""

from datetime import date
from typing import Any

import streamlit as st

from crm_core.services.actions import decide_action, list_decisions, put_back
from crm_core.services.customers import CustomerBase
from crm_core.services.database import Store
from crm_core.services.today import TodaysList
from crm_core.vocabulary import EVIDENCE_MEANING, ActionState, Evidence
from crm_core.wording import day
from pages.parts import loading
from pages.parts.display import open_customer
from pages.parts.failures import guarded
from pages.parts.words import as_is, estimate, money_range

SNOOZES = {"Tomorrow": 1, "In a week": 7, "In a month": 30}


def show_cards(store: Store, answer: TodaysList, *, today: date) -> None:
    """One card an action: who and what it is worth, why, what to do, and three quiet buttons where it can be done."""
    for row in answer.table.itertuples():
        with st.container(border=True, gap="xxsmall", key=f"card_{row.rank}"):
            _show_who(row, answer.currency)
            st.markdown(as_is(row.reason))
            what, buttons = st.columns([8, 5], gap="xsmall", vertical_alignment="center")
            what.markdown(f":material/arrow_forward: {as_is(row.action)}")
            if loading.replayed():
                continue
            with buttons.container(horizontal=True, horizontal_alignment="right", gap="small"):
                _show_buttons(store, row, today)


def _show_who(row: Any, currency: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(f"**{as_is(row.label)}**", key=f"open_{row.rank}", type="tertiary"):
            open_customer(row.customer_id)
        st.badge(row.kind, color="gray")
        st.caption(row.evidence, help=EVIDENCE_MEANING[Evidence(row.evidence)], width="stretch")
        if row.at_stake_minor > 0:
            spread = money_range(row.at_stake_low_minor, row.at_stake_high_minor, currency)
            st.markdown(
                f":red[**{estimate(row.at_stake_minor, currency)}**] at stake :small[:gray[{spread}]]", width="content"
            )


def _show_buttons(store: Store, row: Any, today: date) -> None:
    name = f"{row.customer_id}_{row.kind}_{row.episode}".replace(" ", "-")
    same = {"customer_id": row.customer_id, "kind": row.kind, "episode": row.episode}

    def decide(state: ActionState, snooze_days: int | None = None) -> None:
        with guarded():
            decide_action(store, **same, state=state, today=today, snooze_days=snooze_days)
            st.toast(
                f"{as_is(row.label)}: {state.value}. You find it under “Dealt with” below.", icon=":material/check:"
            )

    def snooze() -> None:
        chosen = st.session_state[f"snooze_{name}"]
        if chosen:
            decide(ActionState.SNOOZED, SNOOZES[chosen])

    quiet = {"type": "tertiary"}
    st.button("Done", key=f"done_{name}", icon=":material/check:", on_click=decide, args=(ActionState.DONE,), **quiet)
    st.menu_button("Snooze", list(SNOOZES), key=f"snooze_{name}", on_click=snooze, **quiet)
    st.button("Not useful", key=f"not_{name}", on_click=decide, args=(ActionState.NOT_USEFUL,), **quiet)


def show_dealt_with(store: Store, base: CustomerBase, *, today: date) -> None:
    """What the owner has dealt with, latest first, each with a way back."""
    decided = list_decisions(store, today=today, before=loading.decided_before())
    decided = decided[decided["customer_id"].isin(base.table.index)].head(20)
    if decided.empty:
        return
    with st.expander(f"Dealt with ({len(decided)})", icon=":material/history:"):
        for row in decided.itertuples():
            until = f" until {day(row.snoozed_until)}" if row.snoozed_until else ""
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{as_is(base.table.loc[row.customer_id, 'label'])} · {row.kind} · {row.state}{until}")
                if loading.replayed():
                    continue
                st.button(
                    "Put back",
                    key=f"back_{row.customer_id}_{row.kind}_{row.episode}".replace(" ", "-"),
                    type="tertiary",
                    icon=":material/undo:",
                    on_click=put_back,
                    args=(store,),
                    kwargs={"customer_id": row.customer_id, "kind": row.kind, "episode": row.episode},
                )
