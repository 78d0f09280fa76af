"""Parts that pages with a map are made of: the map, the facts beside it, the table below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from bluecarbon_map import reports
from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.factors import IntervalKind
from bluecarbon_map.tables import Level, Provenance
from ui import (
    cached,
    cached_surveys,
    elements,
    layers,
    legend,
    maps,
    numbers,
    raster_facts,
    state,
    tile_making,
    times,
    trace_link,
    two_times,
)
from ui.naming import ecosystem_name as ecosystem_name
from ui.naming import provenance_name as provenance_name
from ui.naming import source_name as source_name
from ui.naming import species_name as species_name
from ui.words import _

FORMATS: Final = (
    (".csv", "CSV", "text/csv"),
    (".xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (".gpkg", "GeoPackage", "application/geopackage+sqlite3"),
    (".geojson", "GeoJSON", "application/geo+json"),
    (".parquet", "Parquet", "application/vnd.apache.parquet"),
)
_TOLERANCE_M: Final = 100.0
"""How far from a place a patch may be, where the address does not say at which zoom it was."""


def map_panel(
    chosen: state.Choices,
    key: str = "map",
    *,
    tiles: Sequence[maps.Tiles] | None = None,
    beside: maps.Beside | None = None,
    draw: dict[str, Any] | None = None,
) -> None:
    """The map; a click on it becomes a choice and shows at once.

    Args:
        chosen: What is looked at.
        key: Name of the map on the page.
        tiles: Layers; those of the time that is looked at when left out.
        beside: An earlier time to show at once.
        draw: Own areas, where they can be drawn.
    """
    tile_making.bar(chosen)
    first = None if beside is None else two_times.earlier(chosen)
    if first is not None and first.survey_id != chosen.survey_id:
        tile_making.bar(first, key="before")
    version = cached.workspace().version
    move = maps.Move(state.view_token(), state.view(), _box(version))
    shown = layers.tiles(chosen, times.raster_step()) if tiles is None else tiles
    click = maps.show(key, shown, move, _outlines(chosen), beside=beside, draw=draw)
    if click is not None and state.take_click(click.lon, click.lat, click.zoom):
        found = _at_point(state.choices())
        if found is not None:
            state.look_at(found.zones[0] if found.zones else None)
        run_again()


def run_again() -> None:
    """The fragment alone where it runs alone; a browser that comes back starts with a whole run."""
    context = get_script_run_ctx()
    alone = context is not None and context.fragment_ids_this_run
    st.rerun(scope="fragment" if alone else "app")


def aim(lon: float, lat: float, box: tuple[float, float, float, float]) -> None:
    """Choose a place that was searched for as if it had been clicked; the map goes to the box."""
    state.choose_place(lon, lat, None, box)
    found = _at_point(state.choices())
    if found is not None and found.zones:
        state.put(state.ZONE, found.zones[0])


def _box(version: str) -> tuple[float, float, float, float] | None:
    """What the map goes to: a place searched for, or the zone chosen from the list.

    Never a zone that was clicked: the map stays where the reader put it.
    """
    zone_id = state.view_zone()
    return state.view_box() or (cached.zone_outline(version, zone_id)[1] if zone_id else None)


def _outlines(chosen: state.Choices) -> list[str]:
    version = cached.workspace().version
    found = _at_point(chosen)
    zone = found.zones[0] if found is not None and found.zones else chosen.zone_id
    outlines = [cached.zone_outline(version, zone)[0]] if zone else []
    if found is not None and found.habitat is not None and chosen.survey_id is not None:
        patch = cached.patch_outline(version, chosen.survey_id, found.habitat.habitat_id)
        outlines.append(patch)
    return outlines


def _tolerance_m(lon: float, lat: float) -> float:
    """How far from the place a patch may be, the same for a click and for a link to it."""
    zoom = state.clicked_zoom()
    return _TOLERANCE_M if zoom is None else maps.Click(lon, lat, zoom).tolerance_m


def _at_point(chosen: state.Choices) -> reports.PointFacts | None:
    if chosen.point is None or chosen.survey_id is None:
        return None
    return cached.point_facts(
        cached.workspace().version,
        chosen.survey_id,
        *chosen.point,
        chosen.ecosystems if layers.visible(layers.PATCHES) else frozenset(),
        chosen.demonstration,
        _tolerance_m(*chosen.point),
    )


def facts(chosen: state.Choices) -> None:
    """Facts of what was clicked or chosen, else of the whole region."""
    found = _at_point(chosen)
    shown: list[Element] = []
    if found is not None:
        if found.habitat is not None:
            shown.append(_patch_card(found.habitat))
        shown += [_zone_card(chosen, zone) for zone in found.zones[:2]]
        if chosen.point is not None:
            shown[1 if found.habitat is not None else 0 : 0] = raster_facts.cards(chosen)
        if not shown:
            st.info(_("Nothing is mapped there. Click a coloured patch or a county."))
    if found is None or not found.zones:
        shown += [_zone_card(chosen, zone) for zone in _chosen_zones(chosen)]
    elements.show(*shown)


def _chosen_zones(chosen: state.Choices) -> list[str]:
    whole = cached.workspace().info.zone_id
    if chosen.zone_id in {None, whole}:
        return [whole]
    tree = cached.regions(cached.workspace().version, state.language())
    return [zone for zone in tree.path(chosen.zone_id) if zone != whole][:2]


def _patch_card(patch: reports.HabitatFacts) -> Element:
    language = state.language()
    name = patch.name_en if language == "en" and patch.name_en else patch.name_zh
    pairs = [(_("Ecosystem"), ecosystem_name(patch.ecosystem))]
    if patch.species:
        pairs.append((_("Dominant species"), species_name(patch.species)))
    pairs += [
        (_("Record"), provenance_name(patch.provenance)),
        (_("Source"), source_name(patch.provenance, patch.source)),
    ]
    if patch.note:
        pairs.append((_("Note"), patch.note))
    demonstration = patch.provenance == Provenance.DEMONSTRATION
    return elements.card(
        name or _("Unnamed patch"),
        elements.big_number(numbers.area(patch.area_ha, language)),
        elements.facts(pairs),
        badge=provenance_name(patch.provenance),
        badge_look="warn" if demonstration else "",
    )


def _zone_card(chosen: state.Choices, zone_id: str) -> Element:
    tree = cached.regions(cached.workspace().version, state.language())
    summary = summarised(chosen, zone_id)
    title = f"{tree.names[zone_id]} · {_survey_title(chosen)}"
    if summary is None or summary.rows.empty:
        return elements.card(title, elements.small(_("Nothing on record here in this survey.")))
    # The map's cards are made with the workspace's own coefficients.
    how = trace_link.link(zone_id, factors=None)
    amounts = zone_numbers(summary, beyond=beyond(chosen, zone_id))
    return elements.card(title, *amounts, how, by_ecosystem(summary))


def beyond(chosen: state.Choices, zone_id: str | None) -> str:
    """That the survey looked at a part of a zone only; nothing where it does not say, or at all.

    Args:
        chosen: What is shown.
        zone_id: The zone; None for the whole region.
    """
    version, whole = cached.workspace().version, cached.workspace().info.zone_id
    if chosen.survey_id not in cached.surveys_with_extent(version):
        return ""
    found = cached_surveys.looked_at(version, str(chosen.survey_id), zone_id or whole)
    if found is None or not found.is_part:
        return ""
    area = numbers.joined(numbers.area(found.looked_ha, state.language()))
    words = _("The survey looked at {area} of it; what lies in the rest is unknown, not zero")
    return words.format(area=area)


def zone_numbers(
    summary: reports.ZoneSummary, spread: Sequence[str] | None = None, *, beyond: str = ""
) -> list[Element]:
    """Area, stock with its interval, and what has no number.

    Args:
        summary: What it is about.
        spread: What is said of the interval; that of the formula when left out.
        beyond: What `beyond` says of it: the numbers are then the least there is.
    """
    language, totals = state.language(), summary.totals
    area = numbers.area(totals.area_ha, language)
    if beyond:
        area = (f"≥ {area[0]}", area[1])
    stock = numbers.carbon(totals.stock_t_c, language)
    if totals.stock_t_c is not None and (totals.unvalued_ha > 0 or beyond):
        stock = (f"≥ {stock[0]}", stock[1])
    said = spread_of(summary) if spread is None else list(spread)
    said += [beyond] if beyond else []
    if totals.unvalued_ha > 0:
        some = numbers.joined(numbers.area(totals.unvalued_ha, language))
        said.append(_("{area} has no coefficient: not counted in the stock").format(area=some))
    if totals.demonstration_ha > 0:
        some = numbers.joined(numbers.area(totals.demonstration_ha, language))
        said.append(_("includes {area} of demonstration data").format(area=some))
    return [
        elements.tag(
            "div",
            "",
            "numbers",
            elements.big_number(area),
            elements.big_number(stock),
        ),
        *(elements.small(text) for text in said),
    ]


def spread_of(summary: reports.ZoneSummary) -> list[str]:
    """The interval by formula, in a line; none where it is unknown."""
    ends = summary.totals.stock_t_c_low, summary.totals.stock_t_c_high
    interval = numbers.carbon_interval(*ends, state.language())
    if not interval:
        return []
    words = _("Interval of the stock: {interval}, {kinds}")
    return [words.format(interval=interval, kinds=_kinds(summary))]


def _kinds(summary: reports.ZoneSummary) -> str:
    """What the ends of the intervals are; several kinds together have no confidence level."""
    kinds = sorted(set(summary.pools["interval_kind"].dropna()))
    if state.language() == "zh":
        kinds = [IntervalKind(kind).name_zh for kind in kinds]
    words = " / ".join(kinds)
    if len(kinds) > 1:
        words += _("; mixed, so without a confidence level")
    return words


def by_ecosystem(summary: reports.ZoneSummary) -> Element:
    """Area and stock of each ecosystem, as a small table."""
    language = state.language()
    grouped = summary.rows.groupby("ecosystem", sort=False)
    area, stock = grouped["area_ha"].sum(), grouped["stock_t_c"].sum(min_count=1)
    invasive = grouped["invasive_ha"].sum()
    order = [key for key in ECOSYSTEMS if key in area.index]
    return elements.table(
        [_("Ecosystem"), _("Area (ha)"), _("Stock (t C)")],
        [
            [
                _with_invasive(ecosystem_name(key), float(invasive[key])),
                numbers.plain(float(area[key]), 1, language),
                numbers.plain(float(stock[key]), 0, language),
            ]
            for key in order
        ],
    )


def _with_invasive(name: str, invasive_ha: float) -> str:
    """Name of an ecosystem, and how much of it stands under an invasive species."""
    if invasive_ha <= 0:
        return name
    words = _("{name} (of it invasive {area} ha)")
    return words.format(name=name, area=numbers.plain(invasive_ha, 1, state.language()))


def legend_line(chosen: state.Choices) -> Element:
    """What every colour and line on the map means, side by side."""
    return legend.line(chosen, summarised(chosen, chosen.zone_id))


def legend_corner(chosen: state.Choices) -> Element:
    """The same, to lie in a corner of the map."""
    found = summarised(chosen, chosen.zone_id)
    place = _place(chosen)
    if found is not None and legend.outside_ha(found) > 0:
        place = _("The whole survey")  # its patches, also those in no zone of the region
    return legend.corner(chosen, found, place=place)


def legend_of_view(chosen: state.Choices, view: reports.ZoneSummary | None) -> Element:
    """The same while numbers follow the view: with its hectares, never with those of the zone.

    Args:
        chosen: What is shown.
        view: What the map shows; None where its numbers are not known.
    """
    if view is None or view.rows.empty:
        zone = summarised(chosen, chosen.zone_id)
        return legend.corner(chosen, zone, place=_place(chosen), amounts=False)
    return legend.corner(chosen, view, place=_("What the map shows"))


def _place(chosen: state.Choices) -> str:
    """Name of the zone that is looked at, or of the whole region."""
    version = cached.workspace().version
    whole = cached.workspace().info.zone_id
    return cached.regions(version, state.language()).names[chosen.zone_id or whole]


def summarised(chosen: state.Choices, zone_id: str | None) -> reports.ZoneSummary | None:
    """Area and carbon by county and ecosystem in a zone; None where nothing is mapped."""
    return cached.summary(
        cached.workspace().version,
        chosen.survey_id,
        Level.COUNTY,
        zone_id,
        chosen.ecosystems,
        chosen.demonstration,
        state.language(),
    )


def _survey_title(chosen: state.Choices) -> str:
    titles = cached.survey_titles(cached.workspace().version, state.language())
    return titles.get(chosen.survey_id or "", _("no survey yet"))
