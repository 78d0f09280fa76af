"""Store a change: checked, locked, written with its audit, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bluecarbon_map.errors import ConflictError, ContractError, InputError
from bluecarbon_map.store.backend import Backend
from bluecarbon_map.store.base import Change, Receipt
from bluecarbon_map.store.force import (
    Standing,
    author,
    in_force,
    read_columns,
    standings,
    undone,
)
from bluecarbon_map.store.journal import Journal, canonical
from bluecarbon_map.store.keeping import KeptFile
from bluecarbon_map.store.rows import (
    BLOCK,
    Columns,
    RowsDigest,
    digest,
    keys_of,
    require_contract,
    to_columns,
)
from bluecarbon_map.store.schema import FILES, RECORDS, Kind, Record, key_part, key_parts, key_text

KINDS: Final = ("import", "edit", "review", "begin")
"""Kinds of change that a caller may store; ``undo`` and ``redo`` come from `undo`."""

_WHOLE: Final = ("import", "begin")
"""Kinds whose audit has one entry a table; the others have one a record."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Rows of one table that keep their contract, with their keys."""

    record: Record
    frame: pd.DataFrame
    keys: list[str]


def prepare(change: Change) -> list[Prepared]:
    """Everything that can be checked before anybody has to wait.

    Raises:
        InputError: If nobody made the change, or it is of no known kind.
        ContractError: If rows break their contract.
    """
    require_said("change", actor=change.actor, reason=change.reason,
                 source_name=change.source_name, source_sha256=change.source_sha256)  # fmt: skip
    if change.kind not in KINDS:
        fix = f"Use one of {', '.join(KINDS)}"
        raise InputError("change", f"there is no kind {change.kind!r}", fix, column="kind")
    made = []
    for name in (*change.tables, *change.seen, *change.retire):
        record_of(name)
    for name, record in RECORDS.items():  # parents before their children
        if name in change.tables and len(change.tables[name]):
            frame = require_contract(record, change.tables[name])
            made.append(Prepared(record, frame, keys_of(record, frame)))
    return made


def require_said(what: str, *, actor: str, **others: str | None) -> None:
    """Somebody makes it, and no text about it holds U+0000, which PostgreSQL cannot keep.

    Raises:
        InputError: If one is not so.
    """
    if not actor.strip():
        raise InputError(what, "it does not say who makes it", "Give a name", column="actor")
    for name, text in {"actor": actor, **others}.items():
        if text is not None and "\0" in text:
            fix = "Type the text again"
            raise InputError(what, "a text holds the character U+0000", fix, column=name)


def record_of(name: str) -> Record:
    """The record of a name.

    Raises:
        InputError: If there is none.
    """
    if name not in RECORDS:
        raise InputError("change", f"no table {name!r}", f"Use one of {', '.join(RECORDS)}")
    return RECORDS[name]


class Writer:
    """Writes one change inside a transaction that nobody else writes in."""

    def __init__(self, backend: Backend, connection: Connection, change: Change) -> None:
        self._backend = backend
        self._connection = connection
        self._change = change
        self._journal = Journal(connection, change.actor)
        self._rows: dict[str, int] = {}

    def write(self, prepared: Sequence[Prepared], files: Sequence[KeptFile]) -> Receipt:
        """Write rows, retirements and files, then the change and its audit.

        Raises:
            ConflictError: If a record has moved on since the writer saw it.
            ContractError: If a row names a record that is not there.
        """
        frames = {one.record.name: one for one in prepared}
        for record in RECORDS.values():
            self._table(record, frames.get(record.name))
        self._require_parents(prepared)
        for name, keys in self._change.retire.items():
            require_no_orphans(self._connection, record_of(name), [key_text(k) for k in keys])
        self._files(files, frames.get("rasters"))
        change, journal = self._change, self._journal
        journal.close({
            "kind": change.kind, "reason": change.reason, "source_name": change.source_name,
            "source_sha256": change.source_sha256, "rows": sum(self._rows.values()),
            "details": canonical(change.details),
        })  # fmt: skip
        return Receipt(change_id=journal.change_id, at=journal.at, rows=dict(self._rows))

    def _table(self, record: Record, new: Prepared | None) -> None:
        """What a change says of one table: rows to add, records to end, versions that were seen."""
        name = record.name
        seen = {key_text(key): v for key, v in self._change.seen.get(name, {}).items()}
        ending = [key_text(key) for key in self._change.retire.get(name, ())]
        keys = new.keys if new else []
        asked = list(dict.fromkeys([*keys, *ending, *seen]))
        if not asked:
            return
        if set(ending) & set(keys) or len(set(ending)) < len(ending):
            raise ContractError(name, ["a record cannot end twice, nor in the change that adds it"])
        standing = standings(self._connection, record, asked, _firsts(asked, record))
        self._require_as_seen(record, asked, ending, seen, standing)
        if new is not None:
            frame = new.frame
            self._add(record, lambda part: to_columns(record, frame.iloc[part]), keys, standing,
                      retired=False)  # fmt: skip
        if ending:
            self._add(record, lambda part: self._current(record, ending[part]), ending, standing,
                      retired=True)  # fmt: skip

    def _require_as_seen(
        self,
        record: Record,
        asked: Sequence[str],
        ending: Sequence[str],
        seen: Mapping[str, int],
        standing: Mapping[str, Standing],
    ) -> None:
        if not standing and not ending and not seen:
            return  # all new
        ends = set(ending)
        for key in asked:
            known = standing.get(key)
            found = known.in_force if known else None
            if key in seen:
                fits = found == seen[key]
            else:
                fits = (
                    (found is not None) if key in ends else (found is None or self._change.replace)
                )
            if not fits:
                by, at = author(self._connection, known.change_id if known else None)
                raise ConflictError(
                    record.name, key_parts(key), seen=seen.get(key), found=found, by=by, at=at
                )

    def _add(
        self,
        record: Record,
        columns: Callable[[slice], Columns],
        keys: Sequence[str],
        standing: Mapping[str, Standing],
        *,
        retired: bool,
    ) -> None:
        newest = sa.select(sa.func.max(record.table.c.seq))
        first = int(self._connection.execute(newest).scalar() or 0) + 1
        whole = RowsDigest(record.stored)
        by_record = self._change.kind not in _WHOLE
        for start in range(0, len(keys), BLOCK):
            part = slice(start, start + BLOCK)
            made = self._bookkeeping(first + start, keys[part], standing, retired=retired)
            block = made | columns(part)
            whole.add(block)
            before = self._before(record, block) if by_record else {}
            self._backend.insert(self._connection, record, list(zip(*block.values(), strict=True)))
            if by_record:
                self._note_each(record, block, before, retired=retired)
        if not by_record:
            action = "retire" if retired else "add"
            self._journal.note(action, record.name, rows=len(keys), rows_sha256=whole.hexdigest())
        self._rows[record.name] = self._rows.get(record.name, 0) + len(keys)

    def _bookkeeping(
        self, first: int, keys: Sequence[str], standing: Mapping[str, Standing], *, retired: bool
    ) -> Columns:
        """The columns beside those of the contract; ``first`` is the number of the first row."""
        known = [standing.get(key) for key in keys]
        return {
            "seq": list(range(first, first + len(keys))),
            "place": [one.place if one else first + n for n, one in enumerate(known)],
            "row_key": list(keys),
            "row_version": [one.last + 1 if one else 1 for one in known],
            "rests_on": [one.top if one else None for one in known],
            "change_id": [self._journal.change_id] * len(keys),
            "retired": [retired] * len(keys),
        }

    def _before(self, record: Record, block: Mapping[str, list[Any]]) -> dict[str, dict[str, Any]]:
        """What was in force of the records of a block."""
        keys = [
            key
            for key, rests_on in zip(block["row_key"], block["rests_on"], strict=True)
            if rests_on is not None
        ]
        rows = self._current(record, keys) if keys else {}
        if not rows:
            return {}
        return {key_text(key_part(row[name]) for name in record.key): row for row in _rows(rows)}

    def _current(self, record: Record, keys: Sequence[str]) -> dict[str, list[Any]]:
        """The contract's columns of the rows in force, in the order of the keys."""
        table = record.table
        kinds: dict[str, Kind] = {"row_key": "text", **record.kinds}
        found: dict[str, dict[str, Any]] = {}
        gone = undone(self._connection)
        for start in range(0, len(keys), 500):
            query = sa.select(*(table.c[name] for name in kinds)).where(
                table.c.row_key.in_(list(keys[start : start + 500])), in_force(table, gone)
            )
            read = read_columns(self._connection, query, kinds)
            found |= {row["row_key"]: row for row in _rows(read)}
        ordered = [found[key] for key in keys if key in found]
        return {name: [row[name] for row in ordered] for name in record.kinds}

    def _note_each(
        self,
        record: Record,
        block: Mapping[str, list[Any]],
        before: Mapping[str, Mapping[str, Any]],
        *,
        retired: bool,
    ) -> None:
        for row in _rows(block):
            after = {name: row[name] for name in record.kinds}
            self._journal.note(
                "retire" if retired else "edit" if row["row_key"] in before else "add",
                record.name,
                rows=1,
                rows_sha256=digest(record.stored, {name: [row[name]] for name in record.stored}),
                key=key_parts(row["row_key"]),
                before=before.get(row["row_key"]),
                after=None if retired else after,
            )

    def _require_parents(self, prepared: Sequence[Prepared]) -> None:
        """No row may name a survey or policy that is not there."""
        gone = undone(self._connection)
        for one in prepared:
            for column, parent in one.record.parents.items():
                named = set(one.frame[column].dropna())
                table = RECORDS[parent].table
                asked = sa.select(table.c[RECORDS[parent].key[0]]).where(in_force(table, gone))
                missing = sorted(named - set(self._connection.execute(asked).scalars()))
                if missing:
                    what = f"column {column!r}: not in table {parent}: {', '.join(missing[:8])}"
                    raise ContractError(one.record.name, [what])

    def _files(self, files: Sequence[KeptFile], passports: Prepared | None) -> None:
        if passports is not None:
            self._require_files(set(passports.frame["raster_id"]), files)
        for file in files:
            row = {
                "change_id": self._journal.change_id, "raster_id": file.raster_id,
                "name": file.name, "sha256": file.sha256, "bytes": file.size,
            }  # fmt: skip
            self._connection.execute(FILES.insert(), row)
            self._journal.note("file", FILES.name, rows=1, key=[file.raster_id], after=row)

    def _require_files(self, raster_ids: set[str], files: Sequence[KeptFile]) -> None:
        """A row of a raster comes with its file, unless that is there already."""
        there = sa.select(FILES.c.raster_id).where(
            FILES.c.change_id.not_in([0, *undone(self._connection)])
        )
        known = {*self._connection.execute(there).scalars(), *(file.raster_id for file in files)}
        if missing := sorted(raster_ids - known):
            raise ContractError("rasters", [f"no file comes with {', '.join(missing[:8])}"])


def require_no_orphans(connection: Connection, parent: Record, keys: Sequence[str]) -> None:
    """Refuse that records go while others in force name them.

    Raises:
        ConflictError: If one does.
    """
    gone = undone(connection)
    named = [key_parts(key)[0] for key in keys]
    still = sa.select(parent.table.c[parent.key[0]]).where(in_force(parent.table, gone))
    for child in RECORDS.values():
        for column, of in child.parents.items():
            if of != parent.name:
                continue
            table = child.table
            left = connection.execute(
                sa.select(table)
                .where(table.c[column].in_(named), table.c[column].not_in(still))
                .where(in_force(table, gone))
                .limit(1)
            ).first()
            if left is not None:
                by, at = author(connection, left.change_id)
                key = key_parts(left.row_key)
                raise ConflictError(
                    child.name, key, seen=None, found=left.row_version, by=by, at=at
                )


def _firsts(keys: Sequence[str], record: Record) -> set[Any]:
    """First column of the keys, as the table holds it; empty text stands for missing there."""
    if record.kinds[record.key[0]] != "text":
        return set(keys)  # numbers: never few enough to narrow by, see `standings`
    return {key_parts(key)[0] if "\\" in key else key.partition("|")[0] for key in keys}


def _rows(columns: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Columns as rows."""
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]
