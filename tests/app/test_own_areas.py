"""自绘范围: what a map sends becomes an area with numbers, names stay text, nothing is shared."""

from __future__ import annotations

import base64
import json
import re
import zipfile
from typing import Any

import geopandas as gpd
import pytest
import shapely

from bluecarbon_map.reports.own_area import from_geojson, own_area, to_code, to_geojson
from tests.app.conftest import Opened, text_of
from ui import fast_map, map_mail, maps, own_map

BAY = shapely.box(121.0, 28.2, 121.2, 28.35)
BOW_TIE = [[121.0, 28.2], [121.2, 28.35], [121.2, 28.2], [121.0, 28.35], [121.0, 28.2]]
HECTARES = r"<b>[\d,.]+</b>"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the component of either map gives back: put in, it is sent with the next run."""
    mail: dict[str, Any] = {}
    monkeypatch.setattr(fast_map, "show", lambda *_, **__: {"mail": dict(mail)})
    monkeypatch.setattr(maps, "st_folium", lambda *_, **__: {"last_active_drawing": dict(mail)})
    return mail


def _drawn(shape: shapely.Geometry, drawing_id: str = "one", of: int | None = None):
    return {"id": drawing_id, "of": of, "geometry": json.loads(shapely.to_geojson(shape))}


def _kept(*areas, kept_id: str = "kept") -> dict[str, str]:
    return {"id": kept_id, "text": base64.b64encode(to_geojson(areas).encode()).decode()}


def _legend(test) -> str:
    return re.findall(r'<details class="legend corner".*?</details>', text_of(test), re.DOTALL)[-1]


def _title(test) -> str:
    return re.findall(r'class="card-title">([^<]*)<', text_of(test))[0]


def test_a_drawing_becomes_an_area_with_numbers_beside_the_map(opened: Opened, sent):
    sent["drawn"] = _drawn(BAY)
    test = opened("distribution")
    assert _title(test) == "范围 1"
    said = text_of(test)
    assert "轮廓内" in said
    assert "年埋藏量：≥" in said
    assert "未声明调查范围" in said
    test.run()
    assert len(test.session_state["own_areas"]) == 1, "the same drawing is taken once"
    assert "area" not in test.query_params


def test_an_outline_that_was_changed_takes_the_place_of_the_old_one(opened: Opened, sent):
    sent["drawn"] = _drawn(BAY)
    test = opened("distribution")
    sent["drawn"] = _drawn(shapely.box(121.0, 28.2, 121.1, 28.3), "two", of=1)
    test.run()
    assert [one.area.shape.bounds[2] for one in test.session_state["own_areas"]] == [121.1]


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        ({"type": "Polygon", "coordinates": [BOW_TIE]}, "自相交"),
        ({"type": "LineString", "coordinates": BOW_TIE}, "未采用所绘图形"),
        ({"type": "Polygon", "coordinates": [[["<b>", 1]]]}, "未采用所绘图形"),
        (None, "未采用所绘图形"),
    ],
)
def test_a_bad_drawing_is_mended_or_refused_in_words(opened: Opened, sent, geometry, said):
    sent["drawn"] = {"id": "bad", "geometry": geometry}
    assert said in text_of(opened("distribution"))


def test_names_stay_text_and_an_area_is_renamed_and_removed(opened: Opened, sent):
    sent["drawn"] = _drawn(BAY)
    test = opened("distribution")
    test.session_state["own_areas_box"] = True
    test.run()
    test.text_input(key="own_area_name_1").set_value("<script>alert(1)</script>").run()
    assert "<script>alert" not in text_of(test)
    assert "&lt;script&gt;alert(1)" in text_of(test)
    test.button(key="own_area_link").click().run()
    assert "area=" in test.code[0].value
    test.button(key="own_area_edit").click().run()
    assert test.session_state["own_area_opened"][1] == 1
    sent["drawn"] = _drawn(shapely.box(121.0, 28.2, 121.1, 28.3), "two", of=1)
    test.run()
    assert "own_area_opened" not in test.session_state, "it would open again on the next map"
    assert not test.code, "the link is of the old outline"
    test.button(key="own_area_remove").click().run()
    assert not test.exception
    assert test.session_state["own_areas"] == []


def test_what_the_browser_kept_comes_back_once_and_broken_memory_is_said(opened: Opened, sent):
    areas = own_area([BAY], "湾"), own_area([shapely.box(121.5, 28.5, 121.6, 28.6)])
    sent["kept"] = _kept(*areas)
    test = opened("distribution")
    assert [one.area.name for one in test.session_state["own_areas"]] == ["湾", "范围 2"]
    test.run()
    assert len(test.session_state["own_areas"]) == 2
    more = own_area([shapely.box(121.7, 28.5, 121.8, 28.6)], "外")
    sent["kept"] = _kept(areas[0], more, kept_id="by another tab")
    test.run()
    assert [one.area.name for one in test.session_state["own_areas"]] == ["湾", "范围 2", "外"]
    test.session_state["own_areas_box"] = True
    sent["refused"] = True
    assert "未能保存" in text_of(test.run())
    sent["kept"] = {"id": "bad", "text": "no base64 !"}
    assert "已略去" in text_of(opened("distribution"))


def test_a_link_brings_its_area_and_leaves_the_address_again(opened: Opened, sent):
    test = opened("distribution", area=to_code(own_area([BAY])))
    assert _title(test) == "链接带来的范围"
    assert "取整" in text_of(test)
    assert "area" not in test.query_params
    assert "无法读取" in text_of(opened("distribution", area="broken"))


def test_another_session_sees_nothing_of_it(opened: Opened, sent):
    sent["drawn"] = _drawn(BAY)
    opened("distribution")
    sent.clear()
    assert "轮廓内" not in text_of(opened("distribution"))


def test_numbers_follow_the_view_only_when_they_are_asked_to(opened: Opened, sent):
    sent["view"] = [121.0, 28.2, 121.2, 28.35]
    assert "当前视野" not in text_of(opened("distribution"))
    test = opened("distribution", follow="1")
    assert _title(test) == "当前视野"
    assert test.query_params["follow"] == "1"
    table = test.dataframe[0].value
    assert table["zone_name"].unique().tolist() == ["当前视野"]
    assert "当前视野 · 面积（公顷）" in _legend(test)
    test.toggle(key="follow_view").set_value(False).run()
    assert "follow" not in test.query_params
    assert "浙江省 · 面积（公顷）" in _legend(test)
    assert re.search(HECTARES, _legend(test))


@pytest.mark.parametrize("view", [[123.0, 28.2, 123.1, 28.3], [float("nan"), 28.2, 121.2, 28.3]])
def test_a_view_without_numbers_is_never_told_those_of_the_zone(opened: Opened, sent, view):
    sent["view"] = view
    test = opened("distribution", follow="1")
    assert not test.dataframe
    assert "红树林" in _legend(test)
    assert not re.search(HECTARES, _legend(test)), "hectares of the zone"
    said = test.info[0].value
    assert ("视野" in said) if view[0] == 123.0 else ("数字" in said)
    assert "地图载入后显示视野内的数字" in said or view[0] == 123.0


def test_what_the_map_is_given_holds_numbers_and_no_name(opened: Opened, sent, monkeypatch):
    given = []
    draw = own_map.given
    monkeypatch.setattr(own_map, "given", lambda: given.append(draw()) or given[-1])
    hostile = own_area([BAY], "</script><script>alert(1)")
    sent["kept"] = _kept(hostile)
    opened("distribution")
    text = json.dumps(given[-1])
    assert "script" not in text
    keep = given[-1]["keep"]
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", keep["text"])
    assert keep["took"] == "kept"
    assert from_geojson(base64.b64decode(keep["text"]).decode())[0].name == hostile.name


def test_a_file_without_a_system_is_asked_for_it_and_lines_are_refused(
    opened: Opened, sent, tmp_path
):
    layer = gpd.GeoDataFrame({"any": ["甲"]}, geometry=[BAY], crs="EPSG:4490")
    layer.to_crs("EPSG:4549").to_file(tmp_path / "bay.shp", engine="pyogrio", encoding="UTF-8")
    with zipfile.ZipFile(tmp_path / "bay.zip", "w") as archive:
        for ending in (".shp", ".shx", ".dbf"):
            archive.write(tmp_path / f"bay{ending}", f"bay{ending}")
    test = opened("distribution")
    test.session_state["own_areas_box"] = True
    test.run()
    content = (tmp_path / "bay.zip").read_bytes()
    test.file_uploader[0].set_value(("bay.zip", content, "application/zip")).run()
    assert not test.exception
    assert not test.session_state["own_areas"]
    test.selectbox(key="own_file_crs").set_value("EPSG:4549").run()
    assert not test.exception
    (held,) = test.session_state["own_areas"]
    assert held.area.name == "bay"
    assert held.area.shape.bounds == pytest.approx(BAY.bounds, abs=1e-8)
    test.session_state["own_areas_box"] = True
    test.run()
    line = {"type": "LineString", "coordinates": [[121, 28], [122, 29]]}
    test.file_uploader[0].set_value(
        ("line.geojson", json.dumps(line).encode(), "application/json")
    ).run()
    assert not test.exception
    assert len(test.session_state["own_areas"]) == 1


@pytest.mark.parametrize(
    "said",
    [
        None,
        1,
        "text",
        {"drawn": [1]},
        {"view": [1, 2]},
        {"kept": 3},
        {"kept": {"id": 1, "text": ""}},
        {"refused": 1},
    ],
)
def test_whatever_else_a_browser_sends_is_left_out(said, monkeypatch):
    monkeypatch.setattr("streamlit.session_state", {"map_mail_map": said})
    assert map_mail.read("map") == map_mail.Mail()


def test_the_words_about_a_view_and_an_area_are_those_of_a_planner(opened: Opened):
    test = opened("distribution", follow="1")
    assert test.toggle(key="follow_view").label == "数字随地图视野变化"
    assert test.info[0].value == "地图载入后显示视野内的数字。"
    assert "范围内调查情况" in text_of(opened("distribution", area=to_code(own_area([BAY]))))
