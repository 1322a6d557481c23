"""Who entered and who left a list of customers between two days."""

from collections.abc import Mapping

import pandas as pd

__all__ = ["ENTERED", "LEFT", "count_changes", "who_changed"]

ENTERED, LEFT = "entered", "left"
Lists = Mapping[str, pd.Index]


def count_changes(before: Lists, now: Lists) -> pd.DataFrame:
    """Each list with how many it held and holds, in the order of ``now``. In: customers by the list's name.

    Out: [name, before, entered, left, now, net: count].

    >>> then, today = {"best": pd.Index([1, 2, 3])}, {"best": pd.Index([2, 3, 4, 5]), "new": pd.Index([6])}
    >>> count_changes(then, today).to_dict("list")
    {'name': ['best', 'new'], 'before': [3, 0], 'entered': [2, 1], 'left': [1, 0], 'now': [4, 1], 'net': [1, 1]}
    """
    names = list(dict.fromkeys([*now, *before]))
    nobody = pd.Index([], dtype="int64")
    rows = []
    for name in names:
        old, new = before.get(name, nobody), now.get(name, nobody)
        entered, left = new.difference(old), old.difference(new)
        rows.append((name, len(old), len(entered), len(left), len(new), len(new) - len(old)))
    return pd.DataFrame(rows, columns=["name", "before", ENTERED, LEFT, "now", "net"])


def who_changed(before: Lists, now: Lists) -> pd.DataFrame:
    """Everybody who entered or left, in the order of the lists.

    Out: [name: the list's, customer_id, what: entered or left].

    >>> who_changed({"best": pd.Index([1])}, {"best": pd.Index([2])}).to_numpy().tolist()
    [['best', 2, 'entered'], ['best', 1, 'left']]
    """
    nobody = pd.Index([], dtype="int64")
    parts = []
    for name in dict.fromkeys([*now, *before]):
        old, new = before.get(name, nobody), now.get(name, nobody)
        for what, people in ((ENTERED, new.difference(old)), (LEFT, old.difference(new))):
            parts.append(pd.DataFrame({"name": name, "customer_id": people.to_numpy(), "what": what}))
    if not parts:
        return pd.DataFrame({"name": [], "customer_id": pd.Series([], dtype="int64"), "what": []})
    return pd.concat(parts, ignore_index=True).astype({"customer_id": "int64"})
