"""Words on their way to the screen, where Streamlit reads Markdown: money and names must arrive as they are.

Two dollar signs in one text would be set as a formula, and a product called "*new* soap_2" would lose its stars.
"""

import re
from collections.abc import Callable

from crm_core import wording
from crm_core.literal import on_one_line
from crm_core.vocabulary import Question

_BREAK = "\0"  # while we work; no text holds one
_NOTHING = ":gray[]"  # no sign on the screen, but nothing is recognised over it; a backslash does not stop everything
_FOUND_LATER = re.compile(  # in the finished text: addresses, emoji, icons, arrows
    r"(?<=[\w.+-]@)(?=[\w-]+\.)|(?<=www)(?=\.)|(?<=http)(?=s?:)|(?<=:)(?=[\w+-]+:|material/)"
    r"|(?<=<)(?=-)|(?<=-)(?=[->])|(?<=[<>~])(?==)",
    re.IGNORECASE,
)
_MARKS = re.compile(  # what begins a line, and what marks anywhere; an underscore or colon only where it can mark
    r"(^\s*(?:\d+(?=[.)](?:\s|$)))?)([-+=#:.)])"
    r"|([\\`*\[\]<>~$|]|(?<![^\W_])_|_(?![^\W_])|:(?=[^\W\d]|\0)|&(?=#?\w+;))"
)
_AS_BUTTON = re.compile(r"^\s*[\[:]")
_UNSEEN = "\u2060"  # joins words, has no width


def as_is(text: object) -> str:
    """Text from the owner's data, every mark of Markdown made harmless, and no address of it a link."""
    broken = _FOUND_LATER.sub(_BREAK, on_one_line(text))
    return _MARKS.sub(r"\1\\\2\3", broken).replace(_BREAK, _NOTHING)


def as_button(text: object) -> str:
    """Text from the owner's data for a cell that is a button, where Streamlit looks for lists and icons.

    >>> as_button("Ana"), as_button("[VIP]")
    ('Ana', '\\u2060[VIP]')
    """
    line = on_one_line(text)
    return _UNSEEN + line if _AS_BUTTON.match(line) else line


def as_option(text: object) -> str:
    """Text from the owner's data for an entry of a list to choose from, where no Markdown is read.

    >>> as_option("*new*\\nsoap")
    '*new* soap'
    """
    return on_one_line(text)


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


def error_writer(question: Question, currency: str) -> Callable[[float], str]:
    """How an error of a kind of prediction is written."""
    if question == Question.SPEND:
        return lambda error: f"{estimate(error, currency)} a customer"
    if question == Question.PURCHASES:
        return lambda error: f"{error:.3f} orders a customer"
    return lambda error: f"{error:.3f}"
