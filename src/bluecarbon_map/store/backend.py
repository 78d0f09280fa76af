"""What the stores on SQLite and on PostGIS do differently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bluecarbon_map.store.base import Bounds, Fault
from bluecarbon_map.store.schema import Record


class Backend(Protocol):
    """One database with the tables of `store.schema`."""

    folder: Path
    """Folder of the workspace; its rasters lie below it."""

    engine: Engine

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that sees one state of everything."""

    def writing(self) -> AbstractContextManager[Connection]:
        """A connection whose transaction is the only one that writes; committed at the end."""

    def insert(self, connection: Connection, record: Record, rows: Sequence[Sequence[Any]]) -> None:
        """Put in rows, values in the order of ``record.stored``, outlines as WKB."""

    def within(self, table: sa.Table, bounds: Bounds) -> sa.ColumnElement[bool]:
        """Condition on the rows of a bounded table: the box of their outline meets ``bounds``."""

    def edges(
        self, table: sa.Table
    ) -> tuple[list[sa.ColumnElement[float]], sa.ColumnElement[bool]]:
        """West, south, east and north of the rows of a bounded table, and what must hold of them.

        They may be rounded outward.
        """

    def faults(self, connection: Connection) -> Iterator[Fault]:
        """What the database finds wrong with itself, and guards that are missing."""

    def index_faults(
        self,
        connection: Connection,
        record: Record,
        seqs: Sequence[int],
        outlines: Sequence[bytes],
    ) -> Iterator[Fault]:
        """Rows of a bounded table whose box in the spatial index is not that of their outline."""
