"""Who of a file is who: by number, else by e-mail across sources, else by telephone; a name alone joins nobody.

The number wins where it and the e-mail point to two people. A telephone number decides only where at least one of the
two has no e-mail: families and firms share one. An address or number that stands beside more than five different
customer numbers is a placeholder and identifies nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from babel.core import get_global
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_core.importing.phones import PLAIN, known_phones, region_of
from crm_core.services.person_groups import NOBODY, PersonGroups
from crm_core.store.identity_queries import count_numbers, known_identities, shared_emails, usual_country
from crm_core.store.import_queries import known_customers
from crm_core.store.tables import Setting

__all__ = ["Recognised", "recognise_people"]

MOST_NUMBERS = 5  # of one person; an address beside more is a placeholder
Keys = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Recognised:
    """Per staged row: whom it is (the stored id or -1), the row that stands for its person, its number in E.164, and
    whether its e-mail and its telephone say who it is. ``has_number``: rows whose number this source gave before."""

    ids: Keys
    tops: Keys
    phones: Texts
    email_tells: Mask
    phone_tells: Mask
    has_number: Mask
    taken: Mapping[str, Mapping[str, int]]  # kind -> value -> customer
    placeholders: tuple[str, ...]
    doubles: tuple[tuple[int, int], ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What the owner should know of addresses that are nobody's."""
        return tuple(
            f"{address} stands beside more than {MOST_NUMBERS} customer numbers, so it identifies nobody."
            for address in self.placeholders
        )


def recognise_people(session: Session, staged: pd.DataFrame, source: str) -> Recognised:
    """Whom each staged row is. In: staged[source_id, email: lower case, phone, country], source_ids distinct."""
    known = known_identities(session, source)
    keys, emails = staged["source_id"].to_numpy(object), staged["email"].to_numpy(object)
    phones = _phones(session, staged)
    stored = np.array([*(known["source"].get(key, NOBODY) for key in keys), NOBODY], np.int64)[:-1]
    email_there = np.array([email is not None for email in emails], bool)
    crowded = _beside_many(emails, keys) | _held_by_many(session, emails, keys, stored, known["email"])
    email_tells = email_there & ~_isin(emails, crowded)
    phone_tells = np.array([phone is not None for phone in phones], bool)
    phone_tells &= ~_isin(phones, _beside_many(phones, keys, but=staged["phone"].to_numpy(object)))
    groups = PersonGroups(stored, email_tells)
    _join_by_email(groups, emails, email_tells, known["email"])
    _join_by_phone(session, groups, phones, phone_tells, known["phone"])
    return Recognised(
        groups.ids(),
        groups.tops(),
        phones,
        email_tells,
        phone_tells,
        stored != NOBODY,
        known,
        tuple(sorted(crowded & set(emails[email_there]))),
        tuple(groups.doubles),
    )


def _phones(session: Session, staged: pd.DataFrame) -> Texts:
    """Each row's number in E.164, read in its own country, else in the one that most people here live in."""
    written: Texts = staged["phone"].to_numpy(object)
    countries = staged["country"].to_numpy(object)
    if all(phone is None for phone in written):
        return written
    local = any(
        phone and not PLAIN.fullmatch(phone) and not country for phone, country in zip(written, countries, strict=True)
    )
    region = _usual_region(session, countries) if local else None
    found: Texts = np.array([*known_phones(written, countries, region), None], object)[:-1]
    return found


def _usual_region(session: Session, countries: Texts) -> str | None:
    there = pd.Series(countries, dtype=object).dropna()
    in_file = there.mode().tolist()[:1]
    zone = session.scalar(select(Setting.value).where(Setting.key == "time_zone"))
    of_zone = get_global("zone_territories").get(str(zone)) if zone else None
    known = (region_of(country) for country in (usual_country(session), *in_file, of_zone))
    return next((region for region in known if region), None)


def _beside_many(values: Texts, keys: Texts, *, but: Texts | None = None) -> set[str]:
    """Values that stand beside more different numbers than one person has; one that is itself the number is none."""
    names = but if but is not None else values
    there = np.array([value is not None for value in values], bool) & (keys != names)
    counted = pd.Series(values[there], dtype=object).value_counts()
    return set(counted.index[counted > MOST_NUMBERS])


def _held_by_many(session: Session, emails: Texts, keys: Texts, stored: Keys, by_email: Mapping[str, int]) -> set[str]:
    """Addresses that many stored customers have, or whose holder would come to more numbers than one person has."""
    new = [(email, by_email[email]) for email, key, own in zip(emails, keys, stored, strict=True)
           if own == NOBODY and key != email and email in by_email]  # fmt: skip
    more: dict[str, int] = defaultdict(int)
    for email, _ in new:
        more[email] += 1
    numbers = count_numbers(session, {holder for _, holder in new})
    crowded = {email for email, holder in new if numbers.get(holder, 0) + more[email] > MOST_NUMBERS}
    return crowded | (shared_emails(session, by_more_than=MOST_NUMBERS) if by_email else set())


def _join_by_email(groups: PersonGroups, emails: Texts, tells: Mask, holders: Mapping[str, int]) -> None:
    for email, rows in _rows_by_value(emails, tells, holders):
        if email in holders:
            for row in rows:
                groups.give(row, holders[email])
            continue
        anchor = next((row for row in rows if groups.stored(row) != NOBODY), rows[0])
        for row in rows:
            groups.join(anchor, row)


def _join_by_phone(
    session: Session, groups: PersonGroups, phones: Texts, tells: Mask, holders: Mapping[str, int]
) -> None:
    shared = _rows_by_value(phones, tells, holders)
    asked = {holders[phone] for phone, _ in shared if phone in holders}
    with_email = set(known_customers(session, asked)["email"].dropna().index) if asked else set()
    for phone, rows in shared:
        holder = holders.get(phone, NOBODY)
        open_rows = [row for row in rows if groups.stored(row) == NOBODY]
        bare = [row for row in open_rows if not groups.has_email(row)]
        if holder != NOBODY:
            has_email = holder in with_email or any(
                groups.has_email(row) for row in rows if groups.stored(row) == holder
            )
            joining = bare if has_email else [*bare, *open_rows[:1]]
            for row in joining:
                groups.give(row, holder)
            continue
        for row in bare:
            groups.join(bare[0], row)
        others = {groups.top(row): row for row in rows if row not in bare}
        if bare and len(others) == 1:  # of several who share a number, nobody knows which
            groups.join(bare[0], next(iter(others.values())))


def _rows_by_value(values: Texts, tells: Mask, holders: Mapping[str, int]) -> list[tuple[str, list[int]]]:
    """The rows of each value that several have or somebody holds, in the rows' order."""
    rows = np.flatnonzero(tells)
    table = pd.Series(values[rows], dtype=object)
    wanted = table.duplicated(keep=False).to_numpy() | _isin(values[rows], holders)
    found: dict[str, list[int]] = defaultdict(list)
    for row, value in zip(rows[wanted].tolist(), table[wanted], strict=True):
        found[value].append(row)
    return list(found.items())


def _isin(values: Texts, there: Iterable[str]) -> Mask:
    looked_up = there if isinstance(there, set | dict) else set(there)
    if not looked_up:
        return np.zeros(len(values), bool)
    return np.array([*(value in looked_up for value in values), False], bool)[:-1]
