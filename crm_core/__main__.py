"""The command line: the same services as the pages. ``python -m crm_core VERB [--database URL] [--json]``."""

import argparse
import codecs
import json
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from crm_core.errors import CrmError
from crm_core.importing.kinds import AUTO, KINDS
from crm_core.literal import json_for_terminal, storable, words_for_terminal
from crm_core.logs import log_failure, start_log
from crm_core.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from crm_core.services.customers import CustomerBase
    from crm_core.services.preferences import Preferences
    from crm_core.store.session import Store

__all__ = ["main"]

ROWS_SHOWN = 20
SCORE_DIGITS = {"clv": 2, "repeat_rate": 2, "loyalty": 1}  # as shown; --json gives all
MAPPING_EXAMPLE = 'Write it like {"day": "Created at"}.'


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; 0 when it went well, 1 when it failed, with one sentence that says why."""
    asked = _parser().parse_args(arguments)
    settings = Settings.from_environment()
    start_log(settings.log_file, database_url=asked.database or settings.database_url)
    try:
        answer, words = asked.run(asked)
    except CrmError as error:
        return _fail(str(error), as_json=asked.json)
    except Exception as error:  # the command line is the last place that can catch it
        number = log_failure(error)
        return _fail(f"Something went wrong, and it is our mistake. Error {number} is in the log.", as_json=asked.json)
    _say(answer, words, as_json=asked.json)
    return 0


def _fail(sentence: str, *, as_json: bool) -> int:
    _say({"error": sentence}, sentence, as_json=as_json, to=sys.stdout if as_json else sys.stderr)
    return 1


def _say(answer: dict[str, Any], words: str, *, as_json: bool, to: TextIO | None = None) -> None:
    """Print; what a file's words hold must not steer the terminal."""
    if as_json:
        print(json_for_terminal(json.dumps(answer, ensure_ascii=False, default=str)), file=to)
    else:
        print(words_for_terminal(words), file=to)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m crm_core", description="Regulars on the command line.")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--database", metavar="URL", help="default: REGULARS_DATABASE_URL, else data/regulars.db")
    shared.add_argument("--json", action="store_true", help="print one JSON object")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def add(name: str, run: Any, words: str) -> argparse.ArgumentParser:
        verb = verbs.add_parser(name, parents=[shared], help=words, description=words)
        verb.set_defaults(run=run)
        return verb

    add("demo", _demo, "fill an empty database with the made-up demonstration company")
    _add_import(add("import", _import, "take a file in: orders, customers, ..."))
    add("imports", _imports, "list what was taken in")
    add("undo", _undo, "take an import back").add_argument("import_id", type=int)
    _add_backup_verbs(add)
    export = add("export", _export, "write a table as CSV, or as an Excel workbook where FILE ends in .xlsx")
    export.add_argument("table", help="customers, orders, features, scores, …; a wrong one shows all")
    export.add_argument("--out", required=True, type=Path, metavar="FILE")
    _add_personal_data(add("personal-data", _personal_data, "write everything stored about one customer as JSON"))
    score = add("score", _score, "loyalty, lifetime value and tier per customer")
    score.add_argument("--alpha", type=float, help="weight of the lifetime value")
    score.add_argument("--beta", type=float, help="weight of the repeat rate")
    today = add("today", _today, "whom to look after today, why, and what it is worth")
    for verb in (export, score, today):
        verb.add_argument("--as-of", type=date.fromisoformat, metavar="DAY", help="like 2026-03-14")
    return parser


def _add_personal_data(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("customer", metavar="CUSTOMER_ID", help="the number that the source gave, or ours")
    verb.add_argument("--out", required=True, type=Path, metavar="FILE")


def _add_backup_verbs(add: Any) -> None:
    backup = add("backup", _backup, "copy everything into one file, also while it is in use")
    backup.add_argument("file", type=Path)
    backup.add_argument("--replace", action="store_true", help="write over a file that is there")
    restore = add("restore", _restore, "replace everything by what a backup holds, after checking it")
    restore.add_argument("file", type=Path)
    copy = add("copy", _copy, "copy everything into another, empty database, of any kind")
    copy.add_argument("--to", required=True, metavar="URL", help="like postgresql://user:password@host/shop")


def _add_import(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("file", type=Path)
    verb.add_argument("--as", dest="kind", choices=[AUTO, *KINDS], default=AUTO, help="what the rows are")
    verb.add_argument("--mapping", type=Path, metavar="FILE.json", help='{"field": "column"}')
    verb.add_argument("--currency", metavar="CODE", help="what amounts are in where no column says it")
    verb.add_argument(
        "--dates", metavar="HOW", help="dmy, mdy, ymd, excel1900, excel1904 or unix; default: by evidence"
    )
    verb.add_argument(
        "--orders",
        action="append",
        metavar="GROUP=WHAT",
        help="cancelled, pending or test orders and those of an unknown status: store, leave-out or count; "
        "refunded ones: take-off or leave-out",
    )
    verb.add_argument(
        "--existing",
        metavar="HOW",
        default="fill",
        help="what is in already: fill (blanks only, the default), overwrite or skip; what you edited by hand stays",
    )
    verb.add_argument("--keep", action="append", metavar="COLUMN", help="keep a column that means nothing to us")
    verb.add_argument("--keep-all", action="store_true", help="keep all such columns")
    verb.add_argument("--source", metavar="NAME", help="keeps two shops apart; default: the platform's name, else shop")
    verb.add_argument("--dry-run", action="store_true", help="only say what would happen")


def _store(asked: argparse.Namespace) -> "Store":
    from crm_core.store.session import open_store

    return open_store(asked.database or Settings.from_environment().database_url)


def _demo(asked: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from crm_core.demo import fill_demo

    store = _store(asked)
    import_id = fill_demo(store, last_day=_clock_day(store))
    return {"import_id": import_id}, f"The made-up company is in; `undo {import_id}` takes it back."


def _import(asked: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from crm_core.importing.choices import ImportChoices, known_policy
    from crm_core.importing.status_choices import parse_choices
    from crm_core.services.imports import import_file

    report = import_file(
        _store(asked),
        asked.file,
        file_name=storable(asked.file.name),
        kind=asked.kind,
        source=asked.source and storable(asked.source),
        mapping=_read_mapping(asked.mapping),
        currency=asked.currency,
        dates=asked.dates,
        choices=ImportChoices(
            existing=known_policy(asked.existing),
            keep_columns=tuple(asked.keep or ()),
            keep_all=asked.keep_all,
            statuses=parse_choices(asked.orders or ()),
        ),
        dry_run=asked.dry_run,
    )
    return report.as_dict(), report.as_words()


def _read_mapping(path: Path | None) -> dict[str, str | None] | None:
    if path is None:
        return None
    try:
        mapping = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CrmError(
            f'The mapping {path} can\'t be read ({error}). Write it like {{"day": "Created at"}}.'
        ) from error
    if not isinstance(mapping, dict):
        raise CrmError(f"The mapping {path} is no object of fields and columns. {MAPPING_EXAMPLE}")
    return mapping


def _imports(asked: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from crm_core.services.imports import list_imports

    table = list_imports(_store(asked))
    return {"imports": _records(table)}, _shown(_to_minutes(table)) if len(table) else "Nothing was taken in yet."


def _undo(asked: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from crm_core.services.imports import undo_import

    report = undo_import(_store(asked), asked.import_id, now=datetime.now(UTC))
    return report.as_dict(), report.as_words()


def _backup(asked: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from crm_core.services.backups import make_backup

    made = make_backup(_store(asked), asked.file, now=datetime.now(UTC), replace=asked.replace)
    return made.as_dict(), made.as_words()


def _restore(asked: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from crm_core.services.backups import restore_backup

    report = restore_backup(_store(asked), asked.file, now=datetime.now(UTC))
    return report.as_dict(), report.as_words()


def _copy(asked: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from crm_core.services.copies import copy_store
    from crm_core.store.session import open_store

    report = copy_store(_store(asked), open_store(asked.to))
    return report.as_dict(), report.as_words()


def _export(asked: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from crm_core.services.exports import export_file, export_table

    store = _store(asked)
    table = export_table(store, asked.table, as_of=_day(store, asked.as_of))
    # without the mark that Excel wants: other programs read this file
    file = export_file(table, asked.table, ending=asked.out.suffix).removeprefix(codecs.BOM_UTF8)
    _write(asked.out, file)
    return {"table": asked.table, "rows": len(table), "file": str(asked.out)}, f"{len(table):,} rows in {asked.out}"


def _personal_data(asked: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from crm_core.services.personal_data import find_customer, personal_data, personal_file

    store = _store(asked)
    customer_id = find_customer(store, asked.customer)
    data = personal_data(store, customer_id, made_at=datetime.now(UTC))
    _write(asked.out, personal_file(data))
    return {
        "customer_id": customer_id,
        "file": str(asked.out),
    }, f"Everything stored about {data['name']} in {asked.out}"


def _write(out: Path, file: bytes) -> None:
    try:
        out.write_bytes(file)
    except OSError as error:
        raise CrmError(f"{out} can't be written ({error.strerror}). Choose another place.") from error


def _score(asked: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from crm_core.services.scores import score_customers

    _, base, wanted = _base(asked)
    table = score_customers(
        base,
        alpha=wanted.alpha if asked.alpha is None else asked.alpha,
        beta=wanted.beta if asked.beta is None else asked.beta,
        low_cut=wanted.low_cut,
        high_cut=wanted.high_cut,
    )
    notes = list(base.notes) if base.value_is_learnt else [base.too_early, *base.notes]
    answer = {"as_of": base.as_of, "currency": base.currency, "scores": _records(table), "notes": notes}
    words = "\n".join([_shown(table, SCORE_DIGITS), *notes])
    return answer, words if len(table) else "Nobody has ordered by that day."


def _today(asked: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from crm_core.services.as_of import end_of_day
    from crm_core.services.today import find_suggestions, todays_list

    store, base, wanted = _base(asked)
    day, before, usual = _clock_day(store), None, _day(store, None)
    past = base.as_of < usual
    if past:
        day, before = base.as_of, end_of_day(base.as_of, time_zone=wanted.time_zone)
    answer = todays_list(
        store,
        base,
        find_suggestions(store, base, today=day, replayed=past),
        today=day,
        share_saved=wanted.share_saved,
        keep=base.as_of == usual,  # of no other day has the owner been shown a list
        decided_before=before,
    )
    return {"as_of": base.as_of, "actions": _records(answer.as_export())}, answer.as_words()


def _base(asked: argparse.Namespace) -> "tuple[Store, CustomerBase, Preferences]":
    from crm_core.services.customers import customer_base
    from crm_core.services.preferences import load_preferences

    store = _store(asked)
    wanted = load_preferences(store)
    return store, customer_base(store, as_of=_day(store, asked.as_of), preferences=wanted), wanted


def _day(store: "Store", asked: date | None) -> date:
    if asked:
        return asked
    from crm_core.services.as_of import effective_day
    from crm_core.services.preferences import load_preferences

    return effective_day(store, today=_clock_day(store), silence_days=load_preferences(store).silence_days).day


def _clock_day(store: "Store") -> date:
    """The real day in the owner's time zone."""
    from crm_core.services.preferences import load_preferences
    from crm_core.services.time_zones import day_in_zone

    return day_in_zone(datetime.now(UTC), load_preferences(store).time_zone)


def _records(table: "pd.DataFrame") -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(table.to_json(orient="records", date_format="iso", double_precision=10))
    return records


def _to_minutes(table: "pd.DataFrame") -> "pd.DataFrame":
    times = {name: table[name].map(_to_minute) for name in ("finished_at", "undone_at")}
    return table.assign(**times)


def _to_minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) and moment == moment else ""  # NaT is not itself


def _shown(table: "pd.DataFrame", digits: dict[str, int] | None = None) -> str:
    """The first rows; digits: how many a column's figures have behind the point."""
    formats = {name: f"{{:.{places}f}}".format for name, places in (digits or {}).items()}
    more = f"\n… and {len(table) - ROWS_SHOWN:,} more; --json prints all." if len(table) > ROWS_SHOWN else ""
    return str(table.head(ROWS_SHOWN).to_string(index=False, formatters=formats)) + more


if __name__ == "__main__":
    if hasattr(signal, "SIGPIPE"):  # `… | head` ends us quietly, as it ends other programs
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
