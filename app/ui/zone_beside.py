"""One zone beside others and through time: targets and projects, surveys, neighbours."""

from __future__ import annotations

from itertools import groupby
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.targets import STATE_NAMES, Entry, TargetProgress, lies_in
from ui import cached, charts, elements, gauges, numbers, panels, state, zone
from ui.targets import entries_table
from ui.words import _
from ui.zone_ecosystems import ends, least, total_cells, tuples


def targets(chosen: state.Choices, zone_id: str) -> None:
    """Targets that the zone falls under, its share of what counts, and its projects."""
    mine = _under(zone_id)
    if not mine:
        nothing = _("No plan on record sets a target for this zone or for what it lies in.")
        elements.show(elements.card(_("Targets and projects"), elements.small(nothing)))
        return
    note = _("A share of the province's target is no target of the zone: nobody set one.")
    own = any(progress.target.zone_id == zone_id for progress in mine)
    lines = [] if own else [elements.small(note)]
    title = _("Targets and projects")
    elements.show(elements.card(title, _target_table(mine, zone_id), *lines))
    _projects(chosen, mine, zone_id)


def _under(zone_id: str) -> list[TargetProgress]:
    """Targets of every plan that are set for the zone or for a zone it lies in."""
    version = cached.workspace().version
    parents = cached.regions(version, state.language()).parents
    plans = dict.fromkeys(
        [cached.workspace().info.default_plan_id, *cached.plan_titles(version, state.language())]
    )
    shown = [cached.progress(version, plan, state.as_of()) for plan in plans]
    return [
        progress
        for plan in shown
        if plan is not None
        for progress in plan.targets
        if lies_in(zone_id, progress.target.zone_id, parents)
    ]


def _target_table(mine: list[TargetProgress], zone_id: str) -> Element:
    language = state.language()
    heads = [
        _("Target"), _("Set for"), _("Promised"), _("Counted in all"), _("Counted in this zone"),
        _("Its share of what is counted"), _("State of the target"),
    ]  # fmt: skip
    rows = []
    for progress in mine:
        target = progress.target
        inside = reports.counted_of(reports.entries_in(cached.workspace(), progress, zone_id))
        share = reports.percent(inside, progress.counted)
        percent = numbers.plain(share, 1, language)
        rows.append(
            [
                gauges.name(progress),
                zone.name(target.zone_id) if _known(target.zone_id) else target.zone_id,
                gauges.promised(target),
                gauges.amount(progress.counted, target.unit),
                gauges.amount(inside, target.unit),
                percent if share is None else f"{percent} %",
                gauges.worded(STATE_NAMES[progress.state]),
            ]
        )
    return elements.table(heads, rows)


def _known(zone_id: str) -> bool:
    return zone_id in cached.regions(cached.workspace().version, state.language()).names


def _projects(chosen: state.Choices, mine: list[TargetProgress], zone_id: str) -> None:
    found: dict[tuple[str, str], tuple[Entry, TargetProgress]] = {}
    for progress in mine:
        for entry in reports.entries_in(cached.workspace(), progress, zone_id):
            if chosen.demonstration or not entry.project.is_demonstration:
                key = (entry.project.project_id, f"{progress.target.target_id}{entry.reason}")
                found[key] = (entry, progress)
    if not found:
        st.info(_("No project of this zone is on record for these targets."))
        return
    tables = []
    for _one, pairs in groupby(found.values(), lambda pair: id(pair[1])):
        entries, toward = zip(*pairs, strict=True)
        table = entries_table(entries, toward[0])
        tables.append(table.assign(**{_("Target"): gauges.name(toward[0])}))
    heading = _("Projects here: what counts toward which target, and why not ({n})")
    with st.expander(heading.format(n=len(found)), expanded=True):
        shown = pd.concat(tables, ignore_index=True)
        first = [_("Project"), _("Target")]
        order = [*first, *(column for column in shown.columns if column not in first)]
        st.dataframe(shown[order], hide_index=True, width="stretch")


# --- surveys -------------------------------------------------------------------------------------


def surveys(chosen: state.Choices, zone_id: str) -> None:
    """What every survey found in the zone; a difference between them is not claimed as change."""
    table = cached.workspace().surveys()
    if table.empty:
        return
    language = state.language()
    rows = []
    for row in tuples(table.sort_values("year")):
        found = zone.summary(chosen, zone_id, survey_id=row.survey_id)
        title = row.title_zh if language == "zh" else row.title_en
        rows.append([str(row.year), title, *_survey_cells(found)])
        rows[-1].append(panels.provenance_name(row.provenance))
    heads = [
        _("Year"), _("Survey"), _("Area (ha)"), _("Of it demonstration (ha)"), _("Stock (t C)"),
        _("Interval (t C)"), _("Record"),
    ]  # fmt: skip
    note = _(
        "Surveys differ in how they were made: a difference between two rows is no finding of "
        "change."
    )
    title = _("Every survey of this zone")
    elements.show(elements.card(title, elements.table(heads, rows), elements.small(note)))


def _survey_cells(found: reports.ZoneSummary | None) -> list[str]:
    nothing = numbers.no_data(state.language())
    if found is None:
        return [nothing] * 4
    cells = total_cells(found)
    return [cells.area, cells.demonstration, cells.stock, cells.interval]


# --- neighbours ----------------------------------------------------------------------------------


def neighbours(chosen: state.Choices, zone_id: str) -> None:
    """The zone, those that touch it, and those it lies in, side by side."""
    version = cached.workspace().version
    facts = cached.zone_facts(version, zone_id)
    if not facts.neighbours and not facts.path:
        words = _("No zone of this level lies beside it in this workspace.")
        elements.show(elements.card(_("Compared with its neighbours"), elements.small(words)))
        return
    every = [zone_id, *facts.neighbours, *facts.path]
    summaries = {one: zone.summary(chosen, one) for one in every}
    table = reports.beside(facts, summaries, cached.zone_areas(version))
    table = table.assign(name=[zone.name(one) for one in table["zone_id"]])
    left, right = st.columns(2, gap="small")
    peers = table[table["role"] != reports.WHOLE]
    with left:
        _chart(peers, chosen, zone_id, "area_ha", _("Area beside its neighbours"), "ha")
    with right:
        _chart(peers, chosen, zone_id, "stock_t_c", _("Stock beside its neighbours"), "t C")
    elements.show(
        elements.card(
            _("Compared with its neighbours, and with what it lies in"),
            _beside_table(table),
            elements.small(
                _(
                    "Neighbours are zones of the same level that touch this one, also at sea. "
                    "Density: stock over the hectares that have a coefficient."
                )
            ),
        )
    )


def _chart(
    peers: pd.DataFrame, chosen: state.Choices, zone_id: str, value: str, title: str, unit: str
) -> None:
    own = peers["role"] == reports.SELF
    rows = peers.assign(label=peers["name"].mask(own, "▸ " + peers["name"]))
    stock = value == "stock_t_c"
    drawn = charts.bars(
        rows.assign(least=rows["unvalued_ha"].fillna(0.0) > 0),
        label="label",
        value=value,
        unit=unit,
        low="stock_t_c_low" if stock else None,
        high="stock_t_c_high" if stock else None,
        demonstration=None if stock else "demonstration_ha",
        at_least="least" if stock else None,
    )
    year = cached.survey_year(cached.workspace().version, chosen.survey_id or "")
    heads = {"label": _("Zone"), value: f"{title} ({unit})"}
    charts.show(
        drawn,
        rows[list(heads)].rename(columns=heads),
        key=f"beside_{value}",
        title=f"{title} · {year}",
        note=_("≥: part of the area has no coefficient")
        if stock
        else _("Lighter, dashed: demonstration data"),
        name=f"bluecarbon_neighbours_{value}",
        about=(zone_id, chosen.survey_id),
    )


def _beside_table(table: pd.DataFrame) -> Element:
    language = state.language()
    roles = {
        reports.SELF: _("this zone"),
        reports.NEIGHBOUR: _("neighbour"),
        reports.WHOLE: _("it lies in"),
    }
    heads = [
        _("Zone"), _("Role"), _("Area (ha)"), _("Of the zone (%)"), _("Stock (t C)"),
        _("Interval (t C)"), _("Density (t C/ha)"), _("This zone's share of area (%)"),
        _("This zone's share of known stock (%)"),
    ]  # fmt: skip
    rows = [
        [
            row.name,
            roles[str(row.role)],
            numbers.plain(row.area_ha, 1, language),
            numbers.plain(row.cover_percent, 2, language),
            least(numbers.plain(row.stock_t_c, 0, language), row.unvalued_ha, row.stock_t_c),
            ends(row.stock_t_c_low, row.stock_t_c_high, 0),
            numbers.plain(row.density_t_c_ha, 1, language),
            _share(row.role, row.area_share_percent),
            _share(row.role, row.stock_share_percent),
        ]
        for row in tuples(table)
    ]
    return elements.table(heads, rows)


def _share(role: object, percent: float) -> str:
    """Only a whole has a share of it that lies in the zone."""
    return numbers.plain(percent, 1, state.language()) if role == reports.WHOLE else ""
