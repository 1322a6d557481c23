"""The REST interface answers, says what is wrong, and fetches nothing."""

import logging
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from crm_core import __version__
from crm_core.api.application import make_api
from crm_core.api.health import health_router
from crm_core.settings import Settings


def test_health_tells_version_and_database(tmp_path: Path) -> None:
    client = TestClient(make_api(Settings(f"sqlite:///{tmp_path / 'new.db'}")))
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "version": __version__, "database": "reachable", "reason": None}


def test_health_says_why_a_file_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(b"\x89PNG no database at all, but long enough to be looked at" * 40)
    answer = TestClient(make_api(Settings(f"sqlite:///{file}"))).get("/health")
    assert answer.status_code == 503
    assert answer.json()["database"] == "unreachable"
    assert "picture.png can't be read as a database" in answer.json()["reason"]


def test_an_unexpected_failure_is_logged_under_the_id_that_is_told(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> int:
        raise ZeroDivisionError("secret detail")

    api = FastAPI()
    api.include_router(health_router(fail))
    with caplog.at_level(logging.ERROR):
        answer = TestClient(api).get("/health")
    assert answer.status_code == 503
    assert "secret detail" not in answer.text
    number = answer.json()["reason"].rstrip(".").split()[-1]
    assert number in caplog.text


def test_the_documentation_names_every_operation_and_loads_nothing() -> None:
    api = make_api(Settings("sqlite://"))
    page = TestClient(api).get("/docs")
    assert page.status_code == 200
    for path in api.openapi()["paths"]:
        assert path in page.text
    assert "http" not in page.text
    assert "<script" not in page.text
