"""Results that a store keeps beside its data, for as long as what they came from stands still.

They are no records: nobody wrote them, no audit speaks of them, and losing one costs only time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bluecarbon_map.store.force import undone
from bluecarbon_map.store.schema import AUDIT, DERIVED, RECORDS


def state_of(connection: Connection, sources: Sequence[str]) -> str:
    """A text that is another one whenever one of the sources has changed.

    Args:
        connection: Where to look.
        sources: Names of tables, or ``habitats/SURVEY`` for the rows of one survey.
    """
    return ";".join(f"{source}={_newest(connection, source)}" for source in sources)


def _newest(connection: Connection, source: str) -> str:
    name, _, survey_id = source.partition("/")
    table = RECORDS[name].table
    if survey_id:  # which changes are taken back belongs to it: an undo writes no row
        newest = sa.select(sa.func.max(table.c.change_id)).where(table.c.survey_id == survey_id)
        gone = ",".join(map(str, sorted(undone(connection))))
        return f"{connection.execute(newest).scalar() or 0}-{gone}"
    entry = sa.select(sa.func.max(AUDIT.c.entry_no)).where(AUDIT.c.table_name == name)
    return str(connection.execute(entry).scalar() or 0)


def kept(connection: Connection, name: str, state: str) -> bytes | None:
    """A result of a state; None where there is none, or it is not what was kept."""
    row = connection.execute(sa.select(DERIVED).where(DERIVED.c.name == name)).first()
    if row is None or row.state != state or not _is_whole(row):
        return None
    return bytes(row.content)


def keep(connection: Connection, name: str, content: bytes, state: str) -> None:
    """Put a result in the place of an older one."""
    connection.execute(sa.delete(DERIVED).where(DERIVED.c.name == name))
    digest = _digest(name, state, content)
    row = {"name": name, "state": state, "content": content, "sha256": digest}
    connection.execute(sa.insert(DERIVED).values(row))


def damaged(connection: Connection) -> Iterator[str]:
    """Names of results that are not what was kept."""
    return (row.name for row in connection.execute(sa.select(DERIVED)) if not _is_whole(row))


def _is_whole(row: sa.Row[Any]) -> bool:
    return bool(row.sha256 == _digest(row.name, row.state, bytes(row.content)))


def _digest(name: str, state: str, content: bytes) -> str:
    return hashlib.sha256(f"{name}\n{state}\n".encode() + content).hexdigest()
