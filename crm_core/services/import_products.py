"""Products that a file of orders names: found again, given a name, or new."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy.orm import Session

from crm_core.importing.choices import Existing
from crm_core.services.import_policy import PolicyChanges, changes_by_policy
from crm_core.store.bulk import insert_columns, next_id
from crm_core.store.edit_queries import hand_edited
from crm_core.store.import_queries import known_products
from crm_core.store.journal import apply_changes
from crm_core.store.tables import Base, Product

__all__ = ["store_products"]

NONE = -1


def store_products(
    session: Session, staged: pd.DataFrame, *, import_id: int, source: str, existing: Existing = Existing.FILL
) -> tuple[npt.NDArray[np.int64], PolicyChanges]:
    """Each staged product's id, and what changed of those in already. In: staged[source_id, name], source_ids
    distinct."""
    known = known_products(session, source)
    place = known.index.get_indexer(pd.Index(staged["source_id"], dtype=object))
    ids = np.append(known["id"].to_numpy(np.int64), NONE)[place]
    is_new = ids == NONE
    table = Base.metadata.tables[Product.__tablename__]
    ids[is_new] = next_id(session, table) + np.arange(is_new.sum())
    new = {name: staged[name].to_numpy(object)[is_new] for name in ("source_id", "name")}
    insert_columns(session, table, {"id": ids[is_new], "source": source, "import_id": import_id, **new})
    told = changes_by_policy(
        table.name,
        staged.loc[~is_new, ["name"]].set_axis(ids[~is_new]),
        known.set_index("id")[["name"]],
        existing=existing,
        by_hand=hand_edited(session, table.name),
    )
    apply_changes(session, import_id, told.changes)
    return ids, told
