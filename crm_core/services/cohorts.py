"""Do customers who came together stay: cohorts by the month or quarter of the first order, and what is left of them."""

from dataclasses import dataclass
from math import sqrt

import pandas as pd

from crm_core.features.cohorts import cohort_table, comeback_table
from crm_core.provenance import Provenance
from crm_core.services.customers import CustomerBase
from crm_core.wording import count, plural, share

__all__ = ["FEWEST", "Cohorts", "cohorts_of_customers", "people_of_cohort"]

FEWEST = 5  # customers in a cohort, below which a share says nothing
MOST_COHORTS = 24
QUARTERLY_AFTER_YEARS = 3
COMEBACK_DAYS, COMEBACK_WORDS = 91, "three months"
CLEAR = 1.645  # standard errors between two shares, beyond which one in ten would lie by chance


@dataclass(frozen=True, eq=False)
class Cohorts:
    """What is left of each cohort, periods that are over only.

    table: by cohort and age, oldest first, [cohort: text such as "Mar 2026", began_on, age: months or quarters since,
    size: customers, customers: who ordered in that period, share: 0..1, spend_minor: before refunds, money_share: of
    the first period's, is_small: fewer customers than a share needs]; period: "month" or "quarter"; headline and
    sentence: how many of the latest cohort came back, empty where none can tell yet; notes: what is shown and what not.
    """

    table: pd.DataFrame
    period: str
    headline: str
    sentence: str
    notes: tuple[str, ...]
    made_by: Provenance

    @property
    def tells_something(self) -> bool:
        """Whether a cohort is large enough for its shares to be read, and old enough to have any."""
        return bool((~self.table["is_small"] & (self.table["age"] > 0)).any())


def cohorts_of_customers(base: CustomerBase) -> Cohorts:
    """The latest cohorts of a base: by month, by quarter where the history is longer than three years."""
    as_of, days = pd.Timestamp(base.as_of), base.days
    long = len(days) and days["ordered_on"].min() < as_of - pd.DateOffset(years=QUARTERLY_AFTER_YEARS)
    period, months = ("quarter", 3) if long else ("month", 1)
    cells = cohort_table(days, as_of=as_of, months=months)
    over = cells[cells["is_over"]]
    begun = over["began_on"].drop_duplicates().sort_values()
    kept = over[over["began_on"].isin(begun.tail(MOST_COHORTS))].reset_index(drop=True)
    kept.insert(0, "cohort", [name_period(first, period) for first in kept["began_on"]])
    table = kept.drop(columns="is_over").assign(is_small=kept["size"] < FEWEST)
    headline, sentence = _say_who_came_back(days, as_of, period, months)
    return Cohorts(
        table=table,
        period=period,
        headline=headline,
        sentence=sentence,
        notes=_notes(cells, len(begun), period),
        made_by=Provenance(
            method=f"{period}ly cohorts by first order",
            customers=len(base.table),
            orders=int(base.table["orders"].sum()),
            as_of=base.as_of,
        ),
    )


def people_of_cohort(base: CustomerBase, cohorts: Cohorts, began_on: pd.Timestamp) -> pd.Index:
    """Everybody whose first order came in the period that began on a day."""
    ends = began_on + pd.DateOffset(months=3 if cohorts.period == "quarter" else 1)
    first = base.table["first_order_on"]
    return base.table.index[(first >= began_on) & (first < ends)]


def name_period(first: pd.Timestamp, period: str, *, whole: bool = False) -> str:
    """A month or quarter by its first day.

    >>> name_period(pd.Timestamp("2026-04-01"), "quarter"), name_period(pd.Timestamp("2026-04-01"), "month")
    ('Q2 2026', 'Apr 2026')
    """
    if period == "quarter":
        return f"Q{first.quarter} {first.year}"
    return f"{first:%B %Y}" if whole else f"{first:%b %Y}"


def _notes(cells: pd.DataFrame, cohorts: int, period: str) -> tuple[str, ...]:
    if cells.empty:
        return ()
    why = f", because your history is longer than {QUARTERLY_AFTER_YEARS} years" if period == "quarter" else ""
    extent = f"; the last {MOST_COHORTS} of {cohorts} {period}s" if cohorts > MOST_COHORTS else ""
    notes = [f"Customers stand together by the {period} of their first order{why}{extent}."]
    running = cells[~cells["is_over"]]
    if len(running):
        newest = running.loc[running["age"].idxmin()]
        new = f", with {plural(int(newest['size']), 'new customer')} so far," if newest["age"] == 0 else ""
        notes.append(f"The {period} that is not over yet{new} is left out.")
    if 0 < cohorts <= MOST_COHORTS:
        first = name_period(cells["began_on"].min(), period, whole=True)
        notes.append(f"Who stands under {first} may have bought before your data begin.")
    return tuple(notes)


def _say_who_came_back(days: pd.DataFrame, as_of: pd.Timestamp, period: str, months: int) -> tuple[str, str]:
    """The title and the sentence, each empty where no cohort is large and old enough."""
    table = comeback_table(days, as_of=as_of, within_days=COMEBACK_DAYS, months=months)
    table = table[table["size"] >= FEWEST].set_index("began_on")
    if table.empty:
        return "", ""
    first = table.index.max()
    latest = table.loc[first]
    headline = f"{share(latest['share'])} of new customers came back within {COMEBACK_WORDS}"
    said = (
        f"Of {plural(int(latest['size']), 'customer')} who first bought in {name_period(first, period, whole=True)}, "
        f"{share(latest['share'])} came back within {COMEBACK_WORDS}"
    )
    a_year_ago = first - pd.DateOffset(years=1)
    if a_year_ago not in table.index:
        return headline, f"{said}."
    then = table.loc[a_year_ago]
    chance = ", a difference that may be chance" if _may_be_chance(latest, then) else ""
    return headline, f"{said}; the year before it was {share(then['share'])} of {count(then['size'])}{chance}."


def _may_be_chance(one: pd.Series, other: pd.Series) -> bool:
    """Whether two shares lie no further apart than chance puts one in ten such pairs; equal ones are no difference."""
    if one["share"] == other["share"]:
        return False
    pooled = (one["came_back"] + other["came_back"]) / (one["size"] + other["size"])
    error = sqrt(pooled * (1 - pooled) * (1 / one["size"] + 1 / other["size"]))
    return bool(abs(one["share"] - other["share"]) < CLEAR * error)
