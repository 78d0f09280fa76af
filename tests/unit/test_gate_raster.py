"""Rasters at the gate: what is refused, what is said, and that the copy holds the same values."""

from __future__ import annotations

import csv
import struct
import warnings

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine

from bluecarbon_map.ecosystems import code
from bluecarbon_map.errors import InputError
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.parsed import Region
from bluecarbon_map.gate.problems import verdict_of
from bluecarbon_map.gate.raster import inspect_raster
from bluecarbon_map.tables import RasterKind
from bluecarbon_map.zonal import describe
from tests import rasters

DENSITY = np.arange(12, dtype=np.float32).reshape(3, 4)
PROVINCE = Region(name_zh="浙江省", name_en="Zhejiang", outline=shapely.box(118, 27, 123, 31.2))


@pytest.fixture
def look(tmp_path):
    """Inspects a file; the copy goes to a folder of its own."""
    (tmp_path / "out").mkdir()

    def inspected(path, crs=None, region=None, band=None):
        options = Options(kind=Kind.RASTER, crs=crs, band=band)
        return inspect_raster(path, options, region, tmp_path / "out" / "copy.tif")

    return inspected


@pytest.fixture
def file(tmp_path):
    return tmp_path / "given.tif"


def codes(answer):
    """What is said, but of the numbers of these small arrays, which have no unit."""
    return [code for code in all_codes(answer) if code not in ("unit_unstated", "may_be_classes")]


def all_codes(answer):
    return [problem.code for problem in answer.problems]


def held(answer, band=1):
    with rasterio.open(answer.path) as source:
        return source.read(band, masked=True)


def test_a_sound_raster_is_copied_with_the_same_numbers(look, file):
    answer = look(rasters.written(file, DENSITY, nodata=-1.0))
    assert codes(answer) == []
    assert held(answer).tolist() == DENSITY.tolist()
    assert (answer.width, answer.height, answer.bands) == (4, 3, 1)
    assert (answer.low, answer.high, answer.nodata_share) == (0.0, 11.0, 0.0)
    assert answer.kind is RasterKind.CONTINUOUS
    assert answer.pixel_size == (100.0, 100.0)


def test_the_copy_is_cloud_optimised_and_lies_where_the_file_lay(look, file):
    large = np.arange(1_500 * 1_100, dtype=np.float32).reshape(1_500, 1_100)
    answer = look(rasters.written(file, large, north=150_000.0))
    with rasterio.open(answer.path) as copy, rasterio.open(file) as given:
        assert copy.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert copy.transform == given.transform
        assert copy.overviews(1) == [2, 4]
        assert copy.block_shapes == [(512, 512)]
    assert (held(answer) == large).all()
    assert [p.name for p in answer.path.parent.iterdir()] == ["copy.tif"]


def test_a_south_up_raster_is_turned(look, file):
    rasters.written(file, DENSITY[::-1], transform=rasters.south_up(0.0, 0.0, 100.0))
    answer = look(file)
    assert codes(answer) == []
    assert held(answer).tolist() == DENSITY.tolist()
    with rasterio.open(answer.path) as copy:
        assert copy.transform == rasters.north_up(0.0, 300.0, 100.0)


def test_a_raster_whose_columns_run_west_is_turned(look, file):
    west = Affine(-100.0, 0.0, 400.0, 0.0, -100.0, 300.0)
    answer = look(rasters.written(file, DENSITY[:, ::-1], transform=west))
    assert held(answer).tolist() == DENSITY.tolist()
    assert answer.path is not None


def test_a_rotated_raster_is_laid_north_up_and_said(look, file):
    turned = Affine.translation(0, 0) @ Affine.rotation(30) @ Affine.scale(100.0, -100.0)
    answer = look(rasters.written(file, np.full((20, 20), 7.0, np.float32), transform=turned))
    assert codes(answer)[0] == "rotated"
    values = held(answer)
    assert set(values.compressed().tolist()) == {7.0}
    # As much ground as before: 400 pixels, but for those the outline cuts.
    cell = answer.pixel_size[0] * answer.pixel_size[1]
    assert values.count() * cell == pytest.approx(400 * 100.0**2, rel=0.1)


def test_scale_and_offset_are_kept_and_applied_to_the_range(look, file):
    stored = np.array([[100, 3860]], dtype=np.uint16)
    answer = look(rasters.tagged(file, stored, scale=0.1, offset=5.0, unit="t C/ha"))
    assert codes(answer) == []
    assert (answer.low, answer.high) == pytest.approx((15.0, 391.0))
    assert held(answer).tolist() == stored.tolist()
    band = describe(answer.path)
    assert (band.scale, band.offset, band.unit) == (0.1, 5.0, "t C/ha")


@pytest.mark.parametrize("unit", ["g C/m2", "gC m⁻²", "g/m²", "g m-2", "g C m^-2", "g·m⁻²"])
def test_grams_per_square_metre_become_tonnes_per_hectare(look, file, unit):
    answer = look(rasters.tagged(file, np.array([[38_600.0]], np.float64), unit=unit))
    assert codes(answer) == ["unit_converted"]
    assert answer.unit == ("t C/ha" if "C" in unit else "t/ha")
    assert answer.high == pytest.approx(386.0)


@pytest.mark.parametrize("unit", ["Mg C ha-1", "tC/ha", "t/hm²", "m", "W/m2", "g C/m2/yr", None])
def test_a_unit_that_needs_no_change_is_left(look, file, unit):
    answer = look(rasters.tagged(file, np.array([[38.6]], np.float64), unit=unit))
    assert codes(answer) == []
    assert (answer.high, answer.unit) == (38.6, unit)


def test_a_density_in_another_unit_is_asked_and_left(look, file):
    answer = look(rasters.tagged(file, np.array([[38.6]], np.float64), unit="kg/ha"))
    assert codes(answer) == ["unit_unknown"]
    assert answer.high == 38.6


def test_a_negative_density_is_said_to_be_none(look, file):
    pixels = np.array([[-1.0, 4.0, 5.0]], np.float32)
    answer = look(rasters.tagged(file, pixels, unit="t C/ha"))
    assert codes(answer) == ["density_negative"]
    assert "-1 t C/ha" in answer.problems[0].message
    declared = rasters.tagged(file, pixels, unit="t C/ha", nodata=-1.0)
    assert codes(look(declared)) == []
    assert codes(look(rasters.tagged(file, pixels, unit="m"))) == []


@pytest.mark.parametrize(
    ("unit", "becomes"), [("kg m-2", "t/ha"), ("kg/m²", "t/ha"), ("kg C/m2", "t C/ha")]
)
def test_kilograms_per_square_metre_become_tonnes_per_hectare(look, file, unit, becomes):
    answer = look(rasters.tagged(file, np.array([[38.6]], np.float64), unit=unit))
    assert codes(answer) == ["unit_converted"]
    assert (answer.unit, answer.high) == (becomes, pytest.approx(386.0))
    band = describe(answer.path)
    assert held(answer)[0, 0] * band.scale + band.offset == pytest.approx(386.0)


def test_gaps_that_were_not_declared_are_declared_in_the_copy(look, file):
    answer = look(rasters.written(file, np.array([[-9999.0, 4.0, 6.0]], np.float32)))
    assert codes(answer) == ["nodata_undeclared"]
    assert (answer.low, answer.high, answer.nodata) == (4.0, 6.0, -9999.0)
    assert answer.nodata_share == pytest.approx(1 / 3)
    assert held(answer).compressed().tolist() == [4.0, 6.0]


@pytest.mark.parametrize(
    ("gap", "dtype"),
    [(-99, "float32"), (-999, "int16"), (-99999, "float64"), (-2147483648, "int32")],
)
def test_every_number_that_stands_for_no_data_in_a_table_does_in_a_raster(look, file, gap, dtype):
    answer = look(rasters.written(file, np.array([[gap, 0, 4, 6]], dtype)))
    assert codes(answer) == ["nodata_undeclared"]
    assert (answer.low, answer.high, answer.nodata) == (0.0, 6.0, gap)
    assert held(answer).compressed().tolist() == [0, 4, 6]


def test_a_depth_of_the_sea_among_others_is_no_gap(look, file):
    answer = look(rasters.written(file, np.array([[-99.0, -98.5, -60.0, 3.0]], np.float32)))
    assert codes(answer) == []
    assert (answer.low, answer.high) == (-99.0, 3.0)
    assert held(answer).compressed().tolist() == [-99.0, -98.5, -60.0, 3.0]


def test_what_is_not_finite_is_counted_and_left_out(look, file):
    pixels = np.array([[np.nan, np.inf, -np.inf, 4.0, 5.0, 6.0]], np.float32)
    answer = look(rasters.written(file, pixels))
    assert codes(answer) == ["not_finite"]
    assert "1 pixels are not a number and 2 are infinite" in answer.problems[0].message
    assert held(answer).compressed().tolist() == [4.0, 5.0, 6.0]


def test_a_nodata_of_zero_may_be_a_true_value(look, file):
    answer = look(rasters.written(file, np.array([[0.0, 4.0, 5.0]], np.float32), nodata=0.0))
    assert codes(answer) == ["nodata_share"]
    assert "33.3%" in answer.problems[0].message


def test_a_raster_of_nothing_but_gaps_is_refused(look, file):
    answer = look(rasters.written(file, np.full((2, 2), -1.0, np.float32), nodata=-1.0))
    assert codes(answer) == ["no_values"]
    assert answer.path is None


def test_bytes_that_are_all_codes_are_classes(look, file):
    pixels = np.array([[code("mangrove"), code("salt_marsh"), 0, 255]], np.uint8)
    answer = look(rasters.written(file, pixels))
    assert (answer.kind, answer.nodata, answer.problems) == (RasterKind.CLASSES, 255.0, ())
    assert (answer.nodata_share, answer.low) == (0.25, None)


def test_a_palette_with_unknown_numbers_is_said(look, file):
    rasters.written(file, np.array([[1, 200, 201]], np.uint8), nodata=255)
    with rasterio.open(file, "r+") as source:
        source.write_colormap(1, {1: (0, 0, 0, 255), 200: (9, 9, 9, 255)})
    answer = look(file)
    assert codes(answer) == ["class_codes_unknown"]
    assert "200, 201" in answer.problems[0].message
    with rasterio.open(answer.path) as copy:
        assert copy.colormap(1)[200] == (9, 9, 9, 255)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.int32])
def test_few_whole_numbers_without_a_unit_may_be_classes(look, file, dtype):
    answer = look(rasters.written(file, np.array([[1, 2, 3, 3]] * 3, dtype) + 20, nodata=0))
    assert all_codes(answer) == ["may_be_classes"]
    (problem,) = answer.problems
    assert verdict_of(answer.problems) == "warn"
    assert "3 different whole numbers (21, 22, 23)" in problem.message
    assert "numbers of the vocabulary" in problem.fix
    assert "state their unit" in problem.fix
    assert answer.kind is RasterKind.CONTINUOUS


@pytest.mark.parametrize(("numbers", "said"), [(40, True), (41, False)])
def test_many_whole_numbers_are_amounts(look, file, numbers, said):
    pixels = np.arange(numbers * 3, dtype=np.int32).reshape(3, -1) % numbers + 300
    assert ("may_be_classes" in all_codes(look(rasters.written(file, pixels)))) == said


def test_whole_numbers_with_a_unit_or_a_scale_are_amounts(look, file):
    few = np.array([[21, 22, 23]] * 3, np.uint8)
    assert look(rasters.tagged(file, few, unit="t C/ha")).problems == ()
    assert all_codes(look(rasters.tagged(file, few, scale=0.1))) == ["unit_unstated"]


def test_measured_values_without_a_unit_are_told_so_without_a_decision(look, file):
    (problem,) = look(rasters.written(file, DENSITY)).problems
    assert (problem.code, problem.severity) == ("unit_unstated", "info")
    assert look(rasters.tagged(file, DENSITY, unit="t C/ha")).problems == ()


def test_a_picture_is_said_to_be_one_and_stays_one(look, file):
    picture = np.stack([np.full((2, 2), value, np.uint8) for value in (10, 20, 30)])
    answer = look(rasters.written(file, picture, photometric="RGB"))
    assert codes(answer) == ["photo"]
    assert describe(answer.path).photo
    assert held(answer, 3).tolist() == [[30, 30], [30, 30]]


def test_of_several_bands_the_first_is_kept(look, file):
    answer = look(rasters.written(file, np.stack([DENSITY, DENSITY * 2])))
    assert codes(answer) == ["bands_left_out"]
    assert held(answer).tolist() == DENSITY.tolist()


def test_the_band_that_is_named_is_kept_with_what_it_says_of_itself(look, file):
    path = rasters.written(file, np.stack([DENSITY, DENSITY * 2]))
    with rasterio.open(path, "r+") as source:
        source.scales, source.units = (1.0, 0.5), ("m", "t C/ha")
    answer = look(path, band=2)
    assert codes(answer) == ["band_kept"]
    assert held(answer).tolist() == (DENSITY * 2).tolist()
    assert (answer.bands, answer.unit) == (2, "t C/ha")
    assert (answer.low, answer.high) == (DENSITY.min(), DENSITY.max())
    assert rasterio.open(answer.path).count == 1


def test_a_band_of_what_is_no_raster_is_refused():
    with pytest.raises(InputError, match="only a raster has bands"):
        Options(kind=Kind.HABITATS, band=2)


@pytest.mark.parametrize("band", [0, -1, 3])
def test_a_band_that_is_not_there_is_refused(look, file, band):
    answer = look(rasters.written(file, np.stack([DENSITY, DENSITY])), band=band)
    assert codes(answer) == ["band_missing"]
    assert answer.path is None


def test_a_colour_of_a_picture_is_no_measurement(look, file):
    picture = np.full((3, 2, 2), 9, np.uint8)
    answer = look(rasters.written(file, picture, photometric="RGB"), band=2)
    assert codes(answer) == ["photo", "band_of_picture"]
    assert answer.path is None


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"crs": None}, "crs_missing"),
        ({"crs": "EPSG:4610", "west": 121.2, "north": 28.3, "step": 0.01}, "crs_mismatch"),
        ({"crs": "EPSG:4326", "west": 323_600.0}, "crs_mismatch"),
    ],
)
def test_a_raster_that_does_not_say_where_it_lies_is_refused(look, file, how, reason):
    answer = look(rasters.written(file, DENSITY, **how))
    assert codes(answer) == [reason]
    assert answer.path is None


def test_a_raster_without_a_place_is_refused(look, file):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        rasters.written(file, DENSITY, crs=None, transform=Affine.identity())
    assert codes(look(file, crs="EPSG:4490")) == ["no_place"]


def test_the_system_that_the_user_names_is_written_into_the_copy(look, file):
    place = {"crs": None, "west": 400_000.0, "north": 3_100_000.0}
    answer = look(rasters.written(file, DENSITY, **place), crs="EPSG:4549")
    assert codes(answer) == []
    assert answer.crs == "EPSG:4549"
    with rasterio.open(answer.path) as copy:
        assert copy.crs.to_epsg() == 4549


def test_a_raster_elsewhere_is_said_to_be_so(look, file):
    here = rasters.written(file, DENSITY, crs="EPSG:4490", west=121.0, north=29.0, step=0.01)
    assert codes(look(here, region=PROVINCE)) == []
    away = rasters.written(file, DENSITY, crs="EPSG:4490", west=10.0, north=29.0, step=0.01)
    assert codes(look(away, region=PROVINCE)) == ["outside_region"]


def test_what_lies_beside_the_file_is_not_read(look, file):
    rasters.written(file, DENSITY)
    xml = (
        "<PAMDataset><PAMRasterBand band='1'><NoDataValue>3</NoDataValue><Scale>7</Scale>"
        "</PAMRasterBand></PAMDataset>"
    )
    file.with_name("given.tif.aux.xml").write_text(xml, encoding="utf-8")
    rasters.written(file.with_name("given.tif.msk"), np.zeros((3, 4), np.uint8))
    answer = look(file)
    assert (answer.high, answer.nodata_share, codes(answer)) == (11.0, 0.0, [])


def test_a_file_that_is_cut_off_is_refused(look, file):
    rasters.written(file, np.random.default_rng(0).random((300, 300)))
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    answer = look(file)
    assert verdict_of(answer.problems) == "reject"
    assert answer.path is None


def test_blocks_that_hold_nothing_are_no_zeros(look, file):
    empty = {"width": 64, "height": 64, "count": 1, "dtype": "float32", "crs": "EPSG:4490"}
    place = rasters.north_up(121.0, 29.0, 0.001)
    with rasterio.open(
        file, "w", driver="GTiff", transform=place, sparse_ok=True, tiled=True, blockxsize=32,
        blockysize=32, **empty,
    ) as source:  # fmt: skip
        source.write(np.ones((1, 32, 32), np.float32), window=((0, 32), (0, 32)))
    answer = look(file)
    assert codes(answer) == ["pixels_missing"]
    assert "3 of 4 blocks" in answer.problems[0].message


def test_a_chain_of_directories_that_bites_its_tail_is_said(look, file):
    rasters.written(file, DENSITY)
    content = bytearray(file.read_bytes())
    start = struct.unpack("<I", content[4:8])[0]
    entries = struct.unpack("<H", content[start : start + 2])[0]
    link = start + 2 + 12 * entries
    content[link : link + 4] = struct.pack("<I", start)
    file.write_bytes(bytes(content))
    answer = look(file)
    assert codes(answer) == ["directory_loop"]
    assert held(answer).tolist() == DENSITY.tolist()


def test_a_file_of_4_gigabytes_and_more_in_kind_is_read_too(look, file):
    answer = look(rasters.written(file, DENSITY, bigtiff="YES"))
    assert codes(answer) == []


def test_every_bad_raster_of_the_corpus_gets_its_verdict(shared, look):
    with (shared / "badinputs" / "manifest.csv").open(encoding="utf-8-sig", newline="") as table:
        expected = {
            row["file"]: row["expect"]
            for row in csv.DictReader(table)
            if row["file"].startswith("tif/")
        }
    assert len(expected) == 20
    found = {
        name: str(verdict_of(look(shared / "badinputs" / name, region=PROVINCE).problems))
        for name in expected
    }
    assert found == expected
