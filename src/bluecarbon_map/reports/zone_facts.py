"""One zone: what it is, which zones lie beside it, and how it compares with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.geodesy import area_ha, to_equal_area
from bluecarbon_map.reports.blocks import blocks, of_one_state
from bluecarbon_map.reports.regions import Regions
from bluecarbon_map.reports.summary import Totals, ZoneSummary
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import Level

_TOUCH_M: Final = 10.0
"""Outlines that were drawn apart leave gaps of some metres where the zones meet."""

SELF, NEIGHBOUR, WHOLE = "self", "neighbour", "whole"
"""Roles of a zone in a comparison: the one asked about, one beside it, one it lies in."""

BESIDE_COLUMNS: Final = [
    "zone_id", "role", "zone_area_ha", "area_ha", "cover_percent", "stock_t_c", "stock_t_c_low",
    "stock_t_c_high", "unvalued_ha", "demonstration_ha", "density_t_c_ha", "area_share_percent",
    "stock_share_percent",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneFacts:
    """What a zone is, whatever grows in it.

    Attributes:
        zone_id: Its id.
        level: Its level.
        area_ha: Area on the ellipsoid, sea within its outline included, in ha.
        provenance: Kind of record of its outline.
        source: Where the outline comes from.
        path: Zones it lies in, finest first, without itself.
        parts: Zones directly in it.
        neighbours: Zones of its level that touch it, the same whole's first.
    """

    zone_id: str
    level: Level
    area_ha: float
    provenance: str
    source: str
    path: tuple[str, ...]
    parts: tuple[str, ...]
    neighbours: tuple[str, ...]


def zone_facts(store: Workspace, zone_id: str) -> ZoneFacts:
    """What a zone is and what lies beside it.

    Raises:
        NotFoundError: If there is no such zone.
    """
    regions = Regions.of(store)
    regions.require(zone_id)
    zones = store.zones()
    row = zones[zones["zone_id"] == zone_id]
    return ZoneFacts(
        zone_id=zone_id,
        level=regions.levels[zone_id],
        area_ha=float(area_ha(row, "zones")[0]),
        provenance=str(row["provenance"].iloc[0]),
        source=str(row["source"].iloc[0]),
        path=tuple(regions.path(zone_id)[1:]),
        parts=tuple(zone for zone, parent in regions.parents.items() if parent == zone_id),
        neighbours=tuple(neighbours(store, zone_id)),
    )


def zone_areas(store: Workspace) -> dict[str, float]:
    """Area of every zone's outline on the ellipsoid, in ha."""
    zones = store.zones()
    return dict(zip(zones["zone_id"], area_ha(zones, "zones").tolist(), strict=True))


def neighbours(store: Workspace, zone_id: str) -> list[str]:
    """Zones of the same level that touch a zone, also at sea; those in the same whole first.

    Zones touch where they come within ten metres of each other.

    Raises:
        NotFoundError: If there is no such zone.
    """
    regions = Regions.of(store)
    regions.require(zone_id)
    peers = store.zones(regions.levels[zone_id])
    shapes = to_equal_area(peers, "zones")
    ids = peers["zone_id"].tolist()
    found = shapely.STRtree(shapes).query(
        shapes[ids.index(zone_id)], predicate="dwithin", distance=_TOUCH_M
    )
    beside = [ids[at] for at in np.sort(found) if ids[at] != zone_id]
    home = regions.parents[zone_id]
    return sorted(beside, key=lambda zone: regions.parents[zone] != home)


def beside(
    facts: ZoneFacts,
    summaries: Mapping[str, ZoneSummary | None],
    areas_ha: Mapping[str, float],
) -> pd.DataFrame:
    """A zone, its neighbours and the zones it lies in, one a row.

    Args:
        facts: The zone.
        summaries: Of each zone of the comparison its own summary; None where nothing is mapped.
        areas_ha: Area of each zone's outline, in ha.

    Returns:
        `BESIDE_COLUMNS`: areas in ha, stocks in t C, density in t C per ha that has a coefficient,
        shares in percent: of the zone's outline that is mapped ecosystem, and of a whole's area
        and stock that lies in the zone asked about. NaN where a number is unknown; a stock is "at
        least" where ``unvalued_ha`` is above zero.
    """
    own = _totals(summaries.get(facts.zone_id))
    roles = {facts.zone_id: SELF, **dict.fromkeys(facts.neighbours, NEIGHBOUR)}
    roles |= dict.fromkeys(facts.path, WHOLE)
    rows = [
        _row(zone, role, areas_ha[zone], _totals(summaries.get(zone)), own)
        for zone, role in roles.items()
    ]
    table = pd.DataFrame(rows, columns=BESIDE_COLUMNS)
    numeric = [name for name in BESIDE_COLUMNS if name not in {"zone_id", "role"}]
    return table.astype(dict.fromkeys(numeric, "float64"))


def _totals(summary: ZoneSummary | None) -> Totals | None:
    return None if summary is None or summary.rows.empty else summary.totals


def _row(
    zone_id: str, role: str, zone_area_ha: float, totals: Totals | None, own: Totals | None
) -> dict[str, object]:
    row: dict[str, object] = {"zone_id": zone_id, "role": role, "zone_area_ha": zone_area_ha}
    if totals is None:
        return row
    row |= {name: getattr(totals, name) for name in BESIDE_COLUMNS if hasattr(totals, name)}
    row["cover_percent"] = percent(totals.area_ha, zone_area_ha)
    row["density_t_c_ha"] = density(totals)
    if role == WHOLE and own is not None:
        row["area_share_percent"] = percent(own.area_ha, totals.area_ha)
        row["stock_share_percent"] = percent(own.stock_t_c, totals.stock_t_c)
    return row


def density(totals: Totals) -> float | None:
    """Stock in t C for each ha that has a coefficient; None where none has."""
    valued_ha = totals.area_ha - totals.unvalued_ha
    if totals.stock_t_c is None or valued_ha <= 0:
        return None
    return totals.stock_t_c / valued_ha


def percent(part: float | None, whole: float | None) -> float | None:
    """A part in percent of its whole; None where one is unknown or the whole is nothing."""
    if part is None or whole is None or whole <= 0:
        return None
    return 100.0 * (part / whole)


def records_in(
    store: Workspace, survey_id: str, zone_id: str, *, demonstration: bool = True
) -> pd.DataFrame:
    """What the patches of a zone rest on: one ecosystem, kind of record and source a row.

    Returns:
        Columns ``ecosystem, provenance, source, patches``; a patch that only reaches into the zone
        is one of them.

    Raises:
        NotFoundError: If there is no such survey or zone.
    """
    Regions.of(store).require(zone_id)
    zones = store.zones()
    shape = zones.geometry[zones["zone_id"] == zone_id].iloc[0]
    shapely.prepare(shape)
    keys = ["ecosystem", "provenance", "source"]
    west, south, east, north = shape.bounds

    def counts() -> list[pd.Series[int]]:
        found = []
        for block in blocks(store, survey_id, box=(west, south, east, north)):
            own = block.counted(demonstration=demonstration)
            patches = own.habitats[own.own]
            inside = patches[shapely.intersects(shape, patches.geometry.to_numpy())]
            found.append(pd.DataFrame(inside[keys]).groupby(keys, sort=False).size())
        return found

    found = of_one_state(store, survey_id, counts)
    if not found:
        return pd.DataFrame(columns=[*keys, "patches"])
    table = pd.concat(found).groupby(level=keys, sort=False).sum()
    return table.rename("patches").reset_index()
