"""What a file draws: needed of map layers and sites, left out of tables, never lost in silence."""

import json
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from bluecarbon_map.cli import main
from bluecarbon_map.gate import cut_names
from bluecarbon_map.gate.findings import Findings
from bluecarbon_map.gate.inspect import check_file
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.parsed import Parsed
from bluecarbon_map.gate.problems import Severity, Verdict
from bluecarbon_map.gate.sandbox import Nursery
from bluecarbon_map.gate.take_in import rows_of
from bluecarbon_map.gate.wanted import Wanted
from tests import builders

POINT = shapely.Point(121.2, 28.35)
ROWS = {
    Kind.CORES: {
        "study_id": "甲", "core_id": "C1", "depth_min_cm": 0.0, "depth_max_cm": 10.0,
        "dry_bulk_density_g_cm3": 0.9, "fraction_carbon": 0.02,
    },
    Kind.PROJECTS: builders.project("new", accepted=5.0, accepted_on="2024-03-01"),
    Kind.TRANSACTIONS: {"transaction_id": "T1", "t_co2e": 12.5, "traded_on": "2024-03-01",
                        "kind": "成交"},
    Kind.HARVESTS: {"harvest_id": "H1", "zone_id": "330382", "species": "海带", "wet_t": 12.5,
                    "harvested_on": "2024"},
}  # fmt: skip


@pytest.fixture(scope="module")
def nursery():
    with Nursery() as made:
        yield made


@pytest.fixture
def check(nursery, tmp_path):
    def checked(path, kind, **said):
        said.setdefault("source", "测试")
        return check_file(
            path, path.name, Options(kind=kind, **said), None, work=tmp_path, nursery=nursery
        )

    return checked


def layer(folder, suffix, rows, shapes, crs="EPSG:4490"):
    """A map layer of rows with their shapes, some or all of them missing."""
    if suffix == "geojson":
        features = [
            {"type": "Feature", "properties": row,
             "geometry": None if shape is None else json.loads(shapely.to_geojson(shape))}
            for row, shape in zip(rows, shapes, strict=True)
        ]  # fmt: skip
        path = folder / "rows.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return path
    return builders.write(gpd.GeoDataFrame(rows, geometry=shapes, crs=crs), folder / "rows.gpkg")


def codes(said):
    return [one.code for one in said.problems]


@pytest.mark.parametrize("suffix", ["gpkg", "geojson"])
@pytest.mark.parametrize("kind", ROWS)
def test_rows_of_a_table_need_no_geometry(check, tmp_path, kind, suffix):
    said = check(layer(tmp_path, suffix, [ROWS[kind]], [None]), kind)
    assert said.verdict is Verdict.ACCEPT, said.problems
    assert {"geometry_missing", "no_rows", "geometry_unused"}.isdisjoint(codes(said))
    assert len(rows_of(said)) == said.rows == 1


def test_what_a_table_draws_is_left_out_and_said(check, tmp_path):
    away = shapely.Point(10.0, 50.0)
    rows = [ROWS[Kind.HARVESTS], ROWS[Kind.HARVESTS] | {"harvest_id": "H2"}]
    said = check(layer(tmp_path, "gpkg", rows, [away, None], crs="EPSG:4214"), Kind.HARVESTS)
    assert said.verdict is Verdict.ACCEPT, said.problems
    (told,) = [one for one in said.problems if one.code == "geometry_unused"]
    assert (told.severity, told.count) == (Severity.INFO, 1)
    assert said.rows == 2


@pytest.mark.parametrize("suffix", ["gpkg", "geojson"])
@pytest.mark.parametrize(
    "shapes", [[POINT, POINT], [None, None], [shapely.LineString([(121, 28), (121, 29)]), None]]
)
def test_habitats_without_any_outline_are_refused_with_a_way_out(check, tmp_path, shapes, suffix):
    rows = [{"habitat_id": name, "ecosystem": "mangrove"} for name in "ab"]
    said = check(layer(tmp_path, suffix, rows, shapes), Kind.HABITATS)
    assert said.verdict is Verdict.REJECT
    assert said.table is None
    told = said.problems[0]
    assert (told.code, told.severity, told.count) == ("no_rows", Severity.ERROR, 2)
    assert "import points as sites" in told.fix


def test_the_command_says_by_its_exit_that_nothing_would_be_stored(tmp_path):
    path = layer(tmp_path, "geojson", [{"habitat_id": "a", "ecosystem": "mangrove"}], [POINT])
    assert CliRunner().invoke(main, ["check", str(path), "--kind", "habitats"]).exit_code == 1


def test_one_outline_among_points_is_enough(check, tmp_path):
    rows = [{"habitat_id": name, "ecosystem": "mangrove"} for name in "ab"]
    shapes = [POINT, shapely.box(121.2, 28.35, 121.21, 28.36)]
    said = check(layer(tmp_path, "gpkg", rows, shapes), Kind.HABITATS)
    assert said.verdict is Verdict.WARN
    assert said.rows == 1


def test_sites_without_any_position_are_refused(check, tmp_path):
    rows = [{"site_id": name, "ecosystem": "mangrove"} for name in "ab"]
    said = check(layer(tmp_path, "gpkg", rows, [None, None]), Kind.SITES)
    assert said.verdict is Verdict.REJECT
    assert said.problems[0].code == "no_rows"


def test_positions_at_the_origin_stay_a_warning_that_says_nothing_is_stored(check, tmp_path):
    rows = [{"site_id": "a", "ecosystem": "mangrove"}]
    said = check(layer(tmp_path, "gpkg", rows, [shapely.Point(0, 0)]), Kind.SITES)
    assert said.verdict is Verdict.WARN
    assert {"null_island", "no_rows"} <= set(codes(said))


def zipped(folder, rows, **how):
    """A zipped shapefile of rows at one point."""
    layer = gpd.GeoDataFrame(rows, geometry=[POINT] * len(rows), crs="EPSG:4490")
    (folder / "shape").mkdir()
    layer.to_file(folder / "shape" / "rows.shp", engine="pyogrio", **how)
    with zipfile.ZipFile(folder / "rows.zip", "w") as archive:
        for file in sorted((folder / "shape").iterdir()):
            archive.write(file, file.name)
    return folder / "rows.zip"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ROWS)
def test_names_that_a_shapefile_cuts_are_known_by_their_beginning(check, tmp_path, kind):
    said = check(zipped(tmp_path, [ROWS[kind]]), kind)
    assert said.verdict is not Verdict.REJECT, said.problems
    row = rows_of(said).iloc[0]
    long = [name for name in ROWS[kind] if len(name) > 10 and row[name] is not None]
    assert long
    for name in long:
        assert said.mapping[name] == name[:10]
        told = [one for one in said.problems if one.column == name[:10]]
        assert [(one.code, one.severity) for one in told] == [("column_cut", Severity.INFO)]
    whole = check(layer(tmp_path, "geojson", [ROWS[kind]], [None]), kind)
    given = [name for name in ROWS[kind] if ROWS[kind][name] is not None]
    assert row[given].tolist() == rows_of(whole).iloc[0][given].tolist()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
def test_chinese_names_are_cut_between_bytes(check, tmp_path, encoding):
    row = {"编号": "T1", "成交量": 12.5, "成交日期": "2024-03-01", "交易类型": "成交",
           "购买用途说明书": "x"}  # fmt: skip
    said = check(zipped(tmp_path, [row], encoding=encoding), Kind.TRANSACTIONS)
    assert said.verdict is not Verdict.REJECT, said.problems
    assert rows_of(said)["t_co2e"].tolist() == [12.5]


def test_a_cut_name_of_several_columns_is_named_and_not_read(monkeypatch):
    two = tuple(Wanted(name=f"completed_{name}", role="none") for name in ("on", "by"))
    monkeypatch.setattr(cut_names, "WANTED", {Kind.PROJECTS: two})
    parsed = Parsed(
        table=pd.DataFrame({"completed_": ["x"]}), row_numbers=[1],
        full_names=frozenset({"completed_"}),
    )  # fmt: skip
    findings = Findings()
    assert cut_names.cut_columns(parsed, Options(kind=Kind.PROJECTS), {}, findings) == {}
    (told,) = findings.problems()
    assert (told.code, told.severity) == ("column_cut_unclear", Severity.WARNING)
    assert "completed_on, completed_by" in told.message


def test_the_same_ten_letters_in_another_format_are_another_name(check, tmp_path):
    rows = [{name[:10]: value for name, value in ROWS[Kind.HARVESTS].items()}]
    said = check(layer(tmp_path, "geojson", rows, [None]), Kind.HARVESTS)
    assert "column_missing" in codes(said)
