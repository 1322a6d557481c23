"""What kinds of customers there are: the named groups of the RFM grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_core.decisions.rfm_groups import GRID, RfmGroup, called_groups, name_groups
from crm_core.features.rfm import rfm_table
from crm_core.provenance import Provenance
from crm_core.services.customers import CustomerBase
from crm_core.services.preferences import Preferences

__all__ = ["Segments", "customers_of", "segment_customers"]


@dataclass(frozen=True)
class Segments:
    """The base by RFM.

    customers: index customer_id, [label, email, orders, days_since_last_order, spend_minor, r_score, f_score, m_score,
    fm_score: 1..5, rfm_level, rfm_group: the group's own name]; groups: one row per named group that has people, best
    kind first, [group, called: the owner's name for it, customers, customer_share, spend_minor, spend_share,
    median_days_since, median_orders, meaning, action]; grid: all 25 cells [r_score, fm_score, group, called, customers,
    spend_minor]; called: the owner's name of every group.
    """

    customers: pd.DataFrame
    groups: pd.DataFrame
    grid: pd.DataFrame
    called: Mapping[str, str]
    made_by: Provenance


def segment_customers(base: CustomerBase, preferences: Preferences | None = None) -> Segments:
    """Scores, named groups and the grid of a base, by the owner's limits and under the owner's names."""
    wanted = preferences or Preferences()
    scored = name_groups(rfm_table(base.table, as_of=base.as_of, limits=wanted.rfm_limits))
    customers = base.table.loc[scored.index, ["label", "email"]].join(scored)
    kinds = called_groups(wanted.group_words)
    called = {kind.name: kind.shown for kind in kinds}
    own = any((wanted.recency_limits, wanted.order_limits, wanted.spend_limits))
    return Segments(
        customers=customers,
        groups=sum_groups(customers, kinds),
        grid=sum_grid(customers, called),
        called=called,
        made_by=Provenance(
            method="RFM by your own limits" if own else "RFM quintiles, ties kept together",
            customers=len(customers),
            orders=int(customers["orders"].sum()),
            as_of=base.as_of,
            source="Hughes 1994",
        ),
    )


def sum_groups(customers: pd.DataFrame, kinds: Sequence[RfmGroup]) -> pd.DataFrame:
    """People and money of each named group that has people."""
    by_group = customers.groupby("rfm_group")
    sums = by_group.agg(
        customers=("orders", "size"),
        spend_minor=("spend_minor", "sum"),
        median_days_since=("days_since_last_order", "median"),
        median_orders=("orders", "median"),
    )
    words = pd.DataFrame(
        [{"group": kind.name, "called": kind.shown, "meaning": kind.meaning, "action": kind.action} for kind in kinds]
    )
    table = words.join(sums, on="group", how="inner").reset_index(drop=True)
    total = table["spend_minor"].sum()
    table["customer_share"] = table["customers"] / max(len(customers), 1)
    table["spend_share"] = table["spend_minor"] / total if total > 0 else np.nan
    return table


def sum_grid(customers: pd.DataFrame, called: Mapping[str, str]) -> pd.DataFrame:
    """People and money of each of the 25 cells, empty ones too."""
    sums = customers.groupby(["r_score", "fm_score"]).agg(
        customers=("orders", "size"), spend_minor=("spend_minor", "sum")
    )
    cells = pd.MultiIndex.from_product([range(1, 6), range(1, 6)], names=["r_score", "fm_score"])
    grid = sums.reindex(cells, fill_value=0).reset_index()
    grid["group"] = [GRID[r - 1][fm - 1] for r, fm in zip(grid["r_score"], grid["fm_score"], strict=True)]
    grid["called"] = grid["group"].map(called)
    return grid


def customers_of(segments: Segments, *, group: str | None) -> pd.DataFrame:
    """The people of one named group, or all, biggest spenders first."""
    people = segments.customers
    if group is not None:
        people = people[people["rfm_group"] == group]
    return people.sort_values("spend_minor", ascending=False, kind="stable")
