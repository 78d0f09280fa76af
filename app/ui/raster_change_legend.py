"""What the colours of two rasters held against each other mean."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from bluecarbon_map import tiles
from bluecarbon_map.errors import BluecarbonError
from bluecarbon_map.tables import RasterKind
from ui import cached, cached_rasters, change_legend, elements, legend_rows, state, two_times
from ui.words import _


def entries(chosen: state.Choices) -> list[Element]:
    """A box for each pair of rasters that the map shows as change."""
    return [_box(*pair) for pair in two_times.raster_pairs(chosen).values() if pair is not None]


def _box(before: str, after: str) -> Element:
    version, language = cached.workspace().version, state.language()
    first, second = (cached_rasters.raster_passport(version, one) for one in (before, after))
    words = _("Raster, {before} to {after}: {title}")
    title = words.format(
        before=first["year"], after=second["year"], title=second[f"title_{language}"]
    )
    box = elements.tag("div", "", "legend-raster", elements.tag("div", title, "legend-title"))
    try:
        box.extend(_marks(first, second))
    except BluecarbonError:
        box.append(elements.small(_("The raster cannot be drawn. Look at its file.")))
    box.append(elements.small(_("Read pixel by pixel of the map, not measured; grids may differ")))
    return box


def _marks(first: dict[str, object], second: dict[str, object]) -> list[Element]:
    if second["kind"] == RasterKind.CLASSES:
        return [
            legend_rows.row(change_legend.swatch(kind), change_legend.name(kind))
            for kind in change_legend.ORDER
        ]
    found = tiles.difference_legend(first, second, state.language())
    mark = elements.tag("span", "", "swatch hatched")
    return [legend_rows.ramp(found), legend_rows.row(mark, _("only one raster has a value"))]
