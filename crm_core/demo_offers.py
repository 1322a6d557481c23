"""What the demonstration company's owner offered in the last half year, and what was said: made up like all of it.

Every Monday a dozen customers who ordered lately: what they bought before, what customers alike bought, and what sold
best. What became of it is in the company's orders.
"""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.demo_company import Company
from crm_core.vocabulary import OfferList, OfferReason, OfferState, OrderStatus

__all__ = ["WITHIN_DAYS", "draw_offers"]

Numbers = NDArray[np.int64]
WITHIN_DAYS = 30
WEEKS, CUSTOMERS_A_WEEK = 26, 12
LATELY_DAYS, REST_DAYS, USUAL_DAYS = 60, 90, 365
ALIKE = 10  # customers
OFFERED = (  # list, reason, how many, and how many of those who don't buy say no
    (OfferList.AGAIN, OfferReason.OWN, 3, 0.1),
    (OfferList.NEW, OfferReason.NEIGHBOURS, 2, 0.05),
    (OfferList.NEW, OfferReason.POPULAR, 1, 0.25),
)
SAYS_YES, NOT_FOR_THEM = 0.6, 0.03  # of those who buy in time; of the others, beside those who say no


def draw_offers(company: Company, *, last_day: date, seed: int = 41) -> pd.DataFrame:
    """Offers of the past half year. The same company and seed give the same.

    Out: [customer, product: positions, list_name, reason_kind, shown_on: date, rank, within_days, state].
    """
    rng = np.random.default_rng(seed)
    bought = _purchases(company)
    shape = (len(company.customers), len(company.products))
    rests = np.zeros(shape, np.int64)  # the day until which a product rests for a customer
    monday = last_day.toordinal() - last_day.weekday()
    rows: list[dict[str, Any]] = []
    for day in range(monday - 7 * WEEKS, monday, 7):
        known = bought[bought[:, 2] <= day]
        soon = _count(bought[(bought[:, 2] > day) & (bought[:, 2] <= day + WITHIN_DAYS)], shape) > 0
        lately = np.unique(known[known[:, 2] > day - LATELY_DAYS, 0])
        usual = _count(known[known[:, 2] > day - USUAL_DAYS], shape)
        sells = _count(known[known[:, 2] > day - REST_DAYS], shape).sum(axis=0)
        ever = _count(known, shape) > 0
        for customer in np.sort(rng.choice(lately, min(CUSTOMERS_A_WEEK, len(lately)), replace=False)):
            free = rests[customer] <= day
            alike = _sum_of_alike(ever, int(customer))
            wanted = (usual[customer] * free, alike * (free & ~ever[customer]), sells * (free & ~ever[customer]))
            for row in _offer(int(customer), wanted, soon[customer], rng.random(shape[1])):
                if row["state"] in (OfferState.DECLINED.value, OfferState.NOT_USEFUL.value):
                    declined = row["state"] == OfferState.DECLINED.value
                    rests[customer, row["product"]] = day + (REST_DAYS if declined else 10 * USUAL_DAYS)
                rows.append({**row, "shown_on": date.fromordinal(day), "within_days": WITHIN_DAYS})
    return pd.DataFrame(rows)


def _purchases(company: Company) -> Numbers:
    """Customer, product, day's number of what known customers bought and paid; a row each."""
    orders = company.orders[(company.orders["status"] == OrderStatus.PAID.value) & (company.orders["customer"] >= 0)]
    lines = company.lines[["order", "product"]].merge(orders[["customer", "day"]], left_on="order", right_index=True)
    days = [day.toordinal() for day in lines["day"]]
    return np.column_stack([lines["customer"], lines["product"], days]).astype(np.int64)


def _count(bought: Numbers, shape: tuple[int, int]) -> Numbers:
    """Purchases by customer and product."""
    counts = np.bincount(bought[:, 0] * shape[1] + bought[:, 1], minlength=shape[0] * shape[1])
    return counts.reshape(shape).astype(np.int64)


def _sum_of_alike(ever: NDArray[np.bool_], customer: int) -> Numbers:
    """How many of the customers who share most with this one bought each product."""
    both = (ever & ever[customer]).sum(axis=1)
    either = np.maximum((ever | ever[customer]).sum(axis=1), 1)
    share = np.where(np.arange(len(ever)) == customer, 0.0, both / either)
    return np.asarray(ever[np.argsort(-share, kind="stable")[:ALIKE]].sum(axis=0), np.int64)


def _offer(
    customer: int, wanted: tuple[Numbers, ...], soon: NDArray[np.bool_], chance: NDArray[np.float64]
) -> list[dict[str, Any]]:
    """The lists of one customer with what was said: who buys in time often says yes, some of the others say no."""
    rows: list[dict[str, Any]] = []
    taken: set[int] = set()
    for (name, reason, most, says_no), counts in zip(OFFERED, wanted, strict=True):
        best = [int(product) for product in np.argsort(-counts, kind="stable") if counts[product] > 0]
        for product in [product for product in best if product not in taken][:most]:
            taken.add(product)
            rank = 1 + sum(row["list_name"] == name.value for row in rows)
            state = _said(float(chance[product]), buys=bool(soon[product]), says_no=says_no)
            said = {"list_name": name.value, "reason_kind": reason.value, "rank": rank, "state": state.value}
            rows.append({"customer": customer, "product": product, **said})
    return rows


def _said(chance: float, *, buys: bool, says_no: float) -> OfferState:
    if buys:
        return OfferState.ACCEPTED if chance < SAYS_YES else OfferState.SHOWN
    if chance < says_no:
        return OfferState.DECLINED
    return OfferState.NOT_USEFUL if chance < says_no + NOT_FOR_THEM else OfferState.SHOWN
