"""Customers around far-apart middles."""

import numpy as np
import pandas as pd


def simulate_groups(sizes: tuple[int, ...] = (300, 120, 60), seed: int = 5) -> tuple[pd.DataFrame, np.ndarray]:
    """Three facts by customer_id from 1, and the group each was drawn from."""
    rng = np.random.default_rng(seed)
    middles = np.array([[30, 100, 20], [300, 300, 60], [600, 80, 90]])
    truth = np.repeat(np.arange(len(sizes)), sizes)
    points = middles[truth] + rng.normal(0, 12, (len(truth), 3))
    columns = ["days_since_last_order", "tenure_days", "mean_order_minor"]
    return pd.DataFrame(points, columns=columns, index=np.arange(1, len(truth) + 1)), truth
