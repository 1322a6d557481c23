"""Customers who may be one person: which pairs, why, and how sure that is.

Comparing everybody with everybody is out of the question, so only people are compared who have something in common: the
name, the end of the telephone number, an address, a name's part beside a postcode. A group of more than MOST_ALIKE who
share such a thing is told by it no more: a common name, the shop's own number, a placeholder.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from crm_core.features.name_keys import fold_name, local_part, phone_tail, sorted_name

__all__ = ["MOST_ALIKE", "LikelyDuplicates", "find_likely_duplicates"]

MOST_ALIKE = 4
ALIKE = 88.0  # of 100, from which on two names are nearly the same
SHORTEST_LOCAL = 5  # letters before the @ that tell somebody: "info" does not
Pairs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class LikelyDuplicates:
    """table: one row per pair, surest first: [first_id, second_id: the larger, sure: 0..1, reason: in words];
    common_names: how many names are shared by more than MOST_ALIKE people, for whom a name alone is no reason."""

    table: pd.DataFrame
    common_names: int


def find_likely_duplicates(people: pd.DataFrame) -> LikelyDuplicates:
    """Pairs of people who may be one. In: people[customer_id, name, email, phone, postcode, birthday], blanks None.

    >>> people = pd.DataFrame({"customer_id": [1, 2], "name": ["Ana Berg", "Berg, Ana"], "postcode": "10115"})
    >>> find_likely_duplicates(people).table.values.tolist()
    [[1, 2, 0.85, 'same name and postcode']]
    """
    keys = _keys(people)
    pairs, common = _candidates(keys)
    first, second = keys.iloc[pairs[:, 0]], keys.iloc[pairs[:, 1]]
    sure, reason = _judge(first.reset_index(drop=True), second.reset_index(drop=True))
    numbers = keys["customer_id"].to_numpy(np.int64)
    table = pd.DataFrame(
        {"first_id": numbers[pairs[:, 0]], "second_id": numbers[pairs[:, 1]], "sure": sure, "reason": reason}
    )
    table = table[table["sure"] > 0].sort_values(["sure", "first_id", "second_id"], ascending=[False, True, True])
    return LikelyDuplicates(table.reset_index(drop=True), common)


def _keys(people: pd.DataFrame) -> pd.DataFrame:
    """What people are compared by, in the order of their numbers; blanks are ""."""
    columns = ("customer_id", "name", "email", "phone", "postcode", "birthday")
    own = people.reindex(columns=columns).sort_values("customer_id", ignore_index=True)
    cells = {name: own[name].astype(object).where(own[name].notna(), None).tolist() for name in columns[1:]}
    folded = [fold_name(name) for name in cells["name"]]
    return pd.DataFrame(
        {
            "customer_id": own["customer_id"],
            "folded": folded,
            "name": [sorted_name(name) for name in folded],
            "email": [(email or "").strip().casefold() for email in cells["email"]],
            "local": [local_part(email) for email in cells["email"]],
            "tail": [phone_tail(phone) for phone in cells["phone"]],
            "postcode": [(code or "").replace(" ", "").casefold() for code in cells["postcode"]],
            "birthday": [str(day or "") for day in cells["birthday"]],
        },
        dtype=object,
    )


def _candidates(keys: pd.DataFrame) -> tuple[Pairs, int]:
    """Places of people with something in common, each pair once, the earlier place first; how many common names."""
    place, size = np.arange(len(keys)), len(keys)
    names, common = _pairs_of(keys["name"].to_numpy(object), place)
    local = keys["local"].where(keys["local"].str.len() >= SHORTEST_LOCAL, "")
    wholes = [(column.to_numpy(object), place) for column in (keys["tail"], keys["email"], local)]
    blocks = [*wholes, _name_blocks(keys), _address_blocks(keys)]
    found = [names, *(_pairs_of(block, places)[0] for block, places in blocks)]
    codes = np.unique(np.concatenate([pairs[:, 0] * size + pairs[:, 1] for pairs in found]))
    return np.column_stack(np.divmod(codes, max(size, 1))), common


def _pairs_of(blocks: npt.NDArray[np.object_], places: Pairs) -> tuple[Pairs, int]:
    """Pairs within small blocks, and how many blocks were too large; "" is no block."""
    codes, _ = pd.factorize(blocks)
    table = pd.DataFrame({"block": codes, "place": places})[blocks != ""].drop_duplicates()
    sizes = table.groupby("block")["place"].transform("size")
    small = table[(sizes > 1) & (sizes <= MOST_ALIKE)]
    joined = small.merge(small, on="block")
    joined = joined[joined["place_x"] < joined["place_y"]]
    return joined[["place_x", "place_y"]].to_numpy(np.int64), int(table.loc[sizes > MOST_ALIKE, "block"].nunique())


def _name_blocks(keys: pd.DataFrame) -> tuple[npt.NDArray[np.object_], Pairs]:
    """Whole names and parts of names beside a postcode or birthday: misspelt namesakes of one place share one."""
    blocks: list[str] = []
    places: list[int] = []
    columns = (keys[name].tolist() for name in ("name", "postcode", "birthday"))
    for place, (name, postcode, birthday) in enumerate(zip(*columns, strict=True)):
        for where in (postcode, birthday):
            if name and where:
                own = [f"{where}|{name}", *(f"{where}|{part}" for part in name.split())]
                blocks += own
                places += [place] * len(own)
    return np.array([*blocks, 0], object)[:-1], np.array(places, np.int64)


def _address_blocks(keys: pd.DataFrame) -> tuple[npt.NDArray[np.object_], Pairs]:
    """Both halves of an e-mail address: one wrong letter leaves one of them as it is."""
    blocks: list[str] = []
    places: list[int] = []
    for place, email in enumerate(keys["email"].tolist()):
        name, _, domain = email.partition("@")
        if not domain or len(name) < SHORTEST_LOCAL:
            continue
        cuts = {len(name) // 2, (len(name) - 1) // 2, (len(name) + 1) // 2}
        own = [f"{name[:cut]}*@{domain}" for cut in cuts] + [f"*{name[-cut:]}@{domain}" for cut in cuts]
        blocks += own
        places += [place] * len(own)
    return np.array([*blocks, 0], object)[:-1], np.array(places, np.int64)


def _judge(first: pd.DataFrame, second: pd.DataFrame) -> tuple[npt.NDArray[np.float64], list[str]]:
    """How sure each pair is, 0 for no pair at all, and why, in words."""
    if first.empty:
        return np.zeros(0), []
    same = {
        name: (first[name] == second[name]).to_numpy(bool) & (first[name] != "").to_numpy(bool)
        for name in ("name", "email", "tail", "postcode", "birthday", "local")
    }
    named = ((first["name"] != "") & (second["name"] != "")).to_numpy(bool)
    same["local"] &= (first["local"].str.len() >= SHORTEST_LOCAL).to_numpy(bool)
    alike = named & _alike(first, second)
    other_name = named & ~same["name"] & ~alike
    misspelt = _one_letter_apart(first, second) & ~same["email"]
    rules: tuple[tuple[Flags, float, str], ...] = (
        (same["email"] & (same["name"] | alike), 0.98, "same e-mail address"),
        (same["tail"] & same["name"], 0.97, "same phone and name"),
        (same["name"] & same["birthday"], 0.95, "same name and birthday"),
        (same["tail"] & alike, 0.92, "same phone, names alike"),
        (same["name"] & misspelt, 0.92, "same name, e-mail addresses differ by one letter"),
        (same["email"] & ~other_name, 0.9, "same e-mail address"),
        (same["name"] & same["local"], 0.88, "same name, e-mail addresses alike"),
        (same["name"] & same["postcode"], 0.85, "same name and postcode"),
        (alike & same["birthday"], 0.82, "same birthday, names alike"),
        (alike & same["postcode"], 0.7, "same postcode, names alike"),
        (alike & same["local"], 0.7, "names alike, e-mail addresses alike"),
        (same["tail"] & ~other_name, 0.7, "same phone"),
        (alike & misspelt, 0.5, "names alike, e-mail addresses differ by one letter"),  # an address made of the name
        (misspelt & ~other_name, 0.6, "e-mail addresses differ by one letter"),
        (same["email"], 0.5, "same e-mail address, other name"),
        (same["name"], 0.4, "same name"),
        (same["tail"], 0.3, "same phone, other name"),
    )
    which = np.select([rule for rule, _, _ in rules], list(range(len(rules))), len(rules))
    sure = np.append([sure for _, sure, _ in rules], 0.0)[which]
    contrary = ((first["birthday"] != "") & (second["birthday"] != "")).to_numpy(bool) & ~same["birthday"]
    words = [*[reason for _, _, reason in rules], ""]
    return np.where(contrary, np.round(sure / 3, 2), sure), [
        words[at] + (", but another birthday" if other else "") for at, other in zip(which, contrary, strict=True)
    ]


def _alike(first: pd.DataFrame, second: pd.DataFrame) -> Flags:
    """Nearly the same names; also "a berg" and "ana berg", and one with a middle name more."""
    ones, others = first["name"].tolist(), second["name"].tolist()
    near = process.cpdist(ones, others, scorer=fuzz.ratio) >= ALIKE
    parts = [_short_for(one.split(), other.split()) for one, other in zip(ones, others, strict=True)]
    other: Flags = (first["name"] != second["name"]).to_numpy(bool)
    return np.asarray((near | np.array(parts, bool)) & other, bool)


def _short_for(ones: list[str], others: list[str]) -> bool:
    """Whether all parts of the shorter name are in the longer one, whole or as an initial, and two at least."""
    if len(ones) > len(others):
        ones, others = others, ones
    rest = [part for part in ones if part not in others]
    left = [part for part in others if part not in ones]
    whole = len(ones) - len(rest)
    if whole < 1 or len(ones) < 2:
        return False
    return all(any(min(len(a), len(b)) == 1 and a[0] == b[0] for b in left) for a in rest)


def _one_letter_apart(first: pd.DataFrame, second: pd.DataFrame) -> Flags:
    """Addresses of which one has a letter more, less, other or swapped; another digit is another address."""
    ones, others = first["email"], second["email"]
    apart = process.cpdist(ones.tolist(), others.tolist(), scorer=OSA.distance) == 1
    written = ((ones != "") & (others != "")).to_numpy(bool)
    digits = [emails.str.replace(r"\D", "", regex=True).to_numpy(object) for emails in (ones, others)]
    return np.asarray(apart & written & (digits[0] == digits[1]), bool)
