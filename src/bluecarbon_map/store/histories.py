"""Every version that one row has had."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bluecarbon_map.store.force import read_columns, undone
from bluecarbon_map.store.rows import to_frame
from bluecarbon_map.store.schema import CHANGES, Kind, Record

_MORE: Final[dict[str, Kind]] = {
    "row_version": "int", "change_id": "int", "retired": "bool",
}  # fmt: skip


def history(connection: Connection, record: Record, key: str) -> pd.DataFrame:
    """The versions of a row, as `store.sql.SqlStore.history` tells of them.

    Args:
        connection: Where to look.
        record: Its table.
        key: Its key as one text.
    """
    rows = record.table
    kinds: dict[str, Kind] = {**record.kinds, **_MORE}
    asked = (
        sa.select(*(rows.c[name] for name in kinds))
        .where(rows.c.row_key == key)
        .order_by(rows.c.row_version)
    )
    read = read_columns(connection, asked, kinds)
    gone = undone(connection)
    changes = _by_id(connection, set(read["change_id"]))
    frame = to_frame(record, read)
    own = {name: pd.Series(read[name], dtype=t) for name, t in
           (("row_version", "int64"), ("change_id", "int64"), ("retired", "bool"))}  # fmt: skip
    told = [changes[change_id] for change_id in read["change_id"]]
    words = {name: pd.Series([row[name] for row in told], dtype="str")
             for name in ("kind", "actor", "at", "reason")}  # fmt: skip
    taken_back = pd.Series([one in gone for one in read["change_id"]], dtype="bool")
    return frame.assign(**own, undone=taken_back, **words)


def _by_id(connection: Connection, change_ids: set[int]) -> dict[int, Mapping[str, Any]]:
    asked = sa.select(CHANGES).where(CHANGES.c.change_id.in_(sorted(change_ids)))
    return {row["change_id"]: dict(row) for row in connection.execute(asked).mappings()}
