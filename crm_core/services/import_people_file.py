"""A file of customers: stored, and shown beforehand."""

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from crm_core.importing.people import StagedPeople
from crm_core.services.custom_fields import store_custom_fields
from crm_core.services.import_figures import PREVIEW_ROWS
from crm_core.services.import_people import store_customers
from crm_core.services.import_task import ImportTask, StoredFile, StoredView

__all__ = ["show_people_file", "store_people_file"]

SHOWN = {"source_id": "customer", "name": "name", "email": "email", "phone": "phone", "postcode": "postcode",
         "country": "country", "birthday": "birthday", "channel": "channel"}  # fmt: skip


def store_people_file(session: Session, staged: StagedPeople, task: ImportTask) -> StoredFile:
    """Write people and what is kept of them. A row is accepted where it brings somebody new or something new of them;
    else it is a duplicate, as are the further rows of one person."""
    task.tell(0.3, "Storing customers")
    existing = task.choices.existing
    people = store_customers(
        session, staged.people, import_id=task.import_id, source=task.source, existing=existing, of_people=True
    )
    task.tell(0.7, "Storing what is kept")
    told = store_custom_fields(
        session,
        staged.kept.assign(owner=people.ids[staged.kept["owner"].to_numpy(np.int64)]),
        owner="customer_id",
        import_id=task.import_id,
        existing=existing,
        fresh=people.fresh,
    )
    person = people.ids[staged.person_of_row]
    brings = people.fresh | people.touched | told.owners
    first = ~pd.Series(person).duplicated().to_numpy()
    return StoredFile(
        accepted=int((first & np.isin(person, list(brings))).sum()),
        rejected=staged.rejected,
        customers=people.with_more(told.owners),
        dates_read_as=staged.dates_read_as,
        notes=(*people.notes, *told.notes),
    )


def show_people_file(staged: StagedPeople) -> StoredView:
    """The first rows as they would be stored, [row, customer, name, email, phone, postcode, country, birthday,
    channel]."""
    first = np.argsort(staged.row_numbers, kind="stable")[:PREVIEW_ROWS]
    rows = staged.people.iloc[staged.person_of_row[first]].reset_index(drop=True)
    lines = rows[list(SHOWN)].rename(columns=SHOWN)
    lines.insert(0, "row", staged.row_numbers[first])
    return StoredView(lines)
