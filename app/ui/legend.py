"""What the colours and lines on the map mean: of what is visible now, and of nothing else."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from xml.etree.ElementTree import Element

import pandas as pd

from bluecarbon_map import reports, tiles
from bluecarbon_map.ecosystems import ECOSYSTEMS, SPECIES, colour
from bluecarbon_map.errors import BluecarbonError
from bluecarbon_map.reports import ZoneSummary
from bluecarbon_map.tables import OUTSIDE
from bluecarbon_map.tiles import zone_lines
from ui import (
    cached,
    cached_rasters,
    change_legend,
    elements,
    layers,
    legend_rows,
    naming,
    numbers,
    raster_change_legend,
    state,
    tianditu,
    tile_making,
    two_times,
)
from ui.words import _

_SELECTED: Final = "#0B5C8A"
"""Of the outline of what is looked at, as in ``app/static/map/map.js``."""

_LEAST_ZOOM: Final = 7
"""The farthest that the map goes out."""

_BORROWED: Final = {
    reports.Rests.NATIONAL: "◇",
    reports.Rests.GLOBAL: "◆",
    reports.Rests.NOTHING: "○",
}
"""Marks of classes whose carbon does not rest on coefficients of the province."""


def line(chosen: state.Choices, summary: ZoneSummary | None) -> Element:
    """Every class, ramp and line that is visible, side by side."""
    box = elements.tag("div", "", "legend line", role="group", **{"aria-label": _("Legend")})
    box.extend(_entries(chosen, summary, _title(chosen)))
    return box


def corner(
    chosen: state.Choices, summary: ZoneSummary | None, *, place: str, amounts: bool = True
) -> Element:
    """The same one below the other, to lie in a corner of the map; it can be folded.

    It goes along when the map fills the screen, and carries the marks that else stand around it.

    Args:
        chosen: What is shown.
        summary: Classes and their hectares.
        place: Name of what the hectares are of.
        amounts: Whether hectares stand beside the classes.
    """
    title = elements.tag("summary", _("Legend"), "legend-title")
    if chosen.demonstration:
        title.append(elements.tag("span", _("Contains demonstration data"), "badge warn"))
    foot = elements.small(naming.review_line())
    about = _title(chosen, place) if amounts else _("Classes on the map")
    entries = _entries(chosen, summary, about, amounts=amounts, change=two_times.is_change())
    return elements.tag("details", "", "legend corner", title, *entries, foot, open="open")


def _entries(
    chosen: state.Choices,
    summary: ZoneSummary | None,
    about: str,
    *,
    amounts: bool = True,
    change: bool = False,
) -> list[Element]:
    """Of what became of the ground between two times, where that is what the map shows."""
    found: list[Element] = []
    ground = two_times.ground(chosen) if change else None
    for layer in layers.shown():
        if layer.name == layers.PATCHES:
            if ground is not None:
                found += change_legend.entries(ground, chosen)
            elif change:
                too_many = two_times.are_too_many()
                said = change_legend.too_many() if too_many else two_times.no_change()
                found.append(elements.small(said))
            else:
                found += _patches(chosen, summary, about, amounts=amounts)
        elif layer.name == layers.UNKNOWN and not change:
            found += _unknown(chosen)
        elif layer.name == tianditu.LAYER:
            found.append(elements.small(tianditu.credit()))
        elif layer.name in layers.LINES:
            width = "2px" if layer.name == "cities" else "1px"
            name = _("Lines of cities") if layer.name == "cities" else _("Lines of counties")
            found.append(_stroke(zone_lines.LINE, width, name))
    if chosen.zone_id is not None or chosen.point is not None:
        found.append(_stroke(_SELECTED, "2px", _("Looked at")))
    if change:
        found += raster_change_legend.entries(chosen)
    else:
        rasters = layers.visible_rasters(demonstration=chosen.demonstration)
        found += [_raster(raster) for raster in rasters]
    return found or [elements.small(_("Nothing but the ground is visible."))]


def _patches(
    chosen: state.Choices, summary: ZoneSummary | None, about: str, *, amounts: bool
) -> list[Element]:
    rows = _classes(summary)
    if not rows:
        return []
    made = [elements.tag("div", about, "legend-title")]
    if tile_making.is_needed(chosen):
        made.append(elements.small(_("Patches are not drawn yet: their map is being prepared")))
    made += [_class(ink, name, area if amounts else "", rests) for ink, name, area, rests in rows]
    beyond_ha = outside_ha(summary) if summary is not None and amounts else 0.0
    if beyond_ha > 0:
        area = numbers.joined(numbers.area(beyond_ha, state.language()))
        made.append(elements.small(_("Of it outside every zone: {area}").format(area=area)))
    made += _basis_key({rests for *_rest, rests in rows})
    if chosen.demonstration:
        swatch = elements.swatch("#f4f1ea", demonstration=True)
        made.append(legend_rows.row(swatch, _("dotted and lighter: demonstration")))
    empty = elements.tag("span", "", "swatch unmapped")
    made.append(legend_rows.row(empty, _("not coloured: not mapped, which is not none")))
    if not _states_extent(chosen):
        made.append(elements.small(_("Extent of the survey not stated: what it missed is unknown")))
    return made


def outside_ha(summary: ZoneSummary) -> float:
    """Ground of it that lies in no zone."""
    rows = summary.rows
    return float(rows.loc[rows["zone_id"] == OUTSIDE, "area_ha"].sum())


def _states_extent(chosen: state.Choices) -> bool:
    return chosen.survey_id in cached.surveys_with_extent(cached.workspace().version)


def _unknown(chosen: state.Choices) -> list[Element]:
    """The hatching, where the survey says what it looked at."""
    if not _states_extent(chosen):
        return []
    mark = elements.tag("span", "", "swatch hatched")
    return [legend_rows.row(mark, _("Not surveyed (unknown, not zero)"))]


def _title(chosen: state.Choices, place: str = "") -> str:
    version = cached.workspace().version
    year = cached.survey_year(version, chosen.survey_id) if chosen.survey_id else ""
    title = _("Area in ha, {year}").format(year=year)
    return f"{place} · {title}" if place else title


def _class(ink: str, name: str, amount: str, rests: reports.Rests) -> Element:
    """A class of the map; a mark where its carbon rests on coefficients from elsewhere."""
    row = legend_rows.row(elements.swatch(ink), name, amount)
    if rests in _BORROWED:
        words = _basis(rests)
        row.append(elements.tag("span", _BORROWED[rests], "basis", title=words, role="img",
                                **{"aria-label": words}))  # fmt: skip
    return row


def _basis_key(found: Collection[reports.Rests]) -> list[Element]:
    """What the marks of the classes mean, of those that stand there."""
    marks = [rests for rests in _BORROWED if rests in found]
    made = [elements.small(f"{_BORROWED[rests]} {_basis(rests)}") for rests in marks]
    if marks and reports.Rests.LOCAL in found:
        made.append(elements.small(_("no mark: carbon by coefficients of the province")))
    return made


def _basis(rests: reports.Rests) -> str:
    return {
        reports.Rests.NATIONAL: _("carbon: national mean"),
        reports.Rests.GLOBAL: _("carbon: global default"),
        reports.Rests.NOTHING: _("carbon unknown: no coefficient"),
    }[rests]


def _stroke(ink: str, width: str, name: str) -> Element:
    mark = elements.tag("span", "", "stroke", style=f"border-top:{width} solid {ink}")
    return legend_rows.row(mark, name)


def _raster(raster_id: str) -> Element:
    """Title of a raster, and its classes or its ramp with numbers and unit."""
    language = state.language()
    passport = cached_rasters.raster_passport(cached.workspace().version, raster_id)
    box = elements.tag("div", "", "legend-raster")
    box.append(elements.tag("div", str(passport[f"title_{language}"]), "legend-title"))
    try:
        layer = cached_rasters.raster_layer(cached.workspace().version, raster_id)
        found = tiles.legend(passport, language, codes=layer.codes)
    except BluecarbonError:
        box.append(elements.small(_("The raster cannot be drawn. Look at its file.")))
        return box
    box.extend(legend_rows.row(elements.swatch(one.colour), one.name) for one in found.classes)
    if found.stops:
        box.append(legend_rows.ramp(found))
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


def _classes(summary: ZoneSummary | None) -> list[tuple[str, str, str, reports.Rests]]:
    """Colour, name, area in ha and basis of every class on the map, in what is looked at."""
    if summary is None or summary.parts.empty:
        return []
    parts = summary.parts
    looks = [_look(e, s) for e, s in zip(parts["ecosystem"], parts["species"], strict=True)]
    look = pd.Series(looks, index=parts.index)
    area = parts["area_ha"].groupby(look, sort=False).sum()
    rests = reports.resting(summary).groupby(look, sort=False).max()
    return [
        (ink, name, numbers.plain(float(area[rank, ink, name]), 1, state.language()),
         reports.Rests(int(rests[rank, ink, name])))
        for rank, ink, name in sorted(area.index)
    ]  # fmt: skip


def _look(ecosystem: str, species: object) -> tuple[int, str, str]:
    """Order, colour and name of a class; a species with a colour of its own is a class."""
    own = SPECIES.get(species) if isinstance(species, str) else None
    if own is not None and own.colour is not None:
        return ECOSYSTEMS[ecosystem].priority, own.colour, naming.species_name(own.scientific)
    name = naming.ecosystem_name(ecosystem)
    if any(kind.colour for kind in SPECIES.values() if kind.ecosystem == ecosystem):
        name = _("{ecosystem} (other plants)").format(ecosystem=name)
    return ECOSYSTEMS[ecosystem].priority, colour(ecosystem), name
