"""Offers on past days of the owner's own: who bought something from the list they would have had then?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pandas as pd

from crm_core.decisions.offer_grading import BY, LENGTH, OfferGrades, grade_lists, pool_grades
from crm_core.features.even_places import even_places
from crm_core.models.purchase_matrix import count_purchases
from crm_core.models.recommend import recommend_from
from crm_core.models.tastes import Tastes, learn_tastes
from crm_core.progress import Progress, part_of, silently
from crm_core.provenance import Provenance
from crm_core.services.customers import CustomerBase
from crm_core.services.past_days import past_days_of, what_is_missing
from crm_core.services.recommendations import load_items
from crm_core.store.session import Store
from crm_core.wording import count, day, plural

__all__ = ["LEAST_CUSTOMERS", "ListKind", "OfferBacktest", "run_offer_backtest"]

MOST_DAYS = 4
MOST_CUSTOMERS = 1_000  # graded on one past day, evenly spaced among those who bought
LEAST_CUSTOMERS = 30  # below, over all days together, chance decides


class ListKind(StrEnum):
    """The two kinds of list that are tested."""

    NEXT = "What they buy next"
    NEW = "New for them"


@dataclass(frozen=True)
class OfferBacktest:
    """What was found for one horizon; everything empty where ``too_early`` says why.

    past_days: a row per day and list, oldest day first, [cut_off: datetime64, which: ListKind, customers: graded,
    list, bestsellers, chance: share with a hit, coverage, method: which recipe answered then]; grades: per list,
    pooled; customers: how often a customer bought again, over all days.
    """

    horizon_days: int
    past_days: pd.DataFrame
    grades: Mapping[ListKind, OfferGrades]
    customers: int
    too_early: str
    made_by: Provenance

    def sentence(self, which: ListKind) -> str:
        """The answer in plain words, of a hundred customers."""
        if self.too_early:
            return self.too_early
        shares = self.grades[which].table["hit_share"]
        hits, best, chance = (_of_hundred(shares[name]) for name in BY)
        what = "something from their list" if which is ListKind.NEXT else "something new to them from their list"
        return (
            f"Of 100 customers who bought again within {plural(self.horizon_days, 'day')}, {hits} bought {what}; from "
            f"a list of bestsellers it would have been {best}, by chance {chance}."
        )

    def verdict(self, which: ListKind) -> str:
        """Whether the lists are worth it here, in a sentence."""
        if self.too_early:
            return ""
        compared = self.grades[which].compared
        if self.grades[which].better:
            return "Better than bestsellers by more than chance explains."
        if compared.gain <= 0:
            return "No better than bestsellers here."
        if not compared.more_than_chance:
            return "So small a difference to bestsellers may be chance."
        return f"Better than bestsellers on {compared.windows_won} of {plural(compared.windows, 'past day')} only."


def _of_hundred(share: float) -> str:
    return "fewer than 1" if 0 < share < 0.005 else count(100 * share)


def run_offer_backtest(
    store: Store, base: CustomerBase, *, horizon_days: int, tell: Progress = silently
) -> OfferBacktest:
    """Make both lists on up to four past days from what was known then, and see what was bought in the days after.

    Asked are customers who had bought before and bought again in the window: whether they come is another question.
    """
    items = load_items(store, as_of=base.as_of)
    cut_offs = past_days_of(base.days, horizon_days=horizon_days)
    cut_offs = [cut_offs[place] for place in even_places(len(cut_offs), MOST_DAYS)]
    rows, parts = [], []
    for place, cut_off in enumerate(cut_offs):
        part = part_of(tell, place, len(cut_offs), f"Going back to {day(cut_off.date())}")
        for found, row in _test_day(items, cut_off, horizon_days, part):
            parts.append(found.assign(window=place, which=row["which"]))
            rows.append(row)
    grades = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"which": []})
    asked = int((grades["which"] == ListKind.NEXT).sum())
    made_by = replace(base.provenance, method="offers on past days", source="Järvelin & Kekäläinen 2002")
    if asked < LEAST_CUSTOMERS:
        why = _too_early(base, items, cut_offs, asked, horizon_days)
        return OfferBacktest(horizon_days, pd.DataFrame(), {}, asked, why, made_by)
    days = pd.DataFrame(rows)
    pooled = {
        which: pool_grades(grades[grades["which"] == which], days.loc[days["which"] == which, "coverage"])
        for which in ListKind
    }
    return OfferBacktest(horizon_days, days, pooled, asked, "", made_by)


def _too_early(
    base: CustomerBase, items: pd.DataFrame, cut_offs: list[pd.Timestamp], asked: int, horizon_days: int
) -> str:
    if items.empty:
        return "Your orders name no products, so no offers can be tested. Import a file with a product on each line."
    if not cut_offs:
        return what_is_missing(base, horizon_days=horizon_days)
    return (
        f"Only {plural(asked, 'time')} a customer bought again within {plural(horizon_days, 'day')} of a past day; "
        f"{LEAST_CUSTOMERS} are needed to say how good offers are here."
    )


def _test_day(
    items: pd.DataFrame, cut_off: pd.Timestamp, horizon_days: int, tell: Progress
) -> list[tuple[pd.DataFrame, dict[str, object]]]:
    """Both lists as they would have been at the end of a day, graded: per customer, and in one row."""
    known = items[items["date"] <= cut_off]
    later = items[(items["date"] > cut_off) & (items["date"] <= cut_off + pd.Timedelta(days=horizon_days))]
    tastes = learn_tastes(count_purchases(known, as_of=cut_off.date()))
    people = np.sort(later.loc[later["customer_id"].isin(tastes.matrix.customers), "customer_id"].unique())
    people = people[even_places(len(people), MOST_CUSTOMERS)]
    bought = later.loc[later["customer_id"].isin(people), ["customer_id", "product_id"]].drop_duplicates()
    owned = known.loc[known["customer_id"].isin(people), ["customer_id", "product_id"]].drop_duplicates()
    found = []
    for place, which in enumerate(ListKind):
        tell(place / len(ListKind), "making the lists of that day")
        found.append(_grade(tastes, which, cut_off, bought, owned, people))
    return [part for part in found if len(part[0])]


def _grade(
    tastes: Tastes, which: ListKind, cut_off: pd.Timestamp, bought: pd.DataFrame, owned: pd.DataFrame,
    people: np.ndarray,
) -> tuple[pd.DataFrame, dict[str, object]]:  # fmt: skip
    new_only = which is ListKind.NEW
    lists = recommend_from(tastes, customer_ids=people, k=LENGTH, new_only=new_only)
    wanted = bought
    if new_only:  # who bought nothing new has a row without a product
        new = bought.merge(owned, how="left", indicator=True, on=["customer_id", "product_id"])
        wanted = new.assign(product_id=new["product_id"].where(new["_merge"] == "left_only"))
    order = np.argsort(-tastes.popularity, kind="stable")
    best = [int(product) for product in tastes.matrix.products[order]]
    products = len(tastes.matrix.products)
    grades = grade_lists(lists, wanted, owned if new_only else None, best, products=products).reset_index()
    row = {
        "cut_off": cut_off,
        "which": which,
        "customers": len(grades),
        **{name: float(grades[name].mean()) for name in BY},
        "coverage": lists["product_id"].nunique() / max(products, 1),
        "method": tastes.choice(new_only=new_only).recipe.name,
    }
    return grades, row
