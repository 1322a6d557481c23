"""Where the database is: the environment, then the secrets, then the file in the project."""

from pathlib import Path

import pytest

from crm_core.errors import CrmError
from crm_core.settings import Settings

ADDRESS = "postgresql://ada:hunter2@db.example/shop"


def secrets_with(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "secrets.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_environment_comes_before_the_secrets(tmp_path: Path) -> None:
    secrets = secrets_with(tmp_path, f'REGULARS_DATABASE_URL = "{ADDRESS}"\n')
    assert Settings.from_environment({}, secrets=secrets).database_url == ADDRESS
    chosen = Settings.from_environment({"REGULARS_DATABASE_URL": " sqlite:///x.db "}, secrets=secrets)
    assert chosen.database_url == "sqlite:///x.db"


def test_without_either_it_is_a_file_of_the_project(tmp_path: Path) -> None:
    found = Settings.from_environment({"REGULARS_DATABASE_URL": ""}, secrets=tmp_path / "none.toml")
    assert found.database_url.startswith("sqlite:///")
    assert found.database_url.endswith("data/regulars.db")
    other = secrets_with(tmp_path, '[auth]\nclient_secret = "x"\n')
    assert Settings.from_environment({}, secrets=other) == found


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("REGULARS_DATABASE_URL = postgresql://ada:hunter2@x", "is no TOML"), ("REGULARS_DATABASE_URL = 5", "is no text")],
)
def test_secrets_that_cannot_be_read_are_said_without_repeating_them(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(CrmError, match=sentence) as raised:
        Settings.from_environment({}, secrets=secrets_with(tmp_path, text))
    assert "hunter2" not in str(raised.value)
    assert "hunter2" not in str(raised.value.__cause__)
