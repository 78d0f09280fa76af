"""How the numbers of an own area leave: a bundle for every export format, JSON, lines of text."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.export import Bundle
from bluecarbon_map.geodesy import STORAGE_CRS
from bluecarbon_map.reports.handin import bundle, summary_json
from bluecarbon_map.reports.notes import notes
from bluecarbon_map.reports.own_area.figures import AREA_ID, AreaFigures
from bluecarbon_map.store.base import Workspace

GROUND: tuple[str, ...] = (
    "area_ha", "surveyed_ha", "recorded_ha", "assumed_ha", "unknown_ha", "beyond_sheet_ha",
)  # fmt: skip
"""What is told of the ground of an area, in ha."""


def area_bundle(store: Workspace, found: AreaFigures, *, name: str = "own_area") -> Bundle:
    """The table with outline, sources and notes, ready to be written; empty rows cannot be.

    Args:
        store: Workspace, for what every export says of itself.
        found: The numbers.
        name: Short ASCII name for files and layers.
    """
    outline = gpd.GeoDataFrame({"zone_id": [AREA_ID]}, geometry=[found.area.shape], crs=STORAGE_CRS)
    said = [f"{one.zh} / {one.en}" for one in found.told]
    head = f"自绘范围 / own area: {found.area.name or AREA_ID}; {found.area_ha:,.4f} ha"
    made = bundle(
        found.summary, outline, name=name, notes=[head, *said, *notes(store, found.survey_id)]
    )
    ground = pd.DataFrame([{name: getattr(found, name) for name in GROUND}])
    return Bundle(
        name=made.name,
        rows=made.rows,
        dictionary=made.dictionary,
        details={"ground": ground, **made.details},
        zones=made.zones,
        notes=made.notes,
    )


def area_json(found: AreaFigures) -> dict[str, object]:
    """The numbers as one object; what is not known is None."""
    body = summary_json(found.summary)
    totals = {**_object(body["totals"]), "area_ha": found.mapped_ha}
    return {
        "name": found.area.name,
        "survey": found.survey_id,
        **{name: getattr(found, name) for name in GROUND},
        **body,
        "totals": totals,
        "notes": [{"zh": one.zh, "en": one.en} for one in found.told],
    }


def area_text(found: AreaFigures, language: str) -> str:
    """The numbers as lines to read; surveyed, recorded, assumed and unknown add up to the area.

    Carbon is "at least" where some ground is unknown or mapped ground has no coefficient.

    Args:
        found: The numbers.
        language: ``zh`` or ``en``.
    """
    english = language == "en"
    totals = found.summary.totals
    none = "no data" if english else "无数据"

    def amount(value: float | None, unit: str, *, least: bool = False) -> str:
        return none if value is None else f"{'≥ ' if least else ''}{value:,.4f} {unit}"

    def spread(low: float | None, high: float | None) -> str:
        return "" if low is None or high is None else f" ({low:,.4f} – {high:,.4f})"

    unknown = found.unknown_ha > 0
    stock = amount(totals.stock_t_c, "t C", least=unknown or totals.unvalued_ha > 0)
    burial = amount(totals.sequestration_t_c_yr, "t C/yr", least=unknown or totals.unrated_ha > 0)
    pairs = [
        ("area within the outline" if english else "范围面积", amount(found.area_ha, "ha")),
        ("mapped ecosystems" if english else "制图生态系统", amount(found.mapped_ha, "ha")),
        *[
            (f"  {name}", amount(area_ha, "ha"))
            for name, area_ha in _by_ecosystem(found, english=english)
        ],
        ("stock" if english else "储量", stock + spread(totals.stock_t_c_low,
                                                      totals.stock_t_c_high)),
        ("burial a year" if english else "年埋藏量",
         burial + spread(totals.sequestration_t_c_yr_low, totals.sequestration_t_c_yr_high)),
        ("surveyed ground" if english else "已调查", amount(found.surveyed_ha, "ha")),
        ("on record, extent not stated" if english else "有记录（未声明范围）",
         amount(found.recorded_ha, "ha")),
        ("assumed (indicative or demonstration)" if english else "假定（示意或演示）",
         amount(found.assumed_ha, "ha")),
        ("unknown ground" if english else "未知", amount(found.unknown_ha, "ha")),
    ]  # fmt: skip
    head = f"{found.area.name or AREA_ID} · {found.survey_id}"
    said = [one.en if english else one.zh for one in found.told]
    return "\n".join([head, *(f"{name}: {value}" for name, value in pairs), *said])


def _by_ecosystem(found: AreaFigures, *, english: bool) -> list[tuple[str, float]]:
    rows = found.summary.rows
    named = [ECOSYSTEMS[key] for key in rows["ecosystem"]]
    names = [one.name_en if english else one.name_zh for one in named]
    return list(zip(names, rows["area_ha"].tolist(), strict=True))


def _object(said: object) -> dict[str, object]:
    if not isinstance(said, dict):
        raise TypeError("totals are an object")
    return said
