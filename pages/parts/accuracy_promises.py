"""Today's promises: what Today's list said was at stake, beside what these customers spent in the window."""

import streamlit as st

from crm_core.charts.accuracy import promised_and_actual
from crm_core.services.customers import CustomerBase
from crm_core.services.promises import GradedPromises, grade_promises
from crm_core.wording import plural
from pages.parts import loading
from pages.parts.display import download_table, money_column, palette, show_chart, table_height, to_major
from pages.parts.people import show_people
from pages.parts.words import estimate

DRAWN = 500  # latest promises in the chart; the table and the file have all


def show_promises(base: CustomerBase) -> None:
    """The sentence, the chart, and every promise."""
    graded = grade_promises(loading.store(), base)  # never cached: promises are added without a new revision
    st.markdown(
        graded.sentence,
        help="Each person on Today's list is noted with the money at stake, its range, the day and how it was found. "
        "One that is shown again within its own window counts once.",
    )
    if graded.left_out:
        st.caption(f"{plural(graded.left_out, 'promise')} in another currency than {base.currency} left out.")
    if len(graded.table) + graded.waiting == 0:
        return
    st.caption(
        "At stake is what these people usually spend when they go on as before. They are on the list because many do "
        "not, so the sum spent is the part that was not lost."
    )
    if len(graded.table):
        _show_graded(graded, base.currency)


def _show_graded(graded: GradedPromises, currency: str) -> None:
    table = graded.table
    promised, actual = table["promised_minor"].sum(), table["actual_minor"].sum()
    st.markdown(f"Promised **{estimate(promised, currency)}**, spent **{estimate(actual, currency)}**.")
    figure = promised_and_actual(table.head(DRAWN), currency, palette())
    show_chart(figure, "accuracy_promises", alt="Promised against spent, a point for each promise")
    names = ("promised", "low", "high", "actual")
    when = st.column_config.DateColumn
    show_people(
        table.assign(**{name: to_major(table[f"{name}_minor"], currency) for name in names}).set_index("customer_id"),
        "accuracy_promised",
        height=table_height(len(table)),
        columns={
            "label": st.column_config.TextColumn("Customer", pinned=True),
            "as_of": when("Promised on", format="D MMM YYYY"),
            "ends_on": when("Window ended", format="D MMM YYYY"),
            "evidence": st.column_config.TextColumn("Evidence"),
            "promised": money_column("Promised", currency),
            "low": money_column("Range from", currency),
            "high": money_column("Range to", currency),
            "actual": money_column("Spent", currency),
            "inside": st.column_config.CheckboxColumn("In the range"),
        },
    )
    download_table(table, "accuracy_promises")
