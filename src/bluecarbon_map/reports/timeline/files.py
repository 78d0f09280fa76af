"""The rasters of a run: names as InVEST's, what each says of itself, and how they come to be."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from rasterio.errors import RasterioError
from rasterio.windows import Window

from bluecarbon_map import __version__
from bluecarbon_map.accounting.timeline import Outcome, Plan
from bluecarbon_map.errors import InputError
from bluecarbon_map.reading.timeline import Snapshot
from bluecarbon_map.reports.timeline.snapshots import Classified

_TILE: Final = 512
_BLOCK_COLUMNS: Final = 4 * _TILE


@dataclass(frozen=True, slots=True)
class Layer:
    """One raster to write: where its numbers stand in an outcome.

    Attributes:
        name: Name of its file without the suffix.
        attribute: Of `Outcome`.
        at: Position of its year or period in it; None where it has none.
    """

    name: str
    attribute: str
    at: int | None

    def of(self, outcome: Outcome) -> np.ndarray:
        """Its number for each history, shape (histories,)."""
        values = getattr(outcome, self.attribute)
        return np.asarray(values if self.at is None else values[self.at], dtype=np.float32)


def layers_of(plan: Plan) -> list[Layer]:
    """The rasters of a run, named as InVEST does; nothing is emitted in the first period."""
    layers = [Layer(f"carbon-stock-at-{y}", "stock_t_ha", i)
              for i, y in enumerate(plan.stock_years)]  # fmt: skip
    for i, (start, end) in enumerate(plan.periods):
        span = f"between-{start}-and-{end}"
        layers.append(Layer(f"carbon-accumulation-{span}", "accumulation_t_ha", i))
        if i:
            layers.append(Layer(f"carbon-emissions-{span}", "emissions_t_ha", i))
        layers.append(Layer(f"total-net-carbon-sequestration-{span}", "net_t_ha", i))
        if plan.prices is not None:
            layers.append(Layer(f"net-present-value-at-{end}", "value_per_ha", i))
    return [*layers, Layer("total-net-carbon-sequestration", "total_net_t_ha", None)]


def tags_of(
    plan: Plan, unit: str, maps: Sequence[Snapshot], invest_compat: bool  # noqa: FBT001
) -> dict[str, dict[str, str]]:  # fmt: skip
    """What each raster says of itself."""
    model = (
        "InVEST 3.20.2 compatible, with its five deviations (docs/methods/11-timeline.md)"
        if invest_compat
        else "docs/methods/11-timeline.md"
    )
    common = {
        "SOFTWARE": f"bluecarbon_map {__version__}",
        "MODEL": model,
        "SNAPSHOTS": ", ".join(f"{one.year}: {one.path.name}" for one in maps),
        "ANALYSIS_END": str(plan.until),
    }
    tags = {}
    for layer in layers_of(plan):
        worth = layer.attribute == "value_per_ha"
        tags[layer.name] = common | {"UNITS": "currency of the price/ha" if worth else unit}
        if worth and plan.prices is not None:
            tags[layer.name] |= {"DISCOUNT_PERCENT": f"{plan.prices.discount * 100:g}",
                                 "PRICE": f"per t of {unit.partition('/')[0]}"}  # fmt: skip
            if invest_compat:
                tags[layer.name]["WARNING"] = "total times the sum of prices: no present value"
    return tags


def open_target(path: Path, grid: Classified, tags: dict[str, str]) -> Any:  # noqa: ANN401
    """Open one raster for writing, tiled and compressed."""
    target = rasterio.open(
        path,
        "w",
        driver="GTiff",
        dtype="float32",
        count=1,
        nodata=np.nan,
        width=grid.width,
        height=grid.height,
        crs=grid.crs,
        transform=grid.transform,
        tiled=True,
        blockxsize=_TILE,
        blockysize=_TILE,
        compress="deflate",
        zlevel=1,
        bigtiff="if_safer",
    )
    target.update_tags(**tags)
    target.units = (tags["UNITS"],)
    target.set_band_description(1, path.stem)
    return target


def blocks_of(width: int, height: int) -> Iterator[tuple[float, Window]]:
    """Windows that cut no tile, and the share that is done with each."""
    for top in range(0, height, _TILE):
        rows = min(_TILE, height - top)
        for left in range(0, width, _BLOCK_COLUMNS):
            columns = min(_BLOCK_COLUMNS, width - left)
            done = (top * width + rows * (left + columns)) / (width * height)
            yield done, Window(left, top, columns, rows)


def require_output(out: Path, files: Sequence[str], inputs: Sequence[Path]) -> None:
    """Refuse a folder that cannot be written, or files that are read.

    Raises:
        InputError: If it is a file, lies in no folder, or a snapshot would be overwritten.
    """
    if out.exists() and not out.is_dir():
        raise InputError(str(out), "this is a file", "Name a folder")
    if not out.parent.is_dir():
        raise InputError(str(out), "its folder does not exist", "Create the folder first")
    targets = {(out / name).resolve() for name in files}
    if any(one.resolve() in targets for one in inputs):
        raise InputError(str(out), "a snapshot would be overwritten", "Name another folder")


def working_folder(where: Path, out: Path) -> tempfile.TemporaryDirectory[str]:
    """A hidden folder on the same disk: what is in it is gone if the run does not end."""
    try:
        return tempfile.TemporaryDirectory(dir=where, prefix=".writing-")
    except OSError as problem:
        raise unwritable(out, problem) from problem


def unwritable(out: Path, problem: OSError) -> InputError:
    """The refusal of a folder that the system does not let us write."""
    said = problem.strerror or problem
    return InputError(
        str(out), f"it cannot be written ({said})", "Check the folder's rights and the disk's space"
    )


def require_whole(folder: Path, out: Path) -> None:
    """Refuse rasters that were cut short: a full disk shows only when a file is closed.

    Raises:
        InputError: If a tile is not there, or lies beyond the end of its file.
    """
    for path in folder.iterdir():
        try:
            with rasterio.open(path) as source:
                whole = all(_is_there(source, i, j, path) for (i, j), _ in source.block_windows(1))
        except RasterioError:
            whole = False
        if not whole:
            raise InputError(
                str(out), f"{path.name} was cut short", "Make room on the disk and try again"
            )


def _is_there(source: Any, row: int, column: int, path: Path) -> bool:  # noqa: ANN401
    start, length = (
        source.get_tag_item(f"BLOCK_{what}_{column}_{row}", "TIFF", bidx=1)
        for what in ("OFFSET", "SIZE")
    )
    return start is not None and int(start) + int(length) <= path.stat().st_size


def left_over(out: Path, files: Sequence[str]) -> tuple[str, ...]:
    """Says which rasters of an earlier run stay in the folder beside those of this one."""
    names = ("carbon-*.tif", "total-net-carbon-sequestration*.tif", "net-present-value-at-*.tif")
    there = {file.name for name in names for file in out.glob(name)}
    old = sorted(there - set(files))
    return (f"{out.name} still holds rasters of an earlier run: {', '.join(old)}",) if old else ()


def move(working: Path, out: Path) -> None:
    """Put what is finished where it was asked for: at once, or file by file into what is there."""
    if not out.exists():
        working.rename(out)
        return
    for file in sorted(working.iterdir()):
        file.replace(out / file.name)
