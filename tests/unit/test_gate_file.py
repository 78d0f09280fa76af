"""From a file to an inspection: what every way to fail becomes, and what is left behind."""

import hashlib
import io
import json
import threading

import openpyxl
import pytest
from click.testing import CliRunner
from scripts.badinputs import FOLDER

from bluecarbon_map.cli import main
from bluecarbon_map.errors import InputError
from bluecarbon_map.gate import inspect
from bluecarbon_map.gate.examples import EXAMPLE
from bluecarbon_map.gate.inspect import check_file
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.magic import Format, clean_name, format_of
from bluecarbon_map.gate.problems import Problem, Severity, Verdict
from bluecarbon_map.gate.sandbox import DEFAULT_LIMITS, Ending, Limits, Nursery
from bluecarbon_map.gate.take_in import rows_of
from bluecarbon_map.gate.templates import FORMATS, SHEET, template

GOOD = FOLDER / "gpkg" / "good.gpkg"


@pytest.fixture(scope="module")
def nursery():
    with Nursery() as made:
        yield made


@pytest.fixture
def check(nursery, tmp_path):
    def checked(path, kind=Kind.HABITATS, name=None, said=None, **more):
        options = Options(kind=kind, **(said or {}))
        more = {"nursery": nursery, **more}
        return check_file(path, name or path.name, options, None, work=tmp_path, **more)

    return checked


class Broken:
    """A nursery whose children end as they are told, and leave what they are told."""

    def __init__(self, ending, answer=None):
        self.ending, self.answer = ending, answer

    def run(self, job, limits, progress, cancel):
        if self.answer is not None:
            (job / "answer.json").write_text(self.answer)
        return self.ending


@pytest.mark.parametrize("ending", [e for e in Ending if e is not Ending.DONE])
def test_every_end_of_a_child_is_a_problem_with_a_way_out(check, ending):
    said = check(GOOD, nursery=Broken(ending))
    assert said.verdict is Verdict.REJECT
    assert said.problems[0].code == f"check_{ending}"
    assert said.problems[0].fix


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "",
        "[]",
        "{",
        "{}",
        '{"problems": 1}',
        '{"problems": [1]}',
        '{"problems": [{"severity": "x"}]}',
        '{"problems": [], "table": "../../etc/passwd"}',
        '{"problems": [], "table": "table.parquet"}',
        '{"problems": [], "rows": "many"}',
        '{"problems": [], "rows": true}',
        '{"problems": [], "sample": [1]}',
        '{"problems": [], "mapping": [1]}',
        "[" * 100_000,
    ],
)
def test_an_answer_that_makes_no_sense_is_a_refusal(check, answer):
    said = check(GOOD, nursery=Broken(Ending.DONE, answer))
    assert said.verdict is Verdict.REJECT
    assert said.problems[0].code == "check_crashed"


def test_an_answer_may_not_name_a_link(check, tmp_path):
    class Linking(Broken):
        def run(self, job, limits, progress, cancel):
            (job / "table.parquet").symlink_to("/etc/passwd")
            return super().run(job, limits, progress, cancel)

    said = check(GOOD, nursery=Linking(Ending.DONE, '{"problems": [], "table": "table.parquet"}'))
    assert said.verdict is Verdict.REJECT


def test_a_good_file_leaves_its_table_and_nothing_else(check, tmp_path):
    said = check(GOOD, said={"ecosystem": "mangrove"})
    assert said.verdict in (Verdict.ACCEPT, Verdict.WARN), said.problems
    assert said.sha256 == hashlib.sha256(GOOD.read_bytes()).hexdigest()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["table.parquet"]
    table = rows_of(said)
    assert len(table) == said.rows == 1
    assert table.crs == "EPSG:4490"


def test_a_refused_file_leaves_nothing(check, tmp_path):
    for path in (FOLDER / "gpkg" / "truncated.gpkg", tmp_path / "gone.gpkg"):
        assert check(path).verdict is Verdict.REJECT
        assert list(tmp_path.iterdir()) == []


def test_a_killed_check_leaves_no_half_a_table(check, tmp_path):
    class Killed(Broken):
        def run(self, job, limits, progress, cancel):
            (job / "table.parquet").write_bytes(b"PAR1")
            (job / "crash.txt").write_text("Traceback")
            (job / "scratch").mkdir()
            return Ending.TIME

    check(GOOD, nursery=Killed(Ending.TIME))
    assert list(tmp_path.iterdir()) == []


def test_a_refused_file_has_nothing_to_load(check):
    with pytest.raises(InputError, match="it was refused"):
        rows_of(check(FOLDER / "gpkg" / "truncated.gpkg"))


def test_a_file_that_is_not_there_is_a_problem(check, tmp_path):
    said = check(tmp_path / "gone.gpkg")
    assert said.problems[0].code == "unreadable"


def test_a_file_that_is_too_large_is_refused_before_it_is_read(check):
    said = check(GOOD, limits=Limits(file_bytes=1000))
    assert said.problems[0].code == "too_large"
    assert "time budget" in said.problems[0].fix


def test_a_cancelled_check_says_so(check, tmp_path):
    said = check(GOOD, cancel=lambda: True)
    assert said.problems[0].code in {"check_cancelled"} or said.verdict is not Verdict.REJECT


def test_two_checks_with_one_nursery_wait_for_each_other(check):
    said = []
    threads = [threading.Thread(target=lambda: said.append(check(GOOD))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(one.verdict, one.rows) for one in said}) == 1
    assert len(said) == 3


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../../evil.geojson", "evil.geojson"),
        ("C:\\temp\\生境.zip", "生境.zip"),
        ("survey\u202enosjoeg.exe", "surveynosjoeg.exe"),
        ("<img src=x onerror=alert(1)>.geojson", "<img src=x onerror=alert(1)>.geojson"),
        ("a\x00b\nc.csv", "abc.csv"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("x" * 500, "x" * 120),
        ("\ud800.csv", "csv"),
    ],
)
def test_a_name_is_cleaned_for_the_eye(name, shown):
    assert clean_name(name) == shown


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"SQLite format 3\x00", Format.GEOPACKAGE),
        (b"PK\x03\x04", Format.ZIP),
        (b"PAR1", Format.PARQUET),
        (b"II*\x00", Format.TIFF),
        (b"MM\x00+", Format.TIFF),
        (b'\xef\xbb\xbf {"type"', Format.GEOJSON),
        (b"<?xml version='1.0'?><kml>", Format.KML),
        (b"id,name\n", Format.TEXT),
        ("编号,名称\n".encode("gbk"), Format.TEXT),
        (b"\xff\xfei\x00d\x00", Format.TEXT),
        (b"", "empty_file"),
        (b"\xff\xfe{\x00", "encoding"),
        (b"<OGRVRTDataSource>", "virtual_file"),
        (b"  <VRTDataset>", "virtual_file"),
        (b"<!DOCTYPE kml [<!ENTITY x 'y'>]><kml>", "format_not_read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "format_not_read"),
        (b"\x00\x00\x27\x0a", "format_not_read"),
        (b"\x89PNG", "format_not_read"),
        (bytes(range(32)) * 4, "format_unknown"),
    ],
)
def test_a_file_is_what_its_bytes_say(head, found):
    said = format_of(head)
    assert (said.code if isinstance(said, Problem) else said) == found


@pytest.mark.parametrize(
    ("file", "kind", "code"),
    [
        ("gpkg/good.gpkg", Kind.RASTER, "format_of_kind"),
        ("tif/good.tif", Kind.HABITATS, "format_of_kind"),
        ("csv/bom_header.csv", Kind.ZONES, "format_of_kind"),
    ],
)
def test_a_format_that_cannot_hold_the_kind_is_refused_at_the_door(check, file, kind, code):
    assert check(FOLDER / file, kind).problems[0].code == code


def test_a_workbook_of_outlines_is_refused_as_a_csv_of_them_is(check, tmp_path):
    openpyxl.Workbook().save(tmp_path / "图斑.xlsx")
    (tmp_path / "图斑.csv").write_text("habitat_id,ecosystem\na,mangrove\n")
    told = [check(tmp_path / f"图斑.{suffix}").problems for suffix in ("xlsx", "csv")]
    assert told[0] == told[1]
    assert [one.code for one in told[0]] == ["format_of_kind"]


def test_the_gates_door_leaves_the_upload_as_it_was(check, tmp_path):
    upload = tmp_path / "up.gpkg"
    upload.write_bytes(GOOD.read_bytes())
    upload.chmod(0o444)
    check(upload)
    assert upload.read_bytes() == GOOD.read_bytes()
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {"up.gpkg"}


SITES_M = "site_id,ecosystem,x,y\nA,mangrove,519600.0,3137200.0\nB,mangrove,519700.0,3137300.0\n"


def test_sites_in_metres_are_placed_by_the_plane_that_is_named(check, tmp_path):
    path = tmp_path / "sites.csv"
    path.write_text(SITES_M)
    said = check(path, Kind.SITES, said={"crs": "EPSG:4549"})
    assert said.verdict is not Verdict.REJECT, said.problems
    assert "crs_converted" in {one.code for one in said.problems}
    table = rows_of(said)
    assert table["lon"].tolist() == pytest.approx([120.2, 120.2], abs=0.01)
    assert table["lat"].tolist() == pytest.approx([28.35, 28.35], abs=0.01)


def test_sites_in_metres_of_an_older_datum_are_refused_for_that(check, tmp_path):
    path = tmp_path / "sites.csv"
    path.write_text(SITES_M)
    said = check(path, Kind.SITES, said={"crs": "EPSG:2384"})
    assert said.verdict is Verdict.REJECT
    assert {one.code for one in said.problems if one.severity is Severity.ERROR} == {
        "crs_old_datum"
    }


def test_geojson_in_metres_without_a_system_is_asked_for_it(check, tmp_path):
    ring = [[519600, 3137200], [519700, 3137200], [519700, 3137300], [519600, 3137200]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    body = {"type": "Feature", "properties": {"类型": "红树林"}, "geometry": shape}
    path = tmp_path / "metres.geojson"
    path.write_text(json.dumps(body))
    said = check(path)
    assert [one.code for one in said.problems if one.severity is Severity.ERROR] == ["crs_missing"]
    assert "(crs)" in said.problems[0].fix
    assert check(path, said={"crs": "EPSG:4549"}).verdict is not Verdict.REJECT


@pytest.mark.parametrize(
    ("kind", "suffix"), [(kind, suffix) for kind in FORMATS for suffix in FORMATS[kind]]
)
def test_a_template_goes_through_the_door_as_it_is(check, tmp_path, kind, suffix):
    path = tmp_path / f"template.{suffix}"
    path.write_bytes(template(kind, suffix))
    said = check(path, kind)
    assert said.verdict is not Verdict.REJECT, said.problems
    assert "example_row" in {one.code for one in said.problems}


def filled(kind):
    """A workbook with the row of a template under an id of its own."""
    book = openpyxl.load_workbook(io.BytesIO(template(kind, "xlsx")))
    for row in book[SHEET].iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, str):
                cell.value = cell.value.replace(EXAMPLE, "R1")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if "xlsx" in FORMATS[kind]])
def test_a_workbook_of_every_kind_is_stored(check, tmp_path, kind):
    path = tmp_path / "book.xlsx"
    path.write_bytes(filled(kind))
    said = check(path, kind)
    assert said.verdict is not Verdict.REJECT, said.problems
    assert len(rows_of(said)) == said.rows == 1


# --- the command --------------------------------------------------------------------------------


def run(*args):
    result = CliRunner().invoke(main, ["check", *[str(arg) for arg in args]])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_check_prints_one_object_and_exits_by_the_verdict():
    good = run(GOOD, "--kind", "habitats", "--json")
    body = json.loads(good.stdout)
    assert (good.exit_code, body["kind"], body["rows"]) == (0, "habitats", 1)
    assert body["verdict"] in {"accept", "warn", "repair"}
    assert {"verdict", "kind", "rows", "area_ha", "crs", "problems"} <= set(body)
    bad = run(FOLDER / "gpkg" / "truncated.gpkg", "--kind", "habitats", "--json")
    problem = json.loads(bad.stdout)["problems"][0]
    assert bad.exit_code == 1
    assert problem["severity"] == "error"
    assert {"code", "row", "column", "message", "fix"} <= set(problem)
    assert "Traceback" not in bad.stderr


def test_a_repair_is_a_warning_in_the_json():
    said = run(FOLDER / "shp" / "no_shx.zip", "--kind", "habitats", "--json")
    body = json.loads(said.stdout)
    assert (said.exit_code, body["verdict"]) == (0, "repair")
    assert ("warning", True) in {(one["severity"], one["repair"]) for one in body["problems"]}


def test_check_without_json_is_for_a_reader():
    said = run(FOLDER / "shp" / "traversal.zip", "--kind", "habitats")
    assert said.exit_code == 1
    assert said.stdout.startswith("reject: traversal.zip as habitats")
    assert "Pack the bare files" in said.stdout


def test_check_refuses_wrong_usage():
    assert run(GOOD).exit_code == 2
    assert run(GOOD, "--kind", "trees").exit_code == 2


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path):
    for path in (tmp_path / "gone.gpkg", tmp_path):
        said = run(path, "--kind", "habitats", "--json")
        assert said.exit_code == 1
        assert json.loads(said.stdout)["problems"][0]["code"] == "unreadable"


def test_a_time_budget_takes_the_place_of_the_rule():
    assert DEFAULT_LIMITS.grown(10, 0.5).wall_s == 0.5
    assert inspect.DEFAULT_LIMITS is DEFAULT_LIMITS


def test_check_takes_the_users_word_for_columns_words_and_ecosystem(tmp_path):
    path = tmp_path / "sites.csv"
    path.write_text("名字,林子,lon,lat\nA,老林,121.2,28.35\nB,别的,121.3,28.36\n")
    said = run(path, "--kind", "sites", "--column", "site_id=名字", "--column", "ecosystem=林子",
               "--word", "老林=红树林", "--word", "别的=-", "--json")  # fmt: skip
    body = json.loads(said.stdout)
    assert (said.exit_code, body["rows"]) == (0, 1)
    assert (body["mapping"]["site_id"], body["mapping"]["ecosystem"]) == ("名字", "林子")
    path.write_text("id,lon,lat\nA,121.2,28.35\n")
    asked = json.loads(run(path, "--kind", "sites", "--json").stdout)
    assert "ecosystem_column_missing" in {one["code"] for one in asked["problems"]}
    told = json.loads(run(path, "--kind", "sites", "--ecosystem", "盐沼", "--json").stdout)
    assert "ecosystem_column_missing" not in {one["code"] for one in told["problems"]}


@pytest.mark.parametrize(
    "wrong", [("--ecosystem", "森林公园"), ("--word", "a=森林公园"), ("--column", "site_id")]
)
def test_check_refuses_words_that_mean_nothing(wrong):
    said = run(GOOD, "--kind", "habitats", *wrong)
    assert said.exit_code == 2
    assert wrong[1].partition("=")[2] in said.stderr
