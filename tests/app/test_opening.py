"""调查: what the workspace is called and opens with, by who may write."""

from __future__ import annotations

from bluecarbon_map.gate.describing import describe, described
from tests.app.conftest import Opened, text_of


def saved(test, **typed):
    for name, text in typed.items():
        boxes = [*test.text_input, *test.selectbox]
        next(one for one in boxes if one.key == f"opening_{name}").set_value(text)
    test.button(key="opening_save").click().run()
    assert not test.exception, test.exception
    return text_of(test)


def test_who_only_reads_is_not_asked(opened: Opened):
    assert not [one for one in opened("surveys").button if one.key == "opening_save"]


def test_the_review_number_and_the_survey_to_begin_with_are_stored(opened: Opened, office):
    test = opened("surveys")
    assert "缺少您的姓名" in saved(test, map_review_number="浙S(2026)12号")
    assert office.info.map_review_number is None
    said = saved(test, who="张三", default_survey_id="S-2025")
    assert "已保存" in said
    assert (office.info.map_review_number, office.info.default_survey_id) == (
        "浙S(2026)12号", "S-2025")  # fmt: skip
    assert office.changes().iloc[0]["actor"] == "张三"
    assert "浙S(2026)12号" in text_of(opened())
    assert "内容没有变化" in saved(test)


def test_a_newer_description_is_shown_and_not_overwritten(opened: Opened, office):
    test = opened("surveys")
    test.text_input(key="opening_name_en").set_value("Mine")
    test.text_input(key="opening_who").set_value("张三").run()
    describe(office, {"name_en": "Theirs"}, seen=described(office)[1], actor="李四")
    assert "李四" in saved(test)
    assert office.info.name_en == "Theirs"


def test_it_stands_there_again_after_another_page(opened: Opened, office):
    test = opened("surveys")
    for page in ("history", "surveys"):
        test.switch_page(f"views/{page}.py").run()
        assert not test.exception, test.exception
    assert test.text_input(key="opening_name_zh").value == "小"


def test_it_speaks_english_too(opened: Opened, office):
    test = opened("surveys", lang="en")
    assert test.selectbox(key="opening_default_survey_id").label == "Survey to begin with"
