"""Rows without usable geometry, heights, and geometry of another kind than is wanted."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from bluecarbon_map.gate.checks.draft import Draft, Mask, blocks
from bluecarbon_map.gate.checks.mending import only_polygons
from bluecarbon_map.gate.problems import Severity

_MOST_VERTICES: Final = 60_000_000
_MOST_VERTICES_OF_A_ROW: Final = 2_000_000
_POINT, _POLYGON, _MULTIPOLYGON, _COLLECTION = 0, 3, 6, 7
_LEFT_OUT: Final = "The row was left out; draw it, or go on without it"


def leave_out_nothing(draft: Draft) -> None:
    """Rows without geometry, with an empty one, or with coordinates that are no numbers."""
    missing = ~draft.there
    if missing.any():
        draft.name(
            missing, Severity.WARNING, "geometry_missing", "The row has no geometry", _LEFT_OUT
        )
    empty = shapely.is_empty(draft.geometry)
    draft.leave_out(empty, Severity.WARNING, "geometry_empty", "The geometry is empty", _LEFT_OUT)
    draft.leave_out(
        _not_finite(draft),
        Severity.ERROR,
        "coordinate_not_finite",
        "A coordinate is not a finite number",
        "Correct this row, or leave it out of the file",
    )


def _not_finite(draft: Draft) -> Mask:
    bad = np.zeros(len(draft.geometry), dtype=bool)
    for run in blocks(draft.geometry):
        xy, row = shapely.get_coordinates(draft.geometry[run], return_index=True)
        bad[run.start + np.unique(row[~np.isfinite(xy).all(axis=1)])] = True
    return bad


def is_small_enough(draft: Draft) -> bool:
    """Whether the layer can be worked on within the time and memory of an import."""
    vertices = shapely.get_num_coordinates(draft.geometry)
    draft.leave_out(
        vertices > _MOST_VERTICES_OF_A_ROW,
        Severity.ERROR,
        "too_many_vertices",
        lambda row: f"{vertices[row]:,} vertices in one row, more than {_MOST_VERTICES_OF_A_ROW:,}",
        "Split this row, or generalise its outline",
    )
    if (total := int(vertices.sum())) <= _MOST_VERTICES:
        return True
    draft.say(
        Severity.ERROR,
        "too_many_vertices",
        f"{total:,} vertices, more than {_MOST_VERTICES:,}",
        "Split the file, e.g. by county",
    )
    return False


def drop_heights(draft: Draft) -> None:
    """Heights and measures are no part of a map of areas."""
    high, measured = shapely.has_z(draft.geometry), shapely.has_m(draft.geometry)
    if not (high | measured).any():
        return
    mixed = bool(high.any()) and not bool(high[draft.there].all())
    if measured.any() or mixed:
        what = "measures (M)" if measured.any() else "heights (Z) in some of them"
        draft.say(
            Severity.WARNING, "measures_dropped", f"The positions hold {what}",
            "Only longitude and latitude were kept", int((high | measured).sum()),
        )  # fmt: skip
    else:
        draft.say(
            Severity.INFO, "heights_dropped", "The positions hold heights (Z)",
            "Only longitude and latitude were kept", int(high.sum()),
        )  # fmt: skip
    draft.geometry[:] = shapely.force_2d(draft.geometry)


def keep_polygons(draft: Draft) -> None:
    """Of collections the polygons; points and lines are left out."""
    collected = shapely.get_type_id(draft.geometry) == _COLLECTION
    draft.geometry[collected] = only_polygons(draft.geometry[collected])
    kind = shapely.get_type_id(draft.geometry)
    empty = collected & shapely.is_empty(draft.geometry)
    other = draft.there & (((kind != _POLYGON) & (kind != _MULTIPOLYGON)) | empty)
    draft.name(
        collected & ~other,
        Severity.WARNING,
        "parts_left_out",
        "A collection of several kinds of geometry",
        "Its polygons were kept, its points and lines left out",
    )
    draft.leave_out(
        other,
        Severity.WARNING,
        "not_polygon",
        "A point or a line: it has no area",
        "The row was left out; import it as sites, or draw its outline",
    )


def keep_points(draft: Draft) -> None:
    """Sites are points: of a larger geometry a point inside it."""
    large = draft.there & (shapely.get_type_id(draft.geometry) != _POINT)
    if large.any():
        draft.geometry[large] = shapely.point_on_surface(draft.geometry[large])
        draft.name(
            large,
            Severity.WARNING,
            "site_not_a_point",
            "A site is a point, and this is a line, an area or several points",
            "A point inside was taken for it",
        )
