"""The coastal provinces as a chart: outlines coloured by one number, hatched where there is none.

It is no base map: there is no sea, no border and no land but the eleven units. Words and numbers
are data made here in the language of the page; no value stands in a Vega expression.
"""

from __future__ import annotations

import json
from typing import Any, Final

import altair as alt
import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import mapping

from bluecarbon_map import reports
from ui import cached, chart_files

CLICKED: Final = "unit"
"""Name of the selection that a click on the map makes."""

_SCALE: Final = ("#DCE9F2", "#A9CBE0", "#6BA6CB", "#2F7FAF", "#0B5C8A", "#063B5C")
"""Light to dark in one hue, so that it is told apart without colour too."""

_UNKNOWN: Final = "#F6F8F9"
_HATCH_INK: Final = "#9AA7B0"
_INK: Final = "#16303F"
_FAINT: Final = "#5C7080"
_HEIGHT: Final = 630
_BESIDE: Final = {"120000": (150.0, -15.0), "310000": (150.0, 0.0), "460000": (0.0, -185.0)}
"""Units too small for their name, and how far beside them it stands, in km."""

_MOVED: Final = {"440000": (75.0, 10.0)}
"""Units whose name stands better elsewhere within them, and how far off, in km."""


def drawn(rows: pd.DataFrame, *, legend: str, chosen: str | None) -> str:
    """The map as a chart that takes clicks: its Vega-Lite specification as JSON.

    Args:
        rows: One row a unit: ``unit_id, name, said, value`` and the words of the tooltip by their
            heading; ``value`` is NaN where nothing is known.
        legend: What the colours stand for, with its unit.
        chosen: Unit with a strong outline, or None.
    """
    given = json.dumps(rows.astype(object).where(rows.notna(), None).to_dict("records"))
    return cached.drawn(_spec, given, legend, chosen or "")


def _spec(given: str, legend: str, chosen: str) -> str:
    rows = pd.DataFrame(json.loads(given)).astype({"value": "float64"})
    made = _chart(cached.coast(), rows, legend=legend, chosen=chosen or None)
    return json.dumps(chart_files.spec(made))


def _chart(
    book: reports.Coast, rows: pd.DataFrame, *, legend: str, chosen: str | None
) -> alt.LayerChart:
    shown = book.outlines.merge(rows, on="unit_id", validate="one_to_one")
    unknown, looked_at = shown[shown["value"].isna()], shown[shown["unit_id"] == chosen]
    layers = [
        _units(shown, legend),
        _lines(unknown[["unit_id"]], unknown.geometry, _HATCH_INK, 0.8),
        _lines(unknown[["unit_id"]], book.hatching(unknown["unit_id"]), _HATCH_INK, 0.9),
        _lines(looked_at[["unit_id"]], looked_at.geometry, _INK, 2.4),
        *_labels(shown),
    ]
    made: alt.LayerChart = (
        alt.LayerChart(layer=layers)
        .project(type="identity", reflectY=True)
        .resolve_scale(color="independent")
        .properties(height=_HEIGHT)
    )
    return made


def _units(shown: gpd.GeoDataFrame, legend: str) -> alt.Chart:
    tips = [c for c in shown.columns if c not in {"unit_id", "name", "said", "value", "geometry"}]
    known = shown["value"].notna().any()
    colour = alt.Color(
        "value",
        type="quantitative",
        scale=alt.Scale(range=list(_SCALE), domainMin=0),
        legend=_legend(legend) if known else None,
    )
    made: alt.Chart = (
        alt.Chart(_features(shown.drop(columns="geometry"), shown.geometry))
        .mark_geoshape(stroke="#FFFFFF", strokeWidth=1.2, strokeJoin="round", cursor="pointer")
        .encode(
            color=alt.condition("isValid(datum.value)", colour, alt.value(_UNKNOWN)),
            tooltip=[alt.Tooltip("name", type="nominal"), alt.Tooltip("said", type="nominal")]
            + [alt.Tooltip(name, type="nominal", title=name) for name in tips],
        )
        .add_params(alt.selection_point(name=CLICKED, fields=["unit_id"], on="click"))
    )
    return made


def _legend(title: str) -> alt.Legend:
    return alt.Legend(
        title=title, orient="bottom-right", gradientLength=170, gradientThickness=12, offset=24,
        titleLimit=280, titleFontSize=12, labelFontSize=12, titleFontWeight="normal",
        format=",.0f", tickCount=3, titleColor=_FAINT, labelColor=_FAINT,
    )  # fmt: skip


def _lines(rows: pd.DataFrame, shapes: Any, ink: str, width: float) -> alt.Chart:  # noqa: ANN401
    """Shapes as lines alone; a click on one is a click on its unit."""
    base = alt.Chart(_features(rows, shapes))
    made: alt.Chart = base.mark_geoshape(
        filled=False,
        stroke=ink,
        strokeWidth=width,
        strokeJoin="round",
        tooltip=None,
        cursor="pointer",
    )
    return made


def _features(table: pd.DataFrame, shapes: Any) -> alt.InlineData:  # noqa: ANN401
    """Rows and their shapes as GeoJSON features, the columns at the top of each."""
    plain = table.astype(object).where(table.notna(), None)
    return alt.InlineData(
        values=[
            {**{str(key): cell for key, cell in row.items()}, "type": "Feature", "geometry": shape}
            for row, shape in zip(plain.to_dict("records"), map(mapping, shapes), strict=True)
        ]
    )


def _labels(shown: gpd.GeoDataFrame) -> list[alt.Chart]:
    """Name and number of each unit, light on dark where the unit is dark."""
    places = [_place(*pair) for pair in zip(shown["unit_id"], shown.geometry, strict=True)]
    inside = ~shown["unit_id"].isin(list(_BESIDE))
    dark = inside & (shown["value"] > 0.45 * shown["value"].max())
    table = pd.DataFrame(
        {
            "unit_id": shown["unit_id"],
            "x": [place[0] for place in places],
            "y": [place[1] for place in places],
            "name": shown["name"],
            "said": shown["said"],
            "ink": dark.map({True: "#FFFFFF", False: _INK}),
        }
    )
    base = alt.Chart(table).encode(
        longitude=alt.Longitude("x", type="quantitative"),
        latitude=alt.Latitude("y", type="quantitative"),
        color=alt.Color("ink", type="nominal", scale=None, legend=None),
    )
    name = base.mark_text(dy=-7, fontSize=13, fontWeight="bold", cursor="pointer")
    said = base.mark_text(dy=8, fontSize=12, cursor="pointer")
    return [
        name.encode(text=alt.Text("name", type="nominal")),
        said.encode(text=alt.Text("said", type="nominal")),
    ]


def _place(unit_id: str, shape: shapely.Geometry) -> tuple[float, float]:
    """Where the label of a unit stands: well inside it, or beside it."""
    largest = max(shapely.get_parts(shape), key=lambda part: float(part.area))
    circle = shapely.maximum_inscribed_circle(largest, tolerance=5.0)
    x, y = shapely.get_coordinates(circle)[0].tolist()
    east, north = (_BESIDE | _MOVED).get(unit_id, (0.0, 0.0))
    return x + east, y + north
