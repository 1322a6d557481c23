"""What may answer how often somebody buys and whether at all: simple rules, models of buying and leaving, learnt ones.

Each says what it expects of the customers known at the end of a day, in the days ahead. All are brought to one level
afterwards: which of them tells customers apart best is one question, how much all together will buy another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.features.purchase_days import PurchaseDays
from crm_core.features.purchase_summary import facts_from_summary, rate_ahead
from crm_core.features.rfm import rfm_table
from crm_core.models.bg_nbd import BetaGeoNBD
from crm_core.models.mbg_nbd import ModifiedBetaGeoNBD
from crm_core.models.pareto_nbd import ParetoNBD
from crm_core.models.purchase_family import PurchaseModel

__all__ = [
    "AVERAGE", "BOOSTING", "CANDIDATES", "FAMILY", "GLM", "LEARNT", "OWN_RATE", "RULES", "Chosen", "Known", "Said",
    "ask_family", "ask_rule",
]  # fmt: skip

Floats = NDArray[np.float64]
HIATUS_DAYS = 182  # half a year of silence
ANY_DAY = date(2000, 1, 1)

OWN_RATE = "own rate"
LAST_PERIOD, HIATUS, RFM = "last period again", "own rate until half a year silent", "RFM"
RULES = (OWN_RATE, LAST_PERIOD, HIATUS, RFM)
FAMILY: Mapping[str, type[PurchaseModel]] = MappingProxyType(
    {"BG/NBD": BetaGeoNBD, "MBG/NBD": ModifiedBetaGeoNBD, "Pareto/NBD": ParetoNBD}
)
GLM, BOOSTING = "rhythm GLM", "gradient boosting"
LEARNT = (GLM, BOOSTING)
AVERAGE = "average"
CANDIDATES = (*RULES, *FAMILY, *LEARNT, AVERAGE)  # the simplest first


@dataclass(frozen=True)
class Known:
    """What is known at the end of a day: the summary, BG/NBD fitted on it, and the facts for learnt models."""

    days: PurchaseDays
    until: int
    summary: pd.DataFrame
    rates: BetaGeoNBD
    facts: pd.DataFrame


@dataclass(frozen=True)
class Said:
    """One entry per customer known: expected purchase days, and P(at least one), in the days ahead."""

    purchases: Floats
    p_active: Floats


@dataclass(frozen=True)
class Chosen:
    """Which candidate answers how often somebody buys, and which whether at all."""

    purchases: str = AVERAGE
    active: str = AVERAGE


def ask_family(name: str, known: Known, *, ahead: float) -> Said:
    """What BG/NBD, MBG/NBD or Pareto/NBD says, fitted on what is known."""
    model = known.rates if name == BetaGeoNBD.NAME else FAMILY[name]().fit(known.summary)
    return Said(
        model.expected_purchases(known.summary, days=ahead).to_numpy(np.float64),
        model.p_active(known.summary, days=ahead).to_numpy(np.float64),
    )


def ask_rule(name: str, known: Known, *, ahead: float) -> Said:
    """What a simple rule other than the own rate says; a number of purchases is read as the mean of a Poisson."""
    if name == RFM:
        return _by_count(_of_rfm_peers(known, ahead))
    summary = known.summary
    if name == LAST_PERIOD:
        return _by_count(_last_period(known, known.until, ahead))
    rate = rate_ahead(summary, days=ahead).to_numpy(np.float64)
    silence = (summary["tenure_days"] - summary["first_to_last_days"]).to_numpy(np.float64)
    return _by_count(np.where(silence <= HIATUS_DAYS, rate, 0.0))


def _last_period(known: Known, until: int, ahead: float) -> Floats:
    """Purchase days in as many days before a day as lie ahead, or in all of them, taken for as many."""
    seen = min(float(until + 1), ahead)
    bought = known.days.within(until - seen, until)[0][known.summary.index]
    return np.asarray(bought * (ahead / seen))


def _of_rfm_peers(known: Known, ahead: float) -> Floats:
    """What customers with the same sum of RFM scores at the beginning of the last period bought in it, on average."""
    seen = min((known.until + 1) // 2, round(ahead))
    began = known.until - seen
    before = known.days.summary(began)
    if before.empty or seen < 1:
        return np.zeros(len(known.summary))
    bought = known.days.within(began, known.until)[0][before.index] * (ahead / seen)
    by_sum = pd.Series(bought).groupby(_rfm_sums(before, began)).mean()
    sums = pd.Series(_rfm_sums(known.summary, known.until))
    return np.asarray(sums.map(by_sum).fillna(float(bought.mean())), np.float64)


def _rfm_sums(summary: pd.DataFrame, until: int) -> Floats:
    end = ANY_DAY + timedelta(days=until)
    return np.asarray(rfm_table(facts_from_summary(summary, as_of=end), as_of=end)["rfm_sum"], np.float64)


def _by_count(purchases: Floats) -> Said:
    return Said(purchases, -np.expm1(-purchases))
