"""Chances: did as many buy as the chances given say?"""

import streamlit as st

from crm_core.charts.accuracy import reliability_points
from crm_core.services.accuracy import Backtests
from crm_core.wording import count, plural, share
from pages.parts.display import download_table, palette, show_chart, table_height


def show_chances(tested: Backtests) -> None:
    """The reliability chart with the table behind it, and the two figures that sum it up."""
    bins, model = tested.reliability, tested.methods.iloc[0]
    top, bottom = bins.iloc[-1], bins.iloc[0]
    st.markdown(
        f"Given the highest chances, **{share(top['chance'])}** on average, **{share(top['share'])}** bought; "
        f"given the lowest, **{share(bottom['chance'])}** on average, **{share(bottom['share'])}** did.",
        help="Each point is about a tenth of all predictions, those with alike chances together. On the dotted line "
        "exactly as many bought as was said; above it more, below it fewer. The bars hold 8 of 10 outcomes of chance.",
    )
    picture, beside = st.columns([5, 2], gap="medium")
    with picture:
        show_chart(reliability_points(bins, palette()), "accuracy_chances", alt="Share who bought by the chance given")
    with beside:
        _show_figure("Chance off", model["brier"], ".3f", "Brier score: 0 is perfect, 0.25 is a coin.")
        _show_figure(
            "Told apart", model["auc"], ".2f",
            "AUC: how often a buyer was given a higher chance than somebody who did not buy. 0.5 is as by chance.",
        )  # fmt: skip
    with st.expander("The figures behind the chart", icon=":material/table:"):
        number = st.column_config.NumberColumn
        st.dataframe(
            bins,
            key="accuracy_chances_table",
            hide_index=True,
            column_config={
                "chance": number("Chance given, mean", format="percent"),
                "share": number("Share who bought", format="percent"),
                "low": number("Likely from", format="percent"),
                "high": number("Likely to", format="percent"),
                "predictions": number("Predictions", format="%,d"),
            },
            height=table_height(len(bins)),
            alt="Share who bought and number of predictions by the chance given",
        )
        download_table(bins, "accuracy_chances")
    predictions, days = plural(int(bins["predictions"].sum()), "prediction"), plural(len(tested.past_days), "past day")
    points = f"{plural(len(bins), 'point')} of about {count(bins['predictions'].mean())} each"
    st.caption(f"{predictions} on {days}, in {points}.")


def _show_figure(label: str, value: float, form: str, meaning: str) -> None:
    known = value == value
    st.metric(label, format(value, form) if known else "unknown", border=True, help=meaning)
