"""A workspace of files seen as a store that nobody has written to yet, to preview an import."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from bluecarbon_map.store.base import Workspace, WorkspaceInfo
from bluecarbon_map.store.schema import RECORDS, key_part
from bluecarbon_map.tables import columns

Key = tuple[str, ...]

_HELD: Final[dict[str, Callable[[Workspace], pd.DataFrame]]] = {
    "zones": lambda files: files.zones(),
    "surveys": lambda files: files.surveys(),
    "targets": lambda files: files.targets(),
    "projects": lambda files: files.projects(),
    "registers": lambda files: files.registers(),
    "rasters": lambda files: files.rasters(),
}
"""Tables that a folder of files has."""


class Unwritten:
    """Reads what `take_in.prepare` asks for; every row is at its first version, as after a copy."""

    def __init__(self, files: Workspace) -> None:
        self._files = files

    @property
    def info(self) -> WorkspaceInfo:
        """What the workspace says of itself."""
        return self._files.info

    def zones(self) -> gpd.GeoDataFrame:
        """Its zones."""
        return self._files.zones()

    def surveys(self) -> pd.DataFrame:
        """Its survey passports."""
        return self._files.surveys()

    def projects(self) -> pd.DataFrame:
        """Its projects."""
        return self._files.projects()

    def habitats(self, survey_id: str) -> gpd.GeoDataFrame:
        """Patches of one of its surveys."""
        return self._files.habitats(survey_id)

    def raster_path(self, raster_id: str) -> Path:
        """Where the file of one of its rasters lies."""
        return self._files.raster_path(raster_id)

    def records(self, table: str) -> pd.DataFrame:
        """Rows of a table; none where a folder of files has no such table."""
        if table in _HELD:
            return _HELD[table](self._files)
        return pd.DataFrame(columns=columns(RECORDS[table].contract))

    def versions(
        self,
        table: str,
        *,
        keys: Collection[Key] | None = None,
        survey_id: str | None = None,
    ) -> dict[Key, int]:
        """First versions of all rows, of some keys or one survey where it is named."""
        rows = self._patches(survey_id) if table == "habitats" else self.records(table)
        if survey_id is not None:
            rows = rows[rows["survey_id"] == survey_id]
        found = _keys(rows, RECORDS[table].key)
        wanted = None if keys is None else set(keys)
        return {key: 1 for key in found if wanted is None or key in wanted}

    def _patches(self, survey_id: str | None) -> pd.DataFrame:
        ids = [one for one in self._files.surveys()["survey_id"] if survey_id in (None, one)]
        patches = [self._files.habitats(one) for one in ids]
        empty = pd.DataFrame(columns=columns(RECORDS["habitats"].contract))
        return pd.concat(patches, ignore_index=True) if patches else empty


def _keys(rows: pd.DataFrame, key: tuple[str, ...]) -> list[Key]:
    named = [map(key_part, rows[name]) for name in key]
    return list(zip(*named, strict=True))
