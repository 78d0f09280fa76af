"""Outlines for the map, thin enough to be sent, and the box its first view holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from bluecarbon_map.geodesy import GeometryArray
from bluecarbon_map.store.base import Workspace

Bounds = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""

_STARTED_WITH: Final = ("mangrove", "tidal_flat")
"""Ecosystems that the first view of the map holds."""

_STEPS_ACROSS: Final = 1500
"""A shape keeps what is seen when it fills a screen of so many pixels."""
_MOST: Final = 3_000
"""Outlines of many rows that are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlines:
    """Many rows as one GeoJSON geometry without properties.

    Attributes:
        geojson: The geometry.
        bounds: Bounds of all rows.
        shown: How many of them are in it.
        rows: How many there are.
    """

    geojson: str
    bounds: Bounds
    shown: int
    rows: int


def many(shapes: GeometryArray) -> Outlines | None:
    """Rows for the map: thin, and evenly picked where there are too many; None without any.

    Args:
        shapes: Geometry of the rows in degrees, shape (rows,).
    """
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
    if not np.isfinite([west, south, east, north]).all():
        return None
    picked = shapes[:: -(-len(shapes) // _MOST)]
    thin = shapely.simplify(picked, max(east - west, north - south) / _STEPS_ACROSS)
    # A patch too small for the screen keeps its place.
    gone = shapely.is_empty(thin) & ~shapely.is_empty(picked)
    thin[gone] = picked[gone]
    return Outlines(
        geojson=str(shapely.to_geojson(shapely.geometrycollections(thin))),
        bounds=(west, south, east, north),
        shown=len(picked),
        rows=len(shapes),
    )


def thinned(shape: shapely.Geometry) -> tuple[str, Bounds]:
    """A shape as GeoJSON without properties, and its bounds."""
    west, south, east, north = shape.bounds
    thin = shapely.simplify(shape, (east - west) / _STEPS_ACROSS)
    return str(shapely.to_geojson(thin)), (west, south, east, north)


def first_view(workspace: Workspace) -> Bounds:
    """Bounds of the mangroves and tidal flats; of the zones where there is no survey.

    Not of farms and islands, which lie far out; marshes lie beside the flats, and where they reach
    farther, along the north shore of Hangzhou Bay, the mangroves of the south would go to the edge.
    """
    survey_id = workspace.info.default_survey_id
    if survey_id is None:
        west, south, east, north = workspace.zones().total_bounds.tolist()
        return west, south, east, north
    of = ["workspace", "zones", f"habitats/{survey_id}"]
    kept = workspace.kept("first_view", of=of, make=lambda: _first_view(workspace, survey_id))
    west, south, east, north = json.loads(kept)
    return west, south, east, north


def _first_view(workspace: Workspace, survey_id: str) -> bytes:
    boxes = workspace.habitat_boxes(survey_id, _STARTED_WITH)
    if not len(boxes):
        boxes = workspace.habitat_boxes(survey_id)
    if not len(boxes):
        return json.dumps(workspace.zones().total_bounds.tolist()).encode()
    corners = [*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist()]
    return json.dumps(corners).encode()
