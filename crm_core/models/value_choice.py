"""Which candidate answers, decided on the shop's own past: what would each have said before the latest window?

The window is part of what is known, so nothing of the days ahead enters. Candidates are compared at the window's own
level, because one window says much about who buys and little about how much all together will. The average of three
opinions answers unless one candidate alone was better by more than twice the noise: a choice from many by one window is
as often wrong as right, an average is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.models.logits import as_logits, centred
from crm_core.models.value_blend import ValueBlend
from crm_core.models.value_candidates import AVERAGE, CANDIDATES, Chosen, Said
from crm_core.progress import Progress, silently

__all__ = ["Choice", "choose_candidate"]

Floats = NDArray[np.float64]
SURE_BY = 2.0  # standard errors by which a candidate has to be better than the average
LEAST_SHARE = 0.01  # of the mean, that a candidate's purchases are at least taken for
QUESTIONS = ("purchases", "active")


@dataclass(frozen=True)
class Choice:
    """Who answers, and what that rests on.

    table: index candidate, the simplest first, [purchases: mean Poisson deviance, active: Brier score, both at the
    window's own level; purchases_gain, active_gain: on the average; purchases_noise, active_noise: their standard
    errors]; empty where nothing could be tested. customers: in the window; window_days: how long it was.
    """

    chosen: Chosen
    table: pd.DataFrame
    customers: int = 0
    window_days: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """Where nothing could be tested: that, as a sentence."""
        if len(self.table):
            return ()
        return ("The past is too short to test models against each other on it, so the average of three answers.",)


def choose_candidate(blend: ValueBlend, *, tell: Progress = silently) -> Choice:
    """Ask every candidate at the beginning of the latest window, with what was known then; ``tell`` hears how far.

    >>> from crm_core.features.purchase_days import PurchaseDays
    >>> rows = pd.DataFrame({"customer_id": ["a"], "date": pd.to_datetime(["2026-01-01"])})
    >>> few = ValueBlend(PurchaseDays.from_transactions(rows, observation_end="2026-03-01"), horizon_days=30)
    >>> choose_candidate(few).chosen
    Chosen(purchases='average', active='average')
    """
    untested = Choice(Chosen(), pd.DataFrame())
    if not blend.windows:
        return untested
    began, length = blend.windows[0], blend.window_days
    inner = ValueBlend(blend.days.known_at(began), horizon_days=length)
    if not inner.windows:
        return untested
    bought = blend.days.within(began, began + length)[0][inner.past.known(began).summary.index]
    if not 0 < (bought > 0).sum() < len(bought):
        return untested
    losses = {}
    for place, name in enumerate(CANDIDATES):
        tell(place / len(CANDIDATES), "Asking each model what it would have said")
        losses[name] = _losses(inner.said(name, began, length), bought)
    table = _compared(losses)
    chosen = {question: _best(table, question) for question in QUESTIONS}
    return Choice(Chosen(**chosen), table, len(bought), length)


def _losses(said: Said, bought: Floats) -> dict[str, Floats]:
    """Per customer what a candidate was off by, brought to the level of what happened."""
    purchases = np.maximum(said.purchases, LEAST_SHARE * bought.mean())
    purchases = purchases * (bought.sum() / purchases.sum())
    happened = (bought > 0).astype(np.float64)
    p_active = 1 / (1 + np.exp(-centred(as_logits(said.p_active), happened.mean())))
    return {
        "purchases": 2 * (purchases - bought * np.log(purchases)) + _saturated(bought),
        "active": (p_active - happened) ** 2,
    }


def _saturated(bought: Floats) -> Floats:
    """What makes the deviance 0 where exactly as many purchases were expected as came."""
    return np.where(bought > 0, 2 * (bought * np.log(np.maximum(bought, 1.0)) - bought), 0.0)


def _compared(losses: Mapping[str, Mapping[str, Floats]]) -> pd.DataFrame:
    rows = {}
    for name, loss in losses.items():
        row = {}
        for question in QUESTIONS:
            gain = losses[AVERAGE][question] - loss[question]
            row[question] = loss[question].mean()
            row[f"{question}_gain"] = gain.mean()
            row[f"{question}_noise"] = gain.std() / np.sqrt(len(gain))
        rows[name] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("candidate")


def _best(table: pd.DataFrame, question: str) -> str:
    """The candidate with the greatest gain on the average that is more than noise, or the average."""
    gain, noise = table[f"{question}_gain"], table[f"{question}_noise"]
    sure = gain.where(gain > SURE_BY * noise, 0.0)
    return str(sure.idxmax()) if sure.max() > 0 else AVERAGE
