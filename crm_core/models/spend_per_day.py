"""What a purchase day brings, per customer: Gamma-Gamma and the customer's own mean, or 1 where no amount is known."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.models.gamma_gamma import GammaGamma

__all__ = ["fit_spend", "spend_per_day"]

LEAST_OF_USUAL = 1 / 20  # of Gamma-Gamma's estimate; below it an own mean says little


def fit_spend(summary: pd.DataFrame) -> GammaGamma:
    """Gamma-Gamma, or one unit of money per purchase day where no amount is known."""
    return GammaGamma().fit(_counted(summary))


def spend_per_day(spend: GammaGamma, summary: pd.DataFrame) -> NDArray[np.float64]:
    """Between Gamma-Gamma's estimate and the customer's own mean so far: their geometric mean."""
    counted = _counted(summary)
    usual = spend.expected_spend(counted).to_numpy()
    own = (counted["total_spend"] / counted["purchase_days"]).to_numpy(np.float64)
    own = np.where(np.isfinite(own), own, usual)
    return np.asarray(np.sqrt(usual * np.maximum(own, usual * LEAST_OF_USUAL)))


def _counted(summary: pd.DataFrame) -> pd.DataFrame:
    if summary["total_spend"].notna().any():
        return summary
    return summary.assign(total_spend=summary["purchase_days"], mean_repeat_spend=np.nan)
