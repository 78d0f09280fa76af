"""What the colours and lines on the map mean: of what is visible now, and of nothing else."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element

import pandas as pd

from bluecarbon_map import tiles
from bluecarbon_map.ecosystems import ECOSYSTEMS, SPECIES, colour
from bluecarbon_map.errors import BluecarbonError
from bluecarbon_map.reports import ZoneSummary
from bluecarbon_map.tiles import zone_lines
from ui import cached, elements, layers, naming, numbers, state
from ui.words import _

_SELECTED: Final = "#0B5C8A"
"""Of the outline of what is looked at, as in ``app/static/map/map.js``."""

_LEAST_ZOOM: Final = 7
"""The farthest that the map goes out."""


def line(chosen: state.Choices, summary: ZoneSummary | None) -> Element:
    """Every class, ramp and line that is visible, side by side."""
    box = elements.tag("div", "", "legend line", role="group", **{"aria-label": _("Legend")})
    box.extend(_entries(chosen, summary))
    return box


def corner(chosen: state.Choices, summary: ZoneSummary | None) -> Element:
    """The same one below the other, to lie in a corner of the map; it can be folded.

    It goes along when the map fills the screen, and carries the marks that else stand around it.
    """
    title = elements.tag("summary", _("Legend"), "legend-title")
    if chosen.demonstration:
        title.append(elements.tag("span", _("Contains demonstration data"), "badge warn"))
    review = cached.workspace().info.map_review_number
    foot = elements.small(review or _("Map not reviewed: for internal use only"))
    entries = _entries(chosen, summary)
    return elements.tag("details", "", "legend corner", title, *entries, foot, open="open")


def _entries(chosen: state.Choices, summary: ZoneSummary | None) -> list[Element]:
    found: list[Element] = []
    for layer in layers.shown():
        if layer.name == layers.PATCHES:
            found += _patches(chosen, summary)
        elif layer.name in layers.LINES:
            width = "2px" if layer.name == "cities" else "1px"
            name = _("Lines of cities") if layer.name == "cities" else _("Lines of counties")
            found.append(_stroke(zone_lines.LINE, width, name))
    if chosen.zone_id is not None or chosen.point is not None:
        found.append(_stroke(_SELECTED, "2px", _("Looked at")))
    rasters = layers.visible_rasters(demonstration=chosen.demonstration)
    found += [_raster(raster) for raster in rasters]
    return found or [elements.small(_("Nothing but the ground is visible."))]


def _patches(chosen: state.Choices, summary: ZoneSummary | None) -> list[Element]:
    rows = _classes(summary)
    if not rows:
        return []
    made = [elements.tag("div", _title(chosen), "legend-title")]
    made += [_row(elements.swatch(ink), name, amount) for ink, name, amount in rows]
    if chosen.demonstration:
        swatch = elements.swatch("#f4f1ea", demonstration=True)
        made.append(_row(swatch, _("dotted and lighter: demonstration")))
    empty = elements.tag("span", "", "swatch unmapped")
    made.append(_row(empty, _("not coloured: not mapped, which is not none")))
    return made


def _title(chosen: state.Choices) -> str:
    version = cached.workspace().version
    year = cached.survey_year(version, chosen.survey_id) if chosen.survey_id else ""
    return _("Area in ha, {year}").format(year=year)


def _row(mark: Element, name: str, amount: str = "") -> Element:
    parts = [mark, elements.tag("span", name)]
    if amount:
        parts.append(elements.tag("b", amount))
    return elements.tag("div", "", "legend-row", *parts)


def _stroke(ink: str, width: str, name: str) -> Element:
    mark = elements.tag("span", "", "stroke", style=f"border-top:{width} solid {ink}")
    return _row(mark, name)


def _raster(raster_id: str) -> Element:
    """Title of a raster, and its classes or its ramp with numbers and unit."""
    language = state.language()
    passport = cached.raster_passport(cached.workspace().version, raster_id)
    box = elements.tag("div", "", "legend-raster")
    box.append(elements.tag("div", str(passport[f"title_{language}"]), "legend-title"))
    try:
        layer = cached.raster_layer(cached.workspace().version, raster_id)
        found = tiles.legend(passport, language, codes=layer.codes)
    except BluecarbonError:
        box.append(elements.small(_("The raster cannot be drawn. Look at its file.")))
        return box
    box.extend(_row(elements.swatch(one.colour), one.name) for one in found.classes)
    if found.stops:
        box.append(_ramp(found))
    box.append(elements.small(_clear(found)))
    if layer.from_zoom > _LEAST_ZOOM:
        words = _(
            "Shown from zoom level {zoom} on: the file has no overviews coarse enough for less"
        )
        box.append(elements.small(words.format(zoom=layer.from_zoom)))
    return box


def _clear(found: tiles.Legend) -> str:
    if found.stops:
        return _("clear: no data")
    return _("clear: no data, or none of these classes")


def _ramp(found: tiles.Legend) -> Element:
    """A strip of colour with its lower end, middle and upper end in the raster's unit."""
    inks = ",".join(stop.colour for stop in found.stops)
    values = [found.stops[at].value for at in (0, len(found.stops) // 2, -1)]
    shown = [elements.tag("span", numbers.plain(value, 2, state.language())) for value in values]
    what = " ".join(text for text in (found.quantity or "", found.unit or "") if text)
    strip = elements.tag("div", "", "ramp", style=f"background:linear-gradient(90deg,{inks})")
    ends = elements.tag("div", "", "ramp-ends", *shown)
    return elements.tag("div", "", "ramp-box", elements.small(what), strip, ends)


def _classes(summary: ZoneSummary | None) -> list[tuple[str, str, str]]:
    """Colour, name and area in ha of every class on the map, in what is looked at."""
    if summary is None or summary.parts.empty:
        return []
    parts = summary.parts
    look = [_look(e, s) for e, s in zip(parts["ecosystem"], parts["species"], strict=True)]
    area = parts["area_ha"].groupby(pd.Series(look, index=parts.index), sort=False).sum()
    return [
        (ink, name, numbers.plain(float(area[rank, ink, name]), 1, state.language()))
        for rank, ink, name in sorted(area.index)
    ]


def _look(ecosystem: str, species: object) -> tuple[int, str, str]:
    """Order, colour and name of a class; a species with a colour of its own is a class."""
    own = SPECIES.get(species) if isinstance(species, str) else None
    if own is not None and own.colour is not None:
        return ECOSYSTEMS[ecosystem].priority, own.colour, naming.species_name(own.scientific)
    name = naming.ecosystem_name(ecosystem)
    if any(kind.colour for kind in SPECIES.values() if kind.ecosystem == ecosystem):
        name = _("{ecosystem} (other plants)").format(ecosystem=name)
    return ECOSYSTEMS[ecosystem].priority, colour(ecosystem), name
