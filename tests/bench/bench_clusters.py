"""Natural groups of 100,000 customers, with all that tells how far to trust them; and the published groups, as figures.

Silhouettes of everybody alone would take minutes. The second part reads the mall customers where they are at hand.
"""

import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler

from crm_core.services.group_facts import GroupFacts
from crm_core.services.natural_groups import GROUP_NUMBERS, GroupChoice, GroupMethod, NaturalGroups, study_groups
from tests.bench import Row

CUSTOMERS = 100_000
MALL = {("AnnualIncome", "SpendingScore"): ".5547 with 5", ("AnnualIncome", "SpendingScore", "Age"): ".4274 with 6"}
DATA = Path(os.environ.get("REGULARS_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))


def simulated_facts() -> pd.DataFrame:
    """Six facts per customer with the usual long tails."""
    rng = np.random.default_rng(1)
    orders = 1 + rng.poisson(rng.gamma(0.5, 3, CUSTOMERS))
    spend = rng.lognormal(8, 1, CUSTOMERS) * orders
    return pd.DataFrame(
        {
            "days_since_last_order": rng.exponential(100, CUSTOMERS).round(),
            "orders": orders,
            "spend_minor": spend.round(),
            "mean_order_minor": spend / orders,
            "tenure_days": rng.uniform(0, 900, CUSTOMERS).round(),
            "interaction_minutes": rng.exponential(9, CUSTOMERS),
        }
    )


def as_facts(table: pd.DataFrame, *, flatten: bool = True) -> GroupFacts:
    """A table as facts to group by."""
    columns = tuple(map(str, table.columns))
    return GroupFacts(table, columns, columns, currency="EUR", flatten=flatten)


def peer_seconds(facts: pd.DataFrame) -> float:
    """scikit-learn's K-means with ten starts on everyone for each number of groups, without any test of them."""
    scaled = StandardScaler().fit_transform(facts)
    started = time.perf_counter()
    for k in GROUP_NUMBERS:
        KMeans(k, n_init=10, random_state=7).fit(scaled)
    return time.perf_counter() - started


def mall_rows() -> list[Row]:
    """The published silhouettes of the mall customers, where the file is at hand."""
    file = DATA / "Mall_Customers.csv"
    if not file.is_file():
        return []
    people = pd.read_csv(file)
    rows = []
    for columns, published in MALL.items():
        facts = as_facts(people[list(columns)], flatten=False)
        found = study_groups(facts, columns=columns, choice=GroupChoice(most=10))
        assert isinstance(found, NaturalGroups)
        ours = f"{found.clusters.silhouette:.4f} with {found.clusters.k}"
        rows.append(
            Row(f"mall customers by {len(columns)} facts: silhouette", ours.lstrip("0"), published, "", "equal")
        )
    return rows


def main() -> list[Row]:
    """Rows of the bench: finding, describing, comparing with even crowds, trying again and explaining."""
    table = simulated_facts()
    facts = as_facts(table)
    peer = peer_seconds(table)
    rows = []
    for method in GroupMethod:
        started = time.perf_counter()
        found = study_groups(facts, columns=facts.offered, choice=GroupChoice(method))
        ours = time.perf_counter() - started
        assert isinstance(found, NaturalGroups)
        plain = (
            (f"10 starts each {peer:.1f} s", f"{peer / ours:.1f} x") if method is GroupMethod.K_MEANS else ("-", "-")
        )
        rows.append(Row(f"{method} tested and explained, {CUSTOMERS:,} customers", f"{ours:.1f} s", *plain, "<= 8 s"))
    return rows + mall_rows()
