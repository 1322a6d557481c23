"""Customers who behave exactly as BG/NBD and Gamma-Gamma suppose, with known parameters."""

import numpy as np
import pandas as pd

RATES = {"r": 0.5, "alpha": 60.0, "a": 0.7, "b": 2.5}  # in days
SPEND = {"p": 6.0, "q": 4.0, "gamma": 15.0}


def simulate_summary(customers: int, *, seed: int, longest_days: int = 730, **rates: float) -> pd.DataFrame:
    """A purchase summary in whole days: gamma purchase rates, geometric dropout, gamma-gamma spend."""
    random = np.random.default_rng(seed)
    known = {**RATES, **rates}
    tenure = random.integers(1, longest_days, customers).astype(float)
    rate = random.gamma(known["r"], 1 / known["alpha"], customers)
    dropout = random.beta(known["a"], known["b"], customers)
    bought, last, now = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    active = np.ones(customers, dtype=bool)
    while active.any():
        now = now + random.exponential(1 / np.maximum(rate, 1e-12))
        active &= now < tenure
        bought[active] += 1
        last[active] = now[active]
        active &= random.random(customers) > dropout
    spend_rate = random.gamma(SPEND["q"], 1 / SPEND["gamma"], customers)
    several = np.maximum(bought, 1)
    mean = random.gamma(SPEND["p"] * several) / several / spend_rate
    return pd.DataFrame(
        {
            "repeat_days": bought,
            "first_to_last_days": np.floor(last),
            "tenure_days": tenure,
            "mean_repeat_spend": np.where(bought > 0, mean, np.nan),
            "total_spend": np.where(bought > 0, mean * bought, 0) + 20.0,
            "purchase_days": bought + 1,
        },
        index=pd.RangeIndex(customers, name="customer_id"),
    )
