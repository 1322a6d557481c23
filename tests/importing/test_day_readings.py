"""How a column's days are written: decided once, from all its rows, and asked where two readings fit."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.importing.dates import DATE_ORDERS, DateOrder, DayReading, read_days
from crm_core.importing.text_table import TextColumn

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31))
RECENT = st.dates(min_value=date(2002, 1, 1), max_value=date(2099, 12, 31))


def read(*words: str, order: DateOrder | None = None, zone: str | None = None) -> DayReading:
    return read_days(TextColumn.of(list(words)), order=order, zone=ZoneInfo(zone) if zone else None)


def days(*words: str, order: DateOrder | None = None, zone: str | None = None) -> list[str]:
    return read(*words, order=order, zone=zone).days.astype(str).tolist()


def test_a_single_row_far_down_decides_for_all() -> None:
    column = [f"{n % 12 + 1:02}/{n % 11 + 1:02}/2024" for n in range(5_000)]
    reading = read(*column, "12/25/2024")
    assert (reading.read_as, reading.ambiguous, str(reading.days[0])) == ("mdy", False, "2024-01-01")
    assert read(*column, "25/12/2024").read_as == "dmy"
    assert read(*column).ambiguous


def test_both_readings_have_three_examples() -> None:
    reading = read("05/06/2024", "03/03/2024", "03/04/2024 10:00", "07/08/2024", "09/10/2024", "later")
    assert reading.fits == ("dmy", "mdy")
    assert [example.as_words() for example in reading.examples] == [
        "03/04/2024 → 3 April 2024 or 4 March 2024",
        "05/06/2024 → 5 June 2024 or 6 May 2024",
        "07/08/2024 → 7 August 2024 or 8 July 2024",
    ]
    assert read("25/04/2024").examples == ()


def test_a_year_of_two_digits_may_come_first_and_is_asked() -> None:
    reading = read("24-03-05", "24-03-17", "24-04-02")
    assert (reading.fits, str(reading.days[0])) == (("ymd", "dmy"), "2024-03-05")
    assert reading.examples[0].as_words() == "24-03-05 → 5 March 2024 or 24 March 2005"
    assert read("05/03/24", "17/03/24", "02/04/24").fits == ("dmy",)
    assert read("17/03/24").fits == ("dmy", "ymd")
    assert read("05/03/24", order="ymd").days.astype(str).tolist() == ["2005-03-24"]
    assert read("45-03-05").fits == ("ymd",)
    assert read("05.03.24").fits == ("dmy",)
    assert days("1/2/69", "1/2/70", order="dmy") == ["2069-02-01", "1970-02-01"]


def test_two_ways_of_writing_in_one_column_are_both_read() -> None:
    assert days("2024-03-12 09:14", "3/15/2024 2:30 PM", "March 5, 2024") == ["2024-03-12", "2024-03-15", "2024-03-05"]


@pytest.mark.parametrize(
    ("words", "order", "expected"),
    [
        (("45292", "45292.75", "45657,999999"), None, ["2024-01-01", "2024-01-01", "2025-01-01"]),
        (("45292", "unknown"), None, ["2024-01-01", "NaT"]),
        (("1", "59", "60", "61", "60.5"), "excel1900", ["1900-01-01", "1900-02-28", "NaT", "1900-03-01", "NaT"]),
        (("43830", "0"), "excel1904", ["2024-01-01", "1904-01-01"]),
        (("1710458100", "1710458100123", "1710458100.5"), None, ["2024-03-14"] * 3),
        (("0", "999999999999999"), "unix", ["1970-01-01", "NaT"]),
        (("20240305", "45292"), None, ["2024-03-05", "NaT"]),
        (("2024-03-05", "45292", "1710458100"), None, ["2024-03-05", "NaT", "NaT"]),
        (("2024-03-05", "45292"), "excel1900", ["2024-03-05", "2024-01-01"]),
        (("13/04/2024", "45292"), "excel1900", ["2024-04-13", "2024-01-01"]),
        (("03/04/2024", "45292"), "excel1900", ["NaT", "2024-01-01"]),
        (("2024", "12", "7.5"), None, ["NaT", "NaT", "NaT"]),
        (("45292", "45293"), "mdy", ["2024-01-01", "2024-01-02"]),
    ],
)  # fmt: skip
def test_numbers_are_days_where_no_word_is_one(words: tuple[str, ...], order: DateOrder, expected: list[str]) -> None:
    assert days(*words, order=order) == expected


def test_a_reading_of_numbers_is_named() -> None:
    assert [read(word).read_as for word in ("45292", "1710458100", "20240305")] == ["excel1900", "unix", "ymd"]


def test_a_unix_time_falls_on_the_owners_day() -> None:
    half_past_eleven = str(int(datetime(2026, 3, 14, 23, 30, tzinfo=UTC).timestamp()))
    assert days(half_past_eleven, half_past_eleven + "000", zone="Europe/Berlin") == ["2026-03-15"] * 2
    assert days(half_past_eleven, zone="UTC") == ["2026-03-14"]


WRITTEN: dict[str, Callable[[date], str]] = {
    "iso": date.isoformat,
    "compact": lambda day: f"{day:%Y%m%d}",
    "dots": lambda day: f"{day.day}.{day.month}.{day.year}",
    "dots and blanks": lambda day: f"{day.day}. {day.month}. {day.year}",
    "name last": lambda day: f"{day:%a, %d %b %Y %H:%M:%S} GMT",
    "name first": lambda day: f"{day:%B} {day.day}, {day.year}",
    "year, name, day": lambda day: f"{day:%Y-%b-%d}",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "excel1900": lambda day: str((day - date(1899, 12, 30)).days),
}


@pytest.mark.parametrize("form", WRITTEN)
@given(written=st.lists(DAYS, min_size=1, max_size=20))
def test_days_come_back_in_every_form(form: str, written: list[date]) -> None:
    column = TextColumn.of([WRITTEN[form](day) for day in written])
    assert read_days(column).days[column.codes].tolist() == written


GIVEN: dict[DateOrder, Callable[[date], str]] = {
    "ymd": lambda day: f"{day:%y-%m-%d}",
    "dmy": lambda day: f"{day:%d/%m/%y}",
    "mdy": lambda day: f"{day.month}/{day.day}/{day:%y} 2:30 PM",
    "excel1900": lambda day: f"{(day - date(1899, 12, 30)).days}.25",
    "excel1904": lambda day: str((day - date(1904, 1, 1)).days),
    "unix": lambda day: str((day - date(1970, 1, 1)).days * 86_400 + 86_399),
}


@pytest.mark.parametrize("order", DATE_ORDERS)
@given(written=st.lists(RECENT, min_size=1, max_size=20))
def test_days_come_back_in_the_given_reading(order: DateOrder, written: list[date]) -> None:
    written = [day if day.year < 2070 else day - timedelta(days=31 * 366) for day in written]
    column = TextColumn.of([GIVEN[order](day) for day in written])
    reading = read_days(column, order=order)
    assert reading.days[column.codes].tolist() == written
    assert (reading.read_as, reading.fits) == (order, (order,))


WORDS = st.sampled_from(
    "03/04/2024 25/04/2024 04/25/2024 24-03-05 17-03-24 3.4.24 45292 45292.5 1710458100 20240305 2024-03-05T23:30Z"
    " n/a 7 12/12/12 5-Mar-24".split()
)


@given(st.lists(WORDS, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_reading(words: list[str], chance: "np.random.Generator") -> None:
    shuffled = list(words)
    chance.shuffle(shuffled)
    first, second = (read_days(TextColumn.of(list(rows)), zone=ZoneInfo("Asia/Tokyo")) for rows in (words, shuffled))
    assert (first.read_as, first.fits, first.examples) == (second.read_as, second.fits, second.examples)
    by_word = [
        dict(zip(TextColumn.of(list(rows)).words, reading.days.tolist(), strict=True))
        for rows, reading in ((words, first), (shuffled, second))
    ]
    assert by_word[0] == by_word[1]


def test_a_day_that_no_month_has_decides_nothing() -> None:
    reading = read_days(TextColumn.of(["03/04/2026", "01/32/2026"]))
    assert (reading.read_as, reading.ambiguous) == ("dmy", True)
