"""Take a change back, or bring it in again: a new change that says so; no row is touched."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bluecarbon_map.errors import ConflictError, InputError, NotFoundError
from bluecarbon_map.store.base import Receipt
from bluecarbon_map.store.force import Undone, author, undone
from bluecarbon_map.store.journal import Journal, canonical
from bluecarbon_map.store.schema import CHANGES, FILES, RECORDS, UNDOS, Record, key_parts, key_text
from bluecarbon_map.store.writing import require_no_orphans, require_said


def undo(connection: Connection, change_id: int, *, actor: str, reason: str | None) -> Receipt:
    """Take a change back; of an undo, bring its change in again.

    Raises:
        InputError: If nobody does it, it is taken back already, or it made the workspace.
        NotFoundError: If there is no such change.
        ConflictError: If a later change in force rests on its rows.
    """
    require_said("undo", actor=actor, reason=reason)
    gone = undone(connection)
    _require_undoable(connection, change_id, gone)
    root = _root(connection, change_id)
    journal = Journal(connection, actor)
    row = {"undo_change_id": journal.change_id, "undone_change_id": change_id}
    connection.execute(UNDOS.insert(), row)
    back = _comes_back(root, gone, undone(connection))
    touched = {
        name: rows
        for name, record in RECORDS.items()
        if (rows := _touched(connection, record, root, gone, back=back))
    }
    _require_whole(connection, touched)
    action = "redo" if back else "undo"
    for name, keys in touched.items():
        journal.note(action, name, rows=len(keys), key=[str(root)])
    if _has_files(connection, root):
        journal.note(action, FILES.name, rows=0, key=[str(root)])
    journal.note(action, UNDOS.name, rows=1, after=row)
    journal.close({
        "kind": action, "reason": reason, "source_name": None, "source_sha256": None,
        "rows": sum(map(len, touched.values())), "details": canonical({"change_id": change_id}),
    })  # fmt: skip
    counts = {name: len(keys) for name, keys in touched.items()}
    return Receipt(change_id=journal.change_id, at=journal.at, rows=counts)


def _comes_back(root: int, before: Undone, after: Undone) -> bool:
    """Whether the rows of a change come in again; if not, they go.

    Raises:
        InputError: If they stay as they are.
    """
    if (root in before) == (root in after):
        fix = "Look at the list of changes and undo the newest that is about it"
        raise InputError(f"change {root}", "that would change nothing", fix)
    return root in before


def _require_undoable(connection: Connection, change_id: int, gone: Undone) -> None:
    asked = sa.select(CHANGES.c.kind).where(CHANGES.c.change_id == change_id)
    kind = connection.execute(asked).scalar()
    if kind is None:
        known = connection.execute(sa.select(CHANGES.c.change_id)).scalars()
        raise NotFoundError("change", str(change_id), [str(one) for one in known])
    if kind == "begin":
        fix = "Make another workspace instead"
        raise InputError(f"change {change_id}", "it made the workspace", fix)
    if change_id in gone:
        fix = f"Undo change {undone_by(connection, change_id)} to bring it in again"
        raise InputError(f"change {change_id}", "it is taken back already", fix)


def undone_by(connection: Connection, change_id: int) -> int | None:
    """The last change that took one back, whatever became of it."""
    asked = sa.select(sa.func.max(UNDOS.c.undo_change_id)).where(
        UNDOS.c.undone_change_id == change_id
    )
    return connection.execute(asked).scalar()


def _root(connection: Connection, change_id: int) -> int:
    """The change with rows that a chain of undos is about."""
    while True:
        asked = sa.select(UNDOS.c.undone_change_id).where(UNDOS.c.undo_change_id == change_id)
        found = connection.execute(asked).scalar()
        if found is None:
            return change_id
        change_id = int(found)


def _touched(
    connection: Connection, record: Record, root: int, gone: Undone, *, back: bool
) -> list[str]:
    """Keys of the rows that go or come.

    Raises:
        ConflictError: If the newest version now is not the one they are (to go) or rest on (to
            come).
    """
    table, other = record.table, record.table.alias("other")
    newest = sa.select(sa.func.max(other.c.row_version)).where(
        other.c.row_key == table.c.row_key, other.c.change_id.not_in([0, *gone])
    )
    wanted = table.c.rests_on if back else table.c.row_version
    asked = sa.select(
        table.c.row_key, table.c.row_version, wanted.label("wanted"),
        newest.scalar_subquery().label("newest"),
    ).where(table.c.change_id == root)  # fmt: skip
    rows = connection.execute(asked.order_by(table.c.seq)).all()
    for row in rows:
        if row.wanted != row.newest:
            raise _moved_on(connection, record, row.row_key, row.wanted, row.newest)
    return [row.row_key for row in rows]


def _moved_on(
    connection: Connection, record: Record, key: str, wanted: int | None, newest: int | None
) -> ConflictError:
    table = record.table
    asked = sa.select(table.c.change_id).where(
        table.c.row_key == key, table.c.row_version == newest
    )
    by, at = author(connection, connection.execute(asked).scalar())
    return ConflictError(record.name, key_parts(key), seen=wanted, found=newest, by=by, at=at)


def _require_whole(connection: Connection, touched: dict[str, list[str]]) -> None:
    """What comes or goes leaves no row behind that names a record out of force."""
    parents = {parent for record in RECORDS.values() for parent in record.parents.values()}
    for name in parents & set(touched):
        require_no_orphans(connection, RECORDS[name], touched[name])
    for name in touched:
        for column, parent in RECORDS[name].parents.items():
            named = [
                key_text([one]) for one in _named(connection, RECORDS[name], column, touched[name])
            ]
            require_no_orphans(connection, RECORDS[parent], named)


def _named(connection: Connection, record: Record, column: str, keys: Sequence[str]) -> list[str]:
    """Different values of a column in the rows of some records."""
    table, found = record.table, set()
    for start in range(0, len(keys), 5_000):
        asked = (
            sa.select(table.c[column])
            .distinct()
            .where(table.c.row_key.in_(keys[start : start + 5_000]), table.c[column].is_not(None))
        )
        found |= set(connection.execute(asked).scalars())
    return sorted(found)


def _has_files(connection: Connection, root: int) -> bool:
    asked = sa.select(FILES.c.raster_id).where(FILES.c.change_id == root).limit(1)
    return connection.execute(asked).first() is not None
