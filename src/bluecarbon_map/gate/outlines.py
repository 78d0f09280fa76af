"""A file of which only the outlines are wanted: own areas, whatever its columns are."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from bluecarbon_map.errors import InputError
from bluecarbon_map.gate.inspect import check_file
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.parsed import Parsed, Region, Rows
from bluecarbon_map.gate.problems import Inspection
from bluecarbon_map.gate.sandbox import Nursery
from bluecarbon_map.geodesy import GeometryArray
from bluecarbon_map.tables import Level, Provenance, Zones, columns


def check_outlines(
    path: Path,
    name: str,
    region: Region | None,
    *,
    work: Path,
    crs: str | None = None,
    datum: str | None = None,
    layer: str | None = None,
    nursery: Nursery | None = None,
) -> Inspection:
    """Inspect a file for its outlines alone; its columns go nowhere and need no name.

    Args:
        path: The file.
        name: Name it came under; only ever shown.
        region: Where the workspace lies, for the checks of place and datum.
        work: Folder that is there.
        crs: Coordinate system to read it in where it states none.
        datum: ``gcj02`` or ``bd09`` to convert from it.
        layer: Layer of a file with several.
        nursery: Process to fork the child from.
    """
    options = Options(kind=Kind.ZONES, crs=crs, datum=datum, layer=layer, outlines_only=True)
    return check_file(path, name, options, region, work=work, nursery=nursery)


def outlines_of(found: Inspection) -> GeometryArray:
    """Outlines of a file that the gate let pass, EPSG:4490.

    Raises:
        InputError: If it was refused, or holds none.
    """
    if found.table is None:
        worst = next(iter(found.problems), None)
        if worst is None:
            raise InputError(found.name, "there is no outline in it", "Draw one polygon or more")
        raise InputError(found.name, worst.message, worst.fix, column=worst.column)
    shapes: GeometryArray = gpd.read_parquet(found.table).geometry.to_numpy()
    return shapes


def numbered(parsed: Parsed, options: Options) -> Rows:
    """Rows of such a file: a number each, and nothing of its columns."""
    numbers = [str(number) for number in range(1, len(parsed.table) + 1)]
    said = {
        "zone_id": numbers,
        "name_zh": numbers,
        "level": Level.OTHER.value,
        "provenance": Provenance.INDICATIVE.value,
        "source": options.source or "file",
    }
    wanted = [name for name in columns(Zones) if name != "geometry"]
    table = pd.DataFrame({name: said.get(name) for name in wanted}, index=parsed.table.index)
    return Rows(
        table=table.astype("str"),
        mapping=dict.fromkeys(wanted),
        ignored=tuple(str(name) for name in parsed.table.columns),
        problems=(),
    )
