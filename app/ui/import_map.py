"""Maps of an import: the rows as they would be stored, and before a conversion of the datum."""

from __future__ import annotations

from typing import Final
from zlib import crc32

import numpy as np
import shapely
import streamlit as st

from bluecarbon_map.gate.problems import Inspection
from bluecarbon_map.gate.take_in import rows_of
from ui import addresses, cached, elements, import_state, maps, outlines, state
from ui.words import _

_HEIGHT_PX: Final = 420


def rows(found: Inspection) -> outlines.Outlines | None:
    """Outlines or places of the rows that would be stored; None where there are none."""
    if found.table is None or found.table.suffix == ".tif":
        return None
    draft = import_state.draft()
    if draft is not None and found.table in draft.drawn:
        return draft.drawn[found.table]
    table = rows_of(found)
    if "geometry" in table:
        shapes = table["geometry"].to_numpy()
    elif {"lon", "lat"} <= set(table.columns):
        shapes = shapely.points(table["lon"].to_numpy(float), table["lat"].to_numpy(float))
    else:
        return None
    made = outlines.many(np.asarray(shapes, dtype=object))
    if draft is not None and made is not None:
        draft.drawn[found.table] = made
    return made


def show(found: Inspection) -> None:
    """The rows on the ground; says when only a part of them is drawn."""
    made = rows(found)
    if made is None:
        return
    on_ground("import_map", made, [])
    if made.shown < made.rows:
        words = _("The map shows {shown} of {rows} rows, evenly picked.")
        elements.show(elements.small(words.format(shown=f"{made.shown:,}", rows=f"{made.rows:,}")))


def shifted(before: Inspection, after: Inspection) -> None:
    """Rows before and after a conversion of the datum."""
    old, new = rows(before), rows(after)
    if old is not None and new is not None:
        on_ground("import_shift_map", new, [old.geojson])


def on_ground(key: str, made: outlines.Outlines, faint: list[str]) -> None:
    """Outlines on the map, those of before faintly beside them."""
    ground = addresses.base_url(cached.workspace().version, state.language())
    token = f"import-{crc32(made.geojson.encode())}"
    with st.container(key=f"{key}_box"):
        maps.show(
            key,
            [maps.Tiles(name="base", url=ground, opacity=1.0, z=1)],
            maps.Move(token, None, made.bounds),
            [made.geojson],
            faint=faint,
            height_px=_HEIGHT_PX,
        )
