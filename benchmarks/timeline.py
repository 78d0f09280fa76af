"""The timeline model on rasters against InVEST 3.20.2, in the same run.

The peer is run with the interpreter that ``BLUECARBON_INVEST_PYTHON`` names (one that can import
``natcap.invest``); without it our side is measured alone. The numbers of the classes are made up:
they serve to measure time, not carbon.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import rasterio
from rasterio import Affine
from rasterio.windows import Window

from benchmarks import measure
from bluecarbon_map.reports.timeline import Pricing, timeline

PEER = "BLUECARBON_INVEST_PYTHON"
YEARS = (2000, 2010, 2020)
UNTIL = 2050
SIDE = 2048
SIDES_OF_MEMORY = (2048, 8192)

CLASSES = """\
lucode,lulc-class,biomass-initial,soil-initial,litter-initial,biomass-half-life,\
biomass-low-impact-disturb,biomass-med-impact-disturb,biomass-high-impact-disturb,\
biomass-yearly-accumulation,soil-half-life,soil-low-impact-disturb,soil-med-impact-disturb,\
soil-high-impact-disturb,soil-yearly-accumulation,litter-yearly-accumulation
1,mangrove,64,313,3,15,0.5,0.5,1,2,7.5,0.3,0.5,0.66,5.35,1
2,salt marsh,9,160,1.5,0.5,0.5,0.5,1,0.4,7.5,0.3,0.7,1,1.6,0.2
3,seagrass,2,100,0.5,0.27,0.5,0.5,1,0.1,1,0.1,0.3,0.5,0.8,0.1
4,pond,0.5,60,0,1,0.2,0.5,1,0,1,0.1,0.2,0.3,0.1,0
5,parking lot,0,40,0,0,0,0,0,0,0,0,0,0,0,0
"""
TRANSITIONS = """\
lulc-class,mangrove,salt marsh,seagrass,pond,parking lot
mangrove,accum,low-impact-disturb,med-impact-disturb,med-impact-disturb,high-impact-disturb
salt marsh,accum,accum,low-impact-disturb,high-impact-disturb,high-impact-disturb
seagrass,accum,accum,accum,med-impact-disturb,high-impact-disturb
pond,accum,accum,accum,NCC,low-impact-disturb
parking lot,accum,accum,NCC,NCC,NCC
"""
_PEER = """\
import sys, time
from natcap.invest.coastal_blue_carbon import coastal_blue_carbon
folder = sys.argv[1] + "/"
coastal_blue_carbon.execute({
    "workspace_dir": folder + "invest", "results_suffix": "", "n_workers": -1,
    "landcover_snapshot_csv": folder + "snapshots.csv",
    "biophysical_table_path": folder + "biophysical.csv",
    "landcover_transitions_table": folder + "transitions.csv",
    "analysis_year": sys.argv[2], "do_economic_analysis": True, "use_price_table": False,
    "price": 10.0, "inflation_rate": 5.0, "discount_rate": 4.0})
with open("/proc/self/status") as status:  # `getrusage` may tell the peak of the parent
    peak_kib = next(line.split()[1] for line in status if line.startswith("VmHWM"))
print("SPENT", time.process_time(), peak_kib)
"""


def run() -> None:
    """Print the tables."""
    years = ", ".join(map(str, YEARS))
    measure.heading(
        f"Timeline, {SIDE}² pixels, snapshots {years}, to {UNTIL} with value (target: 20x)",
        "InVEST",
    )
    with tempfile.TemporaryDirectory() as name:
        folder = write_case(Path(name), SIDE)
        ours_s, ours_mb = _ours(folder, "--compat")
        theirs = _theirs(folder)
        theirs_s, note = None, f"the peer is absent ({PEER} is not set)"
        if theirs is not None:
            theirs_s = theirs[0]
            note = f"peak {ours_mb:.0f} MB against {theirs[1]:.0f}; off by {worst(folder):.0e}"
        measure.row("as InVEST (--invest-compat)", ours_s, theirs_s, note)
        ours_s, ours_mb = _ours(folder)
        measure.row(
            "by the guide (default)", ours_s, theirs_s, f"peak {ours_mb:.0f} MB (limit: 1,000)"
        )
    _memory()
    measure.versions("rasterio", "numpy")


def _memory() -> None:
    """Peak memory of a small and a large raster: it must not grow with the pixels."""
    peaks = []
    for side in SIDES_OF_MEMORY:
        with tempfile.TemporaryDirectory() as name:
            spent_s, peak_mb = _ours(write_case(Path(name), side))
        peaks.append(peak_mb)
        measure.row(f"{side}² pixels", spent_s, note=f"peak {peak_mb:.0f} MB")
    print(f"sixteen times the pixels, {peaks[1] / peaks[0]:.2f} times the memory")


def write_case(folder: Path, side: int, seed: int = 3) -> Path:
    """Tables and rasters of a made-up coast, clumped classes, in a folder."""
    (folder / "biophysical.csv").write_text(CLASSES, encoding="utf-8")
    (folder / "transitions.csv").write_text(TRANSITIONS, encoding="utf-8")
    rows = "".join(f"{year},lulc-{year}.tif\n" for year in YEARS)
    (folder / "snapshots.csv").write_text(f"snapshot_year,raster_path\n{rows}", encoding="utf-8")
    for at, year in enumerate(YEARS):
        _write_classes(folder / f"lulc-{year}.tif", side, seed + at)
    return folder


def _write_classes(path: Path, side: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    profile = {
        "driver": "GTiff", "dtype": "int16", "count": 1, "nodata": -1, "width": side,
        "height": side, "crs": "EPSG:32651", "transform": Affine(10, 0, 3e5, 0, -10, 3.2e6),
        "tiled": True, "blockxsize": 256, "blockysize": 256, "compress": "deflate",
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        for top in range(0, side, 512):
            rows = min(512, side - top)
            clumps = rng.integers(1, 6, (rows // 8 + 1, side // 8 + 1))
            classes = np.kron(clumps, np.ones((8, 8), dtype=np.int16))[:rows, :side]
            speckled = np.where(
                rng.random((rows, side)) < 0.02, rng.integers(1, 6, (rows, side)), classes
            )
            speckled[: rows // 16] = -1
            target.write(speckled.astype(np.int16), 1, window=Window(0, top, side, rows))


def _ours(folder: Path, *options: str) -> tuple[float, float]:
    """CPU seconds and peak MB of a process of its own, start-up and imports too."""
    command = [sys.executable, "-m", "benchmarks.timeline", str(folder), *options]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, peak_mb = answer.stdout.split()
    return float(seconds), float(peak_mb)


def _theirs(folder: Path) -> tuple[float, float] | None:
    """CPU seconds and peak MB of InVEST; None where it is not named."""
    if not (python := os.environ.get(PEER)):
        return None
    command = [python, "-c", _PEER, str(folder), str(UNTIL)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, kib = answer.stdout.split("SPENT")[1].split()
    return float(seconds), float(kib) * 1024 / 1e6


def worst(folder: Path) -> float:
    """How far our rasters are from InVEST's, at the worst pixel of all."""
    theirs = sorted((folder / "invest" / "output").glob("*.tif"))
    return max(_off(folder / "compat" / one.name, one) for one in theirs)


def _off(ours: Path, theirs: Path) -> float:
    """Largest difference, as a share of the value where it is above 1; data in the same pixels."""
    with rasterio.open(ours) as one, rasterio.open(theirs) as other:
        mine, yours = one.read(1, masked=True), other.read(1, masked=True)
    if (np.ma.getmaskarray(mine) != np.ma.getmaskarray(yours)).any():
        return float("inf")
    a, b = (x.compressed().astype(float) for x in (mine, yours))
    return float((np.abs(a - b) / np.maximum(np.abs(b), 1.0)).max(initial=0.0))


def _main(folder: Path, *, compat: bool) -> None:
    timeline(
        folder / "snapshots.csv",
        folder / "biophysical.csv",
        folder / "transitions.csv",
        folder / ("compat" if compat else "guide"),
        until=UNTIL,
        pricing=Pricing(price_per_t=10.0, inflation_percent=5.0, discount_percent=4.0),
        unit="t C/ha",
        invest_compat=compat,
    )
    print(time.process_time(), measure.peak_gb() * 1000)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), compat="--compat" in sys.argv)
