"""溯源: what another value of one coefficient would change."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.errors import FactorError
from bluecarbon_map.tables import OUTSIDE
from ui import (
    address_numbers,
    cached,
    chart_files,
    charts,
    elements,
    naming,
    numbers,
    state,
    stock,
    trace_choices,
    zone,
)
from ui.words import _


def section() -> None:
    """A coefficient, a value to try, and the rows that change."""
    elements.show(elements.tag("h2", _("What would another coefficient change?"), "part"))
    chosen = state.choices()
    before = trace_choices.before(chosen)
    if before is None:
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
    made = _changed(chosen, before, factor_id, value)
    if made is not None:
        _shown(made, before)


def _choose(used: dict[str, reports.Tried]) -> tuple[str, float]:
    """The coefficient and the value that is tried; both stand in the address."""
    wanted = state.asked(state.COEFFICIENT)
    factor_id = wanted if wanted in used else next(iter(used))
    if wanted in trace_choices.anywhere().keys() - used.keys():
        words = _("The coefficient {id} has no part in the numbers of this place.")
        elements.show(elements.small(words.format(id=wanted)))
    value, unit = used[factor_id].value, used[factor_id].unit
    tried = trace_choices.tried(factor_id, unit)
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
            max_value=float(trace_choices.most(unit)),
            step=None,
            format="%g",
            key="try_value",
            on_change=_take_value,
        )
    return factor_id, value if tried is None else tried


def _take_coefficient() -> None:
    state.put(state.VALUE, None)
    state.put(state.COEFFICIENT, st.session_state["try_coefficient"])


def _take_value() -> None:
    value = st.session_state["try_value"]
    state.put(state.COEFFICIENT, st.session_state["try_coefficient"])
    state.put(state.VALUE, None if value is None else address_numbers.written(value))


def _changed(
    chosen: state.Choices, before: reports.ZoneSummary, factor_id: str, value: float
) -> reports.WhatIf | None:
    areas = cached.measured(cached.workspace().version, chosen.survey_id, chosen.demonstration)
    if areas is None or chosen.survey_id is None:
        return None
    try:
        return reports.what_if(
            cached.workspace(),
            chosen.survey_id,
            before,
            factor_id,
            value,
            level=trace_choices.level(chosen),
            zone_id=chosen.zone_id,
            ecosystems=chosen.ecosystems,
            measured=areas,
            language=state.language(),
        )
    except FactorError as refused:
        st.error(naming.plain_text(str(refused)))
        return None


def _shown(made: reports.WhatIf, before: reports.ZoneSummary) -> None:
    elements.show(elements.tag("p", _sentence(made), "said-after"))
    if made.rows.empty:
        return
    table = _table(made, before)
    amount = st.column_config.NumberColumn(format="%,.3f")
    st.dataframe(
        table,
        hide_index=True,
        column_config=dict.fromkeys(table.columns[3:8], amount),
        placeholder=numbers.no_data(state.language()),
    )
    about = (*stock.about(state.choices()), made.factor_id)
    st.download_button(
        "CSV",
        lambda: chart_files.csv(table.assign(**_said_of_all(made, before))),
        file_name=charts.file_name("bluecarbon_what-if", about, ".csv"),
        mime="text/csv",
        key="what_if_csv",
        on_click="ignore",
    )


def _sentence(made: reports.WhatIf) -> str:
    unit, language = made.amount_unit, state.language()
    words = _(
        "{rows} rows change, {same} do not. Together: {before} → {after} {unit} ({difference}). "
        "A value that is tried has no interval; nothing is written."
    )
    least = "≥ " if made.at_least else ""
    change = made.total_after - made.total_before
    return words.format(
        rows=len(made.rows),
        same=made.unchanged,
        before=least + numbers.plain(made.total_before, 1, language),
        after=least + numbers.plain(made.total_after, 1, language),
        difference=f"{change:+,.1f}",
        unit=unit,
    )


def _table(made: reports.WhatIf, before: reports.ZoneSummary) -> pd.DataFrame:
    """The rows that change, with the ground they stand on."""
    keys, areas = ["zone_id", "ecosystem", "species"], ["area_ha", "demonstration_ha"]
    rows = made.rows.merge(
        before.parts[[*keys, *areas]], how="left", on=keys, validate="one_to_one"
    )
    unit = made.amount_unit
    return pd.DataFrame(
        {
            _("Zone"): rows["zone_name"].mask(rows["zone_id"] == OUTSIDE, _("Outside every zone")),
            _("Ecosystem"): [naming.ecosystem_name(key) for key in rows["ecosystem"]],
            _("Dominant species"): rows["species"].map(naming.species_name, "ignore"),
            _("Area (ha)"): rows["area_ha"],
            _("Of it demonstration (ha)"): rows["demonstration_ha"],
            _("Before ({unit})").format(unit=unit): rows["before"].round(3),
            _("After ({unit})").format(unit=unit): rows["after"].round(3),
            _("Difference ({unit})").format(unit=unit): rows["difference"].round(3),
            _("Difference (%)"): rows["percent"].round(2),
        }
    )


def _said_of_all(made: reports.WhatIf, before: reports.ZoneSummary) -> dict[str, str | float]:
    """Columns of the file that are the same in every row: what was tried, and on what."""
    yes, no = _("yes"), _("no")
    titles = cached.survey_titles(cached.workspace().version, state.language())
    survey_id = state.choices().survey_id or ""
    return {
        _("Coefficient"): made.factor_id,
        _("Value before"): made.before,
        _("Value tried"): made.after,
        _("Unit of the value"): made.unit,
        _("Set of coefficients"): zone.set_name(before),
        _("Survey"): titles[survey_id],
        _("Sums are lower bounds"): yes if made.at_least else no,
        _("Contains demonstration data"): yes if before.totals.demonstration_ha > 0 else no,
    }
