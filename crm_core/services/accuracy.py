"""Backtests on the owner's own past: what would have been said on earlier days, what happened, and what that proves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from crm_core.decisions.evidence import ErrorComparison, compare_errors
from crm_core.decisions.grading import absolute_errors, grade_methods, pool_windows, reliability_bins
from crm_core.decisions.simple_rules import RHYTHM_RULES, RULES
from crm_core.models.value import ValuePrediction
from crm_core.models.value_candidates import AVERAGE
from crm_core.models.value_choice import Choice
from crm_core.progress import Progress, part_of, silently
from crm_core.provenance import Provenance
from crm_core.services.customers import CustomerBase
from crm_core.services.past_answers import ask_then
from crm_core.services.past_days import HORIZONS, known_transactions, past_days_of, what_happened, what_is_missing
from crm_core.store.session import Store
from crm_core.vocabulary import Evidence, Question
from crm_core.wording import count, day

__all__ = [
    "AVERAGE", "HORIZONS", "MODEL", "RULES", "Backtests", "Question", "Verdict", "evidence_for", "run_backtests",
    "untested_level",
]  # fmt: skip

MODEL = "The model"
MOST_AT_TOP = 40


@dataclass(frozen=True)
class Backtests:
    """What was found on past days for one horizon; all tables empty where ``too_early`` says why there are none.

    past_days: a row per day tested, oldest first, [cut_off, ends_on: datetime64, customers, bought: counts, k, hits,
    chance_hits, expected, low, high, actual: money of all together in minor units, inside: whether actual is in the
    range, covered: share of customers who spent at most their 90 % point, model: which one answered].
    methods: pooled grades (``grading.pool_windows``), the model first. reliability: ``grading.reliability_bins``.
    comparisons: per question the better rhythm rule's name and the errors. top: the customers ranked highest on the
    latest day, index customer_id, [p_active, expected_purchases, purchases, expected_spend_minor, spend_minor]. choice:
    which candidate answered on the latest day, and what the others would have been off by in a window before it.
    """

    horizon_days: int
    past_days: pd.DataFrame
    methods: pd.DataFrame
    reliability: pd.DataFrame
    comparisons: Mapping[Question, tuple[str, ErrorComparison]]
    top: pd.DataFrame
    choice: Choice | None
    too_early: str
    without_test: Evidence
    made_by: Provenance

    @property
    def sentence(self) -> str:
        """The latest day tested, in plain words."""
        latest = self.past_days.iloc[-1]
        ranked = "customer" if latest["k"] == 1 else f"{count(latest['k'])} customers"
        return (
            f"Of the {ranked} ranked highest on {day(latest['cut_off'].date())}, {count(latest['hits'])} bought within "
            f"{self.horizon_days} days; by chance it would have been {count(latest['chance_hits'])}."
        )


@dataclass(frozen=True)
class Verdict:
    """The level of evidence of one question; rule: the rhythm rule compared with; None where nothing was tested."""

    question: Question
    level: Evidence
    rule: str
    comparison: ErrorComparison | None

    def reason(self, off_by: Callable[[float], str]) -> str:
        """Why this level holds, in a sentence with both errors; ``off_by`` writes one of them."""
        compared = self.comparison
        if compared is None:
            return "Not tested on your own past yet."
        both = f"Off by {off_by(compared.model_error)}; the rule “{self.rule}” by {off_by(compared.rule_error)}."
        one = compared.windows == 1
        days = "the one past day" if one else f"{compared.windows_won} of {compared.windows} past days"
        if compared.model_wins:
            return f"{both} That is more than chance explains, and the model was closer on {days}."
        if compared.gain <= 0:
            return f"{both} The simple rule does as well or better, so the model is not called tested."
        if not compared.more_than_chance:
            return f"{both} So small a difference may be chance."
        return f"{both} But the model was closer on {days} only."


def evidence_for(tested: Backtests, question: Question) -> Verdict:
    """The level of evidence that a prediction over this horizon has on this owner's data.

    "Tested model" only where the model's error is below the better rhythm rule's, by more than chance and on most days.
    """
    if question not in tested.comparisons:
        return Verdict(question, tested.without_test, "", None)
    rule, compared = tested.comparisons[question]
    return Verdict(question, Evidence.TESTED_MODEL if compared.model_wins else Evidence.OWN_RHYTHM, rule, compared)


def run_backtests(store: Store, base: CustomerBase, *, horizon_days: int, tell: Progress = silently) -> Backtests:
    """Test the model and the simple rules on past days, as many as the history has room for; ``tell`` hears of each.

    Windows don't overlap and end at the last order known, so that none is judged by days not yet brought in.
    """
    cut_offs = past_days_of(base.days, horizon_days=horizon_days)
    if not cut_offs:
        return _untested(base, horizon_days)
    rows = known_transactions(store, base)
    windows = []
    for place, cut_off in enumerate(cut_offs):
        part = part_of(tell, place, len(cut_offs), f"Going back to {day(cut_off.date())}")
        windows.append(_test_day(rows, cut_off, base, horizon_days, part))
    latest = windows[-1]
    ranked = latest.said[MODEL].sort_values("rank_score", ascending=False, kind="stable").index[: latest.k]
    top = latest.said[MODEL].join(latest.actual).loc[ranked]
    return Backtests(
        horizon_days=horizon_days,
        past_days=pd.DataFrame([window.row for window in windows]),
        methods=pool_windows(pd.concat([window.grades for window in windows])),
        reliability=reliability_bins(
            pd.concat([window.said[MODEL]["p_active"] for window in windows]),
            pd.concat([window.actual["purchases"] > 0 for window in windows]),
        ),
        comparisons=_compare(windows),
        choice=latest.choice,
        top=top.rename(columns={"expected_spend": "expected_spend_minor", "spend": "spend_minor"}),
        too_early="",
        without_test=untested_level(base),
        made_by=_made_by(base),
    )


@dataclass(frozen=True)
class _Window:
    row: dict[str, object]
    said: Mapping[str, pd.DataFrame]
    actual: pd.DataFrame
    grades: pd.DataFrame
    k: int
    choice: Choice | None


def _test_day(
    rows: pd.DataFrame, cut_off: pd.Timestamp, base: CustomerBase, horizon_days: int, tell: Progress
) -> _Window:
    """Everything said at the end of a day from what was known then, and what happened in the window after it."""
    window = pd.Timedelta(days=horizon_days)
    known = rows[rows["date"] <= cut_off]
    answers = ask_then(known, cut_off, base, horizon_days=horizon_days, tell=tell)
    prediction, people = answers.prediction, answers.prediction.summary.index
    actual = what_happened(rows[(rows["date"] > cut_off) & (rows["date"] <= cut_off + window)], people)
    model = prediction.table[["expected_purchases", "expected_spend", "p_active"]].reindex(people)
    said = {MODEL: model.assign(rank_score=model["p_active"]), **answers.rules}
    k = min(MOST_AT_TOP, max(len(people) // 10, 1))
    grades = grade_methods(said, actual, k=k)
    row = {"cut_off": cut_off, "ends_on": cut_off + window, **_in_one_row(grades.loc[MODEL], prediction, actual)}
    return _Window(row, said, actual, grades, k, prediction.choice)


def _in_one_row(own: pd.Series, prediction: ValuePrediction, actual: pd.DataFrame) -> dict[str, object]:
    """The model's part of a row of Backtests.past_days."""
    low, high = prediction.total_spend_range
    spent = float(actual["spend"].sum())
    upper_ends = prediction.table["expected_spend_high"].reindex(actual.index)
    return {
        "customers": len(actual),
        "bought": int((actual["purchases"] > 0).sum()),
        **own[["k", "hits", "chance_hits"]].to_dict(),
        "expected": own["spend_expected"],
        "low": low,
        "high": high,
        "actual": spent,
        "inside": low <= spent <= high,
        "covered": float((actual["spend"] <= upper_ends).mean()),
        "model": prediction.model,
    }


def _compare(windows: list[_Window]) -> dict[Question, tuple[str, ErrorComparison]]:
    """Per question the rhythm rule with the smaller error, and the model beside it."""
    names = [MODEL, *RHYTHM_RULES]
    off = {
        name: pd.concat(
            [absolute_errors(w.said[name], w.actual).assign(window=place) for place, w in enumerate(windows)]
        )
        for name in names
    }
    found = {}
    for question in Question:
        rule = min(RHYTHM_RULES, key=lambda name: off[name][question.value].mean())
        errors = pd.DataFrame(
            {
                "customer_id": off[MODEL].index,
                "window": off[MODEL]["window"].to_numpy(),
                "model": off[MODEL][question.value].to_numpy(),
                "rule": off[rule][question.value].to_numpy(),
            }
        )
        found[question] = (rule, compare_errors(errors))
    return found


def _untested(base: CustomerBase, horizon_days: int) -> Backtests:
    none, why = pd.DataFrame(), what_is_missing(base, horizon_days=horizon_days)
    return Backtests(
        horizon_days,
        none,
        none,
        none,
        {},
        none,
        None,
        why,
        untested_level(base),
        _made_by(base),
    )


def untested_level(base: CustomerBase) -> Evidence:
    """The level of evidence of what was not tested: own rhythm, where the shop has one."""
    return Evidence.COUNTS if base.shop.typical_gap_days is None else Evidence.OWN_RHYTHM


def _made_by(base: CustomerBase) -> Provenance:
    return replace(base.provenance, method="backtest on past days", source="Wuebben & von Wangenheim 2008")
