"""Bringing a file: what its columns are, what is not clear about it, what it would store; then the button."""

import streamlit as st

from crm_core.importing.dates import DateOrder
from crm_core.importing.kinds import KINDS, ImportKind
from crm_core.importing.order_rows import KNOWN_CURRENCIES
from crm_core.importing.orders import StagedOrders
from crm_core.services.database import Store
from crm_core.services.import_mappings import REMEMBERED, remembered_mapping
from crm_core.services.imports import ImportPreview, preview_import
from crm_core.wording import plural
from pages.parts import loading
from pages.parts.display import guarded
from pages.parts.import_history import offer_to_undo_demo
from pages.parts.import_jobs import import_work, start_import
from pages.parts.import_preview import count_new, show_counts, show_first_rows, show_unreadable
from pages.parts.words import as_is

GENERATION = "upload_generation"
NOT_THERE = "(not in this file)"
USUAL_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "CAD", "AUD", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK", "INR", "BRL")
DATE_WORDS: dict[DateOrder, str] = {"dmy": "Day first", "mdy": "Month first", "ymd": "Year first"}


def show_wizard(store: Store) -> bool:
    """Upload, questions, the import button and a preview; whether a file is there."""
    generation = st.session_state.setdefault(GENERATION, 0)
    file = st.file_uploader(
        "Orders as a CSV or XLSX file, also packed as ZIP or GZ",
        type=["csv", "tsv", "txt", "xlsx", "xls", "gz", "zip"],
        key=f"upload_{generation}",
        on_change=import_work(store).put_away,
        args=(import_work(store).latest(),),
        help="Exported from your shop. Columns are recognised by their names; you can correct them before anything "
        "is stored.",
    )
    if file is None:
        st.caption("Needed: who bought (a number or e-mail), on what day, for how much. Nothing is sent anywhere.")
        return False
    with guarded():
        offer_to_undo_demo(store)
        _show_file(store, file)
    return True


def _show_file(store: Store, file: "st.runtime.uploaded_file_manager.UploadedFile") -> None:
    """One file from its columns to the button."""
    data, asked = file.getvalue(), (file.file_id, file.name, file.getvalue())
    first = _preview(*asked, {}, None, None)
    remembered = remembered_mapping(store, first.mapping.header)
    if remembered:
        first = _preview(*asked, remembered, None, None)
    _show_source(first, bool(remembered))
    mapping = remembered | _ask_columns(first, file.file_id)
    seen = _preview(*asked, mapping, None, None) if mapping != remembered else first
    if seen.staged is None:
        st.warning(as_is(_missing_words(seen)), icon=":material/help:")
        return
    of_orders = seen.kind is ImportKind.ORDERS
    currency, dates = _ask_rest(seen.staged, file.file_id) if of_orders else (None, None)
    seen = _preview(*asked, mapping, currency, dates)
    if seen.staged is None or not len(seen.lines):
        st.error(
            f"No row of {as_is(file.name)} can be read. Correct the file or the columns above.", icon=":material/error:"
        )
        show_unreadable(seen)
        return
    asked_for = {
        "file_name": file.name,
        "kind": str(seen.kind),
        "mapping": mapping,
        "currency": currency,
        "dates": dates,
    }
    currency_is_open = of_orders and currency is None and not seen.staged.currency_is_stated
    if currency_is_open:
        st.info("Choose the currency of the amounts, then you can import.", icon=":material/payments:")
    else:
        show_counts(seen)
        new = count_new(store, file.file_id, data, seen.staged, asked_for)
        st.button(
            f"Import {plural(new, 'row')}" if new else "All rows are in already",
            key="import",
            icon=":material/download_done:",
            disabled=not new,
            on_click=_begin,
            args=(store, data, asked_for),
        )
    show_unreadable(seen)
    show_first_rows(seen, currency_is_open=currency_is_open)


def _show_source(seen: ImportPreview, remembered: bool) -> None:
    """Which platform's export it is, by which rules it is read, and whether an earlier choice of columns holds."""
    if seen.source:
        export, _, rules = seen.source.partition(". ")
        st.markdown(f":material/storefront: **{as_is(export)}.** {as_is(rules)}")
    if remembered:
        st.caption(REMEMBERED)


def _begin(store: Store, data: bytes, asked: dict[str, object]) -> None:
    st.session_state[GENERATION] += 1  # an empty uploader afterwards
    start_import(store, data, **asked)


def _preview(
    file_id: str, name: str, data: bytes, mapping: dict[str, str | None], currency: str | None, dates: str | None
) -> ImportPreview:
    usual = loading.preferences()
    return _kept_preview(file_id, name, data, tuple(mapping.items()), currency, dates, usual.currency, usual.time_zone)


@st.cache_resource(max_entries=3, show_spinner="Reading the file …")
def _kept_preview(
    file_id: str,  # noqa: ARG001 -- with the answers, what the preview is kept under
    name: str,
    _data: bytes,
    mapping: tuple[tuple[str, str | None], ...],
    currency: str | None,
    dates: str | None,
    default_currency: str,
    time_zone: str,
) -> ImportPreview:
    return preview_import(
        _data,
        file_name=name,
        mapping=dict(mapping),
        currency=currency,
        default_currency=default_currency,
        dates=dates,
        time_zone=time_zone,
    )


def _ask_columns(seen: ImportPreview, file_id: str) -> dict[str, str | None]:
    """Which column is which; only what differs from what was recognised."""
    found, header = seen.mapping.columns, list(seen.mapping.header)
    labels = {field.name: field.label for field in KINDS[seen.kind].fields}
    why = {field: evidence.as_words() for field, evidence in seen.evidence.items()}
    known = ", ".join(f"{labels[field]}: {as_is(why.get(field, column))}" for field, column in found.items())
    chosen: dict[str, str | None] = {}
    with st.expander(f"Columns · {known or 'none recognised'}", expanded=bool(seen.mapping.missing)):
        columns = st.columns(4)
        for at, field in enumerate(KINDS[seen.kind].fields):
            recognised = found.get(field.name)
            answer = columns[at % 4].selectbox(
                field.label,
                [NOT_THERE, *header],
                index=header.index(recognised) + 1 if recognised else 0,
                key=f"column_{file_id}_{field.name}",
            )
            wanted = None if answer == NOT_THERE else answer
            if wanted != recognised:
                chosen[field.name] = wanted
    return chosen


def _ask_rest(staged: StagedOrders, file_id: str) -> tuple[str | None, str | None]:
    """The currency where no column states it, and the order of day and month where the rows fit both."""
    currency: str | None = None
    dates: str | None = None
    with st.container(horizontal=True):
        if not staged.currency_is_stated:
            usual = loading.preferences().currency
            options = list(dict.fromkeys([usual, *USUAL_CURRENCIES, *sorted(KNOWN_CURRENCIES)]))
            currency = st.selectbox(
                "The file names no currency. Amounts are in",
                options,
                index=0 if loading.known()["orders"] else None,
                placeholder="Choose a currency",
                key=f"currency_{file_id}",
                width=320,
            )
        if staged.dates_are_ambiguous:
            dates = st.segmented_control(
                _date_question(staged),
                staged.dates_fit,
                format_func=lambda order: _date_answer(staged, order),
                default=staged.dates_read_as,
                required=True,
                key=f"dates_{file_id}",
            )
    return currency, dates


def _date_question(staged: StagedOrders) -> str:
    """What is asked about the days, by the first word that is another day in each reading."""
    example = f" {staged.day_examples[0].written} is" if staged.day_examples else ""
    return f"Its days can be read in {'two' if len(staged.dates_fit) == 2 else 'three'} ways.{example}"


def _date_answer(staged: StagedOrders, order: DateOrder) -> str:
    """A reading with the day that the first example is in it."""
    if not staged.day_examples:
        return DATE_WORDS[order]
    day = staged.day_examples[0].days[staged.dates_fit.index(order)]
    return f"{DATE_WORDS[order]}: {day.day} {day:%B %Y}"


def _missing_words(seen: ImportPreview) -> str:
    labels = {field.name: field.label.lower() for field in KINDS[seen.kind].fields}
    lacks = " and ".join(labels[field] for field in seen.mapping.missing)
    return f"{seen.file_name} has no column that looks like the {lacks}. Choose it above under Columns."
