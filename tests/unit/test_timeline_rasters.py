"""The timeline on rasters: worked pixels, names, tags, refusals, and nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio import Affine

from benchmarks import timeline as bench
from bluecarbon_map.errors import CRSMismatchError, CRSMissingError, InputError
from bluecarbon_map.reports.timeline import Pricing, timeline
from bluecarbon_map.reports.timeline.files import require_whole
from tests.unit.test_timeline_tables import HEADER, MANGROVE, PARKING, TRANSITIONS

PRICE = Pricing(price_per_t=10.0, inflation_percent=5.0, discount_percent=4.0)
SWAPPED = {2000: [[1, 2]], 2010: [[2, 1]], 2020: [[1, 2]]}
NAMES = {
    "carbon-stock-at-2000",
    "carbon-stock-at-2010",
    "carbon-stock-at-2020",
    "carbon-accumulation-between-2000-and-2010",
    "carbon-accumulation-between-2010-and-2020",
    "carbon-emissions-between-2010-and-2020",
    "total-net-carbon-sequestration-between-2000-and-2010",
    "total-net-carbon-sequestration-between-2010-and-2020",
    "total-net-carbon-sequestration",
    "net-present-value-at-2010",
    "net-present-value-at-2020",
}


def write_raster(path, values, **changes):
    values = np.asarray(values)
    profile = {
        "driver": "GTiff", "dtype": values.dtype.name, "count": 1, "width": values.shape[1],
        "height": values.shape[0], "crs": "EPSG:32651", "nodata": 0,
        "transform": Affine(10, 0, 3e5, 0, -10, 3.1e6),
    } | changes  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        target.write(values, 1)


@pytest.fixture
def asked(tmp_path):
    """Writes the four inputs, and asks for the rasters."""

    def ask(maps=SWAPPED, dtype="int16", transitions=TRANSITIONS, grids=None, **options):
        for year, values in maps.items():
            changes = (grids or {}).get(year, {})
            write_raster(tmp_path / f"{year}.tif", np.array(values, dtype=dtype), **changes)
        rows = "".join(f"{year},{year}.tif\n" for year in maps)
        (tmp_path / "snapshots.csv").write_text("snapshot_year,raster_path\n" + rows)
        (tmp_path / "biophysical.csv").write_text(HEADER + MANGROVE + PARKING)
        (tmp_path / "transitions.csv").write_text(transitions)
        names = ("snapshots.csv", "biophysical.csv", "transitions.csv", "out")
        return timeline(*(tmp_path / name for name in names), **options)

    return ask


def pixels(result, name):
    (path,) = [file for file in result.files if file.stem == name]
    with rasterio.open(path) as source:
        return source.read(1).ravel()


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int16", "uint16", "int32", "float32"])
def test_worked_pixels_come_out_of_every_kind_of_raster(asked, dtype):
    result = asked(dtype=dtype, pricing=PRICE, unit="t C/ha")
    assert {file.stem for file in result.files} == NAMES
    assert all(file.is_file() for file in result.files)
    assert pixels(result, "carbon-stock-at-2010") == pytest.approx([463.5, 0.0])
    between = "total-net-carbon-sequestration-between-2010-and-2020"
    assert pixels(result, between) == pytest.approx([-176.9792, 83.5])
    value = pixels(result, "net-present-value-at-2020")
    assert value == pytest.approx([-1148.572, 959.648], rel=1e-5)
    assert (result.pixels, result.unknown_pixels, result.warnings) == (2, 0, ())


def test_invests_own_numbers_come_out_when_asked_for(asked):
    result = asked(pricing=PRICE, unit="t C/ha", invest_compat=True)
    value = pixels(result, "net-present-value-at-2020")
    assert value == pytest.approx([-20506.314, 16123.521], rel=1e-6)
    with rasterio.open(result.files[-2]) as source:
        assert "InVEST 3.20.2" in source.tags()["MODEL"]


def test_each_raster_says_its_unit_and_where_it_comes_from(asked):
    result = asked(pricing=PRICE, unit="t CO2e/ha")
    for file in result.files:
        with rasterio.open(file) as source:
            tags = source.tags()
            worth = file.stem.startswith("net-present-value")
            assert tags["UNITS"] == ("currency of the price/ha" if worth else "t CO2e/ha")
            assert source.units == (tags["UNITS"],)
            assert tags["SNAPSHOTS"] == "2000: 2000.tif, 2010: 2010.tif, 2020: 2020.tif"
            assert source.crs.to_epsg() == 32651
            assert source.compression.value == "DEFLATE"
            assert source.block_shapes == [(512, 512)]


def test_a_unit_that_nobody_states_is_said_to_be_unknown(asked):
    result = asked()
    assert result.unit == "t/ha (C or CO2e: not stated)"
    assert "whether its tonnes are of C or of CO2e" in result.warnings[0]
    with pytest.raises(InputError, match="Mt is no unit"):
        asked(unit="Mt")


def test_no_data_is_unknown_and_never_zero(asked):
    result = asked(maps={2000: [[1, 0, 1]], 2010: [[1, 1, 0]]}, unit="t C/ha")
    assert result.unknown_pixels == 2
    stock = pixels(result, "carbon-stock-at-2010")
    assert stock[0] == pytest.approx(463.5)
    assert np.isnan(stock[1:]).all()
    first = pixels(result, "carbon-stock-at-2000")
    np.testing.assert_array_equal(first, np.array([380, np.nan, 380], dtype=np.float32))


def test_a_single_snapshot_needs_an_end_after_it(asked):
    result = asked(maps={2000: [[1]]}, until=2010)
    assert pixels(result, "carbon-stock-at-2010") == pytest.approx([463.5])
    with pytest.raises(InputError, match="after a single one, a later one"):
        asked(maps={2000: [[1]]})


def test_an_analysis_does_not_end_before_its_last_snapshot(asked):
    with pytest.raises(InputError, match="ends in 2015"):
        asked(until=2015)


CLASS_WITHOUT_PARAMETERS = (
    r"2010.tif, column 'raster_path', rows 3: class 7 has no parameters \(first at row 1, column 2 "
    r"of .*\. Give the class its row in the biophysical table, or set the raster's nodata value"
)


def test_a_class_without_parameters_is_named_with_its_place(asked):
    with pytest.raises(InputError, match=CLASS_WITHOUT_PARAMETERS):
        asked(maps=SWAPPED | {2010: [[2, 7]]})


@pytest.mark.parametrize(
    ("grid", "problem", "said"),
    [
        (
            {"crs": "EPSG:32650"},
            CRSMismatchError,
            "2010.tif, column 'raster_path', rows 3: .*EPSG:32650 where EPSG:32651.*Reproject it",
        ),
        ({"crs": None}, CRSMissingError, "rows 3: the layer has no coordinate system.*then set it"),
        (
            {"transform": Affine(10, 0, 3e5 + 5, 0, -10, 3.1e6)},
            InputError,
            "2010.tif, column 'raster_path', rows 3: its grid .* is not that of .*Warp it to that",
        ),
        ({"transform": Affine(10.001, 0, 3e5, 0, -10, 3.1e6)}, InputError, "nearest neighbour"),
    ],
)
def test_snapshots_of_different_grids_are_refused(asked, tmp_path, grid, problem, said):
    with pytest.raises(problem, match=said):
        asked(grids={2010: grid})
    assert not (tmp_path / "out").exists()


def test_snapshots_of_different_sizes_are_refused(asked):
    with pytest.raises(InputError, match=r"2010.tif.*3 × 1 of 10 from"):
        asked(maps=SWAPPED | {2010: [[2, 1, 1]]})


def test_a_transition_that_the_table_misses_is_named_by_row_and_column(asked):
    short = "lulc-class,mangrove,parking lot\nmangrove,accum,high-impact-disturb\n"
    with pytest.raises(InputError, match=r"'mangrove', rows parking lot: .*2000 and 2010"):
        asked(transitions=short)


def test_an_empty_cell_that_is_met_counts_as_no_change_and_is_said(asked):
    result = asked(transitions=TRANSITIONS.replace("lot,accum", "lot,"), unit="t C/ha")
    assert result.warnings == (
        "transitions.csv: the cell is empty, so no carbon changes (as NCC): parking lot → mangrove",
    )


@pytest.mark.parametrize(
    ("pricing", "said"),
    [
        (Pricing(discount_percent=4.0), "a price or its growth is missing"),
        (Pricing(discount_percent=-100.0, price_per_t=1, inflation_percent=0), "--discount"),
        (Pricing(discount_percent=4, price_per_t=-1, inflation_percent=0), "price of 0 or more"),
        (Pricing(discount_percent=4, price_per_t=1, inflation_percent=-200), "--inflation"),
    ],
)
def test_prices_that_cannot_be_are_refused(asked, pricing, said):
    with pytest.raises(InputError, match=said):
        asked(pricing=pricing)


def test_a_price_table_does_the_same_as_a_growing_price(asked, tmp_path):
    rows = "".join(f"{2000 + k},{10 * 1.05**k!r}\n" for k in range(20))
    (tmp_path / "p.csv").write_text("year,price\n" + rows)
    result = asked(pricing=Pricing(discount_percent=4.0, table=tmp_path / "p.csv"))
    value = pixels(result, "net-present-value-at-2020")
    assert value == pytest.approx([-1148.572, 959.648], rel=1e-5)


def test_only_plain_rasters_beside_the_table_are_opened(asked, tmp_path):
    asked()
    table = tmp_path / "snapshots.csv"
    inputs = [tmp_path / name for name in ("biophysical.csv", "transitions.csv", "out")]
    for name, said in [
        ("/vsicurl/http://127.0.0.1:1/a.tif", "no such file"),
        ("none.tif", "no such file"),
        ("snapshots.csv", ".csv is not read here"),
        ("fake.tif", "cannot be read"),
    ]:
        (tmp_path / "fake.tif").write_text("no raster")
        table.write_text(f"snapshot_year,raster_path\n2000,{name}\n")
        with pytest.raises(InputError, match=said):
            timeline(table, *inputs, until=2010)


def test_a_refusal_leaves_what_was_there_before(asked, tmp_path):
    asked()
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "out").iterdir()}
    with pytest.raises(InputError):
        asked(maps=SWAPPED | {2020: [[1, 9]]})
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "out").iterdir()} == before
    assert not list(tmp_path.rglob(".writing-*"))


def test_rasters_of_an_earlier_run_in_the_folder_are_named(asked, tmp_path):
    asked(unit="t C/ha", until=2030)
    (tmp_path / "out" / "my-own.tif").write_text("")
    (said,) = asked(unit="t C/ha").warnings
    assert said.startswith("out still holds rasters of an earlier run: carbon-accumulation-between")
    assert "2030" in said
    assert "my-own" not in said


@pytest.mark.parametrize(
    ("out", "said"), [("snapshots.csv", "this is a file"), ("a/b", "folder does not exist")]
)
def test_an_output_that_cannot_be_is_refused(asked, tmp_path, out, said):
    asked()
    inputs = [tmp_path / name for name in ("snapshots.csv", "biophysical.csv", "transitions.csv")]
    with pytest.raises(InputError, match=said):
        timeline(*inputs, tmp_path / out)


def test_an_input_is_never_overwritten(asked, tmp_path):
    asked()
    (tmp_path / "2000.tif").rename(tmp_path / "out" / "carbon-stock-at-2010.tif")
    rows = "2000,out/carbon-stock-at-2010.tif\n2010,2010.tif\n"
    (tmp_path / "snapshots.csv").write_text("snapshot_year,raster_path\n" + rows)
    names = ("snapshots.csv", "biophysical.csv", "transitions.csv", "out")
    with pytest.raises(InputError, match="a snapshot would be overwritten"):
        timeline(*(tmp_path / name for name in names))


def test_blocks_give_what_the_whole_gives(tmp_path):
    """600 × 4,200 pixels are six blocks; the sums of a few pixels are those of them alone."""
    rng = np.random.default_rng(1)
    maps = {year: rng.integers(1, 3, (600, 4200)).astype(np.uint8) for year in (2000, 2010)}
    for name, part in (("whole", np.s_[:, :]), ("corner", np.s_[510:520, 4090:4110])):
        folder = tmp_path / name
        folder.mkdir()
        for year, values in maps.items():
            write_raster(folder / f"{year}.tif", values[part])
        rows = "".join(f"{year},{year}.tif\n" for year in maps)
        (folder / "snapshots.csv").write_text("snapshot_year,raster_path\n" + rows)
        (folder / "b.csv").write_text(HEADER + MANGROVE + PARKING)
        (folder / "t.csv").write_text(TRANSITIONS)
        seen = []
        timeline(
            folder / "snapshots.csv", folder / "b.csv", folder / "t.csv", folder / "out",
            until=2030, unit="t C/ha", progress=seen.append,
        )  # fmt: skip
        assert seen[-1] == pytest.approx(1.0)
        assert seen == sorted(seen)
        assert len(seen) == (6 if name == "whole" else 1)
    for file in sorted((tmp_path / "whole" / "out").iterdir()):
        with rasterio.open(file) as one, rasterio.open(tmp_path / "corner/out" / file.name) as two:
            np.testing.assert_array_equal(one.read(1)[510:520, 4090:4110], two.read(1))


def test_a_raster_that_was_cut_short_is_noticed(asked, tmp_path):
    """What a full disk leaves: a file whose directory names tiles beyond its end."""
    file = asked().files[0]
    require_whole(tmp_path / "out", tmp_path / "out")
    with rasterio.open(file) as source:
        start = int(source.get_tag_item("BLOCK_OFFSET_0_0", "TIFF", bidx=1))
        length = int(source.get_tag_item("BLOCK_SIZE_0_0", "TIFF", bidx=1))
    assert start + length == file.stat().st_size
    with file.open("r+b") as opened:
        opened.truncate(start + length - 1)
    with pytest.raises(InputError, match=rf"{file.name} was cut short"):
        require_whole(tmp_path / "out", tmp_path / "out")


HALTED_HALFWAY = """
import functools, pathlib, sys, time
from benchmarks import timeline as bench
def halt(done):
    while done >= 0.5: time.sleep(1)  # else it may have ended before it is killed
bench.timeline = functools.partial(bench.timeline, progress=halt)
bench._main(pathlib.Path(sys.argv[1]), compat=False)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_run_that_is_killed_halfway_leaves_no_raster_behind(tmp_path):
    folder = bench.write_case(tmp_path, 2048)
    command = [sys.executable, "-c", HALTED_HALFWAY, str(folder)]
    running = subprocess.Popen(command, cwd=Path(bench.__file__).parents[1])
    while running.poll() is None and not list(folder.glob(".writing-*/made/*.tif")):
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    assert not (folder / "guide").exists()


@pytest.mark.skipif(bench.PEER not in os.environ, reason=f"InVEST is absent ({bench.PEER})")
def test_every_raster_equals_invests(tmp_path):
    folder = bench.write_case(tmp_path, 128)
    bench._ours(folder, "--compat")
    assert bench._theirs(folder) is not None
    assert bench.worst(folder) < 1e-5
