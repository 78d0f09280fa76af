"""溯源: what another value of one coefficient would change."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.errors import FactorError
from bluecarbon_map.factors import DENSITY_MOST_T_C_HA, RATE_MOST_T_C_HA_YR
from bluecarbon_map.tables import Level
from ui import cached, chart_files, charts, elements, naming, numbers, state, stock, zone
from ui.words import _

_DENSITY: Final = "t C/ha"


def section() -> None:
    """A coefficient, a value to try, and the rows that change."""
    elements.show(elements.tag("h2", _("What would another coefficient change?"), "part"))
    chosen = state.choices()
    level = _level(chosen)
    before = cached.summary(*_asked(chosen, level))
    if before is None or before.rows.empty:
        return
    used = reports.used_ids(before)
    if not used:
        st.info(_("No number here was made with a coefficient."))
        return
    factor_id, value = _choose(used)
    if value == used[factor_id].value:
        words = _("Type another value above: the rows it changes are listed here.")
        elements.show(elements.small(words))
        return
    _changes(chosen, level, before, factor_id, value)


def _level(chosen: state.Choices) -> Level:
    """Rows one level below the zone; its own where there is none."""
    own = zone.level_of(zone.asked(chosen))
    return {Level.PROVINCE: Level.CITY, Level.CITY: Level.COUNTY}.get(own, own)


def _asked(chosen: state.Choices, level: Level) -> tuple[Any, ...]:
    return (
        cached.workspace().version,
        chosen.survey_id,
        level,
        zone.asked(chosen),
        chosen.ecosystems,
        chosen.demonstration,
        state.language(),
        stock.set_id(),
    )


def _choose(used: dict[str, reports.Tried]) -> tuple[str, float]:
    """The coefficient and the value that is tried; both stand in the address."""
    wanted = state.asked(state.COEFFICIENT)
    factor_id = wanted if wanted in used else next(iter(used))
    value, unit = used[factor_id].value, used[factor_id].unit
    most = DENSITY_MOST_T_C_HA if unit == _DENSITY else RATE_MOST_T_C_HA_YR
    tried = tried_value(state.asked(state.VALUE), most) if wanted in used else None
    left, right = st.columns([2.2, 1], gap="small")
    st.session_state["try_coefficient"] = factor_id
    with left:
        st.selectbox(
            _("Coefficient"),
            list(used),
            format_func=lambda one: f"{one} = {used[one].value:g} {used[one].unit}",
            key="try_coefficient",
            on_change=_take_coefficient,
        )
    st.session_state["try_value"] = value if tried is None else tried
    with right:
        st.number_input(
            _("Value to try ({unit})").format(unit=unit),
            min_value=0.0,
            max_value=float(most),
            step=None,
            format="%g",
            key="try_value",
            on_change=_take_value,
        )
    return factor_id, value if tried is None else tried


def tried_value(text: str | None, most: float) -> float | None:
    """A value that an address names; None where it names none that can be."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= most else None


def _take_coefficient() -> None:
    state.put(state.VALUE, None)
    state.put(state.COEFFICIENT, st.session_state["try_coefficient"])


def _take_value() -> None:
    value = st.session_state["try_value"]
    state.put(state.COEFFICIENT, st.session_state["try_coefficient"])
    state.put(state.VALUE, None if value is None else f"{value:g}")


def _changes(
    chosen: state.Choices,
    level: Level,
    before: reports.ZoneSummary,
    factor_id: str,
    value: float,
) -> None:
    areas = cached.measured(cached.workspace().version, chosen.survey_id, chosen.demonstration)
    if areas is None or chosen.survey_id is None:
        return
    try:
        made = reports.what_if(
            cached.workspace(),
            chosen.survey_id,
            before,
            factor_id,
            value,
            level=level,
            zone_id=zone.asked(chosen),
            ecosystems=chosen.ecosystems,
            measured=areas,
            language=state.language(),
        )
    except FactorError as refused:
        st.error(naming.plain_text(str(refused)))
        return
    _shown(made)


def _shown(made: reports.WhatIf) -> None:
    rows, unit, language = made.rows, made.amount_unit, state.language()
    words = _(
        "{rows} rows change, {same} do not. Together: {before} → {after} {unit} ({difference}). "
        "A value that is tried has no interval; nothing is written."
    )
    least = "≥ " if made.at_least else ""
    change = made.total_after - made.total_before
    said = words.format(
        rows=len(rows),
        same=made.unchanged,
        before=least + numbers.plain(made.total_before, 1, language),
        after=least + numbers.plain(made.total_after, 1, language),
        difference=f"{change:+,.1f}",
        unit=unit,
    )
    elements.show(elements.tag("p", said, "said-after"))
    if rows.empty:
        return
    table = pd.DataFrame(
        {
            _("Zone"): rows["zone_name"],
            _("Ecosystem"): [naming.ecosystem_name(key) for key in rows["ecosystem"]],
            _("Dominant species"): rows["species"].map(naming.species_name, "ignore"),
            _("Before ({unit})").format(unit=unit): rows["before"].round(3),
            _("After ({unit})").format(unit=unit): rows["after"].round(3),
            _("Difference ({unit})").format(unit=unit): rows["difference"].round(3),
            _("Difference (%)"): rows["percent"].round(2),
        }
    )
    amount = st.column_config.NumberColumn(format="%,.3f")
    st.dataframe(
        table,
        hide_index=True,
        column_config=dict.fromkeys(table.columns[3:6], amount),
        placeholder=numbers.no_data(language),
    )
    st.download_button(
        "CSV",
        lambda: chart_files.csv(table),
        file_name=charts.file_name("bluecarbon_what-if", stock.about(state.choices()), ".csv"),
        mime="text/csv",
        key="what_if_csv",
        on_click="ignore",
    )
