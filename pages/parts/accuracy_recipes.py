"""Which method makes the lists of offers now, and how each did on the latest weeks."""

import streamlit as st

from crm_core.wording import plural
from pages.parts import loading
from pages.parts.display import download_table, table_height

QUESTIONS = {False: "What they buy next", True: "New for them"}


def show_recipes() -> None:
    """An expander with the methods of both lists."""
    tastes = loading.tastes()
    with st.expander("Which method makes the lists, and why", icon=":material/balance:"):
        for new_only, question in QUESTIONS.items():
            choice = tastes.choice(new_only=new_only)
            for note in choice.notes:
                st.markdown(f"**{question}**: {note}")
            if choice.table.empty:
                continue
            st.markdown(
                f"**{question}**: {choice.recipe.name}, chosen on the latest "
                f"{plural(choice.windows * choice.window_days, 'day')}, about {plural(choice.customers, 'customer')}.",
                help=f"The usual one here, {choice.usual}, stands unless another was better by more than the noise.",
            )
            table = choice.table.reset_index()
            number, key = st.column_config.NumberColumn, "new" if new_only else "next"
            st.dataframe(
                table,
                key=f"accuracy_recipes_{key}",
                hide_index=True,
                column_config={
                    "recipe": st.column_config.TextColumn("Method", pinned=True),
                    "ndcg": number("Order kept", format="%.3f", help="NDCG of the first ten: 1 is perfect."),
                    "gain": number("Better by", format="%+.3f", help="Than the usual one."),
                    "noise": number("Noise", format="%.3f", help="The standard error of that difference."),
                    "meaning": st.column_config.TextColumn("What it goes by", width="large"),
                },
                height=table_height(len(table)),
                alt=f"Methods for the list “{question}” with how well they did",
            )
            download_table(table, f"accuracy_recipes_{key}")
