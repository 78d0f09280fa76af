"""Area on the ellipsoid against a loop over ``pyproj.Geod``."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import Geod

from benchmarks import coast, measure
from bluecarbon_map import geodesy

PATCHES = 20_000


def run() -> None:
    """Print the table."""
    patches = in_degrees(coast.patches(PATCHES))
    geod = Geod(ellps="GRS80")
    loop = lambda: np.array([abs(geod.geometry_area_perimeter(p)[0]) for p in patches])  # noqa: E731
    ours_s, theirs_s = measure.against(lambda: geodesy.ellipsoidal_area_m2(patches), loop)
    off = np.abs(geodesy.ellipsoidal_area_m2(patches) / loop() - 1.0).max()
    measure.heading("Area on the ellipsoid (target: 8x, 1 ppm)", "Geod loop")
    measure.row(f"{PATCHES:,} patches", ours_s, theirs_s, f"largest difference {off * 1e6:.2g} ppm")
    measure.versions("numpy", "shapely", "pyproj")


def in_degrees(patches: np.ndarray) -> np.ndarray:
    """Metres of the plane as degrees around 120E 29N, shapes about right."""
    return shapely.transform(patches, lambda xy: xy / [97_000.0, 111_000.0] + [119.0, 27.5])
