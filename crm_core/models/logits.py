"""Probabilities as logits, and moved together to a wanted mean."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit

__all__ = ["as_logits", "centred", "shift_to"]

Floats = NDArray[np.float64]
SURELY = 1e-6  # P, so that logits exist


def as_logits(probability: Floats | pd.Series) -> Floats:
    """Logits of probabilities, of 0 and 1 too."""
    return np.asarray(logit(np.clip(np.asarray(probability, np.float64), SURELY, 1 - SURELY)))


def shift_to(logits: Floats, mean: float) -> float:
    """What has to be added to logits for their probabilities to have a mean.

    >>> round(shift_to(np.zeros(3), 0.5), 6)
    0.0
    """
    mean = min(max(mean, SURELY), 1 - SURELY)
    return float(brentq(lambda by: expit(logits + by).mean() - mean, -40, 40))


def centred(logits: Floats, mean: float) -> Floats:
    """Logits moved so that their probabilities have a mean."""
    return logits + shift_to(logits, float(mean))
