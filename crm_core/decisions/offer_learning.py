"""What outcomes teach: reasons and products that are taken more often than others of their list rank higher.

A Beta-Binomial update (Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, section 2.4). An offer that was accepted or
bought in time is a success; one that was declined, was not useful, or passed is none. Who says no has heard the offer;
whether somebody who does nothing has, nobody knows, so an offer that passed weighs a quarter.
"""

from dataclasses import dataclass

import pandas as pd

from crm_core.vocabulary import OfferState

__all__ = ["LEAST_FACTOR", "MOST_FACTOR", "PASSED_WEIGHT", "Learnt", "learn_outcomes", "rank_by_outcome"]

PASSED_WEIGHT = 0.25
# how many taken offers the prior is worth: until so many were to be expected, what is usual weighs more
REASON_STRENGTH = 5.0  # what is usual on the list
PRODUCT_STRENGTH = 3.0  # what is usual for the reasons that the product was offered for
LEAST_FACTOR, MOST_FACTOR = 0.5, 2.0
REFUSED = (OfferState.DECLINED.value, OfferState.NOT_USEFUL.value)
COUNTS = ["taken", "refused", "passed"]


@dataclass(frozen=True, eq=False)
class Learnt:
    """What each kind of reason and each product showed. Both tables have [taken, refused, passed: counts, share: how
    often it is taken, drawn towards the usual; usual: how often others are, 0..1; factor: on the score, 0.5..2].

    reasons: [list, reason_kind, …]; products: index product_id.
    """

    reasons: pd.DataFrame
    products: pd.DataFrame

    @property
    def is_empty(self) -> bool:
        """Whether there was no outcome to learn from."""
        return bool(self.reasons.empty)


def learn_outcomes(counted: pd.DataFrame) -> Learnt:
    """How often offers are taken, by reason and by product.

    In: counted[product_id, list, reason_kind, state, bought_on, is_over], as ``join_showings`` gives them; what has no
    outcome yet is left out. A reason is compared with all of its list, a product with the reasons it was offered for.

    >>> offers = pd.DataFrame({"product_id": [1, 1, 2, 2], "list": "new for them", "bought_on": pd.NaT, "is_over": True,
    ...     "reason_kind": ["customers alike", "customers alike", "popular", "popular"],
    ...     "state": ["accepted", "accepted", "declined", "shown"]})
    >>> learn_outcomes(offers).reasons[["reason_kind", "taken", "passed", "factor"]].round(2).values.tolist()
    [['customers alike', 2, 0, 1.13], ['popular', 0, 1, 0.87]]
    """
    seen = _outcomes(counted)
    keys = ["list", "reason_kind"]
    reasons = _sums(seen, keys).reset_index()
    reasons["usual"] = _plain_share(_sums(seen, ["list"])).reindex(reasons["list"]).to_numpy()
    plain = reasons[keys].assign(plain=_plain_share(reasons))
    seen = seen.merge(plain, on=keys).assign(expected=lambda row: row["weight"] * row["plain"])
    products = _sums(seen, ["product_id"])
    products["usual"] = seen.groupby("product_id")["expected"].sum() / products["weight"]
    return Learnt(_update(reasons, REASON_STRENGTH), _update(products, PRODUCT_STRENGTH))


def rank_by_outcome(offers: pd.DataFrame, learnt: Learnt, *, list_name: str) -> pd.DataFrame:
    """One list, best first by its score times the factors of reason and product; untouched where nothing was learnt.

    In: offers[product_id, reason_kind, score, …], best first. Out: the same rows, their scores with the factors.
    """
    if learnt.is_empty:
        return offers
    of_list = learnt.reasons[learnt.reasons["list"] == list_name].set_index("reason_kind")["factor"]
    by_reason = offers["reason_kind"].map(of_list).fillna(1.0).astype(float)
    by_product = offers["product_id"].map(learnt.products["factor"]).fillna(1.0).astype(float)
    weighed = offers.assign(score=offers["score"] * by_reason * by_product)
    return weighed.sort_values("score", ascending=False, kind="stable", ignore_index=True)


def _outcomes(counted: pd.DataFrame) -> pd.DataFrame:
    """Offers with an outcome: what it was, how much it weighs, and how much of that is success."""
    taken = (counted["state"] == OfferState.ACCEPTED) | counted["bought_on"].notna()
    refused = ~taken & counted["state"].isin(REFUSED)
    passed = ~taken & ~refused & counted["is_over"].astype(bool)
    seen = counted.assign(taken=taken, refused=refused, passed=passed)
    seen["weight"] = (taken | refused).astype(float) + PASSED_WEIGHT * passed
    seen["success"] = taken.astype(float)
    return seen[seen["weight"] > 0]


def _sums(seen: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return seen.groupby(keys)[[*COUNTS, "success", "weight"]].sum().astype(dict.fromkeys(COUNTS, "int64"))


def _plain_share(sums: pd.DataFrame) -> pd.Series:
    """Successes of all, by Jeffreys' prior: never quite 0 or 1."""
    return (sums["success"] + 0.5) / (sums["weight"] + 1)


def _update(table: pd.DataFrame, strength: float) -> pd.DataFrame:
    """The posterior mean under Beta(strength, strength / usual - strength), whose mean is the usual, and its factor."""
    share = (table["success"] + strength) / (table["weight"] + strength / table["usual"])
    factor = (share / table["usual"]).clip(LEAST_FACTOR, MOST_FACTOR)
    return table.drop(columns=["success", "weight"]).assign(share=share, factor=factor)
