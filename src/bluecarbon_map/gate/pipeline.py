"""The work of the child: parse, place, read the rows, hold them against their contract, write."""

from __future__ import annotations

import importlib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass, replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.errors import ContractError, InputError
from bluecarbon_map.gate import archive, magic, wire
from bluecarbon_map.gate.ecology import NO_COLUMN
from bluecarbon_map.gate.kinds import CONTRACTS, Kind, Options
from bluecarbon_map.gate.magic import Format
from bluecarbon_map.gate.parsed import Parsed, Placed, Region, Rows
from bluecarbon_map.gate.problems import Problem, Severity, Verdict, verdict_of
from bluecarbon_map.gate.refused import RefusedError, problem_of
from bluecarbon_map.geodesy import STORAGE_CRS
from bluecarbon_map.tables import columns, validate

_PARSERS: Final[Mapping[Format, tuple[str, str]]] = {
    Format.GEOJSON: ("parsers.geojson", "read_geojson"),
    Format.GEOPACKAGE: ("parsers.geopackage", "read_geopackage"),
    Format.SHAPEFILE: ("parsers.shapefile", "read_shapefile"),
    Format.KML: ("parsers.kml", "read_kml"),
    Format.PARQUET: ("parsers.parquet", "read_parquet"),
    Format.TEXT: ("parsers.text", "read_text"),
    Format.WORKBOOK: ("parsers.workbook", "read_workbook"),
}
_OUTLINED: Final = frozenset({Kind.HABITATS, Kind.ZONES})
"""Kinds whose rows are outlines."""
_SITUATED: Final = _OUTLINED | {Kind.SITES}
"""Kinds whose rows lie somewhere; of the others what a file draws is no part."""

_MOST_A_CODE: Final = 100
_SAMPLE_ROWS: Final = 20
_SAMPLE_TEXT: Final = 200


class _Teller:
    """Writes how far the work is, into the folder of the job."""

    def __init__(self, job: Path) -> None:
        self._path = job / "progress"

    def __call__(self, phase: str, done: int = 0, whole: int = 0) -> None:
        self._path.write_text(f"{phase} {done} {whole} \n", encoding="ascii")


def run(job: Path, request: Mapping[str, Any]) -> None:
    """Inspect the file of a job and write the answer into its folder."""
    options = wire.options_of(request)
    tell = _Teller(job)
    try:
        if options.kind is Kind.RASTER:
            packed = Format(request["format"]) is Format.ZIP
            answer = _raster(job, options, wire.region_of(job, request), tell, packed=packed)
        else:
            answer = _records(job, Format(request["format"]), options, request, tell)
    except InputError as error:
        answer = {"problems": [wire.told(problem_of(error))]}
    tell("done")
    wire.write_answer(job, answer)


def _records(
    job: Path, found: Format, options: Options, request: Mapping[str, Any], tell: _Teller
) -> dict[str, Any]:
    """Everything but rasters."""
    tell("reading")
    parsed = _as_situated(_parsed(job, found, options), options)
    problems = list(parsed.problems)
    placed = None
    if parsed.geometry is not None and len(parsed.table):
        tell("placing", 0, len(parsed.table))
        placed = _placed(parsed, options, wire.region_of(job, request))
        problems += placed.problems
    rows = None
    if len(parsed.table):
        tell("attributes", 0, len(parsed.table))
        rows = _rows(parsed, placed, options)
        problems += rows.problems
    else:
        problems += _said_empty(problems)
    problems += _nothing_left(placed, options.kind, problems)
    table = _table(rows, placed, options.kind)
    problems += _broken_contract(table, options.kind, problems)
    name = None
    if any(one.code == NO_COLUMN for one in problems):
        table = None  # nothing can be stored before the user says what the rows are
    if table is not None and len(table) and verdict_of(problems) is not Verdict.REJECT:
        tell("writing", 0, len(table))
        name = "table.parquet"
        _storable(table, options.kind).to_parquet(job / name, index=False)
    return _answer(parsed, placed, rows, table, problems) | {"table": name}


def _parsed(job: Path, found: Format, options: Options) -> Parsed:
    """The file as its own reader reads it; of an archive the one layer in it."""
    path = job / "input"
    layers: tuple[str, ...] = ()
    if found is Format.ZIP:
        if archive.is_workbook(path):
            found = Format.WORKBOOK
            _require_fit(found, options.kind)
        else:
            unpacked = archive.unpack_shapefile(path, options.layer, job / "scratch")
            found, path, layers = Format.SHAPEFILE, unpacked.shapefile, unpacked.layers
    parsed: Parsed = _room("rows", "without_examples")(
        _room(*_PARSERS[found])(path, options), options
    )
    if len(layers) > 1 and options.layer is None:
        parsed = replace(parsed, layers=layers, problems=(*parsed.problems, one_of(layers)))
    return parsed


def _room(module: str, function: str) -> Any:  # noqa: ANN401 (a function of another module)
    """A room of the gate, loaded when a file gets there."""
    return getattr(importlib.import_module(f"bluecarbon_map.gate.{module}"), function)


def _require_fit(found: Format, kind: Kind) -> None:
    if (unfit := magic.unfit(found, kind)) is not None:
        raise RefusedError(unfit.code, unfit.message, unfit.fix)


def one_of(layers: tuple[str, ...]) -> Problem:
    """Says that only the first of several layers was read."""
    return Problem(
        severity=Severity.WARNING,
        code="several_layers",
        message=f"it holds {len(layers)} layers ({_listed(layers)}); only {layers[0]!r} was read",
        fix="Name the layer to read, and import the others one by one",
        count=len(layers) - 1,
    )


def _as_situated(parsed: Parsed, options: Options) -> Parsed:
    """The file with what its kind needs of geometry: none for the rows of a table."""
    if options.kind in _SITUATED:
        return _with_points(parsed, options)
    if parsed.geometry is None:
        return parsed
    drawn = int((~shapely.is_missing(parsed.geometry)).sum())
    said = Problem(
        severity=Severity.INFO,
        code="geometry_unused",
        message=f"{drawn} rows have an outline or a point, and such a file is a table",
        fix="Their geometry is left out, every row is kept",
        count=drawn,
    )
    problems = (*parsed.problems, said) if drawn else parsed.problems
    return replace(parsed, geometry=None, problems=problems)


def _with_points(parsed: Parsed, options: Options) -> Parsed:
    """Sites of a table with their positions as points; as they are where one cannot be read.

    Degrees in two columns are taken as CGCS2000 unless the user says otherwise; coordinates of a
    plane are degrees of CGCS2000 by now.
    """
    if options.kind is not Kind.SITES or parsed.geometry is not None or parsed.table.empty:
        return parsed
    points, said = _room("rows", "points_of")(parsed, options)
    if verdict_of(said) is Verdict.REJECT:  # the rows say the same again, each with its number
        return parsed
    crs = STORAGE_CRS if options.crs is None or _is_plane(options.crs) else options.crs
    return replace(parsed, geometry=points, crs=crs, problems=(*parsed.problems, *said))


def _is_plane(crs: str) -> bool:
    """Whether a system that `points_of` could read is one of a map plane."""
    from pyproj import CRS

    return CRS.from_user_input(crs).is_projected


def _placed(parsed: Parsed, options: Options, region: Region | None) -> Placed:
    placed: Placed = _room("checks.place", "place")(parsed, options, region)
    return placed


def _rows(parsed: Parsed, placed: Placed | None, options: Options) -> Rows:
    """Attributes; areas of outlines are held against what the columns say."""
    if options.outlines_only:
        bare: Rows = _room("outlines", "numbered")(parsed, options)
        return bare
    areas = None
    if placed is not None:
        parsed = replace(parsed, geometry=placed.geometry, crs=STORAGE_CRS)
        areas = placed.row_area_ha if options.kind in _OUTLINED else None
    rows: Rows = _room("rows", "rows_of")(parsed, options, areas)
    return rows


def _table(rows: Rows | None, placed: Placed | None, kind: Kind) -> pd.DataFrame | None:
    """Rows as they would be stored: attributes beside their outlines; None without outlines."""
    if rows is None:
        return None
    table = rows.table
    if kind not in _OUTLINED:
        return table.reset_index(drop=True)
    if placed is None:
        return None
    geometry = pd.Series(placed.geometry, index=range(len(placed.geometry)), dtype=object)
    kept = geometry.loc[table.index]
    there = kept.notna().to_numpy()
    layer = gpd.GeoDataFrame(
        table.loc[there], geometry=gpd.GeoSeries(kept[there], crs=STORAGE_CRS), crs=STORAGE_CRS
    )
    wanted = columns(CONTRACTS[kind])
    ordered_layer: pd.DataFrame = layer[[name for name in wanted if name in layer]]
    return ordered_layer.reset_index(drop=True)


def _broken_contract(
    table: pd.DataFrame | None, kind: Kind, problems: Iterable[Problem]
) -> list[Problem]:
    """The last look before writing; a break that no check has named yet is said as it is."""
    if table is None or verdict_of(problems) is Verdict.REJECT:
        return []
    try:
        validate(CONTRACTS[kind], table)
    except ContractError as error:
        return [
            Problem(severity=Severity.ERROR, code="contract", message=said[:500], fix=error.fix)
            for said in error.problems[:_MOST_A_CODE]
        ]
    return []


def _storable(table: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """The table as Parquet keeps it: decimals as text, so that no digit is lost."""
    decimals = {
        name: table[name].map(str, na_action="ignore")
        for name, column in CONTRACTS[kind].to_schema().columns.items()
        if str(column.dtype) == "object" and name in table
    }
    return table.assign(**decimals)


def _said_empty(problems: Iterable[Problem]) -> list[Problem]:
    """A layer without rows is lawful, but nothing comes of it."""
    if any(one.severity is Severity.ERROR or one.code == "empty_layer" for one in problems):
        return []
    return [
        Problem(
            severity=Severity.WARNING,
            code="empty_layer",
            message="there is no row in it, so nothing would be stored",
            fix="Check the layer and the export filter",
        )
    ]


def _nothing_left(placed: Placed | None, kind: Kind, problems: Iterable[Problem]) -> list[Problem]:
    """A file none of whose rows lies anywhere is refused: to let it pass would store nothing.

    It is a warning where the rows lie at 0, 0, as of a survey whose positions are yet to come.
    """
    codes = {one.code for one in problems}
    if placed is None or NO_COLUMN in codes or verdict_of(problems) is Verdict.REJECT:
        return []
    rows = len(placed.geometry)
    if not shapely.is_missing(placed.geometry).all():
        return []
    if kind in _OUTLINED:
        message = f"none of the {rows} rows has an outline, so nothing would be stored"
        fix = "Give the outlines, or import points as sites"
    else:
        message = f"none of the {rows} rows has a position, so nothing would be stored"
        fix = "Give every site its position"
    severity = Severity.WARNING if "null_island" in codes else Severity.ERROR
    return [Problem(severity=severity, code="no_rows", message=message, fix=fix, count=rows)]


def _answer(
    parsed: Parsed,
    placed: Placed | None,
    rows: Rows | None,
    table: pd.DataFrame | None,
    problems: list[Problem],
) -> dict[str, Any]:
    """What the server is told; without outlines there is no area."""
    return {
        "problems": [wire.told(one) for one in ordered(problems)],
        "rows": len(parsed.table) if table is None else len(table),
        "area_before_ha": placed and _finite(placed.area_before_ha),
        "area_after_ha": placed and _finite(placed.area_after_ha),
        "union_ha": placed and _finite(placed.union_ha),
        "crs": parsed.crs,
        "encoding": parsed.encoding,
        "layers": list(parsed.layers),
        "mapping": dict(rows.mapping) if rows else {},
        "ignored": list(rows.ignored) if rows else [],
        "sample": [] if table is None else _sample(table),
    }


def ordered(problems: Iterable[Problem]) -> list[Problem]:
    """Problems gravest first, each once, at most a hundred of one code."""
    graveness = list(Severity)
    seen: dict[str, int] = {}
    kept = []
    for one in sorted(dict.fromkeys(problems), key=lambda one: graveness.index(one.severity)):
        seen[one.code] = seen.get(one.code, 0) + 1
        if seen[one.code] <= _MOST_A_CODE:
            kept.append(one)
    return kept[: wire.MOST_PROBLEMS]


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _sample(table: pd.DataFrame) -> list[dict[str, str]]:
    """First rows as text; a missing value is an empty text."""
    first = table.head(_SAMPLE_ROWS)
    return [
        {str(name): _cell(value) for name, value in zip(first.columns, row, strict=True)}
        for row in first.itertuples(index=False, name=None)
    ]


def _cell(value: object) -> str:
    if isinstance(value, shapely.Geometry):
        return f"{value.geom_type}, {shapely.get_num_coordinates(value)} vertices"
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value)[:_SAMPLE_TEXT]


def _raster(
    job: Path, options: Options, region: Region | None, tell: _Teller, *, packed: bool
) -> dict[str, Any]:
    tell("reading")
    look = _room("raster", "inspect_raster")(
        job / "input", options, region, job / "raster.tif", packed=packed
    )
    refused = verdict_of(look.problems) is Verdict.REJECT
    there = not refused and (job / "raster.tif").is_file()
    if there:
        passport = pd.DataFrame([_passport(look, options)], dtype=object)
        passport.to_parquet(job / "raster.parquet", index=False)
    return {
        "problems": [wire.told(one) for one in ordered(look.problems)],
        "crs": getattr(look, "crs", None),
        "sample": [_facts(look)],
        "table": "raster.tif" if there else None,
    }


def _passport(look: object, options: Options) -> dict[str, object]:
    """What is known of a raster's passport row; the rest is for the user to say."""
    found = {name: getattr(look, name, None) for name in ("kind", "unit", "low", "high")}
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", str(options.source).rpartition(".")[0]).strip("-")
    said = {
        "raster_id": stem or "raster",
        "survey_id": options.survey_id,
        "provenance": options.provenance,
        "source": options.source,
    }
    return {name: (found | said).get(name) for name in columns(CONTRACTS[Kind.RASTER])}


def _facts(look: object) -> dict[str, str]:
    """What was found of a raster, as text."""
    if not is_dataclass(look) or isinstance(look, type):
        return {}
    left_out = ("problems", "path")
    return {
        name: _cell(value.item() if isinstance(value, np.generic) else value)
        for name, value in asdict(look).items()
        if name not in left_out
    }


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(repr(name[:60]) for name in names[:5]) + more
