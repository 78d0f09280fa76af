"""How charts are drawn: marks, axes and places, from rows that are words and numbers already.

Each function gives a Vega-Lite specification as text, from texts alone, so that a chart that was
drawn once is never drawn again. Rows lie in the specification as data; nothing else of a table
enters it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import altair as alt
import pandas as pd

from ui import chart_files
from ui.chart_files import FAINT, Rows, of_rows
from ui.words import _

_INK: Final = "#16303F"
_ROW: Final = 34
"""Height of a row in pixels: its number, and its interval below."""
_GROUPED_ROW: Final = 31
_GAP_IN_GROUPS: Final = 0.14
_AXIS: Final = 46
"""Height of the axis below the rows in pixels."""

_TEXT: Final = alt.X(value="width")
"""Right of the plot, in one column: numbers never lie on a bar, and never run out of the window."""


def as_text(table: pd.DataFrame) -> str:
    """Rows as a text that says all that is drawn; unknown is null."""
    return table.to_json(orient="records", force_ascii=False, double_precision=12)


def bars(rows: str, axis: str, language: str) -> str:
    """Bars, their demonstration part, whiskers and words.

    Args:
        rows: From `as_text`, as `chart_words.in_words` makes them.
        axis: Unit of the axis.
        language: Of the page; its words stand in what appears under the pointer.
    """
    del language
    table: Rows = json.loads(rows)
    grouped = _is_grouped(table)
    base, places = of_rows(table), _places(grouped=grouped)
    thick = 13 if grouped else 16
    solid = base.mark_bar(height=thick).encode(
        x=_axis("solid", axis), x2="zero:Q", color=_own("ink"), tooltip=_tips(), **places
    )
    layers: list[alt.Chart] = [solid]
    if any(row["from"] is not None for row in table):
        lighter = base.mark_bar(height=thick, fillOpacity=0.3, strokeDash=[3, 2], strokeWidth=1.2)
        ends = {"x": _axis("from", axis), "x2": "value:Q"}
        inks = {"color": _own("ink"), "stroke": _own("ink"), "tooltip": _tips()}
        layers.append(lighter.encode(**ends, **inks, **places))
    if any(row["low"] is not None for row in table):
        layers += _whiskers(base, axis, places)
    layers += _words_beside(base, places, grouped=grouped)
    return _spec(layers, _height(table, grouped=grouped))


def spans(rows: str, axis: str, language: str) -> str:
    """Points on their intervals; as `bars`."""
    del language
    table: Rows = json.loads(rows)
    base, places = of_rows(table), _places(grouped=False)
    points = base.mark_point(filled=True, size=95, opacity=1).encode(
        x=_axis("value", axis), color=_own("ink"), tooltip=_tips(), **places
    )
    spread = base.mark_rule(strokeWidth=5, opacity=0.35).encode(
        x=_axis("low", axis), x2="high:Q", color=_own("ink"), **places
    )
    layers = [spread, points, *_words_beside(base, places, grouped=False)]
    return _spec(layers, _height(table, grouped=False))


def swings(rows: str, axis: str, language: str) -> str:
    """Bars to both sides of what a result is, whiskers of the inputs' own intervals; as `bars`."""
    del language
    table: Rows = json.loads(rows)
    base, places = of_rows(table), _places(grouped=False)
    lighter = base.mark_bar(height=16, opacity=0.45).encode(
        x=_between("left", axis), x2="middle:Q", color=_own("ink"), **places
    )
    darker = base.mark_bar(height=16, opacity=0.8).encode(
        x=_between("middle", axis), x2="right:Q", color=_own("ink"), **places
    )
    layers = [lighter, darker]
    if any(row["low"] is not None for row in table):
        layers += _whiskers(base, axis, places, _between)
    middle = base.mark_rule(color=FAINT, strokeDash=[3, 3]).encode(x=_between("middle", axis))
    layers += [middle, *_words_beside(base, places, grouped=False)]
    return _spec(layers, _height(table, grouped=False))


def _is_grouped(rows: Rows) -> bool:
    return any(row["group"] for row in rows)


def _spec(layers: list[alt.Chart], height: int) -> str:
    made = chart_files.styled(alt.LayerChart(layer=layers).properties(height=height))
    return json.dumps(made.to_dict(), ensure_ascii=False)


def _height(rows: Rows, *, grouped: bool) -> int:
    if not grouped:
        return _AXIS + _ROW * max(len(rows), 1)
    labels = len({row["label"] for row in rows})
    groups = len({row["group"] for row in rows})
    return _AXIS + round(labels * groups * _GROUPED_ROW / (1 - _GAP_IN_GROUPS))


def _whiskers(
    base: alt.Chart,
    axis: str,
    places: dict[str, Any],
    on: Callable[[str, str], alt.X] | None = None,
) -> list[alt.Chart]:
    on = on or _axis
    line = base.mark_rule(color=_INK, strokeWidth=1.2).encode(
        x=on("low", axis), x2="high:Q", **places
    )
    ends = [
        base.mark_tick(color=_INK, thickness=1.2, height=9).encode(x=on(end, axis), **places)
        for end in ("low", "high")
    ]
    return [line, *ends]


def _words_beside(base: alt.Chart, places: dict[str, Any], *, grouped: bool) -> list[alt.Chart]:
    """The number, and under it its interval and what it is of."""
    up, down = (-6, 7) if grouped else (-7, 8)
    written = (("alone", 0, 13, _INK), ("above", up, 13, _INK), ("below", down, 11, FAINT))
    return [
        base.mark_text(align="left", dx=10, dy=dy, fontSize=size, color=ink).encode(
            x=_TEXT, text=alt.Text(field, type="nominal"), **places
        )
        for field, dy, size, ink in written
    ]


def _places(*, grouped: bool) -> dict[str, Any]:
    """Where a row stands, in the order of the data."""
    names = alt.Axis(
        title=None, labelLimit=210, ticks=False, domain=False, labelPadding=8, labelFontSize=13,
        labelColor=_INK,
    )  # fmt: skip
    scale = alt.Scale(paddingInner=_GAP_IN_GROUPS, paddingOuter=0.1) if grouped else alt.Undefined
    places: dict[str, Any] = {
        "y": alt.Y("label", type="nominal", sort=_order(), axis=names, scale=scale)
    }
    if grouped:
        places["yOffset"] = alt.YOffset("group", type="nominal", sort=_order())
    return places


def _order() -> alt.EncodingSortField:
    """The order of the data; a list of labels would put words of files into expressions."""
    return alt.EncodingSortField(field="place", op="min", order="ascending")


def _axis(field: str, axis: str) -> alt.X:
    return alt.X(field, type="quantitative", axis=_ticks(axis), scale=alt.Scale(zero=True))


def _between(field: str, axis: str) -> alt.X:
    """An axis that need not start at zero: its bars lie around a middle."""
    return alt.X(field, type="quantitative", axis=_ticks(axis), scale=alt.Scale(zero=False))


def _ticks(axis: str) -> alt.Axis:
    return alt.Axis(title=axis, format=",.3~f", tickCount=5, domain=False, ticks=False)


def _own(field: str) -> alt.Color:
    """The colour that stands in the data."""
    return alt.Color(field, type="nominal", scale=None, legend=None)


def _tips() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("full", type="nominal", title=_("What")),
        alt.Tooltip("text", type="nominal", title=_("Amount")),
        alt.Tooltip("spread", type="nominal", title=_("Interval")),
        alt.Tooltip("invented", type="nominal", title=_("Of it demonstration data")),
    ]
