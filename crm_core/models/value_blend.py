"""Purchases and P(active) from three opinions: BG/NBD, a GLM on the customers' rhythm, and everyone's own rate.

They are averaged in logarithms. How much the own rate weighs depends on how far the horizon reaches beyond what the
shop's past can test: a window as long as the horizon, or half of what was seen. Beyond that the total is not taken
higher than the own rate says, because models of buying and leaving overstate the far future of a base that keeps
growing. Where the same season of a year ago was seen, its level corrects the total.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit

from crm_core.features.purchase_days import PurchaseDays
from crm_core.features.window_facts import window_facts
from crm_core.models.bg_nbd import BetaGeoNBD
from crm_core.models.gamma_gamma import GammaGamma
from crm_core.models.own_rate import OwnRate
from crm_core.models.purchase_family import FEW_REPEAT_BUYERS
from crm_core.models.window_glm import WindowGLM
from crm_core.vocabulary import DAYS_PER_YEAR

__all__ = ["Outlook", "ValueBlend", "centred", "fit_spend"]

Floats = NDArray[np.float64]
SHORTEST_HISTORY = 60  # days before a window that customers' facts need
MOST_WINDOWS = 5
LEAST_STEP = 14  # days between windows
MOST_LEARNT_FROM = 60_000  # rows of all windows together
SEASON_TRUST = 0.8  # of what one year says of a season
YEAR = round(DAYS_PER_YEAR)
LEAST_DOUBT = 0.05  # of the level, as a logarithm
LEAST = 1e-4  # expected purchases, so that logarithms exist
SURELY = 1e-6  # P, so that logits exist
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
    """Fitted on ``days`` for one horizon.

    windows: the days at whose ends it learnt; none: too little to learn from. window_days: how long each was;
    untested_share: of the horizon; level_doubt: how far totals were from what was expected, as a logarithm.
    """

    def __init__(self, days: PurchaseDays, *, horizon_days: float) -> None:
        self.days, self.horizon_days = days, float(horizon_days)
        self.window_days = int(min(np.ceil(horizon_days), (days.last_day + 1) // 2))
        self.untested_share = max(0.0, 1 - self.window_days / horizon_days)
        self.level_doubt = LEAST_DOUBT
        self._seen: dict[int, tuple[pd.DataFrame, BetaGeoNBD, pd.DataFrame]] = {}
        self.windows = self._windows()
        if self.windows and not self._learn():
            self.windows = []

    def outlook(self, until: int, *, ahead: float | None = None) -> Outlook:
        """What is expected in the days after the end of a day, from what was known then; default: in the horizon."""
        summary, rates, facts = self._known(until)
        own = OwnRate().fit(summary, observed_days=until + 1)
        ahead = ahead or self.horizon_days
        model = np.maximum(rates.expected_purchases(summary, days=ahead).to_numpy(), LEAST)
        learnt = model * np.exp(self._counts.relative(facts))
        learnt *= model.sum() / learnt.sum()
        rate = np.maximum(own.expected_purchases(summary, days=ahead).to_numpy(), LEAST)
        p_model = _logits(rates.p_active(summary, days=ahead))
        p_learnt = centred(p_model + self._active.relative(facts), expit(p_model).mean())
        p_rate = _logits(own.p_active(summary, days=ahead))
        purchases = np.exp(self._mean("purchases", np.log(model), np.log(learnt), np.log(rate)))
        level = float(model.sum()) * min(1.0, float(rate.sum() / model.sum())) ** min(1.0, 2 * self.untested_share)
        together = self._mean("active", p_model, p_learnt, p_rate)
        share = self.untested_share
        cautious = (1 - share) / 2 * (p_model + p_learnt) + share * p_rate
        spend = fit_spend(summary)
        return Outlook(
            summary=summary,
            purchases=purchases * (level / purchases.sum()),
            logits=centred(together, expit(cautious).mean()),
            opinions=np.column_stack([p_model, p_learnt, p_rate]),
            rates=rates,
            spend=spend,
            per_purchase=_per_purchase(spend, summary),
        )

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
        moved = _shift(told.logits, float((bought > 0).mean()))
        return SEASON_TRUST * float(np.log(bought.sum() / told.purchases.sum())), SEASON_TRUST * moved

    def _windows(self) -> list[int]:
        last, length = self.days.last_day, self.window_days
        earliest = max(SHORTEST_HISTORY, length // 2, 0 if self.untested_share > 0 else (last + 1) // 3)
        step = max(length // 2, LEAST_STEP)
        return list(range(last - length, earliest - 1, -step))[:MOST_WINDOWS] if length > 0 else []

    def _learn(self) -> bool:
        """Fit the GLMs on all windows; whether there was enough to learn from."""
        parts = [part for until in self.windows if (part := self._window(until)) is not None]
        if not parts:
            return False
        facts = pd.concat([part[0] for part in parts], ignore_index=True)
        bought, purchases, active = (np.concatenate(column) for column in list(zip(*parts, strict=True))[1:])
        missed = [np.log(max(part[1].sum(), 1.0) / part[2].sum()) for part in parts]
        self.level_doubt = max(LEAST_DOUBT, float(np.sqrt(np.mean(np.square(missed)))))
        window = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
        if min((bought > 0).sum(), (bought == 0).sum()) < FEW_REPEAT_BUYERS:
            return False
        some = _thinned(len(window))
        facts, window = facts.iloc[some], window[some]
        outcome, happened = bought[some], (bought[some] > 0).astype(np.float64)
        self._counts = WindowGLM("poisson").fit(facts, outcome, offset=np.log(purchases[some]), window=window)
        self._active = WindowGLM("logistic").fit(facts, happened, offset=active[some], window=window)
        return True

    def _window(self, until: int) -> tuple[pd.DataFrame, Floats, Floats, Floats] | None:
        """Facts at the end of a day, purchases in the window after it, and what BG/NBD expected of it."""
        summary, rates, facts = self._known(until)
        if rates.repeat_buyers_ < FEW_REPEAT_BUYERS:
            return None
        bought = self.days.within(until, until + self.window_days)[0][summary.index]
        expected = np.maximum(rates.expected_purchases(summary, days=self.window_days).to_numpy(), LEAST)
        return facts, bought, expected, _logits(rates.p_active(summary, days=self.window_days))

    def _known(self, until: int) -> tuple[pd.DataFrame, BetaGeoNBD, pd.DataFrame]:
        """The summary, BG/NBD and the facts as of the end of a day, worked out once."""
        if until not in self._seen:
            summary = self.days.summary(until)
            facts = window_facts(self.days, summary, until=until, window_days=self.window_days)
            self._seen[until] = summary, BetaGeoNBD().fit(summary), facts
        return self._seen[until]

    def _mean(self, what: str, model: Floats, learnt: Floats, rate: Floats) -> Floats:
        of_rate = RATE_SHARE[what] * self.untested_share
        of_learnt = (1 - of_rate) * GLM_SHARE[what]
        return (1 - of_rate - of_learnt) * model + of_learnt * learnt + of_rate * rate


def fit_spend(summary: pd.DataFrame) -> GammaGamma:
    """Gamma-Gamma, or one unit of money per purchase day where no amount is known."""
    return GammaGamma().fit(_counted(summary))


def _counted(summary: pd.DataFrame) -> pd.DataFrame:
    if summary["total_spend"].notna().any():
        return summary
    return summary.assign(total_spend=summary["purchase_days"], mean_repeat_spend=np.nan)


def _per_purchase(spend: GammaGamma, summary: pd.DataFrame) -> Floats:
    """What a purchase day brings: between Gamma-Gamma's estimate and the customer's own mean so far."""
    counted = _counted(summary)
    usual = spend.expected_spend(counted).to_numpy()
    own = (counted["total_spend"] / counted["purchase_days"]).to_numpy(np.float64)
    own = np.where(np.isfinite(own), own, usual)
    return np.asarray(np.sqrt(usual * np.maximum(own, usual / 20)))


def _logits(probability: pd.Series) -> Floats:
    return np.asarray(logit(np.clip(probability.to_numpy(np.float64), SURELY, 1 - SURELY)))


def _shift(logits: Floats, mean: float) -> float:
    """What has to be added to logits for their probabilities to have a mean."""
    mean = min(max(mean, SURELY), 1 - SURELY)
    return float(brentq(lambda by: expit(logits + by).mean() - mean, -40, 40))


def centred(logits: Floats, mean: float) -> Floats:
    """Logits moved so that their probabilities have a mean."""
    return logits + _shift(logits, float(mean))


def _thinned(rows: int) -> NDArray[np.intp]:
    """Which rows are learnt from: all, or evenly spaced ones."""
    return np.unique(np.linspace(0, rows - 1, min(rows, MOST_LEARNT_FROM)).astype(np.intp))
