"""What was offered to one customer so far, what became of it, and the way back for what rests."""

from datetime import date

import pandas as pd
import streamlit as st

from crm_core.services.offer_results import describe_outcomes
from crm_core.wording import day
from pages.parts import loading
from pages.parts.display import download_table, table_height
from pages.parts.offer_decisions import take_back
from pages.parts.offer_feedback import offers_so_far, resting_offers, say_rest
from pages.parts.words import as_is

MOST_RESTING = 20


def show_offers_made(customer_id: int) -> None:
    """Every offer of earlier days with its outcome, folded away; nothing where there was none."""
    made = offers_so_far(customer_id)
    made = made[made["shown_on"] < pd.Timestamp(loading.day_of_list())]
    if made.empty:
        return
    table = made.assign(outcome=describe_outcomes(made))
    with st.expander(f"Offers so far ({len(table)})", icon=":material/history:"):
        show_resting(customer_id, made.drop_duplicates("product_id").set_index("product_id")["product"])
        st.dataframe(
            table[["shown_on", "product", "outcome", "list"]],
            hide_index=True,
            key=f"offers_made_{customer_id}",
            placeholder="",
            height=table_height(len(table), most=300),
            column_config={
                "shown_on": st.column_config.DateColumn("Offered", format="D MMM YYYY", width=95),
                "product": st.column_config.TextColumn("Product"),
                "outcome": st.column_config.TextColumn(
                    "What became of it", help="Bought: in an order after the day, within the days that it was given."
                ),
                "list": st.column_config.TextColumn("List"),
            },
            alt="Offers to this customer with what became of them",
        )
        columns = ["shown_on", "product", "list", "reason_kind", "state", "bought_on", "outcome", "within_days"]
        download_table(table[columns], f"offers_made_{customer_id}")


def show_resting(customer_id: int, names: pd.Series) -> None:
    """What is not offered now because of what was said on earlier days, each with a way back."""
    resting = resting_offers(customer_id)
    earlier = resting[resting["decided_on"] < pd.Timestamp(loading.day_of_list())]
    for row in earlier.sort_values("decided_on", ascending=False, kind="stable").head(MOST_RESTING).itertuples():
        product = names[row.product_id]
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            said = f"{as_is(product)}: {row.state} on {day(row.decided_on.date())}, {say_rest(row.until)}"
            st.markdown(said, width="content")
            if not loading.replayed():
                st.button(
                    f"Offer “{as_is(product)}” again",
                    key=f"again_{customer_id}_{row.product_id}",
                    type="tertiary",
                    icon=":material/undo:",
                    on_click=take_back,
                    args=(customer_id, int(row.product_id), _day(row.shown_on)),
                )


def _day(value: date | pd.Timestamp) -> date:
    return value.date() if isinstance(value, pd.Timestamp) else value
