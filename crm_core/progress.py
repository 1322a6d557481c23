"""How far long work is: who does it tells, who waits for it hears."""

from collections.abc import Callable

__all__ = ["Progress", "part_of", "silently"]

Progress = Callable[[float, str], None]  # the share done, 0..1, and what is being done


def silently(_share: float, _words: str) -> None:
    """Nobody listens.

    >>> silently(0.5, "Halfway")
    """


def part_of(tell: Progress, place: int, parts: int, words: str = "") -> Progress:
    """How far one of several parts is, told as how far the whole is; ``words``: what stands before the part's own.

    >>> told = []
    >>> part_of(lambda share, what: told.append((share, what)), 1, 4, "March")(0.5, "asking")
    >>> told
    [(0.375, 'March: asking')]
    """

    def told(share: float, what: str) -> None:
        tell((place + share) / parts, f"{words}: {what}" if words else what)

    return told
