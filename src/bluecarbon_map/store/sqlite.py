"""The store on SQLite: one file ``workspace.db`` in the folder of the workspace."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bluecarbon_map.store import guards
from bluecarbon_map.store.base import Bounds, Fault
from bluecarbon_map.store.migrating import (
    bring_up_to_date,
    is_up_to_date,
    no_workspace,
    require_workspace,
)
from bluecarbon_map.store.schema import BOUNDED, GUARDED, RECORDS, Record
from bluecarbon_map.store.trouble import in_our_words
from bluecarbon_map.store.types import decimal_text

FILE: Final = "workspace.db"

BUSY_S: Final = 5
"""How long a writer waits for another one."""

_FLOAT32_SLACK_DEG: Final = 1e-4
"""The R*Tree rounds a box outward to 32-bit floats: by less than this at 180°."""


def engine_of(path: Path) -> Engine:
    """An engine whose transactions are SQLite's own; see `SqliteBackend.writing`."""
    url = sa.URL.create("sqlite+pysqlite", database=str(path))
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_S})
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # Python's sqlite3 must not begin anything by itself
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON",
                   f"busy_timeout={BUSY_S * 1000}", "cache_size=-65536"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once: whoever reads first and asks later could lose it."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def raw_of(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection, for what SQLite does outside of a transaction."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)  # noqa: S101 (for the type checker)
    return raw


class SqliteBackend:
    """What the store does on SQLite; contract `store.backend.Backend`."""

    def __init__(self, folder: Path, file: str = FILE, *, create: bool = False) -> None:
        """Open a file, or make it; an older one is brought up to date, with a copy of it first.

        Args:
            folder: Folder of the workspace.
            file: Name of its database.
            create: Whether to make the tables of a workspace where there are none.

        Raises:
            StoreError: If it cannot be opened, or is not the database of a workspace.
            InputError: If a newer version of this program made it.
        """
        self.folder = folder
        self.where = str(folder / file)
        if not create and not ((folder / file).is_file() and (folder / file).stat().st_size):
            raise no_workspace(self.where)  # opened, SQLite would throw away the log beside it
        self.engine = engine_of(folder / file)
        weakref.finalize(self, self.engine.dispose)
        with in_our_words(self.where):
            if not create:
                with self.reading() as connection:
                    require_workspace(connection, self.where)
            with self.engine.connect() as connection:
                raw_of(connection).execute("PRAGMA journal_mode=WAL")  # outside of a transaction
                current = is_up_to_date(connection, self.where)
            if not current:
                self._migrate(folder / file)

    def _migrate(self, path: Path) -> None:
        with self.reading() as connection:
            old = sa.inspect(connection).has_table("audit")
        if old:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
            self.copy_to(path.with_name(f"{path.stem}-before-{stamp}.db"))
        with self.writing() as connection:
            bring_up_to_date(connection)

    def copy_to(self, path: Path) -> None:
        """A whole and consistent copy, made while others may write.

        Raises:
            StoreError: If the file is there already, or cannot be written.
        """
        with in_our_words(str(path)), self.engine.connect() as connection:
            raw_of(connection).execute("VACUUM INTO ?", (str(path),))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of everything."""
        with in_our_words(self.where), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that holds the only lock for writing."""
        engine = self.engine.execution_options(writes=True)
        with in_our_words(self.where), engine.begin() as connection:
            yield connection

    def insert(self, connection: Connection, record: Record, rows: Sequence[Sequence[Any]]) -> None:
        """Put in rows, and the boxes of their outlines."""
        amounts = [n for n, kind in enumerate(record.stored.values()) if kind == "amount"]
        if amounts:
            rows = [_with_text(row, amounts) for row in rows]
        connection.exec_driver_sql(_insert_into(record.name), [tuple(row) for row in rows])
        if record.name in BOUNDED:
            at = list(record.stored).index("geometry")
            boxes = shapely.bounds(shapely.from_wkb([row[at] for row in rows]))
            west, south, east, north = boxes.T.tolist()
            connection.exec_driver_sql(
                f"INSERT INTO {record.name}_bounds VALUES (?, ?, ?, ?, ?)",  # noqa: S608 (ours)
                list(zip((row[0] for row in rows), west, east, south, north, strict=True)),
            )

    def within(self, table: sa.Table, bounds: Bounds) -> sa.ColumnElement[bool]:
        """Condition on the rows of a bounded table: the box of their outline meets ``bounds``."""
        boxes = _boxes(table.name)
        west, south, east, north = bounds
        met = sa.select(boxes.c.seq).where(
            boxes.c.west <= east, boxes.c.east >= west,
            boxes.c.south <= north, boxes.c.north >= south,
        )  # fmt: skip
        return table.c.seq.in_(met)

    def edges(
        self, table: sa.Table
    ) -> tuple[list[sa.ColumnElement[float]], sa.ColumnElement[bool]]:
        """West, south, east and north of rows of a bounded table, and what must hold of them."""
        boxes = _boxes(table.name)
        names = ("west", "south", "east", "north")
        return [boxes.c[name] for name in names], boxes.c.seq == table.c.seq

    def faults(self, connection: Connection) -> Iterator[Fault]:
        """What SQLite finds wrong with its file, and guards that are missing."""
        for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
            if said != "ok":
                yield Fault(where=FILE, what=str(said))
        for name in BOUNDED:
            said = connection.exec_driver_sql("SELECT rtreecheck(?)", (f"{name}_bounds",)).scalar()
            if said != "ok":
                yield Fault(where=f"{name}_bounds", what=str(said))
        asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        found = {row[0]: row[1] for row in connection.exec_driver_sql(asked)}
        for wanted in guards.sqlite_guards(GUARDED):
            name = wanted.split()[2]
            if found.get(name) != wanted:
                yield Fault(where=name, what="the guard against changes is missing or changed")

    def index_faults(
        self,
        connection: Connection,
        record: Record,
        seqs: Sequence[int],
        outlines: Sequence[bytes],
    ) -> Iterator[Fault]:
        """Rows whose box in the R*Tree is not that of their outline."""
        boxes = _boxes(record.name)
        asked = sa.select(boxes).where(boxes.c.seq.between(seqs[0], seqs[-1]))
        found = {row[0]: row[1:] for row in connection.execute(asked)}
        true = shapely.bounds(shapely.from_wkb(list(outlines)))[:, [0, 2, 1, 3]]
        kept = np.array([found.get(seq, (np.nan,) * 4) for seq in seqs])
        apart = (kept - true) * np.array([-1.0, 1.0, -1.0, 1.0])  # outward is positive
        wrong = ~((apart >= 0.0) & (apart <= _FLOAT32_SLACK_DEG)).all(axis=1)
        for n in np.flatnonzero(wrong).tolist():
            yield Fault(where=f"{record.name}_bounds", what=f"the box of row {seqs[n]} is wrong")


def _with_text(row: Sequence[Any], amounts: Sequence[int]) -> list[Any]:
    made = list(row)
    for n in amounts:
        made[n] = None if made[n] is None else decimal_text(made[n])
    return made


@cache
def _insert_into(name: str) -> str:
    """INSERT for a record table with a mark for each value, in the order of its columns."""
    marks = ", ".join("?" for _ in RECORDS[name].stored)
    columns = ", ".join(f'"{column}"' for column in RECORDS[name].stored)
    return f"INSERT INTO {name} ({columns}) VALUES ({marks})"  # noqa: S608 (names of ours)


@cache
def _boxes(name: str) -> sa.TableClause:
    names = ("seq", "west", "east", "south", "north")
    return sa.table(f"{name}_bounds", *(sa.column(one) for one in names))
