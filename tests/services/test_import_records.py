"""Files of conversations, tickets and answers: known again, brought up to date, taken back."""

from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from crm_core.errors import CrmError, ImportFileError
from crm_core.importing.choices import Existing, ImportChoices
from crm_core.importing.report import ImportReport
from crm_core.services.imports import import_file, preview_import, undo_import
from crm_core.store.session import Store, open_store
from crm_core.store.tables import Base, Interaction
from tests.faults.shop import snapshot

HISTORY = ("imports", "import_rejected_rows", "revision")
DATA = Path(__file__).parents[2] / "data"
HEADERS = {
    "interactions": "customer_id,date,channel,minutes,note",
    "tickets": "customer_id,opened,subject,first response,status",
    "surveys": "customer_id,date,question,score,answer_id",
    "products": "product_id,name,category,price,cost",
}
NOW = datetime(2026, 3, 14, 10, 15, tzinfo=UTC)
ORDERS = "customer_id,email,date,order_id,amount,currency\nc1,ana@example.org,2026-01-05,o1,10.00,EUR\n"
TALKS = """customer_id,date,channel,minutes,note
c1,2026-02-03,call,1:30,about tea
c1,2026-02-03,visit,,
c1,2026-02-03,visit,,
c7,2026-02-04,e-mail,12,
"""
TICKETS = """ticket_id,email,subject,opened,first response,resolved,status
T1,ana@example.org,Broken cup,2026-01-06 10:00,,,open
T2,ben@example.org,Where is it,2026-01-08 09:00,,,open
"""
LATER = """ticket_id,email,subject,opened,first response,resolved,status
T1,ana@example.org,Broken cup,2026-01-06 10:00,2026-01-06 10:45,2026-01-07,solved
T2,ben@example.org,Where is it,2026-01-08 09:00,,,open
T3,ben@example.org,"And now?",2026-02-08 09:00,,,open
"""
ANSWERS = """customer_id,date,question,score
c1,2026-01-10,How was it?,5
c1,2026-01-10,How was it?,5
c8,2026-01-11,How was it?,2
"""


def bring(store: Store, text: str, kind: str = "auto", **more: Any) -> ImportReport:
    return import_file(store, text.encode(), file_name="file.csv", kind=kind, now=NOW, **more)


def rows(store: Store, table: str, *columns: str) -> list[tuple[Any, ...]]:
    found = Base.metadata.tables[table]
    with store.read() as session:
        query = select(*(found.c[name] for name in columns)).order_by(found.c.id)
        return [tuple(row) for row in session.execute(query)]


def facts(store: Store) -> dict[str, list[str]]:
    """All that is stored, but for the history of imports and the count of changes."""
    return {name: found for name, found in snapshot(store).items() if name not in HISTORY}


def balance(report: ImportReport) -> tuple[int, int, int]:
    assert report.accepted + report.duplicates + len(report.rejected) == report.rows
    return report.accepted, report.duplicates, len(report.rejected)


@pytest.mark.parametrize(
    ("text", "kind", "table", "new"),
    [
        (TALKS, "interactions", "interactions", 4),
        (TICKETS, "tickets", "tickets", 2),
        (ANSWERS, "surveys", "survey_answers", 3),
    ],
)
def test_a_file_says_what_it_is_and_twice_adds_nothing(
    store: Store, text: str, kind: str, table: str, new: int
) -> None:
    first = bring(store, text)
    assert first.kind == kind
    assert balance(first) == (new, 0, 0)
    assert first.as_dict()[table] == {"new": new, "updated": 0, "unchanged": 0}
    again = bring(store, text)
    assert balance(again) == (0, new, 0)
    assert len(rows(store, table, "id")) == new


@pytest.mark.parametrize("text", [TALKS, TICKETS, ANSWERS])
def test_undo_leads_back_to_what_was_there(store: Store, text: str) -> None:
    bring(store, ORDERS)
    before = facts(store)
    report = bring(store, text)
    assert facts(store) != before
    undo_import(store, report.import_id or 0, now=NOW)
    assert facts(store) == before


def test_conversations_are_stored_with_who_when_and_how_long(store: Store) -> None:
    bring(store, ORDERS)
    report = bring(store, TALKS)
    assert report.customers.as_dict() == {"new": 1, "updated": 0, "unchanged": 1}
    assert "Lengths like 1:30 were read as hours and minutes." in report.notes
    found = rows(store, "interactions", "customer_id", "happened_on", "channel", "minutes", "note")
    assert found[0] == (1, date(2026, 2, 3), "call", 90.0, "about tea")
    assert found[1] == found[2] == (1, date(2026, 2, 3), "visit", None, None)
    assert found[3][3] == 12.0


def test_overlapping_files_add_only_what_is_new(store: Store) -> None:
    bring(store, TALKS)
    more = bring(store, TALKS + "c1,2026-02-09,call,3,\n")
    assert balance(more) == (1, 4, 0)
    assert (more.first_day, more.last_day) == (date(2026, 2, 9), date(2026, 2, 9))


def test_a_conversation_typed_in_by_hand_is_known_by_what_it_says(store: Store) -> None:
    bring(store, ORDERS)
    with store.begin() as session:
        said = {"channel": "call", "minutes": 90.0, "note": "about tea"}
        session.execute(insert(Interaction).values(customer_id=1, happened_on=date(2026, 2, 3), **said))
    assert balance(bring(store, TALKS)) == (3, 1, 0)


def test_a_later_export_answers_and_resolves_a_ticket_and_undo_opens_it_again(store: Store) -> None:
    bring(store, TICKETS)
    before = facts(store)
    report = bring(store, LATER)
    assert balance(report) == (2, 1, 0)
    assert report.changes["tickets"].as_dict() == {"new": 1, "updated": 1, "unchanged": 1}
    stored = rows(store, "tickets", "first_response_minutes", "resolved_on", "status")
    assert stored == [(45.0, date(2026, 1, 7), "closed"), (None, None, "open"), (None, None, "open")]
    undo_import(store, report.import_id or 0, now=NOW)
    assert facts(store) == before


def test_an_older_export_opens_no_ticket_again_unless_it_is_to_replace_what_is_stored(store: Store) -> None:
    bring(store, LATER)
    assert bring(store, TICKETS).changes["tickets"].updated == 0
    assert rows(store, "tickets", "status")[0] == ("closed",)
    bring(store, TICKETS, choices=ImportChoices(existing=Existing.OVERWRITE))
    assert rows(store, "tickets", "status")[0] == ("open",)


def test_tickets_in_already_stay_as_they_are_when_asked(store: Store) -> None:
    bring(store, TICKETS)
    report = bring(store, LATER, choices=ImportChoices(existing=Existing.SKIP))
    assert report.changes["tickets"].as_dict() == {"new": 1, "updated": 0, "unchanged": 2}
    assert rows(store, "tickets", "status")[0] == ("open",)


def test_what_two_files_brought_stays_with_the_second_when_the_first_is_taken_back(store: Store) -> None:
    first = bring(store, TICKETS)
    second = bring(store, LATER)
    told = undo_import(store, first.import_id or 0, now=NOW)
    assert told.removed["tickets"] == 0
    assert told.kept[0].startswith("2 tickets stay, because import 2 (file.csv) brought them too.")
    assert rows(store, "tickets", "import_id", "status")[0] == (second.import_id, "closed")
    undo_import(store, second.import_id or 0, now=NOW)
    assert rows(store, "tickets", "id") == rows(store, "customers", "id") == []


def test_a_ticket_in_several_rows_is_one(store: Store) -> None:
    text = "ticket,customer,opened,subject,resolved\n7,c1,2026-01-02,Help,\n7,c1,2026-01-02,Help,2026-01-05\n"
    assert balance(bring(store, text, "tickets")) == (1, 1, 0)
    assert rows(store, "tickets", "resolved_on", "status") == [(date(2026, 1, 5), "closed")]


def test_an_answered_ticket_whose_time_nobody_knows_waits_no_longer(store: Store) -> None:
    text = "ticket,customer,opened,subject,first reply at\n7,c1,2026-01-02,Help,2026-01-03\n"
    report = bring(store, text)
    assert "1 first answer has a day but no time, so how long they took is not known." in report.notes
    assert rows(store, "tickets", "first_response_minutes", "status") == [(None, "answered")]


def test_answers_are_stored_on_one_scale(store: Store) -> None:
    report = bring(store, ANSWERS)
    assert "Answers were read as from 1 (worst) to 5 (best)." in report.notes
    assert rows(store, "survey_answers", "question", "score")[1:] == [("How was it?", 1.0), ("How was it?", 0.25)]


def test_one_column_per_question_is_one_answer_per_filled_cell(store: Store) -> None:
    text = "email,date,NPS,Friendly,Comment\nana@x.org,2026-02-01,9,5,nice\nben@x.org,2026-02-01,3,,\n"
    report = bring(store, text, "surveys")
    assert balance(report) == (2, 0, 0)
    assert report.changes["survey_answers"].new == 3
    assert "Answers in words were left out: Comment." in report.notes
    assert rows(store, "survey_answers", "question", "score") == [("NPS", 0.9), ("Friendly", 1.0), ("NPS", 0.3)]
    assert balance(bring(store, text, "surveys")) == (0, 2, 0)


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("customer,date,minutes\n,2026-01-02,3\nc1,2026-01-02,3\n", "interactions", "row 2 names nobody"),
        ("customer,date,minutes\nc1,soon,3\nc1,2026-01-02,3\n", "interactions", "'soon' is not a calendar date"),
        ("customer,date,minutes\nc1,2026-01-02,long\nc1,2026-01-02,3\n", "interactions", "'long' is no length of time"),
        ("customer,opened,subject,resolved\nc1,2026-01-02,a,2026-01-01\nc1,2026-01-02,b,\n", "tickets",
         "column 'resolved': '2026-01-01' is before the ticket was opened"),
        ("customer,opened,subject,first reply\nc1,2026-01-02,a,later\nc1,2026-01-02,b,3\n", "tickets",
         "'later' is neither minutes until the first answer nor its day and time"),
        ("customer,date,question,score\nc1,2026-01-02,Q,good\nc1,2026-01-02,Q,3\n", "surveys", "'good' is not a num"),
        ("customer,date,question,score\nc1,2026-01-02,Q,999\nc1,2026-01-02,Q,3\n", "surveys", "on no usual scale"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_is_told_in_a_sentence(store: Store, text: str, kind: str, reason: str) -> None:
    report = bring(store, text, kind)
    assert balance(report) == (1, 0, 1)
    assert reason in report.rejected[0].reason
    assert report.rejected[0].reason.startswith("file.csv, row 2")


def test_a_survey_without_numbers_is_refused_in_a_sentence(store: Store) -> None:
    with pytest.raises(ImportFileError, match=r"no column whose answers are numbers\. Texts are not kept"):
        bring(store, "customer,date,Comment\nc1,2026-01-02,nice\n", "surveys")


def test_someone_unknown_becomes_a_customer_by_telephone_or_name(store: Store) -> None:
    text = "name,phone,date,minutes\nAna Ruiz,+49 30 901820,2026-01-02,3\nBen,,2026-01-02,4\n"
    bring(store, text)
    assert sorted(rows(store, "customers", "source_id", "name")) == [("+4930901820", "Ana Ruiz"), ("Ben", "Ben")]
    assert balance(bring(store, text)) == (0, 2, 0)


def test_a_preview_shows_the_rows_as_they_will_be_stored() -> None:
    seen = preview_import(LATER.encode(), file_name="tickets.csv")
    assert seen.kind == "tickets"
    first = seen.lines.iloc[0]
    assert first["customer"] == "ana@example.org"
    assert first["first answer after (minutes)"] == 45.0
    assert pd.Timestamp(first["resolved"]).date() == date(2026, 1, 7)
    assert (seen.first_day, seen.last_day) == (date(2026, 1, 6), date(2026, 2, 8))


@pytest.mark.parametrize(
    ("name", "kind", "table"),
    [
        ("products", "products", "products"),
        ("interactions", "interactions", "interactions"),
        ("tickets", "tickets", "tickets"),
        ("surveys", "surveys", "survey_answers"),
    ],
)
def test_each_template_is_taken_in_whole(store: Store, name: str, kind: str, table: str) -> None:
    file = DATA / f"{name}_template.csv"
    report = import_file(store, file, file_name=file.name, now=NOW)
    assert (report.kind, balance(report)) == (kind, (2, 0, 0))
    assert len(rows(store, table, "id")) == 2


WHO = st.sampled_from(["c1", "c2", "c2", ""])
DAY = st.sampled_from(["2026-01-02", "2026-01-03 10:00", "2026-01-03T12:00Z", "soon"])
WORD = st.sampled_from(["", "Tea", "call", "Tea, green"])
NUMBER = st.sampled_from(["", "4", "4", "1:30", "10"])
LAST = st.sampled_from(["", "open", "solved", "7"])


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(
    kind=st.sampled_from(["interactions", "tickets", "surveys", "products"]),
    cells=st.lists(st.tuples(WHO, DAY, WORD, NUMBER, LAST), min_size=1, max_size=8),
)
def test_every_row_of_any_table_is_counted_and_twice_adds_nothing(kind: str, cells: list[tuple[str, ...]]) -> None:
    text = HEADERS[kind] + "\n" + "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in cells)
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/any.db")
        before = facts(store)
        try:
            first = bring(store, text, kind)
        except CrmError:
            assert facts(store) == before
            return
        accepted, _, rejected = balance(first)
        assert accepted
        again = bring(store, text, kind)
        assert balance(again) == (0, first.rows - rejected, rejected)
        undo_import(store, again.import_id or 0, now=NOW)
        undo_import(store, first.import_id or 0, now=NOW)
        assert facts(store) == before
        store.close()


def test_first_answers_are_lengths_here_and_moments_there(store: Store) -> None:
    text = (
        "ticket_id,email,opened,first response,subject\n"
        "1,ana@example.org,2026-01-31 09:00,1:30,a\n"
        "2,ana@example.org,2026-02-01 09:00,2026-02-01 09:45,b\n"
        "3,ana@example.org,2026-02-02 09:00,2026-02-02 10:00,c\n"
        "4,ana@example.org,2026-02-03 09:00,20 min,d\n"
    )
    assert balance(bring(store, text)) == (4, 0, 0)
    assert sorted(rows(store, "tickets", "source_id", "first_response_minutes")) == [
        ("1", 90.0),
        ("2", 45.0),
        ("3", 60.0),
        ("4", 20.0),
    ]


def test_a_form_with_a_column_per_question_is_a_survey(store: Store) -> None:
    text = "Timestamp,E-mail,Would you come again?,And what?\n2026-01-31,ana@example.org,5,tea\n"
    report = bring(store, text)
    assert report.kind == "surveys"
    assert [question for (question,) in rows(store, "survey_answers", "question")] == ["Would you come again?"]
