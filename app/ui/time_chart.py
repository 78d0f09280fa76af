"""Area and stock of the place looked at, survey by survey, under the bar of time."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from ui import cached, chart_words, charts, naming, numbers, panels, state, time_marks, times
from ui.two_times import name_of
from ui.words import _


def section(chosen: state.Choices) -> None:
    """Two charts; nothing where there is one time."""
    line = times.line()
    if sum(one.survey_id is not None for one in line) < 2:
        return
    table = _table(chosen, line)
    area, stock = st.columns(2, gap="small")
    with area:
        _chart(table, "area_ha", "ha", _("Area through time"), chosen)
    with stock:
        _chart(table, "stock_t_c", "t C", _("Carbon stock through time"), chosen)


def _table(chosen: state.Choices, line: tuple[reports.Moment, ...]) -> pd.DataFrame:
    """One step of the line a row; what no survey tells is NaN."""
    titles = cached.survey_titles(cached.workspace().version, state.language())
    now, rows = times.now(line), []
    zone = chosen.zone_id or cached.workspace().info.zone_id
    for one in line:
        found = None
        if one.survey_id is not None:
            found = panels.summarised(replace(chosen, survey_id=one.survey_id), zone)
        totals = None if found is None or found.rows.empty else found.totals
        stock = [math.nan] * 3
        if totals is not None:
            ends = (totals.stock_t_c, totals.stock_t_c_low, totals.stock_t_c_high)
            stock = [math.nan if end is None else end for end in ends]
        rows.append(
            {
                "time": name_of(one.key),
                "what": titles.get(one.survey_id or "", ""),
                "gap": _gap(one, known=totals is not None),
                "now": one.key == now,
                "area_ha": totals.area_ha if totals else math.nan,
                "area_ha_low": math.nan,
                "area_ha_high": math.nan,
                "demonstration_ha": totals.demonstration_ha if totals else math.nan,
                "stock_t_c": stock[0],
                "stock_t_c_low": stock[1],
                "stock_t_c_high": stock[2],
                "least": bool(totals and totals.unvalued_ha > 0),
            }
        )
    return pd.DataFrame(rows)


def _gap(one: reports.Moment, *, known: bool) -> str:
    if one.survey_id is None:
        return _("no survey")
    return "" if known else numbers.no_data(state.language())


def _chart(table: pd.DataFrame, value: str, unit: str, title: str, chosen: state.Choices) -> None:
    low, high, mass = f"{value}_low", f"{value}_high", unit == "t C"
    measure = chart_words.measure(unit, table[[value, high]], 1)
    rows = [
        _row(row, value, measure, at_least=mass and bool(row["least"]))
        for row in table.to_dict("records")
    ]
    given = json.dumps({"rows": rows, "axis": measure.axis}, ensure_ascii=False)
    shown = table[table["what"] != ""]
    columns = {
        "time": _("Time"), "what": _("Survey"), value: f"{title} ({unit})",
        **({low: _("Lower end (t C)"), high: _("Upper end (t C)")} if mass else
           {"demonstration_ha": _("Of it demonstration (ha)")}),
    }  # fmt: skip
    gaps = [row["time"] for row in table.to_dict("records") if not row["what"]]
    charts.show(
        charts.Drawn(cached.drawn(time_marks.draw, given, state.language())),
        shown[list(columns)].rename(columns=columns),
        key=f"time_{value}",
        title=f"{_place(chosen)} · {title}",
        note=_note(gaps, least=mass and bool(table["least"].any()), mass=mass),
        name=f"bluecarbon_time_{value}",
        about=(chosen.zone_id or cached.workspace().info.zone_id,),
    )


def _row(
    row: dict[object, object], value: str, measure: chart_words.Measure, *, at_least: bool
) -> dict[str, object]:
    amount, low, high = (float(str(row[f"{value}{end}"])) for end in ("", "_low", "_high"))
    unknown = math.isnan(low) or math.isnan(high)
    said = "" if math.isnan(amount) else measure.said(amount)
    return {
        "time": row["time"], "what": row["what"], "now": row["now"],
        "gap": row["gap"] or ("" if said else numbers.no_data(state.language())),
        "value": None if math.isnan(amount) else amount / measure.per,
        "low": None if unknown else low / measure.per,
        "high": None if unknown else high / measure.per,
        "said": f"≥ {said}" if at_least and said else said,
        "spread": _("unknown") if unknown else measure.interval(low, high),
    }  # fmt: skip


def _place(chosen: state.Choices) -> str:
    names = cached.regions(cached.workspace().version, state.language()).names
    place = names[chosen.zone_id or cached.workspace().info.zone_id]
    if chosen.ecosystem is None:
        return place
    return f"{place} · {naming.ecosystem_name(chosen.ecosystem)}"


def _note(gaps: list[str], *, least: bool, mass: bool) -> str:
    said = [_("Orange: the time looked at. Nothing is drawn between surveys: it is not known")]
    if mass:
        said.append(_("bars: interval by formula"))
    if least:
        said.append(_("≥: ground without a coefficient is not counted"))
    if gaps:
        said.append(_("no survey: {times}").format(times=numbers.listed(gaps, state.language())))
    return ("；" if state.language() == "zh" else "; ").join(said)
