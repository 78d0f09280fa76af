"""Survey to survey: which ground turned into what, zone by zone, and the carbon at both ends.

Both surveys are laid over each other in the equal-area plane, each hectare once in either. Ground
that only one of them maps is not empty in the other: its carbon there is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.export import Bundle
from bluecarbon_map.factors import FactorSet, load_set
from bluecarbon_map.reports.laid_over import flat_survey, overlaid, steps_by_zone
from bluecarbon_map.reports.measure import ha_from_steps
from bluecarbon_map.reports.measured import Kind
from bluecarbon_map.reports.notes import DEMONSTRATION
from bluecarbon_map.reports.regions import Regions, with_outside
from bluecarbon_map.reports.zones import choose_survey
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import OUTSIDE, Level, Transitions, columns, dictionary

CHANGE_FORMATS: Final = (".csv", ".xlsx")
Way = tuple[Kind, Kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyTransitions:
    """What ground turned into between two surveys.

    Attributes:
        from_id: First survey.
        to_id: Second survey.
        factor_set: Name of the coefficients, the same at both ends.
        rows: Contract `tables.Transitions`.
        classes: One ecosystem a row: ``ecosystem, area_from_ha, area_to_ha, gain_ha, loss_ha,
            net_ha``; ground that stayed in an ecosystem is neither gain nor loss.
        stock_change_t_c: Carbon after less before, in t C, of the ground where both are known;
            NaN where there is none.
        unvalued_ha: Ground that turned into something else and whose change is not known, in ha.
    """

    from_id: str
    to_id: str
    factor_set: str
    rows: pd.DataFrame
    classes: pd.DataFrame
    stock_change_t_c: float
    unvalued_ha: float


def transitions(
    store: Workspace,
    from_id: str,
    to_id: str,
    *,
    level: Level = Level.COUNTY,
    demonstration: bool = True,
    factor_set: str | FactorSet | None = None,
    language: str = "zh",
) -> SurveyTransitions:
    """Hectares from class to class per zone, with the carbon of one set at both ends.

    The rows of an ecosystem add up to its area in either survey.

    Args:
        store: Workspace to read.
        from_id: First survey.
        to_id: Second survey.
        level: Level of the rows.
        demonstration: Whether demonstration patches count.
        factor_set: Coefficients; None for the workspace's own.
        language: Of zone names, ``zh`` or ``en``.

    Raises:
        NotFoundError: If there is no such survey, zone or factor set.
        ZoneOverlapError: If zones share more than slivers.
    """
    before, after = (
        flat_survey(store, choose_survey(store, one, None), demonstration=demonstration)
        for one in (from_id, to_id)
    )
    pieces = overlaid(before.shapes, after.shapes)
    ways = list(zip(before.kinds_at(pieces.first), after.kinds_at(pieces.second), strict=True))
    known = sorted(set(ways), key=_order)
    invented = before.invented_at(pieces.first) | after.invented_at(pieces.second)
    coefficients = _coefficients(factor_set or store.info.factor_set)
    label = np.array([known.index(way) for way in ways], dtype=np.intp)
    real_first = np.where(invented, label + len(known), label)
    table = steps_by_zone(store, pieces.shapes, real_first, 2 * len(known))
    rows = _rows(store, table, known, coefficients, level, language)
    moved = _class(rows, "from") != _class(rows, "to")
    unvalued = rows["stock_change_t_c"].isna()
    return SurveyTransitions(
        from_id=from_id,
        to_id=to_id,
        factor_set=coefficients.set_id,
        rows=rows,
        classes=_classes(rows),
        stock_change_t_c=float(rows["stock_change_t_c"].sum(min_count=1)),
        unvalued_ha=round(float(rows.loc[moved & unvalued, "area_ha"].sum()), 8),
    )


def transitions_bundle(found: SurveyTransitions, *, notes: Iterable[str] = ()) -> Bundle:
    """The table ready to be written; the formats that fit are `CHANGE_FORMATS`."""
    invented = found.rows["demonstration_ha"].sum() > 0
    return Bundle(
        name="change",
        rows=found.rows,
        dictionary=dictionary(Transitions),
        details={"by_ecosystem": found.classes},
        notes=(*notes, *([DEMONSTRATION] if invented else [])),
    )


def transitions_json(found: SurveyTransitions) -> dict[str, object]:
    """The table by the command line's contract; an unknown number is None."""
    change = found.stock_change_t_c
    return {
        "from": found.from_id,
        "to": found.to_id,
        "factor_set": found.factor_set,
        "rows": _records(found.rows),
        "ecosystems": _records(found.classes),
        "totals": {
            "stock_change_t_c": None if math.isnan(change) else round(change, 6),
            "unvalued_ha": found.unvalued_ha,
        },
        "contains_demonstration": bool(found.rows["demonstration_ha"].sum() > 0),
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    plain = table.astype(object).where(table.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def _coefficients(factor_set: str | FactorSet) -> FactorSet:
    return factor_set if isinstance(factor_set, FactorSet) else load_set(factor_set)


def _order(way: Way) -> list[tuple[float, str]]:
    """As the ecosystems are ordered; what was not mapped last."""
    return [(ECOSYSTEMS[e].priority if e else math.inf, s or "") for e, s in way]


def _rows(
    store: Workspace,
    table: pd.DataFrame,
    known: list[Way],
    coefficients: FactorSet,
    level: Level,
    language: str,
) -> pd.DataFrame:
    regions = Regions.of(store, language=language)
    shown = regions.at_level(level)
    home = with_outside(regions.home(table.index[:-1].tolist(), shown))
    steps = table.groupby(table.index.map(home), sort=False).sum()
    made = []
    for zone in [*(zone for zone in shown if zone in steps.index), OUTSIDE]:
        own = steps.loc[zone].to_numpy()
        for at, way in enumerate(known):
            invented = own[at + len(known)]
            area, demo = (float(ha_from_steps(n)) for n in (own[at] + invented, invented))
            if area > 0.0:
                place = {"zone_id": zone, "zone_name": shown.get(zone, OUTSIDE)}
                made.append(place | _row(way, area, demo, coefficients))
    wanted = Transitions.to_schema().columns
    frame = pd.DataFrame(made, columns=columns(Transitions))
    return frame.astype({name: str(wanted[name].dtype) for name in frame.columns})


def _row(way: Way, area_ha: float, demonstration_ha: float, factors: FactorSet) -> dict[str, Any]:
    before, after = (_stock(kind, area_ha, factors) for kind in way)
    (ecosystem_from, species_from), (ecosystem_to, species_to) = way
    return {
        "ecosystem_from": ecosystem_from or None,
        "species_from": species_from,
        "ecosystem_to": ecosystem_to or None,
        "species_to": species_to,
        "area_ha": area_ha,
        "demonstration_ha": demonstration_ha,
        "stock_from_t_c": before,
        "stock_to_t_c": after,
        "stock_change_t_c": round(after - before, 6),
    }


def _stock(kind: Kind, area_ha: float, factors: FactorSet) -> float:
    """Carbon of ground in t C; NaN where it was not mapped or has no coefficient."""
    found = factors.stock(*kind) if kind[0] else None
    if found is None:
        return math.nan
    return round(area_ha * math.fsum(pool.density_t_c_ha for pool in found.pools), 6)


def _class(rows: pd.DataFrame, when: str) -> pd.Series[str]:
    ecosystem, species = rows[f"ecosystem_{when}"].fillna(""), rows[f"species_{when}"].fillna("")
    return ecosystem + "|" + species


def _classes(rows: pd.DataFrame) -> pd.DataFrame:
    """Area, gain and loss of each ecosystem, all zones together."""
    stayed = rows["ecosystem_from"].fillna("") == rows["ecosystem_to"].fillna("")
    sums = {
        "area_from_ha": rows.groupby("ecosystem_from")["area_ha"].sum(),
        "area_to_ha": rows.groupby("ecosystem_to")["area_ha"].sum(),
        "gain_ha": rows[~stayed].groupby("ecosystem_to")["area_ha"].sum(),
        "loss_ha": rows[~stayed].groupby("ecosystem_from")["area_ha"].sum(),
    }
    table = pd.DataFrame(sums).fillna(0.0).round(8)
    table = table.assign(net_ha=(table["area_to_ha"] - table["area_from_ha"]).round(8))
    order = [key for key in ECOSYSTEMS if key in table.index]
    return table.loc[order].rename_axis("ecosystem").reset_index()
