"""How far natural groups can be trusted, in words: are they apart, more than chance, and would they appear again?"""

from math import floor

import pandas as pd

from crm_core.models.clusters import CLEAR_FROM, Clusters
from crm_core.models.gap_statistic import beats_even_crowd
from crm_core.wording import plural, share

__all__ = ["say_agreement", "say_apart", "say_groups", "warn_of_groups"]

APART = ((0.5, "clearly apart"), (CLEAR_FROM, "somewhat apart"))  # Kaufman & Rousseeuw (1990), table 4
AGAIN = (  # of the adjusted Rand index and of Hennig's overlap: below 0.5 a group has dissolved, from 0.75 it is stable
    (0.9, "nearly the same"),
    (0.75, "mostly the same"),
    (0.5, "partly the same"),
)
UNSTABLE_BELOW = 0.5


def say_apart(silhouette: float) -> str:
    """How far the groups stand apart.

    >>> [say_apart(value) for value in (0.55, 0.3, 0.1)]
    ['clearly apart', 'somewhat apart', 'hardly apart']
    """
    return next((words for least, words in APART if silhouette >= least), "hardly apart")


def say_agreement(agreement: float) -> str:
    """How much of the groups came again.

    >>> [say_agreement(value) for value in (0.97, 0.8, 0.6, 0.2)]
    ['nearly the same', 'mostly the same', 'partly the same', 'other ones']
    """
    return next((words for least, words in AGAIN if agreement >= least), "other ones")


def say_groups(clusters: Clusters, gap: pd.DataFrame | None, agreement: float, *, whom: str) -> str:
    """The answer in one sentence, which never says more than the warnings; ``whom``: who falls into groups."""
    if clusters.k == 0:
        return f"{whom} form no dense crowd"
    if clusters.k == 1:
        inside = share(1 - clusters.outside / len(clusters.labels))
        return f"{whom} form one crowd; {inside} of them are in it"
    if _as_an_even_crowd(clusters, gap):
        return f"{whom} are one crowd: no natural groups, only {plural(clusters.k, 'slice')} of it"
    again = say_agreement(agreement)
    found = "others would appear" if again == "other ones" else f"{again} would appear again"
    return f"{whom} fall into {plural(clusters.k, 'natural group')}: {say_apart(clusters.silhouette)}, and {found}"


def _below(silhouette: float) -> str:
    """A silhouette that is too small, rounded down, so that it does not read as one that is large enough.

    >>> _below(0.1), _below(0.2499)
    ('0.10', '0.24')
    """
    return f"{floor(100 * silhouette + 1e-9) / 100:.2f}"


def _as_an_even_crowd(clusters: Clusters, gap: pd.DataFrame | None) -> bool:
    """Whether people spread evenly would fall into groups as tight."""
    return gap is not None and clusters.k in gap.index and not beats_even_crowd(gap, clusters.k)


def warn_of_groups(clusters: Clusters, gap: pd.DataFrame | None, agreement: float) -> tuple[str, ...]:
    """What speaks against reading the groups as kinds of people; nothing where nothing does."""
    if clusters.k < 2:
        reach = " or another reach" if clusters.reach is not None else ""
        return (f"No real groups here by this method. Try K-means, other facts{reach}.",)
    said = []
    if _as_an_even_crowd(clusters, gap):
        said.append(
            "No real groups here: people spread evenly over the same range would fall into groups as tight as these. "
            "Read them as slices of one crowd, not as kinds of people."
        )
    elif not clusters.is_clear:
        said.append(
            f"No clear groups here (silhouette {_below(clusters.silhouette)}, clear from {CLEAR_FROM}): "
            f"read these as slices of one crowd, not as kinds of people."
        )
    if agreement < UNSTABLE_BELOW:
        said.append("A few customers more or less, and other groups come out: build nothing on them.")
    return tuple(said)
