"""Places on a line for things that are linked, so that links are short and groups stand together."""

from collections import defaultdict, deque

import numpy as np

__all__ = ["place_on_line"]


def place_on_line(links: list[tuple[int, int]]) -> dict[int, int]:
    """A place 0, 1, … for everything that is linked; what hangs together is next to each other.

    Groups come in the order of their first link. Within a group one thing at a time moves to where the links are
    shortest in total, until no move helps: not always the best order, but the same for the same links.

    >>> place_on_line([(1, 2), (1, 3), (8, 9)])
    {2: 0, 1: 1, 3: 2, 8: 3, 9: 4}
    """
    line: list[int] = []
    for group in _groups(links):
        within = [link for link in links if link[0] in group]
        line += _shorten(group, within)
    return {thing: place for place, thing in enumerate(line)}


def _groups(links: list[tuple[int, int]]) -> list[list[int]]:
    """What hangs together, each group from its strongest link outwards."""
    beside: dict[int, list[int]] = defaultdict(list)
    for one, other in links:
        beside[one].append(other)
        beside[other].append(one)
    seen: set[int] = set()
    groups = []
    for start in beside:
        if start in seen:
            continue
        group, waiting = [], deque([start])
        seen.add(start)
        while waiting:
            thing = waiting.popleft()
            group.append(thing)
            new = [neighbour for neighbour in beside[thing] if neighbour not in seen]
            seen.update(new)
            waiting.extend(dict.fromkeys(new))
        groups.append(group)
    return groups


def _shorten(group: list[int], links: list[tuple[int, int]]) -> list[int]:
    line, length = group, _length(group, links)
    improved = True
    while improved:
        improved = False
        for thing in group:
            rest = [other for other in line if other != thing]
            tries = [[*rest[:place], thing, *rest[place:]] for place in range(len(line))]
            lengths = [_length(candidate, links) for candidate in tries]
            best = int(np.argmin(lengths))
            if lengths[best] < length:
                line, length, improved = tries[best], lengths[best], True
    return line


def _length(line: list[int], links: list[tuple[int, int]]) -> int:
    place = {thing: number for number, thing in enumerate(line)}
    return sum(abs(place[one] - place[other]) for one, other in links)
