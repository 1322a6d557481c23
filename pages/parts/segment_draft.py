"""A segment on its way: conditions as the controls hold them, some of them not finished yet."""

from dataclasses import dataclass, field

import streamlit as st

from crm_core.decisions.segment_rules import AND, Group, Rules
from crm_core.services.saved_segments import SavedSegment
from pages.parts.segment_row import NUMBERS, Row, row_of

DRAFT = "segment_draft"


@dataclass
class DraftGroup:
    """Conditions joined by one word."""

    rows: list[Row]
    join: str = AND
    number: int = field(default_factory=lambda: next(NUMBERS))


@dataclass
class Draft:
    """All of it. segment_id: of the saved one that is changed, None for a new one."""

    groups: list[DraftGroup] = field(default_factory=lambda: [DraftGroup([Row()])])
    join: str = AND
    segment_id: int | None = None
    name: str = ""
    number: int = field(default_factory=lambda: next(NUMBERS))

    def rules(self, currency: str) -> Rules:
        """The rules that it makes; CrmError says what is missing."""
        groups = tuple(Group(tuple(row.condition(currency) for row in group.rows), group.join) for group in self.groups)
        with_money = any(condition.is_money for group in groups for condition in group.conditions)
        return Rules(groups, self.join, currency if with_money else "")


def draft_of(rules: Rules | None, *, name: str = "", saved: SavedSegment | None = None, currency: str) -> Draft:
    """Controls filled with rules; amounts in another currency begin empty."""
    if rules is None:
        return Draft(segment_id=saved.segment_id if saved else None, name=name)
    foreign = bool(rules.other_currency(currency))
    groups = [
        DraftGroup([row_of(one, currency, foreign=foreign) for one in group.conditions], group.join)
        for group in rules.groups
    ]
    return Draft(groups, rules.join, saved.segment_id if saved else None, name)


def the_draft() -> Draft:
    """This window's draft."""
    found: Draft = st.session_state.setdefault(DRAFT, Draft())
    return found
