"""What the visible rasters hold: at a point, and in a zone beside the patches."""

from __future__ import annotations

from typing import Any, Final
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.errors import BluecarbonError
from bluecarbon_map.tables import Level, Provenance, RasterKind
from ui import (
    cached,
    cached_rasters,
    downloads,
    elements,
    layers,
    naming,
    numbers,
    state,
)
from ui.words import _

_OPEN: Final = "raster_areas_"


def cards(chosen: state.Choices) -> list[Element]:
    """Value of every visible raster where somebody clicked; nothing where no raster is shown."""
    shown = layers.visible_rasters(demonstration=chosen.demonstration)
    if not shown or chosen.point is None:
        return []
    pairs = [(_title(raster), _at(raster, *chosen.point)) for raster in shown]
    invented = any(layers.invented(cached.workspace().version, raster) for raster in shown)
    badge = _("demonstration") if invented else ""
    title = _("Rasters at this point")
    facts = elements.facts(pairs)
    facts.set(
        "style", "grid-template-columns:1fr;padding-left:0"
    )  # titles are long: the value stands below
    return [elements.card(title, facts, badge=badge, badge_look="warn")]


def file_link(raster_id: str) -> Element:
    """The file of a raster with its size, or that it is missing."""
    size = downloads.raster_size(raster_id)
    if size is None:
        return elements.small(_("The file is missing"))
    words = _("GeoTIFF, {mb} MB").format(mb=numbers.plain(size / 1e6, 1, state.language()))
    return elements.file_link(words, downloads.raster_url(raster_id))


def _title(raster_id: str) -> str:
    return cached_rasters.raster_titles(cached.workspace().version, state.language())[raster_id]


def _at(raster_id: str, lon: float, lat: float) -> str:
    """What a raster holds at a point, in words, with unit, year and kind of record."""
    try:
        found = cached_rasters.pixel(cached.workspace().version, raster_id, lon, lat)
    except BluecarbonError:
        return _("The raster cannot be read")
    if found is None:
        return _("The point lies beyond the raster")
    words = [_held(found), str(found.year)]
    if found.provenance == Provenance.DEMONSTRATION:
        words.append(_("demonstration"))
    return " · ".join(words)


def _held(found: reports.PixelFacts) -> str:
    """The pixel itself; no data and other ground are two things."""
    if found.held is reports.Held.CLASS and found.ecosystem is not None:
        return _class_name(found.ecosystem, found.species)
    if found.held is reports.Held.VALUE:
        return f"{numbers.plain(found.value, 2, state.language())} {found.unit or ''}".strip()
    if found.held is reports.Held.OTHER:
        return _("surveyed, none of these ecosystems")
    if found.held is reports.Held.NO_DATA:
        return numbers.no_data(state.language())
    return _("code {code}, which stands for nothing here").format(code=found.code)


def _class_name(ecosystem: str, species: object) -> str:
    known = isinstance(species, str) and species
    return naming.species_name(str(species)) if known else naming.ecosystem_name(ecosystem)


@st.fragment
def comparison(chosen: state.Choices) -> None:
    """Area or mean by zone of every visible raster, beside the patches, and why they differ.

    A fragment of its own: the rest of the page does not wait while a raster is cut.
    """
    for raster in layers.visible_rasters(demonstration=chosen.demonstration):
        heading = _heading(raster).format(raster=naming.plain_text(_title(raster)))
        drawn = st.expander(heading, key=_OPEN + raster, on_change="rerun")
        if drawn.open:
            with drawn:
                _compared(raster, chosen)


def _heading(raster_id: str) -> str:
    passport = cached_rasters.raster_passport(cached.workspace().version, raster_id)
    if passport["kind"] == RasterKind.CLASSES:
        return _("{raster}: beside the mapped patches")
    return _("{raster}: mean by zone")


def _compared(raster_id: str, chosen: state.Choices) -> None:
    workspace, language = cached.workspace(), state.language()
    zone = chosen.zone_id or workspace.info.zone_id
    level = cached.regions(workspace.version, language).levels.get(zone, Level.PROVINCE)
    passport = cached_rasters.raster_passport(workspace.version, raster_id)
    try:
        with st.spinner(_("The raster is cut by the zones …")):
            if passport["kind"] == RasterKind.CLASSES:
                areas = cached_rasters.raster_areas(
                    workspace.version, raster_id, level, zone, language
                )
                elements.show(_areas(areas, zone, passport))
            else:
                means = cached_rasters.raster_means(
                    workspace.version, raster_id, Level.COUNTY, zone, language
                )
                elements.show(_means(means, passport))
    except BluecarbonError:
        st.info(_("The raster cannot be read, or lies off the zones. Look at its file."))


def _areas(areas: reports.RasterAreas, zone: str, passport: dict[str, Any]) -> Element:
    """Class by class: raster, patches, difference, why."""
    rows = areas.rows[areas.rows["zone_id"] == zone]
    if rows.empty:
        return elements.small(_("Neither raster nor patches have one of these classes here."))
    why = "why_zh" if state.language() == "zh" else "why_en"
    # measured with them always; where the switch is off, the number itself must say so
    patches = _("Patches (ha)")
    if not state.choices().demonstration:
        patches = _("Patches, demonstration data included (ha)")
    heads = [_("Class"), _("Raster (ha)"), patches, _("Difference (ha)"), _("Why")]
    body = [
        [
            _row_name(row),
            *(_one(row[name]) for name in ("raster_ha", "polygon_ha", "difference_ha")),
            str(row[why]),
        ]
        for row in rows.to_dict("records")
    ]
    made = elements.table(heads, body)
    made.set("class", "facts reasons")
    ground = areas.zones[areas.zones["zone_id"] == zone].iloc[0]
    lines = (elements.small(_ground(ground, areas)), elements.small(_about(passport)))
    return elements.tag("div", "", "", made, *lines)


def _row_name(row: dict[object, object]) -> str:
    ecosystem = row["ecosystem"]
    if not isinstance(ecosystem, str):
        return _("code {code}, which stands for nothing here").format(code=row["code"])
    return _class_name(ecosystem, row["species"])


def _one(value: object) -> str:
    return numbers.plain(float(str(value)), 1, state.language())


def _ground(zone: pd.Series, areas: reports.RasterAreas) -> str:
    """The whole ground of the zone by what the raster knows of it."""
    words = _(
        "{zone}: {area} ha, of it {classes} ha in these classes, {other} ha other ground, {unknown}"
        " ha not surveyed, {off} ha beyond the raster. Pixels of about {pixel} m; patches of"
        " {survey}, demonstration included."
    )
    return words.format(
        zone=zone["zone_name"],
        area=_one(zone["area_ha"]),
        classes=_one(zone["classes_ha"]),
        other=_one(zone["other_ha"]),
        unknown=_one(zone["unsurveyed_ha"]),
        off=_one(zone["off_raster_ha"]),
        pixel=f"{areas.pixel_m:.0f}",
        survey=_survey(areas.survey_id),
    )


def _survey(survey_id: str | None) -> str:
    language = state.language()
    titles = cached.survey_titles(cached.workspace().version, language)
    return titles.get(survey_id or "", numbers.no_data(language))


def _means(means: reports.RasterMeans, passport: dict[str, Any]) -> Element:
    """Mean, least and greatest value by zone, and how much ground has none."""
    language = state.language()
    rows = means.rows[means.rows["valid_ha"] > 0]
    if rows.empty:
        return elements.small(_("No ground of this zone has a value in the raster."))
    unit = f" ({passport['unit']})" if passport["unit"] else ""
    heads = [
        _("Zone"),
        _("Mean") + unit,
        _("Least"),
        _("Greatest"),
        _("With a value (ha)"),
        _("Without (ha)"),
    ]
    body = [
        [
            str(row["zone_name"]),
            *(numbers.plain(float(row[name]), 3, language) for name in ("mean", "low", "high")),
            *(numbers.plain(float(row[name]), 1, language) for name in ("valid_ha", "missing_ha")),
        ]
        for row in rows.to_dict("records")
    ]
    return elements.tag(
        "div", "", "", elements.table(heads, body), elements.small(_about(passport))
    )


def _about(passport: dict[str, Any]) -> str:
    """What is measured, year, kind of record and source."""
    words = [
        passport[f"quantity_{state.language()}"] or "",
        str(passport["year"]),
        naming.provenance_name(passport["provenance"]),
        naming.in_language(passport["source"]),
    ]
    return " · ".join(text for text in words if text)
