"""Answers on a scale, made comparable: 0 worst, 1 best. The scale is decided once, from all of a question's answers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["SCALES", "WIDEST", "Scale", "decide_scale"]


@dataclass(frozen=True)
class Scale:
    """The worst and the best answer that a question allows."""

    worst: float
    best: float

    def share(self, answer: float) -> float | None:
        """Where an answer stands between worst (0) and best (1); None beyond them.

        >>> Scale(1, 5).share(4), Scale(1, 5).share(0)
        (0.75, None)
        """
        if not self.worst <= answer <= self.best:
            return None
        return (answer - self.worst) / (self.best - self.worst)

    def as_words(self) -> str:
        """For reading.

        >>> Scale(0, 10).as_words()
        'from 0 (worst) to 10 (best)'
        """
        return f"from {self.worst:g} (worst) to {self.best:g} (best)"


SCALES = (Scale(0, 1), Scale(1, 5), Scale(0, 5), Scale(1, 7), Scale(0, 10), Scale(0, 100))
WIDEST = 100
BY_NAME = (
    (re.compile(r"\bnps\b|net ?promoter|recommend|weiterempfehl|推荐", re.IGNORECASE), Scale(0, 10)),
    (re.compile(r"%|percent|prozent", re.IGNORECASE), Scale(0, 100)),
)


def decide_scale(answers: Iterable[float], *, name: str = "") -> Scale:
    """The narrowest usual scale that holds all answers, or the one that the question's name says if it holds them.

    Whole answers of 1 alone are the worst of five, not the best of one. In: answers from 0 to WIDEST.

    >>> decide_scale([1, 4, 5]), decide_scale([0.25, 1]), decide_scale([0, 9])
    (Scale(worst=1, best=5), Scale(worst=0, best=1), Scale(worst=0, best=10))
    >>> decide_scale([3, 5], name="NPS"), decide_scale([1])
    (Scale(worst=0, best=10), Scale(worst=1, best=5))
    """
    found = set(answers)
    said = next((scale for words, scale in BY_NAME if words.search(name) and _holds(scale, found)), None)
    if said:
        return said
    if found == {1}:
        return Scale(1, 5)
    return next((scale for scale in SCALES if _holds(scale, found)), SCALES[-1])


def _holds(scale: Scale, answers: set[float]) -> bool:
    return all(scale.worst <= answer <= scale.best for answer in answers)
