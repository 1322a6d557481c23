"""Files with hostile words on the command line: nothing printed steers the terminal, nothing of them is logged."""

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from tests.test_command_line import Program, program

__all__ = ["program"]

STEERING = "\x1b]0;pwned\x07\x1b[2J\x9b31m\u202e"
NAMES = [f"A{STEERING}na", "Ben\nfake line", "שלום", "👩‍👩‍👧"]
ROWS = [f'{n},"{name}",o{n},2026-0{n + 1}-02,10,EUR' for n, name in enumerate(NAMES)]
ORDERS = "\n".join(["customer_id,name,order_id,date,amount,currency", *ROWS, f'9,x,o9,"31/{STEERING}\n02",1,EUR', ""])


def steers(text: str) -> set[str]:
    """What of a printed text is no letter, sign or line end."""
    return {letter for letter in text if not letter.isprintable() and letter not in "\n\u200d"}


def test_nothing_of_a_file_steers_the_terminal(program: Program) -> None:
    file = program.file(ORDERS, name=f"orders{STEERING}.csv")
    for verb in (
        ("import", file),
        ("import", file),
        ("imports",),
        ("today",),
        ("score",),
        ("undo", "2"),
        ("undo", "1"),
    ):
        for arguments in (verb, (*verb, "--json")):
            code, out, err = program.run(*arguments)
            assert steers(out + err) == set(), arguments
            assert code == 0 or verb[0] == "undo"
    assert not any(line.startswith("fake line") for line in (out + err).splitlines())


def test_what_is_printed_says_what_the_file_holds(program: Program) -> None:
    code, out, _ = program.run("import", program.file(ORDERS, name=f"orders{STEERING}.csv"))
    assert code == 0
    assert out.startswith(r"orders\x1b]0;pwned\x07\x1b[2J\x9b31m\u202e.csv: 5 rows read, 4 stored")
    assert r"column 'date': '31/\x1b]0;pwned\x07\x1b[2J\x9b31m\u202e 02' is not a calendar date" in out
    assert program.ask("imports")["imports"][0]["file_name"] == f"orders{STEERING}.csv"


def test_the_log_holds_nothing_of_a_file(program: Program) -> None:
    program.run("import", program.file(ORDERS, name=f"orders{STEERING}.csv"))
    program.run("import", program.file("nothing,here\n1,2\n", name=f"bad{STEERING}.csv"))
    told = Path(os.environ["REGULARS_LOG_FILE"]).read_text(encoding="utf-8")
    assert steers(told) == set()
    assert not any(word in told for word in ("pwned", "Ben", "שלום", "fake line"))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names of files are always text")
def test_a_file_whose_name_is_no_text_is_taken_in(program: Program) -> None:
    path = program.folder / os.fsdecode(b"orders\xff.csv")
    path.write_text(ORDERS, encoding="utf-8")
    code, out, _ = program.run("import", str(path), "--source", os.fsdecode(b"stall\xff"))
    assert code == 0
    assert out.startswith("orders\ufffd.csv: 5 rows read, 4 stored")
    run = program.ask("imports")["imports"][0]
    assert (run["file_name"], run["source"]) == ("orders\ufffd.csv", "stall\ufffd")


def test_members_of_a_zip_leave_nothing_behind(program: Program) -> None:
    file = program.folder / "orders.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("../../evil.csv", ORDERS)
    assert program.run("import", str(file))[0] == 0
    with zipfile.ZipFile(file, "a") as packed:
        packed.writestr(f"two{STEERING}.csv", ORDERS)
    code, _, err = program.run("import", str(file))
    assert (code, steers(err)) == (1, set())
    assert "holds several files: ../../evil.csv, two\\x1b" in err
    assert not list(program.folder.parent.parent.glob("**/evil.csv"))


def test_a_column_named_by_half_a_letter_is_told_of(program: Program) -> None:
    mapping = program.file(json.dumps({"day": "\ud800"}), name="mapping.json")
    code, _, err = program.run("import", program.file(ORDERS), "--mapping", mapping)
    assert code == 1
    assert err.startswith(r"The mapping names the column '\ud800' for day; the file has 'customer_id', 'name'")
