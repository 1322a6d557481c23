"""How groups are to be found: the method and its numbers, each left to the data unless it is given."""

from dataclasses import dataclass

from crm_core.errors import CrmError
from crm_core.vocabulary import GroupMethod

__all__ = ["DENSE", "FEWEST_NEIGHBOURS", "MOST_NEIGHBOURS", "GroupChoice"]

DENSE = (GroupMethod.DBSCAN, GroupMethod.HDBSCAN)
FEWEST_NEIGHBOURS, MOST_NEIGHBOURS = 3, 50


@dataclass(frozen=True)
class GroupChoice:
    """A method, and the numbers given for it.

    k: how many groups, for K-means, Ward and bisecting; most: the largest number that is tried; reach: eps of DBSCAN,
    in spreads of the facts; neighbours: how many make a crowd (min_samples), for DBSCAN and HDBSCAN.
    """

    method: GroupMethod = GroupMethod.K_MEANS
    k: int | None = None
    most: int = 8
    reach: float | None = None
    neighbours: int | None = None

    def __post_init__(self) -> None:
        if self.reach is not None and not self.reach > 0:
            raise CrmError(f"A reach must be above 0, not {self.reach:g}.")
        if self.neighbours is not None and not FEWEST_NEIGHBOURS <= self.neighbours <= MOST_NEIGHBOURS:
            raise CrmError(f"Choose from {FEWEST_NEIGHBOURS} to {MOST_NEIGHBOURS} neighbours, not {self.neighbours}.")

    @property
    def is_dense(self) -> bool:
        """Whether the method looks for dense crowds, so that somebody may be in no group."""
        return self.method in DENSE
