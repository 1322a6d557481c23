"""What customers gave back: a product whose last trace is its return, not a purchase."""

import pandas as pd

__all__ = ["given_back"]

PAIR = ["customer_id", "product_id"]


def given_back(lines: pd.DataFrame, refunds: pd.DataFrame) -> pd.DataFrame:
    """The products that each customer gave back and has not bought since.

    In: lines[customer_id, order_id, ordered_on, product_id, quantity: NaN where unknown, amount_minor],
    refunds[order_id, refunded_on, amount_minor]. Out: [customer_id, product_id], in order. A refund tells of a product
    where it comes to at least what the product cost in that order; a line below nothing, where no more of it was bought
    that day.

    >>> day = pd.Timestamp
    >>> lines = pd.DataFrame({"customer_id": 1, "order_id": [1, 1, 2], "product_id": [7, 8, 8], "quantity": 1.0,
    ...     "ordered_on": [day("2026-01-01"), day("2026-01-01"), day("2026-03-01")], "amount_minor": 500})
    >>> refunds = pd.DataFrame({"order_id": [1], "refunded_on": [day("2026-01-09")], "amount_minor": [1000]})
    >>> given_back(lines, refunds).values.tolist()
    [[1, 7]]
    """
    back = (lines["amount_minor"] < 0) | (lines["quantity"] < 0)
    bought = lines[~back].groupby(PAIR)["ordered_on"].max()
    returns = pd.concat([_refunded(lines[~back], refunds), _sent_back(lines, back)])
    latest = returns.groupby(PAIR)["day"].max()
    before = bought.reindex(latest.index)
    still = latest[before.isna() | (latest >= before)]
    return still.index.to_frame(index=False).sort_values(PAIR, ignore_index=True)


def _refunded(bought: pd.DataFrame, refunds: pd.DataFrame) -> pd.DataFrame:
    """[customer_id, product_id, day] of products that a refund may have been for."""
    cost = bought.groupby([*PAIR, "order_id"], as_index=False)["amount_minor"].sum()
    met = cost.merge(refunds, on="order_id", suffixes=("", "_back"))
    met = met[(met["amount_minor"] > 0) & (met["amount_minor_back"] >= met["amount_minor"])]
    return met[[*PAIR, "refunded_on"]].rename(columns={"refunded_on": "day"})


def _sent_back(lines: pd.DataFrame, back: pd.Series) -> pd.DataFrame:
    """[customer_id, product_id, day] of days on which a product came back, and no more of it was bought."""
    sign = 1 - 2 * back.astype("int64")
    units = lines["quantity"].abs().fillna(1.0) * sign
    day = lines[PAIR].assign(day=lines["ordered_on"], units=units, back=back)
    sums = day.groupby([*PAIR, "day"], as_index=False).agg(units=("units", "sum"), back=("back", "any"))
    return sums.loc[sums["back"] & (sums["units"] <= 0), [*PAIR, "day"]]
