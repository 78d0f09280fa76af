"""Builds small layers, tables and a whole small workspace for tests.

Two counties of 0.1° × 0.1° lie side by side: 330382 (west, in city 330300) and 331083 (east, in
city 331000); the sea east of 121.2°E is in no zone.
"""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import shapely
from rasterio.transform import Affine

from bluecarbon_map.tables import (
    Extents,
    Habitats,
    Projects,
    Rasters,
    Registers,
    Surveys,
    Targets,
    Zones,
    columns,
)

WEST, EAST = "330382", "331083"
PLAN = "plan"


def box(west, south, east, north):
    return shapely.box(west, south, east, north)


WEST_SHAPE = box(121.0, 28.0, 121.1, 28.1)
EAST_SHAPE = box(121.1, 28.0, 121.2, 28.1)

PATCHES = {
    "m1": ("mangrove", None, box(121.02, 28.02, 121.03, 28.03)),
    "s1": ("salt_marsh", "Spartina alterniflora", box(121.09, 28.04, 121.11, 28.05)),
    "s2": ("salt_marsh", "Phragmites australis", box(121.12, 28.02, 121.13, 28.03)),
    "t1": ("tidal_flat", None, box(121.19, 28.06, 121.22, 28.07)),
}
"""A mangrove in the west, marsh across the border and in the east, a flat that leaves the zones."""


def zones(crs="EPSG:4490"):
    table = {"zone_id": [WEST, EAST], "name": ["乐清市", "玉环市"]}
    return gpd.GeoDataFrame(table, geometry=[WEST_SHAPE, EAST_SHAPE], crs="EPSG:4490").to_crs(crs)


def habitats(crs="EPSG:4490", patches=PATCHES):
    ecosystem, species, shapes = zip(*patches.values(), strict=True)
    table = {
        "habitat_id": list(patches),
        "ecosystem": list(ecosystem),
        "species": pd.Series(species, dtype="str"),
    }
    return gpd.GeoDataFrame(table, geometry=list(shapes), crs="EPSG:4490").to_crs(crs)


def write(layer, path):
    """Write a layer by its suffix; GeoJSON by hand, so that nothing is rounded or mended."""
    if path.suffix == ".parquet":
        layer.to_parquet(path)
    elif path.suffix in {".geojson", ".json"}:
        path.write_text(json.dumps(feature_collection(layer)), encoding="utf-8")
    else:
        layer.to_file(path, engine="pyogrio")
    return path


def feature_collection(layer):
    table = layer.drop(columns="geometry").astype(object)
    table = table.where(table.notna(), None)
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": shape and shapely.geometry.mapping(shape),
        }
        for row, shape in zip(table.to_dict("records"), layer.geometry, strict=True)
    ]
    body = {"type": "FeatureCollection", "features": features}
    if layer.crs is not None and layer.crs.to_epsg() != 4326:
        name = f"urn:ogc:def:crs:EPSG::{layer.crs.to_epsg()}"
        body["crs"] = {"type": "name", "properties": {"name": name}}
    return body


# --- tables -------------------------------------------------------------------------------------


def _frame(contract, rows):
    """Rows as a table with the very types of its contract."""
    table = pd.DataFrame(rows, columns=columns(contract))
    return table.astype({n: str(c.dtype) for n, c in contract.to_schema().columns.items()})


def target(**changed):
    return {
        "plan_id": PLAN, "plan_zh": "规划", "plan_en": "Plan", "version": 1,
        "target_id": "wetland", "name_zh": "湿地", "name_en": "Wetland", "zone_id": "330000",
        "indicator": "coastal_wetland_restored", "unit": "ha", "operator": ">=", "value": 100.0,
        "start": "2021-01-01", "deadline": "2025-12-31", "excludes": None, "clause_zh": "一百公顷",
        "clause_en": "a hundred hectares",
        "source": "测试",
    } | changed  # fmt: skip


def project(project_id="p", **changed):
    return {
        "project_id": project_id, "name_zh": f"工程{project_id}",
        "name_en": f"Project {project_id}", "zone_id": WEST,
        "indicator": "coastal_wetland_restored", "ecosystem": "salt_marsh",
        "unit": "ha", "planned": None, "started": None, "completed": None, "accepted": None,
        "surviving": None, "completed_on": None, "accepted_on": None, "reported_on": "2024-01",
        "part_of": None,
        "provenance": "published", "source": "测试", "note_zh": None, "note_en": None,
    } | changed  # fmt: skip


def accepted(project_id, amount, day="2022-06-01", **changed):
    return project(project_id, accepted=amount, accepted_on=day, **changed)


def register(**changed):
    return {
        "target_id": "wetland", "zone_id": "330000", "complete_to": "2025-12-31",
        "provenance": "published", "source": "测试",
    } | changed  # fmt: skip


def targets_table(*rows):
    return _frame(Targets, rows)


def projects_table(*rows):
    return _frame(Projects, rows)


def surveys_table(*rows):
    return _frame(Surveys, rows)


def registers_table(*rows):
    return _frame(Registers, rows)


# --- a workspace --------------------------------------------------------------------------------


def _zone(zone_id, name_zh, name_en, level, parent_id, shape):
    return {
        "zone_id": zone_id, "name_zh": name_zh, "name_en": name_en, "level": level,
        "parent_id": parent_id, "provenance": "indicative", "source": "测试", "geometry": shape,
    }  # fmt: skip


def workspace_zones():
    both = box(121.0, 28.0, 121.2, 28.1)
    rows = [
        _zone("330000", "浙江省", "Zhejiang", "province", None, both),
        _zone("330300", "温州市", "Wenzhou", "city", "330000", WEST_SHAPE),
        _zone("331000", "台州市", "Taizhou", "city", "330000", EAST_SHAPE),
        _zone(WEST, "乐清市", "Yueqing", "county", "330300", WEST_SHAPE),
        _zone(EAST, "玉环市", None, "county", "331000", EAST_SHAPE),
    ]
    table = gpd.GeoDataFrame(rows, columns=columns(Zones), geometry="geometry", crs="EPSG:4490")
    return _as_text(table)


def change_marsh(folder):
    """In S-2025 half of the mangrove is marsh of Spartina, and the flat is no longer mapped."""
    patches = workspace_habitats("S-2025").iloc[[0, 0, 1, 2]].reset_index(drop=True)
    patches["habitat_id"] = ["m", "new", "s1", "s2"]
    patches.geometry = [
        box(121.02, 28.02, 121.025, 28.03), box(121.025, 28.02, 121.03, 28.03),
        *patches.geometry[2:],
    ]  # fmt: skip
    patches.loc[1, ["ecosystem", "species"]] = ["salt_marsh", "Spartina alterniflora"]
    patches.to_parquet(folder / "habitats_S-2025.parquet")
    return folder


def workspace_habitats(survey_id, demonstration=("s2",)):
    rows = [
        {
            "habitat_id": f"{survey_id}-{key}", "survey_id": survey_id, "name_zh": f"地点{key}",
            "name_en": None, "ecosystem": ecosystem, "species": species, "stated_area_ha": None,
            "provenance": "demonstration" if key in demonstration else "published",
            "source": "测试", "note": None, "geometry": shape,
        }
        for key, (ecosystem, species, shape) in PATCHES.items()
    ]  # fmt: skip
    table = gpd.GeoDataFrame(rows, columns=columns(Habitats), geometry="geometry", crs="EPSG:4490")
    return _as_text(table).astype({"stated_area_ha": "float64"})


def extents(**shapes):
    """Ground that surveys looked at: id of a survey and its outline; ``S_2022`` is S-2022."""
    rows = [
        {"survey_id": key.replace("_", "-"), "note": None, "source": "测试", "geometry": shape}
        for key, shape in shapes.items()
    ]
    table = gpd.GeoDataFrame(rows, columns=columns(Extents), geometry="geometry", crs="EPSG:4490")
    return _as_text(table)


def _as_text(table):
    words = [c for c in table.columns if c not in {"geometry", "stated_area_ha"}]
    return table.astype(dict.fromkeys(words, "str"))


def survey(survey_id, year):
    return {
        "survey_id": survey_id, "title_zh": f"{year} 年调查", "title_en": f"Survey {year}",
        "mode": "baseline", "means": "remote_sensing", "year": year, "observed_from": None,
        "observed_to": None, "base_survey_id": None, "organisation": None, "method": "drawn",
        "cover_threshold_percent": None, "accuracy_percent": None, "source_file": None,
        "source_sha256": None, "provenance": "indicative", "source": "测试",
    }  # fmt: skip


# --- rasters ------------------------------------------------------------------------------------

CLASSES, INDEX = "classes-2022", "index-2022"
PIXEL_DEG = 0.01
"""The rasters have 20 × 10 pixels of 0.01° from 121.0°E, 28.1°N: patches and zones fill whole ones.
"""


def class_pixels():
    """The patches as pixels, one wrong pixel of mangrove in the north-west, one gap in the east."""
    grid = np.zeros((10, 20), dtype=np.uint8)
    grid[7, 2] = 10
    grid[5, 9:11] = 21
    grid[7, 12] = 20
    grid[3, 19] = 80
    grid[0, 0] = 10
    grid[9, 19] = 255
    return grid


def index_pixels():
    """0.2 in the west and 0.6 in the east, stored as (value + 1) × 100; one gap in the east."""
    grid = np.full((10, 20), 120, dtype=np.uint8)
    grid[:, 10:] = 160
    grid[0, 19] = 255
    return grid


def write_raster(path, grid, *, crs="EPSG:4490", west=121.0, north=28.1, pixel=PIXEL_DEG,
                 nodata=255, scale=1.0, offset=0.0, transform=None, **profile):  # fmt: skip
    """A small GeoTIFF."""
    with rasterio.open(
        path, "w", driver="GTiff", height=grid.shape[0], width=grid.shape[1], count=1,
        dtype=grid.dtype, crs=crs, nodata=nodata,
        transform=transform or Affine(pixel, 0.0, west, 0.0, -pixel, north),
        **profile,
    ) as file:  # fmt: skip
        file.write(grid, 1)
        if (scale, offset) != (1.0, 0.0):
            file.scales, file.offsets = (scale,), (offset,)
    return path


def raster(raster_id=CLASSES, **changed):
    """Passport of a class raster."""
    return {
        "raster_id": raster_id, "title_zh": "栅格", "title_en": "Raster", "kind": "classes",
        "survey_id": "S-2022", "year": 2022, "quantity_zh": None, "quantity_en": None,
        "unit": None, "low": None, "high": None, "provenance": "demonstration",
        "source": "测试", "licence": "CC0", "method": "drawn",
    } | changed  # fmt: skip


def index(raster_id=INDEX, **changed):
    """Passport of a continuous raster."""
    own = {"kind": "continuous", "quantity_zh": "植被指数", "quantity_en": "Index",
           "unit": None, "low": -0.4, "high": 0.9}  # fmt: skip
    return raster(raster_id) | own | changed


def write_rasters(folder, *rows):
    """The passports of a workspace's rasters; the files are written apart."""
    _frame(Rasters, rows).to_csv(folder / "rasters.csv", index=False, encoding="utf-8-sig")


# --- a folder of it all -------------------------------------------------------------------------

PASSPORT = {
    "workspace_id": "small", "name_zh": "小", "name_en": "Small", "zone_id": "330000",
    "default_survey_id": "S-2022", "default_plan_id": PLAN, "factor_set": "zhejiang",
    "map_review_number": None, "zones_label_zh": "示意分区", "zones_label_en": "indicative zones",
}  # fmt: skip


def write_workspace(folder: Path) -> Path:
    """A workspace of two surveys, two targets, three projects and two rasters."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "workspace.json").write_text(json.dumps(PASSPORT), encoding="utf-8")
    workspace_zones().to_parquet(folder / "zones.parquet")
    workspace_zones()[["name_zh", "name_en", "geometry"]].iloc[:1].to_parquet(
        folder / "land.parquet"
    )
    for year in (2022, 2025):
        survey_id = f"S-{year}"
        workspace_habitats(survey_id).to_parquet(folder / f"habitats_{survey_id}.parquet")
    tables = {
        "surveys": _frame(Surveys, [survey("S-2022", 2022), survey("S-2025", 2025)]),
        "targets": targets_table(
            target(), target(target_id="shore", indicator="shoreline_restored", unit="km", value=74)
        ),
        "projects": projects_table(
            accepted("one", 60.0),
            accepted("demo", 500.0, provenance="demonstration"),
            accepted("shore", 2.84, indicator="shoreline_restored", unit="km", ecosystem=None),
        ),
        "registers": registers_table(register()),
    }
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig")
    write_raster(folder / f"raster_{CLASSES}.tif", class_pixels())
    write_raster(folder / f"raster_{INDEX}.tif", index_pixels(), scale=0.01, offset=-1.0)
    write_rasters(folder, raster(), index())
    return folder
