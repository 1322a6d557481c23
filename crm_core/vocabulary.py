"""Every word of the product's domain, defined once: units, statuses, tiers, stages, evidence levels.

Imports nothing of ours, so that every layer may import it.
"""

from enum import StrEnum

__all__ = [
    "CURRENT_STAGES",
    "DAYS_PER_MONTH",
    "DAYS_PER_WEEK",
    "DAYS_PER_YEAR",
    "EVIDENCE_MEANING",
    "LATE_STAGES",
    "MINUTES_PER_DAY",
    "MORE_CELLS",
    "REPORT_COLUMNS",
    "ActionKind",
    "ActionState",
    "Evidence",
    "GroupMethod",
    "LateBy",
    "OfferList",
    "OfferReason",
    "OfferState",
    "OrderStatus",
    "Question",
    "Stage",
    "SubscriptionChoice",
    "TicketStatus",
    "Tier",
    "WeekStart",
]

MINUTES_PER_DAY = 1440
DAYS_PER_WEEK = 7
DAYS_PER_MONTH = 365.25 / 12
DAYS_PER_YEAR = 365.25

# In a table of rejected rows, beside the file's own columns: the row's number and the reason, under other names where
# the file has such columns itself; and what stood in it beyond the last column.
REPORT_COLUMNS = (("row", "reason"), ("row in the file", "reason of rejection"))
MORE_CELLS = "(more)"


class WeekStart(StrEnum):
    """The day on which an owner's week begins."""

    MONDAY = "monday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class SubscriptionChoice(StrEnum):
    """Whether subscriptions are shown: where orders recur at fixed intervals, always, or never."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


class LateBy(StrEnum):
    """What makes a customer late: more than their own rhythm, or more than a number of days."""

    RHYTHM = "rhythm"
    DAYS = "days"


class OrderStatus(StrEnum):
    """What an order's raw status comes down to; only paid orders count."""

    PAID = "paid"
    PENDING = "pending"
    CANCELLED = "cancelled"
    TEST = "test"


class TicketStatus(StrEnum):
    """What a request's raw status comes down to; an open one waits for its first answer."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Tier(StrEnum):
    """Loyalty and value tiers, best first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Stage(StrEnum):
    """Lifecycle stage: the one headline label of a person."""

    PROSPECT = "prospect"
    NEW = "new"
    ACTIVE = "active"
    LOYAL = "loyal"
    AT_RISK = "at risk"
    LAPSED = "lapsed"
    LOST = "lost"


CURRENT_STAGES = (Stage.NEW, Stage.ACTIVE, Stage.LOYAL)
LATE_STAGES = (Stage.AT_RISK, Stage.LAPSED)


class Evidence(StrEnum):
    """How well founded a statement is, weakest first."""

    COUNTS = "counts"
    OWN_RHYTHM = "own rhythm"
    TESTED_MODEL = "tested model"


class Question(StrEnum):
    """What a prediction is about; each is tested by itself."""

    PURCHASES = "purchases"
    SPEND = "spend"
    ACTIVE = "active"


EVIDENCE_MEANING = {
    Evidence.COUNTS: "A fact counted from your data, no prediction.",
    Evidence.OWN_RHYTHM: "Days since the last order compared with this customer's own usual gap.",
    Evidence.TESTED_MODEL: "A model that beat the rhythm rule on your own past.",
}


class OfferReason(StrEnum):
    """Why a product is offered to a customer."""

    OWN = "own purchases"
    NEIGHBOURS = "customers alike"
    POPULAR = "popular"


class GroupMethod(StrEnum):
    """How natural groups are found."""

    K_MEANS = "K-means"
    WARD = "Ward"
    BISECTING = "Bisecting"
    DBSCAN = "DBSCAN"
    HDBSCAN = "HDBSCAN"


class OfferList(StrEnum):
    """The list on which a product was offered."""

    AGAIN = "buy again"
    NEW = "new for them"
    NEXT = "next offer"


class OfferState(StrEnum):
    """What the customer, or the owner, said to an offer."""

    SHOWN = "shown"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NOT_USEFUL = "not useful"


class ActionKind(StrEnum):
    """Why a customer stands on today's list."""

    LATE = "later than usual"
    SECOND_ORDER = "no second order yet"
    TICKET_WAITS = "ticket waits"
    UNHAPPY = "unhappy answer"


class ActionState(StrEnum):
    """What the owner did with an action."""

    SHOWN = "shown"
    DONE = "done"
    SNOOZED = "snoozed"
    NOT_USEFUL = "not useful"
