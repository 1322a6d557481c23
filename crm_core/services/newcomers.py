"""A new customer: what their first days say about their loyalty after a year, learnt from those who came before."""

from dataclasses import astuple, dataclass, replace

import pandas as pd

from crm_core.errors import CrmError
from crm_core.features.first_days import YEAR_DAYS
from crm_core.models.neighbours import similar_customers
from crm_core.services.customers import CustomerBase
from crm_core.services.first_years import ANSWER, TALK, FirstDays, FirstYears, days_of, year_before
from crm_core.services.recommendations import match_customers
from crm_core.store.newcomer_queries import products_by_day
from crm_core.store.session import Store
from crm_core.wording import plural, share

__all__ = ["Forecast", "Nearest", "forecast_loyalty", "nearest_customers", "young_customers"]

NAMED = 3  # products that stand by name in a row


@dataclass(frozen=True)
class Forecast:
    """Loyalty after a year, 0..100, and the range that holds 8 of 10; how good that is, as a sentence.

    learnt: False where the forest is no better than guessing, so that these are the average and its range.
    """

    value: float
    low: float
    high: float
    learnt: bool
    quality: str


@dataclass(frozen=True, eq=False)
class Nearest:
    """The older customers who began most alike, nearest first.

    table: index customer_id, [label, orders, interaction_minutes, first_response_minutes of the first days,
    later_orders: count up to the end of the first year, bought: products of those in words, loyalty: 0..100];
    equal: how many began exactly like this.
    """

    table: pd.DataFrame
    equal: int


def forecast_loyalty(learnt: FirstYears, figures: FirstDays) -> Forecast:
    """Where somebody with these first days is likely to stand after a year."""
    _check_same_days(learnt, figures)
    forest = learnt.forest
    off, guess = _say_errors(forest.error_, forest.baseline_error_)
    if not forest.beats_mean_:
        return Forecast(
            forest.mean_,
            forest.mean_low_,
            forest.mean_high_,
            learnt=False,
            quality=f"How your older customers began does not tell how they ended: a forecast was off by {off} on "
            f"average, guessing the average by {guess}. So this is the average, with the range of 8 in 10 of them.",
        )
    row = forest.predict_range(_as_row(figures)[list(learnt.facts)]).iloc[0]
    return Forecast(
        float(row["value"]),
        float(row["low"]),
        float(row["high"]),
        learnt=True,
        quality=f"On your own older customers, each left out in turn, it was off by {off} on average; guessing the "
        f"average would be off by {guess}. {share(forest.coverage_)} of them ended inside their range.",
    )


def nearest_customers(
    store: Store, base: CustomerBase, learnt: FirstYears, figures: FirstDays, *, k: int = 5
) -> Nearest:
    """The k who began most like this, on standardised facts; among equals those who came last."""
    _check_same_days(learnt, figures)
    latest = learnt.table.reset_index().sort_values(["first_order_on", "customer_id"], ascending=[False, True])
    people = latest.reset_index(drop=True)
    newcomer = _as_row(figures)
    everyone = pd.concat([people[["orders", TALK, ANSWER]], newcomer.set_axis([-1])]).astype("float64")
    alike = everyone[list(learnt.facts)]
    if ANSWER in learnt.facts:  # whether service had to answer at all is a fact of its own
        alike = alike.assign(answered=everyone[ANSWER].notna().astype("int64"))
    chosen = similar_customers(alike, -1, columns=list(alike.columns), k=k, currency=base.currency).index
    own = alike.loc[-1]
    equal = ((alike == own) | (alike.isna() & own.isna())).all(axis=1).sum() - 1
    found = people.loc[chosen].set_index("customer_id")
    later = _later_purchases(store, base, found, seen_days=learnt.seen_days)
    columns = ["label", "orders", TALK, ANSWER, "later_orders", "bought", "loyalty"]
    return Nearest(found.join(base.table["label"]).join(later)[columns], int(equal))


def young_customers(base: CustomerBase, text: str = "", *, most: int = 50) -> pd.DataFrame:
    """Customers whose first year is not over, the latest first, of whom the text is a part of name, e-mail or number.

    Out: index customer_id, [label, first_order_on], at most ``most``.
    """
    young = base.table[base.table["first_order_on"] > year_before(base)]
    found = match_customers(replace(base, table=young), text, most=max(len(young), 1)).index
    table = young.loc[found, ["label", "first_order_on"]].sort_index()
    return table.sort_values("first_order_on", ascending=False, kind="stable").head(most)


def _later_purchases(store: Store, base: CustomerBase, found: pd.DataFrame, *, seen_days: int) -> pd.DataFrame:
    """What a few customers bought after their first days, within their first year. Out: [later_orders, bought]."""
    with store.read() as session:
        items = products_by_day(session, customer_ids=found.index.tolist(), as_of=base.as_of)
    days = days_of(base, found.index)
    orders_later, items_later = (
        table[_days_since(table, found["first_order_on"]).between(seen_days, YEAR_DAYS - 1)] for table in (days, items)
    )
    orders = orders_later.groupby("customer_id")["orders"].sum().reindex(found.index, fill_value=0)
    counted = items_later.groupby(["customer_id", "product"])["orders"].sum().reset_index()
    counted = counted.sort_values(["customer_id", "orders", "product"], ascending=[True, False, True])
    bought = counted.groupby("customer_id")[["product", "orders"]].apply(_name_products)
    words = bought.reindex(found.index) if len(counted) else pd.Series(index=found.index, dtype=object)
    return pd.DataFrame({"later_orders": orders.astype("int64"), "bought": words.fillna("").astype(object)})


def _days_since(table: pd.DataFrame, first: pd.Series) -> pd.Series:
    """How many days after the customer's first order each row is."""
    return (table["ordered_on"] - table["customer_id"].map(first)).dt.days


def _name_products(bought: pd.DataFrame) -> str:
    """A few products by name, the most ordered first, and how many more there were.

    >>> _name_products(pd.DataFrame({"product": ["Soap", "Tea", "Oil", "Salt"], "orders": [3, 1, 1, 1]}))
    'Soap ×3, Tea, Oil and 1 more'
    """
    times = [f"{name} ×{orders}" if orders > 1 else str(name) for name, orders in bought.head(NAMED).to_numpy()]
    more = len(bought) - len(times)
    return ", ".join(times) + (f" and {more} more" if more else "")


def _as_row(figures: FirstDays) -> pd.DataFrame:
    return pd.DataFrame([astuple(figures)[1:]], columns=["orders", TALK, ANSWER]).astype("float64")


def _check_same_days(learnt: FirstYears, figures: FirstDays) -> None:
    if learnt.seen_days != figures.seen_days:
        raise CrmError(
            f"The first {plural(figures.seen_days, 'day')} can't be compared with what was learnt from the first "
            f"{learnt.seen_days}: learn anew for as many days."
        )


def _say_errors(error: float, baseline: float) -> tuple[str, str]:
    """Two errors in points, with as many digits as it takes to tell them apart.

    >>> _say_errors(15.6, 25.4), _say_errors(24.71, 25.4)
    (('16 points', '25'), ('24.7 points', '25.4'))
    """
    digits = 0 if round(error) != round(baseline) else 1
    return f"{error:.{digits}f} {'point' if f'{error:.{digits}f}' == '1' else 'points'}", f"{baseline:.{digits}f}"
