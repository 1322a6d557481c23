"""Answers on a scale, made comparable: 0 worst, 1 best. The scale is decided once, from all of a question's answers."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["SCALES", "Scale", "decide_scale"]


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


def decide_scale(answers: Iterable[float]) -> Scale | None:
    """The narrowest usual scale that holds all answers, None where none does.

    Whole answers of 1 alone are the worst of five, not the best of one.

    >>> decide_scale([1, 4, 5]), decide_scale([0.25, 1]), decide_scale([0, 9])
    (Scale(worst=1, best=5), Scale(worst=0, best=1), Scale(worst=0, best=10))
    >>> decide_scale([-3]) is None, decide_scale([1])
    (True, Scale(worst=1, best=5))
    """
    found = set(answers)
    if found == {1}:
        return Scale(1, 5)
    return next((scale for scale in SCALES if all(scale.share(answer) is not None for answer in found)), None)
