"""The log file: what it tells, what it never tells, and that the product runs without it."""

import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_core import logs
from crm_core.__main__ import main
from crm_core.logs import log_failure, log_work, start_log
from crm_core.settings import Settings

ADDRESS = "postgresql+psycopg://anna:hunter2@db.example.org/shop"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A log of its own, as in a process that has none yet."""
    before = list(logs.logger.handlers)
    monkeypatch.setattr(logs, "_started", set())
    yield tmp_path / "new folder" / "regulars.log"
    for handler in set(logs.logger.handlers) - set(before):
        logs.logger.removeHandler(handler)
        handler.close()


def fail() -> None:
    try:
        raise KeyError("anna@example.org")
    except KeyError as error:
        raise ValueError("12.50 EUR of Anna") from error


def test_the_start_tells_version_and_kind_of_database_once(file: Path) -> None:
    for _ in range(2):
        start_log(file, database_url=ADDRESS)
    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ INFO Regulars [\d.]+ started, database: postgresql", line)


def test_a_failure_is_told_by_types_and_places_and_not_by_its_text(file: Path) -> None:
    start_log(file, database_url=ADDRESS)
    with pytest.raises(ValueError, match="Anna") as caught:
        fail()
    number = log_failure(caught.value)
    told = file.read_text(encoding="utf-8")
    assert f"ERROR error {number}: ValueError from KeyError" in told
    assert re.search(r"^  tests/test_logs\.py:\d+ fail$", told, re.MULTILINE)
    for kept in ("anna", "Anna", "12.50", "hunter2"):
        assert kept not in told


def test_work_is_told_with_counts_and_its_failure_by_type(file: Path) -> None:
    start_log(file, database_url=ADDRESS)
    with log_work("import") as counts:
        counts.update({"import": 3, "rows": 40})
    with pytest.raises(ZeroDivisionError), log_work("undo"):
        raise ZeroDivisionError("anna")
    told = [line.split(maxsplit=2)[2] for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    assert told[:2] == ["import begun", "import done in 0.0 s: import 3, rows 40"]
    assert told[2:] == ["undo begun", "undo not done after 0.0 s: ZeroDivisionError"]


def test_only_numbers_can_be_counted(file: Path) -> None:
    with pytest.raises(ValueError, match="format code 'd'"), log_work("import") as counts:
        counts["name"] = "Anna"  # type: ignore[assignment]


def test_other_libraries_do_not_write_into_it(file: Path) -> None:
    start_log(file, database_url=ADDRESS)
    for name in ("", "sqlalchemy.engine", "alembic", "streamlit.error_util", "urllib3"):
        logging.getLogger(name).error("anna@example.org")
    assert "anna" not in file.read_text(encoding="utf-8")


def test_it_is_changed_for_a_new_one_before_it_grows_large(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "BYTES", 2_000)
    start_log(file, database_url=ADDRESS)
    for _ in range(200):
        logs.logger.info("import begun")
    files = sorted(path.name for path in file.parent.iterdir())
    assert files == ["regulars.log", "regulars.log.1", "regulars.log.2"]
    assert all(path.stat().st_size <= 2_000 for path in file.parent.iterdir())


def test_without_a_place_to_write_it_says_so_once_and_goes_on(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    for _ in range(2):
        start_log(tmp_path / "taken" / "regulars.log", database_url=ADDRESS)
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "Set REGULARS_LOG_FILE to another place." in said
    logs.logger.info("import begun")


def test_the_command_line_logs_to_the_place_of_the_settings(tmp_path: Path) -> None:
    code = "import sys; from crm_core.__main__ import main; sys.exit(main(sys.argv[1:]))"
    log = tmp_path / "cli.log"
    environment = {"REGULARS_LOG_FILE": str(log), "REGULARS_DATABASE_URL": f"sqlite:///{tmp_path / 'shop.db'}"}
    subprocess.run([sys.executable, "-c", code, "demo"], env=environment, check=True, capture_output=True)
    told = log.read_text(encoding="utf-8")
    assert "demonstration done in " in told
    assert Settings.from_environment(environment).log_file == log


def test_an_unexpected_failure_of_the_command_line_is_in_the_log(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGULARS_LOG_FILE", str(file))
    monkeypatch.setattr("crm_core.services.imports.list_imports", lambda _store: {}["anna"])
    assert main(["imports", "--database", "sqlite://"]) == 1
    number = re.search(r"Error ([0-9a-f]{8}) is in the log", capsys.readouterr().err)
    assert number is not None
    told = file.read_text(encoding="utf-8")
    assert f"error {number[1]}: KeyError" in told
    assert "anna" not in told
