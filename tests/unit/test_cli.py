"""The command line as others rely on it: JSON, exit codes, refusals."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner

from bluecarbon_map.cli import main
from bluecarbon_map.geodesy import EQUAL_AREA_CRS
from tests.builders import EAST, WEST, box, habitats, write, zones

BAD = Path(__file__).resolve().parents[1] / "data" / "badinputs"
CODES = ["EPSG:4490", "EPSG:4549", "EPSG:4528", "EPSG:4326"]


def run(*args):
    """Run a command; whatever it does, it must not end in a traceback."""
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.stderr
    return result


def read(*args):
    """The one JSON object of a command that did its work, numbers as they are printed."""
    result = run(*args, "--json")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout, parse_float=Decimal)


def refused(*args):
    """The message of a command that refused, the same on stderr and in the JSON object."""
    result = run(*args, "--json")
    assert result.exit_code == 1, result.stdout
    error = json.loads(result.stdout)["error"]
    assert error["message"] in result.stderr
    return error


def areas(body):
    return {(row["zone_id"], row["ecosystem"]): row["area_ha"] for row in body["rows"]}


# --- summarize ----------------------------------------------------------------------------------


def test_the_same_ground_has_the_same_area_in_every_crs_and_format(layer_files):
    first = areas(read("summarize", *layer_files()))
    for code in CODES:
        for suffix in (".gpkg", ".geojson", ".shp", ".parquet"):
            other = areas(read("summarize", *layer_files(code, suffix)))
            assert other.keys() == first.keys()
            for key, area_ha in first.items():
                assert float(other[key]) == pytest.approx(float(area_ha), rel=1e-6), (code, suffix)


def test_habitats_and_zones_may_lie_in_different_systems(layer_files, tmp_path):
    mine, areas_file = layer_files()
    other = write(zones("EPSG:4549"), tmp_path / "other.gpkg")
    same, mixed = (areas(read("summarize", mine, z)) for z in (areas_file, other))
    assert all(float(mixed[k]) == pytest.approx(float(same[k]), rel=1e-6) for k in same)


def test_the_json_keeps_its_contract(layer_files):
    body = read("summarize", *layer_files())
    assert {"rows", "totals", "overlap_ha", "outside_ha", "unvalued_ha"} <= set(body)
    assert {"area_ha", "stock_t_c", "stock_t_co2e"} <= set(body["totals"])
    promised = {
        "zone_id", "zone_name", "ecosystem", "area_ha", "stock_t_c", "stock_t_c_low",
        "stock_t_c_high", "stock_t_co2e", "sequestration_t_c_yr", "factor_id", "tier",
    }  # fmt: skip
    assert all(promised <= set(row) for row in body["rows"])
    flat = next(row for row in body["rows"] if row["ecosystem"] == "tidal_flat")
    assert flat["zone_name"] == "玉环市"
    unknown = promised - {"zone_id", "zone_name", "ecosystem", "area_ha"}
    assert {flat[key] for key in unknown} == {None}
    mangrove = next(row for row in body["rows"] if row["ecosystem"] == "mangrove")
    assert mangrove["tier"] == 3
    assert mangrove["stock_t_c_low"] < mangrove["stock_t_c"] < mangrove["stock_t_c_high"]
    assert "0-100" not in mangrove["factor_id"]


def test_carbon_is_area_times_the_coefficient_and_carbon_dioxide_44_twelfths_of_it(layer_files):
    body = read("summarize", *layer_files())
    row = next(row for row in body["rows"] if row["ecosystem"] == "mangrove")
    by_hand_t_c = float(row["area_ha"]) * 116.35
    assert float(row["stock_t_c"]) == pytest.approx(by_hand_t_c, abs=1e-5)
    assert float(row["stock_t_co2e"]) == pytest.approx(by_hand_t_c * 44 / 12, abs=1e-5)


def test_rows_add_up_to_the_totals_to_the_printed_digit(layer_files):
    body = read("summarize", *layer_files())
    for column in ("area_ha", "stock_t_c", "stock_t_co2e", "sequestration_t_c_yr"):
        known = [row[column] for row in body["rows"] if row[column] is not None]
        assert sum(known) == body["totals"][column], column
    outside = [row["area_ha"] for row in body["rows"] if row["zone_id"] == "(outside)"]
    assert sum(outside) == body["outside_ha"]
    flat = [row["area_ha"] for row in body["rows"] if row["ecosystem"] == "tidal_flat"]
    assert sum(flat) == body["unvalued_ha"]
    assert sum(row["unvalued_ha"] for row in body["rows"]) == body["unvalued_ha"]


def test_ground_in_no_zone_is_kept(layer_files):
    got = areas(read("summarize", *layer_files()))
    inside, outside = got[EAST, "tidal_flat"], got["(outside)", "tidal_flat"]
    assert float(outside / inside) == pytest.approx(2.0, rel=1e-6)


def test_a_drawn_zone_equal_to_a_county_gives_the_countys_number(layer_files, tmp_path):
    mine, counties = layer_files()
    drawn = zones().iloc[:1].assign(zone_id="drawn")
    alone = areas(read("summarize", mine, write(drawn, tmp_path / "drawn.geojson")))
    for (zone, ecosystem), area_ha in areas(read("summarize", mine, counties)).items():
        if zone == WEST:
            assert alone["drawn", ecosystem] == area_ha


def test_a_zone_cut_in_two_sums_to_the_whole(layer_files, tmp_path):
    mine, counties = layer_files()
    plane = zones().to_crs(EQUAL_AREA_CRS)
    whole = plane.geometry.iloc[1]
    west, south, east, north = whole.bounds
    halves = [
        shapely.intersection(whole, shapely.box(west, south, (2 * west + east) / 3, north)),
        shapely.intersection(whole, shapely.box((2 * west + east) / 3, south, east, north)),
    ]
    cut = gpd.GeoDataFrame({"zone_id": ["a", "b"]}, geometry=halves, crs=EQUAL_AREA_CRS)
    path = write(cut.to_crs("EPSG:4490"), tmp_path / "cut.gpkg")
    parts = [row for row in read("summarize", mine, path)["rows"] if row["zone_id"] != "(outside)"]
    county = [row for row in read("summarize", mine, counties)["rows"] if row["zone_id"] == EAST]
    for column in ("area_ha", "stock_t_c", "stock_t_co2e", "sequestration_t_c_yr"):
        sums = [
            float(sum(row[column] for row in rows if row[column] is not None))
            for rows in (parts, county)
        ]
        assert sums[0] == pytest.approx(sums[1], rel=1e-9), column


def test_ground_claimed_twice_counts_once_for_the_first_in_priority(layer_files):
    mangrove, flat = box(121.02, 28.02, 121.04, 28.03), box(121.03, 28.02, 121.05, 28.03)
    lone = habitats(patches={"f": ("tidal_flat", None, flat), "m": ("mangrove", None, mangrove)})
    result = run("summarize", *layer_files(habitats=lone), "--json")
    body = json.loads(result.stdout)
    got = areas(body)
    one_ha = shapely.area(lone.to_crs(EQUAL_AREA_CRS).geometry.to_numpy())[0] / 2e4
    assert body["overlap_ha"] == pytest.approx(one_ha, rel=1e-6)
    assert got[WEST, "mangrove"] == pytest.approx(2 * one_ha, rel=1e-6)
    assert got[WEST, "tidal_flat"] == pytest.approx(one_ha, rel=1e-6)
    assert "overlap on" in result.stderr


@pytest.mark.parametrize("times", [2, 5])
def test_the_same_patch_twice_is_one_patch(layer_files, times):
    shape = box(121.02, 28.02, 121.03, 28.03)
    once = areas(
        read("summarize", *layer_files(habitats=habitats(patches={"0": ("mangrove", None, shape)})))
    )
    many = habitats(patches={str(n): ("mangrove", None, shape) for n in range(times)})
    body = read("summarize", *layer_files(habitats=many))
    assert areas(body) == once
    assert float(body["overlap_ha"]) == pytest.approx(
        (times - 1) * float(once[WEST, "mangrove"]), rel=1e-6
    )


def test_everything_outside_is_still_a_result(layer_files):
    far = habitats(patches={"m": ("mangrove", None, box(122, 29, 122.01, 29.01))})
    body = read("summarize", *layer_files(habitats=far))
    said = run("summarize", *layer_files(habitats=far), "--json").stderr
    assert "no habitat lies in any zone: check the coordinate systems" in said
    assert "in any zone" not in run("summarize", *layer_files(), "--json").stderr
    assert [row["zone_id"] for row in body["rows"]] == ["(outside)"]
    assert body["outside_ha"] == body["totals"]["area_ha"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".gpkg", ".geojson", ".parquet"])
def test_a_file_holds_the_rows_of_the_json(layer_files, tmp_path, suffix):
    out = tmp_path / f"out{suffix}"
    result = run("summarize", *layer_files(), "--out", out)
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"written: {out}" in result.stderr
    if suffix == ".csv":
        with out.open(encoding="utf-8-sig", newline="") as file:
            table = list(csv.DictReader(file))
        body = read("summarize", *layer_files())
        assert [Decimal(row["area_ha"]) for row in table] == [r["area_ha"] for r in body["rows"]]
    elif suffix in {".gpkg", ".geojson"}:
        assert set(gpd.read_file(out)["zone_id"]) == {WEST, EAST, "(outside)"}


def test_an_export_names_its_two_files_without_their_folders(layer_files, tmp_path):
    mine, counties = layer_files()
    out = tmp_path / "out.geojson"
    assert run("summarize", mine, counties, "--out", out).exit_code == 0
    text = out.read_text(encoding="utf-8")
    assert json.loads(text)["notes"][:2] == [
        f"生境 / habitats: {Path(mine).name}", f"分区 / zones: {Path(counties).name}",
    ]  # fmt: skip
    assert str(tmp_path) not in text


def test_the_json_names_every_coefficient_with_the_interval_as_used(layer_files):
    factors = read("summarize", *layer_files())["factors"]
    mangrove = next(f for f in factors if (f["ecosystem"], f["role"]) == ("mangrove", "stock"))
    assert float(mangrove["value"]) == 116.35
    assert float(mangrove["low"]) == pytest.approx(61.40, abs=0.005)
    assert (mangrove["interval_kind"], mangrove["clipped"]) == ("borrowed SD", False)
    assert mangrove["borrowed_from"].endswith("kandelia-obovata-soil-0-100cm-stock")
    rate = next(f for f in factors if (f["ecosystem"], f["role"]) == ("mangrove", "sequestration"))
    assert rate["fell_back"]["en"] == "no provincial value: global value used"
    assert {f["role"] for f in factors} == {"stock", "sequestration"}


def test_own_coefficients_are_named_in_the_rows(layer_files, tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text("生态系统,碳密度\n红树林,100\n", encoding="gb18030")
    body = read("summarize", *layer_files(), "--factors", mine)
    row = next(row for row in body["rows"] if row["ecosystem"] == "mangrove")
    assert row["factor_id"] == "user:2"
    assert float(row["stock_t_c"]) == pytest.approx(100 * float(row["area_ha"]), abs=1e-5)
    assert (row["stock_t_c_low"], row["tier"]) == (None, None)
    marsh = next(row for row in body["rows"] if row["ecosystem"] == "salt_marsh")
    assert marsh["stock_t_c"] is None


# --- refusals of summarize ----------------------------------------------------------------------


def test_a_refusal_names_file_rows_column_reason_and_way_out(layer_files):
    mine = habitats()
    mine.loc[1, "ecosystem"] = "tundra"
    files = layer_files(habitats=mine)
    error = refused("summarize", *files)
    assert error["kind"] == "UnknownEcosystemError"
    assert (error["where"], error["rows"], error["column"]) == (str(files[0]), ["2"], "ecosystem")
    assert error["reason"] == "tundra names no ecosystem"
    assert error["fix"].startswith("Use names such as mangrove")


def test_overlapping_zones_are_refused_with_their_file_and_names(layer_files):
    both = zones().set_geometry([box(121, 28, 121.11, 28.1), box(121.1, 28, 121.2, 28.1)], crs=4490)
    files = layer_files(zones=both)
    error = refused("summarize", *files)
    assert (error["kind"], error["where"]) == ("ZoneOverlapError", str(files[1]))
    assert error["rows"] == [WEST, EAST]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("ecosystem,c_t_ha\ntundra,5\n", "rows 2: 'tundra' names no ecosystem"),
        ("ecosystem,c_t_ha\nmangrove,a lot\n", "rows 2: 'a lot' is not a number"),
        ("ecosystem\nmangrove\n", "no column for the density"),
        ("", "there is no row in it"),
        ("=1,2\n", "no column for the ecosystem"),
    ],
)
def test_a_bad_file_of_coefficients_is_refused(layer_files, tmp_path, body, message):
    path = tmp_path / "mine.csv"
    path.write_text(body)
    assert message in refused("summarize", *layer_files(), "--factors", path)["message"]


def test_an_unknown_set_of_coefficients_is_refused_with_the_sets_there_are(layer_files):
    assert "zhejiang" in refused("summarize", *layer_files(), "--factors", "none")["message"]


@pytest.mark.parametrize("out", ["out.doc", "no/such/folder/out.csv"])
def test_a_file_that_cannot_be_written_is_refused_and_nothing_is_left(layer_files, tmp_path, out):
    files = layer_files()
    before = sorted(tmp_path.iterdir())
    error = refused("summarize", *files, "--out", tmp_path / out)
    assert error["kind"] == "InputError"
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("which", [0, 1])
def test_an_input_is_never_overwritten_by_its_result(layer_files, which):
    files = layer_files()
    body = files[which].read_bytes()
    assert "one of the input files" in refused("summarize", *files, "--out", files[which])["reason"]
    assert files[which].read_bytes() == body


def test_a_refusal_writes_no_file(layer_files, tmp_path):
    files = layer_files(habitats=habitats().assign(ecosystem="tundra"))
    assert run("summarize", *files, "--out", tmp_path / "out.csv").exit_code == 1
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["summarize"],
        ["summarize", "a.gpkg", "b.gpkg"],
        ["summarize", "a.gpkg", "b.gpkg", "--out", "."],
        ["summary"],
        ["summary", "--json", "--level", "village"],
        ["summary", "--json", "--as-of", "yesterday"],
        ["progress", "--as-of", "2025-02-30"],
        ["app", "--port", "x"],
        ["nothing"],
        ["progress", "--nothing"],
    ],
)
def test_wrong_usage_ends_with_2(args):
    result = run(*args)
    assert result.exit_code == 2
    assert "Usage: " in result.stderr + result.stdout


# --- the sweep ----------------------------------------------------------------------------------


WITHOUT_SHAPEFILE = {"bomb_nested.zip", "encrypted.zip", "not_a_zip.zip", "vrt_inside.zip"}
"""Archives that there is nothing to unpack from."""


def _layers(folder):
    """Names of the files that may be layers: tables and pictures are another command's."""
    files = (p for kind in ("geojson", "gpkg", "shp") for p in (folder / kind).iterdir())
    return sorted(str(p.relative_to(folder)) for p in files if p.name not in WITHOUT_SHAPEFILE)


@pytest.fixture
def listener(monkeypatch):
    """A proxy that hears any request that leaves, of Python or of GDAL."""
    import socket

    heard = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{heard.getsockname()[1]}"
    for name in ("http_proxy", "https_proxy", "GDAL_HTTP_PROXY", "GDAL_HTTPS_PROXY"):
        monkeypatch.setenv(name, address)

    def loud(*args, **kwargs):
        raise AssertionError("a request leaves")

    monkeypatch.setattr(socket.socket, "connect", loud)
    monkeypatch.setattr(socket, "getaddrinfo", loud)
    yield heard
    heard.setblocking(False)
    with pytest.raises(BlockingIOError):
        heard.accept()
    heard.close()


def _unpacked(path, folder):
    """The shapefile of a zip, or the file itself."""
    import zipfile

    if path.suffix != ".zip":
        return path
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if Path(member.filename).suffix in {".shp", ".shx", ".dbf", ".prj", ".cpg"} and not (
                member.flag_bits & 1
            ):
                (folder / Path(member.filename).name).write_bytes(archive.read(member))
    return min(folder.glob("*.shp"))


def _try_both_ways(path, tmp_path):
    mine = write(habitats(), tmp_path / "good_habitats.gpkg")
    counties = write(zones(), tmp_path / "good_zones.gpkg")
    as_habitats = ["summarize", path, counties, "--ecosystem-column", "habitat"]
    as_zones = ["summarize", mine, path, "--zone-column", "site_id"]
    for args in (as_habitats, as_zones, [*as_habitats, "--repair"], [*as_zones, "--repair"]):
        result = run(*args, "--json")
        assert result.exit_code in {0, 1}
        body = json.loads(result.stdout)
        assert ("error" in body) == (result.exit_code == 1)
        if result.exit_code == 1:
            assert Path(body["error"]["where"]).name == path.name
            assert body["error"]["fix"]


@pytest.mark.timeout(120, method="thread")
@pytest.mark.parametrize("name", _layers(BAD))
def test_a_bad_file_ends_in_a_result_or_a_message(name, tmp_path, listener):
    path = _unpacked(BAD / name, tmp_path)
    _try_both_ways(path, tmp_path)
