"""What an export holds, and which writer a file's suffix asks for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from bluecarbon_map.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """One table to hand in, with all that is needed to understand it.

    Attributes:
        name: Short ASCII name, for file and layer names.
        rows: The table, exactly as on screen.
        dictionary: Its columns: ``column, unit, description, nullable``.
        details: Further tables by sheet title: sources, method, finer rows.
        zones: Outline of each ``key``, for the spatial formats; EPSG:4490, or None.
        key: Column of ``rows`` and ``zones`` that says whose outline it is.
        notes: What the table says of itself; it stands in every format.
    """

    name: str
    rows: pd.DataFrame
    dictionary: pd.DataFrame
    details: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    zones: gpd.GeoDataFrame | None = None
    key: str = "zone_id"
    notes: tuple[str, ...] = ()


def write(bundle: Bundle, path: Path) -> list[Path]:
    """Write a bundle to a file; nothing is left half-written.

    Args:
        bundle: What to write.
        path: Where; its suffix is one of `FORMATS`.

    Returns:
        The files written: the one asked for, and for CSV the data dictionary beside it.

    Raises:
        InputError: If the suffix is unknown, the folder is missing, the table is empty, or the
            file cannot be written.
    """
    writer = _writer(path)
    if bundle.rows.empty:
        raise InputError(str(path), "there is no row to write", "Choose a wider filter")
    if not path.parent.is_dir():
        raise InputError(str(path), "its folder does not exist", "Create the folder first")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".writing-") as folder:
            writer(bundle, Path(folder) / path.name)
            made = sorted(Path(folder).iterdir(), key=lambda file: file.name != path.name)
            return [_put(file, path.parent) for file in made]
    except OSError as problem:
        raise InputError(
            str(path),
            f"it cannot be written ({problem.strerror or problem})",
            "Check the name, the folder's rights and whether another program has it open",
        ) from problem


def to_bytes(bundle: Bundle, suffix: str) -> bytes:
    """The file of one format as bytes, for a download.

    Raises:
        InputError: If the suffix is unknown or the table is empty.
    """
    with tempfile.TemporaryDirectory() as folder:
        return write(bundle, Path(folder) / f"{bundle.name}{suffix}")[0].read_bytes()


def _put(file: Path, folder: Path) -> Path:
    target = folder / file.name
    return file.replace(target)


def _writer(path: Path) -> Callable[[Bundle, Path], None]:
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise InputError(
            str(path), f"{suffix or 'no suffix'} is no export format", f"Use {', '.join(FORMATS)}"
        )
    return FORMATS[suffix]


def _csv(bundle: Bundle, path: Path) -> None:
    from bluecarbon_map.export import tabular

    tabular.write_csv(bundle.rows, path)
    described = tabular.with_notes(bundle.dictionary, bundle.notes)
    tabular.write_csv(described, path.with_name(f"{path.stem}.dictionary.csv"))


def _xlsx(bundle: Bundle, path: Path) -> None:
    from bluecarbon_map.export import tabular

    described = bundle.dictionary
    if "notes" not in bundle.details:  # where they are no sheet of their own
        described = tabular.with_notes(described, bundle.notes)
    sheets = {"summary": bundle.rows, **bundle.details, "dictionary": described}
    tabular.write_xlsx(sheets, path)


def _gpkg(bundle: Bundle, path: Path) -> None:
    from bluecarbon_map.export import spatial

    layer = spatial.with_outlines(bundle.rows, bundle.zones, bundle.key)
    spatial.write_geopackage(layer, path, bundle.name, bundle.notes)


def _geojson(bundle: Bundle, path: Path) -> None:
    from bluecarbon_map.export import spatial

    spatial.write_geojson(
        spatial.with_outlines(bundle.rows, bundle.zones, bundle.key), path, bundle.notes
    )


def _parquet(bundle: Bundle, path: Path) -> None:
    from bluecarbon_map.export import spatial

    spatial.write_parquet(
        spatial.with_outlines(bundle.rows, bundle.zones, bundle.key), path, bundle.notes
    )


FORMATS: Final[Mapping[str, Callable[[Bundle, Path], None]]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".gpkg": _gpkg,
    ".geojson": _geojson,
    ".parquet": _parquet,
}
"""Writers by suffix; a new format is one line here and one function."""
