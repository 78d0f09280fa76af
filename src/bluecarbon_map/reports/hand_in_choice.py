"""Which table is handed in: one choice gives one bundle, for the preview and for the file alike."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from bluecarbon_map.errors import EmptyLayerError, NotFoundError
from bluecarbon_map.export import Bundle
from bluecarbon_map.geodesy import to_equal_area
from bluecarbon_map.reports.hand_in_columns import (
    ENTRY_COLUMNS,
    FACTOR_COLUMNS,
    PATCH_COLUMNS,
    TARGET_COLUMNS,
)
from bluecarbon_map.reports.handin import bundle
from bluecarbon_map.reports.measure import measure
from bluecarbon_map.reports.measured import Measured
from bluecarbon_map.reports.notes import DEMONSTRATION, notes, workspace_notes
from bluecarbon_map.reports.progress import progress
from bluecarbon_map.reports.regions import Regions
from bluecarbon_map.reports.standing import counted_of, entries_in
from bluecarbon_map.reports.summary import ZoneSummary
from bluecarbon_map.reports.used import sources
from bluecarbon_map.reports.zones import summarise
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import Contract, Level, Parts, Pools, Provenance, dictionary
from bluecarbon_map.targets import REASONS, RULES, PlanProgress, TargetProgress
from bluecarbon_map.units import ha_from_m2


class What(StrEnum):
    """Tables that can be handed in."""

    SUMMARY = "summary"
    SPECIES = "species"
    POOLS = "pools"
    FACTORS = "factors"
    TARGETS = "targets"
    PATCHES = "patches"


_TABLES: Final = (".xlsx", ".csv")
_LAYERS: Final = (".gpkg", ".geojson", ".parquet")

FORMATS_OF: Final[Mapping[What, tuple[str, ...]]] = {
    What.SUMMARY: (*_TABLES, *_LAYERS),
    What.SPECIES: _TABLES,
    What.POOLS: _TABLES,
    What.FACTORS: _TABLES,
    What.TARGETS: _TABLES,
    What.PATCHES: _LAYERS,
}
"""Formats that fit each table: a table of several rows a zone is no layer, a layer no table."""

_BY_LEVEL: Final = frozenset({What.SUMMARY, What.SPECIES, What.POOLS})
"""Tables whose rows are zones of one level."""

NO_NOTES: Final = frozenset({".csv"})
"""Formats in which a table stands alone, without the notes and the sources that go with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be handed in.

    Attributes:
        what: Which table.
        survey_id: Survey; None where the workspace has none.
        zone_id: Only this zone and what lies in it; None for the whole region.
        level: Level of the rows.
        demonstration: Whether demonstration data are in it.
        factor_set: Named set of coefficients; None for the workspace's own.
        plan_id: Plan whose targets are meant; None where the workspace has none.
        as_of: Day on which the targets are looked at.
        language: Of zone names, ``zh`` or ``en``.
    """

    what: What
    survey_id: str | None
    zone_id: str | None = None
    level: Level = Level.COUNTY
    demonstration: bool = True
    factor_set: str | None = None
    plan_id: str | None = None
    as_of: date
    language: str = "zh"


def file_name(asked: Asked, day: date, suffix: str) -> str:
    """Name of the file: what, zone, survey or plan, level, and day; only letters, digits, - and _.

    Files of different choices have different names. ``no-demo`` stands where demonstration data
    are left out.

    Args:
        asked: What is handed in.
        day: Day of the file.
        suffix: Of the format, with its dot.
    """
    about = asked.plan_id if asked.what is What.TARGETS else asked.survey_id
    words = ["bluecarbon", asked.what.value, asked.zone_id or "all", about or "none"]
    if asked.what in _BY_LEVEL:
        words.append(asked.level)
    if not asked.demonstration:
        words.append("no-demo")
    return name_of(words, day, suffix)


def name_of(words: Iterable[str], day: date, suffix: str) -> str:
    """Words and a day as the name of a file; only letters, digits, - and _.

    Args:
        words: Ids; each keeps its letters and digits.
        day: Day of the file.
        suffix: Of the format, with its dot.
    """
    return "_".join([*map(_in_a_name, words), day.isoformat()]) + suffix


def _in_a_name(word: str) -> str:
    """An id as it may stand in a file name; where signs are lost, a short hash tells it apart."""
    plain = re.sub(r"[^A-Za-z0-9-]+", "-", word)
    if plain == word:
        return plain
    mark = hashlib.sha256(word.encode()).hexdigest()[:6]
    return "-".join(part for part in (plain.strip("-"), mark) if part)


def hand_in(store: Workspace, asked: Asked, measured: Measured | None = None) -> Bundle | None:
    """The table that is handed in, with all that goes with it.

    Args:
        store: Workspace to read.
        asked: Which table.
        measured: What `measure` gave for the survey, to save doing it again.

    Returns:
        The bundle: its rows are both the preview and the file. None where there is nothing to
        hand in; a file is never empty.

    Raises:
        NotFoundError: If there is no such survey, zone, plan or set of coefficients.
    """
    if asked.zone_id is not None:
        Regions.of(store).require(asked.zone_id)
    if asked.what is What.TARGETS:
        made = _targets(store, asked)
    elif asked.survey_id is None:
        return None
    elif asked.what is What.PATCHES:
        made = _patches(store, asked)
    else:
        made = _accounts(store, asked, measured)
    return None if made is None or made.rows.empty else made


def _accounts(store: Workspace, asked: Asked, measured: Measured | None) -> Bundle | None:
    """Any of the tables that come from a summary."""
    if asked.survey_id is None:
        return None
    try:
        areas = measured or measure(store, asked.survey_id, demonstration=asked.demonstration)
    except EmptyLayerError:
        return None
    summary = summarise(
        store,
        asked.survey_id,
        level=asked.level,
        zone_id=asked.zone_id,
        demonstration=asked.demonstration,
        factor_set=asked.factor_set,
        language=asked.language,
        measured=areas,
    )
    if summary.rows.empty:
        return None
    said = notes(store, asked.survey_id)
    whole = bundle(summary, store.zones(), name=_layer_name(asked), notes=said)
    return _MADE[asked.what](whole, summary)


def _layer_name(asked: Asked) -> str:
    return f"bluecarbon_{asked.what.value}"


def _species(whole: Bundle, summary: ZoneSummary) -> Bundle:
    return _instead(whole, summary.parts, Parts)


def _pools(whole: Bundle, summary: ZoneSummary) -> Bundle:
    return _instead(whole, summary.pools, Pools)


def _instead(whole: Bundle, rows: pd.DataFrame, contract: Contract) -> Bundle:
    """The same bundle around another of its tables."""
    details = {name: whole.details[name] for name in ("sources", "method", "totals")}
    return replace(whole, rows=rows, dictionary=dictionary(contract), details=details, zones=None)


def _factors(whole: Bundle, summary: ZoneSummary) -> Bundle:
    rows = sources(summary.factor_set, summary.parts)
    return replace(
        whole,
        rows=rows,
        dictionary=_described(rows, FACTOR_COLUMNS),
        details={"method": whole.details["method"]},
        zones=None,
    )


_MADE: Final[Mapping[What, Callable[[Bundle, ZoneSummary], Bundle]]] = {
    What.SUMMARY: lambda whole, _summary: whole,
    What.SPECIES: _species,
    What.POOLS: _pools,
    What.FACTORS: _factors,
}


def _described(rows: pd.DataFrame, described: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """Data dictionary of a table that has no contract: unit and description of each column."""
    return pd.DataFrame(
        [
            {
                "column": name,
                "unit": described[name][0],
                "description": described[name][1],
                "nullable": bool(rows[name].isna().any()),
            }
            for name in rows.columns
        ]
    )


# --- targets -------------------------------------------------------------------------------------


def _targets(store: Workspace, asked: Asked) -> Bundle | None:
    if asked.plan_id is None:
        return None
    try:
        plan = progress(store, asked.plan_id, as_of=asked.as_of)
    except NotFoundError:
        return None
    rows = pd.DataFrame([_target_row(store, plan, one, asked) for one in plan.targets])
    entries = pd.DataFrame(
        [row for one in plan.targets for row in _entry_rows(store, one, asked)],
        columns=list(ENTRY_COLUMNS),
    )
    said = (f"{plan.plan_zh} / {plan.plan_en}; {plan.as_of.isoformat()}", *workspace_notes(store))
    shown = asked.demonstration and bool(entries["provenance"].eq(Provenance.DEMONSTRATION).any())
    return Bundle(
        name=_layer_name(asked),
        rows=rows,
        dictionary=_described(rows, TARGET_COLUMNS),
        details={"projects": entries},
        notes=(*said, *([DEMONSTRATION] if shown else [])),
    )


def _target_row(
    store: Workspace, plan: PlanProgress, shown: TargetProgress, asked: Asked
) -> dict[str, object]:
    target, zone_id = shown.target, asked.zone_id or store.info.zone_id
    inside = counted_of(entries_in(store, shown, zone_id))
    return {
        "plan_id": plan.plan_id,
        "target_id": target.target_id,
        "name_zh": target.name_zh,
        "name_en": target.name_en,
        "target_zone_id": target.zone_id,
        "unit": target.unit,
        "operator": target.operator,
        "value": target.value,
        "start": target.start.isoformat(),
        "deadline": target.deadline.isoformat(),
        "as_of": plan.as_of.isoformat(),
        "counted": shown.counted,
        "fraction": shown.fraction,
        "zone_id": zone_id,
        "counted_in_zone": inside,
        "state": shown.state.value,
        "rule_zh": RULES[shown.state].zh,
        "rule_en": RULES[shown.state].en,
        "source": target.source,
    }


def _entry_rows(store: Workspace, shown: TargetProgress, asked: Asked) -> list[dict[str, object]]:
    zone_id = asked.zone_id or store.info.zone_id
    found = entries_in(store, shown, zone_id)
    return [
        {
            "target_id": shown.target.target_id,
            "project_id": entry.project.project_id,
            "name_zh": entry.project.name_zh,
            "name_en": entry.project.name_en,
            "zone_id": entry.project.zone_id,
            "amount": entry.amount,
            "unit": shown.target.unit,
            "counts": entry.reason is None,
            "why_zh": REASONS[entry.reason].zh if entry.reason else None,
            "why_en": REASONS[entry.reason].en if entry.reason else None,
            "provenance": entry.project.provenance,
            "source": entry.project.source,
        }
        for entry in found
        if asked.demonstration or not entry.project.is_demonstration
    ]


# --- patches -------------------------------------------------------------------------------------


def _patches(store: Workspace, asked: Asked) -> Bundle | None:
    """The patches that lie in a zone or reach into it, as they were drawn."""
    if asked.survey_id is None:
        return None
    patches = store.habitats(asked.survey_id)
    if not asked.demonstration:
        patches = patches[patches["provenance"] != Provenance.DEMONSTRATION]
    if patches.empty:
        return None
    zone_id = asked.zone_id or store.info.zone_id
    area, inside = _areas(store, patches, zone_id)
    kept = inside > 0 if asked.zone_id is not None else area > 0
    shown = patches[kept]
    rows = pd.DataFrame(shown.drop(columns="geometry")).reset_index(drop=True)
    rows.insert(4, "area_ha", area[kept].to_numpy())
    rows.insert(5, "area_in_zone_ha", inside[kept].to_numpy())
    said = [*notes(store, asked.survey_id), _AS_DRAWN]
    if (rows["provenance"] == Provenance.DEMONSTRATION).any():
        said.append(DEMONSTRATION)
    return Bundle(
        name=_layer_name(asked),
        rows=rows,
        dictionary=_described(rows, PATCH_COLUMNS),
        zones=gpd.GeoDataFrame(shown[["habitat_id", "geometry"]], crs=patches.crs),
        key="habitat_id",
        notes=tuple(said),
    )


def _areas(
    store: Workspace, patches: gpd.GeoDataFrame, zone_id: str
) -> tuple[pd.Series[float], pd.Series[float]]:
    """Area of each patch, and of its part in a zone, in ha."""
    zones = store.zones()
    outline = to_equal_area(zones[zones["zone_id"] == zone_id], "zones")[0]
    shapes = to_equal_area(patches, "habitats")
    shapely.prepare(outline)
    within, touched = shapely.covers(outline, shapes), shapely.intersects(outline, shapes)
    area = ha_from_m2(shapely.area(shapes))
    inside = area * within
    cut = touched & ~within
    inside[cut] = ha_from_m2(shapely.area(shapely.intersection(shapes[cut], outline)))
    return pd.Series(area, patches.index), pd.Series(inside, patches.index)


_AS_DRAWN: Final = (
    "图斑为绘制原状，重叠未扣除，面积之和可大于汇总表 / patches as they were drawn: overlaps are "
    "not resolved, so their areas may add up to more than the summary"
)
