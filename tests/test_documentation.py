"""What the documentation says is true: commands exist, links lead somewhere, examples run, doors are described."""

import ast
import csv
import doctest
import importlib
import pkgutil
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import crm_core
from crm_core.__main__ import main as run_command_line
from crm_core.importing.columns import recognise_columns
from crm_core.importing.kinds import ImportKind

PROJECT = Path(__file__).resolve().parents[1]
DOCUMENTS = [PROJECT / name for name in ("README.md", "CHANGELOG.md", "data/README.md")]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```(?:sh|bat)\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_relative_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert missing == []


def test_the_scripts_and_files_of_the_readme_exist() -> None:
    files = set(re.findall(r"(?<![\w/:.])((?:\./|data/)?[\w-]+\.(?:sh|py|txt|csv|toml))\b", "\n".join(COMMANDS)))
    made = {"customers.csv"}
    assert {"./run.sh", "./test.sh", "requirements.txt", "app.py"} <= files
    assert [name for name in files - made if not (PROJECT / name).exists()] == []
    for script in ("run.sh", "test.sh", ".ci/run"):
        assert (PROJECT / script).stat().st_mode & 0o111, f"{script} can't be executed"


def test_the_make_targets_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", README, re.MULTILINE))
    assert named
    assert named <= targets


def test_the_command_line_knows_every_verb_of_the_readme() -> None:
    verbs = {match[1] for line in COMMANDS if (match := re.search(r"-m crm_core (\w+)", line))}
    told = subprocess.run(
        [sys.executable, "-m", "crm_core", "--help"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    assert {"demo", "import", "undo"} <= verbs
    assert {verb for verb in verbs if not re.search(rf"\b{verb}\b", told)} == set()


def test_the_command_lines_of_the_readme_run_as_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(PROJECT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("*.db*", "backups", "logs"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REGULARS_DATABASE_URL", "sqlite:///readme.db")
    lines = [line.split("-m crm_core ")[1] for line in COMMANDS if "-m crm_core " in line]
    assert len(lines) >= 6
    for line in lines:
        assert run_command_line(shlex.split(line)) == 0, (line, capsys.readouterr().err)
    with (tmp_path / "customers.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 40  # the demonstration was taken back, the sample file stayed
    assert run_command_line(["imports", "--database", "sqlite:///other.db", "--json"]) == 0


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sample_orders.csv", ImportKind.ORDERS),
        ("orders_template.csv", ImportKind.ORDERS),
        ("customers_template.csv", ImportKind.CUSTOMERS),
    ],
)
def test_the_sample_files_have_recognised_columns(name: str, kind: ImportKind) -> None:
    with (PROJECT / "data" / name).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    found = recognise_columns(tuple(header), kind=kind)
    assert found.missing == ()
    assert set(found.columns.values()) == set(header)
    assert {len(row) for row in rows} == {len(header)}


def test_the_size_of_the_sample_is_as_told() -> None:
    with (PROJECT / "data" / "sample_orders.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    told = re.search(r"(\d+) orders of (\d+) made-up", (PROJECT / "data" / "README.md").read_text(encoding="utf-8"))
    assert told is not None
    assert [int(number) for number in told.groups()] == [
        len({row["order_id"] for row in rows}),
        len({row["customer_id"] for row in rows}),
    ]


def core_modules() -> Iterator[str]:
    for module in pkgutil.walk_packages(crm_core.__path__, "crm_core."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            yield module.name


@pytest.mark.parametrize("name", list(core_modules()))
def test_every_module_and_public_name_is_described(name: str) -> None:
    tree = ast.parse(Path(str(importlib.import_module(name).__file__)).read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module"
    public = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"]
    inside = [
        method
        for node in public
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name[0] != "_"
    ]
    assert [node.name for node in [*public, *inside] if not ast.get_docstring(node)] == []


def test_examples_in_docstrings_are_run_by_the_tests() -> None:
    options = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    assert "--doctest-modules" in options["addopts"]
    assert "crm_core" in options["testpaths"]
    finder = doctest.DocTestFinder(exclude_empty=True)
    with_example = {
        name for name in core_modules() for test in finder.find(importlib.import_module(name), name) if test.examples
    }
    assert len(with_example) >= 15


def test_nothing_unfinished_is_left() -> None:
    marks = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "NotImplemented" + "Error")))
    left = [
        f"{path.relative_to(PROJECT)}:{number}"
        for folder in ("crm_core", "pages", "tests")
        for path in (PROJECT / folder).rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    assert left == []
