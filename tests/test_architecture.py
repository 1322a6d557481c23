"""The folders are the argument: the tree is as the README tells, data flow one way, and pieces stay small."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
TOP = {
    ".ci",
    ".gitignore",
    ".streamlit",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "app.py",
    "crm_core",
    "data",
    "pages",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements.txt",
    "run.sh",
    "test.sh",
    "tests",
}
STAGES = {"api", "charts", "decisions", "features", "importing", "models", "services", "store"}
VAGUE = {"utils", "helpers", "misc", "common", "base", "tools"}
MODULE_LINES, FUNCTION_LINES, PAGE_LINES, LAUNCHER_LINES = 400, 50, 120, 60
NO_PAGE_MAY = (
    "sqlalchemy",
    "alembic",
    "sklearn",
    "statsmodels",
    "scipy",
    "crm_core.store",
    "crm_core.models",
    "crm_core.features",
)


def tracked() -> list[Path]:
    """The project's files, relative to its folder, as git knows them."""
    try:
        listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this copy of the project is no git repository")
    return [Path(name) for name in listed.stdout.split("\n") if name and (PROJECT / name).exists()]


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (PROJECT / folder).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


OURS = [path for path in modules("crm_core", "pages") if path.parent.name != "migrations"]  # those only ever list


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_the_top_of_the_tree_holds_what_the_readme_tells() -> None:
    assert {path.parts[0] for path in tracked()} == TOP


def test_the_core_is_cut_into_its_stages() -> None:
    folders = {path.parts[1] for path in tracked() if path.parts[0] == "crm_core" and len(path.parts) > 2}
    assert folders == STAGES
    for stage in STAGES:
        assert (PROJECT / "crm_core" / stage / "__init__.py").exists(), stage


def test_imports_go_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run([linter, "--no-logo"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_the_core_knows_no_screen_and_pages_no_database() -> None:
    seen = [
        (path.name, name) for path in modules("crm_core") for name in imported(path) if name.startswith("streamlit")
    ]
    assert seen == []
    past_services = [
        (path.name, name)
        for path in modules("pages")
        for name in imported(path)
        if name.startswith(NO_PAGE_MAY) and name != "crm_core.store.session"  # the Store that services take
    ]
    assert past_services == []


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_pieces_stay_small(path: Path) -> None:
    most = PAGE_LINES if path.parent.name == "pages" else MODULE_LINES
    assert lines(path) <= most
    assert path.stem not in VAGUE
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            assert (body[-1].end_lineno or 0) - body[0].lineno + 1 <= FUNCTION_LINES, f"{path.name}: {node.name}"


def test_the_launcher_only_launches() -> None:
    assert lines(PROJECT / "app.py") <= LAUNCHER_LINES


def test_only_the_edges_ask_the_clock() -> None:
    """Figures are computed as of a day that is given; only pages, the interface and the command line know today."""
    asking = [
        (path.relative_to(PROJECT).as_posix(), node.attr)
        for path in modules("crm_core")
        if path.name != "__main__.py" and "api" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"today", "utcnow"} and isinstance(node.value, ast.Name)
        if node.value.id in {"date", "datetime"}
    ]
    assert asking == []


def test_nothing_is_ever_unpickled() -> None:
    """A file or a database must never bring code with it: what is stored of a model is numbers as JSON."""
    loaders = {"read_pickle", "Unpickler", "allow_pickle", "PickleType"}
    packers = {"pickle", "joblib", "cloudpickle", "dill", "shelve", "marshal"}
    found = []
    for folder in ("crm_core", "pages"):
        for path in modules(folder):
            found += [(path.name, name) for name in imported(path) if name.split(".")[0] in packers]
            named = {
                node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)
            }
            words = {node.arg for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.keyword)}
            found += [(path.name, name) for name in loaders & (named | words)]
    assert found == []


def test_interfaces_are_quick_to_import() -> None:
    """Neither the launcher nor the core's vocabulary pulls in what only a model needs."""
    code = "import sys, crm_core.api.application, crm_core.settings; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert {"pandas", "sklearn", "statsmodels", "scipy", "plotly", "alembic"} & set(loaded.stdout.split()) == set()
