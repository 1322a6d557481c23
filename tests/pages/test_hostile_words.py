"""Whatever the owner's words hold, every page shows them and does nothing else with them."""

import re
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from crm_core.store.session import Store
from pages.parts.words import as_is
from tests.hostile_shop import make_hostile
from tests.hostile_words import HOSTILE
from tests.pages.checks import check_sound
from tests.pages.test_data import finish

OpenPage = Callable[..., AppTest]
VIEWS = [
    ("today.py", {}),
    ("customers.py", {}),
    ("customers.py", {"mode": "Edit"}),
    ("customers.py", {"mode": "Merge", "with": "1"}),
    ("customers.py", {"q": "<b>"}),
    ("customers.py", {"q": "[link](http://evil.example) :smile: $a$ $b$"}),
    ("value.py", {}),
    ("value.py", {"value_alpha": "0.0"}),
    ("value.py", {"value_source": "true"}),
    ("value.py", {"value_part": "Worth ahead"}),
    ("value.py", {"value_part": "A new customer"}),
    ("segments.py", {}),
    ("segments.py", {"kinds": "Natural groups"}),
    ("segments.py", {"kinds": "Own"}),
    ("recommend.py", {}),
    ("recommend.py", {"find": "red["}),
    ("recommend.py", {"recommend_view": "Bundles"}),
    ("recommend.py", {"recommend_view": "Results"}),
    ("data.py", {}),
    ("data.py", {"part": "Edit"}),
    ("data.py", {"part": "Edit", "edited": "Products"}),
    ("data.py", {"part": "Changes"}),
    ("data.py", {"part": "Backup"}),
    ("settings.py", {}),
]
MARKED = [word for word in HOSTILE if re.search(r"\\|:gray", as_is(f"x {word}"))]  # marks wherever they stand
ESCAPED = re.compile(r"\\.")
TOLD = ("markdown", "caption", "title", "subheader", "header", "error", "warning", "info", "success", "toast", "metric")
LABELLED = ("button", "selectbox", "text_input", "number_input", "expander", "tabs", "toggle", "slider", "metric")


def markdown_of(page: AppTest) -> Iterator[str]:
    """Everything of a page that Streamlit reads as Markdown."""
    for kind in TOLD:
        for element in page.get(kind):
            yield from (str(getattr(element, name, "") or "") for name in ("value", "delta", "help"))
    for kind in LABELLED:
        for element in page.get(kind):
            yield from (str(getattr(element, name, "") or "") for name in ("label", "help"))
    for link in page.get("page_link"):
        yield link.proto.label


def bare_words(page: AppTest) -> list[tuple[str, str]]:
    """(word, where it stands) of every owner's word that would be read as marks."""
    return [(word, told) for told in markdown_of(page) for word in MARKED if word in ESCAPED.sub(" ", told)]


@pytest.fixture
def hostile_store(demo_store: Store) -> Store:
    make_hostile(demo_store)
    return demo_store


def look_at(open_page: OpenPage, store: Store, file: str, query: dict[str, str]) -> tuple[list[object], set[str]]:
    """What of a view is wrong, and which of the words that mark something stand there escaped."""
    page = open_page(file, store.url, **query)
    check_sound(page)
    escaped = {word for word in MARKED for told in markdown_of(page) if as_is(word).strip("\u2068\u2069") in told}
    return [(file, query, *fault) for fault in bare_words(page)], escaped


def test_a_persons_page_reads_no_word_as_marks(hostile_store: Store, open_page: OpenPage) -> None:
    faults, escaped = look_at(open_page, hostile_store, "customer.py", {"id": "1"})
    assert faults == []
    assert HOSTILE[0] in escaped


LINK, MATH, FACE, TAG = "[link](http://evil.example)", "$a$ $$b$$", ":smile: :+1: :100: :streamlit:", "<br>"
ORDERS = "\n".join(
    [
        f'Who,"{LINK}",Euros,order_id,name,product,{TAG}',
        *(f'{n}@x.org,2026-01-{n},10.{n},A{n},"{FACE}","{MATH}",x' for n in range(10, 31)),
        f'2@x.org,{TAG},7.00,"{LINK}","{LINK}","{FACE}",x',
        f'3@x.org,2026-02-25,"{MATH}",A3,"{TAG}","{MATH}",x',
        "",
    ]
)


def test_a_file_before_and_after_it_is_brought_reads_no_word_as_marks(store: Store, open_page: OpenPage) -> None:
    page = open_page("data.py", store.url)
    page.file_uploader[0].upload(f"{FACE} {LINK}.csv", ORDERS.encode()).run()
    check_sound(page)
    next(box for box in page.selectbox if box.label.startswith("The file names no currency")).set_value("EUR").run()
    assert bare_words(page) == []
    assert any(as_is(LINK) in expander.label for expander in page.expander), [e.label for e in page.expander]
    page.button(key="import").click().run()
    page = finish(page, store)
    check_sound(page)
    assert bare_words(page) == []
    assert as_is(FACE) in page.success[0].value
    page.button(key="undo_1").click().run()
    assert bare_words(page) == []
    assert any(as_is(LINK) in told.value and "brought goes" in told.value for told in page.markdown)


@pytest.mark.parametrize(
    "data", [b"", b"\0\1\2\3\4\5\6\7\10\16" * 9, ORDERS.replace("2026", "20xx").encode(), b"PK\3\4zip"]
)
def test_what_is_said_of_a_bad_file_reads_no_word_as_marks(data: bytes, store: Store, open_page: OpenPage) -> None:
    page = open_page("data.py", store.url)
    page.file_uploader[0].upload(f"{FACE} {LINK} {MATH}.csv", data).run()
    assert not page.exception
    assert bare_words(page) == []
    told = [*page.error, *page.warning]
    assert any(as_is(LINK) in element.value for element in told), told


@pytest.mark.slow
def test_no_page_reads_a_word_as_marks(hostile_store: Store, open_page: OpenPage) -> None:
    people = [("customer.py", {"id": str(number)}) for number in range(1, len(HOSTILE) + 1)]
    faults: list[object] = []
    seen: set[str] = set()
    for view in [*VIEWS, *people]:
        wrong, escaped = look_at(open_page, hostile_store, *view)
        faults, seen = faults + wrong, seen | escaped
    assert faults == []
    assert set(MARKED) - seen == set()
