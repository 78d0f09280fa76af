"""One place and survey under every scheme, on the small workspace and on the embedded one."""

import json
import math
import re
from dataclasses import replace

import openpyxl
import pytest

from bluecarbon_map import reports
from bluecarbon_map.errors import NotFoundError
from bluecarbon_map.export import to_bytes
from bluecarbon_map.factors import Interval, IntervalKind, load_set
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.store.folder import FolderStore
from tests.builders import EAST, WEST, write_workspace
from tests.unit.test_cli import read, refused, run

SURVEY = "S-2022"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return FolderStore(write_workspace(tmp_path_factory.mktemp("schemes") / "workspace"))


@pytest.fixture(scope="module")
def whole(store):
    return reports.side_by_side(store, SURVEY)


@pytest.fixture(scope="module")
def embedded():
    """Everything in Zhejiang's survey of 2022 that is not invented."""
    return by_id(reports.side_by_side(open_workspace(), "ZJ-2022", demonstration=False))


def by_id(results):
    return {one.scheme.scheme_id: one for one in results}


def line(one, ecosystem):
    (found,) = [each for each in one.lines if each.ecosystem == ecosystem]
    return found


def test_tier_1_is_area_times_the_default_worked_by_hand(embedded):
    # mangrove 312.5 ha × 386 = 120,625; Spartina marsh 7,966 ha × 255 = 2,031,330 t C
    tier_1 = embedded["ipcc"]
    assert line(tier_1, "mangrove").stock_t_c == pytest.approx(120_625, abs=1)
    assert line(tier_1, "salt_marsh").stock_t_c == pytest.approx(7_966 * 255, rel=1e-6)
    assert tier_1.stock_t_c == pytest.approx(120_625 + 7_966 * 255, rel=1e-6)
    assert tier_1.stock_t_c_low is None
    assert tier_1.flow_t_c_yr is None
    assert "人工种植" in line(tier_1, "mangrove").no_flow[0]


def test_the_local_set_is_what_the_summary_says(embedded):
    same = reports.summarise(open_workspace(), "ZJ-2022", demonstration=False).totals
    local = embedded["local"]
    assert local.stock_t_c == same.stock_t_c
    assert (local.stock_t_c_low, local.stock_t_c_high) == (same.stock_t_c_low, same.stock_t_c_high)
    assert local.flow_t_c_yr == same.sequestration_t_c_yr


def test_the_unread_standard_counts_area_and_gives_no_number(embedded):
    standard = embedded["hyt0349"]
    assert standard.counted_ha == pytest.approx(312.5 + 7_966, abs=0.001)
    assert standard.stock_t_c is None
    assert standard.flow_t_c_yr is None
    for one in standard.counted:
        assert "HY/T 0349-2022" in one.no_flow[0]
        assert "HY/T 0349-2022" in one.no_flow[1]


def test_the_flat_counts_in_the_provinces_list_and_makes_its_stock_a_lower_bound(whole):
    mine = by_id(whole)
    flat = line(mine["provincial"], "tidal_flat")
    assert flat.counted
    assert flat.stock_t_c is None
    assert mine["provincial"].unvalued_ha == flat.area_ha
    assert not line(mine["local"], "tidal_flat").counted
    assert mine["local"].unvalued_ha == 0
    assert mine["provincial"].stock_t_c == mine["local"].stock_t_c


def test_sea_water_is_named_as_not_mapped_never_as_zero(whole):
    absent = [category.ecosystem for category in by_id(whole)["provincial"].not_mapped]
    assert absent == ["island_vegetation", "sea_water"]


def test_spartina_is_counted_and_shown_apart_under_every_scheme(whole):
    spartina_ha = line(whole[0], "salt_marsh").invasive_ha
    assert 0 < spartina_ha < line(whole[0], "salt_marsh").area_ha
    assert {one.invasive_ha for one in whole} == {spartina_ha}


def test_demonstration_is_a_number_of_its_own_and_can_be_left_out(store, whole):
    official = by_id(reports.side_by_side(store, SURVEY, demonstration=False))
    for one in whole:
        found = official[one.scheme.scheme_id]
        assert found.demonstration_ha == 0
        assert found.counted_ha == pytest.approx(one.counted_ha - one.demonstration_ha, abs=1e-6)


def test_counties_add_up_to_the_whole_under_every_scheme(store):
    whole = by_id(reports.side_by_side(store, SURVEY, "330000"))
    parts = [by_id(reports.side_by_side(store, SURVEY, zone)) for zone in (WEST, EAST)]
    for scheme_id, one in whole.items():
        held = [part[scheme_id].counted_ha for part in parts]
        assert one.counted_ha == pytest.approx(math.fsum(held), abs=1e-8)
        stocks = [part[scheme_id].stock_t_c for part in parts]
        assert (one.stock_t_c is None) == (stocks == [None, None])
        if one.stock_t_c is not None:
            assert one.stock_t_c == pytest.approx(math.fsum(stocks), abs=1e-6)


def test_coefficients_of_ones_own_get_a_row_and_a_named_set_does_not(store, tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text("ecosystem,density_t_c_ha\ntidal_flat,50\n", encoding="utf-8")
    own = by_id(reports.side_by_side(store, SURVEY, factor_set=str(mine)))["own"]
    flat = line(own, "tidal_flat")
    assert flat.stock_t_c == pytest.approx(flat.area_ha * 50, abs=1e-6)
    assert flat.no_flow == ("系数文件里没有它的年速率", "The file has no annual rate for it")
    assert [one.ecosystem for one in own.counted] == ["tidal_flat"]
    assert own.set_title == ("mine.csv", "mine.csv")
    assert "own" not in by_id(reports.side_by_side(store, SURVEY, factor_set="china-species"))


def test_a_file_that_knows_a_part_says_at_least(store, tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text("ecosystem,species,density_t_c_ha\n盐沼,互花米草,60\n", encoding="utf-8")
    marsh = line(by_id(reports.side_by_side(store, SURVEY, factor_set=str(mine)))["own"],
                 "salt_marsh")  # fmt: skip
    assert marsh.stock_t_c == pytest.approx(marsh.invasive_ha * 60, abs=1e-4)
    assert marsh.unvalued_ha == pytest.approx(marsh.area_ha - marsh.invasive_ha, abs=1e-6)
    assert marsh.no_stock[1] == "part of it has no coefficient"


def test_only_the_ecosystems_asked_for_are_there(store):
    for one in reports.side_by_side(store, SURVEY, ecosystems=frozenset({"mangrove"})):
        assert [each.ecosystem for each in one.lines] == ["mangrove"]


def test_a_place_without_a_record_has_no_row_and_an_unknown_one_is_refused():
    assert reports.side_by_side(open_workspace(), "ZJ-2022", "330800") == ()
    with pytest.raises(NotFoundError, match="no zone 'x'"):
        reports.side_by_side(open_workspace(), "ZJ-2022", "x")


# --- as it leaves --------------------------------------------------------------------------------


def test_the_tables_keep_their_contracts_and_the_workbook_holds_the_reasons(whole, tmp_path):
    out = tmp_path / "standards.xlsx"
    out.write_bytes(to_bytes(reports.standards_bundle(whole, notes=["说明"]), ".xlsx"))
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["summary", "by_ecosystem", "method", "dictionary"]
    head, *rows = book["by_ecosystem"].iter_rows(values_only=True)
    assert len(rows) == sum(len(one.lines) for one in whole)
    unread = [dict(zip(head, row, strict=True)) for row in rows if row[0] == "hyt0349"]
    assert all(row["stock_t_c"] is None and row["flow_t_c_yr"] is None for row in unread)
    assert all(row["why_zh"] or row["no_flow_zh"] for row in unread)


@pytest.mark.parametrize(("language", "said"), [("zh", "置信区间"), ("en", "95% CI")])
def test_every_interval_of_the_text_says_what_its_ends_are(embedded, language, said):
    text = reports.standards_text(tuple(embedded.values()), language)
    with_ends = [line for line in text.splitlines() if "(" in line and " t C" in line]
    assert with_ends
    assert all(re.search(r"–[\d,]+(；|; )\S", line) for line in with_ends), with_ends
    assert said in text


def test_the_ends_of_a_flow_have_a_kind_of_their_own():
    def spread(rate):
        ends = 0.5 * rate.rate_t_c_ha_yr, 1.5 * rate.rate_t_c_ha_yr
        return Interval(low=ends[0], high=ends[1], kind=IntervalKind.SE)

    local = load_set("zhejiang")
    rates = {key: replace(one, interval=spread(one)) for key, one in local.rates.items()}
    mine = replace(local, set_id="mine", rates=rates)
    found = by_id(
        reports.side_by_side(open_workspace(), "ZJ-2022", demonstration=False, factor_set=mine)
    )["own"]
    assert found.flow_interval_kind == "SE"
    assert found.interval_kind != "SE"
    assert "; SE)" in reports.standards_text((found,), "en")
    assert reports.scheme_table((found,))["flow_interval_kind"].tolist() == ["SE"]


def test_nothing_on_record_is_a_table_without_rows_and_words_that_say_so():
    assert reports.scheme_table(()).empty
    assert reports.standards_text((), "zh") == "这里没有记录"


def test_the_command_gives_one_object_with_null_for_unknown(monkeypatch):
    monkeypatch.delenv("BLUECARBON_WORKSPACE", raising=False)
    body = read("standards", "--survey", "ZJ-2022", "--zone", "330300", "--no-demonstration")
    rows = {row["scheme_id"]: row for row in body["schemes"]}
    assert list(rows) == ["provincial", "hyt0349", "ipcc", "local", "china"]
    assert rows["hyt0349"]["stock_t_c"] is None
    assert rows["hyt0349"]["ecosystems"][0]["no_flow_en"].startswith("To be typed from HY/T 0349")
    assert body["contains_demonstration"] is False
    assert body["zone"] == "330300"


def test_the_command_prints_lines_writes_tables_and_refuses_layers(tmp_path):
    out = tmp_path / "s.csv"
    said = run("standards", "--zone", "331083", "--lang", "en", "--out", out)
    assert said.exit_code == 0
    assert "contains demonstration data" in said.stderr
    assert out.read_text(encoding="utf-8-sig").startswith("scheme_id,scheme_zh")
    text = run("standards", "--zone", "331083", "--lang", "en").stdout
    assert "Zhejiang's own list" in text
    assert "  – Tidal flat" in text
    assert "no data" in text
    assert run("standards", "--out", tmp_path / "s.gpkg").exit_code == 2
    assert refused("standards", "--zone", "x")["looked_for"] == "zone"
    assert json.loads(run("standards", "--zone", "330800", "--json").stdout)["schemes"] == []
