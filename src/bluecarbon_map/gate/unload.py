"""A workspace written as files that the gate takes again, in the order to take them.

What no kind of the gate holds stays behind, and the README says so: decisions on changes, visits,
own coefficients, policies, and the history.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import shapely

from bluecarbon_map.errors import InputError
from bluecarbon_map.export.spatial import write_geopackage
from bluecarbon_map.export.tabular import write_csv
from bluecarbon_map.gate.edits import plain
from bluecarbon_map.gate.kinds import Kind
from bluecarbon_map.gate.take_in import TABLES
from bluecarbon_map.store.base import Register, Workspace

README: Final = "README.md"
EXTENT: Final = "extent"
"""Name in a passport of the ground that the survey looked at."""
_RECORDS: Final = (Kind.SITES, Kind.CORES, Kind.HARVESTS, Kind.TRANSACTIONS)
"""Kinds that only a database holds."""
_LEFT: Final = """\
不含：变更图斑的审定意见、回访、自有系数、政策责任和变更记录；要原样保存请用
bluecarbon backup。

Not in it: decisions on changes, visits, own coefficients, policies, and the history; for a copy of
everything use bluecarbon backup.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unloaded:
    """One file, and how to take it in again.

    Attributes:
        kind: What it holds.
        path: The file.
        survey_id: Survey of habitats; None for another kind.
        passport: JSON file with the passport of the survey or raster; None where it has none.
    """

    kind: Kind
    path: Path
    survey_id: str | None = None
    passport: Path | None = None

    @property
    def command(self) -> str:
        """The command that takes it in, to be run in its folder."""
        words = ["bluecarbon", "import", self.path.name, "--kind", self.kind.value]
        if self.survey_id is not None:
            words += ["--survey", self.survey_id]
        if self.passport is not None:
            words += ["--passport", self.passport.name]
        return shlex.join([*words, "--yes"])


def unload(store: Workspace, folder: Path) -> tuple[Unloaded, ...]:
    """Write a workspace as files: GeoPackage, CSV and GeoTIFF, with a README of the commands.

    Args:
        store: Workspace to read.
        folder: Folder to make; it may exist if it is empty.

    Returns:
        The files in the order to take them in.

    Raises:
        InputError: If the folder holds something.
        OSError: If it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fix = "Name a new or an empty folder"
        raise InputError(str(folder), "there is something there already", fix)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as desk:
        draft = Path(desk) / "files"
        draft.mkdir()
        made = tuple(_written(store, draft))
        (draft / README).write_text(_readme(store, made), encoding="utf-8")
        if folder.is_dir():
            folder.rmdir()
        draft.replace(folder)
    return tuple(_moved(one, folder) for one in made)


def _moved(one: Unloaded, folder: Path) -> Unloaded:
    passport = None if one.passport is None else folder / one.passport.name
    return Unloaded(
        kind=one.kind, path=folder / one.path.name, survey_id=one.survey_id, passport=passport
    )


def _written(store: Workspace, folder: Path) -> Iterator[Unloaded]:
    """Files in an order in which whatever a row names is there before it."""
    zones = folder / "zones.gpkg"
    write_geopackage(store.zones(), zones, "zones")
    yield Unloaded(kind=Kind.ZONES, path=zones)
    yield from _surveys(store, folder)
    tables = {
        Kind.TARGETS: store.targets(), Kind.PROJECTS: store.projects(),
        Kind.REGISTERS: store.registers(),
    }  # fmt: skip
    if isinstance(store, Register):
        tables |= {kind: store.records(TABLES[kind]) for kind in _RECORDS}
    for kind, table in tables.items():
        if len(table):
            path = folder / f"{kind.value}.csv"
            write_csv(table, path)
            yield Unloaded(kind=kind, path=path)
    yield from _rasters(store, folder)


def _surveys(store: Workspace, folder: Path) -> Iterator[Unloaded]:
    """The workspace's usual survey first: it is the one shown first afterwards."""
    usual = store.info.default_survey_id
    extents = store.extents().set_index("survey_id").geometry
    rows = sorted(plain(store.surveys()), key=lambda row: row["survey_id"] != usual)
    for row in rows:
        survey_id = str(row["survey_id"])
        habitats = store.habitats(survey_id)
        if habitats.empty:
            continue  # a passport without patches comes with no file
        stem = f"habitats_{_word(survey_id)}"
        write_geopackage(gpd.GeoDataFrame(habitats), folder / f"{stem}.gpkg", "habitats")
        yield Unloaded(
            kind=Kind.HABITATS, path=folder / f"{stem}.gpkg", survey_id=survey_id,
            passport=_passport(folder / f"{stem}.json", row | _looked_at(extents, survey_id)),
        )  # fmt: skip


def _looked_at(extents: gpd.GeoSeries, survey_id: str) -> dict[str, Any]:
    """Ground that a survey looked at, in a GeoJSON geometry of CGCS2000 degrees."""
    if survey_id not in extents.index:
        return {}
    return {EXTENT: shapely.geometry.mapping(extents[survey_id])}


def _rasters(store: Workspace, folder: Path) -> Iterator[Unloaded]:
    for row in plain(store.rasters()):
        stem = f"raster_{_word(str(row['raster_id']))}"
        shutil.copyfile(store.raster_path(str(row["raster_id"])), folder / f"{stem}.tif")
        yield Unloaded(
            kind=Kind.RASTER, path=folder / f"{stem}.tif",
            passport=_passport(folder / f"{stem}.json", row),
        )  # fmt: skip


def _passport(path: Path, row: dict[str, Any]) -> Path:
    path.write_text(json.dumps(row, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


def _word(name: str) -> str:
    """An id as part of a file name."""
    return re.sub(r"[^\w-]", "_", name)


def _readme(store: Workspace, made: tuple[Unloaded, ...]) -> str:
    info = store.info
    commands = "\n".join(one.command for one in made)
    province = info.zone_id[:2]
    return (
        f"# {info.name_zh} / {info.name_en}\n\n"
        "依次导入即可重建 / Import them in this order to build the workspace again:\n\n"
        f"```bash\nbluecarbon init NEW --province {province}\n"
        f"export BLUECARBON_WORKSPACE=$PWD/NEW\n{commands}\n```\n\n{_LEFT}"
    )


def read_passport(path: Path) -> dict[str, Any]:
    """The passport of a survey or raster from its JSON file.

    Raises:
        InputError: If it is none.
    """
    try:
        said = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as problem:
        fix = "Write a JSON object whose names are the columns of docs/tables.md"
        raise InputError(path.name, f"it cannot be read ({problem})", fix) from problem
    if not isinstance(said, dict):
        fix = "Write a JSON object whose names are the columns of docs/tables.md"
        raise InputError(path.name, "it is no object", fix)
    return {str(name): value for name, value in said.items()}


def extent_in(passport: dict[str, Any], where: str) -> shapely.Geometry | None:
    """Ground that a survey looked at, from its passport; None where that does not say.

    Raises:
        InputError: If it is no outline.
    """
    said = passport.get(EXTENT)
    if said is None:
        return None
    try:
        made = shapely.geometry.shape(said)
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as wrong:
        raise _no_outline(where) from wrong
    if made.geom_type not in ("Polygon", "MultiPolygon") or made.is_empty or not made.is_valid:
        raise _no_outline(where)
    return made


def _no_outline(where: str) -> InputError:
    fix = "Write a valid GeoJSON Polygon or MultiPolygon in CGCS2000 degrees (EPSG:4490)"
    return InputError(where, "its extent is no outline", fix, column=EXTENT)
