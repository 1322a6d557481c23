"""Natural groups on the page: the answer, choices, evidence, people, a table of the owner's, and past days."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from crm_core.store.session import Store, raise_revision
from crm_core.store.tables import Customer, Product
from pages.parts.words import as_is
from tests.pages.checks import check_sound
from tests.pages.test_hostile_words import MARKED, bare_words
from tests.shops import add_orders

OpenPage = Callable[..., AppTest]
NATURAL = {"kinds": "Natural groups"}


def words_of(page: AppTest) -> str:
    return "\n".join(element.value for element in [*page.markdown, *page.caption, *page.info, *page.warning])


def test_the_title_is_the_answer_and_facts_method_and_number_can_be_chosen(
    seen_store: Store, open_page: OpenPage
) -> None:
    page = open_page("segments.py", seen_store.url, **NATURAL)
    check_sound(page)
    assert page.title[0].value.startswith("Your customers fall into ")
    assert "would appear again" in page.title[0].value
    assert "**Would the same groups appear again?**" in words_of(page)
    assert "**Three questions at most** place " in words_of(page)
    page.selectbox(key="number").select("5").run()
    check_sound(page)
    assert page.title[0].value.startswith("Your customers fall into 5 natural groups")
    assert len(page.selectbox(key="natural_group").options) == 5
    page.pills(key="facts").set_value([]).run()
    check_sound(page)
    assert page.info[0].value == "Choose at least one fact to group customers by."


@pytest.mark.parametrize("method", ["Ward", "DBSCAN"])
def test_other_methods_show_their_groups(seen_store: Store, open_page: OpenPage, method: str) -> None:
    page = open_page("segments.py", seen_store.url, method=method, **NATURAL)
    check_sound(page)
    assert page.title[0].value.startswith("Your customers f")
    assert ("**How they merged**" in words_of(page)) == (method == "Ward")
    if method == "DBSCAN":
        assert "In no group" in words_of(page)
        assert "A crowd is where at least 8 stand close together within " in words_of(page)
        page.number_input(key="reach").set_value(0.01).run()
        check_sound(page)
        assert page.title[0].value == "Your customers form no dense crowd"
        assert "No real groups here by this method." in page.warning[0].value
        page.number_input(key="reach").set_value(20.0).run()
        assert page.title[0].value == "Your customers form one crowd; 100% of them are in it"


def test_a_group_chosen_shows_its_people(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", seen_store.url, **NATURAL)
    page.selectbox(key="natural_group").set_value(1).run()
    check_sound(page)
    name = page.selectbox(key="natural_group").options[1]
    assert page.subheader[0].value.startswith(f"{name}: ")
    page.selectbox(key="picture_x").select("orders").run()
    check_sound(page)
    assert f"“{name}” stands out in the stronger colour." in words_of(page)


def test_a_group_opens_in_customers(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", seen_store.url, **NATURAL)
    name, _, size = page.subheader[0].value.partition(": ")
    page.button(key="natural_open").click().run()
    check_sound(page)
    assert page.title[0].value == f"{size} in “{name}”"


def test_who_people_are_can_decide(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", seen_store.url, **NATURAL)
    page.pills(key="facts").set_value(["age_years", "country"]).run()
    check_sound(page)
    assert "Age is unknown for " in words_of(page)
    assert " from Germany (all: " in words_of(page)


def test_identical_customers_get_a_sentence(store: Store, open_page: OpenPage) -> None:
    add_orders(store, [(f"c{n}", "2026-05-01", 500) for n in range(12)])
    page = open_page("segments.py", store.url, **NATURAL)
    check_sound(page)
    assert page.title[0].value == "Which natural groups are there?"
    assert "Nothing that is stored tells your customers apart yet." in page.info[0].value


def test_a_past_day_groups_those_who_were_there(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", seen_store.url, day="2024-01-31", **NATURAL)
    check_sound(page)
    assert page.title[0].value.startswith("Your customers fall into ")


def people_file(*, rows: int = 30) -> bytes:
    rng = np.random.default_rng(1)
    low = np.arange(rows) % 3 > 0
    income, score = np.where(low, 20, 80) + rng.integers(0, 4, rows), np.where(low, 5, 9) + rng.random(rows).round(2)
    return (
        pd.DataFrame({"Name": [f"*P{n}*" for n in range(rows)], "$In_come$": income, "Score": score})
        .to_csv(index=False)
        .encode()
    )


def own_key(page: AppTest, name: str) -> str:
    """The key of a control for the table that was brought: another table has its own."""
    controls = [*page.selectbox, *page.pills]
    return next(str(item.key) for item in controls if str(item.key).startswith("own_") and str(item.key).endswith(name))


def test_a_table_of_the_owner_is_grouped_and_never_stored(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", demo_store.url, grouped="Own table", **NATURAL)
    check_sound(page)
    assert page.title[0].value == "Which natural groups are in a table?"
    revision = demo_store.revision()
    page.file_uploader(key="group_upload").upload("people.csv", people_file()).run()
    check_sound(page)
    assert page.title[0].value.startswith("The rows of people.csv fall into 2 natural groups: clearly apart")
    assert "30 rows, 2 columns of numbers" in words_of(page)
    assert "20 rows, 67%" in words_of(page)
    assert "of sales" not in words_of(page)
    shown = page.dataframe[-1].value
    assert list(shown) == ["Name", "$In_come$", "Score", "group", "group_name"]
    assert len(shown) == 20
    page.selectbox(key=own_key(page, "number")).select("4").run()
    check_sound(page)
    assert page.title[0].value.startswith("The rows of people.csv fall into 4 natural groups")
    page.pills(key=own_key(page, "facts")).set_value([]).run()
    assert page.info[0].value == "Choose at least one column to group the rows by."
    assert demo_store.revision() == revision


def test_a_shop_without_orders_can_look_at_a_table_of_its_own(store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", store.url)
    check_sound(page)
    assert page.title[0].value == "What kinds of customers do I have?"
    assert not page.file_uploader
    page = open_page("segments.py", store.url, own_table="true")
    check_sound(page)
    assert page.title[0].value == "Which natural groups are in a table?"
    page.file_uploader(key="group_upload").upload("people.csv", people_file()).run()
    check_sound(page)
    assert page.title[0].value.startswith("The rows of people.csv fall into 2 natural groups: clearly apart")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Town\nGraz\nLinz\n", "No column of this table holds numbers that differ between its rows."),
        (b"Age\n3\n9\n4\n", "Natural groups need at least 10 rows; there are 3 so far."),
    ],
)
def test_a_table_that_can_not_be_grouped_gets_a_sentence(
    seen_store: Store, open_page: OpenPage, content: bytes, words: str
) -> None:
    page = open_page("segments.py", seen_store.url, grouped="Own table", **NATURAL)
    page.file_uploader(key="group_upload").upload("t.csv", content).run()
    check_sound(page)
    assert words in page.info[0].value


def test_the_owners_words_are_shown_and_never_read_as_marks(demo_store: Store, open_page: OpenPage) -> None:
    with demo_store.begin() as session:
        for place, word in enumerate(MARKED[:4]):
            session.execute(update(Customer).where(Customer.id % 4 == place).values(country=word[:100]))
            session.execute(update(Product).where(Product.id % 4 == place).values(category=word))
        raise_revision(session)
    page = open_page("segments.py", demo_store.url, **NATURAL)
    page.pills(key="facts").set_value(["country", "needs"]).run()
    check_sound(page)
    assert bare_words(page) == []
    assert as_is(MARKED[1][:100]) in words_of(page)
    header = ",".join('"' + word.replace('"', '""') + '"' for word in MARKED[:6])
    rows = "\n".join(",".join(str((row * step) % 7) for step in range(1, 7)) for row in range(30))
    page.segmented_control(key="grouped").set_value("Own table").run()
    page.file_uploader(key="group_upload").upload("[link](http://evil).csv", f"{header}\n{rows}\n".encode()).run()
    check_sound(page)
    assert bare_words(page) == []
    assert r"\[link\]" in page.title[0].value
