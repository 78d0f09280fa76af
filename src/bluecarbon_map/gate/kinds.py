"""What a file may be imported as, and what the user says of it beforehand."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bluecarbon_map.errors import InputError
from bluecarbon_map.tables import (
    Contract,
    CoreSlices,
    Habitats,
    Harvests,
    Projects,
    Rasters,
    Registers,
    Sites,
    Targets,
    Transactions,
    Zones,
)


class Kind(StrEnum):
    """What a file holds."""

    HABITATS = "habitats"
    ZONES = "zones"
    SITES = "sites"
    CORES = "cores"
    PROJECTS = "projects"
    TRANSACTIONS = "transactions"
    HARVESTS = "harvests"
    TARGETS = "targets"
    REGISTERS = "registers"
    RASTER = "raster"


CONTRACTS: Final[dict[Kind, Contract]] = {
    Kind.HABITATS: Habitats,
    Kind.ZONES: Zones,
    Kind.SITES: Sites,
    Kind.CORES: CoreSlices,
    Kind.PROJECTS: Projects,
    Kind.TRANSACTIONS: Transactions,
    Kind.HARVESTS: Harvests,
    Kind.TARGETS: Targets,
    Kind.REGISTERS: Registers,
    Kind.RASTER: Rasters,
}
"""Table that the rows of each kind go to."""


MOST_BANDS: Final = 32
"""Bands that a raster may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user says of a file; None where nothing was said. Nothing is guessed in silence.

    Attributes:
        kind: What the file holds.
        crs: Coordinate system to read it in where it states none, e.g. ``EPSG:4549``.
        encoding: Encoding of its text where it states none.
        datum: ``gcj02`` or ``bd09`` to convert from it; None to take the file at its word.
        layer: Layer of a file with several.
        columns: Column of the contract → column of the file, where the user mapped it.
        ecosystem: Ecosystem of every row, where no column says it.
        words: Word in the ecosystem column → ecosystem key, where the user mapped it.
        date_order: ``ymd``, ``dmy`` or ``mdy`` for a column of ambiguous dates.
        survey_id: Survey that habitats or a raster belong to.
        provenance: Kind of record, `tables.Provenance`; of rows that do not say it themselves.
        source: Where the records come from; of rows that do not say it themselves.
        level: Level of zones that do not say it.
        band: Band of a raster with several, counted from 1.
        outlines_only: Whether of zones nothing but the outlines is wanted.
    """

    kind: Kind
    crs: str | None = None
    encoding: str | None = None
    datum: str | None = None
    layer: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    ecosystem: str | None = None
    words: dict[str, str] = field(default_factory=dict)
    date_order: str | None = None
    survey_id: str | None = None
    provenance: str | None = None
    source: str | None = None
    level: str | None = None
    band: int | None = None
    outlines_only: bool = False

    def __post_init__(self) -> None:
        """Refuse what is said of another kind of file than this.

        Raises:
            InputError: If a band is named of what is no raster.
        """
        if self.band is not None and self.kind is not Kind.RASTER:
            raise InputError(self.kind, "only a raster has bands", "Leave the band out")
