"""Customers who behave exactly as the models suppose, with known parameters."""

import numpy as np
import pandas as pd

from crm_core.models.mbg_nbd import ModifiedBetaGeoNBD
from crm_core.models.purchase_family import PurchaseModel

RATES = {"r": 0.5, "alpha": 60.0, "a": 0.7, "b": 2.5}  # in days
SPEND = {"p": 6.0, "q": 4.0, "gamma": 15.0}
LEAVING = {"r": 0.5, "alpha": 60.0, "s": 0.7, "beta": 150.0}  # of Pareto/NBD, in days


def customers(*rows: tuple[float, float, float]) -> pd.DataFrame:
    """A summary of (x, t_x, T)."""
    return pd.DataFrame(rows, columns=["repeat_days", "first_to_last_days", "tenure_days"], dtype=float)


def simulate_summary(count: int, *, seed: int, longest_days: int = 730, **rates: float) -> pd.DataFrame:
    """A purchase summary in whole days: gamma purchase rates, geometric dropout, gamma-gamma spend."""
    random = np.random.default_rng(seed)
    known = {**RATES, **rates}
    tenure = random.integers(1, longest_days, count).astype(float)
    rate = random.gamma(known["r"], 1 / known["alpha"], count)
    dropout = random.beta(known["a"], known["b"], count)
    bought, last, now = np.zeros(count), np.zeros(count), np.zeros(count)
    active = np.ones(count, dtype=bool)
    while active.any():
        now = now + random.exponential(1 / np.maximum(rate, 1e-12))
        active &= now < tenure
        bought[active] += 1
        last[active] = now[active]
        active &= random.random(count) > dropout
    spend_rate = random.gamma(SPEND["q"], 1 / SPEND["gamma"], count)
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
        index=pd.RangeIndex(count, name="customer_id"),
    )


def simulate_ahead(
    model: PurchaseModel, count: int, *, seed: int, ahead: float = 0.0, tenures: tuple[float, float] = (1.0, 730.0)
) -> pd.DataFrame:
    """One by one as a model supposes, in exact days: what was seen of each, whether active at its end, what came after.

    Columns: those of customers(), active (at T), purchases_ahead (in the days ahead of T).
    """
    random = np.random.default_rng(seed)
    known = model.parameters
    rate = np.maximum(random.gamma(known["r"], 1 / known["alpha"], count), 1e-12)
    leaves, dropout = np.full(count, np.inf), np.zeros(count)
    if "beta" in known:
        leaves = random.exponential(1 / np.maximum(random.gamma(known["s"], 1 / known["beta"], count), 1e-12))
    else:
        dropout = random.beta(known["a"], known["b"], count)
    if isinstance(model, ModifiedBetaGeoNBD):
        leaves[random.random(count) < dropout] = 0.0
    tenure = random.uniform(*tenures, count)
    bought, last, later, now = np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count)
    here = np.arange(count)
    while len(here):
        now[here] += random.exponential(1 / rate[here])
        here = here[(now[here] < leaves[here]) & (now[here] < tenure[here] + ahead)]
        seen = here[now[here] < tenure[here]]
        bought[seen] += 1
        last[seen] = now[seen]
        later[here[now[here] >= tenure[here]]] += 1
        gone = here[random.random(len(here)) < dropout[here]]
        leaves[gone] = now[gone]
    table = customers(*zip(bought, last, tenure, strict=True))
    return table.assign(active=leaves > tenure, purchases_ahead=later)
