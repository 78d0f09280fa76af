"""The table of files and checksums in ``data/README.md``."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import geopandas
import pyarrow
import pyarrow.parquet
import pyproj
import rasterio
import shapely

from bluecarbon_map.errors import InputError

START: Final = "<!-- files: written by python -m data.build, do not edit -->"
END: Final = "<!-- end of files -->"
LISTED_FOLDERS: Final = ("zhejiang", "coast", "factors", "vocabulary")
BUILD_INPUTS: Final = ("embedded_sites.csv", "names_en.csv", "zhejiang_places.csv")


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def toolchain() -> str:
    """Versions that decide the bytes of the built files."""
    proj, geos = pyproj.proj_version_str, ".".join(map(str, shapely.geos_version))
    return (
        f"geopandas {geopandas.__version__}, shapely {shapely.__version__} (GEOS {geos}),"
        f" pyproj {pyproj.__version__} (PROJ {proj}), pyarrow {pyarrow.__version__},"
        f" rasterio {rasterio.__version__} (GDAL {rasterio.__gdal_version__})"
    )


def listed_files(data: Path) -> list[Path]:
    """Data files the table lists: everything shipped, and what the build reads."""
    shipped = [p for folder in LISTED_FOLDERS for p in sorted((data / folder).rglob("*"))]
    return [p for p in shipped if p.is_file()] + [data / "build" / name for name in BUILD_INPUTS]


def _rows_in(path: Path) -> str:
    if path.suffix == ".parquet":
        return str(pyarrow.parquet.read_metadata(path).num_rows)
    if path.suffix == ".csv":
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        return str(len(lines) - 1)
    return ""


def table_of(data: Path) -> str:
    """The table: file, rows, size, SHA-256."""
    lines = [
        f"由 / built with: {toolchain()}",
        "",
        "| 文件 file | 行 rows | 字节 bytes | SHA-256 |",
        "|---|---:|---:|---|",
    ]
    for path in listed_files(data):
        name, size = path.relative_to(data).as_posix(), path.stat().st_size
        lines.append(f"| `{name}` | {_rows_in(path)} | {size:,} | `{sha256_of(path)}` |")
    return "\n".join(lines)


def refresh(data: Path) -> None:
    """Write the table into ``data/README.md``, between its markers.

    Raises:
        InputError: If the markers are not there.
    """
    readme = data / "README.md"
    text = readme.read_text(encoding="utf-8")
    if START not in text or END not in text:
        fix = f"Put the lines {START} and {END} where the table belongs"
        raise InputError(str(readme), "the markers of the file table are missing", fix)
    before, after = text.split(START)[0], text.split(END)[1]
    readme.write_text(f"{before}{START}\n{table_of(data)}\n{END}{after}", encoding="utf-8")
