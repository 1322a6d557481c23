"""The database is locked, read-only, gone, damaged, somebody else's or full: a sentence each time, and no data lost."""

import resource
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from crm_core.errors import StoreError
from crm_core.services.backups import backups_of, make_backup, restore_backup
from crm_core.store import engines
from crm_core.store.engines import make_engine
from crm_core.store.session import Store, open_store, raise_revision
from tests.databases import KINDS, a_database, drop_database
from tests.faults.dying import REFUSED, in_child
from tests.faults.shop import FIRST, NOW, SECOND, Work, address, bring, bring_second, snapshot

SERVERS = KINDS[1:]


@contextmanager
def writing(store: Store) -> Iterator[Callable[[], None]]:
    """Another program in the middle of a change; call what is yielded to let it finish."""
    other = open_store(address(store))
    begun, finish = threading.Event(), threading.Event()

    def write() -> None:
        with other.begin() as session:
            raise_revision(session)
            begun.set()
            finish.wait(30)

    program = threading.Thread(target=write)
    program.start()
    assert begun.wait(30)
    try:
        yield finish.set
    finally:
        finish.set()
        program.join(30)
        other.close()


def test_locked_says_so_after_its_wait(store: Store, operation: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    before, place = snapshot(store), address(store)
    monkeypatch.setattr(engines, "BUSY_SECONDS", 1)
    impatient = open_store(place)
    with writing(store), pytest.raises(StoreError, match=r"Another program is writing to .* nothing was changed"):
        operation(impatient)
    after = snapshot(store)
    assert {**after, "revision": []} == {**before, "revision": []}
    operation(impatient)
    assert snapshot(store) != after
    impatient.close()


def test_locked_is_waited_for(store: Store) -> None:
    with writing(store) as finish:
        timer = threading.Timer(0.5, finish)
        timer.start()
        bring(store, FIRST)
        timer.join()
    assert store.revision() == 2


@contextmanager
def only_readable(store: Store, kind: str) -> Iterator[str]:
    """The address under which the same database can't be changed."""
    if kind == "sqlite":
        yield f"sqlite:///file:{store.file}?mode=ro&uri=true"
        return
    name, url = store.engine.url.database, store.engine.url
    grants = {
        "postgresql": ("CREATE ROLE {user} LOGIN", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {user}"),
        "mariadb": ("CREATE USER {user}@'%'", f"GRANT SELECT ON {name}.* TO {{user}}@'%'"),
    }[kind]
    away = {"postgresql": ("DROP OWNED BY {user}", "DROP ROLE {user}"), "mariadb": ("DROP USER {user}@'%'",)}[kind]
    user = str(name).replace("regulars", "reader")
    with store.engine.connect() as connection:
        for grant in grants:
            connection.execute(text(grant.format(user=user)))
        connection.commit()
    try:
        yield url.set(username=user).render_as_string(hide_password=False)
    finally:
        with store.engine.connect() as connection:
            for drop in away:
                connection.execute(text(drop.format(user=user)))
            connection.commit()


def test_read_only_can_be_read_and_says_why_not_written(store: Store, operation: Work, database_kind: str) -> None:
    before = snapshot(store)
    with only_readable(store, database_kind) as place:
        reader = open_store(place)
        assert snapshot(reader) == before
        with pytest.raises(StoreError, match=r"can only be read, so nothing was changed"):
            operation(reader)
        reader.close()
    assert snapshot(store) == before


def test_a_file_that_is_gone_is_missed_at_once(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'shop.db'}")
    bring(store, FIRST)
    (tmp_path / "shop.db").rename(tmp_path / "elsewhere.db")
    for use in (store.revision, lambda: bring(store, SECOND), lambda: make_backup(store, now=NOW)):
        with pytest.raises(StoreError, match=r"shop\.db is not there any more"):
            use()
    assert not (tmp_path / "shop.db").exists()
    (tmp_path / "elsewhere.db").rename(tmp_path / "shop.db")
    bring(store, SECOND)
    assert store.revision() == 2
    store.close()


@pytest.mark.parametrize("kind", SERVERS)
def test_a_servers_database_that_is_gone_is_missed(kind: str) -> None:
    with a_database(kind) as url:
        store = open_store(url)
        bring(store, FIRST)
        drop_database(url)
        with pytest.raises(StoreError, match=r"no database at|holds no Regulars tables|does not answer"):
            bring(store, SECOND)
        store.close()


@pytest.mark.parametrize("kind", SERVERS)
def test_a_server_that_is_away_is_named_without_the_password(kind: str) -> None:
    with pytest.raises(StoreError, match=r"does not answer") as refused:
        open_store(f"{kind}://ana:secret@127.0.0.1:9/shop")
    assert "secret" not in str(refused.value)


def damage(file: Path, *, share: float = 0.4) -> None:
    """Overwrite the middle of a file."""
    with file.open("r+b") as opened:
        opened.seek(int(file.stat().st_size * share))
        opened.write(b"\xa5" * int(file.stat().st_size * 0.4))


def filled(tmp_path: Path) -> Store:
    store = open_store(f"sqlite:///{tmp_path / 'shop.db'}")
    bring(store, FIRST)
    store.close()
    return store


def test_damaged_says_so_and_the_backup_brings_all_back(tmp_path: Path) -> None:
    store = filled(tmp_path)
    before = snapshot(store)
    made = make_backup(store, now=NOW)
    store.close()
    damage(tmp_path / "shop.db")
    damaged = (tmp_path / "shop.db").read_bytes()
    with pytest.raises(StoreError, match="is damaged"):
        snapshot(store)
    with pytest.raises(StoreError, match=r"damaged|restore"):
        make_backup(store, tmp_path / "bad.db", now=NOW)
    assert not (tmp_path / "bad.db").exists()
    with pytest.raises(StoreError, match="damaged"):
        restore_backup(store, made.file, now=NOW)
    store.close()
    assert (tmp_path / "shop.db").read_bytes() == damaged
    (tmp_path / "shop.db").rename(tmp_path / "aside.db")  # as the sentence says
    fresh = open_store(f"sqlite:///{tmp_path / 'shop.db'}")
    restore_backup(fresh, made.file, now=NOW)
    assert {**snapshot(fresh), "revision": []} == {**before, "revision": []}
    fresh.close()


@pytest.mark.parametrize("left", [3, 100, 5000])
def test_cut_off_is_refused_and_left_as_it_is(tmp_path: Path, left: int) -> None:
    filled(tmp_path)
    file = tmp_path / "shop.db"
    with file.open("r+b") as opened:
        opened.truncate(left)
    with pytest.raises(StoreError, match=r"shop\.db (?:can't be read as a database|is damaged)"):
        snapshot(open_store(f"sqlite:///{file}"))
    assert file.stat().st_size == left


@pytest.mark.parametrize("kind", KINDS)
def test_another_programs_database_is_left_alone(kind: str, tmp_path: Path) -> None:
    def refuse(url: str) -> None:
        engine = make_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE recipes (id INTEGER)"))
        with pytest.raises(StoreError, match=r"belongs to another program.*recipes.*left untouched"):
            open_store(url)
        with engine.connect() as connection:
            assert connection.dialect.get_table_names(connection) == ["recipes"]
        engine.dispose()

    if kind == "sqlite":
        refuse(f"sqlite:///{tmp_path / 'theirs.db'}")
    else:
        with a_database(kind) as url:
            refuse(url)


MANY = FIRST + "".join(f"c{n},,,m{n},2026-01-05,p1,Tea,1,10.00,EUR,paid\n" for n in range(3000))


@pytest.fixture(params=["import", "restore"])
def large(request: pytest.FixtureRequest, tmp_path: Path) -> Work:
    """What needs more room than there is."""
    if request.param == "import":
        return lambda store: bring(store, MANY)
    other = open_store(f"sqlite:///{tmp_path / 'large.db'}")
    bring(other, MANY)
    made = make_backup(other, tmp_path / "large-backup.db", now=NOW)
    other.close()
    return lambda store: restore_backup(store, made.file, now=NOW)


def test_a_full_disk_leaves_the_data_as_they_were(large: Work, tmp_path: Path) -> None:
    """SQLite's limit of pages answers as a full disk does."""
    store = filled(tmp_path)
    before = snapshot(store)
    with store.read() as session:
        pages = session.scalar(text("PRAGMA page_count"))
    store.close()

    def limit(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(store.engine, "connect", limit)
    with pytest.raises(StoreError, match=r"is full, so nothing was changed"):
        large(store)
    assert snapshot(store) == before
    event.remove(store.engine, "connect", limit)
    store.close()
    large(store)
    assert len(snapshot(store)["orders"]) > 3000
    store.close()


def test_a_disk_that_takes_no_more_leaves_the_data_as_they_were(large: Work, tmp_path: Path) -> None:
    """Here it is the file system that refuses, in the middle of writing the log or the file."""
    store = filled(tmp_path)
    before, place = snapshot(store), address(store)
    store.close()
    size = (tmp_path / "shop.db").stat().st_size
    assert in_child(lambda: (small_files_only(size + 60_000), large(open_store(place)))) == REFUSED
    assert snapshot(store) == before
    large(store)
    store.close()


def small_files_only(bytes_: int) -> None:
    """From now on this process can't make a file larger than that: what a full disk does to it."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, bytes_))


def test_no_room_for_the_backup_leaves_no_file(store: Store, tmp_path: Path) -> None:
    bring(store, FIRST)
    before, place, file = snapshot(store), address(store), tmp_path / "out" / "backup.db"
    store.close()
    assert in_child(lambda: (small_files_only(40_000), make_backup(open_store(place), file, now=NOW))) == REFUSED
    assert list(file.parent.iterdir()) == []
    assert snapshot(store) == before


def test_no_room_for_the_backup_stops_restore_and_large_import(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(store, FIRST)
    made = make_backup(store, tmp_path / "backup.db", now=NOW)
    before, place = snapshot(store), address(store)
    store.close()
    monkeypatch.setattr("crm_core.services.backups.LARGE_IMPORT_ROWS", 2)

    def fail(work: Work) -> int:
        def without_room(*_: Any, **__: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("crm_core.store.backup_files.tempfile.mkstemp", without_room)
        return in_child(lambda: work(open_store(place)))

    assert fail(lambda opened: restore_backup(opened, made.file, now=NOW)) == REFUSED
    assert fail(bring_second) == REFUSED
    assert snapshot(store) == before
    assert backups_of(store) == []
