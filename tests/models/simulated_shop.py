"""Transactions of a shop whose customers buy and leave as BG/NBD supposes, with a season if wanted."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from tests.models.simulated import RATES, SPEND

START = pd.Timestamp("2024-01-01")


def simulate_shop(
    customers: int, *, seed: int, days: int = 720, season: Callable[[float], float] | None = None
) -> pd.DataFrame:
    """[customer_id, date, amount]: newcomers all along; ``season``: share of planned purchases that a day keeps."""
    random = np.random.default_rng(seed)
    rows = []
    for number in range(customers):
        rate = random.gamma(RATES["r"], 1 / RATES["alpha"])
        leaves = random.beta(RATES["a"], RATES["b"])
        usual = 1 / random.gamma(SPEND["q"], 1 / SPEND["gamma"])
        now, first = random.uniform(0, days * 0.8), True
        while now < days:
            if first or season is None or random.random() < season(now):
                rows.append((f"c{number:05d}", int(now), round(float(random.gamma(SPEND["p"]) * usual), 2)))
                if not first and random.random() < leaves:
                    break
            first = False
            now += random.exponential(1 / max(rate, 1e-9))
    table = pd.DataFrame(rows, columns=["customer_id", "day", "amount"])
    return table.assign(date=START + pd.to_timedelta(table["day"], unit="D")).drop(columns="day")


def split(rows: pd.DataFrame, last_day: int, horizon: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.Timestamp]:
    """What was seen up to a day, what happened in the days after it, and that day."""
    end = START + pd.Timedelta(days=last_day)
    later = (rows["date"] > end) & (rows["date"] <= end + pd.Timedelta(days=horizon))
    return rows[rows["date"] <= end], rows[later], end
