"""``summary`` and ``progress`` on the embedded workspace and on a small one."""

import json
from decimal import Decimal

import openpyxl
import pytest

from tests.builders import EAST, WEST
from tests.unit.test_cli import read, refused, run

SUMMED = ("area_ha", "stock_t_c", "stock_t_co2e", "sequestration_t_c_yr", "demonstration_ha")
LEVELS = ("province", "city", "county")


@pytest.fixture(autouse=True)
def embedded(monkeypatch):
    monkeypatch.delenv("BLUECARBON_WORKSPACE", raising=False)


@pytest.fixture(scope="module")
def bodies():
    """The default survey at each level, measured once each."""
    return {level: read("summary", "--level", level) for level in LEVELS}


def sums(body, column):
    """Sum of each ecosystem, and of all, in decimal arithmetic."""
    found = {}
    for row in body["rows"]:
        if row[column] is not None:
            for key in (row["ecosystem"], "all"):
                found[key] = found.get(key, Decimal(0)) + Decimal(row[column])
    return found


@pytest.mark.parametrize("column", SUMMED)
def test_counties_and_cities_add_up_to_the_province_to_the_printed_digit(bodies, column):
    province = sums(bodies["province"], column)
    assert province
    assert sums(bodies["city"], column) == province
    assert sums(bodies["county"], column) == province
    for body in bodies.values():
        assert Decimal(body["totals"][column]) == province["all"]


def test_mangrove_is_the_published_312_5_ha_and_its_carbon(bodies):
    (row,) = [r for r in bodies["province"]["rows"] if r["ecosystem"] == "mangrove"]
    assert row["area_ha"] == pytest.approx(Decimal("312.5"), abs=Decimal("0.001"))
    assert row["stock_t_c"] == pytest.approx(36_359, abs=1)
    assert row["stock_t_co2e"] == pytest.approx(133_318, abs=1)
    by_city = {r["zone_name"]: r for r in bodies["city"]["rows"] if r["ecosystem"] == "mangrove"}
    published = {"温州市": "220.8", "台州市": "91.5", "舟山市": "0.2"}
    assert by_city.keys() == published.keys()
    for city, area_ha in published.items():
        assert by_city[city]["area_ha"] == pytest.approx(Decimal(area_ha), abs=Decimal("0.001"))


def test_without_demonstration_only_the_rest_is_left(bodies):
    official = read("summary", "--no-demonstration")
    assert official["totals"]["demonstration_ha"] == 0
    assert official["contains_demonstration"] is False
    whole = bodies["city"]["totals"]
    left = Decimal(official["totals"]["area_ha"]) + Decimal(whole["demonstration_ha"])
    assert left == pytest.approx(Decimal(whole["area_ha"]), abs=Decimal("1e-4"))


def test_demonstration_data_are_said_to_be_there():
    result = run("summary", "--json")
    assert "含演示数据" in result.stderr
    assert json.loads(result.stdout)["contains_demonstration"] is True


def test_an_office_gets_a_workbook_with_sources_and_method(tmp_path):
    out = tmp_path / "summary.xlsx"
    assert run("summary", "--out", out).exit_code == 0
    book = openpyxl.load_workbook(out)
    assert {"summary", "sources", "method", "dictionary"} <= set(book.sheetnames)
    head, *rows = book["summary"].iter_rows(values_only=True)
    assert head[:2] == ("zone_id", "zone_name")
    names = {row[1] for row in rows}
    assert "温州市" in names
    used = {row[0] for row in book["sources"].iter_rows(min_row=2, values_only=True)}
    said = {
        word for row in rows for word in (row[head.index("factor_id")] or "").split("; ") if word
    }
    assert said <= used
    method = [row[2] for row in book["method"].iter_rows(values_only=True)]
    assert "示意分区（非法定界线） / indicative zones (not legal boundaries)" in method


def test_a_survey_is_chosen_by_id_or_by_day():
    by_id = read("summary", "--level", "province", "--survey", "ZJ-2025")
    assert read("summary", "--level", "province", "--as-of", "2025-06-30") == by_id
    assert read("summary", "--level", "province", "--as-of", "2024-01-01") != by_id
    assert "there are: ZJ-2022, ZJ-2025" in refused("summary", "--survey", "x")["message"]
    assert "up to 1999" in refused("summary", "--as-of", "1999-01-01")["message"]


# --- progress -----------------------------------------------------------------------------------


def targets(*args):
    return {t["target_id"]: t for t in read("progress", *args)["targets"]}


def test_progress_keeps_its_contract():
    body = read("progress", "--as-of", "2026-03-01")
    assert body["as_of"] == "2026-03-01"
    assert body["plan"] == "zhejiang-ocean-carbon-2025"
    for target in body["targets"]:
        assert {
            "target_id", "indicator", "unit", "operator", "value", "deadline", "counted",
            "fraction", "state", "stages", "counted_projects", "excluded",
        } <= set(target)  # fmt: skip
        assert set(target["stages"]) == {"planned", "started", "completed", "accepted", "surviving"}
        assert target["state"] in {"met", "on_track", "behind", "missed", "unknown"}
        for left in target["excluded"]:
            assert {"project_id", "amount", "reason"} <= set(left)


def test_the_published_records_of_zhejiang_allow_no_verdict():
    found = targets("--as-of", "2026-03-01")
    wetland, mangrove, shore = (found[f"zj-{n}-2025"] for n in ("wetland", "mangrove", "shoreline"))
    assert (wetland["counted"], wetland["fraction"]) == (Decimal("200.0"), Decimal("0.1"))
    assert shore["counted"] == Decimal("2.84")
    assert (mangrove["counted"], mangrove["fraction"]) == (None, None)
    assert {t["state"] for t in (wetland, mangrove, shore)} == {"unknown"}
    assert [p["project_id"] for p in wetland["counted_projects"]] == ["linhai-baishawan"]
    haishan = next(p for p in mangrove["excluded"] if p["project_id"] == "yuhuan-haishan")
    assert (haishan["reason"], haishan["amount"]) == ("not_accepted", Decimal("93.3333"))
    assert wetland["excludes"] == "mangrove"
    assert (wetland["operator"], mangrove["operator"]) == (">=", ">=")


def test_demonstration_projects_never_count_unasked_and_are_marked_when_asked():
    unasked = targets("--as-of", "2026-03-01")
    for target in unasked.values():
        assert target["counted_demonstration"] == 0
        assert all(p["provenance"] != "demonstration" for p in target["counted_projects"])
    result = run("progress", "--as-of", "2026-03-01", "--json", "--count-demonstration")
    assert "含演示项目" in result.stderr
    wetland = next(
        t for t in json.loads(result.stdout)["targets"] if t["target_id"] == "zj-wetland-2025"
    )
    assert (wetland["counted"], wetland["counted_demonstration"]) == (1240.0, 1040.0)


def test_the_national_plan_has_its_provinces_and_adds_up():
    found = targets("--plan", "national-mangrove-2020-2025").values()
    new = [t["value"] for t in found if t["indicator"] == "mangrove_new"]
    restored = [t["value"] for t in found if t["indicator"] == "mangrove_restored"]
    assert (sum(new), sum(restored)) == (9050, 9750)
    assert "no plan 'x' here" in refused("progress", "--plan", "x")["message"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["无数据", "未见验收记录", "资料不足"]),
        ("en", ["no data", "No acceptance", "Not enough"]),
    ],
)
def test_progress_to_read_is_in_one_language(language, words):
    result = run("progress", "--lang", language)
    assert result.exit_code == 0
    assert all(word in result.stdout for word in words)
    if language == "en":
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in result.stdout)


# --- a workspace of one's own -------------------------------------------------------------------


def test_another_workspace_is_read_from_its_folder_or_the_environment(
    workspace_folder, monkeypatch
):
    body = read("summary", "--workspace", workspace_folder)
    names = {row["zone_name"] for row in body["rows"]}
    assert names == {"温州市", "台州市", "(outside)"}
    monkeypatch.setenv("BLUECARBON_WORKSPACE", str(workspace_folder))
    assert read("summary") == body
    english = read("summary", "--level", "county", "--lang", "en")
    assert {(r["zone_id"], r["zone_name"]) for r in english["rows"]} == {
        (WEST, "Yueqing"), (EAST, "玉环市"), ("(outside)", "(outside)"),
    }  # fmt: skip
    by_hand = read("progress", "--as-of", "2026-03-01")["targets"][0]
    assert (by_hand["counted"], by_hand["state"]) == (60, "missed")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("workspace.json", b"{"),
        ("zones.parquet", b"PAR1"),
        ("habitats_S-2022.parquet", b""),
        ("surveys.csv", b"\xff\xfe"),
        ("projects.csv", b"a,b\n1,2\n"),
    ],
)
@pytest.mark.parametrize("command", ["summary", "progress"])
def test_a_damaged_workspace_is_refused_without_a_traceback(workspace_folder, name, body, command):
    (workspace_folder / name).write_bytes(body)
    result = run(command, "--workspace", workspace_folder, "--json")
    touched = {
        "summary": {"workspace.json", "zones.parquet", "habitats_S-2022.parquet", "surveys.csv"},
        "progress": {"workspace.json", "zones.parquet", "projects.csv"},
    }
    assert result.exit_code == (1 if name in touched[command] else 0)
    if result.exit_code:
        assert json.loads(result.stdout)["error"]["message"] in result.stderr


def test_a_folder_that_is_no_workspace_is_refused(tmp_path):
    for command in ("summary", "progress"):
        error = refused(command, "--workspace", tmp_path)
        assert error["message"].startswith(f"no workspace {str(tmp_path)!r} here. Check the name")
        assert (error["kind"], error["looked_for"]) == ("NotFoundError", "workspace")


def test_the_draws_stand_beside_the_contract_only_where_they_are_asked_for():
    plain = json.loads(run("summary", "--json").stdout)
    result = run("summary", "--json", "--how", "mc")
    drawn = json.loads(result.stdout)
    assert "monte_carlo" not in plain
    found = drawn.pop("monte_carlo")
    assert drawn == plain
    assert found["low_t_c"] < plain["totals"]["stock_t_c"] < found["high_t_c"]
    assert (found["draws"], found["seed"], found["left_out"]) == (40_000, 20_220_101, [])
    flat = next(one for one in found["ecosystems"] if one["key"] == "tidal_flat")
    assert flat["low_t_c"] is None
    assert "40,000 draws" in result.stderr
    refused = run("summary", "--how", "guess")
    assert refused.exit_code == 2
