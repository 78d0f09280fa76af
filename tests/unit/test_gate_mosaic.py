"""Many GeoTIFFs in a zip become one raster, or none: nothing is resampled, nothing is guessed."""

import zipfile

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st

from bluecarbon_map.gate.inspect import check_file
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.problems import Severity, Verdict
from bluecarbon_map.gate.raster import inspect_raster
from bluecarbon_map.geodesy import EQUAL_AREA_CRS
from tests import rasters

STEP = 100.0
WHOLE = np.arange(1, 25, dtype=np.float32).reshape(4, 6)


@pytest.fixture
def pack(tmp_path):
    """Packs parts, name → (array, column, row, how), whose place is told in pixels of one grid."""

    def packed(parts):
        (tmp_path / "out").mkdir(exist_ok=True)
        path = tmp_path / "tiles.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, (pixels, column, row, how) in parts.items():
                place = {"west": column * STEP, "north": -row * STEP, "step": STEP, **how}
                file = rasters.written(tmp_path / "part.tif", pixels, **place)
                archive.write(file, name)
        return path

    return packed


@pytest.fixture
def look(tmp_path):
    def inspected(path, **said):
        out = tmp_path / "out" / "copy.tif"
        options = Options(kind=Kind.RASTER, **said)
        return inspect_raster(path, options, None, out, packed=True)

    return inspected


OF_THE_NUMBERS = ("unit_unstated", "may_be_classes")
"""Said of the small arrays of these tests, whether in parts or whole."""


def codes(answer):
    return [one.code for one in answer.problems if one.code not in OF_THE_NUMBERS]


def held(answer):
    with rasterio.open(answer.path) as source:
        return source.read(1)


def cut(columns, rows, **how):
    """A part of the whole, in its place."""
    return WHOLE[rows, columns], columns.start or 0, rows.start or 0, how


HALVES = {"b.tif": cut(slice(3, 6), slice(0, 4)), "a.tif": cut(slice(0, 3), slice(0, 4))}


def test_the_parts_are_the_whole(pack, look):
    answer = look(pack(HALVES))
    assert held(answer).tolist() == WHOLE.tolist()
    assert codes(answer) == ["joined"]
    assert answer.problems[0].message.startswith("2 files")
    with rasterio.open(answer.path) as copy:
        assert copy.transform == rasters.north_up(0.0, 0.0, STEP)
        assert copy.crs == EQUAL_AREA_CRS


@given(across=st.integers(1, 5), down=st.integers(1, 3))
@settings(max_examples=10, deadline=None)
def test_wherever_it_is_cut_the_whole_comes_out(tmp_path_factory, across, down):
    desk = tmp_path_factory.mktemp("cut")
    (desk / "out").mkdir()
    with zipfile.ZipFile(desk / "tiles.zip", "w") as archive:
        for number, (rows, columns) in enumerate(
            (r, c)
            for r in (slice(0, down), slice(down, 4))
            for c in (slice(0, across), slice(across, 6))
        ):
            place = {"west": columns.start * STEP, "north": -rows.start * STEP, "step": STEP}
            part = rasters.written(desk / "part.tif", WHOLE[rows, columns], **place)
            archive.write(part, f"{number}.tif")
    options, out = Options(kind=Kind.RASTER), desk / "out" / "copy.tif"
    answer = inspect_raster(desk / "tiles.zip", options, None, out, packed=True)
    assert held(answer).tolist() == WHOLE.tolist()


def test_ground_between_the_parts_is_unknown_and_no_zero(pack, look):
    parts = {"a.tif": cut(slice(0, 2), slice(0, 4)), "b.tif": cut(slice(4, 6), slice(0, 4))}
    answer = look(pack(parts))
    assert np.isnan(held(answer)[:, 2:4]).all()
    assert (answer.low, answer.high) == (1.0, 24.0)
    assert answer.nodata_share == pytest.approx(8 / 24)


def test_whole_numbers_without_a_nodata_must_cover_the_ground(pack, look):
    ones = np.ones((4, 2), dtype=np.int16)
    gap = {"a.tif": (ones, 0, 0, {}), "b.tif": (ones, 4, 0, {})}
    answer = look(pack(gap))
    assert codes(answer) == ["pixels_missing"]
    assert answer.path is None
    said = {name: (*part[:3], {"nodata": -9}) for name, part in gap.items()}
    assert held(look(pack(said)))[:, 2:4].tolist() == [[-9, -9]] * 4


def test_where_parts_overlap_the_first_by_name_counts_unless_it_has_no_value(pack, look):
    first = np.array([[1, -9, 1]], dtype=np.int16)
    second = np.array([[2, 2, 2]], dtype=np.int16)
    parts = {"b.tif": (second, 0, 0, {"nodata": -9}), "a.tif": (first, 0, 0, {"nodata": -9})}
    answer = look(pack(parts))
    assert held(answer).tolist() == [[1, 2, 1]]
    assert codes(answer) == ["parts_overlap", "joined"]
    assert "3 pixels" in answer.problems[0].message


def test_what_is_no_number_stays_unknown_where_nothing_declares_it(pack, look):
    parts = {
        "a.tif": (np.array([[1, np.nan, 3]], np.float32), 0, 0, {}),
        "b.tif": (np.array([[4, np.inf, 6]], np.float32), 3, 0, {}),
    }
    answer = look(pack(parts))
    (row,) = held(answer).tolist()
    assert [row[at] for at in (0, 2, 3, 5)] == [1, 3, 4, 6]
    assert np.isnan([row[1], row[4]]).all()
    assert (answer.low, answer.nodata_share) == (1.0, pytest.approx(2 / 6))
    assert "not_finite" in codes(answer)


def test_a_gap_that_is_not_declared_hides_no_value_of_another_part(pack, look):
    parts = {
        "a.tif": (np.array([[5, -9999, -9999]], np.float32), 0, 0, {}),
        "b.tif": (np.array([[7, 7, -9999]], np.float32), 1, 0, {}),
    }
    answer = look(pack(parts))
    assert held(answer)[0, :3].tolist() == [5, 7, 7]
    assert answer.nodata_share == pytest.approx(1 / 4)
    assert "nodata_undeclared" in codes(answer)


def test_ground_that_one_part_did_not_look_at_keeps_the_class_of_the_other(pack, look):
    parts = {
        "a.tif": (np.array([[1, 255]], np.uint8), 0, 0, {}),
        "b.tif": (np.array([[2, 2]], np.uint8), 0, 0, {}),
    }
    assert held(look(pack(parts))).tolist() == [[1, 2]]


def test_a_pixel_of_a_picture_comes_from_one_picture(pack, look):
    first = np.array([[[0, 9]], [[10, 9]], [[20, 9]]], np.uint8)
    how = {"nodata": 0, "photometric": "RGB"}
    parts = {"a.tif": (first, 0, 0, how), "b.tif": (first + 200, 0, 0, how)}
    answer = look(pack(parts))
    with rasterio.open(answer.path) as source:
        assert source.read()[:, 0, 0].tolist() == [0, 10, 20]


def test_scale_unit_and_palette_of_the_parts_are_those_of_the_whole(pack, look, tmp_path):
    path = tmp_path / "tiles.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, column in (("a.tif", 0), ("b.tif", 2)):
            part = rasters.tagged(
                tmp_path / "part.tif", np.array([[10, 20]], np.int16), scale=0.1, unit="t C/ha",
                west=column * STEP, north=0.0, step=STEP, nodata=-1,
            )  # fmt: skip
            archive.write(part, name)
    (tmp_path / "out").mkdir()
    answer = look(path)
    assert (answer.low, answer.high, answer.unit) == (pytest.approx(1), pytest.approx(2), "t C/ha")
    with rasterio.open(answer.path) as source:
        assert source.scales == (0.1,)
        assert source.read(1).tolist() == [[10, 20, 10, 20]]


def test_parts_whose_rows_run_north_fit_those_whose_rows_run_south(pack, look, tmp_path):
    path = pack({"a.tif": cut(slice(0, 3), slice(0, 4))})
    place = rasters.south_up(3 * STEP, -4 * STEP, STEP)
    north = rasters.written(tmp_path / "part.tif", WHOLE[::-1, 3:6], transform=place)
    with zipfile.ZipFile(path, "a") as archive:
        archive.write(north, "b.tif")
    assert held(look(path)).tolist() == WHOLE.tolist()


def test_files_of_two_coasts_are_not_one_raster(pack, look):
    ones = np.ones((2, 2), np.float32)
    answer = look(pack({"a.tif": (ones, 0, 0, {}), "b.tif": (ones, 5000, 5000, {})}))
    assert codes(answer) == ["parts_differ"]
    assert "far apart" in answer.problems[0].message


def test_files_of_one_name_in_two_folders_are_told_apart(pack, look):
    ones = np.ones((2, 2), np.float32)
    answer = look(pack({"东/1.tif": (ones, 0, 0, {}), "西/1.tif": (ones, 2, 0, {"step": 50.0})}))
    assert "'西/1.tif' and '东/1.tif'" in answer.problems[0].message


def test_what_lies_beside_the_tiles_is_said_to_be_not_read(pack, look):
    path = pack(HALVES)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("a.tif.aux.xml", "<PAMDataset/>")
    answer = look(path)
    assert codes(answer) == ["beside_not_read", "joined"]
    assert held(answer).tolist() == WHOLE.tolist()


def test_as_many_tiles_as_an_archive_may_hold_go_through_the_gate(pack, tmp_path):
    one = np.ones((1, 1), np.float32)
    path = pack({f"{n}.tif": (one * n, n % 20, n // 20, {}) for n in range(200)})
    found = check_file(path, "t.zip", Options(kind=Kind.RASTER), None, work=tmp_path / "out")
    assert found.verdict is not Verdict.REJECT, found.problems
    with rasterio.open(found.table) as stored:
        assert stored.read(1).tolist() == np.arange(200).reshape(10, 20).tolist()


def test_a_part_whose_pixels_cannot_be_read_is_named(pack, look, tmp_path):
    path = pack(HALVES)
    tile = rasters.written(
        tmp_path / "part.tif", np.random.default_rng(1).random((64, 64)).astype(np.float32),
        west=600.0, north=0.0, step=STEP, compress="deflate",
    )  # fmt: skip
    broken = bytearray(tile.read_bytes())
    with rasterio.open(tile) as source:
        start = int(source.get_tag_item("BLOCK_OFFSET_0_0", "TIFF", bidx=1))
    broken[start : start + 64] = b"\xff" * 64
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("c.tif", bytes(broken))
    answer = look(path)
    (error,) = [one for one in answer.problems if one.severity is Severity.ERROR]
    assert "'c.tif'" in error.message
    assert answer.path is None


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"crs": "EPSG:4549"}, "another coordinate system"),
        ({"step": 50.0}, "another size of pixels"),
        ({"step": 100.5}, "another size of pixels"),
        ({"west": 330.0}, "it lies between the pixels"),
        ({"nodata": -9}, "another nodata value"),
        ({"dtype": np.int16}, "another type of numbers"),
    ],
)
def test_what_is_no_part_of_one_raster_is_refused(pack, look, change, what):
    pixels, column, row, _ = HALVES["b.tif"]
    if "dtype" in change:
        pixels, change = pixels.astype(change["dtype"]), {}
    answer = look(pack({"a.tif": HALVES["a.tif"], "b.tif": (pixels, column, row, change)}))
    assert codes(answer) == ["parts_differ"]
    assert what in answer.problems[0].message
    assert "'b.tif'" in answer.problems[0].message
    assert answer.path is None


def test_what_is_wrong_with_one_part_is_said_of_it(pack, look, tmp_path):
    path = pack(HALVES)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("c.tif", (tmp_path / "part.tif").read_bytes()[:-40])
    answer = look(path)
    assert answer.path is None
    (error,) = [one for one in answer.problems if one.severity is Severity.ERROR]
    assert "c.tif" in error.message


def test_what_is_said_of_many_parts_alike_is_said_once(pack, look):
    two = {name: (np.stack([part[0], part[0]]), *part[1:]) for name, part in HALVES.items()}
    answer = look(pack(two))
    assert [(one.code, one.count) for one in answer.problems] == [
        ("bands_left_out", 2),
        ("joined", 1),
        ("unit_unstated", 1),
    ]
    assert held(look(pack(two), band=2)).tolist() == WHOLE.tolist()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("tiles.vrt", "is no GeoTIFF"),
        ("more.zip", "an archive in the archive"),
        ("../a.tif", "climbs out of its folder"),
    ],
)
def test_an_archive_with_something_else_in_it_is_refused(pack, look, name, reason):
    path = pack(HALVES)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"x")
    answer = look(path)
    assert codes(answer) == ["archive"]
    assert reason in answer.problems[0].message


def test_an_archive_without_a_raster_is_refused(tmp_path, look):
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("readme.txt", b"x")
    (tmp_path / "out").mkdir()
    answer = look(tmp_path / "empty.zip")
    assert [one.message for one in answer.problems] == ["there is no GeoTIFF in it"]


def test_a_zip_of_tiles_goes_through_the_whole_gate(pack, tmp_path):
    found = check_file(
        pack(HALVES), "瓦片.zip", Options(kind=Kind.RASTER), None, work=tmp_path / "out"
    )
    assert found.verdict is not Verdict.REJECT
    with rasterio.open(found.table) as stored:
        assert stored.read(1).tolist() == WHOLE.tolist()
    assert not (found.table.parent / "scratch").exists()
