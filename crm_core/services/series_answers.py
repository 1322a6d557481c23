"""What everyone says of regular customers' spend in the days ahead: series forecasts, the model, and plain rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from crm_core.decisions.simple_rules import OWN_RATE
from crm_core.features.spend_series import monthly_spend
from crm_core.models.spend_forecast import FITTED, Method, forecast_spend
from crm_core.progress import Progress
from crm_core.services.accuracy import MODEL
from crm_core.services.customers import CustomerBase
from crm_core.services.past_answers import ask_then
from crm_core.vocabulary import DAYS_PER_MONTH

__all__ = ["ANSWERS", "RIVALS", "Answers", "ask_everyone", "known_series"]

AT_A_TIME = 10  # customers between two words on how far it is
RIVALS = (MODEL, OWN_RATE.name, Method.LAST_YEAR.value, Method.MEAN.value)
ANSWERS = (*(method.value for method in FITTED), *RIVALS)


@dataclass(frozen=True)
class Answers:
    """spend: index customer_id, a column for each of ANSWERS: expected spend within the horizon; fell_back: by method,
    for how many customers it could say nothing, so that the mean of their months answered."""

    spend: pd.DataFrame
    fell_back: dict[str, int]


@dataclass(frozen=True)
class _Told:
    spend: pd.Series
    fell_back: pd.Series


def ask_everyone(
    known: pd.DataFrame,
    customers: pd.Index,
    base: CustomerBase,
    *,
    as_of: pd.Timestamp,
    horizon_days: int,
    tell: Progress,
) -> Answers:
    """What is said of these customers at the end of a day.

    In: known: rows of known_transactions up to as_of. ``tell`` hears the share done and what is being done.
    """
    tell(0.0, "asking the model")
    others = ask_then(known, as_of, base, horizon_days=horizon_days)
    said = {
        MODEL: others.prediction.table["expected_spend"],
        OWN_RATE.name: others.rules[OWN_RATE.name]["expected_spend"],
    }
    series = known_series(known, customers, as_of=as_of)
    fell_back = dict.fromkeys(ANSWERS, 0)
    for method, asked in _ask_methods(series, horizon_days, tell):
        said[method] = pd.concat([said[method], asked.spend]) if method in said else asked.spend
        fell_back[method] += int(asked.fell_back.sum())
    return Answers(pd.DataFrame({name: said[name].reindex(customers) for name in ANSWERS}), fell_back)


def known_series(rows: pd.DataFrame, customers: pd.Index, *, as_of: date | pd.Timestamp) -> pd.DataFrame:
    """Monthly spend of these customers, refunds taken off, in their order. In: rows of known_transactions."""
    own = rows[rows["customer_id"].isin(customers)]
    renamed = own.rename(columns={"date": "ordered_on", "amount": "spend_minor"})
    return monthly_spend(renamed, as_of=as_of).reindex(customers)


def _ask_methods(series: pd.DataFrame, horizon_days: int, tell: Progress) -> Iterator[tuple[Method, _Told]]:
    """What each way to carry on a series says, a few customers at a time; the network learns from all together."""
    months = int(np.ceil(horizon_days / DAYS_PER_MONTH))
    counted = np.clip(horizon_days / DAYS_PER_MONTH - np.arange(months), 0.0, 1.0)  # the last month in part

    def ask(some: pd.DataFrame, method: Method) -> _Told:
        told = forecast_spend(some, months=months, method=method)
        return _Told(told.table @ counted, told.fell_back)

    for start in range(0, len(series), AT_A_TIME):
        tell(start / len(series), f"customer {start + 1} of {len(series)}")
        some = series.iloc[start : start + AT_A_TIME]
        yield from ((method, ask(some, method)) for method in Method if method is not Method.NETWORK)
    yield Method.NETWORK, ask(series, Method.NETWORK)
