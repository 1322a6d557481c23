"""The named groups of the RFM grid: what each means and what to do with its people.

A group is a function of two scores: r (how recently, 1..5) and fm (how often and how much, 1..5, the rounded-up mean of
the frequency and monetary scores). Every cell of the 5 x 5 grid has exactly one group.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from crm_core.errors import CrmError

__all__ = [
    "GRID",
    "GROUPS",
    "LONGEST_ACTION",
    "LONGEST_NAME",
    "GroupWords",
    "RfmGroup",
    "called_groups",
    "combine_scores",
    "name_groups",
    "pick_group",
]

LONGEST_NAME, LONGEST_ACTION = 40, 200
GroupWords = tuple[str, str, str]  # a group's name, what the owner calls it, what the owner does about it


@dataclass(frozen=True)
class RfmGroup:
    """One kind of customer: its name, what it means, and what to do about it; ``called``: the owner's name for it."""

    name: str
    meaning: str
    action: str
    called: str = ""

    @property
    def shown(self) -> str:
        """The name that stands on the screen."""
        return self.called or self.name


GROUPS = (
    RfmGroup(
        "Champions", "Ordered lately, often, and spend most.", "Thank them by name and show them new things first."
    ),
    RfmGroup(
        "Loyal", "Order often and were here not long ago.", "Reward their custom and ask for a review or a referral."
    ),
    RfmGroup("Potential loyalists", "Ordered lately and more than once.", "Offer what goes with their last order."),
    RfmGroup("New customers", "Came just now, with little history.", "Welcome them and make the second order easy."),
    RfmGroup("Promising", "Came lately, with little history.", "Remind them of you with one small, fitting offer."),
    RfmGroup(
        "Need attention", "Middling in all respects, and getting quiet.", "Write with a reason to come back this month."
    ),
    RfmGroup("About to sleep", "Seldom ordered, and it is a while ago.", "Send one reminder of what they liked."),
    RfmGroup("At risk", "Used to order often or much, not lately.", "Ask in person whether something was wrong."),
    RfmGroup(
        "Can't lose them", "Among your best once, silent for long.", "Call or write by hand, before anything else."
    ),
    RfmGroup("Hibernating", "Ordered seldom, long ago.", "Include them in a seasonal message, no more."),
    RfmGroup("Lost", "Ordered seldom, longest ago.", "Let them rest; one last message a year is enough."),
)
BY_NAME = {group.name: group for group in GROUPS}

# Rows r = 1..5, columns fm = 1..5. The names follow the usual marketing grid; where authors overlap, one cell has one
# name, and within a column a later order never leads to a worse group.
GRID: tuple[tuple[str, ...], ...] = (
    ("Lost", "Lost", "At risk", "Can't lose them", "Can't lose them"),
    ("Hibernating", "Hibernating", "At risk", "At risk", "At risk"),
    ("About to sleep", "Need attention", "Need attention", "Loyal", "Loyal"),
    ("Promising", "Potential loyalists", "Potential loyalists", "Loyal", "Champions"),
    ("New customers", "Potential loyalists", "Potential loyalists", "Champions", "Champions"),
)


def pick_group(r_score: int, fm_score: int) -> RfmGroup:
    """The group of one cell of the grid.

    >>> pick_group(5, 5).name, pick_group(1, 5).name, pick_group(1, 1).name
    ('Champions', "Can't lose them", 'Lost')
    """
    return BY_NAME[GRID[r_score - 1][fm_score - 1]]


def called_groups(words: Iterable[GroupWords]) -> tuple[RfmGroup, ...]:
    """The groups under the owner's names and with their actions, best first; CrmError where that would be unclear.

    >>> groups = called_groups([("Champions", "Stars", "Send flowers.")])
    >>> groups[0].shown, groups[0].action, groups[1].shown
    ('Stars', 'Send flowers.', 'Loyal')
    """
    own = {name: (called.strip(), action.strip()) for name, called, action in words}
    if unknown := sorted(set(own) - set(BY_NAME)):
        raise CrmError(f"There is no group {unknown[0]!r}; the groups are {', '.join(BY_NAME)}.")
    groups = []
    for group in GROUPS:
        called, action = own.get(group.name, ("", ""))
        _check_length(group.name, "name", called, LONGEST_NAME)
        _check_length(group.name, "action", action, LONGEST_ACTION)
        groups.append(replace(group, called=called, action=action or group.action))
    shown = [group.shown.casefold() for group in groups]
    for group in groups:
        if shown.count(group.shown.casefold()) > 1:
            raise CrmError(f"Two groups would be called '{group.shown}'; give each a name of its own.")
    return tuple(groups)


def _check_length(group: str, what: str, text: str, most: int) -> None:
    if len(text) > most:
        raise CrmError(f"The {what} of {group} has {len(text)} characters; at most {most} can be shown.")


def combine_scores(f_score: pd.Series, m_score: pd.Series) -> pd.Series:
    """How often and how much as one score 1..5: the mean, a half counted upwards.

    >>> combine_scores(pd.Series([1, 2, 5]), pd.Series([1, 5, 4])).tolist()
    [1, 4, 5]
    """
    return (f_score + m_score + 1) // 2


def name_groups(table: pd.DataFrame) -> pd.DataFrame:
    """The RFM table with each customer's fm score and group.

    In: table[r_score, f_score, m_score: 1..5]. Out: a copy with [fm_score: 1..5, rfm_group: name].

    >>> name_groups(pd.DataFrame({"r_score": [5, 1], "f_score": [5, 2], "m_score": [4, 1]}))["rfm_group"].tolist()
    ['Champions', 'Lost']
    """
    named = table.copy()
    named["fm_score"] = combine_scores(table["f_score"], table["m_score"])
    cells = np.array(GRID, dtype=object)
    names = cells[table["r_score"].to_numpy() - 1, named["fm_score"].to_numpy() - 1]
    named["rfm_group"] = pd.Series(names, index=table.index, dtype="str")
    return named
