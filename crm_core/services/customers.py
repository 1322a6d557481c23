"""The customer base: one frame with a row per customer that every analysis shares, and the people behind it."""

from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from crm_core.decisions.lifecycle import StageLimits, lifecycle_stages
from crm_core.decisions.lifetime_value import discount_expected_spend
from crm_core.features.purchase_days import PurchaseDays
from crm_core.features.purchase_summary import summary_from_facts
from crm_core.features.rhythm import ShopRhythm, Waits, rhythm_table, shop_rhythm, waits_between_orders
from crm_core.features.usual_spend import usual_spends
from crm_core.models.purchase_family import FEW_REPEAT_BUYERS
from crm_core.models.value import ValuePrediction, predict_days, predict_summary
from crm_core.models.year_ahead import chance_within_a_year
from crm_core.progress import Progress, silently
from crm_core.provenance import Provenance
from crm_core.services.preferences import Preferences
from crm_core.store.currencies import Currencies
from crm_core.store.day_facts import facts_of_days
from crm_core.store.edit_queries import archived_ids
from crm_core.store.money_queries import other_currencies
from crm_core.store.queries import customer_labels, purchase_days
from crm_core.store.session import Store
from crm_core.wording import money, plural

__all__ = ["LARGE", "CustomerBase", "customer_base", "learn_value", "predict_base"]

LARGE = 20_000  # customers from which on learning from past days takes longer than a page may


VALUE = [
    "expected_purchases", "p_active", "expected_spend_minor", "expected_spend_low_minor", "expected_spend_high_minor",
    "clv_minor",
]  # fmt: skip


@dataclass(frozen=True)
class CustomerBase:
    """Everything known and predicted per customer as of a day. Shared between pages: never change its tables.

    table: index customer_id, [label, source_id, email, the columns of customer_facts and rhythm_table,
    mean_order_minor, usual_spend_minor (of a purchase day, extraordinary ones capped), p_active_year (as the stage asks
    for it, NaN where too little is known), stage, expected_purchases, expected_spend_minor, p_active,
    expected_spend_low_minor, expected_spend_high_minor, clv_minor]; days: [customer_id, ordered_on, orders,
    spend_minor]; data_notes: what the owner should know of the data, as sentences (of the model: prediction.notes);
    archived: who is put away: they count in every figure, and are suggested for nothing.
    """

    table: pd.DataFrame
    days: pd.DataFrame
    shop: ShopRhythm
    waits: Waits
    prediction: ValuePrediction
    currencies: Currencies
    as_of: date
    data_notes: tuple[str, ...]
    provenance: Provenance
    archived: frozenset[int] = frozenset()
    limits: StageLimits = field(default_factory=StageLimits)

    @property
    def currency(self) -> str:
        """The base currency: every amount of money is in it."""
        return self.currencies.base

    @property
    def value_is_learnt(self) -> bool:
        """Whether enough customers came back for predictions to rest on this shop; below, they are an assumption."""
        return self.shop.repeat_buyers >= FEW_REPEAT_BUYERS

    @property
    def too_early(self) -> str:
        """The sentence that stands where a prediction would be an assumption."""
        came_back = plural(self.shop.repeat_buyers, "customer")
        return f"{came_back} came back on a second day so far; {FEW_REPEAT_BUYERS} are needed to predict spending."

    @property
    def notes(self) -> tuple[str, ...]:
        """What the owner should know of the data and of the model."""
        return (*self.data_notes, *self.prediction.notes)


def customer_base(store: Store, *, as_of: date, preferences: Preferences) -> CustomerBase:
    """The base as of the end of a day; empty, but with all its columns, when nobody has ordered by then."""
    currencies, limits = preferences.currencies, preferences.stage_limits
    with store.read() as session:
        days = purchase_days(session, as_of=as_of, currency=currencies)
        facts = facts_of_days(session, days, as_of=as_of, currency=currencies)
        labels = customer_labels(session)
        orders_in = other_currencies(session, as_of=as_of)
        archived = frozenset(archived_ids(session, "customers"))
    end = pd.Timestamp(as_of)
    shop = shop_rhythm(days)
    table = pd.concat([labels.reindex(facts.index), facts, rhythm_table(facts, shop=shop, as_of=end)], axis=1)
    table["mean_order_minor"] = facts["spend_minor"] / facts["orders"]
    table["usual_spend_minor"] = usual_spends(days).reindex(facts.index)
    table["p_active_year"] = chance_within_a_year(table)
    table["stage"] = lifecycle_stages(table, limits=limits)
    prediction = predict_base(days, facts, end, horizon_days=preferences.horizon_days)
    table = _add_value(table, prediction, preferences)
    return CustomerBase(
        table=table,
        days=days,
        shop=shop,
        waits=waits_between_orders(days, shop=shop),
        prediction=prediction,
        currencies=currencies,
        as_of=as_of,
        data_notes=_currency_notes(orders_in, currencies),
        provenance=Provenance(
            method=prediction.model,
            customers=len(table),
            orders=int(facts["orders"].sum()),
            as_of=as_of,
            source="Fader, Hardie & Lee 2005",
        ),
        archived=archived,
        limits=limits,
    )


def learn_value(base: CustomerBase, *, preferences: Preferences, tell: Progress = silently) -> CustomerBase:
    """The same base with what learning from past days expects, for one so large that it began with BG/NBD alone."""
    if base.prediction.learnt_from_past or base.table.empty:
        return base
    bought = PurchaseDays.from_days(base.days, base.table["spend_minor"], as_of=pd.Timestamp(base.as_of))
    prediction = predict_days(bought, horizon_days=preferences.horizon_days, tell=tell)
    table = _add_value(base.table.drop(columns=VALUE), prediction, preferences)
    return replace(
        base, table=table, prediction=prediction, provenance=replace(base.provenance, method=prediction.model)
    )


def predict_base(days: pd.DataFrame, facts: pd.DataFrame, end: pd.Timestamp, *, horizon_days: int) -> ValuePrediction:
    """What is expected of everybody: by what learns from past days; of a base so large that a page would wait for it,
    by BG/NBD alone, until ``learn_value``. In: days and facts as in ``CustomerBase``.
    """
    if len(facts) > LARGE:
        return predict_summary(summary_from_facts(facts, as_of=end), horizon_days=horizon_days)
    bought = PurchaseDays.from_days(days, facts["spend_minor"], as_of=end)
    return predict_days(bought, horizon_days=horizon_days)


def _add_value(table: pd.DataFrame, prediction: ValuePrediction, preferences: Preferences) -> pd.DataFrame:
    predicted = prediction.table
    renamed = {name: f"{name}_minor" for name in ("expected_spend", "expected_spend_low", "expected_spend_high")}
    wanted = predicted[["expected_purchases", "p_active", *renamed]].rename(columns=renamed)[VALUE[:-1]]
    clv = discount_expected_spend(
        prediction,
        horizon_days=preferences.horizon_days,
        discount_rate=preferences.discount_rate,
        margin_share=preferences.margin_share,
    )
    return table.join(wanted).assign(clv_minor=clv.reindex(table.index))


def _currency_notes(orders_in: pd.DataFrame, currencies: Currencies) -> tuple[str, ...]:
    rates, base = dict(currencies.rates), currencies.base
    notes = []
    for row in orders_in[orders_in["currency"] != base].itertuples():
        who = f"{plural(int(row.orders), 'order')} in {row.currency} ({money(row.amount_minor, row.currency)})"
        one = row.orders == 1
        if row.currency in rates:
            counts = "counts" if one else "count"
            notes.append(f"{who} {counts} in every {base} figure at your rate of {rates[row.currency]}.")
        else:
            counts = "counts as an order, but its" if one else "count as orders, but their"
            notes.append(f"{who} {counts} money is not in any {base} figure. Settings takes a rate for it.")
    return tuple(notes)
