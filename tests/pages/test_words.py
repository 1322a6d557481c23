"""Words of the owner's data in Markdown."""

import pytest

from pages.parts.words import as_button, as_is


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("'ana@example.com' is taken", "'ana@:gray[]example.com' is taken"),
        ("ana@example", "ana@example"),
        ("www.example.com", "www:gray[].example.com"),
        ("https://example.com", "http:gray[]s://example.com"),
        ("*new* $5", r"\*new\* \$5"),
        ("__x__ a_b", r"\_\_x\_\_ a_b"),
        ("&amp; R&D", r"\&amp; R&D"),
        (":smile: 12:30", r"\::gray[]smile: 12:30"),
        (":material/home:", r"\::gray[]material/home:"),
        ("a -- b", "a -:gray[]- b"),
        ("# 1", r"\# 1"),
        ("1. Ana", r"1\. Ana"),
        ("1.5", "1.5"),
        ("Ana\n\nBen", "Ana Ben"),
    ],
)
def test_no_address_becomes_a_link_and_no_mark_a_style(text: str, shown: str) -> None:
    assert as_is(text) == shown


@pytest.mark.parametrize("name", ["[VIP]", '["Ana", "Ben"]', ":material/delete: Ana", " [x]"])
def test_a_name_in_a_button_is_no_list_and_no_icon(name: str) -> None:
    """Streamlit looks for both at the very beginning, after blanks."""
    assert as_button(name).strip()[0] == "\u2060"
    assert as_button(name).removeprefix("\u2060") == name
