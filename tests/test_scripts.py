"""run.sh says in one line what to install where it can't go on by itself, and installs nothing twice."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
NEEDED = ("sh", "dirname", "cat", "cksum", "mkdir", "cp")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX sh; the README has the Windows lines")


def write_script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def prepare(folder: Path, python: str) -> subprocess.CompletedProcess[str]:
    """run.sh in a folder of its own, where the only Python is the given shell script."""
    tools = folder / "bin"
    if not tools.exists():
        tools.mkdir()
        for name in NEEDED:
            (tools / name).symlink_to(str(shutil.which(name)))
        for name in ("run.sh", "requirements.txt"):
            shutil.copy(PROJECT / name, folder / name)
    write_script(tools / "python3", python)
    return subprocess.run(
        ["sh", str(folder / "run.sh"), "--prepare", "requirements.txt"],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_an_old_python_is_told_which_one_is_needed(tmp_path: Path) -> None:
    ended = prepare(tmp_path, "exit 1")
    assert ended.returncode == 1
    assert "needs Python 3.11 or newer" in ended.stderr
    assert not (tmp_path / ".venv").exists()


def test_a_python_without_ensurepip_is_told_what_to_install(tmp_path: Path) -> None:
    ended = prepare(tmp_path, 'case "$2" in *ensurepip*) exit 1;; esac')
    assert ended.returncode == 1
    assert ended.stderr.strip().endswith("sudo apt install python3-venv")
    assert len(ended.stderr.strip().splitlines()) == 1


def test_only_changed_requirements_are_installed(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    write_script(tmp_path / "inner", f'echo "$@" >> {calls}')
    python = f'case "$2" in venv) mkdir -p .venv/bin; cp {tmp_path}/inner .venv/bin/python;; esac'
    for _ in range(2):
        assert prepare(tmp_path, python).returncode == 0
    assert calls.read_text(encoding="utf-8").count("pip install") == 1
    (tmp_path / "requirements.txt").write_text("another==1\n", encoding="utf-8")
    assert prepare(tmp_path, python).returncode == 0
    assert calls.read_text(encoding="utf-8").count("pip install") == 2
