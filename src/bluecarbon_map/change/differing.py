"""A change survey told as changes of its base, patch by patch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.change.matching import Shared, Side, matched, shared_ground
from bluecarbon_map.geodesy import GeometryArray, to_equal_area
from bluecarbon_map.tables import Decision, PatchChange, PatchChanges, columns, typed
from bluecarbon_map.units import ha_from_m2

_SAME_SHARE: Final = 1e-10
_ROUNDING_M: Final = 1e-8
"""Outlines are the same where they differ by less than a float near 10⁷ m is wide."""

Row = dict[str, Any]


def diff(
    base: gpd.GeoDataFrame,
    other: gpd.GeoDataFrame,
    *,
    survey_id: str,
    provenance: str,
    source: str,
) -> gpd.GeoDataFrame:
    """What a survey says of its base survey, patch by patch; what stayed the same is left out.

    Patches are one where they have one id, else where they share at least half of the smaller one
    (`matching`). Ecosystem or species differ: *reclassified*, whatever became of the outline. Only
    the outline differs: *reshaped*. One row has room for one patch before and one after. A patch
    cut in two is therefore one change and one *added*, two made one are one change and one
    *removed*; the note of the further rows names the patches whose ground they were or are now.
    Names, sources and notes that differ are no change of the ground.

    Args:
        base: Survey before, contract `tables.Habitats`.
        other: Survey after, same contract.
        survey_id: Id of the change survey.
        provenance: Kind of record of the change survey, for patches that are gone.
        source: Where it comes from, for the same.

    Returns:
        Contract `tables.PatchChanges`, every row pending. Areas are those of single patches in ha
        on the ellipsoid, NaN on the side where there is none: after less before adds up to the
        difference of the two surveys.

    Raises:
        CRSMissingError: If a layer has no CRS; further errors as `geodesy.to_equal_area`.
    """
    before, after = _side(base, "base survey"), _side(other, survey_id)
    shared = shared_ground(before.plane, after.plane)
    pairs = matched(before, after, shared)
    kept = _same(before, after, pairs)
    old, new = _Told(base, before), _Told(other, after)
    gone_from, come_from = _kin(shared, before, after)
    made: list[Row] = []
    for row in range(len(before.ids)):
        if row not in pairs:
            made.append(
                old.row(row, "from")
                | {"what": PatchChange.REMOVED.value, "provenance": provenance, "source": source}
                | {
                    "note": _note(
                        "其地面现属图斑 {0} / its ground is now part of {0}", gone_from, row
                    )
                }
            )
        elif row not in kept:
            made.append(
                old.row(row, "from") | new.row(pairs[row], "to") | _what(old, new, row, pairs)
            )
    found = set(pairs.values())
    made += [
        new.row(row, "to")
        | {"what": PatchChange.ADDED.value}
        | {"note": _note("其地面原属图斑 {0} / its ground was part of {0}", come_from, row)}
        for row in range(len(after.ids))
        if row not in found
    ]
    return _table(made, survey_id, base.crs)


class _Told:
    """Rows of one survey as half a row of the table of changes."""

    def __init__(self, habitats: gpd.GeoDataFrame, side: Side) -> None:
        known = pd.DataFrame(habitats.drop(columns="geometry")).astype(object)
        self._rows = known.where(known.notna(), None).to_dict("records")
        self._shapes = habitats.geometry.to_numpy()
        self._area_ha = ha_from_m2(shapely.area(side.plane)).tolist()
        self.kinds = side.kinds

    def row(self, at: int, when: str) -> Row:
        patch = self._rows[at]
        own = "base_habitat_id" if when == "from" else "habitat_id"
        return {
            own: patch["habitat_id"],
            "name_zh": patch["name_zh"],
            f"ecosystem_{when}": patch["ecosystem"],
            f"species_{when}": patch["species"],
            f"area_{when}_ha": self._area_ha[at],
            "provenance": patch["provenance"],
            "source": patch["source"],
            "geometry": self._shapes[at],
        }


def _what(old: _Told, new: _Told, row: int, pairs: Mapping[int, int]) -> Row:
    alike = old.kinds[row] == new.kinds[pairs[row]]
    return {"what": (PatchChange.RESHAPED if alike else PatchChange.RECLASSIFIED).value}


def _side(habitats: gpd.GeoDataFrame, where: str) -> Side:
    species = habitats["species"].astype(object).where(habitats["species"].notna(), None)
    return Side(
        ids=habitats["habitat_id"].tolist(),
        kinds=list(zip(habitats["ecosystem"].tolist(), species.tolist(), strict=True)),
        plane=to_equal_area(habitats, where),
    )


def _same(before: Side, after: Side, pairs: Mapping[int, int]) -> set[int]:
    """Rows of the base survey that stayed what and as they are."""
    alike = [(a, b) for a, b in pairs.items() if before.kinds[a] == after.kinds[b]]
    first = np.array([a for a, _ in alike], dtype=np.intp)
    second = np.array([b for _, b in alike], dtype=np.intp)
    same = _same_ground(before.plane[first], after.plane[second])
    return set(first[same].tolist())


def _same_ground(first: GeometryArray, second: GeometryArray) -> Any:  # noqa: ANN401 (bool array)
    same = shapely.equals_exact(first, second, 0.0)
    rest = np.flatnonzero(~same)
    moved_m2 = shapely.area(shapely.symmetric_difference(first[rest], second[rest]))
    noise_m2 = _SAME_SHARE * shapely.area(first[rest]) + _ROUNDING_M * shapely.length(first[rest])
    same[rest] = moved_m2 <= noise_m2
    return same


def _kin(shared: Shared, before: Side, after: Side) -> tuple[dict[int, list[str]], ...]:
    """Ids of the other survey's patches that have the ground of each row, both ways."""
    now: dict[int, list[str]] = {}
    then: dict[int, list[str]] = {}
    for a, b in zip(shared.base.tolist(), shared.other.tolist(), strict=True):
        now.setdefault(a, []).append(after.ids[b])
        then.setdefault(b, []).append(before.ids[a])
    return now, then


def _note(words: str, kin: Mapping[int, list[str]], row: int) -> str | None:
    return words.replace("{0}", ", ".join(kin[row])) if row in kin else None


def _table(made: list[Row], survey_id: str, crs: object) -> gpd.GeoDataFrame:
    ours = {"survey_id": survey_id, "decision": Decision.PENDING.value}
    rows = [{**ours, "change_no": number, **row} for number, row in enumerate(made, 1)]
    table = pd.DataFrame(rows, columns=columns(PatchChanges))
    return gpd.GeoDataFrame(typed(table, PatchChanges), geometry="geometry", crs=crs)
