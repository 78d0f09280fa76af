"""Contracts of what only a store holds: the workspace's own row, and the land of its map."""

from __future__ import annotations

from typing import Any

import pandera.pandas as pa
from pandera.geopandas import GeoDataFrameModel
from pandera.typing import Series
from pandera.typing.geopandas import GeoSeries

from bluecarbon_map.tables.fields import field


class WorkspaceRows(pa.DataFrameModel):
    """What a workspace says of itself, `store.base.WorkspaceInfo`: one row."""

    workspace_id: Series[str] = field("Short id", unique=True)
    name_zh: Series[str] = field("Chinese name of the region")
    name_en: Series[str] = field("English name of the region")
    zone_id: Series[str] = field("Zone that is the whole region")
    default_survey_id: Series[str] = field("Survey shown first", nullable=True)
    default_plan_id: Series[str] = field("Plan shown first", nullable=True)
    factor_set: Series[str] = field("Named set of coefficients used first")
    map_review_number: Series[str] = field("审图号", nullable=True)
    zones_label_zh: Series[str] = field("What kind of boundaries the zones are, Chinese")
    zones_label_en: Series[str] = field("The same in English")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Land(GeoDataFrameModel):
    """Land to draw the map on."""

    land_no: Series[int] = field("Number of the piece", unique=True, ge=1)
    name_zh: Series[str] = field("Chinese name; empty for ground without one", nullable=True)
    name_en: Series[str] = field("English name; empty for ground without one", nullable=True)
    zone_id: Series[str] = field("Code of the unit, GB/T 2260, where it is one", nullable=True)
    detail: Series[str] = field("How finely it is drawn", nullable=True)
    geometry: GeoSeries[Any] = field("Outline")

    class Config:
        """Strict, nothing coerced."""

        strict = True
