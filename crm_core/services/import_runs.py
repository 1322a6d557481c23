"""An import's own row in the history, and the rows of its file that were not accepted."""

from datetime import datetime

import numpy as np
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from crm_core.importing.kinds import ImportKind
from crm_core.importing.report import ImportReport
from crm_core.importing.text_table import TextTable
from crm_core.services.time_zones import as_stored
from crm_core.store.bulk import insert_columns, next_id
from crm_core.store.tables import Base, ImportRun, RejectedRow

__all__ = ["begin_run", "finish_run"]


def begin_run(session: Session, table: TextTable, kind: ImportKind, source: str, now: datetime) -> int:
    """The import's row, so that others can name it; its counts follow."""
    runs = Base.metadata.tables[ImportRun.__tablename__]
    import_id = next_id(session, runs)
    session.execute(
        insert(runs).values(
            id=import_id,
            file_name=table.file_name[:255],
            file_sha256=table.sha256,
            source=source,
            kind=str(kind),
            finished_at=as_stored(now),
            row_count=0,
            accepted_count=0,
            duplicate_count=0,
            rejected_count=0,
            report={},
        )
    )
    return import_id


def finish_run(session: Session, report: ImportReport) -> None:
    """Write down what came of it."""
    runs = Base.metadata.tables[ImportRun.__tablename__]
    summary = {key: value for key, value in report.as_dict().items() if key != "rejected"}
    session.execute(
        update(runs)
        .where(runs.c.id == report.import_id)
        .values(
            row_count=report.rows,
            accepted_count=report.accepted,
            duplicate_count=report.duplicates,
            rejected_count=len(report.rejected),
            report=summary,
        )
    )
    columns = {
        "import_id": report.import_id,
        "row_number": np.array([row.row_number for row in report.rejected], np.int64),
        "reason": np.array([row.reason for row in report.rejected], object),
        "cells": np.array([*[row.cells for row in report.rejected], None], object)[:-1],
    }
    insert_columns(session, Base.metadata.tables[RejectedRow.__tablename__], columns)
