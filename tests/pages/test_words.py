"""Words of the owner's data in Markdown."""

import pytest

from pages.parts.words import as_is


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("'ana@example.com' is taken", "'ana@:gray[]example.com' is taken"),
        ("ana@example", "ana@example"),
        ("www.example.com", "www:gray[].example.com"),
        ("https://example.com", "http:gray[]s://example.com"),
        ("*new* $5", r"\*new\* \$5"),
    ],
)
def test_no_address_becomes_a_link_and_no_mark_a_style(text: str, shown: str) -> None:
    assert as_is(text) == shown
