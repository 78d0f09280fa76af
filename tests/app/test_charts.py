"""Charts: what they draw, what they say where nothing is known, and the files of them."""

from __future__ import annotations

import io
import json
import math
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from PIL import ImageFont

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.ecosystems import colour as ink_of
from tests.app.conftest import APP, Opened, buttons_of
from ui import cached, chart_files, chart_fonts, charts

EVIL = "datum.value === 1 ? alert(1) : '</script><b>'"


def _table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": ["玉环市", "瑞安市", EVIL],
            "stock": [12_000.0, 36_000.0, math.nan],
            "low": [9_000.0, 25_000.0, math.nan],
            "high": [15_000.0, 48_000.0, math.nan],
            "demo": [0.0, 9_000.0, 0.0],
            "kind": ["salt_marsh", "mangrove", "tidal_flat"],
            "least": [False, True, True],
        }
    )


def _bars(**more: object):
    return charts.bars(_table(), label="name", value="stock", unit="t C", **more)


def _spec(made) -> dict:
    return json.loads(made.spec)


def _rows(made) -> list[dict]:
    (rows,) = _spec(made)["datasets"].values()
    return rows


def test_bars_stand_in_order_of_size_and_unknown_ones_last():
    assert [row["label"] for row in _rows(_bars())] == ["瑞安市", "玉环市", EVIL]


def test_a_bar_has_its_number_and_its_interval_beside_it_in_words():
    first = _rows(_bars(low="low", high="high"))[0]
    assert first["text"] == "3.60\u202f万吨 C"
    assert first["below"] == "2.50–4.80\u202f万吨 C"


def test_unknown_is_said_in_words_and_has_no_bar():
    last = _rows(_bars(at_least="least"))[-1]
    assert last["text"] == "无数据"
    assert last["value"] is None


def test_a_lower_bound_is_marked_as_one():
    first, second, _ = _rows(_bars(at_least="least"))
    assert first["text"].startswith("≥ ")
    assert not second["text"].startswith("≥ ")


def test_amounts_are_steps_of_the_unit_that_the_axis_names():
    made = _bars()
    assert _rows(made)[0]["value"] == pytest.approx(3.6)
    assert '"title": "万吨 C"' in json.dumps(_spec(made), ensure_ascii=False)


def test_every_ecosystem_has_the_colour_of_the_map_and_no_other():
    table = pd.DataFrame({"name": list(ECOSYSTEMS), "area": 1.0, "kind": list(ECOSYSTEMS)})
    made = charts.bars(table, label="name", value="area", unit="ha", colour="kind")
    assert {row["label"]: row["ink"] for row in _rows(made)} == {
        key: ink_of(key) for key in ECOSYSTEMS
    }


def test_an_invasive_species_has_its_own_colour():
    table = pd.DataFrame({"name": ["x"], "area": [1.0], "kind": ["Spartina alterniflora"]})
    made = charts.bars(table, label="name", value="area", unit="ha", colour="kind")
    assert _rows(made)[0]["ink"] == "#9E3FA3"


def test_the_demonstration_part_is_drawn_apart_and_dashed():
    made = _bars(demonstration="demo")
    first, second, _ = _rows(made)
    assert (first["from"], first["value"]) == (pytest.approx(2.7), pytest.approx(3.6))
    assert second["from"] is None
    assert "strokeDash" in json.dumps(_spec(made))
    assert "strokeDash" not in json.dumps(_spec(_bars()))


def test_two_rows_of_one_name_stay_two():
    table = pd.DataFrame({"name": ["鼓楼区", "鼓楼区"], "area": [2.0, 1.0]})
    labels = [row["label"] for row in _rows(charts.bars(table, label="name", value="area",
                                                        unit="ha"))]  # fmt: skip
    assert len(set(labels)) == 2
    assert {label.rstrip("\u200b") for label in labels} == {"鼓楼区"}


def test_no_value_of_a_table_stands_in_an_expression_of_a_chart():
    """Every word of a table is data; the rest of the chart does not know it."""
    spec = _spec(_bars(low="low", high="high", colour="kind", demonstration="demo"))
    del spec["datasets"]
    assert "alert" not in json.dumps(spec)
    assert "玉环" not in json.dumps(spec, ensure_ascii=False)
    assert not re.search(r'"(expr|signal|labelExpr|calculate|href|url)"', json.dumps(spec))


def test_a_loss_goes_left_in_orange_and_a_gain_right_in_green():
    table = pd.DataFrame({"name": ["红树林", "盐沼", "光滩"], "area": [139.8, -8411.0, math.nan]})
    gain, loss, unknown = _rows(charts.changes(table, label="name", value="area", unit="ha"))
    assert (gain["ink"], gain["text"]) == (charts.GAIN, "+139.8\u202f公顷")
    assert (loss["ink"], loss["text"]) == (charts.LOSS, "−8,411.0\u202f公顷")
    assert unknown["text"] == "无数据"


def test_the_interval_of_a_difference_keeps_its_signs():
    table = pd.DataFrame({"name": ["盐沼"], "v": [-527_551.0], "l": [-991_170.0], "h": [-63_931.0]})
    (row,) = _rows(charts.changes(table, label="name", value="v", low="l", high="h", unit="t C"))
    assert row["below"] == "−99.12 … −6.39 万吨 C"


def test_a_point_on_its_interval_needs_no_zero():
    table = pd.DataFrame({"name": ["红树林"], "v": [116.35], "l": [61.4], "h": [171.3]})
    made = charts.spans(table, label="name", value="v", low="l", high="h", unit="t C/ha")
    (row,) = _rows(made)
    assert (row["text"], row["below"]) == ("116.3\u202ft C/ha", "61.4–171.3")


def test_an_empty_table_makes_a_chart_of_nothing():
    assert _rows(charts.bars(_table().iloc[:0], label="name", value="stock", unit="t C")) == []


def test_the_drawing_says_itself_what_it_shows_in_chinese():
    drawn = chart_files.svg(_bars().spec, "各分区碳储量", "2022 · 来源").decode()
    for words in ("各分区碳储量", "2022 · 来源", "瑞安市", "无数据", "万吨 C"):
        assert words in drawn
    assert "</script><b>" not in drawn


def test_the_picture_shows_chinese_letters_and_not_boxes():
    """Two letters that no font has look alike; two of Chinese do not."""
    pictures = [
        chart_files.png(charts.bars(
            pd.DataFrame({"name": [word], "area": [1.0]}), label="name", value="area", unit="ha"
        ).spec, "", "")
        for word in ("盐", "藻")
    ]  # fmt: skip
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert pictures[0] != pictures[1]


def test_the_font_that_comes_with_the_dashboard_is_unpacked_without_losing_a_stroke(tmp_path: Path):
    made = tmp_path / "unpacked.ttf"
    made.write_bytes(chart_fonts.unpacked(cached.FONT.read_bytes()))
    fonts = [ImageFont.truetype(str(path), 32) for path in (cached.FONT, made)]
    for letter in "各分区碳储量万吨公顷≥−±₂Aé%0":
        packed, plain = (bytes(font.getmask(letter)) for font in fonts)
        assert packed == plain, letter


def test_a_picture_has_chinese_letters_also_where_the_system_has_no_font(tmp_path: Path):
    bare = tmp_path / "fonts.conf"
    bare.write_text(f"<fontconfig><dir>{tmp_path}</dir></fontconfig>", encoding="utf-8")
    code = """
from ui import cached, chart_fonts
before = chart_fonts.draws_letters()
chart_fonts.ready(cached.FONT)
print(before, chart_fonts.draws_letters())
"""
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=APP, env={**os.environ, "FONTCONFIG_FILE": str(bare)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.split() == ["False", "True"]


def test_what_is_no_font_is_refused():
    with pytest.raises(ValueError, match="no WOFF2 file"):
        chart_fonts.unpacked(b"wOFF" + bytes(60))


def test_a_file_of_a_chart_is_named_by_zone_survey_and_day(opened: Opened):
    today = date.today().isoformat()
    names = sorted(named.split("/")[-1] for named in _file_names(opened, demo="1"))
    assert f"bluecarbon_stock_by_county_331000_ZJ-2022_{today}.csv" in names
    assert f"bluecarbon_stock_zhejiang_331000_ZJ-2022_county_{today}.xlsx" in names
    without = _file_names(opened, demo="0")
    assert f"bluecarbon_stock_by_county_331000_ZJ-2022_no-demo_{today}.csv" in without
    assert len(set(names)) == len(names)


def _file_names(opened: Opened, **more: str) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        found = buttons_of(patch)
        opened("stock", zone="331000", **more)
    return [given["file_name"] for _data, given in found]


def test_the_csv_of_a_chart_says_what_it_is_about_and_that_it_holds_demonstration_data(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
):
    found = buttons_of(monkeypatch)
    opened("stock", zone="331000")
    (make,) = [data for data, given in found if given["key"] == "stock_ranking_csv"]
    rows = pd.read_csv(io.BytesIO(make()), encoding="utf-8-sig")
    assert set(rows["图名"]) == {"各分区碳储量 · 台州市 · 2022"}
    assert rows["说明"].str.contains("含演示数据").all()


def test_the_numbers_of_a_chart_never_become_formulas():
    table = pd.DataFrame({"=HYPERLINK()": ["=1+1", "@x"], "n": [1.5, math.nan]})
    lines = chart_files.csv(table).decode("utf-8-sig").split("\r\n")
    assert lines == ["'=HYPERLINK(),n", "'=1+1,1.5", "'@x,", ""]
