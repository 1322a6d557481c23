"""Days: the reading is chosen for the column, impossible days stay unread."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.importing.dates import read_days
from crm_core.importing.text_table import TextColumn

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31))


def texts(*words: str, order: str | None = None) -> list[str]:
    return read_days(TextColumn.of(list(words)), order=order).days.astype(str).tolist()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "word",
    [
        "2024-02-29", "2024/2/29", "2024.02.29", "20240229", "29.02.2024", "29.2.24", "29/02/2024", "02/29/2024",
        "29 Feb 2024", "29-Feb-2024", "Feb 29, 2024", "February 29 2024", "29th February 2024",
        "2024-02-29T23:59:59Z", "2024-02-29 23:59:59 +0200", "2024-02-29T10:00:00.123+02:00", "29/02/2024 10:15",
        "2/29/2024 8:05 PM", "Feb 29, 2024, 10:15", "2/29/2024, 2:30:00\u202fPM", "29.02.2024, 14:30 Uhr",
        "February 29, 2024 at 2:30 PM", "29. 2. 2024", "29-Feb-24", "Feb 29 '24", "2024-Feb-29", "2024 February 29",
        "29. Februar 2024", "29 févr. 2024", "29 de febrero de 2024", "29 febbraio 2024", "FEB 29, 2024",
        "Thu, 29 Feb 2024 09:14:00 GMT", "Donnerstag, 29. Februar 2024", "jeudi 29 février 2024", "Thu 2024-02-29",
        "2024年2月29日", "2024年02月29日 星期四", "2024年2月29日 14:30", "2024年2月29日14:30:05",
    ],
)  # fmt: skip
def test_one_day_many_spellings(word: str) -> None:
    assert texts(word) == ["2024-02-29"]


@pytest.mark.parametrize(
    "word",
    ["2024-02-30", "31/02/2024", "13/13/2024", "0001-01-01", "tomorrow", "2024-02", "5", "2024-01-05 about noon"],
)
def test_what_is_no_day_stays_unread(word: str) -> None:
    assert texts(word) == ["NaT"]


def test_day_or_month_first_is_decided_by_all_rows() -> None:
    assert texts("03/04/2024", "25/04/2024") == ["2024-04-03", "2024-04-25"]
    assert texts("03/04/2024", "04/25/2024") == ["2024-03-04", "2024-04-25"]
    unclear = read_days(TextColumn.of(["03/04/2024", "05/06/2024"]))
    assert (unclear.read_as, unclear.ambiguous) == ("dmy", True)
    assert not read_days(TextColumn.of(["03.04.2024"])).ambiguous
    assert not read_days(TextColumn.of(["03/03/2024"])).ambiguous


def test_the_owners_word_decides() -> None:
    assert texts("03/04/2024", order="mdy") == ["2024-03-04"]
    assert texts("24-03-04", order="ymd") == ["2024-03-04"]


@given(st.lists(DAYS, min_size=1, max_size=20), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%Y-%m-%d 13:45"]))
def test_written_days_come_back(days: list[date], pattern: str) -> None:
    column = TextColumn.of([day.strftime(pattern) for day in days])
    assert read_days(column).days[column.codes].tolist() == days


@given(st.lists(DAYS, min_size=1, max_size=20), st.sampled_from(["dmy", "mdy"]))
def test_a_given_order_is_kept(days: list[date], order: str) -> None:
    pattern = "%d/%m/%Y" if order == "dmy" else "%m/%d/%Y"
    column = TextColumn.of([day.strftime(pattern) for day in days])
    assert np.array_equal(read_days(column, order=order).days[column.codes], np.array(days, "datetime64[D]"))  # type: ignore[arg-type]


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("word", "there"),
    [
        ("2026-03-14T23:30:00Z", "2026-03-15"),
        ("2026-03-14 22:59:59 UTC", "2026-03-14"),  # winter: one hour ahead
        ("2026-06-14 22:00 GMT", "2026-06-15"),  # summer: two
        ("2026-06-14T21:59:59.999Z", "2026-06-14"),
        ("2026-03-15 00:30:00 +0200", "2026-03-14"),  # half past ten in the evening, UTC
        ("2026-03-14T18:30:00-05:00", "2026-03-15"),
        ("14/03/2026 11:30 PM Z", "2026-03-15"),
        ("2026-03-14 12:30 AM +00:00", "2026-03-14"),
        ("2026-01-01T00:15:00+01:00", "2026-01-01"),
        ("2025-12-31T23:30:00Z", "2026-01-01"),
        ("2026-03-14 23:30:00", "2026-03-14"),  # no zone, so it keeps its day
        ("2026-03-14", "2026-03-14"),
    ],
)
def test_a_time_with_its_zone_falls_on_the_owners_day(word: str, there: str) -> None:
    reading = read_days(TextColumn.of([word]), zone=BERLIN)
    assert reading.days.astype(str).tolist() == [there]
    assert reading.moved.tolist() == [there != texts(word)[0]]


def test_what_is_no_day_stays_unread_with_a_zone() -> None:
    reading = read_days(TextColumn.of(["2026-02-30T23:30:00Z", "2026-03-14T23:30:00Z"]), zone=BERLIN)
    assert reading.days.astype(str).tolist() == ["NaT", "2026-03-15"]
    assert reading.moved.tolist() == [False, True]


@given(
    st.lists(st.builds(datetime.combine, DAYS, st.times()), min_size=1, max_size=20),
    st.sampled_from(
        ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"]
    ),
    st.sampled_from(["+00:00", "-05:00", "+05:30", "+1400"]),
)
def test_days_agree_with_the_standard_library(moments: list[datetime], zone: str, written: str) -> None:
    words = [moment.strftime(f"%Y-%m-%dT%H:%M:%S{written}") for moment in moments]
    column = TextColumn.of(words)
    found = read_days(column, zone=ZoneInfo(zone)).days[column.codes]
    assert found.tolist() == [datetime.fromisoformat(word).astimezone(ZoneInfo(zone)).date() for word in words]
