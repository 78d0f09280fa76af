"""Demonstration rasters, made from the patches with stated noise: land cover and a bay's greenness.

Every raster lies in EPSG:6933, an equal-area plane on cylinders, true to scale at 30° N:

- a pixel of 30 m holds 0.09 ha wherever it lies, so that pixels can be counted (an arc second of
  longitude shrinks by 4 % from the south of the province to its north);
- an edge that is straight there is straight in the plane that polygons are measured in
  (`bluecarbon_map.geodesy.EQUAL_AREA_CRS`), so that raster and polygons differ by pixels and noise
  only.

On the ground a pixel of 30 m is 30.8 m east-west by 29.2 m north-south at 27.1° N, and 29.6 m by
30.4 m at 31.2° N.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize

from bluecarbon_map.ecosystems import (
    CLASS_CODES,
    NO_DATA_CODE,
    OTHER_CODE,
    code,
    colour,
)
from bluecarbon_map.tables import Rasters, columns, validate
from bluecarbon_map.tiles.legends import class_name
from bluecarbon_map.tiles.rasters import halved
from data.build.raster_files import CRS, Frame, Grid, pyramid, write_cog

CLASS_PIXEL_M: Final = 30.0
VI_PIXEL_M: Final = 10.0
SEED: Final = 20_220_718

EDGE_SHARE: Final = 0.08
"""Of the pixels that touch another class, how many take that class."""

CONFUSED_SHARE: Final = 0.01
"""Of the mapped pixels, how many take a class that is easily taken for theirs."""

CONFUSED_WITH: Final[Mapping[int, tuple[int, ...]]] = {
    code("mangrove"): (code("salt_marsh"), 21),
    code("salt_marsh"): (21, code("tidal_flat")),
    21: (code("salt_marsh"), code("tidal_flat")),
    code("seaweed_bed"): (OTHER_CODE,),
    code("island_vegetation"): (OTHER_CODE,),
    code("shellfish_farm"): (code("seaweed_farm"), OTHER_CODE),
    code("seaweed_farm"): (code("shellfish_farm"), OTHER_CODE),
    code("tidal_flat"): (code("salt_marsh"), OTHER_CODE),
}
"""Which classes a pixel is taken for, by its own. None is taken for mangrove: a hundredth of all
marsh would be a good part of all mangrove, and put some where none grows."""

BAY: Final = (121.00, 28.07, 121.27, 28.38)
"""West, south, east, north of 乐清湾, in degrees."""

GREENNESS: Final[Mapping[int, tuple[float, float]]] = {
    OTHER_CODE: (-0.30, 0.02),  # open water
    -1: (0.45, 0.14),  # land
    code("mangrove"): (0.70, 0.06),
    code("salt_marsh"): (0.45, 0.06),
    21: (0.58, 0.07),
    code("island_vegetation"): (0.62, 0.07),
    code("shellfish_farm"): (-0.18, 0.03),
    code("seaweed_farm"): (-0.12, 0.03),
    code("tidal_flat"): (0.04, 0.03),
}
"""Made-up mean of the index by class, and how much it wanders over some hundred metres."""

PIXEL_SD: Final = 0.02
VI_SCALE, VI_OFFSET, VI_NO_DATA = 0.01, -1.0, 255
CLOUDS: Final = 9

FloatGrid = NDArray[np.float64]


# --- classes ------------------------------------------------------------------------------------


def painted(frame: Frame, ground: gpd.GeoDataFrame, habitats: gpd.GeoDataFrame) -> Grid:
    """Codes by what lies under the middle of each pixel.

    Args:
        frame: Where the pixels lie.
        ground: What was surveyed; pixels outside it have no data.
        habitats: Patches, contract `tables.Habitats`.
    """
    shapes = [(shape, OTHER_CODE) for shape in ground.geometry.to_crs(CRS)]
    species = habitats["species"].astype(object).where(habitats["species"].notna(), None)
    codes = [code(*kind) for kind in zip(habitats["ecosystem"], species, strict=True)]
    shapes += zip(habitats.geometry.to_crs(CRS), codes, strict=True)  # no two share ground
    grid: Grid = rasterize(
        shapes,
        out_shape=(frame.rows, frame.columns),
        transform=frame.transform,
        fill=NO_DATA_CODE,
        dtype="uint8",
    )
    return grid


def with_noise(grid: Grid, rng: np.random.Generator) -> Grid:
    """A copy in which edges are frayed and some pixels are taken for another class."""
    frayed = grid.copy()
    _fray(grid, frayed, rng)
    _confuse(frayed, rng)
    return frayed


def _fray(grid: Grid, frayed: Grid, rng: np.random.Generator) -> None:
    """Let some pixels on either side of an edge take the class across it."""
    width = grid.shape[1]
    flat, out = grid.ravel(), frayed.ravel()
    mapped = np.flatnonzero((flat != OTHER_CODE) & (flat != NO_DATA_CODE))
    steps = np.array([-width, -1, 1, width])
    near = np.unique(np.concatenate([mapped, *(mapped + step for step in steps)]))
    near = near[flat[near] != NO_DATA_CODE]
    across = flat[near[:, None] + steps]
    differs = (across != flat[near, None]) & (across != NO_DATA_CODE)
    chosen = differs.any(axis=1) & (rng.random(len(near)) < EDGE_SHARE)
    lot = np.where(differs, rng.random(differs.shape), -1.0).argmax(axis=1)
    out[near[chosen]] = across[chosen, lot[chosen]]


def _confuse(grid: Grid, rng: np.random.Generator) -> None:
    flat = grid.ravel()
    mapped = np.flatnonzero((flat != OTHER_CODE) & (flat != NO_DATA_CODE))
    hit = mapped[rng.random(len(mapped)) < CONFUSED_SHARE]
    lot = rng.random(len(hit))
    was = flat[hit]
    for one, others in CONFUSED_WITH.items():
        at = was == one
        choice = (lot[at] * len(others)).astype(np.intp)
        flat[hit[at]] = np.array(others, dtype=np.uint8)[choice]


# --- vegetation index ---------------------------------------------------------------------------


def greenness(classes: Grid, land: Grid, rng: np.random.Generator) -> Grid:
    """Stored numbers of a vegetation index: `VI_SCALE` × number + `VI_OFFSET`.

    Args:
        classes: Codes of the same pixels.
        land: 1 on land.
        rng: Chance.
    """
    wander = _wander(classes.shape, rng)
    index = np.full(classes.shape, np.nan)
    for one, (mean, spread) in GREENNESS.items():
        here = (classes == OTHER_CODE) & (land == 1) if one == -1 else classes == one
        index[here] = mean + spread * wander[here]
    index += PIXEL_SD * rng.standard_normal(classes.shape)
    index[_clouds(classes.shape, rng)] = np.nan
    stored = np.rint((np.clip(index, -1.0, 1.0) - VI_OFFSET) / VI_SCALE)
    return np.where(np.isnan(stored), VI_NO_DATA, stored).astype(np.uint8)


def _wander(shape: tuple[int, int], rng: np.random.Generator, step: int = 32) -> FloatGrid:
    """A smooth field of about unit spread that changes over ``step`` pixels."""
    knots = rng.standard_normal((shape[0] // step + 2, shape[1] // step + 2))
    along = _between(knots, shape[0], step)
    return _between(along.T, shape[1], step).T


def _between(knots: FloatGrid, count: int, step: int) -> FloatGrid:
    """Rows laid straight between knots that stand ``step`` rows apart."""
    at = np.arange(count) / step
    before = at.astype(np.intp)
    share = (at - before)[:, None]
    return knots[before] * (1.0 - share) + knots[before + 1] * share


def _clouds(shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Ellipses that hide the ground."""
    hidden = np.zeros(shape, dtype=bool)
    row, column = np.ogrid[: shape[0], : shape[1]]
    for _ in range(CLOUDS):
        y, x = rng.random(2) * shape
        high, wide = 40 + 80 * rng.random(2)
        hidden |= ((row - y) / high) ** 2 + ((column - x) / wide) ** 2 < 1.0
    return hidden


def coarser_means(stored: Grid) -> Grid:
    """Half as many rows and columns, each the mean of the pixels with data among four."""
    four = np.stack([stored[::2, ::2], stored[::2, 1::2], stored[1::2, ::2], stored[1::2, 1::2]])
    known = four != VI_NO_DATA
    number = known.sum(axis=0)
    mean = np.where(known, four, 0).sum(axis=0) / np.maximum(number, 1)
    return np.where(number > 0, np.rint(mean), VI_NO_DATA).astype(np.uint8)


def _dress_classes(file: Any) -> None:  # noqa: ANN401
    colours = {OTHER_CODE: (0, 0, 0, 0), NO_DATA_CODE: (0, 0, 0, 0)}
    for one, kind in CLASS_CODES.items():
        hexadecimal = colour(*kind)
        red, green, blue = (int(hexadecimal[at : at + 2], 16) for at in (1, 3, 5))
        colours[one] = (red, green, blue, 255)
    file.write_colormap(1, colours)
    words = {f"CLASS_{one}": " ".join(filter(None, kind)) for one, kind in CLASS_CODES.items()}
    words |= {f"CLASS_{OTHER_CODE}": "other ground", f"CLASS_{NO_DATA_CODE}": "not surveyed"}
    file.update_tags(1, **words)


def _dress_index(file: Any) -> None:  # noqa: ANN401
    file.scales, file.offsets = (VI_SCALE,), (VI_OFFSET,)


# --- what they say of themselves ----------------------------------------------------------------

_LICENCE: Final = "LGPL-3（轮廓取自 DCW） / LGPL-3 (outlines from DCW)"

_CLASS_METHOD: Final = (
    "由调查 {survey} 的斑块栅格化（取像元中心），并非影像解译；EPSG:6933 等积网格，像元 30 m，"
    "每个 0.09 公顷，实地东西 29.6–30.8 m、南北 29.2–30.4 m。加入噪声（固定种子）："
    "与他类相邻的像元有 {edge} 改为相邻的类，已制图像元有 {confused} 改为易混淆的类。"
    "金字塔取自加噪声之前，按优先次序保留小斑块，只供看图，不供量算"
    " / patches of {survey} turned into pixels by their middle, not classified from images;"
    " equal-area grid EPSG:6933, pixels of 30 m, 0.09 ha each, on the ground 29.6–30.8 m east-west"
    " and 29.2–30.4 m north-south. Noise of a fixed seed: {edge} of the pixels beside another"
    " class take it, {confused} of the mapped pixels take a class that looks alike. Overviews are"
    " made before the noise and keep small patches by priority: for looking at, not for measuring"
)

_VI_METHOD: Final = (
    "演示：按 ZJ-2025 斑块的类别给定假想的均值 ± 约 320 m 尺度起伏的幅度（{means_zh}），"
    "再叠加标准差 {noise} 的像元噪声（固定种子）；没有给定均值的类（{without_zh}）记为无数据，"
    "另设 {clouds} 处模拟云遮挡为无数据；未作观测。"
    "EPSG:6933 等积网格，像元 10 m，实地东西 10.2 m、南北 9.8 m；像元值 = 0.01 × 存储值 − 1"
    " / demonstration: made-up mean by class of ZJ-2025 ± how much it wanders over some 320 m"
    " ({means_en}), and pixel noise of {noise} standard deviation (fixed seed); classes without a"
    " mean ({without_en}) have no data, nor have {clouds} made-up clouds; nothing was observed."
    " Equal-area grid EPSG:6933, pixels of 10 m, on the ground 10.2 m"
    " east-west and 9.8 m north-south; value = 0.01 × stored − 1"
)


_CALLED: Final = {
    OTHER_CODE: ("水面", "open water"),
    -1: ("陆地", "land"),
    code("salt_marsh"): ("其他盐沼", "other salt marsh"),
}
"""What a key of `GREENNESS` is called where its class's name would say too much or nothing."""


def _called(one: int, language: str) -> str:
    zh, en = _CALLED.get(one) or (class_name(one, "zh"), class_name(one, "en").lower())
    return en if language == "en" else zh


def _vi_method() -> str:
    """The method with the very numbers the index is made with."""
    said: dict[str, object] = {"noise": PIXEL_SD, "clouds": CLOUDS}
    without = [one for one in CLASS_CODES if one not in GREENNESS]
    for language, between in (("zh", "、"), ("en", ", ")):
        said[f"means_{language}"] = between.join(
            f"{_called(one, language)} {f'{mean:.2f}'.replace('-', '−')} ± {wander:.2f}"
            for one, (mean, wander) in GREENNESS.items()
        )
        said[f"without_{language}"] = between.join(_called(one, language) for one in without)
    return _VI_METHOD.format(**said)


def passports() -> pd.DataFrame:
    """Passports of the rasters, contract ``tables.Rasters``."""
    table = pd.DataFrame([*(_class_passport(year) for year in (2022, 2025)), _vi_passport()])
    return table[columns(Rasters)].astype({"low": "float64", "high": "float64"})


def _class_passport(year: int) -> dict[str, Any]:
    survey = f"ZJ-{year}"
    shares = {"edge": f"{EDGE_SHARE:.0%}", "confused": f"{CONFUSED_SHARE:.0%}"}
    return {
        "raster_id": f"landcover-{year}",
        "title_zh": f"{year} 年 30 m 地类栅格（演示）",
        "title_en": f"Land cover {year}, 30 m (demonstration)",
        "kind": "classes", "survey_id": survey, "year": year,
        "quantity_zh": None, "quantity_en": None, "unit": None, "low": None, "high": None,
        "provenance": "demonstration",
        "source": f"由 {survey} 的斑块制作 / made from the patches of {survey}",
        "licence": _LICENCE, "method": _CLASS_METHOD.format(survey=survey, **shares),
    }  # fmt: skip


def _vi_passport() -> dict[str, Any]:
    return {
        "raster_id": "vi-yueqing-2025",
        "title_zh": "乐清湾 2025 年 10 m 植被指数（演示）",
        "title_en": "Vegetation index of Yueqing Bay 2025, 10 m (demonstration)",
        "kind": "continuous", "survey_id": "ZJ-2025", "year": 2025,
        "quantity_zh": "植被指数（无量纲）", "quantity_en": "Vegetation index (dimensionless)",
        "unit": None, "low": -0.4, "high": 0.9, "provenance": "demonstration",
        "source": "由 ZJ-2025 的斑块制作 / made from the patches of ZJ-2025",
        "licence": _LICENCE, "method": _vi_method(),
    }  # fmt: skip


# --- the build ----------------------------------------------------------------------------------


def build_rasters(folder: Path, ids: tuple[str, ...] | None = None) -> pd.DataFrame:
    """Make the rasters of a workspace from its zones, land and patches.

    Args:
        folder: Workspace with ``zones.parquet``, ``land.parquet`` and the patches; the rasters are
            written into it.
        ids: Only these; None for all.

    Returns:
        Their passports, contract ``tables.Rasters``, to be written as ``rasters.csv``.
    """
    table = passports()
    validate(Rasters, table)
    zones = gpd.read_parquet(folder / "zones.parquet")
    for row in table.to_dict("records"):
        if ids is not None and row["raster_id"] not in ids:
            continue
        habitats = gpd.read_parquet(folder / f"habitats_{row['survey_id']}.parquet")
        rng = np.random.default_rng([SEED, int(row["year"]), row["kind"] == "classes"])
        path = folder / f"raster_{row['raster_id']}.tif"
        if row["kind"] == "classes":
            _build_classes(path, zones, habitats, rng)
        else:
            _build_greenness(path, folder, zones, habitats, rng)
    return table


def _province(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return zones[zones["level"] == "province"]


def _build_classes(
    path: Path, zones: gpd.GeoDataFrame, habitats: gpd.GeoDataFrame, rng: np.random.Generator
) -> None:
    province = _province(zones)
    frame = Frame.around(tuple(province.to_crs(CRS).total_bounds), CLASS_PIXEL_M)
    clean = painted(frame, province, habitats)
    # Made before the noise: in a coarser pixel one wrong pixel of mangrove would win over a marsh.
    views = pyramid(clean, halved)
    write_cog(with_noise(clean, rng), views, frame, path, _dress_classes)


def _build_greenness(
    path: Path,
    folder: Path,
    zones: gpd.GeoDataFrame,
    habitats: gpd.GeoDataFrame,
    rng: np.random.Generator,
) -> None:
    box = gpd.GeoSeries([shapely.box(*BAY)], crs=zones.crs).to_crs(CRS)
    frame = Frame.around(tuple(box.total_bounds), VI_PIXEL_M)
    classes = painted(frame, _province(zones), habitats)
    land = gpd.read_parquet(folder / "land.parquet").geometry.to_crs(CRS)
    on_land: Grid = rasterize(
        land, out_shape=classes.shape, transform=frame.transform, dtype="uint8"
    )
    stored = greenness(classes, on_land, rng)
    write_cog(stored, pyramid(stored, coarser_means), frame, path, _dress_index)
