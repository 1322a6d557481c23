"""A file of answers to surveys, ready to be stored: one answer per row, or one column per question."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_core.errors import ImportFileError
from crm_core.importing.amounts import read_numbers
from crm_core.importing.choices import Reading
from crm_core.importing.columns import ColumnMapping
from crm_core.importing.content_numbers import content_numbers, short_number
from crm_core.importing.record_rows import Floats, RecordRows, StagedRecords, cut, per_row
from crm_core.importing.scores import WIDEST, Scale, decide_scale
from crm_core.importing.text_table import Codes, TextColumn, TextTable, Words

__all__ = ["stage_surveys"]

LONGEST_QUESTION = 255
MOSTLY = 0.5  # of a column's words have to be numbers for it to be a question with scores
NO_SCORE = "is not a number. Write the answer as a number, and import the file again; texts are not kept."
BEYOND = "is on no usual scale: answers go from 0 to 100 at most. Correct it and import the file again."
NO_ANSWER = " answers no question. Fill in an answer and import the file again."


@dataclass(frozen=True)
class _Asked:
    """One question's column: per row its question and its answer, NaN where there is none."""

    column: str
    questions: Words
    answers: Floats


def stage_surveys(table: TextTable, mapping: ColumnMapping, reading: Reading) -> StagedRecords:
    """Type and check the rows. Its records: [answered_on, question, score: from 0 to 1, answer: as in the file].

    With a column for the question each row is one answer, else every column of numbers is a question of its own.
    """
    rows = RecordRows(table, mapping, reading, "day")
    asked, left_out = _questions(rows, mapping)
    scales: dict[str, Scale] = {}
    for part in asked:
        scales |= _scales_of(part, rows)
    none = np.all([np.isnan(part.answers) for part in asked], axis=0)
    rows.rejections.add(none, lambda _position: NO_ANSWER)
    kept = rows.kept
    records = pd.concat([_records(part, rows, kept, scales) for part in asked], ignore_index=True)
    records = records.sort_values("row", kind="stable", ignore_index=True)
    records["source_id"] = pd.Series(_numbers(records, rows), dtype=object)
    return rows.staged(records, kept, (*_scale_notes(scales), *left_out), "point")


def _questions(rows: RecordRows, mapping: ColumnMapping) -> tuple[list[_Asked], tuple[str, ...]]:
    """The columns with answers, and a note on those that hold texts."""
    if "question" in rows.columns:
        if "score" not in rows.columns:
            raise ImportFileError(
                f"{rows.table.file_name} has a column with questions and none with their answers as numbers. Say which "
                "it is on the import page, or with --mapping FILE.json."
            )
        rows.rejections.add_cell(rows.column("question").codes < 0, rows.names["question"], "is no question.")
        return [_asked(rows, rows.names["score"], rows.words("question", LONGEST_QUESTION), required=True)], ()
    columns = ([rows.names["score"]] if "score" in rows.names else []) + list(mapping.unused)
    wide = [name for name in columns if _share_of_numbers(rows.table.columns[name]) >= MOSTLY]
    texts = [name for name in columns if name not in wide and len(rows.table.columns[name].words)]
    if not wide:
        raise ImportFileError(
            f"{rows.table.file_name} has no column whose answers are numbers. Texts are not kept; write answers as "
            "numbers, one column per question or one row per answer."
        )
    note = f"Answers in words were left out: {', '.join(texts)}."
    found = [_asked(rows, name, np.full(len(rows.table), name[:LONGEST_QUESTION], object)) for name in wide]
    return found, (note,) if texts else ()


def _asked(rows: RecordRows, name: str, questions: Words, *, required: bool = False) -> _Asked:
    column = rows.table.columns[name]
    numbers = read_numbers(column)
    answers = per_row([None if number is None else float(number) for number in numbers.numbers], column)
    unreadable = np.isnan(answers) & ((column.codes >= 0) | required)
    rows.rejections.add_cell(unreadable, name, NO_SCORE)
    return _Asked(name, questions, answers)


def _share_of_numbers(column: TextColumn) -> float:
    numbers = read_numbers(column).numbers
    return sum(number is not None for number in numbers) / len(numbers) if numbers else 0.0


def _scales_of(part: _Asked, rows: RecordRows) -> dict[str, Scale]:
    """The scale of each question in a column: one for all of them, unless a question's name says its own."""
    rows.rejections.add_cell((part.answers < 0) | (part.answers > WIDEST), part.column, BEYOND)
    good = ~rows.rejections.mask & ~np.isnan(part.answers)
    found = np.unique(part.answers[good]).tolist()
    return {
        str(question): decide_scale(found, name=f"{question} {part.column}")
        for question in sorted(set(part.questions[good]))
    }


def _records(part: _Asked, rows: RecordRows, kept: Codes, scales: dict[str, Scale]) -> pd.DataFrame:
    at = kept[~np.isnan(part.answers[kept])]
    questions = cut(part.questions[at], LONGEST_QUESTION)
    scores = [
        scales[str(question)].share(float(answer)) for question, answer in zip(questions, part.answers[at], strict=True)
    ]
    return pd.DataFrame(
        {
            "has_number": rows.column("answer_id").codes[at] >= 0,
            "answered_on": rows.day[at],
            "question": pd.Series(questions, dtype=object),
            "score": np.array(scores, float),
            "answer": part.answers[at],
            "row": at,
        }
    )


def _numbers(records: pd.DataFrame, rows: RecordRows) -> list[str]:
    """An answer is known by its number and question, else by who said what when."""
    own = rows.column("answer_id")
    contents = records[~records["has_number"]]
    cells = zip(contents["row"], contents["answered_on"], contents["question"], contents["answer"], strict=True)
    made = iter(content_numbers((rows.person.word(row), day, asked, f"{said:.6g}") for row, day, asked, said in cells))
    numbers = []
    for row, question, has_number in zip(records["row"], records["question"], records["has_number"], strict=True):
        number = own.word(row)
        ending = f"/{question}"
        numbers.append(
            short_number(number if number.endswith(ending) else number + ending) if has_number else next(made)
        )
    return numbers


def _scale_notes(scales: dict[str, Scale]) -> tuple[str, ...]:
    """Which scale was taken, per group of questions that share one."""
    by_scale: dict[Scale, list[str]] = {}
    for question, scale in scales.items():
        by_scale.setdefault(scale, []).append(question)
    if len(by_scale) == 1:
        return tuple(f"Answers were read as {scale.as_words()}." for scale in by_scale)
    return tuple(f"Read as {scale.as_words()}: {', '.join(names[:5])}." for scale, names in by_scale.items())
