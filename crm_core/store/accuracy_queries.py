"""What grading asks of the database: money given back by day, and the figures that were shown to the owner."""

from datetime import date

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_core.store.currencies import Currencies
from crm_core.store.queries import read_figures, read_frame
from crm_core.store.tables import Prediction, Refund

__all__ = ["refund_days", "shown_predictions"]


def refund_days(session: Session, *, as_of: date, currency: str | Currencies) -> pd.DataFrame:
    """Refunds of known customers up to a day, in the order in which they are stored.

    Out: [customer_id, refunded_on: datetime64, amount_minor: above 0].
    """
    currencies = Currencies.of(currency)
    statement = (
        select(Refund.customer_id, Refund.refunded_on, currencies.amount(Refund).label("amount_minor"))
        .where(Refund.customer_id.is_not(None), Refund.refunded_on <= as_of, currencies.counts(Refund))
        .order_by(Refund.customer_id, Refund.refunded_on, Refund.id)
    )
    table = read_figures(session, statement).astype({"customer_id": "int64", "amount_minor": "int64"})
    return table[table["amount_minor"] != 0].reset_index(drop=True)


def shown_predictions(session: Session, *, quantity: str, as_of: date) -> pd.DataFrame:
    """Figures of one quantity that were shown up to a day, oldest first.

    Out: [customer_id, quantity, model, as_of: datetime64, horizon_days, value, low, high: NaN where there is no range,
    currency].
    """
    columns = (
        Prediction.customer_id,
        Prediction.quantity,
        Prediction.model,
        Prediction.as_of,
        Prediction.horizon_days,
        Prediction.value,
        Prediction.low,
        Prediction.high,
        Prediction.currency,
    )
    shown = select(*columns).where(Prediction.quantity == quantity, Prediction.as_of <= as_of)
    table = read_frame(session, shown.order_by(Prediction.as_of, Prediction.customer_id, Prediction.model))
    table["as_of"] = pd.to_datetime(table["as_of"])
    floats, whole = ["value", "low", "high"], ["customer_id", "horizon_days"]
    return table.astype({**dict.fromkeys(floats, "float64"), **dict.fromkeys(whole, "int64")})
