"""Tables of a database store; each record table takes its columns from its contract.

Nothing is ever changed or deleted in place. A newer state of a record is a new row with the next
``row_version``; what a change wrote is out of force when an undo names that change. Beside the
columns of its contract a row holds:

- ``seq``: number of the row in its table, growing;
- ``place``: ``seq`` of the first version of the record, so that an edit does not move it;
- ``row_key``: its key as one text (`key_text`), unique together with
- ``row_version``: 1, 2, …;
- ``rests_on``: the version that was newest when this one was written; NULL where there was none;
- ``change_id``: the change that wrote it;
- ``retired``: whether the record ends with this row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

import sqlalchemy as sa

from bluecarbon_map import tables
from bluecarbon_map.store.own import Land, WorkspaceRows
from bluecarbon_map.store.types import WHOLE, Amount, Geometry
from bluecarbon_map.tables import Contract

Kind = Literal["text", "float", "int", "bool", "amount", "geometry"]

BOOKKEEPING: Final[dict[str, Kind]] = {
    "seq": "int", "place": "int", "row_key": "text", "row_version": "int", "rests_on": "int",
    "change_id": "int", "retired": "bool",
}  # fmt: skip
"""Columns of every record table that no contract names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One kind of record that a store keeps.

    Attributes:
        name: Name of its table.
        contract: Columns of its rows.
        key: Columns that name a record.
        table: Its table.
        kinds: Kind of value of each column of the contract.
        parents: Column → table whose records it names; a row must not outlive what it names.
    """

    name: str
    contract: Contract
    key: tuple[str, ...]
    table: sa.Table
    kinds: Mapping[str, Kind]
    parents: Mapping[str, str]

    @property
    def columns(self) -> list[str]:
        """Columns of the contract, in order."""
        return list(self.kinds)

    @property
    def has_geometry(self) -> bool:
        """Whether its rows are a layer."""
        return "geometry" in self.kinds

    @property
    def stored(self) -> dict[str, Kind]:
        """Every column of the table, in order: the bookkeeping first."""
        return {**BOOKKEEPING, **self.kinds}


METADATA: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_TYPES: Final[dict[Kind, sa.types.TypeEngine[Any]]] = {
    "text": sa.Text(), "float": sa.Double(), "int": WHOLE, "bool": sa.Boolean(),
    "amount": Amount(), "geometry": Geometry(),
}  # fmt: skip

_CONTRACTS: Final[dict[str, tuple[Contract, tuple[str, ...]]]] = {
    "workspace": (WorkspaceRows, ("workspace_id",)),
    "zones": (tables.Zones, ("zone_id",)),
    "land": (Land, ("land_no",)),
    "surveys": (tables.Surveys, ("survey_id",)),
    "extents": (tables.Extents, ("survey_id",)),
    "habitats": (tables.Habitats, ("survey_id", "habitat_id")),
    "patch_changes": (tables.PatchChanges, ("survey_id", "change_no")),
    "sites": (tables.Sites, ("site_id",)),
    "observations": (tables.Observations, ("site_id", "observed_on", "quantity")),
    "core_slices": (tables.CoreSlices, ("study_id", "site_id", "core_id", "depth_min_cm")),
    "targets": (tables.Targets, ("target_id", "version")),
    "projects": (tables.Projects, ("project_id", "indicator")),
    "visits": (tables.Visits, ("visit_id",)),
    "registers": (tables.Registers, ("target_id", "zone_id")),
    "rasters": (tables.Rasters, ("raster_id",)),
    "harvests": (tables.Harvests, ("harvest_id",)),
    "transactions": (tables.Transactions, ("transaction_id",)),
    "instruments": (tables.Instruments, ("instrument_id",)),
    "policies": (tables.Policies, ("policy_id",)),
    "duties": (tables.Duties, ("duty_id",)),
    "factors": (tables.Factors, ("factor_id",)),
}
_PARENTS: Final = {
    "surveys": {"base_survey_id": "surveys"},
    "extents": {"survey_id": "surveys"},
    "habitats": {"survey_id": "surveys"},
    "patch_changes": {"survey_id": "surveys"},
    "observations": {"site_id": "sites"},
    "rasters": {"survey_id": "surveys"},
    "duties": {"policy_id": "policies"},
}


def _kind(dtype: str) -> Kind:
    kinds: dict[str, Kind] = {"float64": "float", "int64": "int", "object": "amount"}
    return kinds.get(dtype, "geometry" if dtype.startswith("geometry") else "text")


def _column(name: str, kind: Kind, *, nullable: bool) -> sa.Column[object]:
    return sa.Column(
        name, _TYPES[kind], nullable=nullable, primary_key=name == "seq", autoincrement=False
    )


def _record(name: str, contract: Contract, key: tuple[str, ...]) -> Record:
    wanted = contract.to_schema().columns
    kinds = {n: _kind(str(column.dtype)) for n, column in wanted.items()}
    own = [_column(n, kind, nullable=n == "rests_on") for n, kind in BOOKKEEPING.items()]
    theirs = [_column(n, kind, nullable=bool(wanted[n].nullable)) for n, kind in kinds.items()]
    table = sa.Table(
        name, METADATA, *own, *theirs, sa.UniqueConstraint("row_key", "row_version"),
        sa.Index(None, "change_id"),
    )  # fmt: skip
    if "survey_id" in key and len(key) > 1:  # many rows a survey
        sa.Index(None, table.c.survey_id, table.c.change_id)
    return Record(
        name=name, contract=contract, key=key, table=table, kinds=MappingProxyType(kinds),
        parents=MappingProxyType(_PARENTS.get(name, {})),
    )  # fmt: skip


RECORDS: Final[dict[str, Record]] = {
    name: _record(name, contract, key) for name, (contract, key) in _CONTRACTS.items()
}
"""What a store keeps, name of the table → record; parents stand before their children."""

BOUNDED: Final = ("habitats", "zones")
"""Tables with a spatial index."""

CHANGES: Final = sa.Table(
    "changes", METADATA,
    sa.Column("change_id", WHOLE, primary_key=True, autoincrement=False),
    *(sa.Column(n, sa.Text(), nullable=False) for n in ("kind", "actor", "at")),
    *(sa.Column(n, sa.Text()) for n in ("reason", "source_name", "source_sha256")),
    sa.Column("rows", WHOLE, nullable=False),
    sa.Column("details", sa.Text(), nullable=False),
)  # fmt: skip

UNDOS: Final = sa.Table(
    "undos", METADATA,
    sa.Column("undo_change_id", WHOLE, primary_key=True, autoincrement=False),
    sa.Column("undone_change_id", WHOLE, nullable=False),
)  # fmt: skip

FILES: Final = sa.Table(
    "raster_files", METADATA,
    sa.Column("change_id", WHOLE, primary_key=True, autoincrement=False),
    sa.Column("raster_id", sa.Text(), primary_key=True),
    *(sa.Column(n, sa.Text(), nullable=False) for n in ("name", "sha256")),
    sa.Column("bytes", WHOLE, nullable=False),
)  # fmt: skip

AUDIT: Final = sa.Table(
    "audit", METADATA,
    sa.Column("entry_no", WHOLE, primary_key=True, autoincrement=False),
    sa.Column("change_id", WHOLE, nullable=False),
    *(sa.Column(n, sa.Text(), nullable=False) for n in ("at", "actor", "action", "table_name")),
    *(sa.Column(n, sa.Text()) for n in ("key", "before", "after")),
    sa.Column("rows", WHOLE, nullable=False),
    sa.Column("rows_sha256", sa.Text()),
    sa.Column("previous_hash", sa.Text(), nullable=False),
    sa.Column("hash", sa.Text(), nullable=False),
    sa.Index(None, "table_name", "entry_no"),
    sa.Index(None, "change_id"),
)  # fmt: skip

DERIVED: Final = sa.Table(
    "derived", METADATA,
    sa.Column("name", sa.Text(), primary_key=True),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("content", sa.LargeBinary(), nullable=False),
    sa.Column("sha256", sa.Text(), nullable=False),
)  # fmt: skip
"""Results kept for speed; `store.derived`."""

GUARDED: Final = (*RECORDS, "changes", "undos", "raster_files", "audit")
"""Tables whose rows must never be changed or removed."""


def key_text(parts: Iterable[str]) -> str:
    r"""A key as one text: its parts with ``|`` between them, ``|`` and ``\`` in a part escaped."""
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def key_part(value: object) -> str:
    """One part of a key as text; what is missing is empty, and zero has no sign."""
    if isinstance(value, float):
        value += 0.0  # as a store keeps it
    return "" if value is None or value != value else str(value)


def key_texts(columns: Sequence[Sequence[object]]) -> list[str]:
    """`key_text` of each row, from the key columns of a table."""
    texts = [list(map(key_part, column)) for column in columns]
    if not any(mark in "".join(column) for column in texts for mark in "|\\"):
        return list(map("|".join, zip(*texts, strict=True)))
    return list(map(key_text, zip(*texts, strict=True)))


def key_parts(text: str) -> tuple[str, ...]:
    """The parts that `key_text` made one text of."""
    if "\\" not in text:
        return tuple(text.split("|"))
    parts, part, escaped = [], "", False
    for letter in text:
        if letter == "|" and not escaped:
            parts.append(part)
            part = ""
        elif letter == "\\" and not escaped:
            escaped = True
            continue
        else:
            part += letter
        escaped = False
    return (*parts, part)
