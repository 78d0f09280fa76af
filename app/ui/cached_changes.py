"""Caches of time: the line of surveys and rasters, and what became of ground between two of them.

Kept and forgotten as those of `cached`.
"""

from __future__ import annotations

from bluecarbon_map import reports
from bluecarbon_map.tiles import GroundLayer, RasterChange
from ui import cached, cached_rasters
from ui.keeping import shared


@shared(most=4)
def moments(version: str, demonstration: bool) -> tuple[reports.Moment, ...]:  # noqa: FBT001
    """The line of time of the workspace."""
    del version
    return reports.moments(cached.workspace(), demonstration=demonstration)


@shared(most=4)
def raster_series(version: str) -> dict[str, tuple[str, str, str]]:
    """Which rasters are comparable: those of one series."""
    del version
    return reports.raster_series(cached.workspace().rasters())


@shared(most=64)
def patches(version: str, survey_id: str) -> int:
    """How many patches a survey has."""
    del version
    return cached.workspace().habitat_count(survey_id)


def are_too_many(version: str, from_id: str, to_id: str) -> bool:
    """Whether two surveys have more patches than are laid over each other."""
    return patches(version, from_id) + patches(version, to_id) > reports.MOST_LAID_OVER


@shared(most=8)
def ground(
    version: str,
    from_id: str,
    to_id: str,
    demonstration: bool,  # noqa: FBT001
) -> reports.GroundChanges:
    """What became of the ground of two surveys.

    Raises:
        InputError: If both are the same one, or have too many patches.
    """
    del version
    return reports.ground_changes(cached.workspace(), from_id, to_id, demonstration=demonstration)


@shared(most=8)
def ground_layer(
    version: str,
    from_id: str,
    to_id: str,
    demonstration: bool,  # noqa: FBT001
) -> GroundLayer:
    """Draws it."""
    found = ground(version, from_id, to_id, demonstration)
    return GroundLayer(found.pieces, found.became)


def zones_in(version: str, found: reports.GroundChanges, zone_id: str) -> list[str]:
    """The finest zones of a place."""
    regions = cached.regions(version, "zh")
    return reports.zones_in(regions, found.steps.index.tolist(), zone_id)


@shared(most=8)
def raster_change(version: str, from_id: str, to_id: str) -> RasterChange:
    """Draws what differs between two rasters; raises InputError where they are not comparable."""
    first, second = (cached_rasters.raster_layer(version, one) for one in (from_id, to_id))
    passports = (
        cached_rasters.raster_passport(version, from_id),
        cached_rasters.raster_passport(version, to_id),
    )
    return RasterChange(first, second, passports)
