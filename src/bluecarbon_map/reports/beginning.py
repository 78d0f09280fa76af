"""A new workspace for a coastal province: its zone and land ready, everything else empty."""

from __future__ import annotations

import getpass
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.errors import InputError
from bluecarbon_map.files import data_folder
from bluecarbon_map.geodesy import EQUAL_AREA_CRS, STORAGE_CRS
from bluecarbon_map.reading import read_zones
from bluecarbon_map.store.base import WorkspaceInfo
from bluecarbon_map.store.folder import PASSPORT, FolderStore
from bluecarbon_map.store.places import copy_as_sqlite
from bluecarbon_map.tables import (
    Contract,
    Level,
    Projects,
    Provenance,
    Rasters,
    Registers,
    Surveys,
    Targets,
    Zones,
    columns,
    validate_layer,
)
from bluecarbon_map.tiles import sheet_of

EMPTY_TABLES: Final[dict[str, Contract]] = {
    "surveys.csv": Surveys,
    "targets.csv": Targets,
    "projects.csv": Projects,
    "registers.csv": Registers,
    "rasters.csv": Rasters,
}
_FACTOR_SET: Final = {"330000": "zhejiang"}
_ELSEWHERE: Final = "china-species"
"""Coefficients of Chinese sites; those of Zhejiang are not offered to another province unasked."""

_SHARE_IN_PROVINCE: Final = 0.5
_UNNAMED: Final = ""
_GAP_DEG: Final = 0.05
"""Outlines that meet lie nearer to each other than this in the source."""


_UNVOUCHED: Final = (
    "{name}: its zones are marked indicative; where an authority published them, import them anew "
    "with provenance published and that publication as source / {name} 的分区标为“示意”；如为主管"
    "部门公布，请重新导入，provenance 填 published，source 填该公布文件"
)


def coastal_provinces() -> gpd.GeoDataFrame:
    """The zones that a workspace can start with, contract `tables.Zones`, EPSG:4490."""
    return gpd.read_parquet(data_folder() / "coast" / "zones.parquet")


def begin(
    folder: Path,
    province: str,
    *,
    zones: str | None = None,
    database: str | None = None,
    schema: str | None = None,
) -> tuple[WorkspaceInfo, list[str]]:
    """Make a workspace: zone and land of a province, and tables that wait for rows.

    Nothing is there until all of it is: it is made beside the folder first.

    Args:
        folder: Folder to make; it may exist if it is empty.
        province: First two digits of its GB/T 2260 code, e.g. ``35``.
        zones: Boundary file with the zones inside the province, or None.
        database: Address of a PostgreSQL database without a password; None for SQLite.
        schema: New schema in it; None for one with the id of the workspace.

    Returns:
        What the workspace says of itself, and warnings about the boundary file.

    Raises:
        InputError: If it is none of the coastal provincial units, the folder holds something, or
            the boundary file cannot be used, or there is such a schema already.
        StoreError: If the database does not answer, or PostGIS is not there.
        OSError: If the folder cannot be written.
    """
    whole = _province(province)
    _require_room(folder)
    info = _passport(whole.iloc[0], own_zones=zones is not None)
    areas, said = (whole, []) if zones is None else _with_zones(whole, zones)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as made:
        files, draft = Path(made) / "files", Path(made) / "workspace"
        files.mkdir()
        _write(files, info, areas)
        if database is None:
            copy_as_sqlite(FolderStore(files), draft, actor=getpass.getuser())
            _put(draft, folder)
        else:
            _begin_in(database, schema or info.workspace_id, FolderStore(files), folder)
    return info, said


def _begin_in(database: str, schema: str, files: FolderStore, folder: Path) -> None:
    from bluecarbon_map.store.postgis import create_postgis  # its driver is seldom needed

    who = getpass.getuser()
    create_postgis(folder, database, schema, files.info, actor=who, source=files).close()


def _put(draft: Path, folder: Path) -> None:
    """Move a finished draft to its place, in one step where the folder is not there yet."""
    if folder.is_dir():
        folder.rmdir()
    shutil.move(draft, folder)


def _province(code: str) -> gpd.GeoDataFrame:
    known = coastal_provinces()
    found = known[known["zone_id"] == f"{code}0000"]
    if found.empty:
        names = zip(known["zone_id"].str[:2], known["name_zh"], known["name_en"], strict=True)
        listed = ", ".join(" ".join(name) for name in names)
        raise InputError(
            f"province {code!r}", "it is no coastal provincial unit", f"Name one of {listed}"
        )
    return found.reset_index(drop=True)


def _require_room(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists():
        raise InputError(
            str(folder), "there is something there already", "Name a new or an empty folder"
        )


def _passport(zone: pd.Series[str], *, own_zones: bool) -> WorkspaceInfo:
    zone_id, drawn_zh, drawn_en = str(zone["zone_id"]), "", ""
    if zone_id == "460000":
        drawn_zh, drawn_en = "；图上只绘海南岛", "; the map shows Hainan Island only"
    label = (
        "省域轮廓与导入的分区均为示意（非法定界线）",
        "indicative outline of the province and imported zones (no legal boundary)",
    )
    if not own_zones:
        label = ("示意分区（非法定界线）", "indicative zone (not a legal boundary)")
    return WorkspaceInfo(
        workspace_id=str(zone["name_en"]).casefold().replace(" ", "-"),
        name_zh=str(zone["name_zh"]).removesuffix("壮族自治区"),
        name_en=str(zone["name_en"]),
        zone_id=zone_id,
        default_survey_id=None,
        default_plan_id=None,
        factor_set=_FACTOR_SET.get(zone_id, _ELSEWHERE),
        map_review_number=None,
        zones_label_zh=label[0] + drawn_zh,
        zones_label_en=label[1] + drawn_en,
    )


def _with_zones(whole: gpd.GeoDataFrame, path: str) -> tuple[gpd.GeoDataFrame, list[str]]:
    """The province with the zones of a boundary file inside it."""
    plane, said = read_zones(path)
    _require_inside(plane, whole, path)
    own = str(whole["zone_id"].iloc[0])
    inner = plane[plane["zone_id"] != own].to_crs(STORAGE_CRS)
    ids = inner["zone_id"].tolist()
    name = Path(path.partition("|layername=")[0]).name
    rows = pd.DataFrame(
        {
            "zone_id": ids,
            "name_zh": inner["zone_name"].tolist(),
            "name_en": pd.Series([None] * len(ids), dtype="str"),
            "level": [level_of(zone).value for zone in ids],
            "parent_id": [parent_of(zone, [own, *ids], own) for zone in ids],
            # a file says nothing of who vouches for its boundaries
            "provenance": Provenance.INDICATIVE.value,
            "source": name,
        }
    )
    table = gpd.GeoDataFrame(rows, geometry=inner.geometry.to_numpy(), crs=STORAGE_CRS)
    zones = gpd.GeoDataFrame(pd.concat([whole, table], ignore_index=True), crs=STORAGE_CRS)
    validate_layer(Zones, zones, STORAGE_CRS, table=path)
    return zones, [*said, _UNVOUCHED.format(name=name)]


def _require_inside(plane: gpd.GeoDataFrame, whole: gpd.GeoDataFrame, path: str) -> None:
    home = whole.to_crs(EQUAL_AREA_CRS).geometry.iloc[0]
    area = shapely.area(plane.geometry.to_numpy())
    inside = shapely.area(shapely.intersection(plane.geometry.to_numpy(), home))
    strange = plane.loc[inside < _SHARE_IN_PROVINCE * area, "zone_id"].tolist()
    if strange:
        raise InputError(
            path,
            "zones that lie mostly outside the province",
            "Name the boundary file of this province, or another province",
            rows=strange,
        )


def level_of(zone_id: str) -> Level:
    """Level that a GB/T 2260 code stands for; another kind of id has none."""
    if len(zone_id) != 6 or not zone_id.isdigit():
        return Level.OTHER
    if zone_id.endswith("0000"):
        return Level.PROVINCE
    return Level.CITY if zone_id.endswith("00") else Level.COUNTY


def parent_of(zone_id: str, known: Sequence[str], whole: str) -> str:
    """The city of a county where it is on the list, else the province."""
    city = f"{zone_id[:4]}00"
    is_county = level_of(zone_id) is Level.COUNTY
    return city if is_county and city in known else whole


def _write(folder: Path, info: WorkspaceInfo, zones: gpd.GeoDataFrame) -> None:
    passport = json.dumps(asdict(info), ensure_ascii=False, indent=2)
    (folder / PASSPORT).write_text(passport + "\n", encoding="utf-8")
    zones.to_parquet(folder / "zones.parquet", index=False)
    land_around(zones, info.zone_id).to_parquet(folder / "land.parquet", index=False)
    for name, contract in EMPTY_TABLES.items():
        heads = pd.DataFrame(columns=columns(contract))
        heads.to_csv(folder / name, index=False, encoding="utf-8-sig", lineterminator="\n")
    _require_readable(FolderStore(folder))


def _require_readable(store: FolderStore) -> None:
    """Read everything once, so that what is handed over opens."""
    for read in (store.zones, store.land, store.surveys, store.targets, store.projects,
                 store.registers, store.rasters):  # fmt: skip
        read()


def land_around(zones: gpd.GeoDataFrame, own: str) -> gpd.GeoDataFrame:
    """Land on the map sheet of zones: columns ``name_zh, name_en, geometry``, EPSG:4490.

    All of it comes first as one piece of ground without a name, so that nothing that is land can
    look like sea. The named neighbours lie on it, and with them their borders; the province itself
    needs no name, its zones have one. A neighbour that meets unnamed land on the sheet stays plain
    ground: its edge there would be drawn as a border that this source does not vouch for.

    Args:
        zones: Zones that the sheet is made for.
        own: Zone id of the province.
    """
    land = gpd.read_parquet(data_folder() / "coast" / "land.parquet")
    sheet = shapely.box(*sheet_of(zones))
    ground = _on(sheet, _without_holes(land))
    named = land[land["zone_id"].notna() & (land["zone_id"] != own)].copy()
    named.geometry = [_on(sheet, shape) for shape in named.geometry]
    unnamed = _on(sheet, land.loc[land["zone_id"].isna(), "geometry"].iloc[0])
    meets = shapely.dwithin(named.geometry.to_numpy(), unnamed, _GAP_DEG)
    shown = named[~meets & ~named.geometry.is_empty]
    names = {"name_zh": [_UNNAMED, *shown["name_zh"]], "name_en": [_UNNAMED, *shown["name_en"]]}
    shapes = np.array([ground, *shown.geometry], dtype=object)
    return gpd.GeoDataFrame(pd.DataFrame(names), geometry=shapes, crs=STORAGE_CRS)


def _without_holes(land: gpd.GeoDataFrame) -> shapely.MultiPolygon:
    """All land as one; the source has no lakes, so that a hole is a gap between two outlines."""
    parts = shapely.get_parts(shapely.union_all(land.geometry.to_numpy()))
    return shapely.union_all([shapely.Polygon(part.exterior) for part in parts])


def _on(sheet: shapely.Polygon, shape: shapely.Geometry) -> shapely.MultiPolygon:
    """What of a shape lies on a sheet, without the lines that cutting along an edge can leave."""
    parts = shapely.get_parts(shapely.intersection(shape, sheet))
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])
