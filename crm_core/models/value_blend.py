"""Purchases and P(active) by the average of three opinions, or by the candidate that beat it on the shop's own past.

The average, in logarithms, is of BG/NBD, a GLM on the customers' rhythm, and everyone's own rate. How much the own rate
weighs depends on how far the horizon reaches beyond what the shop's past can test: a window as long as the horizon, or
half of what was seen. Beyond that the total is not taken higher than the own rate says, because models of buying and
leaving overstate the far future of a base that keeps growing. Where the same season of a year ago was seen, its level
corrects the total. A candidate that stands in for the average is brought to its level.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from crm_core.features.purchase_days import PurchaseDays
from crm_core.models.bg_nbd import BetaGeoNBD
from crm_core.models.gamma_gamma import GammaGamma
from crm_core.models.logits import as_logits, centred, shift_to
from crm_core.models.own_rate import OwnRate
from crm_core.models.past_windows import LEAST, SHORTEST_HISTORY, PastWindows, model_says
from crm_core.models.spend_per_day import fit_spend, spend_per_day
from crm_core.models.value_candidates import (
    AVERAGE,
    FAMILY,
    GLM,
    LEARNT,
    OWN_RATE,
    Chosen,
    Known,
    Said,
    ask_family,
    ask_rule,
)
from crm_core.vocabulary import DAYS_PER_YEAR

__all__ = ["UNTESTED", "Outlook", "ValueBlend"]

Floats = NDArray[np.float64]
SEASON_TRUST = 0.8  # of what one year says of a season
YEAR = round(DAYS_PER_YEAR)
SEASONED, UNTESTED = (
    0.25,
    0.35,
)  # how far totals of shops stray, as a logarithm, where last year's season is known or not
USUAL_DOUBT_COUNTS = 3  # as so many windows
GLM_SHARE = {"purchases": 1 / 2, "active": 2 / 3}  # of what the own rate leaves
RATE_SHARE = {"purchases": 1.0, "active": 0.4}  # of the untested share of the horizon


@dataclass(frozen=True)
class Outlook:
    """What is expected of the customers known at the end of a day, one entry each, before the season.

    ``opinions``: P(active) of each of the three, as logits; ``per_purchase``: spend per purchase day by Gamma-Gamma and
    the customer's own mean together.
    """

    summary: pd.DataFrame
    purchases: Floats
    logits: Floats
    opinions: Floats
    rates: BetaGeoNBD
    spend: GammaGamma
    per_purchase: Floats


class ValueBlend:
    """Fitted on ``days`` for one horizon; ``chosen``: who answers, by default the average.

    windows: the days at whose ends it learnt; none: too little to learn from. window_days: how long each was.
    """

    def __init__(self, days: PurchaseDays, *, horizon_days: float) -> None:
        self.days, self.horizon_days = days, float(horizon_days)
        self.past = PastWindows(days, horizon_days=horizon_days)
        self.windows, self.window_days = self.past.ends, self.past.window_days
        self.untested_share = self.past.untested_share
        self.chosen = Chosen()

    @property
    def level_doubt(self) -> float:
        """How far a total strays from what was expected, as a logarithm: of past windows, and of shops in general."""
        usual = SEASONED if self.season[0] else UNTESTED
        squares = USUAL_DOUBT_COUNTS * usual**2 + float(np.square(self.past.misses).sum())
        tested = squares / (USUAL_DOUBT_COUNTS + len(self.past.misses))
        return float(np.sqrt(tested * (1 + self.untested_share)))

    def said(self, name: str, until: int, ahead: float) -> Said:
        """What one candidate says of the days after the end of a day, at its own level."""
        known = self.past.known(until)
        if name == AVERAGE:
            told = self._average(known, ahead)[0]
            return Said(told.purchases, told.p_active)
        if name == OWN_RATE:
            return self._own_rate(known, ahead)
        if name in FAMILY:
            return ask_family(name, known, ahead=ahead)
        if name in LEARNT:
            return self._learnt(name, known, ahead)
        return ask_rule(name, known, ahead=ahead)

    def outlook(self, until: int, *, ahead: float | None = None) -> Outlook:
        """What is expected in the days after the end of a day, from what was known then; default: in the horizon."""
        known, ahead = self.past.known(until), ahead or self.horizon_days
        average, opinions = self._average(known, ahead)
        purchases, logits = average.purchases, as_logits(average.p_active)
        if self.chosen.purchases != AVERAGE:
            alone = np.maximum(self.said(self.chosen.purchases, until, ahead).purchases, LEAST)
            purchases = alone * (purchases.sum() / alone.sum())
        if self.chosen.active != AVERAGE:
            alone = as_logits(self.said(self.chosen.active, until, ahead).p_active)
            logits = centred(alone, expit(logits).mean())
        spend = fit_spend(known.summary)
        per_purchase = spend_per_day(spend, known.summary)
        return Outlook(known.summary, purchases, logits, opinions, known.rates, spend, per_purchase)

    def past_window(self) -> tuple[Outlook, Floats, Floats]:
        """The latest window: what was expected of it, and everyone's purchase days and spend in it."""
        until = self.windows[0]
        bought, spent = self.days.within(until, until + self.window_days)
        told = self.outlook(until, ahead=self.window_days)
        return told, bought[told.summary.index], spent[told.summary.index]

    @cached_property
    def season(self) -> tuple[float, float]:
        """How far the same season of a year ago was from what would have been expected of it: of purchases as a
        logarithm, of P(active) as a logit; 0 where it was not seen."""
        year_ago = self.days.last_day - YEAR
        earliest = max(SHORTEST_HISTORY, self.window_days // 2)
        if self.untested_share > 0 or self.horizon_days > YEAR or year_ago < earliest:
            return 0.0, 0.0
        told = self.outlook(year_ago)
        bought = self.days.within(year_ago, year_ago + self.horizon_days)[0][told.summary.index]
        if not bought.any():
            return 0.0, 0.0
        moved = shift_to(told.logits, float((bought > 0).mean()))
        return SEASON_TRUST * float(np.log(bought.sum() / told.purchases.sum())), SEASON_TRUST * moved

    def _average(self, known: Known, ahead: float) -> tuple[Said, Floats]:
        """The average at the level that is believed, and P(active) of its three parts as logits."""
        model, learnt = model_says(known, ahead), self._learnt(GLM, known, ahead)
        rate = self._own_rate(known, ahead)
        told = [np.log(np.maximum(said.purchases, LEAST)) for said in (model, learnt, rate)]
        opinions = [as_logits(said.p_active) for said in (model, learnt, rate)]
        purchases, share = np.exp(self._mean("purchases", *told)), self.untested_share
        cap = min(1.0, float(rate.purchases.sum() / model.purchases.sum())) ** min(1.0, 2 * share)
        level = float(model.purchases.sum()) * cap
        cautious = (1 - share) / 2 * (opinions[0] + opinions[1]) + share * opinions[2]
        logits = centred(self._mean("active", *opinions), expit(cautious).mean())
        return Said(purchases * (level / purchases.sum()), expit(logits)), np.column_stack(opinions)

    def _own_rate(self, known: Known, ahead: float) -> Said:
        own = OwnRate().fit(known.summary, observed_days=known.until + 1)
        purchases = np.maximum(own.expected_purchases(known.summary, days=ahead).to_numpy(np.float64), LEAST)
        return Said(purchases, own.p_active(known.summary, days=ahead).to_numpy(np.float64))

    def _learnt(self, name: str, known: Known, ahead: float) -> Said:
        """BG/NBD with what a learnt model adds, at BG/NBD's level."""
        model = model_says(known, ahead)
        of_window = model_says(known, self.window_days)
        more, likelier = self.past.relative(name, known, of_window)
        purchases, logits = model.purchases * np.exp(more), as_logits(model.p_active)
        purchases *= model.purchases.sum() / purchases.sum()
        return Said(purchases, expit(centred(logits + likelier, expit(logits).mean())))

    def _mean(self, what: str, model: Floats, learnt: Floats, rate: Floats) -> Floats:
        of_rate = RATE_SHARE[what] * self.untested_share
        of_learnt = (1 - of_rate) * GLM_SHARE[what]
        return (1 - of_rate - of_learnt) * model + of_learnt * learnt + of_rate * rate
