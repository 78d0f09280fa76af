"""Web Mercator and its tiles: where a place falls on the drawing, in pixels.

World pixels are pixels of zoom 0, where the whole world is 256 × 256; the pixels of zoom z are
world pixels × 2**z. This projection is for drawing only: nothing is ever measured in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from bluecarbon_map.units import FloatArray

TILE_PX: Final = 256
MAX_ZOOM: Final = 18
_MAX_LATITUDE: Final = 85.05112878

GeometryArray = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Tile:
    """Address of one tile, as in ``/{z}/{x}/{y}.png``; y grows southward.

    Raises:
        ValueError: If there is no such tile.
    """

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not 0 <= self.z <= MAX_ZOOM:
            raise ValueError(f"zoom must be 0 to {MAX_ZOOM}, not {self.z}")
        if not (0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z):
            raise ValueError(f"zoom {self.z} has no tile {self.x}/{self.y}")

    @property
    def scale(self) -> int:
        """Pixels of this zoom in one world pixel."""
        return int(2**self.z)

    def bounds(self, margin_px: float = 0.0) -> tuple[float, float, float, float]:
        """West, north, east, south edges in world pixels, ``margin_px`` of this zoom wider."""
        left, top = self.x * TILE_PX - margin_px, self.y * TILE_PX - margin_px
        side = TILE_PX + 2 * margin_px
        return (
            left / self.scale,
            top / self.scale,
            (left + side) / self.scale,
            (top + side) / self.scale,
        )


def to_world(degrees: FloatArray) -> FloatArray:
    """Longitude and latitude as world pixels.

    Args:
        degrees: Shape (n, 2), degrees; latitudes beyond ±85.05 are drawn at the edge.

    Returns:
        Shape (n, 2): pixels eastward of 180W and southward of 85.05N.
    """
    latitude = np.radians(np.clip(degrees[:, 1], -_MAX_LATITUDE, _MAX_LATITUDE))
    east = (degrees[:, 0] + 180.0) / 360.0
    south = (1.0 - np.arcsinh(np.tan(latitude)) / np.pi) / 2.0
    return np.column_stack([east, south]) * TILE_PX


def to_degrees(world: FloatArray) -> FloatArray:
    """World pixels as longitude and latitude, the way back from `to_world`.

    Args:
        world: Shape (n, 2), pixels.

    Returns:
        Shape (n, 2), degrees.
    """
    east, south = (world / TILE_PX).T
    latitude = np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * south))))
    return np.column_stack([east * 360.0 - 180.0, latitude])


def shapes_to_world(shapes: GeometryArray) -> GeometryArray:
    """Geometry in degrees as geometry in world pixels."""
    projected: GeometryArray = shapely.transform(shapes, to_world)
    return projected


def fitting_view(
    bounds: tuple[float, float, float, float], width_px: int, height_px: int
) -> tuple[tuple[float, float], int]:
    """Centre (latitude, longitude) and whole zoom at which a box fits a map of the given size.

    Args:
        bounds: West, south, east, north, in degrees.
        width_px: Width of the map.
        height_px: Height of the map.
    """
    west, south, east, north = bounds
    corners = to_world(np.array([[west, north], [east, south]]))
    spread = np.maximum(np.abs(corners[1] - corners[0]), 1e-9)
    zoom = int(np.floor(np.log2(min(width_px / spread[0], height_px / spread[1]))))
    return ((south + north) / 2, (west + east) / 2), max(0, min(zoom, MAX_ZOOM))
