"""方法对比: one place and survey under every scheme, the numbers beside one another."""

from __future__ import annotations

from functools import partial
from typing import Final
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.factors import Said
from bluecarbon_map.reports import SchemeResult
from ui import cached, cached_schemes, charts, elements, naming, numbers, panels, state, stock, zone
from ui.words import _

Results = tuple[SchemeResult, ...]

_FORMATS: Final = tuple(one for one in panels.FORMATS if one[0] in reports.SCHEME_FORMATS)


def results(chosen: state.Choices) -> Results:
    """What every scheme makes of what is chosen; none where nothing is on record."""
    return cached_schemes.results(*_asked(chosen))


def _asked(chosen: state.Choices) -> cached_schemes.Asked:
    return (
        cached.workspace().version,
        chosen.survey_id,
        chosen.zone_id,
        chosen.ecosystems,
        chosen.demonstration,
    )


def said(text: Said) -> str:
    """A text of the data in the language of the session."""
    return text[state.language() == "en"]


# --- the numbers ---------------------------------------------------------------------------------


def answer(chosen: state.Choices, shown: Results) -> None:
    """The table of schemes, and the two ledgers as charts."""
    note = _(
        "Schemes stand side by side: never added, never averaged. Stock and flow are two ledgers."
    )
    table = elements.table(_heads(), [_row(one) for one in shown])
    table.set("class", "facts reasons schemes")
    title = stock.based(_("The same ground under each scheme"), chosen)
    elements.show(elements.card(title, table, elements.small(note), *_map_note(shown)))
    left, right = st.columns(2, gap="small")
    rows = reports.amounts(shown).assign(
        name=[said(one.scheme.title) for one in shown],
        least=[one.unvalued_ha > 0 for one in shown],
        least_flow=[one.unrated_ha > 0 for one in shown],
    )
    with left:
        _stock_chart(chosen, rows, shown)
    with right:
        _flow_chart(chosen, rows)


def _heads() -> list[str]:
    return [
        _("Scheme"),
        _("Counted (ha)"),
        _("Of it Spartina (ha)"),
        _("Stock (t C)"),
        _("Interval (t C)"),
        _("Annual flow (t C/yr)"),
        _("Interval (t C/yr)"),
        _("Leaves out"),
    ]


def _row(one: SchemeResult) -> list[str | Element]:
    language = state.language()
    return [
        said(one.scheme.title),
        numbers.plain(one.counted_ha, 1, language),
        numbers.plain(one.invasive_ha, 1, language),
        least(one.stock_t_c, one.unvalued_ha),
        _ends(one.stock_t_c_low, one.stock_t_c_high, one.interval_kind),
        least(one.flow_t_c_yr, one.unrated_ha),
        _ends(one.flow_t_c_yr_low, one.flow_t_c_yr_high, one.flow_interval_kind),
        _left_out(one),
    ]


def least(amount: float | None, unknown_ha: float) -> str:
    """A whole number, as a lower bound where part of the area is unknown."""
    sign = "≥ " if amount is not None and unknown_ha > 0 else ""
    return sign + numbers.plain(amount, 0, state.language())


def _ends(low: float | None, high: float | None, kind: str | None) -> str | Element:
    """An interval, and what its ends are."""
    if low is None or high is None:
        return numbers.no_data(state.language())
    kind_of_it = elements.tag("div", zone.kind_name(kind), "small")
    return elements.tag("div", "", "", elements.tag("span", stock.ends(low, high)), kind_of_it)


def _left_out(one: SchemeResult) -> str:
    """What it leaves out of the map in one line, with its area."""
    if not one.left_out:
        return _("nothing of what is mapped here")
    names = numbers.listed(
        (naming.ecosystem_name(line.ecosystem) for line in one.left_out), state.language()
    )
    area = numbers.joined(numbers.area(one.left_out_ha, state.language()))
    return _("{names}: {area}").format(names=names, area=area)


def _map_note(shown: Results) -> list[Element]:
    """How much ground there is in all, and how far it is invented."""
    whole, language = shown[0], state.language()
    mapped = numbers.joined(numbers.area(whole.area_ha, language))
    lines = [_("On the map here: {area}; counted and left out together.").format(area=mapped)]
    invented_ha = sum(line.demonstration_ha for line in whole.lines)
    if invented_ha > 0:
        invented = numbers.joined(numbers.area(invented_ha, language))
        words = _("Of this, {area} is demonstration data: not an official figure.")
        lines.append(words.format(area=invented))
    return [elements.small(" ".join(lines))]


def _stock_chart(chosen: state.Choices, rows: pd.DataFrame, shown: Results) -> None:
    drawn = charts.bars(
        rows,
        label="name",
        value="stock_t_c",
        low="stock_t_c_low",
        high="stock_t_c_high",
        unit="t C",
        demonstration="demonstration_t_c",
        at_least="least",
        ranked=False,
    )
    columns = {
        "name": _("Scheme"),
        "counted_ha": _("Counted (ha)"),
        "stock_t_c": _("Stock (t C)"),
        "stock_t_c_low": _("Lower end (t C)"),
        "stock_t_c_high": _("Upper end (t C)"),
        "demonstration_t_c": _("Of it demonstration (t C)"),
        "unvalued_ha": _("Without a coefficient (ha)"),
    }
    kinds = dict.fromkeys(zone.kind_name(one.interval_kind) for one in shown if one.interval_kind)
    note = _("The schemes hold different ecosystems and pools. Whiskers: interval, {kind}").format(
        kind=numbers.listed(kinds, state.language()) or _("unknown")
    )
    charts.show(
        drawn,
        rows[list(columns)].rename(columns=columns),
        key="schemes_stock",
        title=stock.based(_("Stock by scheme"), chosen),
        note=_noted(note, rows["demonstration_t_c"]),
        name="bluecarbon_stock_by_scheme",
        about=stock.about(chosen),
    )


def _flow_chart(chosen: state.Choices, rows: pd.DataFrame) -> None:
    drawn = charts.bars(
        rows,
        label="name",
        value="flow_t_c_yr",
        low="flow_t_c_yr_low",
        high="flow_t_c_yr_high",
        unit="t C/yr",
        demonstration="demonstration_t_c_yr",
        at_least="least_flow",
        ranked=False,
    )
    columns = {
        "name": _("Scheme"),
        "counted_ha": _("Counted (ha)"),
        "flow_t_c_yr": _("Annual flow (t C/yr)"),
        "flow_t_c_yr_low": _("Lower end (t C/yr)"),
        "flow_t_c_yr_high": _("Upper end (t C/yr)"),
        "demonstration_t_c_yr": _("Of it demonstration (t C/yr)"),
        "unrated_ha": _("Without a rate (ha)"),
    }
    note = _(
        "A flow, kept apart: never added to the stock, and no credit. "
        "Rates without whiskers were published without an interval."
    )
    charts.show(
        drawn,
        rows[list(columns)].rename(columns=columns),
        key="schemes_flow",
        title=stock.based(_("Annual flow by scheme"), chosen),
        note=_noted(note, rows["demonstration_t_c_yr"]),
        name="bluecarbon_flow_by_scheme",
        about=stock.about(chosen),
    )


def _noted(note: str, invented: pd.Series[float]) -> str:
    """A note, with what the lighter part of a bar is where there is one."""
    if not (invented > 0).any():
        return note
    return f"{note.rstrip('.。')}{_('; ')}{_('lighter, dashed: demonstration data')}"


# --- the files -----------------------------------------------------------------------------------


def downloads(chosen: state.Choices) -> None:
    """The tables as files: schemes, ecosystems under each, and every reason."""
    with st.container(key="downloads", horizontal=True, vertical_alignment="center"):
        elements.show(elements.tag("div", _("Take the table away"), "card-title"))
        for suffix, label, mime in _FORMATS:
            st.download_button(
                label,
                partial(cached_schemes.file, _asked(chosen), suffix),
                file_name=charts.file_name("bluecarbon_standards", _about(chosen), suffix),
                mime=mime,
                key=f"standards_download{suffix}",
                on_click="ignore",
            )
    words = _(
        "XLSX holds the ecosystems under each scheme and every reason; CSV the schemes alone."
    )
    elements.show(elements.small(words))


def _about(chosen: state.Choices) -> tuple[str | None, ...]:
    return (*stock.about(chosen), *sorted(chosen.ecosystems or ()))
