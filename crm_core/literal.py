"""The owner's words where something could take them for more than words: on one line, in their own order, inert.

Imports nothing of ours. What is stored and exported stays as it was brought; this is for the eye.
"""

import re

__all__ = [
    "in_plotly",
    "json_for_terminal",
    "on_one_line",
    "storable",
    "without_line_ends",
    "without_slots",
    "words_for_terminal",
]

_LINE_ENDS = re.compile(r"[\t-\r\x85\u2028\u2029]+")
_CONTROLS = {code: 0x2400 + code for code in range(32)} | {0x7F: 0x2421}  # to the signs that picture them
_UNSHOWN = re.compile(r"[\x80-\x9f\ud800-\udfff\ufffe\uffff]")  # no letters at all: halves of pairs, old controls
_STEERING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")  # would turn the words that follow them around, ours too
_LEFTWARD = re.compile(r"[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_APART = "\u2068{}\u2069"  # a direction of its own, whatever stands around it
_HALVES = re.compile(r"[\ud800-\udfff]")  # of a pair; Python writes them for bytes that are no UTF-8
_TERMINAL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_PLOTLY_MARKS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def without_line_ends(text: object) -> str:
    """The words with a blank for each line end.

    >>> without_line_ends("Ana\\r\\nBen")
    'Ana Ben'
    """
    return _LINE_ENDS.sub(" ", str(text))


def on_one_line(text: object) -> str:
    """The words for a screen: one line, controls pictured, and no power over the order of what stands beside them.

    >>> on_one_line("Ana\\nBen"), on_one_line("\\x1b[2J"), on_one_line("\\u202eevil")
    ('Ana Ben', '␛[2J', 'evil')
    """
    line = without_line_ends(text).translate(_CONTROLS)
    line = _STEERING.sub("", _UNSHOWN.sub("\ufffd", line))
    return _APART.format(line) if _LEFTWARD.search(line) else line


def storable(text: str) -> str:
    """The words as a database takes them: what is no letter, such as a byte of a file's name, as the sign for that.

    >>> storable("Zo\\udce9.csv")
    'Zo\ufffd.csv'
    """
    return _HALVES.sub("\ufffd", text)


def in_plotly(text: object) -> str:
    """The words for a chart, where Plotly reads a small HTML: no tag, no entity, no link.

    >>> in_plotly('<a href="x">R&D</a>')
    '&lt;a href="x"&gt;R&amp;D&lt;/a&gt;'
    """
    return on_one_line(text).translate(_PLOTLY_MARKS)


def without_slots(text: str) -> str:
    """The words as a part of a sentence that is filled in later: their braces are braces.

    >>> (without_slots("Size {cm}") + " is {}").format(41)
    'Size {cm} is 41'
    """
    return text.replace("{", "{{").replace("}", "}}")


def words_for_terminal(text: str) -> str:
    """The words for a terminal: what would steer it, or turn the words around, is written out.

    >>> print(words_for_terminal("\\x1b[2JAna \\u202eevil"))
    \\x1b[2JAna \\u202eevil
    """
    return _TERMINAL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def json_for_terminal(text: str) -> str:
    """JSON that says the same, with what would steer a terminal as JSON's own escapes.

    >>> print(json_for_terminal('"Ana \\u202eevil"'))
    "Ana \\u202eevil"
    """
    return _TERMINAL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
