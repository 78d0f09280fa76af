"""How what became of ground is written for a store to keep, and read back.

As GeoParquet: one piece a row, and the hectares by zone in the file's own notes.
"""

from __future__ import annotations

import io
import json
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

FORMAT: Final = 1
"""Of the written form and of the way it is made: a result of another number is made anew."""

_NOTE: Final = b"bluecarbon"


def name_of(from_id: str, to_id: str, *, demonstration: bool) -> str:
    """Name that it is kept under; ids cannot run into each other."""
    counted = "all" if demonstration else "without-demonstration"
    return f"ground-{FORMAT}/{counted}/{json.dumps([from_id, to_id], ensure_ascii=False)}"


def made_of(from_id: str, to_id: str) -> tuple[str, ...]:
    """What it comes from, in the store's words."""
    return (f"habitats/{from_id}", f"habitats/{to_id}", "zones", "extents")


def written(pieces: gpd.GeoDataFrame, steps: pd.DataFrame, said: dict[str, Any]) -> bytes:
    """Pieces, their steps by zone (whole numbers, nothing is rounded), and plain facts.

    Args:
        pieces: In degrees.
        steps: Zones × ways.
        said: Facts that JSON can hold.
    """
    file = io.BytesIO()
    pieces.to_parquet(file, index=False)
    table = pq.read_table(io.BytesIO(file.getvalue()))
    note = said | {"zones": steps.index.tolist(), "steps": steps.to_numpy().tolist()}
    known = dict(table.schema.metadata or {})
    noted = table.replace_schema_metadata({**known, _NOTE: json.dumps(note).encode()})
    out = io.BytesIO()
    pq.write_table(noted, out)
    return out.getvalue()


def read(content: bytes) -> tuple[gpd.GeoDataFrame, pd.DataFrame, dict[str, Any]]:
    """What `written` wrote."""
    pieces = gpd.read_parquet(io.BytesIO(content))
    schema = pq.read_schema(pa.BufferReader(content))
    said = json.loads(schema.metadata[_NOTE])
    zones, steps = said.pop("zones"), said.pop("steps")
    rows = np.array(steps, dtype=np.int64).reshape(len(zones), -1)
    return pieces, pd.DataFrame(rows, index=zones), said
