"""A workspace whose every text is an attack, taken from the corpus of bad input.

Each text begins with its table and column between ``§``, so that one can see which of them a page
shows, and that nothing of what follows was taken for markup.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from scripts.badinputs import FOLDER

from bluecarbon_map.store.base import Change, Register
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.places import create_sqlite, passport_row
from bluecarbon_map.store.schema import RECORDS
from bluecarbon_map.tables import PatchChanges
from tests import builders

_FILES = ("xss_svg_md", "xss_field_name", "xss_backtick_template", "xss_style_value",
          "html_in_name")  # fmt: skip
_SIGNS = ("<", "`", "${", "javascript:", '"')
_NOT_TEXT = {"parent_id", "part_of", "interval_kind", "pool", "quantity", "ecosystem"}
"""Codes, and words that the program reads."""
_IDS = ("survey_id", "habitat_id", "plan_id", "target_id", "project_id")
_NAMED_BY = {"base_survey_id": "survey_id", "base_habitat_id": "habitat_id"}


def payloads() -> tuple[str, ...]:
    """Every hostile name and value of the corpus's layers, Markdown first."""
    found: dict[str, None] = {}
    for name in _FILES:
        body = json.loads((FOLDER / "geojson" / f"{name}.geojson").read_text(encoding="utf-8"))
        for key, value in body["features"][0]["properties"].items():
            for text in (key, value):
                if isinstance(text, str) and any(sign in text for sign in _SIGNS):
                    found[text] = None
    found[_layer_name()] = None
    return tuple(sorted(found, key=lambda text: not text.startswith("[")))


def _layer_name() -> str:
    with sqlite3.connect(f"file:{FOLDER}/gpkg/layer_name_sql.gpkg?mode=ro", uri=True) as file:
        return str(file.execute("SELECT table_name FROM gpkg_contents").fetchone()[0])


ATTACK = " ".join(payloads())


def text(of: str) -> str:
    """The attack, with its place before it."""
    return f"§{of}§{ATTACK}"


def named(kind: str, value: Any) -> Any:
    """A hostile id; what is no text stays as it is."""
    return f"{value} {text(kind)}" if isinstance(value, str) else value


def build(folder: Path) -> Register:
    """A workspace on a database: two surveys, a change, an extent, projects, rasters, factors."""
    source = FolderStore(builders.write_workspace(folder / "files"))
    info = replace(
        source.info,
        name_zh=text("workspace.name_zh"),
        name_en=text("workspace.name_en"),
        default_survey_id=named("survey_id", "S-2022"),
        default_plan_id=named("plan_id", builders.PLAN),
        map_review_number=text("workspace.map_review_number"),
        zones_label_zh=text("workspace.zones_label_zh"),
        zones_label_en=text("workspace.zones_label_en"),
    )
    store = create_sqlite(folder / "workspace", info)
    tables = {name: _hostile(name, table) for name, table in _tables(source).items()}
    tables["workspace"] = passport_row(info)
    rasters = {one: source.raster_path(one) for one in source.rasters()["raster_id"]}
    change = Change(
        kind="import", actor=text("changes.actor"), reason=text("changes.reason"), tables=tables,
        replace=True, rasters=rasters, source_name=text("changes.source_name"),
    )  # fmt: skip
    store.apply(change)
    return store


def _tables(source: FolderStore) -> dict[str, pd.DataFrame]:
    surveys = source.surveys()
    surveys.loc[1, "base_survey_id"] = "S-2022"
    both = [source.habitats(survey) for survey in surveys["survey_id"]]
    patches = gpd.GeoDataFrame(pd.concat(both, ignore_index=True), crs="EPSG:4490")
    land = source.land().assign(land_no=1, zone_id=None, detail=None)
    return {
        "zones": source.zones(), "land": land, "surveys": surveys, "habitats": patches,
        "targets": source.targets(), "projects": source.projects(), "rasters": source.rasters(),
        "registers": source.registers(), "extents": builders.extents(S_2022=builders.WEST_SHAPE),
        "patch_changes": _changes(), "factors": _factors(),
    }  # fmt: skip


def _changes() -> gpd.GeoDataFrame:
    row = {
        "survey_id": "S-2025", "change_no": 1, "what": "removed", "base_habitat_id": "S-2022-m1",
        "habitat_id": None, "ecosystem_from": "mangrove", "ecosystem_to": None,
        "area_from_ha": 1.0, "area_to_ha": None, "decision": "accepted", "provenance": "published",
        "geometry": builders.PATCHES["m1"][2],
    }  # fmt: skip
    rows = [dict.fromkeys(RECORDS["patch_changes"].columns) | row]
    return gpd.GeoDataFrame(_typed(PatchChanges, rows), geometry="geometry", crs="EPSG:4490")


def _factors() -> pd.DataFrame:
    """One density of the workspace's own."""
    row = {
        "factor_id": "reed-soil", "ecosystem": "salt_marsh", "species": "Phragmites australis",
        "region": "x", "pool": "soil", "depth_top_cm": 0.0, "depth_bottom_cm": 100.0,
        "quantity": "stock_C", "unit": "t C/ha", "value": 90.0, "low": 80.0, "high": 100.0,
        "interval_kind": "range", "tier": 3, "confidence": "derived_from_verified",
    }  # fmt: skip
    contract = RECORDS["factors"].contract
    return _typed(contract, [dict.fromkeys(RECORDS["factors"].columns) | row])


def _typed(contract: Any, rows: list[dict[str, Any]]) -> pd.DataFrame:
    wanted = contract.to_schema().columns
    kinds = {name: str(one.dtype) for name, one in wanted.items() if name != "geometry"}
    return pd.DataFrame(rows, columns=list(wanted)).astype(kinds)


def _hostile(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The table with the attack in every column whose words are free, and in every id."""
    wanted = RECORDS[name].contract.to_schema().columns
    for column, one in wanted.items():
        kind = _NAMED_BY.get(column, column)
        if kind in _IDS:
            ids = [named(kind, value) for value in table[column]]
            table[column] = pd.Series(ids, table.index, "str")
        elif (name, column) != ("factors", "unit") and _is_free(column, str(one.dtype), one.checks):
            table[column] = pd.Series(text(f"{name}.{column}"), table.index, "str")
    return table


def _is_free(column: str, kind: str, checks: list[Any]) -> bool:
    is_day = column.endswith(("_on", "_to", "_from", "_id")) or column in {"start", "deadline"}
    return kind.startswith("str") and not (checks or is_day or column in _NOT_TEXT)
