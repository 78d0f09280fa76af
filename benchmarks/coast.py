"""Synthetic coastal patches and zones with wiggly coastlines, the same ones every time.

All geometry is in metres, as if in one equal-area plane.
"""

from __future__ import annotations

import numpy as np
import shapely

EXTENT_M = 300_000.0
MEAN_VERTICES = 121


def zones(count: int = 90, vertices: int = 5_000, seed: int = 1) -> np.ndarray:
    """A clean coverage of ``count`` zones: Voronoi cells with fractal borders and a fractal coast.

    Neighbours share the vertices of their border exactly; a zone has about ``vertices`` of them.
    """
    rng = np.random.default_rng(seed)
    shore_m = 0.05 * EXTENT_M
    seeds = rng.uniform(shore_m, EXTENT_M - shore_m, (count, 2))
    land = shapely.box(shore_m, shore_m, EXTENT_M - shore_m, EXTENT_M - shore_m)
    cells = shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=land)
    cut = shapely.set_precision(shapely.intersection(shapely.get_parts(cells), land), 1.0)
    ground = _rough_ground(cut, vertices, rng)
    owner = shapely.STRtree(shapely.points(seeds)).nearest(shapely.point_on_surface(ground))
    return np.array([shapely.coverage_union_all(ground[owner == i]) for i in range(count)])


def _rough_ground(cells: np.ndarray, vertices: int, rng: np.random.Generator) -> np.ndarray:
    edges = shapely.get_parts(shapely.node(shapely.union_all(shapely.boundary(cells))))
    # A border is counted by both its zones.
    step_m = 2.0 * float(shapely.length(edges).sum()) / (len(cells) * vertices)
    lines = [_fractal(shapely.get_coordinates(edge), step_m, rng) for edge in edges]
    # Borders may happen to cross: noding keeps the ground between them as cells of its own.
    return shapely.get_parts(shapely.polygonize([shapely.node(shapely.multilinestrings(lines))]))


def _fractal(line: np.ndarray, step_m: float, rng: np.random.Generator) -> shapely.Geometry:
    """Middle points moved sideways, again and again."""
    while np.hypot(*(line[-1] - line[0])) > step_m * (len(line) - 1):
        start, end = line[:-1], line[1:]
        along = end - start
        aside = np.stack([-along[:, 1], along[:, 0]], axis=1)
        middle = 0.5 * (start + end) + aside * rng.uniform(-0.16, 0.16, (len(aside), 1))
        woven = np.empty((2 * len(line) - 1, 2))
        woven[0::2], woven[1::2] = line, middle
        line = woven
    return shapely.linestrings(line)


def patches(count: int, seed: int = 2, *, at: np.ndarray | None = None) -> np.ndarray:
    """``count`` rough patches, 121 vertices on average, of some hundred metres to a kilometre.

    Args:
        count: How many.
        seed: Of the generator.
        at: Points to lie around, shape (n, 2); anywhere on the zones' extent if None.
    """
    rng = np.random.default_rng(seed)
    centre = (
        rng.uniform(0.0, EXTENT_M, (count, 2))
        if at is None
        else at[rng.integers(0, len(at), count)]
    )
    corners = rng.integers(20, 2 * MEAN_VERTICES - 20, count)
    radius_m = rng.lognormal(np.log(250.0), 0.5, count)
    made = [_patch(*args, rng) for args in zip(centre, radius_m, corners, strict=True)]
    return np.array(made, dtype=object)


def _patch(
    centre: np.ndarray, radius_m: float, corners: int, rng: np.random.Generator
) -> shapely.Geometry:
    angle = np.linspace(0.0, 2.0 * np.pi, corners, endpoint=False)
    reach = (
        radius_m
        * (1.0 + 0.25 * rng.uniform(-1.0, 1.0, corners))
        * (1.0 + 0.4 * np.cos(2.0 * angle + rng.uniform(0.0, 6.28)))
    )
    xy = centre + np.stack([np.cos(angle), np.sin(angle)], axis=1) * reach[:, None]
    return shapely.polygons(xy)


def boundary_points(zone: np.ndarray) -> np.ndarray:
    """All vertices of zones: patches around them hug the boundaries."""
    return shapely.get_coordinates(zone)
