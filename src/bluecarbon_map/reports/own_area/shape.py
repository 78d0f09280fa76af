"""The outline of an own area: checked, mended where it crosses itself, and never taken unseen.

An outline comes from a drawing, a file, a browser's memory or a link: all are strangers. What is
kept is polygons in EPSG:4490, valid, without heights, and what was done to them in words.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from bluecarbon_map.errors import GeometryError, InputError
from bluecarbon_map.geodesy import STORAGE_CRS, GeometryArray, suggest_crs, to_equal_area
from bluecarbon_map.units import ha_from_m2

MOST_VERTICES: Final = 100_000
MOST_CROSSED: Final = 512
"""Vertices of outlines that cross themselves: mending takes time with the cube of the lines."""
"""Vertices of an own area; one of more is generalised first, or handed in as zones."""
MOST_PARTS: Final = 5_000
"""Polygons that one own area may be made of."""
MOST_TEXT: Final = 8_000_000
"""Letters of a GeoJSON text."""
LONGEST_NAME: Final = 60
LEAST_M2: Final = 1.0

_WHERE: Final = "own area"
_POLYGON, _MULTIPOLYGON, _COLLECTION = 3, 6, 7


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence for the reader, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnArea:
    """Ground that somebody drew or brought along.

    Attributes:
        name: What they call it; text, never markup.
        shape: Valid polygon or polygons in EPSG:4490.
        said: What was done to the outline before it was taken.
    """

    name: str
    shape: shapely.Geometry
    said: tuple[Told, ...] = ()


def own_area(shapes: Iterable[shapely.Geometry | None], name: str = "") -> OwnArea:
    """Make one own area of outlines in degrees.

    Args:
        shapes: Polygons in EPSG:4490; several become one, and it is said.
        name: What it is called.

    Raises:
        GeometryError: If there is no polygon, one has a coordinate that is no number or no degree,
            it encloses less than a square metre, or there are too many vertices or parts.
    """
    given = np.array(list(shapes), dtype=object)
    parts, count = _polygons(given)
    _require_degrees(parts)
    whole, crossed = _mended(parts)
    plane = in_plane(whole)
    area_m2 = float(shapely.area(plane))
    if not area_m2 >= LEAST_M2:
        raise _refused("the outline encloses less than a square metre", "Draw it larger")
    said = []
    if count > 1:
        said.append(_dissolved(count))
    if crossed:
        said.append(_crossed(crossed, float(ha_from_m2(area_m2))))
    return OwnArea(name=clean_name(name), shape=whole, said=tuple(said))


def in_plane(shape: shapely.Geometry) -> shapely.Geometry:
    """An outline in the equal-area plane, valid there too."""
    plane = to_equal_area(gpd.GeoSeries([shape], crs=STORAGE_CRS), _WHERE)[0]
    return plane if shapely.is_valid(plane) else _made_valid(plane)


def clean_name(name: str) -> str:
    """A name without control characters, on one line, of sixty letters at most."""
    plain = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in name)
    return " ".join(plain.split())[:LONGEST_NAME]


def from_geojson(text: str) -> list[OwnArea]:
    """Own areas of a GeoJSON text: each feature one, its property ``name`` its name.

    Args:
        text: A geometry, a feature or a collection of features, in degrees.

    Raises:
        GeometryError: If an outline cannot be used.
        InputError: If it is no GeoJSON of polygons.
    """
    if len(text) > MOST_TEXT:
        raise _refused(f"the text is longer than {MOST_TEXT:,} letters", "Split it")
    try:
        features = _features(json.loads(text))
        shapes = [_shape(feature["geometry"]) for feature in features]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as no:
        raise InputError(
            _WHERE, "this is no GeoJSON of polygons", "Export it again as polygons in degrees"
        ) from no
    if not features:
        raise _refused("there is no outline in it", "Draw one polygon or more")
    return [
        own_area([shape], _name_of(feature))
        for feature, shape in zip(features, shapes, strict=True)
    ]


def to_geojson(areas: Sequence[OwnArea]) -> str:
    """The same back, RFC 7946; no digit of a coordinate is lost."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": area.name},
            "geometry": shapely.geometry.mapping(
                shapely.orient_polygons(area.shape, exterior_cw=False)
            ),
        }
        for area in areas
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


# --- reading --------------------------------------------------------------------------------------


def _features(said: dict[str, Any]) -> list[dict[str, Any]]:
    if said["type"] == "FeatureCollection":
        return [one for one in said["features"] if isinstance(one, dict)]
    return [said] if said["type"] == "Feature" else [{"geometry": said}]


def _name_of(feature: dict[str, Any]) -> str:
    properties = feature.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else ""


def _shape(said: dict[str, Any]) -> shapely.Geometry:
    """Polygons by hand: numbers only, so that no reader of another format is asked."""
    kind, rings = said["type"], said["coordinates"]
    if kind == "Polygon":
        return _polygon(rings)
    if kind == "MultiPolygon":
        return shapely.multipolygons([_polygon(one) for one in rings])
    raise ValueError(kind)


def _polygon(rings: list[list[list[float]]]) -> shapely.Polygon:
    shell, *holes = [_ring(ring) for ring in rings]
    return shapely.Polygon(shell, holes)


def _ring(ring: list[list[float]]) -> shapely.LinearRing:
    places = np.array([[_number(place[0]), _number(place[1])] for place in ring], dtype=float)
    if not np.isfinite(places).all():
        raise _refused("a coordinate is not a finite number", "Draw or export it again")
    return shapely.linearrings(places)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    return float(value)


# --- checking -------------------------------------------------------------------------------------


def _refused(reason: str, fix: str) -> GeometryError:
    return GeometryError(_WHERE, reason, fix)


def _polygons(given: GeometryArray) -> tuple[GeometryArray, int]:
    """Single polygons of what was given, heights dropped, and of how many shapes they are."""
    there = given[~(shapely.is_missing(given) | shapely.is_empty(given))]
    if not len(there):
        raise _refused("there is no outline", "Draw one polygon or more")
    if not np.isin(shapely.get_type_id(there), (_POLYGON, _MULTIPOLYGON)).all():
        raise _refused("a point or a line has no area", "Draw a polygon round the ground")
    vertices, parts = shapely.get_num_coordinates(there).sum(), shapely.get_parts(there)
    if vertices > MOST_VERTICES or len(parts) > MOST_PARTS:
        raise _refused(
            f"it has {vertices:,} vertices in {len(parts):,} polygons; {MOST_VERTICES:,} in "
            f"{MOST_PARTS:,} are the most",
            "Generalise the outline, or use parts of it",
        )
    return shapely.force_2d(parts), len(there)


def _require_degrees(parts: GeometryArray) -> None:
    xy = shapely.get_coordinates(parts)
    if not np.isfinite(xy).all():
        raise _refused("a coordinate is not a finite number", "Draw or export it again")
    lon, lat = np.abs(xy).max(axis=0).tolist()
    if lon <= 180.0 and lat <= 90.0:
        return
    (west, south), (east, north) = xy.min(axis=0).tolist(), xy.max(axis=0).tolist()
    guess = suggest_crs(west, east, south, north)
    raise _refused(
        f"coordinates up to {lon:,.0f} and {lat:,.0f} are no degrees ({guess.reason})",
        "Bring it as a file that states its coordinate system, or reproject it to EPSG:4490",
    )


def _mended(parts: GeometryArray) -> tuple[shapely.Geometry, int]:
    """All parts as one valid outline, and how many of them crossed themselves."""
    crossed = ~shapely.is_valid(parts)
    sound = parts.copy()
    if shapely.get_num_coordinates(parts[crossed]).sum() > MOST_CROSSED:
        raise _refused(
            f"the outline crosses itself and has more than {MOST_CROSSED:,} vertices",
            "Draw it without crossings, or bring it as a file",
        )
    sound[crossed] = [_made_valid(one) for one in parts[crossed]]
    whole = sound[0] if len(sound) == 1 else _polygonal(shapely.union_all(sound))
    return whole, int(crossed.sum())


def _made_valid(shape: shapely.Geometry) -> shapely.Geometry:
    """As the gate mends a file: ground that the line goes round twice counts, once."""
    return _polygonal(shapely.make_valid(shape, method="structure", keep_collapsed=False))


def _polygonal(shape: shapely.Geometry) -> shapely.Geometry:
    """Without the lines and points that mending leaves."""
    if shapely.get_type_id(shape) in (_POLYGON, _MULTIPOLYGON):
        return shape
    parts = shapely.get_parts(shape)
    if shapely.get_type_id(shape) == _COLLECTION:
        parts = shapely.get_parts(parts)  # a collection may hold multipolygons
    return shapely.union_all(parts[shapely.get_type_id(parts) == _POLYGON])


def _dissolved(shapes: int) -> Told:
    return Told(
        f"由 {shapes} 个图形合并而成，重叠处只计一次。",
        f"{shapes} shapes were joined into one; ground they share counts once.",
    )


def _crossed(parts: int, area_ha: float) -> Told:
    return Told(
        f"轮廓自相交（{parts} 个多边形），已修复：围住的地面都计入，共 {area_ha:,.2f} 公顷。"
        "如非本意，请重画。",
        f"The outline crossed itself ({parts} polygons) and was mended: the ground it encloses "
        f"counts, {area_ha:,.2f} ha. Draw it anew if that is not meant.",
    )
