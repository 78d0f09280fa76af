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


def codes(answer):
    return [problem.code for problem in answer.problems]


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


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"crs": "EPSG:4549"}, "another coordinate system"),
        ({"step": 50.0}, "another size of pixels"),
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
