"""Ten programs at once, on every kind of database: nothing lost, nothing doubled, nobody told "locked"."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm_core.store.session import Store
from crm_core.store.tables import Base
from tests.conftest import PROJECT

PROGRAMS = 10
ORDERS = 40  # per file
# Imports what it is told, line by line, so that ten can be ready before any of them begins
WORKER = """
import json, sys
from crm_core.errors import CrmError
from crm_core.services.imports import import_file
from crm_core.store.session import open_store
store = open_store(sys.argv[1])
print("ready", flush=True)
for file in sys.stdin:
    try:
        print(json.dumps(import_file(store, file.strip(), file_name="orders.csv").as_dict()), flush=True)
    except CrmError as error:
        print(json.dumps({"error": str(error)}), flush=True)
"""


def write_file(folder: Path, number: int) -> Path:
    """Orders of its own, by ten customers of its own and ten that every file has."""
    rows = ["customer_id,email,order_id,date,product_id,amount,currency"]
    for order in range(ORDERS):
        everyone = order % 2
        customer = f"all{order % 20}" if everyone else f"own{number}-{order % 20}"
        rows.append(
            f"{customer},{customer}@x.org,F{number}-{order},2025-01-{1 + order % 28:02d},P{order % 7},10.00,EUR"
        )
    file = folder / f"orders{number}.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def count(store: Store, *names: str) -> list[int]:
    with store.read() as session:
        return [int(session.scalar(select(func.count()).select_from(Base.metadata.tables[n])) or 0) for n in names]


@pytest.fixture
def programs(store: Store) -> "list[subprocess.Popen[str]]":
    url = store.engine.url.render_as_string(hide_password=False)
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, url],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROGRAMS)
    ]
    yield started
    for program in started:
        program.kill()
        program.communicate()


def tell_all(programs: "list[subprocess.Popen[str]]", files: list[Path]) -> list[dict]:
    """Give each its file at the same moment; their reports."""
    for program, file in zip(programs, files, strict=True):
        program.stdin.write(f"{file}\n")
    for program in programs:
        program.stdin.flush()
    return [json.loads(program.stdout.readline()) for program in programs]


def write_people(folder: Path, number: int) -> Path:
    """Conversations with people of its own and with those of every file: one e-mail, another number each."""
    rows = ["customer_id,email,date,channel,minutes,note"]
    for talk in range(ORDERS):
        person = f"all{talk % 20}" if talk % 2 else f"own{number}-{talk % 20}"
        rows.append(f"{number}-{person},{person}@x.org,2025-01-{1 + talk % 28:02d},call,12,{number} {talk}")
    file = folder / f"talks{number}.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


@pytest.mark.slow
def test_ten_programs_that_bring_conversations_know_each_other_s_people(
    store: Store, programs: "list[subprocess.Popen[str]]", tmp_path: Path
) -> None:
    assert [program.stdout.readline().strip() for program in programs] == ["ready"] * PROGRAMS
    ten = tell_all(programs, [write_people(tmp_path, number) for number in range(PROGRAMS)])
    assert [report.get("error") for report in ten] == [None] * PROGRAMS
    assert [report["accepted"] for report in ten] == [ORDERS] * PROGRAMS
    assert count(store, "interactions", "imports") == [ORDERS * PROGRAMS, PROGRAMS]
    same = tell_all(programs, [write_people(tmp_path, 77)] * PROGRAMS)
    assert sorted(report["accepted"] for report in same) == [0] * (PROGRAMS - 1) + [ORDERS]
    assert count(store, "interactions") == [ORDERS * (PROGRAMS + 1)]


@pytest.mark.slow
def test_ten_programs_at_once_lose_and_double_nothing(
    store: Store, programs: "list[subprocess.Popen[str]]", tmp_path: Path
) -> None:
    assert [program.stdout.readline().strip() for program in programs] == ["ready"] * PROGRAMS

    ten = tell_all(programs, [write_file(tmp_path, number) for number in range(PROGRAMS)])
    assert [report.get("error") for report in ten] == [None] * PROGRAMS
    assert [report["accepted"] for report in ten] == [ORDERS] * PROGRAMS
    assert sum(report["customers"]["new"] for report in ten) == 10 * PROGRAMS + 10
    assert count(store, "orders", "order_lines", "customers", "products", "imports") == [
        ORDERS * PROGRAMS,
        ORDERS * PROGRAMS,
        10 * PROGRAMS + 10,
        7,
        PROGRAMS,
    ]
    assert store.revision() == PROGRAMS

    same = tell_all(programs, [write_file(tmp_path, 77)] * PROGRAMS)
    assert [report.get("error") for report in same] == [None] * PROGRAMS
    assert sorted(report["accepted"] for report in same) == [0] * (PROGRAMS - 1) + [ORDERS]
    assert sum(report["duplicates"] for report in same) == ORDERS * (PROGRAMS - 1)
    assert count(store, "orders", "customers") == [ORDERS * (PROGRAMS + 1), 10 * PROGRAMS + 20]
