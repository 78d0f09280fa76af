"""Rebuild the embedded workspace: ``python -m data.build`` from the root of the checkout."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from bluecarbon_map.errors import BluecarbonError
from bluecarbon_map.geodesy import STORAGE_CRS
from bluecarbon_map.tables import Habitats, Surveys, Zones, validate, validate_layer
from data.build import readme
from data.build.coast import build_coast
from data.build.dcw import coast_of
from data.build.habitats import YEARS, build_habitats
from data.build.land import build_land
from data.build.passports import surveys, workspace_json
from data.build.plane import to_plane
from data.build.rasters import build_rasters
from data.build.zones import build_zones

DATA: Final = Path(__file__).resolve().parents[1]


def write_layer(layer: gpd.GeoDataFrame, path: Path) -> None:
    """Write a layer as GeoParquet, the same bytes for the same layer."""
    layer.to_parquet(path, index=False, compression="zstd", compression_level=19)
    print(f"{path.name}: {len(layer)} rows, {path.stat().st_size / 1e6:.2f} MB")


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV that Excel opens as UTF-8."""
    table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
    print(f"{path.name}: {len(table)} rows")


def build(folder: Path, years: Sequence[int] = YEARS) -> None:
    """Build the files of the workspace into a folder.

    Args:
        folder: Where they go.
        years: Surveys to draw.

    Raises:
        GmtMissingError: If gmt or gmt-dcw is not installed.
        ContractError: If a built table breaks its contract.
    """
    folder.mkdir(parents=True, exist_ok=True)
    land_parts = to_plane(coast_of("ZJ"))
    zones = build_zones(land_parts)
    validate_layer(Zones, zones, STORAGE_CRS)
    write_layer(zones, folder / "zones.parquet")
    write_layer(build_land(), folder / "land.parquet")
    for year, habitats in build_habitats(land_parts, zones, years).items():
        validate_layer(Habitats, habitats, STORAGE_CRS)
        write_layer(habitats, folder / f"habitats_ZJ-{year}.parquet")
    passports = surveys()
    validate(Surveys, passports)
    write_table(passports, folder / "surveys.csv")
    (folder / "workspace.json").write_text(workspace_json(), encoding="utf-8")
    if set(years) == set(YEARS):
        write_rasters(folder)


def write_rasters(folder: Path) -> None:
    """Make the rasters from the layers that lie in a folder already; their passports come last."""
    write_table(build_rasters(folder), folder / "rasters.csv")


def write_coast(folder: Path) -> None:
    """Draw the layers of the coastal provinces beside their tables, which are kept by hand."""
    for name, layer in build_coast(DATA / "coast").items():
        write_layer(layer, folder / f"{name}.parquet")


def _build(options: argparse.Namespace) -> None:
    if options.coast:
        write_coast(options.out or DATA / "coast")
        return
    (write_rasters if options.rasters else build)(options.out or DATA / "zhejiang")
    if options.out is None and not options.rasters:
        write_coast(DATA / "coast")


def main(arguments: list[str] | None = None) -> int:
    """Run the build.

    Returns:
        0 when everything was built, 1 when something is missing.
    """
    parser = argparse.ArgumentParser(prog="python -m data.build", description=__doc__)
    parser.add_argument("--out", type=Path, help="build into another folder; README.md stays")
    parser.add_argument(
        "--rasters", action="store_true", help="build the rasters only, from the layers as they are"
    )
    parser.add_argument(
        "--checksums", action="store_true", help="build nothing, only refresh data/README.md"
    )
    parser.add_argument("--coast", action="store_true", help="build the layers of data/coast only")
    options = parser.parse_args(arguments)
    try:
        if not options.checksums:
            _build(options)
        if options.out is None:
            readme.refresh(DATA)
    except BluecarbonError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
