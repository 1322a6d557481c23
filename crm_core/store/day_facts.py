"""The facts of customers whose purchase days are at hand: only what no order tells is asked of the database.

``queries.customer_facts`` answers the same without the days, one row a customer, however many orders there are.
"""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_core.store.currencies import Currencies
from crm_core.store.queries import read_figures
from crm_core.store.tables import Interaction, Refund, SurveyAnswer, Ticket

__all__ = ["facts_of_days"]


def facts_of_days(session: Session, days: pd.DataFrame, *, as_of: date, currency: str | Currencies) -> pd.DataFrame:
    """What ``queries.customer_facts`` gives, from what ``queries.purchase_days`` gave of the same day and currencies.

    In: days[customer_id, ordered_on, orders, spend_minor], by customer and day.
    """
    owner = days["customer_id"].to_numpy()
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    ends = np.append(starts[1:], len(days)).astype(np.int64) - 1 if len(days) else starts
    day, spend = days["ordered_on"].to_numpy(), days["spend_minor"].to_numpy()
    facts = pd.DataFrame(
        {
            "orders": _sums(days["orders"].to_numpy(), starts),
            "purchase_days": ends - starts + 1,
            "first_order_on": day[starts],
            "last_order_on": day[ends],
            "spend_minor": _sums(spend, starts),
            "first_day_spend_minor": spend[starts],
        },
        index=pd.Index(owner[starts], name="customer_id"),
    )
    beside = _beside_orders(session, as_of, Currencies.of(currency)).reindex(facts.index)
    facts["spend_minor"] -= beside["refunded_minor"].fillna(0).astype("int64")
    facts["interactions"] = beside["interactions"].fillna(0).astype("int64")
    facts["interaction_minutes"] = beside["interaction_minutes"].fillna(0).astype("float64")
    return facts.join(beside[["first_response_minutes", "satisfaction"]].astype("float64"))


def _sums(figures: "np.ndarray[Any, Any]", starts: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    return np.add.reduceat(figures, starts) if len(starts) else figures


def _beside_orders(session: Session, as_of: date, currencies: Currencies) -> pd.DataFrame:
    """Refunds, conversations, requests and answers up to a day, one row for each customer who has any."""
    questions = {
        ("refunded_minor",): (
            Refund,
            Refund.refunded_on,
            (func.sum(currencies.amount(Refund)),),
            (currencies.counts(Refund),),
        ),
        ("interactions", "interaction_minutes"): (
            Interaction,
            Interaction.happened_on,
            (func.count(), func.sum(Interaction.minutes)),
            (),
        ),
        ("first_response_minutes",): (Ticket, Ticket.opened_on, (func.avg(Ticket.first_response_minutes),), ()),
        ("satisfaction",): (SurveyAnswer, SurveyAnswer.answered_on, (func.avg(SurveyAnswer.score),), ()),
    }
    tables = [
        _per_customer(session, table, day <= as_of, names, figures, also)
        for names, (table, day, figures, also) in questions.items()
    ]
    return pd.concat(tables, axis=1)


def _per_customer(
    session: Session, table: Any, until: Any, names: tuple[str, ...], figures: tuple[Any, ...], also: tuple[Any, ...]
) -> pd.DataFrame:
    named = [figure.label(name) for name, figure in zip(names, figures, strict=True)]
    query = select(table.customer_id, *named).where(table.customer_id.is_not(None), until, *also)
    found = read_figures(session, query.group_by(table.customer_id)).astype({"customer_id": "int64"})
    return found.set_index("customer_id").astype("float64")
