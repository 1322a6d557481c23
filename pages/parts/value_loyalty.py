"""The loyalty sliders: weights and cut-offs on the left, distribution, tiers and list live beside and below."""

from dataclasses import replace

import streamlit as st

from crm_core.charts.value import loyalty_distribution
from crm_core.decisions.loyalty import check_weights
from crm_core.errors import CrmError
from crm_core.services.loyalty import (
    LoyaltyAnswer,
    LoyaltyBase,
    best_customers,
    loyalty_base,
    source_list,
    source_table,
    weigh_loyalty,
)
from crm_core.services.preferences import Preferences, change_preferences
from crm_core.services.scores import score_customers
from crm_core.vocabulary import Tier
from crm_core.wording import count, plural, share
from pages.parts import loading
from pages.parts.display import (
    download_table,
    money_column,
    palette,
    show_chart,
    table_height,
)
from pages.parts.failures import guarded
from pages.parts.people import show_people
from pages.parts.words import as_is

Between = tuple[float, float]
KEYS = {"alpha": "value_alpha", "beta": "value_beta", "cuts": "value_cuts", "source": "value_source"}


def show_loyalty() -> None:
    """The whole tab; a move of a slider reruns only what stands in the fragment."""
    base = loading.base()
    loyal = loading.kept("loyalty", loading.preferences(), compute=lambda: loyalty_base(base))
    _weigh(loyal)


@st.fragment
@guarded()
def _weigh(loyal: LoyaltyBase) -> None:
    saved = loading.preferences()
    controls, picture = st.columns([2, 5], gap="medium")
    with controls:
        wanted, source = _show_controls(saved)
    try:
        check_weights(wanted.alpha, wanted.beta)
    except CrmError as nothing_to_weigh:
        picture.info(str(nothing_to_weigh), icon=":material/balance:")
        return
    weights, before = (wanted.alpha, wanted.beta), (saved.alpha, saved.beta)
    if source:
        answer = source_list(loyal, weights=weights)
    else:
        answer = weigh_loyalty(loyal, weights=weights, saved=before, low_cut=wanted.low_cut, high_cut=wanted.high_cut)
    with picture:
        between = _show_distribution(answer, wanted, source=source)
        _show_tiers(answer)
    with controls:
        _show_change(loyal, answer)
    _show_list(loyal, answer, wanted, between)


def _show_controls(saved: Preferences) -> tuple[Preferences, bool]:
    """The sliders; the choices they stand at, and whether the source's scale is wanted."""
    alpha = st.slider(
        "Weight of value (α)",
        0.0, 1.0, saved.alpha, 0.05,
        key=KEYS["alpha"],
        bind="query-params",
        help="How much the predicted worth of a customer counts, by their place within your base.",
    )  # fmt: skip
    beta = st.slider(
        "Weight of repeat buying (β)",
        0.0, 1.0, saved.beta, 0.05,
        key=KEYS["beta"],
        bind="query-params",
        help="How much it counts that a customer comes back: repeat orders over all their orders.",
    )  # fmt: skip
    low, high = st.slider(
        "Cut-offs of the tiers",
        0.0, 100.0, (saved.low_cut, saved.high_cut), 1.0,
        format="%d",
        key=KEYS["cuts"],
        bind="query-params",
        help="Below the left mark is low, from the right mark on high, between them medium.",
    )  # fmt: skip
    source = st.toggle(
        "Source scale (α·CLV + β·RP)",
        key=KEYS["source"],
        bind="query-params",
        help="The score as it was first published: α times the worth in money plus β times the repeat rate. Money "
        "outweighs the rate by thousands there, so β hardly moves it.",
    )
    chosen = {"alpha": alpha, "beta": beta, "low_cut": low, "high_cut": high}
    wanted = replace(saved, **chosen)
    if alpha + beta > 0:
        whole = round(100 * alpha / (alpha + beta))
        st.caption(f"Only the ratio counts: now **{whole} : {100 - whole}**.")
    st.button(
        "Save these weights",
        on_click=change_preferences,
        args=(loading.store(), chosen),
        disabled=wanted == saved or alpha + beta == 0,
        icon=":material/save:",
        help="Saved weights and cut-offs are used on every page and in every file.",
    )
    return wanted, source


def _show_distribution(answer: LoyaltyAnswer, wanted: Preferences, *, source: bool) -> Between | None:
    """The chart; the score range of a bar that was clicked."""
    known = int(answer.scores.notna().sum())
    label = "α·CLV + β·RP (the highest 1% in the last bar)" if source else "loyalty score"
    st.markdown(
        f"**Loyalty of {plural(known, 'customer')}**",
        help="100 · (α · place by worth + β · repeat rate) / (α + β). The place is 0 for the least and 1 for the most "
        "valuable customer; the repeat rate is (orders − 1) / orders over the whole history. Click a bar for its "
        "customers.",
    )
    cuts = None if source else (wanted.low_cut, wanted.high_cut)
    figure = loyalty_distribution(answer.bins, palette(), cuts=cuts, label=label)
    event = show_chart(figure, "value_distribution", on_select="rerun", selection_mode="points")
    points = event["selection"]["points"] if event else []
    if not points:
        return None
    bar = answer.bins[answer.bins["left"] <= float(points[0]["x"])].iloc[-1]
    last = bar["right"] >= answer.bins["right"].iloc[-1]
    return float(bar["left"]), float("inf") if last else float(bar["right"])


def _show_tiers(answer: LoyaltyAnswer) -> None:
    if answer.tiers.empty:
        st.caption("The cut-offs belong to the scale from 0 to 100, so there are no tiers on this one.")
        return
    with st.container(horizontal=True, gap="small"):
        for tier in Tier:
            row = answer.tiers.loc[tier.value]
            st.metric(
                tier.value.capitalize(),
                count(row["customers"]),
                delta=f"{share(row['spend_share'])} of sales so far",
                delta_color="off",
                delta_arrow="off",
                border=True,
                width="stretch",
            )


def _show_change(loyal: LoyaltyBase, answer: LoyaltyAnswer) -> None:
    """What the weights change against the saved ones, with the names."""
    change = answer.change
    if change is None:
        st.caption("Whom other weights move to the top is compared on the scale from 0 to 100.")
        return
    st.markdown(change.sentence)
    if change.enters:
        with st.popover("Who enters, who leaves?", icon=":material/swap_vert:"):
            names = loyal.listed["label"]
            entering, leaving = st.columns(2)
            entering.markdown("**Enters**  \n" + "  \n".join(names.loc[list(change.enters)].map(as_is)))
            leaving.markdown("**Leaves**  \n" + "  \n".join(names.loc[list(change.leaves)].map(as_is)))


def _show_list(loyal: LoyaltyBase, answer: LoyaltyAnswer, wanted: Preferences, between: Between | None) -> None:
    """The best customers, or those of a clicked bar; a click on a row opens the person."""
    table = best_customers(loyal, answer, between=between)
    currency = loyal.customers.currency
    on_scale = answer.tier_of is not None
    if between:
        upto = "on" if between[1] == float("inf") else f"to {between[1]:,.0f}"
        st.caption(f"Customers with a score from {between[0]:,.0f} {upto}; click the bar again for everybody.")
    score = (
        st.column_config.ProgressColumn("Score", min_value=0, max_value=100, format="%.0f")
        if on_scale
        else st.column_config.NumberColumn("Score", format="%,.1f")
    )
    columns = {
        "label": st.column_config.TextColumn("Customer", pinned=True),
        "score": score,
        "tier": st.column_config.TextColumn("Tier"),
        "clv": money_column("Worth ahead", currency, help="Predicted worth over your horizon; see “Worth ahead”."),
        "repeat_percent": st.column_config.NumberColumn("Repeat rate", format="%.0f%%", help="(orders − 1) / orders"),
        "orders": st.column_config.NumberColumn("Orders", format="%,d"),
        "last_order_on": st.column_config.DateColumn("Latest order", format="D MMM YYYY"),
        "stage": st.column_config.TextColumn("Stage"),
    }
    if not on_scale:
        columns.pop("tier")
    if not loyal.customers.value_is_learnt:
        columns.pop("clv")
    show_people(table, "value_people", columns=columns, height=table_height(len(table)))
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(table) < len(loyal.listed) and not between:
            st.caption(f"The first {count(len(table))} of {plural(len(loyal.listed), 'customer')}.", width="content")
        choices = {"low_cut": wanted.low_cut, "high_cut": wanted.high_cut}
        download_table(
            lambda: (
                score_customers(loyal.customers, alpha=wanted.alpha, beta=wanted.beta, **choices)
                if on_scale
                else source_table(loyal, answer)
            ),
            "loyalty",
            label="The whole list as CSV",
        )
