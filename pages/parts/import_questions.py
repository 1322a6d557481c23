"""What is asked about a file: what its rows are, its columns, its currency and its days."""

import streamlit as st

from crm_core.importing.dates import DateOrder
from crm_core.importing.kinds import KINDS, ImportKind
from crm_core.importing.order_rows import KNOWN_CURRENCIES
from crm_core.importing.orders import StagedOrders
from crm_core.services.imports import ImportPreview
from pages.parts import loading
from pages.parts.words import as_is, as_option

NOT_THERE = "(not in this file)"
USUAL_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "CAD", "AUD", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK", "INR", "BRL")
DATE_WORDS: dict[DateOrder, str] = {"dmy": "Day first", "mdy": "Month first", "ymd": "Year first"}
KIND_WORDS = {
    ImportKind.ORDERS: "an order, or a line of one",
    ImportKind.CUSTOMERS: "a customer",
    ImportKind.PRODUCTS: "a product",
    ImportKind.INTERACTIONS: "a conversation",
    ImportKind.TICKETS: "a request for help",
    ImportKind.SURVEYS: "an answer to a survey",
}


def ask_kind(seen: ImportPreview, file_id: str) -> ImportKind:
    """What each row is; as recognised until the owner says otherwise."""
    chosen: ImportKind = st.selectbox(
        "Each row is",
        list(KINDS),
        index=list(KINDS).index(seen.kind),
        format_func=lambda kind: KIND_WORDS[kind],
        key=f"kind_{file_id}",
        width=320,
        help="Told by the names of the columns. Correct it where that is wrong.",
    )
    return chosen


def ask_columns(seen: ImportPreview, file_id: str) -> dict[str, str | None]:
    """Which column is which; only what differs from what was recognised."""
    found, header, fields = seen.mapping.columns, list(seen.mapping.header), KINDS[seen.kind].fields
    labels = {field.name: field.label for field in fields}
    why = {field: evidence.as_words() for field, evidence in seen.evidence.items()}
    known = ", ".join(f"{labels[field]}: {as_is(why.get(field, column))}" for field, column in found.items())
    chosen: dict[str, str | None] = {}
    with st.expander(f"Columns · {known or 'none recognised'}", expanded=bool(seen.mapping.missing)):
        columns = st.columns(4)
        for at, field in enumerate(fields):
            recognised = found.get(field.name)
            answer = columns[at % 4].selectbox(
                field.label,
                [NOT_THERE, *header],
                index=header.index(recognised) + 1 if recognised else 0,
                format_func=as_option,
                key=f"column_{file_id}_{seen.kind}_{field.name}",
            )
            wanted = None if answer == NOT_THERE else answer
            if wanted != recognised:
                chosen[field.name] = wanted
    return chosen


def missing_words(seen: ImportPreview) -> str:
    """Which columns the owner still has to name."""
    labels = {field.name: field.label.lower() for field in KINDS[seen.kind].fields}
    needs = [KINDS[seen.kind].alternatives(field) for field in seen.mapping.missing]
    lacks = " and ".join(_either([labels[fields[0]] for fields in need if len(fields) == 1]) for need in needs)
    return (
        f"{seen.file_name} has no column that looks like the {lacks}. Choose it under Columns, or say above what its "
        "rows are."
    )


def _either(labels: list[str]) -> str:
    *most, last = labels
    return f"{', '.join(most)} or {last}" if most else last


def ask_currency(staged: StagedOrders, file_id: str) -> str | None:
    """The currency where no column states it."""
    if staged.currency_is_stated:
        return None
    usual = loading.preferences().currency
    options = list(dict.fromkeys([usual, *USUAL_CURRENCIES, *sorted(KNOWN_CURRENCIES)]))
    named = staged.some_currency_is_stated
    chosen: str | None = st.selectbox(
        "Not every amount names its currency. The others are in"
        if named
        else "The file names no currency. Amounts are in",
        options,
        index=0 if loading.known()["orders"] else None,
        placeholder="Choose a currency",
        key=f"currency_{file_id}",
        width=320,
    )
    return chosen


def ask_dates(staged: StagedOrders, file_id: str) -> DateOrder | None:
    """The order of day and month where the rows fit several, with what up to three of the days are in each."""
    if not getattr(staged, "dates_are_ambiguous", False):
        return None
    with st.container(border=True):
        chosen: DateOrder | None = st.segmented_control(
            f"Its days can be read in {'two' if len(staged.dates_fit) == 2 else 'three'} ways. Which one is right?",
            staged.dates_fit,
            format_func=lambda order: DATE_WORDS[order],
            default=None,
            key=f"dates_{file_id}",
        )
        rows = ["| in the file | " + " | ".join(DATE_WORDS[order].lower() for order in staged.dates_fit) + " |"]
        rows.append("|:-" * (len(staged.dates_fit) + 1) + "|")
        for example in staged.day_examples:
            days = " | ".join(f"{day.day} {day:%B %Y}" for day in example.days)
            rows.append(f"| {as_is(example.written)} | {days} |")
        st.markdown("\n".join(rows))
    return chosen
