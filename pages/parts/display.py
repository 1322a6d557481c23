"""Widgets and manners that several pages share: charts, downloads, drill-down, empty states, errors."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm_core.charts.palette import DARK, LIGHT, Palette
from crm_core.services.spreadsheets import money_in_whole_currency, table_as_csv
from crm_core.wording import currency_symbol, day, minor_units
from pages.parts import loading
from pages.parts.failures import guarded
from pages.parts.replay import keep_day

__all__ = [
    "PAGES",
    "download_table",
    "empty_state",
    "guarded",
    "money_column",
    "needs_customers",
    "offer_demo",
    "open_customer",
    "palette",
    "show_chart",
    "to_major",
]

DIGITS = 4  # of any figure in a downloaded file
HEADING, ROW = 37, 33  # pixels of a table's lines in this theme

PAGES = {  # url path -> (file, title, icon); frame.py registers exactly these
    "today": ("today.py", "Today", ":material/wb_sunny:"),
    "customers": ("customers.py", "Customers", ":material/group:"),
    "customer": ("customer.py", "Customer", ":material/person:"),
    "value": ("value.py", "Value & loyalty", ":material/monitoring:"),
    "segments": ("segments.py", "Segments", ":material/grid_view:"),
    "recommend": ("recommend.py", "Recommend", ":material/featured_seasonal_and_gifts:"),
    "accuracy": ("accuracy.py", "Accuracy", ":material/fact_check:"),
    "data": ("data.py", "Data", ":material/database:"),
    "settings": ("settings.py", "Settings", ":material/tune:"),
}


def palette() -> Palette:
    """Chart colours for the theme the owner's screen uses."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def show_chart(figure: go.Figure, key: str, **more: Any) -> Any:
    """A chart without a toolbar; pass on_select="rerun" for one that can be clicked."""
    return st.plotly_chart(figure, key=key, width="stretch", config={"displayModeBar": False}, **more)


def download_table(
    table: pd.DataFrame | Callable[[], pd.DataFrame], name: str, *, label: str = "Download as CSV"
) -> None:
    """A button for the whole table, made only when it is clicked."""

    def content() -> bytes:
        wanted = table() if callable(table) else table
        whole = money_in_whole_currency(wanted, currency=loading.preferences().currency)
        return table_as_csv(whole.round(dict.fromkeys(whole.select_dtypes("float").columns, DIGITS)))

    st.download_button(
        label,
        data=content,
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
        key=f"download_{name}",
    )


def money_column(label: str, currency: str, *, help: str | None = None, whole: bool = False) -> Any:  # noqa: A002 - Streamlit's own word
    """A column of money in major units; convert minor units with ``to_major`` first."""
    digits = ".0f" if whole or minor_units(currency) == 1 else ".2f"  # d would cut the rest off
    return st.column_config.NumberColumn(label, format=f"{currency_symbol(currency)}%,{digits}", help=help)


def table_height(rows: int, *, most: int = 420) -> int:
    """Pixels for a table that ends below its last row, or scrolls from ``most`` on."""
    return min(HEADING + ROW * max(rows, 1), most)


def to_major(amounts: pd.Series, currency: str) -> pd.Series:
    """Minor units as major ones, for columns and axes."""
    return amounts / minor_units(currency)


def open_customer(customer_id: int) -> None:
    """Go to a customer's own page."""
    st.switch_page("customer.py", query_params=keep_day({"id": str(customer_id)}))


def empty_state() -> None:
    """What to do when nothing is stored yet: import, or look around in the made-up company."""
    if loading.known()["orders"]:
        later = "are left out" if loading.replayed() else "start to count when it has come"
        st.info(
            f"No paid order of a known customer up to {day(loading.as_of().day)}, so there is nothing to show yet. "
            f"Orders after that day {later}.",
            icon=":material/event_upcoming:",
        )
        return
    with st.container(border=True):
        st.markdown("**No orders yet.** Bring your shop's orders file, or look around in a made-up company first.")
        with st.container(horizontal=True):
            if st.button("Import an orders file", icon=":material/upload_file:", key="to_import"):
                st.switch_page("data.py")
            offer_demo("Look around in a made-up company")


def offer_demo(label: str) -> None:
    """A button that fills the empty database with the made-up company."""
    st.button(
        label,
        icon=":material/storefront:",
        key="fill_demo",
        on_click=_fill_demo,
        help="800 made-up customers and three years of orders, in a second. You can take them back on Data.",
    )


def _fill_demo() -> None:
    from crm_core.demo import fill_demo  # needed once

    with guarded():
        fill_demo(loading.store(), last_day=loading.today())


def needs_customers(number: int, *, least: int, what: str) -> bool:
    """Whether there are enough customers for ``what``; otherwise says how many are needed."""
    if number >= least:
        return True
    st.info(f"{what} needs at least {least} customers with orders; there are {number} so far.", icon=":material/info:")
    return False
