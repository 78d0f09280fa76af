"""A read-only workspace made of a folder of GeoParquet and CSV files."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar, cast

import geopandas as gpd
import pandas as pd

from bluecarbon_map.errors import InputError, NotFoundError
from bluecarbon_map.geodesy import STORAGE_CRS, require_crs
from bluecarbon_map.overlay import require_polygons
from bluecarbon_map.store.base import WorkspaceInfo
from bluecarbon_map.tables import (
    Contract,
    Habitats,
    Level,
    Projects,
    Rasters,
    Registers,
    Surveys,
    Targets,
    Zones,
    columns,
    validate,
    validate_layer,
)

PASSPORT: Final = "workspace.json"

Frame = TypeVar("Frame", bound=pd.DataFrame)


class FolderStore:
    """Reads a folder of files; contract `store.base.Workspace`.

    Files: ``workspace.json``, ``zones.parquet``, ``land.parquet``, ``surveys.csv``, one
    ``habitats_<survey id>.parquet`` a survey, ``targets.csv``, ``projects.csv``,
    ``registers.csv``; where there are rasters, ``rasters.csv`` and one ``raster_<raster id>.tif``
    each. CSV files are UTF-8 with or without a byte-order mark.

    Each file is read and checked once, at the first call that needs it; a file that changes later
    is seen by a new store. What a call returns is the caller's own: columns may be put in or
    replaced without touching what is kept, but geometry and values must not be changed in place.
    """

    def __init__(self, folder: Path) -> None:
        """Open a workspace folder.

        Raises:
            NotFoundError: If there is no ``workspace.json`` in it.
        """
        self.folder = folder
        if not (folder / PASSPORT).is_file():
            raise NotFoundError("workspace", str(folder))
        self._tables: dict[str, pd.DataFrame] = {}
        self._lock = threading.RLock()

    @cached_property
    def info(self) -> WorkspaceInfo:
        """What the workspace says of itself.

        Raises:
            InputError: If ``workspace.json`` is damaged or lacks a key.
        """
        path = self.folder / PASSPORT
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            return WorkspaceInfo(
                **{field.name: said[field.name] for field in fields(WorkspaceInfo)}
            )
        except (ValueError, KeyError, TypeError) as problem:
            raise InputError(
                str(path), f"it cannot be read ({problem!r})", "Compare it with a working one"
            ) from problem

    @cached_property
    def version(self) -> str:
        """Hash over the names, sizes and times of the files: changes when a file does."""
        digest = hashlib.sha256()
        for path in sorted(self.folder.iterdir()):
            state = path.stat()
            digest.update(f"{path.name}|{state.st_size}|{state.st_mtime_ns}\n".encode())
        return digest.hexdigest()[:16]

    def zones(self, level: Level | None = None) -> gpd.GeoDataFrame:
        """Zones, contract `tables.Zones`; of one level where one is given."""
        zones = self._layer("zones.parquet", Zones)
        return zones if level is None else zones[zones["level"] == level.value]

    def surveys(self) -> pd.DataFrame:
        """Survey passports, contract `tables.Surveys`."""
        return self._table("surveys.csv", Surveys)

    def habitats(self, survey_id: str) -> gpd.GeoDataFrame:
        """Patches of one survey, contract `tables.Habitats`.

        Raises:
            NotFoundError: If there is no such survey.
            InputError: If its file holds a patch of another one.
        """
        known = self.surveys()["survey_id"].tolist()
        if survey_id not in known:
            raise NotFoundError("survey", survey_id, known)
        return self._kept(
            f"habitats_{survey_id}.parquet", lambda name: self._read_habitats(name, survey_id)
        )

    def land(self) -> gpd.GeoDataFrame:
        """Land to draw the map on; geometry in EPSG:4490."""
        return self._kept("land.parquet", self._read_land)

    def targets(self) -> pd.DataFrame:
        """Targets of every plan and version, contract `tables.Targets`."""
        return self._table("targets.csv", Targets)

    def projects(self) -> pd.DataFrame:
        """Restoration projects, contract `tables.Projects`."""
        return self._table("projects.csv", Projects)

    def registers(self) -> pd.DataFrame:
        """Statements that a list of projects is complete, contract `tables.Registers`."""
        return self._table("registers.csv", Registers)

    def rasters(self) -> pd.DataFrame:
        """Passports of the rasters, contract `tables.Rasters`; empty where there is none."""
        if not (self.folder / "rasters.csv").is_file():
            return pd.DataFrame(columns=columns(Rasters))
        return self._table("rasters.csv", Rasters)

    def raster_path(self, raster_id: str) -> Path:
        """Where the GeoTIFF of a raster lies.

        Raises:
            NotFoundError: If there is no such raster, or its file is missing.
        """
        known = self.rasters()["raster_id"].tolist()
        if raster_id not in known:
            raise NotFoundError("raster", raster_id, known)
        return self._existing(f"raster_{raster_id}.tif")

    def _layer(self, name: str, contract: Contract) -> gpd.GeoDataFrame:
        return self._kept(name, lambda name: self._read_layer(name, contract))

    def _table(self, name: str, contract: Contract) -> pd.DataFrame:
        return self._kept(name, lambda name: self._read_table(name, contract))

    def _kept(self, name: str, read: Callable[[str], Frame]) -> Frame:
        """What a file holds, read at the first call; what cannot be read is not kept."""
        with self._lock:
            if name not in self._tables:
                self._tables[name] = read(name)
            # Never the kept table itself: whoever changes theirs must not change ours.
            return cast("Frame", self._tables[name].copy(deep=False))

    def _read_habitats(self, name: str, survey_id: str) -> gpd.GeoDataFrame:
        habitats = self._read_layer(name, Habitats)
        strange = habitats.loc[habitats["survey_id"] != survey_id, "habitat_id"].tolist()
        if strange:
            raise InputError(
                name,
                f"patches of another survey than {survey_id!r}",
                "Move them to the file of their survey",
                rows=strange,
                column="survey_id",
            )
        return habitats

    def _read_land(self, name: str) -> gpd.GeoDataFrame:
        land = _read_parquet(self._existing(name))
        require_crs(land, STORAGE_CRS, name)
        return land

    def _read_layer(self, name: str, contract: Contract) -> gpd.GeoDataFrame:
        layer = _read_parquet(self._existing(name))
        validate_layer(contract, layer, STORAGE_CRS, table=name)
        require_polygons(layer.geometry.to_numpy(), name, rows=layer.iloc[:, 0].tolist())
        return layer

    def _read_table(self, name: str, contract: Contract) -> pd.DataFrame:
        path = self._existing(name)
        try:
            table = pd.read_csv(
                path,
                dtype=dict.fromkeys(_text_columns(contract), "str"),
                encoding="utf-8-sig",
                keep_default_na=False,
                na_values=[""],
                index_col=False,
            )
        except ValueError as problem:  # no UTF-8, a row too long, nothing at all
            raise _unreadable(path, problem) from problem
        table = table.astype(dict.fromkeys(_number_columns(contract, table), "float64"))
        if table.empty:  # columns without a row say nothing of their types
            table = table.astype(_types(contract, table))
        validate(contract, table, table=name)
        return table

    def _existing(self, name: str) -> Path:
        path = self.folder / name
        if not path.is_file():
            raise NotFoundError("file", name, [p.name for p in sorted(self.folder.iterdir())])
        return path


def _read_parquet(path: Path) -> gpd.GeoDataFrame:
    try:
        return gpd.read_parquet(path)
    except (ValueError, OSError) as problem:
        raise _unreadable(path, problem) from problem


def _unreadable(path: Path, problem: Exception) -> InputError:
    return InputError(str(path), f"it cannot be read ({problem})", "Make or copy it again")


def _text_columns(contract: Contract) -> list[str]:
    return [n for n, c in contract.to_schema().columns.items() if str(c.dtype).startswith("str")]


def _number_columns(contract: Contract, table: pd.DataFrame) -> list[str]:
    """Columns of the contract that are floats and came in as whole numbers or empty."""
    wanted = {n for n, c in contract.to_schema().columns.items() if str(c.dtype) == "float64"}
    return [n for n in table.columns if n in wanted and pd.api.types.is_numeric_dtype(table[n])]


def _types(contract: Contract, table: pd.DataFrame) -> dict[str, str]:
    """Types that the contract wants of the columns that are there."""
    wanted = contract.to_schema().columns
    return {n: str(wanted[n].dtype) for n in table.columns if n in wanted}
