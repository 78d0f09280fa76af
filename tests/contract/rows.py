"""Rows of every kind of record, each with a value missing where its contract allows it."""

from __future__ import annotations

from decimal import Decimal

import geopandas as gpd
import pandas as pd

from bluecarbon_map.store.schema import RECORDS
from tests import builders

_SAID = {"provenance": "published", "source": "测试"}


def frame(name, *rows):
    """Rows with the very types of their contract; columns that are not named are missing."""
    record = RECORDS[name]
    table = pd.DataFrame(list(rows), columns=record.columns)
    types = {"text": "str", "float": "float64", "int": "int64", "amount": "object"}
    table = table.astype({n: types[k] for n, k in record.kinds.items() if k != "geometry"})
    for column, kind in record.kinds.items():
        if kind == "amount":
            table[column] = table[column].where(table[column].notna(), None).astype(object)
    if record.has_geometry:
        return gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4490")
    return table


def survey_row(survey_id):
    return frame("surveys", builders.survey(survey_id, 2030))


def habitats(survey_id, *, to_crs="EPSG:4490", outline=builders.WEST_SHAPE):
    row = {"habitat_id": "new", "survey_id": survey_id, "ecosystem": "mangrove",
           "geometry": outline} | _SAID  # fmt: skip
    return frame("habitats", row).to_crs(to_crs)


def one_of_each():
    """Name of a table → rows that are in no small workspace yet."""
    box = builders.WEST_SHAPE
    return {
        "zones": frame("zones", {"zone_id": "Z|1", "name_zh": "区", "level": "other",
                                 "geometry": box} | _SAID),
        "surveys": survey_row("S-2030"),
        "extents": frame("extents", {"survey_id": "S-2030", "source": "测试", "geometry": box}),
        "habitats": habitats("S-2030"),
        "patch_changes": frame("patch_changes", {
            "survey_id": "S-2030", "change_no": 1, "what": "added", "decision": "pending",
            "area_to_ha": 0.1 + 0.2, "geometry": box} | _SAID),
        "sites": frame("sites", {"site_id": "P1", "ecosystem": "mangrove", "lon": 121.1,
                                 "lat": -0.0, "density_t_c_ha": 1e-7} | _SAID),
        "observations": frame("observations", {
            "site_id": "P1", "observed_on": "2024-05-01", "quantity": "ndvi", "value": 0.3,
            "unit": "1", "means": "fixed_station"} | _SAID),
        "core_slices": frame(
            "core_slices",
            {"study_id": "E1", "core_id": "c", "depth_min_cm": 0.0, "depth_max_cm": 10.0} | _SAID,
            {"study_id": "E1", "core_id": "c", "site_id": "P1", "depth_min_cm": 0.0,
             "depth_max_cm": 10.0, "fraction_carbon": 0.02} | _SAID,
        ),
        "targets": frame("targets", builders.target(target_id="new", version=2)),
        "projects": frame("projects", builders.project("new")),
        "visits": frame("visits", {"visit_id": "v", "project_id": "new",
                                   "visited_on": "2024-05-01"} | _SAID),
        "registers": frame("registers", builders.register(target_id="new")),
        "rasters": frame("rasters", builders.raster(raster_id="new", survey_id=None)),
        "harvests": frame("harvests", {"harvest_id": "h", "species": "Porphyra",
                                       "wet_t": Decimal("10.50"), "harvested_on": "2024"} | _SAID),
        "transactions": frame("transactions", {
            "transaction_id": "t", "kind": "sale", "t_co2e": Decimal("2340.1"),
            "traded_on": "2024-05-01"} | _SAID),
        "instruments": frame("instruments", {"instrument_id": "i", "kind": "loan", "name": "贷款",
                                             "amount_cny": Decimal("1000000")} | _SAID),
        "policies": frame("policies", {"policy_id": "p", "title": "意见", "source": "测试"}),
        "duties": frame("duties", {"duty_id": "d", "policy_id": "p", "clause": "条", "body": "局",
                                   "role": "lead", "source": "测试"}),
        "factors": frame("factors", {
            "factor_id": "f", "ecosystem": "mangrove", "region": "x", "pool": "soc",
            "quantity": "density", "tier": 3, "confidence": "verified", "source": "测试"}),
    }  # fmt: skip
