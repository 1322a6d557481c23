"""What pages keep in memory goes when the facts have changed."""

import gc
import weakref

import pytest

from crm_core.store.session import Store, raise_revision
from pages.parts import loading


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
