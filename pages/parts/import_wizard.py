"""Bringing a file: what it is, what is not clear about it, what it would store; then the button."""

from dataclasses import replace

import streamlit as st

from crm_core.importing.kinds import ImportKind
from crm_core.services.database import Store
from crm_core.services.import_mappings import REMEMBERED, remembered_choice
from crm_core.services.imports import ImportPreview
from crm_core.wording import plural
from pages.parts.failures import guarded
from pages.parts.import_answers import Answers, Brought, preview
from pages.parts.import_choices import ask_choices
from pages.parts.import_history import offer_to_undo_demo
from pages.parts.import_jobs import import_work, start_import
from pages.parts.import_preview import show_counts, show_first_rows, show_unreadable
from pages.parts.import_questions import ask_columns, ask_currency, ask_dates, ask_kind, missing_words
from pages.parts.import_templates import offer_templates
from pages.parts.import_trial import give_up_trial, show_trial, try_out
from pages.parts.words import as_is

GENERATION = "upload_generation"


def show_wizard(store: Store) -> bool:
    """Upload, questions, the import button and a preview; whether a file is there."""
    generation = st.session_state.setdefault(GENERATION, 0)
    file = st.file_uploader(
        "A CSV or XLSX file, also packed as ZIP or GZ",
        type=["csv", "tsv", "txt", "xlsx", "xls", "gz", "zip"],
        key=f"upload_{generation}",
        on_change=import_work(store).put_away,
        args=(import_work(store).latest(),),
    )
    if file is None:
        st.caption(  # no help mark beside the label: on a telephone it would stand too near to a file's remove mark
            "An export of your shop, or a table of your own: orders, customers, products, conversations, requests for "
            "help or answers to a survey. Best begun with orders: who bought (a number or e-mail), on what day, for "
            "how much. You see what was understood, and may correct it, before anything is stored. Nothing is sent "
            "anywhere."
        )
        offer_templates()
        return False
    with guarded():
        offer_to_undo_demo(store)
        _show_file(store, Brought(file.file_id, file.name, file.getvalue()))
    return True


def _show_file(store: Store, file: Brought) -> None:
    """One file from what it is to the button; of one that Regulars wrote, nothing has to be asked."""
    own = preview(file, Answers())
    if own.own is not None:
        if len(own.lines):
            _offer_import(store, file, own, Answers())
        show_unreadable(own)
        show_first_rows(own, currency_is_open=False)
        return
    seen, answers = _recognise(store, file)
    answers = replace(answers, mapping=_merge(answers, ask_columns(seen, file.file_id)))
    seen = preview(file, answers)
    if seen.staged is None:
        st.warning(as_is(missing_words(seen)), icon=":material/help:")
        return
    if seen.kind is ImportKind.ORDERS:
        answers = replace(answers, currency=ask_currency(seen.staged, file.file_id))
    dates_are_open = getattr(seen.staged, "dates_are_ambiguous", False)
    answers = replace(answers, dates=ask_dates(seen.staged, file.file_id))
    dates_are_open &= answers.dates is None
    answers = replace(answers, choices=ask_choices(preview(file, answers), file.file_id))
    seen = preview(file, answers)
    if seen.staged is None or not len(seen.lines):
        st.error(
            f"No row of {as_is(file.name)} can be stored. Correct the file or the choices above.",
            icon=":material/error:",
        )
        show_unreadable(seen)
        return
    currency_is_open = seen.kind is ImportKind.ORDERS and not (answers.currency or seen.staged.currency_is_stated)
    if currency_is_open or dates_are_open:
        open_words = ["the currency of the amounts"] * currency_is_open + ["how its days are written"] * dates_are_open
        st.info(f"Choose {' and '.join(open_words)}, then you can import.", icon=":material/help:")
    else:
        _offer_import(store, file, seen, answers)
    show_unreadable(seen)
    show_first_rows(seen, currency_is_open=currency_is_open)


def _recognise(store: Store, file: Brought) -> tuple[ImportPreview, Answers]:
    """What the file is: as the owner says, else as they said of such a file before, else as its columns say."""
    first = preview(file, Answers())
    kept = remembered_choice(store, first.mapping.header)
    answers = Answers(kind=str(kept.kind), mapping=tuple(kept.columns.items())) if kept else Answers()
    seen = preview(file, answers)
    kind = ask_kind(seen, file.file_id)
    if kind is not seen.kind:
        answers, kept = Answers(kind=str(kind)), None
        seen = preview(file, answers)
    if seen.source:
        export, _, rules = seen.source.partition(". ")
        st.markdown(f":material/storefront: **{as_is(export)}.** {as_is(rules)}")
    if kept and kept.columns:
        st.caption(REMEMBERED)
    return seen, replace(answers, kind=str(kind))


def _merge(answers: Answers, chosen: dict[str, str | None]) -> tuple[tuple[str, str | None], ...]:
    return tuple((dict(answers.mapping) | chosen).items())


def _offer_import(store: Store, file: Brought, seen: ImportPreview, answers: Answers) -> None:
    """What the file would bring, beside what is in already, and the button."""
    show_counts(seen)
    unreadable = len(seen.staged.rejected)
    tried = try_out(store, file, answers, seen.staged.rows)
    if tried:
        show_trial(tried, unreadable, told=(*seen.staged.notes, seen.source, REMEMBERED))
    new = tried.accepted if tried else seen.staged.rows - unreadable
    changes = bool(tried and tried.changes_anything)
    nothing = "No row is new" if unreadable else "All rows are in already"
    st.button(
        f"Import {plural(new, 'row')}" if new else "Import what changed" if changes else nothing,
        key="import",
        icon=":material/download_done:",
        disabled=not (new or changes),
        on_click=_begin,
        args=(store, file, answers),
    )


def _begin(store: Store, file: Brought, answers: Answers) -> None:
    st.session_state[GENERATION] += 1  # an empty uploader afterwards
    give_up_trial(store, file, answers)
    start_import(store, file.data, file_name=file.name, **answers.as_asked())
