"""What makes a model a tested one: it beats the rhythm rules on the owner's own past, by more than chance."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_core.errors import CrmError

__all__ = ["ErrorComparison", "compare_errors"]

SURE_BY = 2.0  # standard errors from which on a difference is called more than chance


@dataclass(frozen=True)
class ErrorComparison:
    """A model's mean error beside a rule's, on the same predictions.

    gain: rule's error less the model's; noise: its standard error, customers taken as independent; windows_won: in how
    many of the windows the model's mean error was the smaller one.
    """

    model_error: float
    rule_error: float
    gain: float
    noise: float
    predictions: int
    customers: int
    windows: int
    windows_won: int

    @property
    def more_than_chance(self) -> bool:
        """Whether the gain is beyond twice its standard error."""
        return self.gain > SURE_BY * self.noise

    @property
    def model_wins(self) -> bool:
        """Whether the model is better by more than chance, and in more than half of the windows."""
        return self.more_than_chance and 2 * self.windows_won > self.windows


def compare_errors(errors: pd.DataFrame) -> ErrorComparison:
    """The model's mean error beside the rule's, and whether the difference is more than chance.

    In: errors[customer_id, window, model: error, rule: error of the same prediction]. The standard error takes a
    customer's predictions of several windows as one observation; what moves all customers of a window at once it can't
    know, so ``model_wins`` also asks for more than half of the windows.

    >>> errors = pd.DataFrame({"customer_id": [1, 2, 3], "window": 0, "model": [1.0, 1, 1], "rule": [2.0, 2, 3]})
    >>> compared = compare_errors(errors)
    >>> round(compared.gain, 3), round(compared.noise, 3), compared.model_wins
    (1.333, 0.272, True)
    """
    gain = errors["rule"] - errors["model"]
    n = len(errors)
    if n == 0:
        raise CrmError("There are no errors to compare.")
    by_customer = (gain - gain.mean()).groupby(errors["customer_id"]).sum()
    by_window = gain.groupby(errors["window"]).mean()
    return ErrorComparison(
        model_error=float(errors["model"].mean()),
        rule_error=float(errors["rule"].mean()),
        gain=float(gain.mean()),
        noise=float(np.sqrt((by_customer**2).sum())) / n,
        predictions=n,
        customers=len(by_customer),
        windows=len(by_window),
        windows_won=int((by_window > 0).sum()),
    )
