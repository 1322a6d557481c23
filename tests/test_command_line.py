"""The command line: the documented verbs and keys, and failures as one sentence."""

import csv
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_core.__main__ import main

ORDERS = "customer_id,order_id,date,amount\nana,A1,03/04/2024,10\nana,A2,25/04/2024,12.50\nben,A3,31/02/2024,5\n"
REPORT_KEYS = {
    "import_id", "source", "kind", "rows", "accepted", "duplicates", "rejected", "customers", "orders", "totals",
    "first_day", "last_day", "dates_read_as", "decimals_read_as",
}  # fmt: skip
TODAY_KEYS = {
    "rank", "customer_id", "kind", "reason", "action", "at_stake", "at_stake_low", "at_stake_high", "recoverable",
    "currency", "evidence",
}  # fmt: skip


class Program:
    """The command line on a database of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.database = f"sqlite:///{folder / 'shop.db'}"

    def run(self, *arguments: str) -> tuple[int, str, str]:
        code = main([*arguments, "--database", self.database])
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def ask(self, *arguments: str) -> Any:
        code, out, _ = self.run(*arguments, "--json")
        assert code == 0, out
        return json.loads(out)

    def file(self, text: str, name: str = "orders.csv") -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)


@pytest.fixture
def program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(tmp_path, capsys)


def test_import_reports_every_documented_key(program: Program) -> None:
    report = program.ask("import", program.file(ORDERS), "--currency", "GBP")
    assert set(report) >= REPORT_KEYS
    assert (report["rows"], report["accepted"], report["duplicates"]) == (3, 2, 0)
    assert [row["row"] for row in report["rejected"]] == [4]
    assert report["totals"] == {"GBP": "22.50"}
    assert (report["first_day"], report["dates_read_as"]) == ("2024-04-03", "dmy")


def test_import_takes_ways_of_writing_days_and_choices_about_orders(program: Program) -> None:
    file = program.file("customer_id,order_id,date,amount,status\nana,A1,45292,10,paid\nben,A2,45293,5,pending\n")
    report = program.ask("import", file, "--dates", "excel1904", "--orders", "pending=leave-out", "--dry-run")
    assert (report["first_day"], report["dates_read_as"], report["accepted"]) == ("2028-01-02", "excel1904", 1)
    assert "is left out: pending orders are left out, as you chose" in report["rejected"][0]["reason"]
    code, out, _ = program.run("import", file, "--orders", "pending=drop", "--json")
    assert (code, "can be done store, leave-out or count, not 'drop'" in json.loads(out)["error"]) == (1, True)
    code, out, _ = program.run("import", file, "--dates", "american", "--json")
    assert (code, "excel1904 or unix, not as 'american'" in json.loads(out)["error"]) == (1, True)


def test_import_imports_undo(program: Program) -> None:
    code, out, _ = program.run("import", program.file(ORDERS))
    assert code == 0
    assert "3 rows read, 2 stored, 0 duplicates, 1 rejected" in out
    assert "orders.csv, row 4, column 'date': '31/02/2024' is not a calendar date" in out
    assert program.ask("imports")["imports"][0]["file_name"] == "orders.csv"
    again = program.run("import", program.file(ORDERS))[1]
    assert "Nothing new.\n" in again
    assert re.search(r" \d{4}-\d\d-\d\d \d\d:\d\d +3 ", program.run("imports")[1])  # to the minute
    assert program.ask("undo", "2")["removed"]["orders"] == 0
    assert program.ask("undo", "1")["removed"]["orders"] == 2
    assert program.ask("imports")["imports"][0]["undone_at"] is not None


def test_a_mapping_a_date_order_and_a_dry_run(program: Program) -> None:
    file = program.file("who,wann,geld\nana,03/04/2024,10\n")
    mapping = program.file('{"customer_id": "who", "day": "wann", "amount": "geld"}', "mapping.json")
    report = program.ask("import", file, "--mapping", mapping, "--dates", "mdy", "--dry-run", "--as", "orders")
    assert (report["import_id"], report["accepted"], report["first_day"]) == (None, 1, "2024-03-04")
    assert program.ask("imports") == {"imports": []}


def test_export_writes_what_other_programs_read(program: Program, tmp_path: Path) -> None:
    program.ask("import", program.file(ORDERS))
    out = tmp_path / "out.csv"
    assert program.ask("export", "orders", "--out", str(out)) == {"table": "orders", "rows": 2, "file": str(out)}
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["order_id"], row["customer_id"], row["amount"]) for row in rows] == [
        ("A1", "ana", "10.00"),
        ("A2", "ana", "12.50"),
    ]


def test_the_list_of_another_day_is_not_kept_as_if_it_had_been_shown(program: Program) -> None:
    program.run("demo")
    program.run("today", "--as-of", "2999-01-01")
    assert program.ask("today", "--as-of", _month_ago())["actions"]
    assert shown_days(program) == []
    as_of = program.ask("today")["as_of"]
    assert shown_days(program) == [as_of]
    program.run("today", "--as-of", as_of)
    assert shown_days(program) == [as_of]


def _month_ago() -> str:
    return (date.today() - timedelta(days=30)).isoformat()  # noqa: DTZ011 - the made-up company ends today


def shown_days(program: Program) -> list[str]:
    """The days of which figures are kept to be graded."""
    with closing(sqlite3.connect(program.folder / "shop.db")) as connection:
        return [row[0] for row in connection.execute("SELECT DISTINCT as_of FROM predictions")]


def test_demo_score_and_today(program: Program) -> None:
    assert program.ask("demo")["import_id"] == 1
    scores = program.ask("score", "--alpha", "1", "--beta", "0")["scores"]
    assert set(scores[0]) >= {"customer_id", "clv", "repeat_rate", "loyalty", "tier", "stage"}
    assert [row["clv"] for row in scores[:5]] == sorted((row["clv"] for row in scores[:5]), reverse=True)
    assert re.search(r" \d+\.\d\d +EUR +\d\.\d\d +\d+\.\d +high ", program.run("score")[1])
    actions = program.ask("today")["actions"]
    assert set(actions[0]) >= TODAY_KEYS
    assert len(actions) <= 7
    assert program.ask("score", "--as-of", "1999-01-01")["scores"] == []
    code, out, _ = program.run("demo", "--json")
    assert code == 1
    assert set(json.loads(out)) == {"error"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("import", "nowhere.csv"), "nowhere.csv can't be opened"),
        (("undo", "9"), "There is no import 9"),
        (("export", "order", "--out", "x.csv"), "There is no table 'order' to export"),
        (("import", "x.csv", "--mapping", "nowhere.json"), "The mapping nowhere.json can't be read"),
    ],
)
def test_a_failure_is_one_sentence(program: Program, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = program.run(*arguments)
    assert (code, out) == (1, "")
    assert err.startswith(words)
    assert err.count("\n") == 1
    code, out, err = program.run(*arguments, "--json")
    assert (code, err) == (1, "")
    assert json.loads(out)["error"].startswith(words)


def test_help_is_quick_because_nothing_heavy_is_loaded() -> None:
    script = (
        "import sys; from crm_core.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "assert not {'pandas', 'sqlalchemy', 'sklearn', 'pyarrow'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, capture_output=True).returncode == 0


def test_backup_restore_and_copy(program: Program, tmp_path: Path) -> None:
    program.ask("import", program.file(ORDERS), "--currency", "GBP")
    file = tmp_path / "backup.db"
    made = program.ask("backup", str(file))
    assert made == {
        "file": str(file),
        "rows": made["rows"],
        "customers": 1,
        "orders": 2,
        "bytes": file.stat().st_size,
    }
    code, _, said = program.run("backup", str(file))
    assert code == 1
    assert "backup.db is there already" in said
    assert "--replace" in said
    program.ask("backup", str(file), "--replace")
    program.ask("undo", "1")
    restored = program.ask("restore", str(file))
    assert (restored["customers"], restored["rows"]) == (1, made["rows"])
    assert Path(restored["before"]).parent == tmp_path / "backups"
    target = f"sqlite:///{tmp_path / 'moved.db'}"
    assert program.ask("copy", "--to", target)["orders"] == 2
    code, _, said = program.run("copy", "--to", target)
    assert code == 1
    assert "moved.db is not empty" in said
    code, _, said = program.run("restore", program.file("no backup at all"))
    assert code == 1
    assert "orders.csv is no backup of Regulars" in said


def test_a_table_is_written_as_its_ending_says(program: Program, tmp_path: Path) -> None:
    program.ask("import", program.file(ORDERS), "--currency", "GBP")
    said = program.ask("export", "order_lines", "--out", str(tmp_path / "lines.xlsx"))
    assert said["rows"] == 2
    assert (tmp_path / "lines.xlsx").read_bytes().startswith(b"PK")


def test_everything_about_a_person_is_written(program: Program, tmp_path: Path) -> None:
    program.ask("import", program.file(ORDERS), "--currency", "GBP")
    file = tmp_path / "ana.json"
    assert program.ask("personal-data", "ana", "--out", str(file))["file"] == str(file)
    assert [order["number"] for order in json.loads(file.read_text())["orders"]] == ["A1", "A2"]
    code, _, said = program.run("personal-data", "nobody", "--out", str(file))
    assert code == 1
    assert "There is no customer with number 'nobody'" in said
