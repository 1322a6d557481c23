"""Which recipe answers, decided on the shop's own past: what would each have offered before the latest weeks?

The weeks are part of what is known, so nothing of the days ahead enters. The usual recipe stands unless another was
better by more than the noise of the comparison: what was learnt, or the plain one where there is too little to learn
from. What was learnt is judged by customers that it has not seen.
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.features.even_places import even_places
from crm_core.models.learnt_offers import LearntOffers, Pairs, gather_pairs, learn_offers
from crm_core.models.offer_recipes import LEARNT, NEW, NEXT, Recipe, plain_recipe
from crm_core.models.one_thread import WORKERS, one_thread
from crm_core.models.purchase_matrix import PurchaseMatrix
from crm_core.models.taste_parts import TasteParts
from crm_core.models.taste_scores import Neighbours, find_neighbours, mix

__all__ = ["OfferChoice", "choose_recipe", "ndcg"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Booleans = NDArray[np.bool_]
WINDOW_DAYS = 35
SHORTEST_HISTORY = 60  # days before a window
MOST_WINDOWS = 4
ENOUGH_CUSTOMERS, LEAST_CUSTOMERS = 200, 30
MOST_CUSTOMERS, MOST_CELLS, FEW_CUSTOMERS = 300, 1_500_000, 100
MOST_LIKENESSES = 15_000_000  # of customers asked with all others, which take longest in a large shop
SURE_BY = 1.5  # standard errors by which a recipe has to be better than the usual one
LEAST_BASKETS, LENGTH = 2, 10
CONSIDERED, CONSIDERED_POPULAR = 40, 10  # products of each customer that are learnt from, beside what they bought


@dataclass(frozen=True, eq=False)
class OfferChoice:
    """Which recipe answers, which stands where nothing is surely better (usual), and what that rests on.

    table: index recipe, [ndcg: mean NDCG@10 on the inner windows, gain: on the usual one, noise: its standard error,
    meaning: in words], empty where the past is too short; customers: tested, some of them in several windows; windows:
    how many, of window_days each.
    """

    recipe: Recipe
    usual: str
    table: pd.DataFrame
    customers: int = 0
    windows: int = 0
    window_days: int = WINDOW_DAYS

    @property
    def notes(self) -> tuple[str, ...]:
        """Where nothing could be tested: that, as a sentence."""
        if len(self.table):
            return ()
        return (f"The past is too short to choose a method by it, so the usual one answers: {self.recipe.name}.",)


@dataclass(frozen=True, eq=False)
class Window:
    """One inner window: what was known before it, of whom it asks, and what they bought in it (rows x products)."""

    parts: TasteParts
    customers: Ints
    wanted: Booleans


def choose_recipe(matrix: PurchaseMatrix, *, new_only: bool) -> OfferChoice:
    """Ask every recipe at the beginning of the latest weeks, with what was known then."""
    windows = list(inner_windows(matrix, new_only=new_only))
    tested = sum(len(window.customers) for window in windows)
    if tested < LEAST_CUSTOMERS:
        plain = plain_recipe(new_only=new_only)
        return OfferChoice(plain, plain.name, pd.DataFrame())
    with one_thread():
        recipes, found = compare(windows, new_only=new_only)
    customer = np.concatenate([window.customers for window in windows])
    people = len(np.unique(customer))
    table = tabulate(found, LEARNT, customer)
    table["meaning"] = pd.Series({name: recipe.meaning for name, recipe in recipes.items()})
    surely = table["gain"] - SURE_BY * table["noise"]
    chosen = str(surely.idxmax()) if surely.max() > 0 else LEARNT
    return OfferChoice(recipes[chosen], LEARNT, table, people, len(windows))


def tabulate(found: Mapping[str, Floats], usual: str, customer: Ints) -> pd.DataFrame:
    """The table of OfferChoice, from the NDCG of each customer and window."""
    rows = {
        name: {
            "ndcg": float(values.mean()),
            "gain": float((values - found[usual]).mean()),
            "noise": noise_of(values - found[usual], customer),
        }
        for name, values in found.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("recipe")


def noise_of(gain: Floats, customer: Ints) -> float:
    """Standard error of a mean gain; a customer's windows are one observation."""
    by_customer = np.bincount(customer, weights=gain - gain.mean())
    return float(np.sqrt((by_customer**2).sum()) / len(gain))


def inner_windows(matrix: PurchaseMatrix, *, new_only: bool) -> Iterator[Window]:
    """The latest weeks, and where these hold few customers the weeks before, as far as there is a past to know."""
    oldest = int(matrix.purchase_age_days.max(initial=0))
    asked = 0
    for place in range(1, MOST_WINDOWS + 1):
        if oldest - place * WINDOW_DAYS < SHORTEST_HISTORY or asked >= min(ENOUGH_CUSTOMERS, most_asked(matrix)):
            return
        window = window_of(matrix, began=place * WINDOW_DAYS, new_only=new_only)
        asked += len(window.customers)
        if len(window.customers):
            yield window


def most_asked(matrix: PurchaseMatrix) -> int:
    """Of how many customers a window asks at most: fewer where products or customers are many."""
    affordable = min(MOST_CELLS // max(matrix.shape[1], 1), MOST_LIKENESSES // max(matrix.shape[0], 1))
    return min(MOST_CUSTOMERS, max(FEW_CUSTOMERS, affordable))


def window_of(matrix: PurchaseMatrix, *, began: int, new_only: bool) -> Window:
    """The window that began so many days ago: of each customer the first basket, or all that was new to them."""
    known = matrix.known_before(began)
    age = matrix.purchase_age_days
    inside = (age < began) & (age >= began - WINDOW_DAYS)
    customer = matrix.customer[matrix.purchase_cell]
    inside &= known.baskets[customer] >= LEAST_BASKETS
    if new_only:
        inside &= matrix.first_age_days[matrix.purchase_cell] < began
    else:
        first = np.full(matrix.shape[0], -1, dtype=np.int64)
        np.maximum.at(first, customer[inside], age[inside])
        inside &= age == first[customer]
    people = np.unique(customer[inside])
    asked = people[even_places(len(people), most_asked(matrix))]
    wanted = np.zeros((len(asked), matrix.shape[1]), dtype=np.bool_)
    row = np.searchsorted(asked, customer)
    inside &= asked[np.minimum(row, max(len(asked) - 1, 0))] == customer if len(asked) else False
    wanted[row[inside], matrix.product[matrix.purchase_cell[inside]]] = True
    return Window(TasteParts(known), asked, wanted)


def compare(windows: list[Window], *, new_only: bool) -> tuple[dict[str, Recipe], dict[str, Floats]]:
    """Every recipe, the learnt one last, and its NDCG for each customer of each window."""
    recipes = NEW if new_only else NEXT
    found: dict[str, list[Floats]] = {recipe.name: [] for recipe in recipes}
    pairs, plain = [], []
    base = recipes[0]
    for window in windows:
        near = find_neighbours(window.parts, window.customers)
        owned = owned_by(window) if new_only else None
        mixes = ask_all(window, near, recipes)
        for name, scores in mixes.items():
            found[name].append(ndcg(scores, window.wanted, leave_out=owned))
        considered = consider(window, [mixes[recipes[0].name], mixes[recipes[2].name]], new_only=new_only)
        plain.append(mixes[base.name])
        pairs.append(
            gather_pairs(
                window.parts, window.customers, mixes[base.name], window.wanted,
                considered=considered, new_only=new_only,
            )
        )  # fmt: skip
    together = join_pairs(pairs)
    learnt = learn_offers(together)
    found[LEARNT] = judge(windows, plain, together, learnt, new_only=new_only)
    answers = {recipe.name: recipe for recipe in recipes} | {LEARNT: base.corrected(learnt)}
    return answers, {name: np.concatenate(values) for name, values in found.items()}


def ask_all(window: Window, near: Neighbours, recipes: Iterable[Recipe]) -> dict[str, NDArray[np.float32]]:
    """What each recipe says, two at a time (SciPy lets go of the interpreter meanwhile)."""
    with ThreadPoolExecutor(WORKERS) as pool:
        asked = {recipe.name: pool.submit(mix, window.parts, window.customers, near, recipe) for recipe in recipes}
    return {name: answer.result() for name, answer in asked.items()}


def judge(
    windows: list[Window], plain: list[NDArray[np.float32]], pairs: Pairs, learnt: LearntOffers, *, new_only: bool
) -> list[Floats]:
    """The learnt recipe's NDCG, each half of the customers answered by what the other half taught."""
    half_of = np.zeros(windows[0].parts.matrix.shape[0], dtype=np.int64)
    everyone = np.unique(pairs.customer)
    half_of[everyone] = np.arange(len(everyone)) % 2
    halves = [learn_offers(only(pairs, half_of[pairs.customer] != half), start=learnt) for half in (0, 1)]
    found = []
    for window, mixed in zip(windows, plain, strict=True):
        result = np.zeros(len(window.customers))
        for half, taught in enumerate(halves):
            some = np.flatnonzero(half_of[window.customers] == half)
            scores = taught.correct(window.parts, window.customers[some], mixed[some].copy())
            owned = owned_by(window)[some] if new_only else None
            result[some] = ndcg(scores, window.wanted[some], leave_out=owned)
        found.append(result)
    return found


def only(pairs: Pairs, kept: Booleans) -> Pairs:
    """Some of the pairs."""
    return replace(pairs, customer=pairs.customer[kept], facts=pairs.facts[kept], happened=pairs.happened[kept])


def join_pairs(pairs: list[Pairs]) -> Pairs:
    """The pairs of several windows as one."""
    customer, facts, happened = (
        np.concatenate([getattr(part, name) for part in pairs]) for name in ("customer", "facts", "happened")
    )
    return replace(pairs[0], customer=customer, facts=facts, happened=happened)


def owned_by(window: Window) -> Booleans:
    """What each customer had bought before the window."""
    matrix = window.parts.matrix
    owned = np.zeros(window.wanted.shape, dtype=np.bool_)
    cells = matrix.cells_of(window.customers)
    owned[cells.row, matrix.product[cells.cell]] = True
    return owned


def consider(window: Window, mixes: list[NDArray[np.float32]], *, new_only: bool) -> Booleans:
    """The pairs worth learning from: what they bought, the best of several mixes, and what is popular."""
    owned = owned_by(window)
    chosen = np.zeros_like(owned) if new_only else owned.copy()
    popular = np.argsort(-window.parts.popularity, kind="stable")[:CONSIDERED_POPULAR]
    chosen[:, popular] = True
    for scores in mixes:
        size = min(CONSIDERED, scores.shape[1])
        hidden = np.where(owned, np.float32(-1), scores)
        np.put_along_axis(chosen, np.argpartition(-hidden, size - 1, axis=1)[:, :size], True, axis=1)
    return chosen & ~owned if new_only else chosen


def ndcg(scores: NDArray[np.float32], wanted: Booleans, *, leave_out: Booleans | None = None) -> Floats:
    """NDCG@10 of each row's best products against the wanted ones (Järvelin & Kekäläinen 2002, binary gains).

    >>> ndcg(np.array([[3.0, 2.0, 1.0]], dtype=np.float32), np.array([[True, False, True]])).round(4).tolist()
    [0.9197]
    >>> ndcg(np.arange(12.0)[None], np.arange(12)[None] < 2).tolist()  # neither is among the ten best
    [0.0]
    """
    scores = scores if leave_out is None else np.where(leave_out, np.float32(-np.inf), scores)
    size = min(LENGTH, scores.shape[1])
    best = np.partition(scores, -size, axis=1)[:, -size:]  # the values alone are quicker than their places
    row, product = np.nonzero(wanted)
    scored = scores[row, product]
    place = (best[row] >= scored[:, None]).sum(axis=1) - 1  # of equals the last place
    discount = 1 / np.log2(np.arange(2, LENGTH + 2))
    found = (scored >= best.min(axis=1)[row]) & np.isfinite(scored)
    gained = np.bincount(row[found], weights=discount[place[found]], minlength=len(scores))
    ideal = np.cumsum(discount)[np.clip(wanted.sum(axis=1), 1, LENGTH) - 1]
    return np.asarray(gained / ideal, dtype=np.float64)
