"""The past as it is tested: which days, what was bought until then, and what happened in the days after."""

import numpy as np
import pandas as pd

from crm_core.models.purchase_family import FEW_REPEAT_BUYERS
from crm_core.services.customers import CustomerBase
from crm_core.store.accuracy_queries import refund_days
from crm_core.store.session import Store
from crm_core.wording import plural

__all__ = ["HORIZONS", "known_transactions", "past_days_of", "what_happened", "what_is_missing"]

HORIZONS = (30, 60, 90, 365)  # days ahead that are tested
MANY_CUSTOMERS, MOST_DAYS, FEWER_DAYS = 6_000, 8, 4  # a large shop's past days say more each, and take longer


def known_transactions(store: Store, base: CustomerBase) -> pd.DataFrame:
    """What the base's customers bought and got back, by date.

    Out: [customer_id, date: datetime64, amount: minor units, a refund below 0, purchase: 1 for a day with an order, 0
    for a refund].
    """
    with store.read() as session:
        refunds = refund_days(session, as_of=base.as_of, currency=base.currencies)
    bought = base.days.rename(columns={"ordered_on": "date", "spend_minor": "amount"})
    bought = bought[["customer_id", "date", "amount"]].assign(purchase=1)
    returned = refunds.rename(columns={"refunded_on": "date"}).assign(amount=-refunds["amount_minor"], purchase=0)
    rows = pd.concat([bought, returned[bought.columns]]) if len(returned) else bought
    return rows.sort_values(["date", "customer_id"], kind="stable", ignore_index=True)


def what_happened(rows: pd.DataFrame, customers: pd.Index) -> pd.DataFrame:
    """What these customers did in the days of the rows.

    In: rows of known_transactions. Out: index customers, [purchases: purchase days, spend: money net of refunds].
    """
    sums = rows.groupby("customer_id")[["purchase", "amount"]].sum().reindex(customers, fill_value=0)
    return sums.rename(columns={"purchase": "purchases", "amount": "spend"}).astype(float)


def past_days_of(days: pd.DataFrame, *, horizon_days: int) -> list[pd.Timestamp]:
    """The days to test, oldest first: each with a window of history before it, one after it, and enough who came back.

    In: days[customer_id, ordered_on: datetime64], by customer and day.
    """
    if days.empty:
        return []
    first, last = days["ordered_on"].min(), days["ordered_on"].max()
    enough_from = _enough_from(days)
    if enough_from is None:
        return []
    room = (last - max(first + pd.Timedelta(days=horizon_days), enough_from)).days // horizon_days
    if room < 1:
        return []
    most = MOST_DAYS if days["customer_id"].nunique() <= MANY_CUSTOMERS else FEWER_DAYS
    back = np.unique(np.linspace(1, room, min(room, most)).round().astype(int))
    return [last - pd.Timedelta(days=int(steps) * horizon_days) for steps in back[::-1]]


def _enough_from(days: pd.DataFrame) -> pd.Timestamp | None:
    """The day by which enough customers had bought on a second day."""
    second = days["ordered_on"][days.groupby("customer_id").cumcount() == 1].sort_values()
    return second.iloc[FEW_REPEAT_BUYERS - 1] if len(second) >= FEW_REPEAT_BUYERS else None


def what_is_missing(base: CustomerBase, *, horizon_days: int) -> str:
    """What a test over this horizon needs, and what there is."""
    needed = (
        f"Testing {plural(horizon_days, 'day')} ahead needs orders over at least {2 * horizon_days} days, and "
        f"{FEW_REPEAT_BUYERS} customers who had come back by {horizon_days} days before the last order."
    )
    if base.days.empty:
        return needed
    last = base.days["ordered_on"].max()
    span = (last - base.days["ordered_on"].min()).days
    early = base.days[base.days["ordered_on"] <= last - pd.Timedelta(days=horizon_days)]
    came_back = int((early.groupby("customer_id").size() > 1).sum())
    shorter = [h for h in HORIZONS if h < horizon_days and past_days_of(base.days, horizon_days=h)]
    also = f" {shorter[-1]} days ahead can be tested already." if shorter else ""
    return f"{needed} So far there are {plural(span, 'day')} and {plural(came_back, 'such customer')}.{also}"
