"""Backups: whole, checked, the same from every database; and files that must not be restored."""

import gzip
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from crm_core.errors import StoreError
from crm_core.services import backups
from crm_core.services.backups import (
    backups_of,
    drop_upload,
    keep_upload,
    look_into,
    make_backup,
    restore_backup,
    state_of,
)
from crm_core.services.imports import import_file
from crm_core.services.jobs import JobCancelled
from crm_core.store import backup_opening
from crm_core.store.automatic_backups import KEPT, back_up_automatically, backup_folder
from crm_core.store.engines import make_engine
from crm_core.store.migrate import HEAD, upgrade_schema
from crm_core.store.session import Store, open_store, raise_revision
from crm_core.store.tables import Setting
from tests.faults.shop import FIRST, SECOND, bring, revision_in, snapshot, without_revision

NOW = datetime(2026, 3, 14, 10, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_backups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_BACKUP_FOLDER", str(tmp_path / "server-backups"))


def test_what_was_backed_up_comes_back_whole(demo_store: Store, tmp_path: Path) -> None:
    before = snapshot(demo_store)
    made = make_backup(demo_store, tmp_path / "backup.db", now=NOW)
    assert (made.customers, made.orders) == (800, len(before["orders"]))
    assert made.rows == sum(map(len, before.values()))
    assert made.size_bytes == (tmp_path / "backup.db").stat().st_size
    with demo_store.begin() as session:
        session.execute(text("DELETE FROM order_lines"))
        session.execute(text("INSERT INTO settings VALUES ('alpha', '0.1')"))
        raise_revision(session)
    report = restore_backup(demo_store, made.file, now=NOW)
    after = snapshot(demo_store)
    assert without_revision(after) == without_revision(before)
    assert revision_in(after) == revision_in(before) + 2  # never a number that was there for other data
    restore_backup(demo_store, report.before, now=NOW)  # the undo
    assert snapshot(demo_store)["order_lines"] == []
    assert snapshot(demo_store)["settings"] == ["('alpha', 0.1)"]


def test_a_backup_of_any_database_can_be_restored_into_any_other(store: Store, tmp_path: Path) -> None:
    bring(store, FIRST)
    bring(store, SECOND)
    other = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    made = make_backup(store, tmp_path / "backup.db", now=NOW)
    restore_backup(other, made.file, now=NOW)
    assert without_revision(snapshot(other)) == without_revision(snapshot(store))
    back = make_backup(other, tmp_path / "back.db", now=NOW)
    restore_backup(store, back.file, now=NOW)
    assert without_revision(snapshot(other)) == without_revision(snapshot(store))
    bring(store, FIRST.replace("o1", "n1"))  # new keys don't collide with restored ones
    other.close()


def test_a_backup_is_of_one_moment_while_others_write(store: Store, tmp_path: Path) -> None:
    """Every change keeps two settings equal; a copy that mixed two moments would hold unequal ones."""
    with store.begin() as session:
        session.add_all([Setting(key="left", value=0), Setting(key="right", value=0)])
    ended = threading.Event()

    def write() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            with store.begin() as session:
                session.execute(update(Setting).values(value=number))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = set()
        for number in range(4):
            made = make_backup(store, tmp_path / f"{number}.db", now=NOW)
            with closing(sqlite3.connect(made.file)) as connection:
                values = connection.execute("SELECT value FROM settings").fetchall()
            assert len(set(values)) == 1
            seen.add(values[0])
    finally:
        ended.set()
        writer.join()
    assert len(seen) > 1


def test_a_file_that_is_there_is_not_written_over(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "precious.db"
    file.write_text("a novel")
    with pytest.raises(StoreError, match=r"precious\.db is there already"):
        make_backup(store, file, now=NOW)
    assert file.read_text() == "a novel"
    make_backup(store, file, now=NOW, replace=True)
    assert look_into(store, file).customers == 0
    assert [left.name for left in tmp_path.iterdir() if "partial" in left.name] == []


def test_the_database_is_never_its_own_backup(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'shop.db'}")
    with pytest.raises(StoreError, match="is the database itself"):
        make_backup(store, tmp_path / "shop.db", now=NOW, replace=True)
    store.close()


def test_a_backup_can_be_read_by_its_owner_only(store: Store, tmp_path: Path) -> None:
    made = make_backup(store, tmp_path / "backup.db", now=NOW)
    assert made.file.stat().st_mode & 0o077 == 0
    kept = make_backup(store, now=NOW)
    assert kept.file.parent.stat().st_mode & 0o077 == 0


def test_the_last_five_automatic_ones_stay_and_all_of_the_owners(store: Store) -> None:
    mine = make_backup(store, now=NOW - timedelta(days=9))
    for number in range(KEPT + 2):
        with store.begin() as session:
            raise_revision(session)
        back_up_automatically(store.engine, "before-import", now=NOW + timedelta(hours=number))
    kept = backups_of(store)
    assert [made.made_at.hour for made in kept if made.is_automatic] == [16, 15, 14, 13, 12]
    assert [made.file for made in kept if not made.is_automatic] == [mine.file]


def test_equal_backups_do_not_push_older_ones_out(store: Store) -> None:
    back_up_automatically(store.engine, "before-import", now=NOW)
    with store.begin() as session:
        raise_revision(session)
    for minute in range(1, 9):
        back_up_automatically(store.engine, "before-update", now=NOW + timedelta(minutes=minute))
    assert [(made.reason, made.made_at.minute) for made in backups_of(store)] == [
        ("before-update", 23),
        ("before-import", 15),
    ]


def test_what_is_restored_is_not_pushed_out(store: Store) -> None:
    first = back_up_automatically(store.engine, "before-import", now=NOW)
    for number in range(1, KEPT):
        with store.begin() as session:
            raise_revision(session)
        back_up_automatically(store.engine, "before-import", now=NOW + timedelta(hours=number))
    bring(store, FIRST)
    restore_backup(store, first, now=NOW + timedelta(hours=20))
    assert first.exists()
    assert state_of(store).orders == 0


def test_two_databases_in_a_folder_keep_their_backups_apart(tmp_path: Path) -> None:
    shop, stall = (open_store(f"sqlite:///{tmp_path / name}") for name in ("shop.db", "shop-old.db"))
    make_backup(shop, now=NOW)
    assert backups_of(stall) == []
    (backup_folder(shop.engine) / "shop-20260314T101500Z-before-import.db").symlink_to(tmp_path / "shop.db")
    (backup_folder(shop.engine) / "shop-20261399T101500Z-before-import.db").write_text("a day that is none")
    (backup_folder(shop.engine) / "holiday.db").write_text("")
    assert [made.reason for made in backups_of(shop)] == ["by-hand"]


def test_a_large_import_is_preceded_by_a_backup(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "LARGE_IMPORT_ROWS", 3)
    bring(store, FIRST)  # four rows, but nothing there to lose
    assert backups_of(store) == []
    before = snapshot(store)
    import_file(store, SECOND.encode(), file_name="orders.csv", now=NOW, dry_run=True)
    assert backups_of(store) == []
    bring(store, SECOND)
    (made,) = backups_of(store)
    assert made.reason == "before-import"
    restore_backup(store, made.file, now=NOW)
    assert without_revision(snapshot(store)) == without_revision(before)


def test_a_small_import_makes_no_backup(store: Store) -> None:
    bring(store, FIRST)
    bring(store, SECOND)
    assert backups_of(store) == []


def test_a_restore_that_is_stopped_changes_nothing(store: Store, tmp_path: Path) -> None:
    made = make_backup(store, tmp_path / "empty.db", now=NOW)
    bring(store, FIRST)
    before = snapshot(store)

    def stop(_share: float, words: str) -> None:
        if words == "Saving" and _share > 0.9:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        restore_backup(store, made.file, now=NOW, progress=stop)
    assert snapshot(store) == before


def test_an_older_backup_is_brought_up_to_date(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    engine = make_engine(f"sqlite:///{file}")
    upgrade_schema(engine, head="0001", keep_copy=False)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO customers (id, source, source_id, name) VALUES (1, 'shop', 'c1', 'Ana')"))
    engine.dispose()
    bytes_before = file.read_bytes()
    assert look_into(store, file).version == "0001"
    restore_backup(store, file, now=NOW)
    assert "'Ana'" in snapshot(store)["customers"][0]
    assert file.read_bytes() == bytes_before


def test_an_upload_is_kept_until_it_is_restored(store: Store, tmp_path: Path) -> None:
    made = make_backup(store, tmp_path / "backup.db", now=NOW)
    kept = keep_upload(store, made.file.read_bytes(), "../../etc/my backup.db")
    assert kept.name == "_.._etc_my backup.db"
    assert kept.parent.parent == backup_folder(store.engine)
    assert look_into(store, kept).rows == made.rows
    drop_upload(kept)
    drop_upload(made.file)
    assert not kept.exists()
    assert not kept.parent.exists()
    assert made.file.exists()


# --- files that must not be restored -------------------------------------------------------------------------------


def changed_by(sql: str) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript(sql)

    return change


def packed(file: Path) -> None:
    file.write_bytes(gzip.compress(file.read_bytes()))


def rewritten(file: Path, start: int, cells: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(start)
        opened.write(cells)


def hostile_sql(sql: str) -> Callable[[Path], None]:
    """Change the schema's text itself, as only an attacker would."""
    return changed_by(f"PRAGMA writable_schema=ON; {sql}; PRAGMA writable_schema=OFF;")


def in_use(file: Path) -> None:
    Path(f"{file}-wal").write_bytes(b"not yet in the file")


def a_setting(value: str) -> Callable[[Path], None]:
    return changed_by(f"INSERT INTO settings VALUES ('x', {value})")


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (Path.unlink, "There is no file"),
    "empty": (lambda file: file.write_bytes(b""), "is empty"),
    "a text": (lambda file: file.write_text("name,day\nana,2026-03-14\n"), "is no backup of Regulars"),
    "packed": (packed, r"is packed \(gzip\)"),
    "cut off": (lambda file: os.truncate(file, file.stat().st_size // 2), "is not whole"),
    "only a header": (lambda file: os.truncate(file, 50), "is not whole"),
    "too long": (lambda file: os.truncate(file, 10**12), "is not whole"),  # a hole, not a terabyte
    "damaged": (lambda file: rewritten(file, file.stat().st_size // 3, b"\xa5" * 20_000), "is damaged"),
    "in use": (in_use, "is a database in use"),
    "another program's": (changed_by("DROP TABLE alembic_version"), "belongs to another program"),
    "newer": (changed_by("UPDATE alembic_version SET version_num = '9999'"), "newer Regulars .schema 9999"),
    "two versions": (changed_by("INSERT INTO alembic_version VALUES ('0001')"), "does not say which version"),
    "a trigger": (
        changed_by("CREATE TRIGGER t AFTER INSERT ON customers BEGIN DELETE FROM orders; END"),
        r"holds a trigger \(t\)",
    ),
    "a view": (changed_by("DROP TABLE refunds; CREATE VIEW refunds AS SELECT 1"), r"holds a view \(refunds\)"),
    "a virtual table": (changed_by("CREATE VIRTUAL TABLE notes USING fts5(body)"), "has other tables than ours"),
    "one table more": (changed_by("CREATE TABLE more (id INTEGER)"), r"has other tables than ours \(see more\)"),
    "one column more": (changed_by("ALTER TABLE customers ADD COLUMN x TEXT"), r"other tables .*customers"),
    "one column less": (changed_by("ALTER TABLE customers DROP COLUMN archived_at"), r"other tables .*customers"),
    "one index less": (changed_by("DROP INDEX ix_orders_facts"), r"other tables .*orders"),
    "an index of our name": (
        changed_by("DROP INDEX ix_orders_facts; CREATE INDEX ix_orders_facts ON orders (abs(amount_minor))"),
        r"other tables .*orders",
    ),
    "a partial index": (
        changed_by(
            "DROP INDEX ix_orders_facts; CREATE INDEX ix_orders_facts ON orders (customer_id, ordered_on, status, "
            "currency, amount_minor) WHERE amount_minor > 0"
        ),
        r"other tables .*orders",
    ),
    "a computed column": (
        changed_by("ALTER TABLE products ADD COLUMN x TEXT GENERATED ALWAYS AS (hex(zeroblob(9)))"),
        "rules of its own|other tables",
    ),
    "a rule": (
        hostile_sql(
            "UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL, ', 'NOT NULL CHECK (1), ') "
            "WHERE name = 'settings'; UPDATE sqlite_master SET sql = 'CREATE TABLE settings (key VARCHAR(64) "
            "NOT NULL CHECK (length(key) < 9), value JSON NOT NULL, CONSTRAINT pk_settings PRIMARY KEY (key))' "
            "WHERE name = 'settings'"
        ),
        "rules of its own",
    ),
    "a table on another's pages": (
        hostile_sql(
            "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'customers') "
            "WHERE name = 'products'"
        ),
        "is damaged",
    ),
    "rows that name others that are not there": (
        changed_by(
            "INSERT INTO orders (id, source, source_id, customer_id, ordered_on, status, currency, amount_minor)"
            " VALUES (99, 's', '99', 4711, '2026-01-01', 'paid', 'EUR', 1)"
        ),
        "rows name others that are not there",
    ),
    "no revision": (changed_by("DELETE FROM revision"), "does not count its changes"),
    "a day that is none": (changed_by("UPDATE customers SET birthday = '2026-02-31'"), r"customers\.birthday"),
    "a time on no day": (changed_by("UPDATE imports SET finished_at = '2026-02-30 10:00:00.000000'"), "finished_at"),
    "a day of words": (changed_by("UPDATE orders SET ordered_on = 'soon'"), "damaged|ordered_on"),
    "a time that is none": (changed_by("UPDATE imports SET finished_at = '2026-02-28 25:00:00.000000'"), "finished_at"),
    "a text as an amount": (changed_by("UPDATE orders SET amount_minor = 'much'"), r"orders\.amount_minor"),
    "a number too large": (changed_by("UPDATE imports SET row_count = 9000000000"), r"imports\.row_count"),
    "endless money": (changed_by("UPDATE order_lines SET quantity = 9e999"), r"order_lines\.quantity"),
    "a text too long": (changed_by("UPDATE customers SET phone = hex(zeroblob(40))"), r"customers\.phone"),
    "a hidden end": (changed_by("UPDATE customers SET name = 'a' || char(0) || 'b'"), r"customers\.name"),
    "bytes as a name": (changed_by("UPDATE customers SET name = x'00ff'"), r"customers\.name"),
    "bytes that are no text": (changed_by("UPDATE customers SET name = CAST(x'ff41' AS TEXT)"), "can't be read"),
    "no JSON": (a_setting("'{'"), r"settings\.value"),
    "JSON too deep": (
        a_setting("replace(hex(zeroblob(900)), '00', '[') || replace(hex(zeroblob(900)), '00', ']')"),
        "can't be read|settings",
    ),
    "JSON too long": (a_setting("'\"' || hex(zeroblob(11000000)) || '\"'"), r"settings\.value"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_honest_backup_is_refused_before_anything_is_touched(name: str, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'shop.db'}")
    bring(store, FIRST)
    before = snapshot(store)
    file = tmp_path / "given.db"
    make_backup(store, file, now=NOW)
    change, words = REFUSED[name]
    change(file)
    with pytest.raises(StoreError, match=words) as refused:
        restore_backup(store, file, now=NOW)
    assert str(file) in str(refused.value)
    assert snapshot(store) == before
    assert backups_of(store) == []
    folder = backup_folder(store.engine)
    assert not folder.exists() or list(folder.iterdir()) == []
    store.close()


def test_links_devices_and_folders_are_no_backups(store: Store, tmp_path: Path) -> None:
    made = make_backup(store, tmp_path / "backup.db", now=NOW)
    (tmp_path / "link.db").symlink_to(made.file)
    with pytest.raises(StoreError, match="is a link to another file"):
        restore_backup(store, tmp_path / "link.db", now=NOW)
    os.mkfifo(tmp_path / "pipe.db")
    for file in (tmp_path, tmp_path / "pipe.db", Path("/dev/zero")):
        with pytest.raises(StoreError, match="is no file"):
            restore_backup(store, file, now=NOW)


def test_what_needs_more_room_than_there_is_is_refused(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_backup(store, tmp_path / "backup.db", now=NOW)
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(backup_opening.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(StoreError, match=r"needs 0 MB beside your data|MB are free"):
        restore_backup(store, made.file, now=NOW)


def test_the_newest_schema_is_what_a_backup_says(store: Store, tmp_path: Path) -> None:
    assert make_backup(store, tmp_path / "backup.db", now=NOW).version == HEAD
