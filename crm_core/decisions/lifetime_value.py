"""Customer lifetime value: from the owner's plan of years, and from expected purchases discounted month by month."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crm_core.errors import CrmError
from crm_core.models.value import ValuePrediction
from crm_core.vocabulary import DAYS_PER_MONTH, DAYS_PER_YEAR

__all__ = ["discount_expected_spend", "plan_lifetime_value", "present_values", "profit_lifetime_value"]


def plan_lifetime_value(
    revenues: Sequence[float], probabilities: Sequence[float], *, discount_rate: float, acquisition_cost: float = 0.0
) -> float:
    """Present value of planned yearly revenues, each weighted by the probability that the customer buys that year.

    In: revenue of year 1, 2, ... in any money unit, probabilities 0..1, a yearly discount rate (.05 is 5 %). Year t
    counts as earned at its end. Out: money in the same unit, less the cost of acquiring the customer.

    >>> round(plan_lifetime_value([2000, 2500, 3000], [0.8, 0.75, 0.7], discount_rate=0.05), 2)
    5038.55
    """
    if len(revenues) != len(probabilities):
        raise CrmError(
            f"Each year needs a revenue and a probability; got {len(revenues)} revenues and "
            f"{len(probabilities)} probabilities."
        )
    for year, probability in enumerate(probabilities, start=1):
        if not 0 <= probability <= 1:
            raise CrmError(f"Year {year}: a probability lies between 0 and 1; got {probability:g}.")
    expected = [revenue * probability for revenue, probability in zip(revenues, probabilities, strict=True)]
    return profit_lifetime_value(expected, discount_rate=discount_rate, acquisition_cost=acquisition_cost)


def profit_lifetime_value(profits: Sequence[float], *, discount_rate: float, acquisition_cost: float = 0.0) -> float:
    """Present value of yearly profits (planned or forecast, negative ones too) less the cost of acquiring the customer.

    >>> round(profit_lifetime_value([1000, 1200], discount_rate=0.10), 2)
    1900.83
    """
    _check_rate(discount_rate)
    for year, profit in enumerate(profits, start=1):
        if not np.isfinite(profit):
            raise CrmError(f"Year {year} has no amount; write 0 for a year without any.")
    if not (np.isfinite(acquisition_cost) and acquisition_cost >= 0):
        raise CrmError(f"The cost of winning a customer must be 0 or more; got {acquisition_cost:g}.")
    return float(sum(present_values(profits, discount_rate=discount_rate)) - acquisition_cost)


def present_values(profits: Sequence[float], *, discount_rate: float) -> list[float]:
    """What each year's profit is worth today, year 1 first.

    >>> [round(value, 2) for value in present_values([1000, 1200], discount_rate=0.10)]
    [909.09, 991.74]
    """
    _check_rate(discount_rate)
    return [profit / (1 + discount_rate) ** year for year, profit in enumerate(profits, start=1)]


def discount_expected_spend(
    prediction: ValuePrediction, *, horizon_days: float, margin_share: float = 1.0, discount_rate: float = 0.0
) -> pd.Series:
    """Lifetime value per customer: margin x spend per purchase x discounted increments of expected purchases.

    Periods are months (the last one may be shorter); what falls into one counts at its end. margin_share 0..1,
    discount_rate yearly. Out: index of the prediction, money in the unit of its amounts.
    Source: Fader, Hardie & Lee (2005), RFM and CLV, J. Marketing Research 42(4), with a finite horizon.
    """
    _check_rate(discount_rate)
    if not 0 <= margin_share <= 1:
        raise CrmError(f"The margin is a share between 0 and 1; got {margin_share:g}.")
    if not (np.isfinite(horizon_days) and horizon_days > 0):
        raise CrmError(f"The horizon must be a number of days above 0; got {horizon_days:g}.")
    whole = np.arange(DAYS_PER_MONTH, horizon_days - 1e-9, DAYS_PER_MONTH)
    ends = [*whole.tolist(), float(horizon_days)]
    path = prediction.purchase_path(ends).to_numpy()
    increments = np.diff(path, axis=1, prepend=0.0)
    discounted = increments @ (1 + discount_rate) ** (-np.array(ends) / DAYS_PER_YEAR)
    return (margin_share * discounted * prediction.spend_per_purchase).rename("clv")


def _check_rate(discount_rate: float) -> None:
    if not (np.isfinite(discount_rate) and discount_rate > -1):
        raise CrmError(f"The discount rate is a yearly share such as 0.10, above -1; got {discount_rate:g}.")
