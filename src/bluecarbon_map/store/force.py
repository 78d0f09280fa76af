"""Which rows are in force: the newest version of each record that no undo has taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bluecarbon_map.errors import InputError
from bluecarbon_map.store.rows import BLOCK, Columns, to_frame
from bluecarbon_map.store.schema import CHANGES, UNDOS, Kind, Record

Undone = frozenset[int]
"""Changes that are taken back."""

_FEW: Final = 500
"""So many keys are looked up one by one; of more, a whole part of the table is read."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a record stands.

    Attributes:
        top: Its newest version that is not taken back, a retiring one too; None where all are.
        last: Its newest version whatever became of it.
        retired: Whether it ended with ``top``.
        place: Where it stands in its table.
        change_id: The change that wrote ``top``.
    """

    top: int | None
    last: int
    retired: bool
    place: int
    change_id: int | None

    @property
    def in_force(self) -> int | None:
        """Version in force; None where there is none."""
        return None if self.retired else self.top


def undone(connection: Connection) -> Undone:
    """Changes taken back: those an undo names that is not itself taken back."""
    undos = connection.execute(sa.select(UNDOS).order_by(UNDOS.c.undo_change_id.desc())).all()
    gone: set[int] = set()
    for undo, what in undos:  # newest first: what takes an undo back is newer than it
        if undo not in gone:
            gone.add(what)
    return frozenset(gone)


def in_force(table: sa.Table, gone: Undone) -> sa.ColumnElement[bool]:
    """Condition on the rows of a table: in force."""
    newer = table.alias("newer")
    there = sa.exists().where(
        newer.c.row_key == table.c.row_key,
        newer.c.row_version > table.c.row_version,
        _kept(newer.c.change_id, gone),
    )
    return sa.and_(table.c.retired.is_(sa.false()), _kept(table.c.change_id, gone), ~there)


def _kept(change_id: sa.ColumnElement[Any], gone: Undone) -> sa.ColumnElement[bool]:
    return change_id.not_in(sorted(gone)) if gone else sa.true()


def read_blocks(
    connection: Connection, query: sa.Select[Any], kinds: dict[str, Kind]
) -> Iterator[Columns]:
    """The rows of a query as columns, `BLOCK` rows at a time."""
    streamed = connection.dialect.name != "sqlite"  # its cursor streams by itself
    result = connection.execute(query.execution_options(stream_results=streamed))
    for part in result.partitions(BLOCK):
        yield dict(zip(kinds, (list(column) for column in zip(*part, strict=True)), strict=True))


def read_columns(connection: Connection, query: sa.Select[Any], kinds: dict[str, Kind]) -> Columns:
    """All rows of a query as columns."""
    made: Columns = {name: [] for name in kinds}
    for block in read_blocks(connection, query, kinds):
        for name, values in block.items():
            made[name].extend(values)
    return made


def rows_in_force(
    connection: Connection, record: Record, which: sa.ColumnElement[bool] | None = None
) -> pd.DataFrame:
    """Rows in force in the order of their places, after their contract."""
    return numbered(connection, record, which).reset_index(drop=True)


def numbered(
    connection: Connection, record: Record, which: sa.ColumnElement[bool] | None = None
) -> pd.DataFrame:
    """Rows in force in the order of their places, which are the index."""
    table = record.table
    kinds: dict[str, Kind] = {"place": "int", **record.kinds}
    asked = sa.select(*(table.c[name] for name in kinds)).where(in_force(table, undone(connection)))
    if which is not None:
        asked = asked.where(which)
    read = read_columns(connection, asked, kinds)
    place = np.array(read.pop("place"), dtype=np.int64)
    frame = to_frame(record, read).set_index(place)
    if (np.diff(place) < 0).any():  # sorting outlines in the database would cost more
        frame = frame.iloc[np.argsort(place, kind="stable")]
    return frame


def standings(
    connection: Connection, record: Record, keys: Sequence[str], firsts: Collection[Any]
) -> dict[str, Standing]:
    """How the records with these keys stand; one that never was is left out.

    Args:
        connection: Where to look.
        record: Their table.
        keys: Their keys.
        firsts: The values of the first column of those keys, to narrow the look where keys are
            many.
    """
    table, gone = record.table, undone(connection)
    wanted = sa.select(
        table.c.row_key, table.c.row_version, table.c.retired, table.c.place, table.c.change_id
    ).order_by(table.c.row_version)
    if len(keys) <= _FEW:
        wanted = wanted.where(table.c.row_key.in_(list(keys)))
    elif len(set(firsts)) <= _FEW:
        wanted = wanted.where(table.c[record.key[0]].in_(list(set(firsts))))
    found: dict[str, Standing] = {}
    for key, version, retired, place, change_id in connection.execute(wanted):
        before = found.get(key)
        if change_id not in gone:
            found[key] = Standing(version, version, bool(retired), place, change_id)
        elif before is None:
            found[key] = Standing(None, version, False, place, None)  # noqa: FBT003
        else:
            found[key] = Standing(
                before.top, version, before.retired, before.place, before.change_id
            )
    return found


def versions_in_force(
    connection: Connection, record: Record, keys: Sequence[str] | None, survey_id: str | None
) -> Iterator[tuple[str, int]]:
    """Key and version of rows in force; of some keys or one survey where it is named.

    Raises:
        InputError: If rows of this table are of no survey.
    """
    table = record.table
    asked = sa.select(table.c.row_key, table.c.row_version).order_by(table.c.place)
    asked = asked.where(in_force(table, undone(connection)))
    if survey_id is not None:
        if "survey_id" not in record.kinds:
            reason = f"rows of {record.name} are of no survey"
            raise InputError("versions", reason, "Leave the survey out", column="survey_id")
        asked = asked.where(table.c.survey_id == survey_id)
    if keys is None:
        yield from (tuple(row) for row in connection.execute(asked))
        return
    for start in range(0, len(keys), _FEW):
        some = asked.where(table.c.row_key.in_(list(keys[start : start + _FEW])))
        yield from (tuple(row) for row in connection.execute(some))


def author(connection: Connection, change_id: int | None) -> tuple[str | None, str | None]:
    """Who made a change, and when."""
    asked = sa.select(CHANGES.c.actor, CHANGES.c.at).where(CHANGES.c.change_id == change_id)
    found = connection.execute(asked).first()
    return (found.actor, found.at) if found else (None, None)
