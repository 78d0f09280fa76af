"""比较: which ground two surveys gained and lost, on a map and as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element

import streamlit as st

from bluecarbon_map import reports
from ui import (
    addresses,
    cached,
    cached_changes,
    change_addresses,
    change_legend,
    change_words,
    elements,
    maps,
    naming,
    panels,
    state,
    times,
)
from ui.words import _

_BASE_Z: Final = 10


def section(chosen: state.Choices, before: str, after: str) -> None:
    """Gain and loss of two surveys of one place; both are laid over each other once."""
    if cached_changes.are_too_many(cached.workspace().version, before, after):
        st.info(change_legend.too_many())
        return
    with st.spinner(_("Both surveys are laid over each other …")):
        found = cached_changes.ground(
            cached.workspace().version, before, after, chosen.demonstration
        )
    whole = replace(chosen, survey_id=after, ecosystem=None)
    with st.container(key="compare_ground"):
        left, right = st.columns([3, 2], gap="small")
    with left, st.container(key="map_and_legend"):
        panels.map_panel(whole, key="compare_map", tiles=_tiles(found, whole))
        elements.show(_legend(found, whole))
    with right:
        elements.show(_card(found, whole))


def _tiles(found: reports.GroundChanges, chosen: state.Choices) -> list[maps.Tiles]:
    version = cached.workspace().version
    url = change_addresses.ground_url(
        version, found.from_id, found.to_id, None, demonstration=chosen.demonstration
    )
    base = addresses.base_url(version, state.language())
    return [maps.Tiles("ground", url, 1.0, 2 * _BASE_Z), maps.Tiles("base", base, 1.0, _BASE_Z)]


def _legend(found: reports.GroundChanges, chosen: state.Choices) -> Element:
    title = elements.tag("summary", _("Legend"), "legend-title")
    if chosen.demonstration:
        title.append(elements.tag("span", _("Contains demonstration data"), "badge warn"))
    rows = change_legend.entries(found, chosen)
    return elements.tag("details", "", "legend corner", title, *rows, open="open")


def _card(found: reports.GroundChanges, chosen: state.Choices) -> Element:
    """Gain less loss of an ecosystem is what the table of both surveys says that differs."""
    place = chosen.zone_id or cached.workspace().info.zone_id
    zones = cached_changes.zones_in(cached.workspace().version, found, place)
    rows = found.by_ecosystem(zones)
    rows = rows.assign(net_ha=rows["gain_ha"] - rows["loss_ha"])
    heads = [
        _("Ecosystem"), _("Unchanged (ha)"), _("Gain (ha)"), _("Loss (ha)"),
        _("Gain less loss (ha)"), _("Only in the later (ha)"), _("Only in the earlier (ha)"),
    ]  # fmt: skip
    columns = ("kept_ha", "gain_ha", "loss_ha", "net_ha", "came_ha", "went_ha")
    unknown = rows[["came_ha", "went_ha"]].to_numpy().any()
    shown = columns if unknown else columns[:4]
    body = [
        [naming.ecosystem_name(row["ecosystem"]), *(_ha(name, float(row[name])) for name in shown)]
        for row in rows.to_dict("records")
    ]
    table = elements.table(heads[: 1 + len(shown)], body)
    first, last = change_legend.years(found)
    title = _("Ground gained and lost, {before} to {after}").format(before=first, after=last)
    said = [_one_class(), *([_only_one()] if unknown else []), *change_legend.rules(found, chosen)]
    return elements.card(title, table, *map(elements.small, said), _to_the_map(found))


def _ha(column: str, area_ha: float) -> str:
    """An area; a net one with its sign."""
    return change_words.signed(area_ha) if column == "net_ha" else change_words.plain(area_ha)


def _one_class() -> str:
    return _(
        "Ground that turned from one ecosystem into another is a loss of the one and a gain of the "
        "other; a change of species within an ecosystem is neither."
    )


def _only_one() -> str:
    return _(
        "Only in one: the other survey did not look there, or maps this ecosystem nowhere. That is "
        "neither gain nor loss."
    )


def _to_the_map(found: reports.GroundChanges) -> Element:
    """The same on the map of ecosystems, where a slider moves through time."""
    steps = {one.survey_id: one.key for one in times.line() if one.survey_id is not None}
    query = state.address(
        **{
            state.SURVEY: found.to_id,
            state.WHEN: steps[found.to_id],
            times.THAN: steps[found.from_id],
            times.BOTH: times.CHANGE,
        }
    )
    return elements.link(_("On the map, with time"), "distribution", query)
