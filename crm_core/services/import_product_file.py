"""A list of products: stored, and shown beforehand."""

from collections import Counter, defaultdict

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy.orm import Session

from crm_core.importing.choices import Existing
from crm_core.importing.products import StagedProducts
from crm_core.importing.rejections import RejectedRow
from crm_core.importing.report import ChangeCount
from crm_core.services.custom_fields import store_custom_fields
from crm_core.services.import_figures import PREVIEW_ROWS, exact_amount
from crm_core.services.import_policy import PolicyChanges, changes_by_policy
from crm_core.services.import_records import note_repeated
from crm_core.services.import_task import ImportTask, StoredFile, StoredView
from crm_core.store.bulk import insert_columns, next_id
from crm_core.store.edit_queries import hand_edited
from crm_core.store.journal import FieldChange, apply_changes, confirm_changes
from crm_core.store.record_queries import records_of_source
from crm_core.store.tables import Base, Product
from crm_core.wording import count

__all__ = ["show_product_file", "store_product_file"]

TABLE = Base.metadata.tables[Product.__tablename__]
NONE, UNCLEAR = -1, -2
TEXTS = ("name", "category")
MONEY = ("price_minor", "cost_minor")
NUMBER = "Product number"  # as a further field of a product that is stored under its name
Keys = npt.NDArray[np.int64]


def store_product_file(session: Session, staged: StagedProducts, task: ImportTask) -> StoredFile:
    """Write products and what is kept of them. A row is accepted where it brings a new product or something new of one;
    else it is a duplicate, as are the further rows of one product."""
    task.tell(0.3, "Storing products")
    stored = records_of_source(session, TABLE, task.source)
    ids = _known(staged.products, stored)
    unclear, is_new = ids == UNCLEAR, ids == NONE
    ids[is_new] = next_id(session, TABLE) + np.arange(is_new.sum())
    _insert(session, staged.products[is_new], ids[is_new], task)
    known = ~is_new & ~unclear
    told = _changes(session, staged.products[known].set_axis(ids[known]), stored, task)
    apply_changes(session, task.import_id, [*told.changes, *confirm_changes(session, told.confirmed)])
    if task.choices.existing is not Existing.SKIP:
        note_repeated(session, TABLE, ids[known].tolist(), task.import_id)
    kept, named = _with_numbers(staged, ids, stored)
    owner = np.where(unclear, NONE, ids)[kept["owner"].to_numpy(np.int64)]
    fresh = frozenset(ids[is_new].tolist())
    more = store_custom_fields(
        session,
        kept.assign(owner=owner),
        owner="product_id",
        import_id=task.import_id,
        existing=task.choices.existing,
        fresh=fresh,
    )
    updated = ({change.row_id for change in told.changes} | more.owners) - fresh
    of_row = ids[staged.product_of_row]
    first = ~pd.Series(of_row).duplicated().to_numpy()
    return StoredFile(
        accepted=int((first & np.isin(of_row, list(fresh | updated))).sum()),
        rejected=[*staged.rejected, *_unclear_rows(staged, unclear, task)],
        changes={TABLE.name: ChangeCount(len(fresh), len(updated), len(set(ids[known].tolist()) - updated))},
        decimals_read_as=staged.decimals_read_as,
        notes=(*named, *told.notes, *more.notes),
    )


def show_product_file(staged: StagedProducts) -> StoredView:
    """The first rows as they would be stored, [row, product, name, category, price, cost, currency]."""
    rows = staged.products.iloc[staged.product_of_row[:PREVIEW_ROWS]]
    lines = pd.DataFrame({"row": staged.row_numbers[:PREVIEW_ROWS], "product": rows["source_id"].to_numpy(object)})
    for name in TEXTS:
        lines[name] = rows[name].to_numpy(object)
    for name in MONEY:
        cells = zip(rows[name], rows["currency"], strict=True)
        shown = [None if minor is None else exact_amount(int(minor), code) for minor, code in cells]
        lines[name.removesuffix("_minor")] = pd.Series(shown, dtype=object)
    lines["currency"] = rows["currency"].to_numpy(object)
    return StoredView(lines)


def _known(products: pd.DataFrame, stored: pd.DataFrame) -> Keys:
    """Per product the stored one that it is, -1 for none, -2 where its name alone is several's.

    By number; a product without one by its name; one that is stored under its name alone, because orders named no
    number, by that name, where no other product of the file has it too.
    """
    by_number = dict(zip(stored["source_id"], stored.index, strict=True))
    by_name: dict[str, list[int]] = defaultdict(list)
    for row_id, name in zip(stored.index, stored["name"], strict=True):
        by_name[name].append(int(row_id))
    in_file = Counter(products["name"])
    ids = []
    for number, has_number, name in zip(products["source_id"], products["has_number"], products["name"], strict=True):
        found = by_number.get(number, NONE)
        if found == NONE and not has_number and by_name.get(name):
            found = by_name[name][0] if len(by_name[name]) == 1 else UNCLEAR
        elif found == NONE and has_number and name in by_number and in_file[name] == 1:
            found = by_number[name]
        ids.append(int(found))
    return np.array([*ids, NONE], np.int64)[:-1]


def _with_numbers(staged: StagedProducts, ids: Keys, stored: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """What is kept of products, with the numbers of those that orders know by their names alone; and a note on them."""
    names = stored["source_id"].to_dict()
    numbers, known = staged.products["source_id"], [names.get(key) for key in ids.tolist()]
    other = [own is not None and own != number for own, number in zip(known, numbers, strict=True)]
    at = np.flatnonzero(np.array(other, bool) & staged.products["has_number"].to_numpy(bool))
    if not len(at):
        return staged.kept, ()
    beside = pd.DataFrame({"owner": at, "name": NUMBER, "value": numbers.to_numpy(object)[at]})
    known_by = "product is known by its name" if len(at) == 1 else "products are known by their names"
    note = f"{count(len(at))} {known_by}, because orders gave no number; it is kept as \u201c{NUMBER}\u201d."
    return pd.concat([staged.kept, beside], ignore_index=True), (note,)


def _insert(session: Session, products: pd.DataFrame, ids: Keys, task: ImportTask) -> None:
    cells = {name: products[name].to_numpy(object) for name in ("source_id", *TEXTS, *MONEY, "currency")}
    insert_columns(session, TABLE, {"id": ids, "source": task.source, "import_id": task.import_id, **cells})


def _changes(session: Session, brought: pd.DataFrame, stored: pd.DataFrame, task: ImportTask) -> PolicyChanges:
    """What the file says of stored products; price and cost in the currency that they are stored in, or with it."""
    if task.choices.existing is Existing.SKIP or brought.empty:
        return PolicyChanges([], [])
    brought = brought.groupby(level=0).first()
    by_hand = hand_edited(session, TABLE.name)
    old = stored.loc[brought.index]
    fields = changes_by_policy(TABLE.name, brought[list(TEXTS)], old, existing=task.choices.existing, by_hand=by_hand)
    changes = list(fields.changes)
    confirmed = list(fields.confirmed)
    for row_id, news, before in zip(brought.index, brought.to_dict("records"), old.to_dict("records"), strict=True):
        told = _money_changes(int(row_id), news, before, task.choices.existing)
        changes += [change for change in told if change.before != change.after]
        confirmed += [change for change in told if change.before == change.after]
    return PolicyChanges(changes, confirmed, fields.by_hand)


def _money_changes(
    row_id: int, news: dict[str, object], before: dict[str, object], existing: Existing
) -> list[FieldChange]:
    """Price, cost and currency belong together: amounts of another currency replace all of them, or nothing."""
    if not news["currency"]:
        return []
    other = before["currency"] is not None and before["currency"] != news["currency"]
    if other and existing is not Existing.OVERWRITE:
        return []
    wanted = {"currency": news["currency"]}
    for name in MONEY:
        if news[name] is not None and (before[name] is None or existing is Existing.OVERWRITE):
            wanted[name] = news[name]
        elif other:
            wanted[name] = None
        elif news[name] == before[name]:
            wanted[name] = before[name]
    return [FieldChange(TABLE.name, row_id, name, _blank(before[name]), value) for name, value in wanted.items()]


def _blank(value: object) -> object:
    return None if value is None or value != value else value


def _unclear_rows(staged: StagedProducts, unclear: npt.NDArray[np.bool_], task: ImportTask) -> list[RejectedRow]:
    table = task.table
    names = staged.products["name"].to_numpy(object)
    found = []
    for row, product in zip(staged.row_numbers.tolist(), staged.product_of_row.tolist(), strict=True):
        if unclear[product]:
            reason = (
                f"{table.file_name}, row {row}: '{names[product]}' is the name of several products. Add the "
                "product's number and import the file again."
            )
            found.append(RejectedRow(row, reason, table.cells(int(np.searchsorted(table.row_numbers, row)))))
    return found
