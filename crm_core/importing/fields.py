"""What a column may mean, for every kind of file."""

from dataclasses import dataclass

__all__ = ["Field"]


@dataclass(frozen=True)
class Field:
    """What a column may mean: the name in a mapping, the owner's word, and the names that shops give it."""

    name: str
    label: str
    synonyms: tuple[str, ...]
