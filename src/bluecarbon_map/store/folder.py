"""A read-only workspace made of a folder of GeoParquet and CSV files."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields
from functools import cache, cached_property
from pathlib import Path
from typing import Final, TypeVar, cast

import geopandas as gpd
import pandas as pd
import shapely

from bluecarbon_map.errors import InputError, NotFoundError
from bluecarbon_map.geodesy import STORAGE_CRS, require_crs
from bluecarbon_map.overlay import require_polygons
from bluecarbon_map.store.base import Bounds, WorkspaceInfo, boxes_meeting, meeting
from bluecarbon_map.tables import (
    Contract,
    Extents,
    Factors,
    Habitats,
    Level,
    PatchChanges,
    Projects,
    Rasters,
    Registers,
    Surveys,
    Targets,
    Zones,
    columns,
    typed,
    validate,
    validate_layer,
)
from bluecarbon_map.units import FloatArray

PASSPORT: Final = "workspace.json"

Frame = TypeVar("Frame", bound=pd.DataFrame)


class FolderStore:
    """Reads a folder of files; contract `store.base.Workspace`.

    Files: ``workspace.json``, ``zones.parquet``, ``land.parquet``, ``surveys.csv``, one
    ``habitats_<survey id>.parquet`` a survey, ``targets.csv``, ``projects.csv``,
    ``registers.csv``; where there are rasters, ``rasters.csv`` and one ``raster_<raster id>.tif``
    each; where surveys say what they looked at, ``extents.parquet``; where changes were reviewed,
    ``patch_changes.parquet``; where there are own coefficients, ``factors.csv``. CSV files are
    UTF-8 with or without a byte-order mark.

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
        self._states: dict[str, str] = {}
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

    def steady(self) -> AbstractContextManager[None]:
        """Nothing to do: files are read once."""
        return nullcontext()

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

    def habitats_within(self, survey_id: str, box: Bounds) -> gpd.GeoDataFrame:
        """Patches of one survey whose bounds meet a box; the whole file is read at the first call.

        Raises:
            NotFoundError: If there is no such survey.
            InputError: If its file holds a patch of another one.
        """
        return meeting(self.habitats(survey_id), box)

    def habitat(self, survey_id: str, habitat_id: str) -> gpd.GeoDataFrame:
        """One patch of a survey, or no row.

        Raises:
            NotFoundError: If there is no such survey.
            InputError: If its file holds a patch of another one.
        """
        patches = self.habitats(survey_id)
        return patches[patches["habitat_id"] == habitat_id]

    def habitats_named(self, survey_id: str, most: int) -> gpd.GeoDataFrame:
        """Patches of one survey that have a name, the first so many.

        Raises:
            NotFoundError: If there is no such survey.
            InputError: If its file holds a patch of another one.
        """
        patches = self.habitats(survey_id)
        named = patches["name_zh"].notna() | patches["name_en"].notna()
        return patches[named].iloc[:most]

    def habitat_count(self, survey_id: str) -> int:
        """How many patches a survey has.

        Raises:
            NotFoundError: If there is no such survey.
            InputError: If its file holds a patch of another one.
        """
        return len(self.habitats(survey_id))

    def habitat_count_within(self, survey_id: str, box: Bounds, most: int) -> int:
        """How many patches of a survey have bounds that meet a box; ``most`` of more.

        Raises:
            NotFoundError: If there is no such survey.
            InputError: If its file holds a patch of another one.
        """
        return min(int(boxes_meeting(self.habitat_boxes(survey_id), box).sum()), most)

    def habitat_boxes(
        self, survey_id: str, ecosystems: Collection[str] | None = None
    ) -> FloatArray:
        """Bounds of every patch of one survey, or of some ecosystems, in degrees, shape (n, 4).

        Raises:
            NotFoundError: If there is no such survey.
            InputError: If its file holds a patch of another one.
        """
        patches = self.habitats(survey_id)
        if ecosystems is not None:
            patches = patches[patches["ecosystem"].isin(list(ecosystems))]
        found: FloatArray = shapely.bounds(patches.geometry.to_numpy()).reshape(-1, 4)
        return found

    def habitats_version(self, survey_id: str) -> str:
        """Hash over the size and time of the survey's file; once read, as it was then.

        Raises:
            NotFoundError: If there is no such survey, or its file is missing.
        """
        known = self.surveys()["survey_id"].tolist()
        if survey_id not in known:
            raise NotFoundError("survey", survey_id, known)
        return self._states.get(survey_id) or self._state(survey_id)

    def _state(self, survey_id: str) -> str:
        state = self._existing(f"habitats_{survey_id}.parquet").stat()
        said = f"{self.folder.resolve()}|{survey_id}|{state.st_size}|{state.st_mtime_ns}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def extents(self) -> gpd.GeoDataFrame:
        """Ground each survey looked at, contract `tables.Extents`; no row where none is stated.

        Raises:
            InputError: If it names a survey that is not in the workspace.
        """
        if not (self.folder / "extents.parquet").is_file():
            return _nothing(Extents)
        return self._kept("extents.parquet", self._read_extents)

    def patch_changes(self) -> gpd.GeoDataFrame:
        """What change surveys claim and what was decided, contract `tables.PatchChanges`."""
        if not (self.folder / "patch_changes.parquet").is_file():
            return _nothing(PatchChanges)
        return self._layer("patch_changes.parquet", PatchChanges)

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

    def factors(self) -> pd.DataFrame:
        """The workspace's own coefficients, contract `tables.Factors`; empty where it has none."""
        return self._optional("factors.csv", Factors)

    def rasters(self) -> pd.DataFrame:
        """Passports of the rasters, contract `tables.Rasters`; empty where there is none."""
        return self._optional("rasters.csv", Rasters)

    def raster_path(self, raster_id: str) -> Path:
        """Where the GeoTIFF of a raster lies.

        Raises:
            NotFoundError: If there is no such raster, or its file is missing.
        """
        known = self.rasters()["raster_id"].tolist()
        if raster_id not in known:
            raise NotFoundError("raster", raster_id, known)
        return self._existing(f"raster_{raster_id}.tif")

    def kept(self, name: str, *, of: Sequence[str], make: Callable[[], bytes]) -> bytes:  # noqa: ARG002
        """The result, made anew: the folder is only read."""
        return make()

    def _layer(self, name: str, contract: Contract) -> gpd.GeoDataFrame:
        return self._kept(name, lambda name: self._read_layer(name, contract))

    def _table(self, name: str, contract: Contract) -> pd.DataFrame:
        return self._kept(name, lambda name: self._read_table(name, contract))

    def _optional(self, name: str, contract: Contract) -> pd.DataFrame:
        """A table that a workspace need not have."""
        if (self.folder / name).is_file():
            return self._table(name, contract)
        return _empty(contract).copy(deep=False)

    def _kept(self, name: str, read: Callable[[str], Frame]) -> Frame:
        """What a file holds, read at the first call; what cannot be read is not kept."""
        with self._lock:
            if name not in self._tables:
                self._tables[name] = read(name)
            # Never the kept table itself: whoever changes theirs must not change ours.
            return cast("Frame", self._tables[name].copy(deep=False))

    def _read_habitats(self, name: str, survey_id: str) -> gpd.GeoDataFrame:
        state = self._state(survey_id)  # before reading: what is written meanwhile is another state
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
        self._states[survey_id] = state
        return habitats

    def _read_extents(self, name: str) -> gpd.GeoDataFrame:
        extents = self._read_layer(name, Extents)
        known = self.surveys()["survey_id"].tolist()
        strange = extents.loc[~extents["survey_id"].isin(known), "survey_id"].tolist()
        if strange:
            raise InputError(
                name,
                "surveys that are not in surveys.csv",
                "Add their passports there, or leave these rows out",
                rows=strange,
                column="survey_id",
            )
        return extents

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
            table = typed(table, contract)
        validate(contract, table, table=name)
        return table

    def _existing(self, name: str) -> Path:
        path = self.folder / name
        if not path.is_file():
            raise NotFoundError("file", name, [p.name for p in sorted(self.folder.iterdir())])
        return path


def _read_parquet(path: Path) -> gpd.GeoDataFrame:
    try:
        # Rows are told apart by their number; a file may hold another index, even one with doubles.
        return gpd.read_parquet(path).reset_index(drop=True)
    except (ValueError, OSError) as problem:
        raise _unreadable(path, problem) from problem


def _nothing(contract: Contract) -> gpd.GeoDataFrame:
    """A layer of a contract without a row."""
    wanted = contract.to_schema().columns
    empty = {n: pd.Series(dtype=str(c.dtype)) for n, c in wanted.items() if n != "geometry"}
    return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries(crs=STORAGE_CRS), crs=STORAGE_CRS)


def _unreadable(path: Path, problem: Exception) -> InputError:
    return InputError(str(path), f"it cannot be read ({problem})", "Make or copy it again")


@cache
def _empty(contract: Contract) -> pd.DataFrame:
    """A table of a contract without a row."""
    return typed(pd.DataFrame(columns=columns(contract)), contract)


def _text_columns(contract: Contract) -> list[str]:
    return [n for n, c in contract.to_schema().columns.items() if str(c.dtype).startswith("str")]


def _number_columns(contract: Contract, table: pd.DataFrame) -> list[str]:
    """Columns of the contract that are floats and came in as whole numbers or empty."""
    wanted = {n for n, c in contract.to_schema().columns.items() if str(c.dtype) == "float64"}
    return [n for n in table.columns if n in wanted and pd.api.types.is_numeric_dtype(table[n])]
