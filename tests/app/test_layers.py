"""What lies on the map: the address, the order, the panel, and what goes to the map's script."""

from __future__ import annotations

import io
import json
import re

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bluecarbon_map import reports
from bluecarbon_map.reports.measure import STEPS_PER_HA
from bluecarbon_map.tables import Level
from bluecarbon_map.tiles import Tile
from bluecarbon_map.tiles.mercator import to_world
from tests.app.conftest import Opened, map_told, text_of
from ui import addresses, cached, layers, maps, naming, numbers
from ui.layers import Layer

KNOWN = layers.usual(["lc-2025", "lc-2022"])


def _names(stack: list[Layer], *, visible: bool = True) -> list[str]:
    return [layer.name for layer in stack if layer.visible is visible]


def test_a_newcomer_sees_patches_on_the_ground_and_no_raster():
    stack, unknown = layers.read(None, KNOWN)
    assert _names(stack) == ["patches", "base"]
    assert unknown == []
    assert layers.write(stack, KNOWN) is None


def test_an_address_names_layers_from_the_top_down_with_their_strength():
    stack, unknown = layers.read("r_lc-2022~60.patches~-40.base", KNOWN)
    assert unknown == []
    assert [layer.name for layer in stack] == [
        "cities", "counties", "r_lc-2025", "r_lc-2022", "patches", "base",
    ]  # fmt: skip
    assert _names(stack) == ["r_lc-2022", "base"]
    assert [layer.opacity for layer in stack] == [100, 100, 80, 60, 40, 100]


def test_rasters_lie_under_the_patches_where_nobody_says_otherwise():
    stack, _ = layers.read("patches.base.r_lc-2025", KNOWN)
    assert _names(stack) == ["patches", "r_lc-2025", "base"]


@pytest.mark.parametrize(
    "word",
    ["nosuch", "patches~101", "patches~x", "patches~", "patches~²", "r_", "<b>", "base~1000"],
)
def test_a_layer_that_is_not_there_is_left_out_and_told(word: str):
    stack, unknown = layers.read(f"{word}.r_lc-2025", KNOWN)
    assert unknown == [word]
    assert _names(stack) == ["r_lc-2025"]


def test_a_layer_moves_past_its_visible_neighbour_and_not_below_the_ground():
    stack, _ = layers.read("patches.r_lc-2025.base", KNOWN)
    up = layers.raised(stack, "r_lc-2025", 1)
    assert _names(up) == ["r_lc-2025", "patches", "base"]
    assert layers.raised(stack, "r_lc-2025", -1) == stack
    assert layers.raised(stack, "base", 1) == stack
    assert _names(layers.raised(up, "r_lc-2025", -1)) == _names(stack)


def test_a_map_with_every_layer_hidden_stays_so_in_the_address():
    hidden = [Layer(layer.name, visible=False, opacity=layer.opacity) for layer in KNOWN]
    assert layers.write(hidden, KNOWN) == "none"
    assert layers.read("none", KNOWN) == (hidden, [])
    assert layers.read("", KNOWN) == (hidden, [])


def test_another_strength_changes_one_layer_alone():
    stack, _ = layers.read(None, KNOWN)
    later = layers.changed(stack, Layer("patches", visible=True, opacity=40))
    assert layers.write(later, KNOWN) == "patches~40.base"


@given(st.permutations(KNOWN), st.lists(st.booleans(), min_size=6, max_size=6), st.data())
def test_what_is_written_into_an_address_is_read_back(order, shown, data):
    opacity = st.integers(0, 100)
    stack = [
        Layer(layer.name, visible, data.draw(opacity))
        for layer, visible in zip(order, shown, strict=True)
    ]
    stack.sort(key=lambda layer: layer.name == "base")
    again, unknown = layers.read(layers.write(stack, KNOWN), KNOWN)
    assert unknown == []
    assert [layer for layer in again if layer.visible] == [one for one in stack if one.visible]
    assert {layer.name: layer.opacity for layer in again} == {
        layer.name: layer.opacity for layer in stack
    }


def test_an_address_of_zone_lines_is_read_back_and_nothing_else_is():
    version = cached.workspace().version
    for level in addresses.LINE_LEVELS:
        url = addresses.lines_url(version, level)
        query = dict(pair.split("=") for pair in url.partition("?")[2].split("&"))
        assert addresses.parse("lines", 8, 213, 106, query).lines is level
        for wrong in ({"k": "2"}, {"k": "01"}, {"l": "zh"}, {"v": "0"}):
            with pytest.raises(addresses.NoSuchTileError):
                addresses.parse("lines", 8, 213, 106, query | wrong)


def test_punctuation_of_a_title_stays_itself_in_a_label():
    assert naming.plain_text("a_b [x](y) 2025 地类") == r"a\_b \[x\]\(y\) 2025 地类"


# --- on the page ---------------------------------------------------------------------------------


def _opened_panel(opened: Opened, **address: str):
    test = opened("distribution", **address)
    test.session_state["layers"] = True
    return test.run()


def test_the_map_gets_only_numbers_geometry_and_our_own_words(opened: Opened):
    given = map_told(opened("distribution", layers="r_landcover-2025~60.patches.counties.base"))
    assert [layer["name"] for layer in given["layers"]] == [
        "raster1",
        "habitats",
        "counties",
        "base",
    ]
    assert [layer["opacity"] for layer in given["layers"]] == [0.6, 1, 1, 1]
    heights = [layer["z"] for layer in given["layers"]]
    assert heights == sorted(heights, reverse=True)
    assert "landcover" not in json.dumps(given)
    assert "330382" not in json.dumps(map_told(opened("distribution", zone="330382")))


def test_the_script_that_makes_the_map_never_changes(opened: Opened):
    def script(**address: str) -> str:
        frame = opened("distribution", map="plain", **address).get("component_instance")[0]
        return json.loads(frame.proto.json_args)["script"]

    first = script()
    assert "bluecarbonMap.start" in first
    assert (
        script(lang="en", zone="330382", layers="base", view="11/28/121", eco="mangrove") == first
    )


def test_without_demonstration_data_no_raster_of_them_is_drawn(opened: Opened):
    given = map_told(opened("distribution", layers="r_landcover-2025.patches.base", demo="0"))
    assert [layer["name"] for layer in given["layers"]] == ["habitats", "base"]


def test_an_unknown_layer_is_told_as_text(opened: Opened):
    text = text_of(opened("distribution", layers="<b>x</b>.patches.base"))
    assert "&lt;b&gt;x&lt;/b&gt;" in text
    assert "没有这些图层" in text


def test_the_legend_carries_the_marks_that_go_along_to_the_full_screen(opened: Opened):
    with_them, without = (
        text_of(opened("distribution", demo=demo))
        .split('class="legend corner"')[1]
        .split("details>")[0]
        for demo in ("1", "0")
    )
    assert "含演示数据" in with_them
    assert "含演示数据" not in without
    assert "未审图" in without


def test_the_legend_shows_what_is_visible_and_nothing_else(opened: Opened):
    def legend(**address: str) -> str:
        return text_of(opened("distribution", **address)).split('class="legend corner"')[1]

    assert "红树林" in legend().split("</details>")[0]
    ramp = legend(layers="r_vi-yueqing-2025.base")
    assert "-0.40" in ramp.replace("−", "-")
    assert "0.90" in ramp
    assert "植被指数" in ramp
    assert "未着色" not in ramp


@pytest.mark.parametrize("address", [{}, {"lang": "en"}])
def test_the_panel_names_year_source_terms_and_method_and_marks_demonstration(
    opened: Opened, address: dict[str, str]
):
    text = text_of(_opened_panel(opened, **address))
    wanted = ("LGPL-3", "2025", "演示" if not address else "demonstration", "EPSG:6933")
    about = text.split('class="about"')
    assert len(about) - 1 == len(layers.usual(["", "", ""]))
    assert any(all(word in one for word in wanted) for one in about), text[-3000:]


def test_a_switch_and_a_strength_in_the_panel_go_into_the_address(opened: Opened):
    test = _opened_panel(opened)
    test.checkbox(key="layer_on_r_landcover-2022").check().run()
    assert test.query_params["layers"] == "patches.r_landcover-2022~80.base"
    test.slider(key="layer_strength_r_landcover-2022").set_value(45).run()
    assert test.query_params["layers"] == "patches.r_landcover-2022~45.base"
    test.button(key="layer_up_r_landcover-2022").click().run()
    assert test.query_params["layers"] == "r_landcover-2022~45.patches.base"
    test.button(key="layers_usual").click().run()
    assert "layers" not in test.query_params


def test_a_move_of_the_map_has_a_token_of_its_own(opened: Opened):
    test = opened("distribution", view="11/28.25/121.05")
    first = map_told(test)["move"]
    assert first["view"] == [11, 28.25, 121.05]
    test.selectbox(key="choose_zone").set_value("330382").run()
    later = map_told(test)["move"]
    assert later["view"] is None
    assert later["token"] != first["token"]
    west, south, east, north = later["box"]
    assert west < 121 < east
    assert south < 28.2 < north


@pytest.mark.parametrize("view", ["x", "11/28", "99/28/121", "11/91/121", "nan/nan/nan", "1/2/3/4"])
def test_a_view_that_is_none_is_left_out(opened: Opened, view: str):
    assert map_told(opened("distribution", view=view))["move"]["view"] is None


def test_every_own_asset_of_the_map_is_served_under_the_version_of_its_content():
    for url in ("bluecarbon/map.js", "bluecarbon/measure.js", "bluecarbon/map.css"):
        assert re.fullmatch(r"/app/static/map/\w+\.(js|css)\?v=[0-9a-f]{12}", maps.local_url(url))


def test_zone_lines_are_drawn_on_land_and_never_at_sea():
    workspace = cached.workspace()
    layer = cached.zone_lines(workspace.version, Level.COUNTY)
    zones, land = workspace.zones(), workspace.land()
    outline = zones.loc[zones["zone_id"] == "331083"].geometry.iloc[0].boundary
    ground = land[land["zone_id"] == "330000"].geometry.iloc[0]
    ground = shapely.clip_by_rect(ground, *shapely.box(*outline.bounds).buffer(0.1).bounds)
    places = shapely.line_interpolate_point(outline, np.linspace(0, 1, 40), normalized=True)
    clear = shapely.distance(places, ground.boundary) > 0.02
    on_land = shapely.contains(ground, places)
    assert (clear & on_land).sum() >= 3
    assert (clear & ~on_land).sum() >= 3
    for place, land_there in zip(places[clear], on_land[clear], strict=True):
        assert _drawn_near(layer, (place.x, place.y)) == land_there


def _drawn_near(layer, place: tuple[float, float]) -> bool:
    """Whether a line passes within three pixels of a place, at zoom 11."""
    x, y = to_world(np.array([place]))[0] * 2**11
    column, row = int(x // 256), int(y // 256)
    drawn = Image.open(io.BytesIO(layer.draw(Tile(11, column, row)))).convert("RGBA")
    left, top = int(x - 256 * column), int(y - 256 * row)
    return drawn.crop((left - 3, top - 3, left + 4, top + 4)).getchannel("A").getextrema()[1] > 0


def test_the_legend_marks_classes_whose_carbon_does_not_rest_on_local_coefficients(opened: Opened):
    legend = (
        text_of(opened("distribution")).split('class="legend corner"')[1].split("</details>")[0]
    )
    rows = {row.split("</span><b>")[0].split(">")[-1]: row for row in legend.split("legend-row")}
    assert "无系数：碳储量未知" in rows["藻类养殖"]
    assert "basis" not in rows["红树林"]
    assert legend.count("○") == 1 + sum("无系数" in row for row in rows.values())


def test_ground_in_no_zone_is_in_the_legend_and_named_and_never_in_the_region(opened, office):
    def legend(**address: str) -> str:
        told = text_of(opened("distribution", **address)).split('class="legend corner"')[1]
        return told.split("</details>")[0]

    survey = office.info.default_survey_id
    outside_ha = reports.measure(office, survey).steps[-1].sum() / STEPS_PER_HA
    assert outside_ha > 0
    assert "整个调查" in legend()
    assert f"其中各分区之外：{numbers.plain(float(outside_ha), 1, 'zh')}" in legend()
    assert "分区之外" not in legend(zone=office.info.zone_id)


def test_where_all_ground_lies_in_zones_the_legend_is_of_the_region(opened):
    told = text_of(opened("distribution")).split('class="legend corner"')[1].split("</details>")[0]
    assert "浙江省 · 面积" in told
    assert "分区之外" not in told
