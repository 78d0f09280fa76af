"""How the timeline of a target is drawn, from words and numbers that are ready; see `chart_marks`.

What is drawn comes as one text: ``steps`` and ``demonstration`` (each a list of ``day, total, what,
when, amount, sum``), ``pace`` (``day, total``), ``target`` (``day, total, said``), ``mark`` (``day,
said``, and whether it is ``early``), ``start``, ``end`` and ``until`` (days), ``top`` (amount).
"""

from __future__ import annotations

import json
from typing import Any, Final

import altair as alt

from ui import chart_files
from ui.chart_files import FAINT, Rows, of_rows
from ui.words import _

_COUNTED: Final = "#0B5C8A"
_DEMONSTRATION: Final = "#9A6B00"
_PACE: Final = "#D95F02"
_INK: Final = "#16303F"
_HEIGHT: Final = 230
_ROOM_ABOVE: Final = 1.25
"""Of the axis above the highest amount, for the words on the target's line."""


def draw(given: str, language: str) -> str:
    """The timeline as a Vega-Lite specification.

    Args:
        given: What is drawn, as above.
        language: Of the page; its words stand in what appears under the pointer.
    """
    del language
    shown = json.loads(given)
    across, up = _days(shown["start"], shown["end"]), _amounts(shown["top"])
    layers = [*_target(shown["target"], across, up), _pace(shown["pace"], across, up)]
    layers += _mark(shown["mark"], across)
    for name, ink in (("demonstration", _DEMONSTRATION), ("steps", _COUNTED)):
        if shown[name]:
            line = [*shown[name], {"day": shown["until"], "total": shown[name][-1]["total"]}]
            layers += _steps(shown[name], line, ink, (across, up))
    made = alt.LayerChart(layer=layers).properties(height=_HEIGHT)
    return json.dumps(chart_files.spec(made))


def _days(start: str, end: str) -> alt.X:
    axis = alt.Axis(title=None, format="%Y", tickCount="year", grid=False, labelColor=FAINT)
    return alt.X("day", type="temporal", axis=axis, scale=alt.Scale(domain=[start, end]))


def _amounts(top: float) -> alt.Y:
    axis = alt.Axis(title=None, format=",.3~f", tickCount=4, domain=False, ticks=False, grid=True)
    scale = alt.Scale(domain=[0.0, top * _ROOM_ABOVE])
    return alt.Y("total", type="quantitative", axis=axis, scale=scale)


def _steps(points: Rows, line: Rows, ink: str, at: tuple[alt.X, alt.Y]) -> list[alt.Chart]:
    """A line that rises on each day of acceptance, a point there, and the last total in words."""
    dashed = ink == _DEMONSTRATION
    tips = [
        alt.Tooltip("what", type="nominal", title=_("Project")),
        alt.Tooltip("when", type="nominal", title=_("Accepted on")),
        alt.Tooltip("amount", type="nominal", title=_("Amount")),
        alt.Tooltip("sum", type="nominal", title=_("Together")),
    ]
    places: dict[str, Any] = {"x": at[0], "y": at[1]}
    dash: dict[str, Any] = {"strokeDash": [2, 3]} if dashed else {}
    hollow: dict[str, Any] = {"filled": False, "fill": "white"} if dashed else {"filled": True}
    rising = of_rows(line).mark_line(interpolate="step-after", color=ink, strokeWidth=2.2, **dash)
    dots = of_rows(points).mark_point(color=ink, size=55, opacity=1, **hollow)
    words = of_rows(points[-1:]).mark_text(
        align="right", dx=-7, dy=-9, fontSize=12, color=ink, fontWeight="bold"
    )
    return [
        rising.encode(**places),
        dots.encode(tooltip=tips, **places),
        words.encode(text=alt.Text("sum", type="nominal"), **places),
    ]


def _target(row: dict[str, Any], across: alt.X, up: alt.Y) -> list[alt.Chart]:
    base = of_rows([row])
    words = base.mark_text(align="left", dx=4, dy=-8, fontSize=12, color=_INK)
    said = alt.Text("said", type="nominal")
    rule = base.mark_rule(color=_INK, strokeWidth=1.6).encode(y=up)
    return [rule, words.encode(x=across, y=up, text=said)]


def _pace(rows: Rows, across: alt.X, up: alt.Y) -> alt.Chart:
    line = of_rows(rows).mark_line(color=_PACE, strokeDash=[6, 4], strokeWidth=1.4, clip=True)
    made: alt.Chart = line.encode(x=across, y=up)
    return made


def _mark(row: dict[str, Any], across: alt.X) -> list[alt.Chart]:
    """The deadline, or the day looked at; its words stand above everything else."""
    base = of_rows([row])
    side: dict[str, Any] = (
        {"align": "left", "dx": 5} if row["early"] else {"align": "right", "dx": -5}
    )
    words = base.mark_text(baseline="top", fontSize=12, color=FAINT, **side)
    said = alt.Text("said", type="nominal")
    rule = base.mark_rule(color=FAINT, strokeWidth=1).encode(x=across)
    return [rule, words.encode(x=across, y=alt.value(0), text=said)]
