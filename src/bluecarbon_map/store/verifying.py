"""Hold everything that is stored against the audit: rows, files, entries, indexes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bluecarbon_map.errors import InputError
from bluecarbon_map.store import derived
from bluecarbon_map.store.backend import Backend
from bluecarbon_map.store.base import Fault
from bluecarbon_map.store.force import read_blocks, read_columns
from bluecarbon_map.store.journal import START, canonical, hash_of
from bluecarbon_map.store.keeping import RASTERS, sha256_of
from bluecarbon_map.store.rows import BLOCK, RowsDigest, digest
from bluecarbon_map.store.schema import (
    AUDIT,
    BOUNDED,
    CHANGES,
    DERIVED,
    FILES,
    RECORDS,
    UNDOS,
    Record,
)

_WROTE: Final = ("add", "edit", "retire")
"""Actions of entries that stand for rows of a record table."""


class Entry(NamedTuple):
    """What an audit entry says of rows."""

    entry_no: int
    change_id: int
    rows: int
    rows_sha256: str | None


_HEAD: Final = re.compile("[0-9a-f]{16,64}")

_UNREADABLE: Final = (sa.exc.DBAPIError, pa.ArrowException, ValueError, TypeError, ArithmeticError)
"""What reading damaged values can raise."""


def verify(backend: Backend, connection: Connection, head: str | None = None) -> Iterator[Fault]:
    """Every place where what is stored is not what was written.

    Args:
        backend: The database.
        connection: Where to look.
        head: An earlier head of the chain, whole or its first 16 letters, that must be in it.

    Raises:
        InputError: If ``head`` is no such hash.
    """
    if head is not None and _HEAD.fullmatch(head) is None:
        fix = "Write what `bluecarbon verify` printed: 64 letters of 0-9 and a-f, or the first 16"
        raise InputError("verify", "the head is no hash", fix, column="head")
    yield from _tried(connection, "database", backend.faults(connection))
    yield from _tried(connection, AUDIT.name, _chain(connection))
    yield from _tried(connection, AUDIT.name, _ends(connection, head))
    for table in (CHANGES, UNDOS, FILES):
        yield from _tried(connection, table.name, _told(connection, table))
    for record in RECORDS.values():
        yield from _tried(connection, record.name, _rows(backend, connection, record))
    yield from _tried(connection, RASTERS, _files(backend, connection))
    yield from _tried(connection, DERIVED.name, _kept_results(connection))


def _kept_results(connection: Connection) -> Iterator[Fault]:
    for name in derived.damaged(connection):
        yield Fault(where=DERIVED.name, what=f"{name} is not what was kept; it is made anew")


def _tried(connection: Connection, where: str, faults: Iterator[Fault]) -> Iterator[Fault]:
    """Faults; what cannot be read is one, and leaves the connection able to read the rest."""
    try:
        with connection.begin_nested():
            yield from faults
    except _UNREADABLE as problem:
        said = str(getattr(problem, "orig", problem)).splitlines()[0]
        yield Fault(where=where, what=f"cannot be read: {said}")


def _chain(connection: Connection) -> Iterator[Fault]:
    """Entries are numbered without a gap, each with its own hash and that of the one before."""
    before, number = START, 0
    for entry in connection.execute(sa.select(AUDIT).order_by(AUDIT.c.entry_no)).mappings():
        number += 1
        where = f"audit, entry {entry['entry_no']}"
        if entry["entry_no"] != number:
            yield Fault(where=where, what=f"entry {number} is missing")
            number = entry["entry_no"]
        if entry["previous_hash"] != before:
            yield Fault(where=where, what="it does not follow on the entry before it")
        if entry["hash"] != hash_of(dict(entry)):
            yield Fault(where=where, what="it is not as it was written")
        before = entry["hash"]


def _ends(connection: Connection, head: str | None) -> Iterator[Fault]:
    """The chain has its beginning, and an end that somebody noted."""
    begun = sa.select(AUDIT.c.entry_no).where(AUDIT.c.action == "begin").limit(1)
    if connection.execute(begun).scalar() is None:
        yield Fault(where=AUDIT.name, what="no entry says that the workspace was begun")
    if head is None:
        return
    noted = sa.select(AUDIT.c.entry_no).where(AUDIT.c.hash.startswith(head)).limit(1)
    if connection.execute(noted).scalar() is None:
        yield Fault(where=AUDIT.name, what=f"no entry has the hash {head}: some were cut off")


def _told(connection: Connection, table: sa.Table) -> Iterator[Fault]:
    """Each row of a small table stands in the audit as it is, and the other way round."""
    asked = sa.select(AUDIT.c.after).where(
        AUDIT.c.table_name == table.name, AUDIT.c.after.is_not(None)
    )
    written = set(connection.execute(asked).scalars())
    first = next(iter(table.primary_key.columns)).name
    for row in connection.execute(sa.select(table)).mappings():
        said = canonical(dict(row))
        if said not in written:
            where = f"{table.name}, {first} {row[first]}"
            yield Fault(where=where, what="it is not as it was written")
        written.discard(said)
    for said in sorted(written):
        yield Fault(where=table.name, what=f"a row is missing or changed: {said[:120]}")


def _rows(backend: Backend, connection: Connection, record: Record) -> Iterator[Fault]:
    """Rows are numbered without a gap; each entry stands for the next so many of them."""
    asked = (
        sa.select(AUDIT.c.entry_no, AUDIT.c.change_id, AUDIT.c.rows, AUDIT.c.rows_sha256)
        .where(AUDIT.c.table_name == record.name, AUDIT.c.action.in_(_WROTE))
        .order_by(AUDIT.c.entry_no)
    )
    entries = [Entry(*row) for row in connection.execute(asked)]
    total = sum(entry.rows for entry in entries)
    found = connection.execute(sa.select(sa.func.count()).select_from(record.table)).scalar()
    if found != total:
        yield Fault(where=record.name, what=f"there are {found} rows, {total} were written")
    strange = sa.select(sa.func.count()).where(
        sa.or_(record.table.c.seq < 1, record.table.c.seq > total)
    )
    if connection.execute(strange).scalar():
        yield Fault(where=record.name, what="it holds rows that no change wrote")
    first = 1
    for single, group in groupby(entries, key=lambda entry: entry.rows == 1):
        run = list(group)
        check = _single if single else _many
        yield from _tried(connection, record.name, check(connection, record, run, first))
        first += sum(entry.rows for entry in run)
    if record.name in BOUNDED:
        yield from _boxes(backend, connection, record)


def _query(record: Record, first: int, last: int) -> sa.Select[Any]:
    table = record.table
    columns = [
        sa.type_coerce(table.c[name], sa.Integer()) if kind == "bool" else table.c[name]
        for name, kind in record.stored.items()
    ]  # SQLAlchemy would make True of any number
    return sa.select(*columns).where(table.c.seq.between(first, last)).order_by(table.c.seq)


def _many(
    connection: Connection, record: Record, entries: Sequence[Entry], first: int
) -> Iterator[Fault]:
    for entry in entries:
        made = RowsDigest(record.stored)
        query = _query(record, first, first + entry.rows - 1)
        try:
            with connection.begin_nested():
                for block in read_blocks(connection, query, record.stored):
                    made.add(block)
            same = made.hexdigest() == entry.rows_sha256
        except _UNREADABLE:
            same = False
        if not same:
            yield _changed(record, entry)
        first += entry.rows


def _single(
    connection: Connection, record: Record, entries: Sequence[Entry], first: int
) -> Iterator[Fault]:
    for start in range(0, len(entries), BLOCK):
        some = entries[start : start + BLOCK]
        begin = first + start
        read = read_columns(connection, _query(record, begin, begin + len(some) - 1), record.stored)
        at = {seq: n for n, seq in enumerate(read["seq"])}
        for number, entry in enumerate(some, begin):
            if number not in at or _digest_at(record, read, at[number]) != entry.rows_sha256:
                yield _changed(record, entry)


def _digest_at(record: Record, read: Mapping[str, Sequence[Any]], at: int) -> str | None:
    try:
        return digest(record.stored, {name: [values[at]] for name, values in read.items()})
    except _UNREADABLE:
        return None


def _changed(record: Record, entry: Entry) -> Fault:
    rows = "the row is" if entry.rows == 1 else f"its {entry.rows} rows are"
    return Fault(
        where=f"{record.name}, change {entry.change_id}",
        what=f"{rows} not as written (audit entry {entry.entry_no})",
    )


def _boxes(backend: Backend, connection: Connection, record: Record) -> Iterator[Fault]:
    table = record.table
    asked = sa.select(table.c.seq, table.c.geometry).order_by(table.c.seq)
    for block in read_blocks(connection, asked, {"seq": "int", "geometry": "geometry"}):
        yield from backend.index_faults(connection, record, block["seq"], block["geometry"])


def _files(backend: Backend, connection: Connection) -> Iterator[Fault]:
    for file in connection.execute(sa.select(FILES)).mappings():
        path = backend.folder / RASTERS / file["name"]
        where = f"{RASTERS}/{file['name']}"
        if not path.is_file():
            yield Fault(where=where, what="the file is missing")
        elif path.stat().st_size != file["bytes"] or sha256_of(path) != file["sha256"]:
            yield Fault(where=where, what="the file is not as it was stored")
