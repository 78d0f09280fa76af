"""Where a workspace lies, as the checks of place want it."""

from __future__ import annotations

import shapely

from bluecarbon_map.errors import NotFoundError
from bluecarbon_map.gate.parsed import Region
from bluecarbon_map.store.base import Workspace


def region_of(store: Workspace) -> Region:
    """Outline and land of a workspace.

    Raises:
        NotFoundError: If the workspace has no zone that is the whole of it.
    """
    info, zones = store.info, store.zones()
    whole = zones.loc[zones["zone_id"] == info.zone_id].geometry
    if whole.empty:
        raise NotFoundError("zone", info.zone_id, zones["zone_id"].tolist())
    land = store.land().geometry
    return Region(
        name_zh=info.name_zh,
        name_en=info.name_en,
        outline=whole.iloc[0],
        # a plain union of this coast takes seconds; provinces hardly touch each other
        land=shapely.disjoint_subset_union_all(land.to_numpy()) if len(land) else None,
    )
