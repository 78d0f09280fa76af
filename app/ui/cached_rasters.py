"""Caches of rasters; the others are in `ui.cached`."""

from __future__ import annotations

from typing import Any

from bluecarbon_map import reports
from bluecarbon_map.tables import Level
from bluecarbon_map.tiles import RasterLayer
from ui import cached
from ui.keeping import shared


@shared(most=8)
def raster_titles(version: str, language: str) -> dict[str, str]:
    """Title of each raster, in the order of the table."""
    del version
    rasters = cached.workspace().rasters()
    return dict(zip(rasters["raster_id"], rasters[f"title_{language}"], strict=True))


@shared(most=16)
def raster_passport(version: str, raster_id: str) -> dict[str, Any]:
    """What a raster says of itself; None where it says nothing."""
    del version
    return reports.raster_passport(cached.workspace(), raster_id)


@shared(most=16)
def raster_layer(version: str, raster_id: str) -> RasterLayer:
    """Draws a raster; raises InputError where it cannot be drawn."""
    return RasterLayer(
        cached.workspace().raster_path(raster_id), raster_passport(version, raster_id)
    )


@shared(most=16)
def swept(version: str, raster_id: str) -> reports.Swept:
    """A raster cut by the finest zones."""
    del version
    return reports.sweep(cached.workspace(), raster_id)


@shared(most=64)
def raster_areas(
    version: str, raster_id: str, level: Level, zone_id: str | None, language: str
) -> reports.RasterAreas:
    """Area of every class of a raster beside the polygons', zone by zone."""
    store, cut = cached.workspace(), swept(version, raster_id)
    own = cached.measured(version, raster_passport(version, raster_id)["survey_id"], True)  # noqa: FBT003
    return reports.raster_areas(
        store, raster_id, zone_id=zone_id, level=level, language=language, swept=cut, measured=own
    )


@shared(most=64)
def raster_means(
    version: str, raster_id: str, level: Level, zone_id: str | None, language: str
) -> reports.RasterMeans:
    """Mean of a continuous raster, zone by zone."""
    cut = swept(version, raster_id)
    return reports.raster_means(
        cached.workspace(), raster_id, zone_id=zone_id, level=level, language=language, swept=cut
    )


@shared(most=256)
def pixel(version: str, raster_id: str, lon: float, lat: float) -> reports.PixelFacts | None:
    """What a raster holds where someone clicked; None off it."""
    del version
    return reports.pixel(cached.workspace(), raster_id, lon, lat)
