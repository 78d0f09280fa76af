"""Coordinate systems, area and length: where a layer lies and how large things on it are.

Layers are stored in degrees (``STORAGE_CRS``). Whatever is cut or added up is first laid into one
equal-area plane (``EQUAL_AREA_CRS``) and cut *and* measured there, so parts always add up to their
whole. Vertices are what the layer says, edges are straight in that plane; nothing is densified, so
the same vertices written in another coordinate system have the same area.

An edge that is straight in a cylindrical equal-area plane is what the official rule for areas
(国土调查办发〔2008〕32号) means by an edge: plane and rule agree. `ellipsoidal_area_m2`
measures with edges that go the shortest way, as GeographicLib does; the two differ by parts per
million over edges of some kilometres.

Source of the codes and of the area rule: docs/methods/01-area.md.
"""

from bluecarbon_map.geodesy.codes import (
    STORAGE_CRS,
    CRSSuggestion,
    cgcs2000_code,
    suggest_crs,
)
from bluecarbon_map.geodesy.ellipsoid import (
    FLATTENING,
    SEMI_MAJOR_AXIS_M,
    GeometryArray,
    IndexArray,
    ellipsoidal_area_m2,
    geodesic_length_m,
)
from bluecarbon_map.geodesy.layers import (
    EQUAL_AREA_CRS,
    Layer,
    area_ha,
    name_of,
    require_crs,
    require_modern_datum,
    to_equal_area,
)

__all__ = [
    "EQUAL_AREA_CRS",
    "FLATTENING",
    "SEMI_MAJOR_AXIS_M",
    "STORAGE_CRS",
    "CRSSuggestion",
    "GeometryArray",
    "IndexArray",
    "Layer",
    "area_ha",
    "cgcs2000_code",
    "ellipsoidal_area_m2",
    "geodesic_length_m",
    "name_of",
    "require_crs",
    "require_modern_datum",
    "suggest_crs",
    "to_equal_area",
]
