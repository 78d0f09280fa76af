"""A raster zone by zone: its classes beside the polygons of its survey, or its means."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.ecosystems import CLASS_CODES, ECOSYSTEMS, NO_DATA_CODE, OTHER_CODE, code
from bluecarbon_map.errors import EmptyLayerError, RasterError
from bluecarbon_map.geodesy import to_equal_area
from bluecarbon_map.reports.blocks import blocks, of_one_state
from bluecarbon_map.reports.measure import (
    STEPS_PER_HA,
    ha_from_steps,
    kinds_of,
    measure,
)
from bluecarbon_map.reports.measured import Measured
from bluecarbon_map.reports.rasters import Swept, raster_passport, sweep
from bluecarbon_map.reports.regions import Regions
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import Level, Provenance, RasterKind
from bluecarbon_map.units import FloatArray

_OFF_RASTER: Final = -1
"""`zonal.OFF_RASTER`, without importing what reads rasters."""

_WORTH_A_WORD_HA: Final = 0.05
_NARROW_PIXELS: Final = 4.0
"""Patches this wide or narrower are mostly edge."""

_ROWS: Final = ["zone_id", "zone_name", "code", "ecosystem", "species", "raster_ha", "polygon_ha",
                "difference_ha", "why_zh", "why_en"]  # fmt: skip
_ZONES: Final = ["zone_id", "zone_name", "area_ha", "classes_ha", "other_ha", "unsurveyed_ha",
                 "off_raster_ha"]  # fmt: skip
Steps = Mapping[tuple[str, int], int]
"""Area by zone and code, in whole `STEPS_PER_HA`-ths of a hectare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterAreas:
    """Classes of a raster zone by zone, beside the polygons of its survey.

    Attributes:
        rows: ``zone_id, zone_name, code, ecosystem, species, raster_ha, polygon_ha,
            difference_ha, why_zh, why_en``: a row where raster or polygons have the class;
            ``difference_ha`` is raster less polygons; both are NaN where the raster goes with no
            survey. ``ecosystem`` is None for a code that stands for nothing.
        zones: ``zone_id, zone_name, area_ha, classes_ha, other_ha, unsurveyed_ha,
            off_raster_ha``: the last four add up to the zone's area.
        totals: ``code, ecosystem, species, raster_ha, polygon_ha, difference_ha``.
        pixel_m: About how long the side of a pixel is, in m.
        survey_id: Survey of the polygons; None where there is none.
    """

    rows: pd.DataFrame
    zones: pd.DataFrame
    totals: pd.DataFrame
    pixel_m: float
    survey_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterMeans:
    """A continuous raster zone by zone.

    Attributes:
        rows: ``zone_id, zone_name, mean, low, high, valid_ha, missing_ha``; mean, least and
            greatest value in the raster's unit, NaN where no ground of the zone has a value.
        whole: The same for all zones together, without id and name.
        pixel_m: About how long the side of a pixel is, in m.
    """

    rows: pd.DataFrame
    whole: Mapping[str, float]
    pixel_m: float


def raster_areas(
    store: Workspace,
    raster_id: str,
    *,
    zone_id: str | None = None,
    level: Level = Level.COUNTY,
    language: str = "zh",
    swept: Swept | None = None,
    measured: Measured | None = None,
) -> RasterAreas:
    """Area of every class of a raster in every zone, beside the polygons of its survey.

    The polygons count with demonstration data, which the raster shows too.

    Args:
        store: Workspace to read.
        raster_id: A class raster.
        zone_id: Only zones that are or lie in this one; None for all.
        level: Level of the rows.
        language: Of zone names, ``zh`` or ``en``.
        swept: What `sweep` gave for it, to save doing it again.
        measured: What `reports.measure` gave for its survey, likewise.

    Raises:
        NotFoundError: If there is no such raster or zone.
        InputError: If the file cannot be used, or holds no classes.
        AccountingError: If the parts of a zone do not add up to its area.
    """
    passport = raster_passport(store, raster_id)
    _require_kind(passport, RasterKind.CLASSES)
    swept = swept or sweep(store, raster_id)
    survey_id = passport["survey_id"]
    if measured is None and survey_id is not None:
        measured = _measured(store, survey_id)
    regions = Regions.of(store, language=language)
    names, home = _shown(regions, swept, level, zone_id)
    raster = _raster_steps(swept, home)
    polygons = None if measured is None else _polygon_steps(measured, home)
    zones = _zone_table(raster, names, swept.no_data)
    unknown_ha = zones["unsurveyed_ha"] + zones["off_raster_ha"]
    why = _Why(
        passport=passport,
        pixel_m=swept.pixel_m,
        width_m={}
        if survey_id is None
        else of_one_state(store, survey_id, partial(_widths_m, store, survey_id)),
        unknown_ha=dict(zip(names, unknown_ha, strict=True)),
        with_polygons=polygons is not None,
    )
    rows = _area_rows(raster, polygons, names, swept, why)
    totals = _totals(raster, polygons, rows)
    return RasterAreas(
        rows=rows, zones=zones, totals=totals, pixel_m=swept.pixel_m, survey_id=survey_id
    )


def _require_kind(passport: Mapping[str, Any], kind: RasterKind) -> None:
    if passport["kind"] != kind:
        other = "classes" if kind is RasterKind.CONTINUOUS else "continuous values"
        way = "raster_areas" if kind is RasterKind.CONTINUOUS else "raster_means"
        raise RasterError(str(passport["raster_id"]), f"it holds {other}", f"Ask for {way} instead")


def _measured(store: Workspace, survey_id: str) -> Measured | None:
    try:
        return measure(store, survey_id)
    except EmptyLayerError:
        return None


def _shown(
    regions: Regions, swept: Swept, level: Level, zone_id: str | None
) -> tuple[dict[str, str], dict[str, str]]:
    """Names of the zones of the result, and which of them each finest zone belongs to."""
    if zone_id is not None:
        regions.require(zone_id)
    names = regions.at_level(level, within=zone_id)
    return names, regions.home(list(swept.zone_ids), names)


def _raster_steps(swept: Swept, home: Mapping[str, str]) -> Steps:
    table = swept.table
    steps = np.rint(table["area_ha"].to_numpy() * STEPS_PER_HA).astype(np.int64)
    found: dict[tuple[str, int], int] = {}
    for zone, held, amount in zip(table["zone_id"], table["code"], steps.tolist(), strict=True):
        if zone in home:
            key = home[zone], int(held)
            found[key] = found.get(key, 0) + amount
    return found


def _polygon_steps(measured: Measured, home: Mapping[str, str]) -> Steps:
    codes = [code(*kind) for kind in measured.kinds]
    found: dict[tuple[str, int], int] = {}
    for zone, amounts in zip(measured.zone_ids, measured.steps.tolist(), strict=True):
        for held, amount in zip(codes, amounts, strict=True):
            if zone in home and amount:
                key = home[zone], held
                found[key] = found.get(key, 0) + amount
    return found


def _zone_table(raster: Steps, names: Mapping[str, str], no_data: int | None) -> pd.DataFrame:
    """Each zone's ground by what the raster knows of it; its area is the sum of it."""
    steps = {zone: dict.fromkeys(_ZONES[3:], 0) for zone in names}
    for (zone, held), amount in raster.items():
        steps[zone][_column_of(held, no_data)] += amount
    parts = np.array([list(one.values()) for one in steps.values()], dtype=np.int64).reshape(-1, 4)
    table = pd.DataFrame({"zone_id": list(names), "zone_name": list(names.values())}, dtype="str")
    table["area_ha"] = ha_from_steps(parts.sum(axis=1))
    table[_ZONES[3:]] = ha_from_steps(parts)
    return table[_ZONES]


def _column_of(held: int, no_data: int | None) -> str:
    if held == _OFF_RASTER:
        return "off_raster_ha"
    if held in {no_data, NO_DATA_CODE} or held < 0:
        return "unsurveyed_ha"
    return "other_ha" if held == OTHER_CODE else "classes_ha"


def _area_rows(
    raster: Steps, polygons: Steps | None, names: Mapping[str, str], swept: Swept, why: _Why
) -> pd.DataFrame:
    drawn = polygons or {}
    classes = {key for key in raster if _column_of(key[1], swept.no_data) == "classes_ha"}
    place = {zone: at for at, zone in enumerate(names)}
    keys = sorted(classes | drawn.keys(), key=lambda key: (place[key[0]], _order(key[1])))
    zone, held = [key[0] for key in keys], [key[1] for key in keys]
    table = pd.DataFrame({"zone_id": zone, "zone_name": [names[one] for one in zone]}, dtype="str")
    table["code"] = np.array(held, dtype=np.int64)
    _add_amounts(table, [raster.get(key, 0) for key in keys],
                 None if polygons is None else [drawn.get(key, 0) for key in keys])  # fmt: skip
    said = [why.words(*key, raster.get(key, 0), drawn.get(key, 0)) for key in keys]
    for at, column in enumerate(("why_zh", "why_en")):
        table[column] = pd.Series([one[at] for one in said], dtype="str")
    return table[_ROWS]


def _order(held: int) -> tuple[float, int]:
    """By priority of the ecosystem, a species before its kin, what stands for nothing last."""
    if held not in CLASS_CODES:
        return math.inf, held
    ecosystem, species = CLASS_CODES[held]
    return ECOSYSTEMS[ecosystem].priority - (0.5 if species else 0.0), held


def _add_amounts(table: pd.DataFrame, raster: list[int], polygons: list[int] | None) -> None:
    """Put names and areas into a table with codes."""
    kinds = [CLASS_CODES.get(held, (None, None)) for held in table["code"]]
    table["ecosystem"] = pd.Series([kind[0] for kind in kinds], dtype="str")
    table["species"] = pd.Series([kind[1] for kind in kinds], dtype="str")
    mine = np.array(raster, dtype=np.int64)
    theirs = mine if polygons is None else np.array(polygons, dtype=np.int64)
    unknown = np.nan if polygons is None else 0.0
    table["raster_ha"] = ha_from_steps(mine)
    table["polygon_ha"] = ha_from_steps(theirs) + unknown
    table["difference_ha"] = ha_from_steps(mine - theirs) + unknown


def _totals(raster: Steps, polygons: Steps | None, rows: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame({"code": sorted(set(rows["code"]), key=_order)}, dtype="int64")
    _add_amounts(
        table,
        [_of_code(raster, held) for held in table["code"]],
        None if polygons is None else [_of_code(polygons, held) for held in table["code"]],
    )
    return table[[column for column in _ROWS if column in table]]


def _of_code(steps: Steps, held: int) -> int:
    return sum(amount for (_, one), amount in steps.items() if one == held)


def _widths_m(store: Workspace, survey_id: str) -> dict[int, float]:
    """Mean width of each class's patches, 2 × area / outline, in m: exact for a long strip."""
    sums: defaultdict[int, FloatArray] = defaultdict(lambda: np.zeros(2))
    for block in blocks(store, survey_id):
        habitats = block.habitats[block.own]
        shapes = to_equal_area(habitats, survey_id)
        codes = np.array([code(*kind) for kind in kinds_of(habitats)], dtype=np.int64)
        for held in np.unique(codes).tolist():
            own = shapes[codes == held]
            sums[held] += shapely.area(own).sum(), shapely.length(own).sum()
    return {held: float(2.0 * area / outline) for held, (area, outline) in sorted(sums.items())}


@dataclass(frozen=True, slots=True)
class _Why:
    """Says why raster and polygons differ, Chinese and English."""

    passport: Mapping[str, Any]
    pixel_m: float
    width_m: Mapping[int, float]
    unknown_ha: Mapping[str, float]
    with_polygons: bool

    def words(self, zone: str, held: int, raster: int, polygons: int) -> tuple[str, str]:
        """Reasons for one zone and class, from its areas in steps."""
        if held not in CLASS_CODES:
            return "代码不在本系统的地类表中", "the code stands for no class of this system"
        if not self.with_polygons:
            return "没有可比的调查图斑", "there are no polygons of a survey to compare with"
        edges = self._width(held) if polygons else None
        presence = self._presence(zone, raster, polygons)
        said = [presence, edges, self._noise(), self._unknown(zone)]
        zh, en = zip(*(one for one in said if one), strict=True)
        return "；".join(zh), "; ".join(en)

    @property
    def _invented(self) -> bool:
        return bool(self.passport["provenance"] == Provenance.DEMONSTRATION)

    def _presence(self, zone: str, raster: int, polygons: int) -> tuple[str, str] | None:
        """What is on one side only; made-up rasters are made from the patches, others are not."""
        if not polygons and self._invented:
            return "本区没有这一类图斑，栅格中全为噪声", (
                "no patch of this class in the zone: all of it is noise"
            )
        if not polygons:
            return "栅格有这一类，调查没有它的图斑", (
                "the raster shows it, the survey has no patch of it"
            )
        if raster:
            return None
        if self.unknown_ha[zone] >= float(ha_from_steps(np.array([polygons]))[0]):
            return "图斑可能落在栅格没有数据之处", (
                "the patches may lie where the raster has no data"
            )
        if self._invented:
            return "图斑落在像元中心之间", "the patches lie between the middles of pixels"
        return (
            "调查有这一类图斑，栅格没有",
            "the survey has patches of it, the raster does not show it",
        )

    def _width(self, held: int) -> tuple[str, str]:
        pixel = f"{self.pixel_m:.0f} m"
        width_m = self.width_m.get(held)
        if width_m is None or width_m > _NARROW_PIXELS * self.pixel_m:
            return f"像元 {pixel}，边缘像元只能整进整出", (
                f"pixels of {pixel}: one on an edge counts whole or not at all"
            )
        wide = f"{width_m / self.pixel_m:.1f}"
        zh = f"图斑平均宽约 {width_m:.0f} m，只合 {wide} 个像元（{pixel}），边缘像元只能整进整出"
        en = (
            f"patches are about {width_m:.0f} m wide, {wide} pixels of {pixel}: one on an edge "
            "counts whole or not at all"
        )
        return zh, en

    def _noise(self) -> tuple[str, str]:
        if self._invented:
            return "栅格加入了说明中所述的噪声", "noise was put into the raster, see its method"
        return "栅格有分类误差，见其方法说明", "the raster has errors of its own, see its method"

    def _unknown(self, zone: str) -> tuple[str, str] | None:
        unknown_ha = self.unknown_ha[zone]
        if unknown_ha < _WORTH_A_WORD_HA:
            return None
        return f"本区有 {unknown_ha:,.1f} 公顷未调查或在栅格之外", (
            f"{unknown_ha:,.1f} ha of the zone were not surveyed or lie beyond the raster"
        )


def raster_means(
    store: Workspace,
    raster_id: str,
    *,
    zone_id: str | None = None,
    level: Level = Level.COUNTY,
    language: str = "zh",
    swept: Swept | None = None,
) -> RasterMeans:
    """Mean of a continuous raster in every zone, weighed by ground.

    Args:
        store: Workspace to read.
        raster_id: A continuous raster.
        zone_id: Only zones that are or lie in this one; None for all.
        level: Level of the rows.
        language: Of zone names, ``zh`` or ``en``.
        swept: What `sweep` gave for it, to save doing it again.

    Raises:
        NotFoundError: If there is no such raster or zone.
        InputError: If the file cannot be used, or holds classes.
        AccountingError: If the parts of a zone do not add up to its area.
    """
    _require_kind(raster_passport(store, raster_id), RasterKind.CONTINUOUS)
    swept = swept or sweep(store, raster_id)
    names, home = _shown(Regions.of(store, language=language), swept, level, zone_id)
    homes = swept.table["zone_id"].map(home)
    kept = swept.table[homes.notna()]
    means = {zone: _together(part) for zone, part in kept.groupby(homes.dropna(), sort=False)}
    rows = pd.DataFrame([means.get(zone, _together(kept.iloc[:0])) for zone in names])
    rows.insert(0, "zone_id", pd.Series(list(names), dtype="str"))
    rows.insert(1, "zone_name", pd.Series(list(names.values()), dtype="str"))
    return RasterMeans(rows=rows, whole=_together(kept), pixel_m=swept.pixel_m)


def _together(part: pd.DataFrame) -> dict[str, float]:
    """Several zones as one; no value on no ground."""
    valid_ha = float(part["area_ha"].sum())
    weighted = float((part["mean"] * part["area_ha"]).sum())
    return {
        "mean": weighted / valid_ha if valid_ha > 0 else math.nan,
        "low": round(float(part["low"].min()), 10),
        "high": round(float(part["high"].max()), 10),
        "valid_ha": valid_ha,
        "missing_ha": float(part["missing_ha"].sum()),
    }
