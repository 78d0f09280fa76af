"""How amounts of one place through time are drawn, from words and numbers that are ready.

What is drawn comes as one text: ``rows`` (each with ``time, value, low, high, said, spread, what,
gap, now``), ``axis`` (unit). A time without a survey has a word instead of a point; nothing is
drawn between two points: what lay there is not known.
"""

from __future__ import annotations

import json
from typing import Final

import altair as alt

from ui import chart_files
from ui.chart_files import FAINT, Rows, of_rows
from ui.words import _

_INK: Final = "#0B5C8A"
_NOW: Final = "#D95F02"
_HEIGHT: Final = 210
_ROOM_ABOVE: Final = 1.22
"""Of the axis above the highest amount, for the words on the points."""


def draw(given: str, language: str) -> str:
    """The chart as a Vega-Lite specification.

    Args:
        given: What is drawn, as above.
        language: Of the page; its words stand in what appears under the pointer.
    """
    del language
    shown = json.loads(given)
    rows: Rows = shown["rows"]
    across = alt.X(
        "time",
        type="nominal",
        sort=None,
        axis=alt.Axis(title=None, labelAngle=0, ticks=False, domainColor=FAINT),
        scale=alt.Scale(domain=[row["time"] for row in rows], paddingOuter=0.3),
    )
    layers = [
        _gaps([row for row in rows if row["gap"]], across),
        *_points([row for row in rows if row["value"] is not None], across, shown["axis"]),
    ]
    made = alt.LayerChart(layer=layers).properties(height=_HEIGHT)
    return json.dumps(chart_files.spec(made), ensure_ascii=False)


def _gaps(rows: Rows, across: alt.X) -> alt.Chart:
    """Words where there is no point."""
    words = of_rows(rows).mark_text(color=FAINT, fontSize=11, baseline="bottom")
    made: alt.Chart = words.encode(
        x=across, y=alt.value(_HEIGHT - 42), text=alt.Text("gap", type="nominal")
    )
    return made


def _points(rows: Rows, across: alt.X, axis: str) -> list[alt.Chart]:
    """A point on its interval, its amount above; the time that is looked at in another colour."""
    ends = [end for row in rows for end in (row["value"], row["high"]) if end is not None]
    scale = alt.Scale(domain=[0.0, max(ends, default=0.0) * _ROOM_ABOVE or 1.0], nice=False)
    up = alt.Axis(title=axis, format=",.3~f", tickCount=4, domain=False, ticks=False, grid=True)
    ink = alt.condition("datum.now", alt.value(_NOW), alt.value(_INK))
    tips = [
        alt.Tooltip("what", type="nominal", title=_("Survey")),
        alt.Tooltip("said", type="nominal", title=_("Amount")),
        alt.Tooltip("spread", type="nominal", title=_("Interval")),
    ]
    value = alt.Y("value", type="quantitative", axis=up, scale=scale)
    low = alt.Y("low", type="quantitative", axis=up, scale=scale)
    spread = of_rows([row for row in rows if row["low"] is not None]).mark_rule(
        strokeWidth=5, opacity=0.35
    )
    points = of_rows(rows).mark_point(filled=True, size=95, opacity=1)
    words = of_rows([{**row, "top": row["high"] or row["value"]} for row in rows]).mark_text(
        dy=-9, fontSize=12, fontWeight="bold"
    )
    top = alt.Y("top", type="quantitative", axis=up, scale=scale)
    return [
        spread.encode(x=across, y=low, y2="high:Q", color=ink),
        points.encode(x=across, y=value, color=ink, tooltip=tips),
        words.encode(x=across, y=top, text=alt.Text("said", type="nominal"), color=ink),
    ]
