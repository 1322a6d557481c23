"""Monthly spend of customers whose level, trend and season are known."""

import numpy as np
import pandas as pd


def simulate_series(
    customers: int, *, months: int, seed: int, growth: float = 0.0, season: float = 0.0, noise: float = 0.15
) -> pd.DataFrame:
    """A row per customer: a level of their own, times 1 + growth per month, times a wave of a year, times noise."""
    random = np.random.default_rng(seed)
    month = np.arange(months)
    level = random.uniform(5_000, 20_000, customers)[:, None]
    wave = 1 + season * np.sin(2 * np.pi * (month + 3) / 12)
    spend = level * (1 + growth * month) * wave * random.normal(1.0, noise, (customers, months)).clip(0.1)
    return pd.DataFrame(spend, index=pd.Index(range(1, customers + 1), name="customer_id"))
