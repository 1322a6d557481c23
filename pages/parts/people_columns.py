"""The columns of the list of customers, and the figures that it can be ordered by beyond what is stored."""

from typing import Any

import pandas as pd
import streamlit as st

from crm_core.services.customers import CustomerBase
from crm_core.services.next_orders import NextOrders
from crm_core.services.people import SORT_ORDERS
from crm_core.vocabulary import Question
from crm_core.wording import plural
from pages.parts import analysis, loading
from pages.parts.display import money_column, to_major

WORTH, RISK = "worth ahead", "churn risk"


def churn_risks(base: CustomerBase) -> NextOrders | None:
    """Everybody's, where the model beat the customers' own rhythm, and once they are worked out."""
    return analysis.next_orders(base) if analysis.is_tested(Question.ACTIVE) else None


def orders_to_choose(base: CustomerBase, risks: NextOrders | None) -> list[str]:
    """What the list can be ordered by."""
    return [*SORT_ORDERS, *([WORTH] if base.value_is_learnt else []), *([RISK] if risks else [])]


def figures_to_order_by(chosen: str, base: CustomerBase, risks: NextOrders | None) -> pd.Series | None:
    """The figures behind a choice, highest first; None where the store knows the order."""
    if chosen == WORTH:
        return base.table["clv_minor"]
    return risks.table["churn_risk"] if risks and chosen == RISK else None


def people_table(found: pd.DataFrame, base: CustomerBase, risks: NextOrders | None) -> pd.DataFrame:
    """The rows as they are shown: money in major units, the risk in per cent."""
    money = {"spend": "spend_minor", "clv": "clv_minor"}
    table = found.assign(**{name: to_major(found[column], base.currency) for name, column in money.items()})
    return table.assign(churn_risk=100 * risks.table["churn_risk"].reindex(table.index)) if risks else table


def people_columns(base: CustomerBase, risks: NextOrders | None) -> dict[str, Any]:
    """The columns that are shown, with what they mean."""
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    columns = {
        "label": text("Customer", pinned=True),
        "email": text("E-mail"),
        "stage": text("Stage", help="From each customer's own rhythm; hover over “Stage” above."),
        "orders": number("Orders", format="%,d"),
        "last_order_on": st.column_config.DateColumn("Latest order", format="D MMM YYYY"),
        "spend": money_column(
            "Sales so far",
            base.currency,
            help="Paid orders less refunds. Orders in a currency without a rate are in no sum.",
        ),
    }
    if base.value_is_learnt:
        columns["clv"] = money_column(
            "Worth ahead",
            base.currency,
            help=f"Predicted value of the next {loading.preferences().horizon_days} days, discounted. "
            "Empty where no order is in a currency that counts. See Value & loyalty.",
        )
    if risks:
        columns["churn_risk"] = number(
            "Churn risk",
            format="%.0f%%",
            help=f"The chance that no order comes within {plural(risks.churn_days, 'day')}, by a model that beat the "
            "customers' own rhythm on your past. Accuracy shows how far off it was.",
        )
    return columns
