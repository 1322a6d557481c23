"""The shop's own past, cut into windows as long as the horizon: what was known before each, and what followed."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.features.even_places import even_places
from crm_core.features.purchase_days import PurchaseDays
from crm_core.features.window_facts import window_facts
from crm_core.models.bg_nbd import BetaGeoNBD
from crm_core.models.logits import as_logits
from crm_core.models.purchase_family import FEW_REPEAT_BUYERS
from crm_core.models.value_candidates import GLM, Known, Said
from crm_core.models.window_boosting import WindowBoosting
from crm_core.models.window_glm import WindowGLM

__all__ = ["LEAST", "PastWindows", "model_says"]

Floats = NDArray[np.float64]
Learner = WindowGLM | WindowBoosting
SHORTEST_HISTORY = 60  # days before a window that customers' facts need
MOST_WINDOWS = 5
LEAST_STEP = 14  # days between windows
MOST_LEARNT_FROM = 30_000  # rows of all windows together
LEAST = 1e-4  # expected purchases, so that logarithms exist


class PastWindows:
    """Windows of ``days`` for one horizon, the latest first, and what is learnt from them.

    window_days: how long each is; untested_share: of the horizon; ends: the days at whose ends they begin, none where
    there is too little to learn from; misses: of each, how far the purchases were from BG/NBD's, as a logarithm.
    """

    def __init__(self, days: PurchaseDays, *, horizon_days: float) -> None:
        self.days = days
        self.window_days = int(min(np.ceil(horizon_days), (days.last_day + 1) // 2))
        self.untested_share = max(0.0, 1 - self.window_days / horizon_days)
        self.misses: list[float] = []
        self._known: dict[int, Known] = {}
        self._learnt: dict[str, tuple[Learner, Learner]] = {}
        self.ends = self._days_before()
        if self.ends and not self._stack():
            self.ends = []

    def known(self, until: int) -> Known:
        """The summary, BG/NBD and the facts as of the end of a day, worked out once."""
        if until not in self._known:
            summary = self.days.summary(until)
            facts = window_facts(self.days, summary, until=until, window_days=self.window_days)
            self._known[until] = Known(self.days, until, summary, BetaGeoNBD().fit(summary), facts)
        return self._known[until]

    def relative(self, name: str, known: Known, offset: Said) -> tuple[Floats, Floats]:
        """How far a learnt model moves customers: of log purchases, and of P(active)'s logit.

        ``offset``: what BG/NBD says of a window.
        """
        counts, active = self._models(name)
        log_purchases, logits = np.log(offset.purchases), as_logits(offset.p_active)
        return counts.relative(known.facts, offset=log_purchases), active.relative(known.facts, offset=logits)

    def _models(self, name: str) -> tuple[Learner, Learner]:
        if name not in self._learnt:
            kind: type[Learner] = WindowGLM if name == GLM else WindowBoosting
            facts, bought, said, window = self._rows
            shared = {"window": window}
            counts = kind("poisson").fit(facts, bought, offset=np.log(said.purchases), **shared)
            happened = (bought > 0).astype(np.float64)
            active = kind("logistic").fit(facts, happened, offset=as_logits(said.p_active), **shared)
            self._learnt[name] = counts, active
        return self._learnt[name]

    def _days_before(self) -> list[int]:
        last, length = self.days.last_day, self.window_days
        earliest = max(SHORTEST_HISTORY, length // 2, 0 if self.untested_share > 0 else (last + 1) // 3)
        step = max(length // 2, LEAST_STEP)
        return list(range(last - length, earliest - 1, -step))[:MOST_WINDOWS] if length > 0 else []

    def _stack(self) -> bool:
        """The windows below each other; whether there is enough to learn from."""
        parts: list[tuple[pd.DataFrame, Floats, Said]] = []
        happened = np.zeros(2)
        for until in self.ends:
            part = self._window(until)
            if until != self.ends[0]:  # nobody asks for it again, and it is large
                self._known.pop(until, None)
            if part is None:
                continue
            _, bought, said = part
            self.misses.append(float(np.log(max(bought.sum(), 1.0) / said.purchases.sum())))
            happened += (bought > 0).sum(), (bought == 0).sum()
            parts.append(_thinned(*part, most=MOST_LEARNT_FROM // len(self.ends)))
        if not parts:
            return False
        facts = pd.concat([part[0] for part in parts], ignore_index=True)
        bought = np.concatenate([part[1] for part in parts])
        purchases = np.concatenate([part[2].purchases for part in parts])
        p_active = np.concatenate([part[2].p_active for part in parts])
        window = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
        self._rows = facts, bought, Said(purchases, p_active), window
        return bool(happened.min() >= FEW_REPEAT_BUYERS)

    def _window(self, until: int) -> tuple[pd.DataFrame, Floats, Said] | None:
        """Facts at the end of a day, purchases in the window after it, and what BG/NBD expected of it."""
        known = self.known(until)
        if known.rates.repeat_buyers_ < FEW_REPEAT_BUYERS:
            return None
        bought = self.days.within(until, until + self.window_days)[0][known.summary.index]
        return known.facts, bought, model_says(known, self.window_days)


def model_says(known: Known, ahead: float) -> Said:
    """What BG/NBD says, never quite nothing."""
    purchases = known.rates.expected_purchases(known.summary, days=ahead).to_numpy(np.float64)
    return Said(np.maximum(purchases, LEAST), known.rates.p_active(known.summary, days=ahead).to_numpy(np.float64))


def _thinned(facts: pd.DataFrame, bought: Floats, said: Said, *, most: int) -> tuple[pd.DataFrame, Floats, Said]:
    """All customers of a window, or evenly spaced ones."""
    some = even_places(len(facts), most)
    return facts.iloc[some], bought[some], Said(said.purchases[some], said.p_active[some])
