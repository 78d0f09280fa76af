"""Patches × zones: one hectare one class, and the area of every patch in every zone.

All geometry handed in lies in one equal-area plane (`geodesy.to_equal_area`), in metres, and is
cut and measured there. Three steps, in this order:

1. `require_polygons` refuses what cannot be measured.
2. `planarise` gives ground that several patches claim to one of them, by a stated priority.
3. `intersect` cuts the patches along the zones; `area_table` adds the pieces up.

`check_zones` judges zones that lie on top of each other.
"""

from __future__ import annotations

from bluecarbon_map.overlay.checks import require_polygons
from bluecarbon_map.overlay.cutting import Pieces
from bluecarbon_map.overlay.pieces import area_table, intersect
from bluecarbon_map.overlay.planar import Overlaps, Planarised, planarise
from bluecarbon_map.overlay.zones import CheckedZones, check_zones

__all__ = [
    "CheckedZones",
    "Overlaps",
    "Pieces",
    "Planarised",
    "area_table",
    "check_zones",
    "intersect",
    "planarise",
    "require_polygons",
]
