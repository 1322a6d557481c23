"""What pages keep in memory goes when the facts have changed."""

import gc
import weakref
from datetime import date

import pytest

from crm_core.services.as_of import AsOf
from crm_core.services.jobs import KEPT as JOBS_KEPT
from crm_core.store.session import Store, raise_revision
from pages.parts import later, loading


class Answer:
    """Something worked out, which can be watched."""


def test_nothing_from_earlier_facts_is_kept(demo_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_DATABASE_URL", demo_store.engine.url.render_as_string(hide_password=False))
    base, answer = weakref.ref(loading.base()), weakref.ref(loading.kept("answer", compute=Answer))
    assert base() is loading.base()
    assert answer() is loading.kept("answer", compute=Answer)
    with demo_store.begin() as session:
        raise_revision(session)
    loading.kept("another", compute=Answer)
    gc.collect()
    assert base() is None
    assert answer() is None


@pytest.mark.slow
def test_past_days_never_push_out_the_usual_one(demo_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_DATABASE_URL", demo_store.engine.url.render_as_string(hide_password=False))
    base, answer = loading.base(), loading.kept("answer", compute=Answer)
    past: list[weakref.ref[object]] = []
    for number in range(1, loading.KEPT + loading.PAST_RESULTS + 2):
        then = AsOf(date(2025, 3, number), False, "", is_replayed=True)
        monkeypatch.setattr(loading, "replayed", lambda then=then: then)
        assert loading.base().as_of == then.day
        past += [weakref.ref(loading.base()), weakref.ref(loading.kept("answer", compute=Answer))]
    monkeypatch.undo()
    monkeypatch.setenv("REGULARS_DATABASE_URL", demo_store.engine.url.render_as_string(hide_password=False))
    assert loading.base() is base
    assert loading.kept("answer", compute=Answer) is answer
    gc.collect()
    assert sum(one() is not None for one in past) == loading.PAST_BASES + loading.PAST_RESULTS


def test_work_for_a_past_day_neither_delays_nor_pushes_out_the_usual_days(
    demo_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_DATABASE_URL", demo_store.engine.url.render_as_string(hide_password=False))
    usual = loading.work_key("answer")
    later.begin(usual, lambda tell: 42, at_once=True)
    past = []
    for number in range(1, JOBS_KEPT + 2):
        then = AsOf(date(2025, 3, number), False, "", is_replayed=True)
        monkeypatch.setattr(loading, "replayed", lambda then=then: then)
        past.append(loading.work_key("answer"))
        later.begin(past[-1], lambda tell: 7, at_once=True)
    assert later.result_of(usual) == 42
    assert sum(later.find(key) is not None for key in past) == later.KEPT_OF_PAST
    later.forget_older(loading.store().url, -1)
    assert [key for key in (usual, *past) if later.find(key)] == []
