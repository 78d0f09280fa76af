"""Parts that pages with a map are made of: the map, the facts beside it, the table below."""

from __future__ import annotations

from functools import partial
from typing import Final
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from bluecarbon_map import reports
from bluecarbon_map.ecosystems import ECOSYSTEMS, SPECIES, colour
from bluecarbon_map.factors import IntervalKind
from bluecarbon_map.tables import Level, Provenance, Summary, dictionary
from ui import addresses, cached, elements, maps, numbers, state
from ui.words import _

FORMATS: Final = (
    (".csv", "CSV", "text/csv"),
    (".xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (".gpkg", "GeoPackage", "application/geopackage+sqlite3"),
    (".geojson", "GeoJSON", "application/geo+json"),
    (".parquet", "Parquet", "application/vnd.apache.parquet"),
)
_TOLERANCE: Final = "click_tolerance_m"


def map_panel(chosen: state.Choices, key: str = "map") -> None:
    """The map; a click on it becomes a choice and shows at once."""
    version = cached.workspace().version
    click = maps.show(
        key,
        addresses.habitat_url(
            version,
            chosen.survey_id,
            chosen.ecosystems,
            demonstration=chosen.demonstration,
        ),
        state.language(),
        outlines=_outlines(chosen),
        around=_view(version),
    )
    if click is not None and state.take_click(click.lon, click.lat):
        st.session_state[_TOLERANCE] = click.tolerance_m
        found = _at_point(state.choices())
        if found is not None:
            state.look_at(found.zones[0] if found.zones else None)
        st.rerun(scope="fragment")


def _view(version: str) -> tuple[float, float, float, float] | None:
    """What the map goes to: the zone chosen from the list, never one that was clicked."""
    zone_id = state.view_zone()
    return cached.zone_outline(version, zone_id)[1] if zone_id else None


def _outlines(chosen: state.Choices) -> list[str]:
    version = cached.workspace().version
    found = _at_point(chosen)
    zone = found.zones[0] if found is not None and found.zones else chosen.zone_id
    outlines = [cached.zone_outline(version, zone)[0]] if zone else []
    if found is not None and found.habitat is not None and chosen.survey_id is not None:
        patch = cached.patch_outline(version, chosen.survey_id, found.habitat.habitat_id)
        outlines.append(patch)
    return outlines


def _at_point(chosen: state.Choices) -> reports.PointFacts | None:
    if chosen.point is None or chosen.survey_id is None:
        return None
    return cached.point_facts(
        cached.workspace().version,
        chosen.survey_id,
        *chosen.point,
        chosen.ecosystems,
        chosen.demonstration,
        st.session_state.get(_TOLERANCE, 100.0),
    )


def facts(chosen: state.Choices) -> None:
    """Facts of what was clicked or chosen, else of the whole region."""
    found = _at_point(chosen)
    shown: list[Element] = []
    if found is not None:
        if found.habitat is not None:
            shown.append(_patch_card(found.habitat))
        shown += [_zone_card(chosen, zone) for zone in found.zones[:2]]
        if not shown:
            st.info(_("Nothing is mapped there. Click a coloured patch or a county."))
    if found is None or not found.zones:
        shown += [_zone_card(chosen, zone) for zone in _chosen_zones(chosen)]
    elements.show(*shown, _legend(chosen))


def _chosen_zones(chosen: state.Choices) -> list[str]:
    whole = cached.workspace().info.zone_id
    if chosen.zone_id is None:
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
    return elements.card(title, *zone_numbers(summary), _by_ecosystem(summary))


def zone_numbers(summary: reports.ZoneSummary) -> list[Element]:
    """Area, stock with its interval, and what has no number."""
    language, totals = state.language(), summary.totals
    stock = numbers.carbon(totals.stock_t_c, language)
    if totals.stock_t_c is not None and totals.unvalued_ha > 0:
        stock = (f"≥ {stock[0]}", stock[1])
    interval = numbers.carbon_interval(totals.stock_t_c_low, totals.stock_t_c_high, language)
    said = []
    if interval:
        words = _("Interval of the stock: {interval}, {kinds}")
        said.append(words.format(interval=interval, kinds=_kinds(summary)))
    if totals.unvalued_ha > 0:
        area = numbers.joined(numbers.area(totals.unvalued_ha, language))
        said.append(_("{area} has no coefficient: not counted in the stock").format(area=area))
    if totals.demonstration_ha > 0:
        area = numbers.joined(numbers.area(totals.demonstration_ha, language))
        said.append(_("includes {area} of demonstration data").format(area=area))
    return [
        elements.tag(
            "div",
            "",
            "numbers",
            elements.big_number(numbers.area(totals.area_ha, language)),
            elements.big_number(stock),
        ),
        *(elements.small(text) for text in said),
    ]


def _kinds(summary: reports.ZoneSummary) -> str:
    """What the ends of the intervals are; several kinds together have no confidence level."""
    kinds = sorted(set(summary.pools["interval_kind"].dropna()))
    if state.language() == "zh":
        kinds = [IntervalKind(kind).name_zh for kind in kinds]
    words = " / ".join(kinds)
    if len(kinds) > 1:
        words += _("; mixed, so without a confidence level")
    return words


def _by_ecosystem(summary: reports.ZoneSummary) -> Element:
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
    """Every class on the map with its area, side by side."""
    return elements.legend("", _classes(chosen), look="legend line")


def _classes(chosen: state.Choices) -> list[tuple[str, str, str]]:
    """Colour, name and area in ha of every class on the map, in what is looked at."""
    summary = summarised(chosen, chosen.zone_id)
    if summary is None or summary.parts.empty:
        return []
    parts = summary.parts
    look = [_look(e, s) for e, s in zip(parts["ecosystem"], parts["species"], strict=True)]
    area = parts["area_ha"].groupby(pd.Series(look, index=parts.index), sort=False).sum()
    return [
        (ink, name, numbers.plain(float(area[rank, ink, name]), 1, state.language()))
        for rank, ink, name in sorted(area.index)
    ]


def _legend(chosen: state.Choices) -> Element:
    """Every class on the map with its area in what is looked at."""
    rows = _classes(chosen)
    note = _("Dotted outline: demonstration data") if chosen.demonstration else ""
    return elements.legend(_("Area by class (ha)"), rows, note=note)


def _look(ecosystem: str, species: object) -> tuple[int, str, str]:
    """Order, colour and name of a class; a species with a colour of its own is a class."""
    own = SPECIES.get(species) if isinstance(species, str) else None
    if own is not None and own.colour is not None:
        return ECOSYSTEMS[ecosystem].priority, own.colour, species_name(own.scientific)
    name = ecosystem_name(ecosystem)
    if any(kind.colour for kind in SPECIES.values() if kind.ecosystem == ecosystem):
        name = _("{ecosystem} (other plants)").format(ecosystem=name)
    return ECOSYSTEMS[ecosystem].priority, colour(ecosystem), name


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


def table(chosen: state.Choices) -> None:
    """The rows an export gives, and the files."""
    summary = summarised(chosen, chosen.zone_id)
    if summary is None or summary.rows.empty:
        st.info(_("Nothing on record for this choice. Choose a wider zone or another survey."))
        return
    with st.container(key="downloads", horizontal=True, vertical_alignment="center"):
        elements.show(elements.tag("div", _("Table: the same rows as in the files"), "card-title"))
        for suffix, label, mime in FORMATS:
            _download(chosen, suffix, label, mime)
    st.dataframe(
        summary.rows,
        hide_index=True,
        height=380,
        column_config=_columns(),
        placeholder=numbers.no_data(state.language()),
    )
    with st.expander(_("Sources of the coefficients")):
        st.dataframe(reports.sources(summary.factor_set, summary.parts), hide_index=True)
    if summary.warnings:
        elements.show(*(elements.small(text) for text in summary.warnings))


def _download(chosen: state.Choices, suffix: str, label: str, mime: str) -> None:
    st.download_button(
        label,
        partial(
            cached.download,
            cached.workspace().version,
            chosen.survey_id,
            Level.COUNTY,
            chosen.zone_id,
            chosen.ecosystems,
            chosen.demonstration,
            state.language(),
            suffix,
        ),
        file_name=f"bluecarbon_summary{suffix}",
        mime=mime,
        key=f"download{suffix}",
        on_click="ignore",
    )


def _columns() -> dict[str, ColumnConfig | str | None]:
    """Help of each column from its contract; names stay those of the files."""
    described = dictionary(Summary)
    return {
        column: st.column_config.Column(f"{column} [{unit}]" if unit else column, help=description)
        for column, unit, description in zip(
            described["column"], described["unit"], described["description"], strict=True
        )
    }


def _survey_title(chosen: state.Choices) -> str:
    titles = cached.survey_titles(cached.workspace().version, state.language())
    return titles.get(chosen.survey_id or "", _("no survey yet"))


def ecosystem_name(key: str) -> str:
    """Name of an ecosystem in the language of the session."""
    kind = ECOSYSTEMS[key]
    return kind.name_zh if state.language() == "zh" else kind.name_en


def species_name(scientific: str) -> str:
    """Name of a species in the language of the session, with the scientific one in English."""
    kind = SPECIES.get(scientific)
    if kind is None:
        return scientific
    return kind.name_zh if state.language() == "zh" else f"{kind.name_en} ({scientific})"


def source_name(provenance: str, source: str) -> str:
    """Where a record comes from: a citation as it stands, words for what is invented."""
    invented = provenance == Provenance.DEMONSTRATION
    return _("invented to show the map; no source") if invented else source


def provenance_name(provenance: str) -> str:
    """Kind of record, in words."""
    words = {
        Provenance.SURVEY: _("survey"),
        Provenance.PUBLISHED: _("published"),
        Provenance.INDICATIVE: _("indicative"),
        Provenance.DEMONSTRATION: _("demonstration"),
    }
    return words[Provenance(provenance)]
