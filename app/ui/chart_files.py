"""The look of every chart, and a chart as a file: drawn here, without a browser or a network."""

from __future__ import annotations

import json
from typing import Any, Final

import altair as alt
import pandas as pd
import vl_convert

from bluecarbon_map.export.inert import inert
from ui import cached, chart_fonts

FONTS: Final = (
    "Noto Sans SC, Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, "
    "Bluecarbon Sans SC, Noto Sans SC Thin, sans-serif"
)
_WIDTH: Final = 720
_SCALE: Final = 2.0
_PADDING: Final = 18
_TITLE: Final = 40
_LINE_HEIGHT: Final = 17
_INK: Final = "#16303F"
FAINT: Final = "#5C7080"
_LINE: Final = "#E6ECF0"
_LINE_OF_NOTE: Final = 118
"""Letters on a line of a note; a Chinese one counts for two."""

_LOOK: Final[dict[str, Any]] = {
    "font": FONTS,
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelColor": FAINT, "titleColor": FAINT, "titleFontWeight": "normal",
        "labelFontSize": 12, "titleFontSize": 12, "gridColor": _LINE, "labelFontWeight": "normal",
    },
    "axisY": {"grid": False},
}  # fmt: skip


Rows = list[dict[str, Any]]
"""Rows of a chart: words and numbers that are ready to be drawn."""


def of_rows(rows: Rows) -> alt.Chart:
    """A chart of rows, to which marks are added."""
    return alt.Chart(alt.InlineData(values=rows))


def styled(made: alt.Chart | alt.LayerChart) -> alt.Chart | alt.LayerChart:
    """The same chart in the look of the dashboard, sharp at any size and on paper."""
    looking: alt.Chart | alt.LayerChart = made.configure(**_LOOK).properties(
        autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        usermeta={"embedOptions": {"renderer": "svg", "actions": False}},
    )
    return looking


def spec(made: alt.Chart | alt.LayerChart) -> dict[str, Any]:
    """A chart in the look of the dashboard, as a Vega-Lite specification."""
    found: dict[str, Any] = styled(made).to_dict()
    return found


Source = str | alt.Chart | alt.LayerChart
"""A chart, or its specification as JSON."""


def png(made: Source, title: str, note: str) -> bytes:
    """A picture of a chart with its title and note."""
    chart_fonts.ready(cached.FONT)
    return bytes(vl_convert.vegalite_to_png(_alone(made, title, note), scale=_SCALE, **_OFFLINE))


def svg(made: Source, title: str, note: str) -> bytes:
    """A drawing of a chart with its title and note."""
    chart_fonts.ready(cached.FONT)
    return str(vl_convert.vegalite_to_svg(_alone(made, title, note), **_OFFLINE)).encode()


_OFFLINE: Final[dict[str, Any]] = {"allowed_base_urls": []}


def csv(table: pd.DataFrame) -> bytes:
    """The numbers of a chart; a text never becomes a formula of a spreadsheet."""
    safe = table.map(inert).rename(columns=inert)
    return b"\xef\xbb\xbf" + safe.to_csv(index=False, lineterminator="\r\n").encode()


def _alone(made: Source, title: str, note: str) -> dict[str, Any]:
    """The chart as it leaves the page: it says itself what it shows."""
    spec: dict[str, Any] = json.loads(made) if isinstance(made, str) else made.to_dict()
    lines = _lines(note)
    spec["width"] = _WIDTH
    spec["height"] += 2 * _PADDING + _TITLE + _LINE_HEIGHT * len(lines)
    spec["background"] = "white"
    spec["padding"] = _PADDING
    spec["title"] = {
        "text": title, "subtitle": lines, "anchor": "start", "frame": "bounds",
        "color": _INK, "subtitleColor": FAINT, "fontSize": 17, "subtitleFontSize": 12,
        "offset": 14, "subtitlePadding": 6, "subtitleLineHeight": _LINE_HEIGHT,
    }  # fmt: skip
    return spec


def _lines(note: str) -> list[str]:
    """A note in lines that a picture has room for; letters of Chinese are twice as wide."""
    lines, line, wide = [], "", 0
    for letter in note:
        line += letter
        wide += 2 if ord(letter) > 0x2E7F else 1
        if wide >= _LINE_OF_NOTE or (wide >= _LINE_OF_NOTE - 16 and letter in " ；。，"):
            lines.append(line.strip())
            line, wide = "", 0
    return [*lines, line.strip()] if line.strip() else lines
