"""Outlines for the map, thin enough to be sent, and the box its first view holds."""

from __future__ import annotations

from typing import Final

import shapely

from bluecarbon_map.store.base import Workspace

Bounds = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""

_STARTED_WITH: Final = ("mangrove", "tidal_flat")
"""Ecosystems that the first view of the map holds."""

_STEPS_ACROSS: Final = 1500
"""A shape keeps what is seen when it fills a screen of so many pixels."""


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
    patches = workspace.habitats(survey_id)
    coastal = patches[patches["ecosystem"].isin(_STARTED_WITH)]
    west, south, east, north = (patches if coastal.empty else coastal).total_bounds.tolist()
    return west, south, east, north
