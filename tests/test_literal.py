"""The owner's words for the eye: on one line, in their order, without power over what stands around them."""

import json

import pytest

from crm_core.literal import in_plotly, json_for_terminal, on_one_line, words_for_terminal
from tests.hostile_words import HOSTILE

STEERING = "\x1b[2J\x07\x9b1m\x7f\u202e\u2066\u200f"


@pytest.mark.parametrize("word", [*HOSTILE, "Ana\nBen", "a\u2028b", STEERING, "\ud800half"])
def test_no_word_leaves_its_line_or_turns_the_next_one_around(word: str) -> None:
    shown = on_one_line(word)
    inner = shown.removeprefix("\u2068").removesuffix("\u2069")
    assert not set(inner) & {
        *map(chr, range(32)),
        "\x7f",
        "\x85",
        "\u2028",
        *"\u202a\u202b\u202c\u202d\u202e\u2066\u2069",
    }
    shown.encode("utf-8")


def test_letters_that_run_to_the_left_keep_to_themselves() -> None:
    assert on_one_line("שלום") == "\u2068שלום\u2069"


@pytest.mark.parametrize("word", HOSTILE)
def test_plotly_finds_no_tag_and_no_entity(word: str) -> None:
    drawn = in_plotly(word)
    assert "<" not in drawn
    assert drawn.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == on_one_line(word)


def test_a_terminal_gets_nothing_that_steers_it() -> None:
    assert words_for_terminal(STEERING) == r"\x1b[2J\x07\x9b1m\x7f\u202e\u2066\u200f"
    assert words_for_terminal("Zoé, 王\nnext") == "Zoé, 王\nnext"
    assert words_for_terminal("\udcff") == r"\udcff"


def test_json_for_a_terminal_says_the_same() -> None:
    printed = json_for_terminal(json.dumps({STEERING: [STEERING, "Zoé\n\ud800"]}, ensure_ascii=False))
    assert printed.isprintable()
    assert json.loads(printed) == {STEERING: [STEERING, "Zoé\n\ud800"]}
