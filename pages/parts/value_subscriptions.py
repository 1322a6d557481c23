"""Subscriptions: how many still pay, how long subscribers stay, and what each will still bring."""

from typing import Any

import pandas as pd
import streamlit as st

from crm_core.charts.subscriptions import retention_lines
from crm_core.services.customers import CustomerBase
from crm_core.services.subscriptions import Offer, Subscriptions, Total, offer_subscriptions, subscriptions_of
from crm_core.wording import count, plural, share
from pages.parts import loading
from pages.parts.display import download_table, money_column, palette, show_chart, table_height, to_major
from pages.parts.people import SHOWN, show_people
from pages.parts.value_ahead import horizon_words
from pages.parts.words import estimate, money_range, prose

ALL_ORDERS = (
    "The sums at the top of the page are of all orders and know no subscriptions: they need not agree with these."
)
AMOUNTS = ("amount", "value_ahead", "value_lifetime")


def subscription_offer(base: CustomerBase) -> Offer:
    """Whether there is such a tab, and why."""
    chosen = loading.preferences()
    offer: Offer = loading.kept(
        "subscription offer", chosen.subscriptions, compute=lambda: offer_subscriptions(base, chosen)
    )
    return offer


def show_subscriptions(base: CustomerBase, offer: Offer) -> None:
    """The tab: the answer, the curve of those who stay, and the people."""
    chosen = loading.preferences()
    found: Subscriptions | None = loading.kept(
        "subscriptions", chosen, compute=lambda: subscriptions_of(base, chosen, offer)
    )
    if found is None:
        st.info(f"{prose(offer.reason)} As soon as somebody pays again, this page counts.", icon=":material/info:")
        return
    _show_answer(base, found, offer, horizon_words(chosen.horizon_days))
    _show_curve(found)
    _show_people(base, found, horizon_words(chosen.horizon_days))
    _show_method(found)


def _show_answer(base: CustomerBase, found: Subscriptions, offer: Offer, ahead: str) -> None:
    running, everybody = len(found.running), len(found.table)
    if running:
        still = found.still_paying
        left = f"about {count(still)}" if still >= 1 else "hardly any"
        st.markdown(
            f"**{count(running)} of {plural(everybody, 'subscriber')} still {'pays' if running == 1 else 'pay'}, "
            f"{left} of them without a break over the next {ahead}.** Their payments until then are worth "
            f"{_worth(found.ahead, base.currency)} to you; for as long as they stay, "
            f"{_worth(found.lifetime, base.currency)}.",
            help=f"At {share(found.margin_share)} margin, each payment discounted to today from the day it is due. "
            "The range is meant to hold 8 of 10 outcomes: it counts chance and how few subscribers there are to learn "
            "from. For as long as they stay looks at most 50 years ahead and rests on people going on to leave as they "
            "did so far.",
        )
    else:
        st.markdown(f"**None of {plural(everybody, 'subscriber')} still pays.** So there is nothing to expect of them.")
    notes = [*found.notes, ALL_ORDERS] if base.value_is_learnt else found.notes
    st.caption(f":material/info: {prose(' '.join([offer.reason, *notes]))}")


def _worth(total: Total, currency: str) -> str:
    return f"**{estimate(total.value_minor, currency)}** ({money_range(total.low_minor, total.high_minor, currency)})"


def _show_curve(found: Subscriptions) -> None:
    curve, many = found.curve, found.period.many
    last = int(curve.index[-1])
    after = f"{count(last)} {many}" if last != 1 else f"one {found.period.one}"
    st.markdown(
        f"**Of 100 new subscribers about {count(100 * curve['fitted'].iloc[-1])} are still there after {after}**"
    )
    show_chart(retention_lines(curve, palette(), many=many), "value_subscriptions_curve")
    with st.expander("The same as a table", icon=":material/table:"):
        shown = curve.reset_index()
        percent = {name: 100 * shown[name] for name in ("observed", "fitted")}
        st.dataframe(
            shown.assign(**percent),
            hide_index=True,
            height=table_height(len(shown)),
            key="value_subscriptions_table",
            column_config={
                "period": st.column_config.NumberColumn(f"{many.capitalize()} after the first", format="%d"),
                "could_renew": st.column_config.NumberColumn("Could renew", format="%,d"),
                "renewed": st.column_config.NumberColumn("Renewed", format="%,d"),
                "observed": st.column_config.NumberColumn(
                    "Stayed (%)", format="%.0f", help="Of all subscribers, so long. Empty where fewer than 5 could."
                ),
                "fitted": st.column_config.NumberColumn("Expected (%)", format="%.0f"),
            },
            alt="Share of subscribers that stay, seen and expected, by renewals",
        )
        download_table(shown, "subscription_retention")


def _show_people(base: CustomerBase, found: Subscriptions, ahead: str) -> None:
    running = found.running
    if len(running):
        st.markdown("**Who still pays, those who bring most first**")
        show_people(
            _with_money(running.head(SHOWN), base.currency),
            "value_subscribers",
            height=table_height(min(len(running), SHOWN)),
            columns=_columns(base.currency, found, ahead),
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(lambda: found.table, "subscribers")
        rest = len(found.table) - len(running)
        more = f"The first {SHOWN} of {count(len(running))}; the" if len(running) > SHOWN else "The"
        st.caption(f"{more} file has all, also the {count(rest)} who ended.")


def _with_money(table: pd.DataFrame, currency: str) -> pd.DataFrame:
    amounts = {name: to_major(table[f"{name}_minor"], currency) for name in AMOUNTS}
    return table.assign(**amounts, p_renews=100 * table["p_renews"])


def _columns(currency: str, found: Subscriptions, ahead: str) -> dict[str, Any]:
    many = found.period.many.capitalize()
    return {
        "label": st.column_config.TextColumn("Customer", pinned=True),
        "p_renews": st.column_config.NumberColumn(
            "Renews next (%)", format="%.0f", help="How likely the next payment comes. It rises the longer one stays."
        ),
        "value_ahead": money_column(
            "Worth by renewals", currency, help=f"What their payments of the next {ahead} are worth to you today."
        ),
        "expected_payments": st.column_config.NumberColumn(
            "Payments ahead", format="%.1f", help=f"How many are expected in the next {ahead}."
        ),
        "value_lifetime": money_column(
            "Worth for life", currency, help="The same for as long as they stay, at most 50 years."
        ),
        "amount": money_column(f"Per {found.period.one}", currency, help="The median of their last three payments."),
        "periods_paid": st.column_config.NumberColumn(f"{many} paid", format="%d"),
        "since": st.column_config.DateColumn("Since", format="D MMM YYYY", help="Their first payment in your data."),
        "due_on": st.column_config.DateColumn("Next due", format="D MMM YYYY"),
    }


def _show_method(found: Subscriptions) -> None:
    with st.expander("How this is computed", icon=":material/function:"):
        patience = found.period.patience_days
        st.markdown(
            f"A subscription runs while its last payment is at most {patience} days ago, and has ended after that. A "
            f"payment up to a third of the period late, or after one or two that were skipped, still belongs to it. "
            "Who has paid fewer than three times is told by the price: they paid what subscribers pay. "
            "At every renewal each subscriber leaves with a chance of their own, which differs from one to the next "
            "(shifted beta-geometric, Fader & Hardie 2007), so those who stayed long are likelier to stay. Worth is "
            "margin × amount × expected payments, each discounted (Fader & Hardie 2010)."
        )
        fitted = ", ".join(f"{name} = {value:,.4g}" for name, value in found.parameters.items())
        st.caption(f"Fitted: {fitted}, from {plural(found.made_by.customers, 'subscriber')}.")
