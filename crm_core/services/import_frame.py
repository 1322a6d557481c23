"""What every import goes through, whatever its rows are: a backup before a large one, one transaction, its row in the
history; tried out or done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm_core.errors import ImportFileError
from crm_core.importing.rejections import RejectedRow
from crm_core.importing.report import ImportReport
from crm_core.importing.text_table import TextTable
from crm_core.progress import Progress
from crm_core.services.backups import back_up_before_import
from crm_core.services.import_runs import finish_run
from crm_core.services.import_task import Staged
from crm_core.store.bulk import note_sizes
from crm_core.store.session import Store, raise_revision
from crm_core.store.tables import Base, ImportRun
from crm_core.wording import plural

__all__ = ["ImportFrame"]

MANY_ROWS = 1_000  # a file that changes how the database should look things up


class _OnlyTried(Exception):  # noqa: N818 -- no error: it ends a dry run, so that nothing of it is kept
    pass


@dataclass(frozen=True)
class ImportFrame:
    """One file on its way in. ``what``: what its rows are, in the plural."""

    table: TextTable
    what: str
    dry_run: bool
    now: datetime
    tell: Progress

    def run(self, store: Store, staged: Staged, write: Callable[[Session], ImportReport]) -> ImportReport:
        """Store the rows by ``write``, which is given the transaction: all of it or nothing, and nothing of a trial."""
        self._require_rows(staged.rejected, staged.rows)
        if not self.dry_run:
            back_up_before_import(store, staged.rows, now=self.now, tell=self.tell)
        try:
            with store.begin() as session:
                report = write(session)
                self._require_rows(report.rejected, report.rows)
                finish_run(session, report)
                if report.rows >= MANY_ROWS:
                    note_sizes(session, Base.metadata.tables[ImportRun.__tablename__])
                raise_revision(session)
                if self.dry_run:
                    raise _OnlyTried
                self.tell(0.97, "Saving")
        except _OnlyTried:
            return replace(report, import_id=None)
        except IntegrityError as error:
            raise ImportFileError(
                f"{self.table.file_name} was not stored: another import was storing the same {self.what}. "
                "Import it again."
            ) from error
        return report

    def _require_rows(self, rejected: Sequence[RejectedRow], rows: int) -> None:
        if len(rejected) == rows:
            number = "The only row" if rows == 1 else f"None of the {plural(rows, 'row')}"
            raise ImportFileError(
                f"{number} of {self.table.file_name} can be stored, so nothing was: {rejected[0].reason}"
            )
