"""导入: from a file to a receipt and back, with the real gate and a real store."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
import shapely

from bluecarbon_map.gate.kinds import Kind
from bluecarbon_map.gate.templates import FORMATS
from bluecarbon_map.reports import tiling
from tests import builders
from tests.app.conftest import Opened, buttons_of, may_edit, text_of
from ui import tile_making

BAD = Path(__file__).parents[1] / "data" / "badinputs"
BOWTIE = shapely.Polygon([(121.02, 28.02), (121.03, 28.03), (121.03, 28.02), (121.02, 28.03)])
SQUARE = shapely.box(121.11, 28.02, 121.12, 28.03)


def collection(*rows, **extra) -> bytes:
    features = [
        {"type": "Feature", "geometry": json.loads(shapely.to_geojson(shape)), "properties": facts}
        for shape, facts in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features, **extra}).encode()


def patches(**facts) -> bytes:
    return collection(
        (BOWTIE, {"habitat_id": "n1", "name": "新斑块", "ecosystem": "红树林", **facts}),
        (SQUARE, {"habitat_id": "n2", "name": "二号", "ecosystem": "盐沼", **facts}),
    )


def settled(test):
    until = time.monotonic() + 120
    while test.session_state["import_draft"].job is not None:
        assert time.monotonic() < until, "the gate did not come back"
        test.run()
        assert not test.exception, test.exception
    return test


def pressed(test, key):
    test.button(key=key).click().run()
    assert not test.exception, test.exception
    return test


def filled(opened: Opened, content: bytes, name="斑块.geojson", **address):
    """The first step filled in for a new survey, and the gate's answer awaited."""
    test = opened("import", **address)
    test.file_uploader[0].set_value((name, content, "application/octet-stream"))
    test.text_input(key="import_title_zh").set_value("2026 基础调查")
    test.text_input(key="import_method").set_value("解译")
    test.text_input(key="import_survey_source").set_value("测试报告")
    test.text_input(key="import_who").set_value("王五")
    return settled(pressed(test, "import_check"))


def table(test, key):
    return next(one.value for one in test.dataframe if one.proto.id.endswith(key))


def test_without_the_right_to_write_it_offers_templates_alone(opened: Opened):
    test = opened("import")
    assert "bluecarbon app --local-editor" in text_of(test)
    assert len(test.file_uploader) == 0
    assert not [button for button in test.button if button.key == "import_check"]


def test_every_kind_has_its_sentence_and_its_template(
    opened: Opened, office, monkeypatch: pytest.MonkeyPatch
):
    found = buttons_of(monkeypatch)
    test = opened("import")
    for kind in Kind:
        found.clear()
        test.selectbox(key="import_kind").set_value(kind).run()
        assert not test.exception
        templates = [(make, more) for make, more in found if "template" in more["key"]]
        assert bool(templates) == (kind in FORMATS)
    test.selectbox(key="import_kind").set_value(Kind.PROJECTS).run()
    make = next(make for make, more in found if more["key"] == "import_template_xlsx")
    assert make()[:2] == b"PK"


def test_what_is_missing_is_said_before_the_file_is_looked_at(opened: Opened, office):
    test = pressed(opened("import"), "import_check")
    assert "请先选择文件" in text_of(test)
    test.file_uploader[0].set_value(("a.geojson", patches(), "application/json"))
    assert "缺少您的姓名" in text_of(pressed(test, "import_check"))
    test.text_input(key="import_who").set_value("王五")
    text = text_of(pressed(test, "import_check"))
    assert "基本信息还缺：标题（中文）, 方法, 来源" in text
    assert "import_draft" not in test.session_state


def test_a_file_goes_through_check_preview_and_store_and_is_taken_back(opened: Opened, office):
    before = office.version
    test = filled(opened, patches())
    text = text_of(test)
    assert "按下面列出的修复处理后可以入库" in text
    folder = test.session_state["import_draft"].folder
    assert folder.stat().st_mode & 0o077 == 0, "nobody else may read what was uploaded"

    settled(pressed(test, "import_preview"))
    text = text_of(test)
    assert "尚未入库" in text
    assert "<dt>新增行</dt><dd>2</dd>" in text
    assert "修复后面积" in text
    assert "导入后本次调查的面积" in text
    assert office.version == before, "a preview stores nothing"
    assert test.button(key="import_store").disabled
    test.checkbox(key="import_tick_repairs").check()
    for tick in test.checkbox:
        tick.check()
    test.run()
    test.text_input(key="import_reason").set_value("年度入库")
    settled(pressed(test, "import_store"))
    text = text_of(test)
    assert "已保存，第 3 号变更" in text
    assert f"survey={test.session_state['import_draft'].survey.survey_id}" in text
    assert not folder.exists(), "the file is gone once it is stored"

    year = test.session_state["import_draft"].survey.survey_id
    assert len(office.habitats(year)) == 2
    survey = office.surveys().set_index("survey_id").loc[year]
    assert (survey["title_zh"], survey["source_file"]) == ("2026 基础调查", "斑块.geojson")
    newest = office.changes().iloc[0]
    assert (newest["kind"], newest["actor"], newest["reason"]) == ("import", "王五", "年度入库")

    pressed(test, "import_undo")
    assert "第 3 号变更已由第 4 号变更撤销" in text_of(test)
    assert year not in office.surveys()["survey_id"].tolist()


def test_a_receipt_stays_when_somebody_takes_its_import_back(opened: Opened, office):
    test = stored(settled(pressed(filled(opened, patches()), "import_preview")))
    office.undo(3, actor="别人")
    assert not test.run().exception
    assert "已保存，第 3 号变更" in text_of(test)
    assert [one for one in test.button if one.key == "import_next"]


def test_the_map_of_a_large_survey_is_begun_when_it_is_stored(opened: Opened, office, monkeypatch):
    monkeypatch.setattr(tiling, "MANY", 2)
    test = stored(settled(pressed(filled(opened, patches()), "import_preview")))
    survey = test.session_state["import_draft"].survey.survey_id
    try:
        ((_, begun),) = tile_making._jobs
        assert begun == survey
        assert tile_making._jobs.popitem()[1].is_done(60)
        assert tiling.tiles_of(office, survey) is not None
    finally:
        tile_making._jobs.clear()


def test_a_refused_file_says_why_and_the_question_is_answered_on_the_page(opened: Opened, office):
    metres = shapely.box(500_000, 3_098_000, 500_300, 3_098_300)  # in EPSG:4549, near 120°E 28°N
    test = filled(opened, collection((metres, {"habitat_id": "m", "ecosystem": "红树林"})))
    text = text_of(test)
    assert "文件暂时不能入库" in text
    assert not [one for one in test.button if one.key == "import_preview"]
    options = test.selectbox(key="import_crs").options
    assert any("EPSG:4549" in one for one in options)
    test.selectbox(key="import_crs").set_value("EPSG:4549")
    settled(pressed(test, "import_again"))
    assert test.session_state["import_draft"].options.crs == "EPSG:4549"


def test_an_unknown_word_is_given_its_ecosystem_on_the_page(opened: Opened, office):
    rows = collection((SQUARE, {"habitat_id": "w", "ecosystem": "湿地X_[b](http://e.test)"}))
    test = filled(opened, rows)
    assert "文件暂时不能入库" in text_of(test)
    label = test.selectbox(key="import_word_0").label
    assert r"\[b\]\(http" in label, "a word of the file is no Markdown"
    test.selectbox(key="import_word_0").set_value("salt_marsh")
    settled(pressed(test, "import_again"))
    found = test.session_state["import_draft"].inspection
    assert found.verdict != "reject"
    assert found.sample[0]["ecosystem"] == "salt_marsh"


def test_a_column_is_mapped_by_hand(opened: Opened, office):
    rows = collection((SQUARE, {"habitat_id": "w", "ecosystem": "红树林", "地点": "湾口"}))
    test = filled(opened, rows)
    test.selectbox(key="import_column_name_zh").set_value("地点")
    settled(pressed(test, "import_again"))
    assert test.session_state["import_draft"].inspection.sample[0]["name_zh"] == "湾口"


def test_cancel_leaves_nothing_and_keeps_what_was_filled_in(opened: Opened, office):
    before = office.version
    test = filled(opened, patches())
    folder = test.session_state["import_draft"].folder
    assert folder.is_dir()
    pressed(test, "import_other")
    assert not folder.exists()
    assert "import_draft" not in test.session_state
    assert test.text_input(key="import_title_zh").value == "2026 基础调查"
    assert test.text_input(key="import_who").value == "王五"
    assert office.version == before


def test_a_row_that_somebody_changed_meanwhile_is_a_conflict_and_nothing_is_stored(
    opened: Opened, office
):
    test = opened("import")
    test.selectbox(key="import_kind").set_value(Kind.PROJECTS).run()
    head = (
        "project_id,name_zh,name_en,zone_id,indicator,unit,accepted,reported_on,provenance,source"
    )
    row = "one,工程one,Project one,330382,coastal_wetland_restored,ha,{},2024-01,published,测试"
    content = f"{head}\n{row.format(88)}\n".encode()
    test.file_uploader[0].set_value(("p.csv", content, "text/csv"))
    test.text_input(key="import_who").set_value("王五")
    settled(pressed(settled(pressed(test, "import_check")), "import_preview"))
    from bluecarbon_map.gate.edits import projects_by_key, save_project

    key = ("one", "coastal_wetland_restored")
    theirs = projects_by_key(office.projects())[key] | {"accepted": 77.0}
    save_project(office, theirs, seen=1, actor="李四")
    for tick in test.checkbox:
        tick.check()
    test.run()
    settled(pressed(test, "import_store"))
    text = text_of(test)
    assert "李四 在此期间改了一条记录" in text
    assert projects_by_key(office.projects())[key]["accepted"] == 77.0


@pytest.mark.parametrize(
    "file", ["xss_field_name.geojson", "xss_svg_md.geojson", "html_in_name.geojson"]
)
def test_hostile_text_of_a_file_is_text_on_every_step(opened: Opened, office, file):
    name = "<img src=x onerror=alert(1)>" if file.startswith("html") else file
    test = filled(opened, (BAD / "geojson" / file).read_bytes(), name)
    pages = [test]
    if [one for one in test.button if one.key == "import_preview"]:
        pages.append(settled(pressed(test, "import_preview")))
    for page in pages:
        text = text_of(page)
        for markup in ("<img", "<script>alert", "<svg", "javascript:alert"):
            assert markup not in text.replace("&lt;", "")
        for shown in (*page.markdown, *page.caption, *page.error, *page.info, *page.warning):
            assert "alert(" not in shown.value


def test_the_steps_speak_english_too(opened: Opened, office):
    test = filled(opened, patches(), lang="en")
    text = text_of(test)
    assert "The file can be stored after the repairs listed below." in text
    assert 'aria-current="step">Check' in text


def test_the_embedded_workspace_is_copied_with_the_first_write_and_the_pages_follow(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    may_edit(monkeypatch)
    test = opened("projects")
    assert "内置工作区不会被改动" in text_of(test)
    key = ("linhai-baishawan", "coastal_wetland_restored")
    test.selectbox(key="project_chosen").set_value(key).run()
    test.text_input(key="project_who").set_value("王五")
    test.number_input(key="project_planned").set_value(210.0)
    pressed(test, "project_save")
    assert str(tmp_path) in text_of(test)
    listed = test.dataframe[0].value
    assert 210.0 in listed.to_numpy().ravel().tolist()
    test.switch_page("views/history.py").run()
    assert "王五" in test.dataframe[0].value.to_numpy().ravel().tolist()


def changed(**first) -> bytes:
    """The patches of S-2022 with other facts of the first one."""
    rows = []
    for at, row in enumerate(builders.workspace_habitats("S-2022").to_dict("records")):
        names = ("habitat_id", "name_zh", "ecosystem", "species")
        facts = {name: row[name] for name in names if isinstance(row[name], str)}
        rows.append((row["geometry"], facts | (first if at == 0 else {})))
    return collection(*rows)


def change_survey(opened: Opened, content: bytes, way: str | None = None):
    test = opened("import")
    test.selectbox(key="import_mode").set_value("change").run()
    test.selectbox(key="import_base").set_value("S-2022")
    if way is not None:
        test.radio(key="import_way").set_value(way)
    test.file_uploader[0].set_value(("变更.geojson", content, "application/octet-stream"))
    test.text_input(key="import_title_zh").set_value("变更调查")
    test.text_input(key="import_survey_id").set_value("C-1")
    test.text_input(key="import_method").set_value("外业")
    test.text_input(key="import_survey_source").set_value("测试报告")
    test.selectbox(key="import_extent").set_value("hull")
    test.text_input(key="import_who").set_value("王五")
    return settled(pressed(settled(pressed(test, "import_check")), "import_preview"))


def stored(test):
    for tick in test.checkbox:
        tick.check()
    test.run()
    return settled(pressed(test, "import_store"))


def test_a_change_survey_is_laid_before_a_reviewer_and_leads_to_the_page(opened: Opened, office):
    test = change_survey(opened, changed(ecosystem="tidal_flat"))
    text = text_of(test)
    assert "<dt>类型改变</dt><dd>1</dd>" in text
    assert "<dt>新增</dt><dd>0</dd>" in text
    text = text_of(stored(test))
    assert "逐处审定变更" in text
    assert "surveys?" in text
    assert office.habitats("C-1").empty
    own = office.patch_changes().query("survey_id == 'C-1'")
    assert own["decision"].tolist() == ["pending"]
    assert "C-1" in set(office.extents()["survey_id"])
    pressed(test, "import_undo")
    assert "C-1" not in set(office.surveys()["survey_id"])


def test_a_change_survey_can_be_the_complete_new_state(opened: Opened, office):
    stored(change_survey(opened, changed(ecosystem="tidal_flat"), "whole"))
    assert len(office.habitats("C-1")) == len(office.habitats("S-2022"))
    assert "C-1" not in set(office.patch_changes()["survey_id"])


def test_a_survey_without_a_change_has_nothing_to_review(opened: Opened, office):
    test = change_survey(opened, changed())
    assert "没有需要审定的变更" in text_of(test)
    assert not [button for button in test.button if button.key == "import_store"]


def raster_filled(opened: Opened, tmp_path: Path, **said):
    path = builders.write_raster(
        tmp_path / "指数 1.tif", builders.index_pixels(), scale=0.01, offset=-1.0
    )
    test = opened("import")
    test.selectbox(key="import_kind").set_value(Kind.RASTER).run()
    test.file_uploader[0].set_value((path.name, path.read_bytes(), "image/tiff"))
    test.text_input(key="import_who").set_value("王五")
    for column, text in said.items():
        test.text_input(key=f"import_raster_{column}").set_value(text)
    return pressed(test, "import_check")


def test_a_raster_is_asked_for_its_passport_and_stored_with_it(
    opened: Opened, office, tmp_path: Path
):
    test = raster_filled(opened, tmp_path)
    assert "基本信息还缺：标题（中文）, 方法及可能的误差, 使用许可" in text_of(test)
    said = {
        "title_zh": "植被指数", "method": "遥感反演，误差约一成", "licence": "内部使用",
        "quantity_zh": "指数", "quantity_en": "index", "unit": "1", "raster_id": "new-index",
    }  # fmt: skip
    test = settled(raster_filled(opened, tmp_path, **said))
    test = settled(pressed(test, "import_preview"))
    assert "<dd>内部使用</dd>" in text_of(test)
    stored(test)
    row = office.rasters().set_index("raster_id").loc["new-index"]
    assert (row["title_en"], row["unit"], row["licence"]) == ("植被指数", "1", "内部使用")
    assert (row["kind"], row["source"]) == ("continuous", "指数 1.tif")


def test_measured_values_without_a_unit_are_not_stored(opened: Opened, office, tmp_path: Path):
    said = {"title_zh": "指数", "method": "反演", "licence": "内部", "quantity_zh": "指数"}
    test = settled(raster_filled(opened, tmp_path, **said))
    test = settled(pressed(test, "import_preview"))
    assert test.session_state["import_draft"].plan is None
    assert "什么也没有保存" in text_of(test)
