"""Parts of the overview."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element

import pandas as pd

from bluecarbon_map import reports
from bluecarbon_map.tables import OUTSIDE, Level
from bluecarbon_map.targets import (
    PlanProgress,
    TargetProgress,
)
from ui import (
    cached,
    elements,
    gauges,
    naming,
    numbers,
    panels,
    state,
    trace_link,
    zone_ecosystems,
)
from ui.words import _

_SHOWN: Final = ("mangrove", "salt_marsh", "tidal_flat")
"""Ecosystems with a column of their own in the table of cities."""


def basis(chosen: state.Choices) -> str:
    """What the numbers of a page rest on: day, rule, survey."""
    version, language = cached.workspace().version, state.language()
    return " · ".join(
        (
            _("as of {day}").format(day=numbers.day(state.as_of(), language)),
            _("accepted amounts only"),
            cached.survey_titles(version, language).get(chosen.survey_id or "", _("no survey yet")),
        )
    )


def beside_map(chosen: state.Choices) -> None:
    """One card a target of the workspace's plan, what the coast holds, and each city."""
    shown = _own_plan()
    cards = [
        _target(progress, demonstration=chosen.demonstration)
        for progress in (shown.targets if shown else ())
    ]
    if not cards:
        nothing = _("No plan is on record. Take in its targets on the page of imports.")
        cards = [elements.card(_("Targets"), elements.small(nothing))]
    key = [gauges.key()] if shown else []
    elements.show(*_picked(chosen), *key, *cards, *_holdings(chosen), *_cities(chosen))


def whole(chosen: state.Choices) -> state.Choices:
    """The choices with every ecosystem shown: the overview has no filter to tell of one."""
    return replace(chosen, ecosystem=None)


def _picked(chosen: state.Choices) -> list[Element]:
    """The zone clicked on the map, in one line, with the way to its page and the way back."""
    if chosen.zone_id is None:
        return []
    tree = cached.regions(cached.workspace().version, state.language())
    summary = panels.summarised(chosen, chosen.zone_id)
    said = _("nothing on record")
    if summary is not None and not summary.rows.empty:
        stock = numbers.carbon(summary.totals.stock_t_c, state.language())
        sign = "≥ " if summary.totals.unvalued_ha > 0 and stock[1] else ""
        area = numbers.joined(numbers.area(summary.totals.area_ha, state.language()))
        said = f"{area} · {sign}{numbers.joined(stock)}"
    back = state.address(zone=None, at=None)
    return [
        elements.tag(
            "div",
            "",
            "card picked",
            elements.link(tree.names[chosen.zone_id], "zone", state.address()),
            elements.tag("span", said),
            elements.link(_("whole province"), "", back, "screen-only"),
        )
    ]


def _own_plan() -> PlanProgress | None:
    workspace = cached.workspace()
    return cached.progress(workspace.version, workspace.info.default_plan_id, state.as_of())


def _target(progress: TargetProgress, *, demonstration: bool) -> Element:
    """The card of a target, its notes folded away, with the way to all about it."""
    card = elements.folded(gauges.card(progress, demonstration=demonstration), _("Notes"))
    return _leading(card, "progress")


def _leading(card: Element, page: str) -> Element:
    """A card whose title leads to the page that says more."""
    title = card.find("*/span[@class='card-title']")
    if title is not None:
        way = elements.link(title.text or "", page, state.address())
        title.text = None
        title.append(way)
    return card


def _beside_small(card: Element, way: Element) -> None:
    """Put a link into the last line of small type: it takes no line of its own."""
    lines = [child for child in card if child.get("class") == "small"]
    way.set("class", f"{way.get('class')} beside")
    if lines:
        lines[-1].insert(0, way)  # after its text, before what is folded
    else:
        card.append(way)


def _holdings(chosen: state.Choices) -> list[Element]:
    """Area and carbon of mangrove, and of everything, each with unit, interval, year, source."""
    summary = panels.summarised(chosen, None)
    if chosen.survey_id is None:
        nothing = _("No survey is on record yet. Put surveys and patches into the workspace.")
        return [elements.card(_("All ecosystems"), elements.small(nothing))]
    if summary is None or summary.rows.empty:
        nothing = _("Nothing on record for this survey. Choose another survey.")
        return [elements.card(_("All ecosystems"), elements.small(nothing))]
    mangrove = _holding(chosen, _("Mangrove"), frozenset({"mangrove"}))
    return [mangrove, _holding(chosen, _("All ecosystems"), None)]


def _holding(chosen: state.Choices, title: str, kinds: frozenset[str] | None) -> Element:
    version, language = cached.workspace().version, state.language()
    summary = _whole(chosen, chosen.survey_id, kinds)
    if chosen.survey_id is not None:
        title = f"{title} · {cached.survey_year(version, chosen.survey_id)}"
    if summary is None or summary.rows.empty:
        nothing = elements.small(_("Nothing on record here in this survey."))
        return _leading(elements.card(title, nothing), "stock")
    kind = next(iter(kinds)) if kinds else None
    how = trace_link.link(cached.workspace().info.zone_id, eco=kind, factors=None)
    said = elements.small(_sources(summary, language))
    card = elements.card(
        title, *panels.zone_numbers(summary, beyond=panels.beyond(chosen, None)), said
    )
    trend = _trend(chosen, kinds)
    if trend is not None:
        card[0].append(trend)
    card = elements.folded(card, _("Notes and source"))
    _beside_small(card, how)
    return _leading(card, "stock")


def _whole(
    chosen: state.Choices, survey_id: str | None, kinds: frozenset[str] | None
) -> reports.ZoneSummary | None:
    return cached.summary(
        cached.workspace().version,
        survey_id,
        Level.PROVINCE,
        None,
        kinds,
        chosen.demonstration,
        state.language(),
    )


def _trend(chosen: state.Choices, kinds: frozenset[str] | None) -> Element | None:
    """Area in the first and in the last survey, where there are two to compare."""
    version, language = cached.workspace().version, state.language()
    known: list[tuple[int, float, bool]] = []
    for survey_id in cached.survey_titles(version, language):
        summary = _whole(chosen, survey_id, kinds)
        if summary is not None and not summary.rows.empty:
            totals = summary.totals
            year = cached.survey_year(version, survey_id)
            known.append((year, totals.area_ha, totals.demonstration_ha > 0))
    if len(known) < 2:
        return None
    (first, from_ha, from_demo), *_between, (last, to_ha, to_demo) = sorted(known)
    then = numbers.joined(numbers.area(to_ha, language))
    spoken = f"{first}: {numbers.plain(from_ha, 1, language)} → {last}: {then}"
    demonstration = from_demo or to_demo
    mark = [elements.tag("em", _("demonstration"), "demo-mark")] if demonstration else []
    drawn = elements.slope(from_ha, to_ha, "demo" if demonstration else "", spoken)
    said = f"{last}: {then}"
    return elements.tag("span", "", "trend", drawn, elements.tag("span", said), *mark)


def _sources(summary: reports.ZoneSummary, language: str) -> str:
    """The coefficients a number was made with, by publication."""
    used = reports.sources(summary.factor_set, summary.parts)
    mine = used[used["factor_id"].isin(_ids(summary.parts["factor_id"]))]
    names = list(dict.fromkeys(str(name) for name in mine["source"].dropna()))
    separator = "；" if language == "zh" else "; "
    return naming.headed(_("Source"), separator.join(names)) if names else ""


def _ids(column: pd.Series[str]) -> set[str]:
    return {one for text in column.dropna() for one in text.split("; ")}


def key_of_map(chosen: state.Choices) -> None:
    """What the colours on the map mean, in one line."""
    elements.show(panels.legend_line(replace(chosen, zone_id=None)))


def _cities(chosen: state.Choices) -> list[Element]:
    """Area and stock by city, each with the way to its page; every column adds up."""
    workspace, language = cached.workspace(), state.language()
    summary = cached.summary(
        workspace.version, chosen.survey_id, Level.CITY, None, None, chosen.demonstration, language
    )
    if summary is None or summary.rows.empty:
        return []
    names = cached.regions(workspace.version, language).at_level(Level.CITY)
    zones = [zone for zone in (*names, OUTSIDE) if zone in set(summary.rows["zone_id"])]
    without = [name for zone, name in names.items() if zone not in zones]
    table = _city_table(summary, {zone: names.get(zone, _("Elsewhere")) for zone in zones})
    said = _invasive(summary)
    if without:
        rest = _("No record at all: {cities}")
        said.append(rest.format(cities=numbers.listed(without, language)))
    separator = "；" if language == "zh" else "; "
    return [elements.tag("div", "", "card cities", table, elements.small(separator.join(said)))]


def _invasive(summary: reports.ZoneSummary) -> list[str]:
    """How much of the salt marsh is what has to be cleared."""
    invasive_ha = float(summary.rows["invasive_ha"].sum())
    if invasive_ha <= 0:
        return []
    words = _("{name} includes {area} ha under invasive cordgrass")
    area = numbers.plain(invasive_ha, 1, state.language())
    return [words.format(name=panels.ecosystem_name("salt_marsh"), area=area)]


def _city_table(summary: reports.ZoneSummary, zones: dict[str, str]) -> Element:
    shown = {kind: _areas(summary.rows, kind) for kind in _SHOWN}
    columns = [_column(areas, zones, 1) for areas in shown.values()]
    stocks = _stocks(summary, zones)
    heads = [f"{panels.ecosystem_name(kind)} ({_('ha')})" for kind in shown]
    first = [
        elements.link(name, "zone", state.address(zone=zone)) if zone != OUTSIDE else name
        for zone, name in zones.items()
    ]
    rows = [
        [name, *(_shown(column[at]) for column in columns), stocks[at]]
        for at, name in enumerate([*first, _("Province")])
    ]
    return elements.table([_("City"), *heads, _("Stock (t C)")], rows)


def _areas(rows: pd.DataFrame, kind: str) -> dict[str, float | None]:
    mine = rows[rows["ecosystem"] == kind]
    return dict(zip(mine["zone_id"], mine["area_ha"], strict=True))


def _stocks(summary: reports.ZoneSummary, zones: dict[str, str]) -> list[str]:
    """Stock of each zone and of all, with its sign where part of the area has no coefficient."""
    held = reports.totals_by(summary, "zone_id").set_index("key")
    known = {str(zone): float(value) for zone, value in held["stock_t_c"].dropna().items()}
    bare = [*(float(held["unvalued_ha"].get(zone, 0.0)) for zone in zones)]
    cells = zip(_column(dict(known), zones, 0), [*bare, sum(bare)], strict=True)
    return [zone_ecosystems.least(_shown(cell), ha, cell[0]) for cell, ha in cells]


def _column(
    values: dict[str, float | None], rows: dict[str, str], digits: int
) -> list[tuple[float | None, int]]:
    """One column, rounded so that what is printed adds up to the total printed last."""
    printed = reports.apportion([values.get(zone) for zone in rows], digits)
    known = [value for value in printed if value is not None]
    return [(value, digits) for value in (*printed, sum(known) if known else None)]


def _shown(cell: tuple[float | None, int]) -> str:
    return numbers.plain(*cell, state.language())
