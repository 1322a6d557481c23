"""Who stages, stores and shows the rows of which kind of file: one line per kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from crm_core.importing.choices import ImportChoices, Reading
from crm_core.importing.kinds import ImportKind
from crm_core.importing.people import stage_people
from crm_core.importing.products import stage_products
from crm_core.importing.sources import Source
from crm_core.services.import_order_file import show_order_file, stage_order_file, store_order_file
from crm_core.services.import_people_file import show_people_file, store_people_file
from crm_core.services.import_product_file import show_product_file, store_product_file
from crm_core.services.import_record_files import (
    show_record_file,
    stage_interaction_file,
    stage_survey_file,
    stage_ticket_file,
    store_interaction_file,
    store_survey_file,
    store_ticket_file,
)
from crm_core.services.import_task import ImportTask, StoredFile, StoredView

__all__ = ["STEPS", "ImportSteps"]


@dataclass(frozen=True)
class ImportSteps:
    """The three steps of a kind; what ``stage`` gives is what the other two take, and has what ``Staged`` has.

    ``stage`` writes nothing and asks no database; ``store`` writes in the session's transaction, every row under the
    task's import id.
    """

    stage: Callable[[Source, Reading, ImportChoices], Any]
    store: Callable[[Session, Any, ImportTask], StoredFile]
    show: Callable[[Any], StoredView]


STEPS: dict[ImportKind, ImportSteps] = {
    ImportKind.ORDERS: ImportSteps(stage_order_file, store_order_file, show_order_file),
    ImportKind.CUSTOMERS: ImportSteps(stage_people, store_people_file, show_people_file),
    ImportKind.PRODUCTS: ImportSteps(stage_products, store_product_file, show_product_file),
    ImportKind.INTERACTIONS: ImportSteps(stage_interaction_file, store_interaction_file, show_record_file),
    ImportKind.TICKETS: ImportSteps(stage_ticket_file, store_ticket_file, show_record_file),
    ImportKind.SURVEYS: ImportSteps(stage_survey_file, store_survey_file, show_record_file),
}
