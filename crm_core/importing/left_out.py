"""Orders that the owner chose to leave out of an import: their rows are rejected, and nothing of them is stored."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm_core.importing.orders import StagedOrders
from crm_core.importing.rejections import RejectedRow
from crm_core.importing.status_choices import UNKNOWN, StatusChoices, Treatment
from crm_core.importing.text_table import TextTable
from crm_core.wording import plural

__all__ = ["leave_out"]

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


def leave_out(staged: StagedOrders, choices: StatusChoices, table: TextTable) -> StagedOrders:
    """The orders without the groups that are left out, and a note on those that are counted.

    Customers and products of theirs alone go with them. ``table``: the rows that the orders were read from.
    """
    notes = (*staged.notes, *_counted_notes(staged, choices))
    groups = staged.orders["group"].to_numpy(object)
    out = np.isin(groups, choices.groups(Treatment.LEAVE_OUT))
    if not out.any():
        return replace(staged, notes=notes)
    of_these = _refunds_of(staged.orders, out)
    stay = ~(out | of_these)
    kept = stay[staged.lines["order"].to_numpy()]
    orders, lines = staged.orders[stay], staged.lines[kept]
    customer, customers = _used(orders["customer"], staged.customers)
    product, products = _used(lines["product"], staged.products)
    order = np.cumsum(stay) - 1
    stated = staged.stated[stay[staged.stated["order"].to_numpy(np.int64)]]
    return replace(
        staged,
        customers=customers,
        products=products,
        orders=orders.assign(customer=customer).reset_index(drop=True),
        lines=lines.assign(order=order[lines["order"].to_numpy()], product=product).reset_index(drop=True),
        stated=stated.assign(order=order[stated["order"].to_numpy(np.int64)]).reset_index(drop=True),
        rejected=sorted(
            [*staged.rejected, *_rejected(staged.lines[~kept], groups, table)], key=lambda row: row.row_number
        ),
        notes=notes,
    )


def _counted_notes(staged: StagedOrders, choices: StatusChoices) -> tuple[str, ...]:
    found = staged.status_groups
    chosen = [group for group in choices.groups(Treatment.COUNT) if group in found and group != UNKNOWN]
    counted = [plural(found[group], f"{group} order") for group in chosen]
    if not counted:
        return ()
    verb = "counts" if len(counted) == 1 and counted[0].startswith("1 ") else "count"
    return (f"{' and '.join(counted)} {verb} as paid, as you chose.",)


def _refunds_of(orders: pd.DataFrame, out: Mask) -> Mask:
    """The refunds of orders that are left out."""
    gone = set(orders["source_id"].to_numpy(object)[out])
    return np.array([of is not None and of in gone for of in orders["refund_of"]], bool)


def _used(positions: "pd.Series[int]", table: pd.DataFrame) -> tuple[Places, pd.DataFrame]:
    """Positions among those that are in use, and the table of these; -1 stays."""
    old = positions.to_numpy(np.int64)
    used = np.zeros(len(table), bool)
    used[old[old >= 0]] = True
    place = np.append(np.cumsum(used) - 1, -1)
    return place[old], table[used].reset_index(drop=True)


def _rejected(lines: pd.DataFrame, groups: "npt.NDArray[np.object_]", table: TextTable) -> list[RejectedRow]:
    places = np.searchsorted(table.row_numbers, lines["row_number"])
    return [
        RejectedRow(
            number,
            f"{table.file_name}, row {number} is left out: {_why(str(groups[order]))}, as you chose.",
            table.cells(int(place)),
        )
        for number, order, place in zip(lines["row_number"].tolist(), lines["order"].tolist(), places, strict=True)
    ]


def _why(group: str) -> str:
    name = "orders of an unknown status" if group == UNKNOWN else f"{group} orders"
    return f"{name} are left out" if group else "it gives money back for an order that is left out"
