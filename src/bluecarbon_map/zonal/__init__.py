"""Rasters × zones: class areas and means with exact pixel shares.

A pixel that a zone's outline cuts counts with the very share of it that lies in the zone: no pixel
centre decides. Zones are laid into the raster's coordinate system, the raster is never warped, and
each pixel weighs what it covers on the ellipsoid.

Strip by strip of the raster:

1. `outlines` holds the zones' edges in pixels.
2. `shares` turns the edges of a strip into the pixels they cut, with their shares, and the runs of
   pixels between them.
3. `kernels` adds up the pixels of the strip, weighed by `ground`, while the next one is read.

Memory is the edges and two strips, whatever the size of the raster (GDAL keeps a cache of its own;
``GDAL_CACHEMAX`` bounds it). The machine code of `kernels` is made at the first call and kept on
disk; nothing is compiled at import, and `warm` makes it ahead.

Source: docs/methods/06-rasters-by-zone.md.
"""

from __future__ import annotations

from bluecarbon_map.zonal.classes import OFF_RASTER, class_areas
from bluecarbon_map.zonal.means import means
from bluecarbon_map.zonal.raster import Band, describe
from bluecarbon_map.zonal.warm import warm

__all__ = ["OFF_RASTER", "Band", "class_areas", "describe", "means", "warm"]
