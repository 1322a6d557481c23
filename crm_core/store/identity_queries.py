"""By what customers are recognised, asked inside the import's writing unit."""

from collections.abc import Iterable

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from crm_core.store.import_queries import batches
from crm_core.store.tables import Customer, Identity

__all__ = ["count_numbers", "known_identities", "names_in_use", "shared_emails", "usual_country"]


def known_identities(session: Session, source: str) -> dict[str, dict[str, int]]:
    """Ways to recognise a customer, kind -> value -> customer: this source's ids, all e-mails and telephone numbers."""
    ours = and_(Identity.kind == "source", Identity.issuer == source)
    query = select(Identity.kind, Identity.value, Identity.customer_id)
    found: dict[str, dict[str, int]] = {"source": {}, "email": {}, "phone": {}}
    for kind, value, customer_id in session.execute(query.where(or_(ours, Identity.kind.in_(["email", "phone"])))):
        found[kind][value] = customer_id
    return found


def count_numbers(session: Session, ids: Iterable[int]) -> dict[int, int]:
    """By how many numbers of sources some customers are known; those by an e-mail alone are not in it."""
    found: dict[int, int] = {}
    query = select(Identity.customer_id, func.count()).where(Identity.kind == "source", ~Identity.value.contains("@"))
    for batch in batches(ids):
        counted = query.where(Identity.customer_id.in_(batch)).group_by(Identity.customer_id)
        found |= {row[0]: row[1] for row in session.execute(counted)}
    return found


def shared_emails(session: Session, *, by_more_than: int) -> set[str]:
    """Addresses that many customers have: those of nobody."""
    crowded = select(Customer.email).where(Customer.email.is_not(None)).group_by(Customer.email)
    return {email.lower() for email in session.scalars(crowded.having(func.count() > by_more_than)) if email}


def usual_country(session: Session) -> str | None:
    """The country that most customers live in; None where none is known."""
    counted = select(Customer.country).where(Customer.country.is_not(None)).group_by(Customer.country)
    return session.scalar(counted.order_by(func.count().desc(), Customer.country).limit(1))


def names_in_use(session: Session, *, but_of: int) -> set[str]:
    """The names of all customers, lower case, but for those that one import brought."""
    others = or_(Customer.import_id.is_(None), Customer.import_id != but_of)
    names = session.scalars(select(Customer.name).where(Customer.name.is_not(None), others))
    return {name.casefold() for name in names if name}
