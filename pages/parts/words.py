"""Words on their way to the screen, where Streamlit reads Markdown: money and names must arrive as they are.

Two dollar signs in one text would be set as a formula, and a product called "*new* soap_2" would lose its stars.
"""

import re

from crm_core import wording

_MARKS = re.compile(r"[\\`*\[\]<>~$]|(?<!\w)_|_(?!\w)|:(?=[a-z])")  # an underscore or colon only where it can mark
_LINKS = re.compile(r"(?<=[\w.+-]@)(?=[\w-]+\.)|(?<=\bwww)(?=\.)|(?<=\bhttp)(?=s?:)", re.IGNORECASE)
_NOTHING = ":gray[]"  # no sign on the screen, but no link reaches over it; a backslash does not stop it


def as_is(text: object) -> str:
    """Text from the owner's data, every mark of Markdown made harmless, and no address of it a link."""
    return _LINKS.sub(_NOTHING, _MARKS.sub(r"\\\g<0>", str(text)))


def prose(sentence: str) -> str:
    """A sentence of ours that may name money: its dollar signs stay dollar signs, its own marks keep working."""
    return sentence.replace("$", r"\$")


def money(amount_minor: float | None, currency: str, *, exact: bool = False) -> str:
    """``wording.money`` for Markdown."""
    return prose(wording.money(amount_minor, currency, exact=exact))


def estimate(amount_minor: float | None, currency: str) -> str:
    """``wording.estimate`` for Markdown."""
    return prose(wording.estimate(amount_minor, currency))


def money_range(low_minor: float, high_minor: float, currency: str) -> str:
    """``wording.money_range`` for Markdown."""
    return prose(wording.money_range(low_minor, high_minor, currency))
