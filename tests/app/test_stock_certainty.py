"""储量: the way intervals are made, what to measure first, the Chinese range, plausibility."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from pathlib import Path
from xml.etree.ElementTree import tostring

import pandas as pd
import pytest

from bluecarbon_map import reports
from bluecarbon_map.reports import guards
from bluecarbon_map.store.folder import FolderStore
from tests import builders
from tests.app.conftest import Opened, buttons_of, text_of
from tests.app.test_stock import cells_of
from ui import cached, intervals, plausibility, stock_certainty


def test_intervals_are_the_formula_s_until_others_are_asked_for(opened: Opened):
    test = opened("stock")
    text = text_of(test)
    assert "储量区间 38.74–137.09" in text
    assert "how" not in test.query_params
    test.segmented_control(key="choose_how").set_value("mc").run()
    assert not test.exception
    assert test.query_params["how"] == "mc"
    text = text_of(test)
    assert "40,000 次抽样的 95 %" in text
    assert "种子 20220101" in text
    assert "储量区间 38.74–137.09" not in text
    test.segmented_control(key="choose_how").set_value("formula").run()
    assert "how" not in test.query_params
    assert "储量区间 38.74–137.09" in text_of(test)


def test_no_draw_is_told_before_somebody_asks(opened: Opened):
    text = text_of(opened("stock"))
    assert "种子 20220101" not in text
    assert "由何得出" not in text
    assert "由何得出" in text_of(opened("stock", how="mc"))


def test_both_ways_stand_beside_each_other_with_every_law(opened: Opened):
    text = text_of(opened("stock", how="mc", lang="en"))
    assert "How the interval is made" in text
    assert "387.4–1,370.9" in text
    assert "95 % of the draws" in text
    row = cells_of(text, "Smooth cordgrass")[0]
    assert row[1:] == ["62.6 ± 50.2", "borrowed SD", "lognormal"]
    assert "nobody published of how many" in text
    assert "The intervals of this table and of its files are the formula" in text


def test_what_cannot_be_drawn_is_named_with_its_area_and_carbon(opened: Opened):
    text = text_of(opened("stock", how="mc", factors="ipcc-tier1"))
    assert "得不出标准误（没有可用的区间）而没有抽样：盐沼、红树林，13,788.5" in text
    assert "355.70" in text
    assert "无细线" in text


def test_ends_stand_only_where_all_of_a_bar_was_drawn():
    rows = pd.DataFrame(
        {"key": ["a", "b"], "stock_t_c_low": [1.0, 1.0], "stock_t_c_high": [9.0] * 2}
    )
    drawn = pd.DataFrame(
        {"key": ["b", "a"], "low_t_c": [3.0, 2.0], "high_t_c": [7.0, 8.0], "left_out_t_c": [1.0, 0]}
    )
    shown = intervals.with_ends(rows, drawn)
    assert shown["stock_t_c_low"].tolist()[0] == 2.0
    assert shown["stock_t_c_high"].isna().tolist() == [False, True]


@pytest.mark.parametrize("how", ["<b>x</b>", "MC", "formula "])
def test_an_unknown_way_in_the_address_is_said_and_the_formula_holds(opened: Opened, how: str):
    text = text_of(opened("stock", how=how))
    assert "区间算法" in text
    assert "<b>x</b>" not in text
    assert "储量区间 38.74–137.09" in text


def test_the_choice_outlives_another_choice(opened: Opened):
    test = opened("stock", how="mc")
    test.segmented_control(key="choose_level").set_value("county").run()
    assert test.query_params["how"] == "mc"
    assert "种子 20220101" in text_of(test)


def test_what_moves_the_stock_most_stands_first_and_the_unknown_is_named(opened: Opened):
    text = text_of(opened("stock"))
    assert "先测准什么？" in text
    (marsh,) = cells_of(text, "面积：盐沼")
    assert marsh[1:5] == ["13,476", "公顷", "668,461", "1,089,861"]
    assert text.index("面积：盐沼") < text.index("密度：互花米草") < text.index("密度：红树林")
    assert "淤泥质光滩 44,100.0" in text
    english = text_of(opened("stock", lang="en"))
    assert "What to measure first?" in english
    assert "Density: Common reed +1" in english


def test_the_file_of_the_tornado_holds_every_input_and_the_drawing_the_first(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stock_certainty, "_MOST", 2)
    found = buttons_of(monkeypatch)
    text = text_of(opened("stock"))
    (make,) = (make for make, more in found if more["key"] == "stock_tornado_csv")
    rows = pd.read_csv(io.BytesIO(make()), encoding="utf-8-sig")
    assert len(rows) > 2
    assert f"另有 {len(rows) - 2} 个影响更小的输入未画" in text


def test_a_place_without_a_coefficient_says_that_the_first_one_is_what_to_measure(opened: Opened):
    text = text_of(opened("stock", eco="tidal_flat", how="mc"))
    assert "这里还没有系数" in text
    assert "合理性检查" not in text  # no number here that a rule could be asked about


def test_pools_say_their_tier(opened: Opened):
    rows = cells_of(text_of(opened("stock")), "盐沼")
    assert any(row[-1] == "第 2 级（全国）" for row in rows)


def test_the_global_default_stands_beside_the_chinese_range_of_the_same_soil(opened: Opened):
    """386 against 203.6 for mangrove; 90.7 is the mean of salt marsh."""
    text = text_of(opened("stock"))
    assert ["红树林 · 土壤 0-100 cm", "386.0", "203.6 (n = 129)", "151.6–262.8", "1.9"] in cells_of(
        text, "红树林 · 土壤 0-100 cm"
    )
    assert ["盐沼 · 土壤 0-100 cm", "255.0", "90.7 (n = 71)", "17.4–194.2", "2.8"] in cells_of(
        text, "盐沼 · 土壤 0-100 cm"
    )


def test_the_plausibility_card_says_what_was_asked_where_nothing_is_broken(opened: Opened):
    text = text_of(opened("stock"))
    assert "6 条规则、44 个数，未触犯" in text
    assert "Plausibility check" in text_of(opened("zone", zone="330300", lang="en"))


def test_a_finding_is_written_with_its_place_number_limit_and_what_to_check(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A stock of 10 t C/ha is five years of a burial of 2 t C/ha/yr."""
    own = tmp_path / "own.csv"
    own.write_text(
        "ecosystem,species,c_t_ha,low,high,interval_kind,sequestration_t_c_ha_yr,source\n"
        "mangrove,,10,9,12,range,2,x\n"
    )
    folder = builders.write_workspace(tmp_path / "broken")
    passport = json.dumps(builders.PASSPORT | {"factor_set": str(own)})
    (folder / "workspace.json").write_text(passport, encoding="utf-8")
    store = FolderStore(folder)
    monkeypatch.setattr(cached, "workspace", lambda: store)
    text = text_of(opened("stock"))
    assert re.search(r"条规则、\d+ 个数，1 项触犯", text)
    (row,) = (one for one in cells_of(text, "储量不少于 10 年的埋藏量") if len(one) == 6)
    assert row[1].startswith("红树林 · user:2")
    assert row[2:5] == ["5.00", "10.00", "yr"]
    assert row[5]


def test_a_finding_s_zone_is_text_whatever_its_name():
    (flagged,) = guards.Checked.of(guards.check_whole(349e6)).flagged[:1]
    place = reports.Place(zone_id="1", zone_name="<i>西</i>", ecosystem="mangrove")
    broken = dataclasses.replace(flagged, place=place)
    made = plausibility._card(guards.Checked(flagged=(broken,), asked={broken.finding.rule: 1}))
    written = tostring(made, encoding="unicode", method="html")
    assert "<i>" not in written
    assert "&lt;i&gt;西&lt;/i&gt; · 红树林" in written


def test_every_rule_has_a_name():
    assert set(plausibility._names()) == set(guards.Rule)


def test_the_names_of_the_rules_have_the_limits_of_the_library(opened: Opened):
    chinese, english = (text_of(opened("stock", lang=one)) for one in ("zh", "en"))
    for words in ("0–2,000 t C/公顷", "1.18 亿吨碳", "97 万吨碳", "10 年"):
        assert words in chinese
    for words in ("0–2,000 t C/ha", "118 million t C", "0.97 million t C a year", "10 years"):
        assert words in english
