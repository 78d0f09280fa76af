"""Every page on a workspace that has just been made: words that say what to do, never a trace."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bluecarbon_map.reports import begin
from bluecarbon_map.sample import WORKSPACE_VARIABLE
from tests.app.conftest import APP, Opened, text_of
from ui import cached

PAGES = sorted(path.stem for path in (APP / "views").glob("*.py"))


@pytest.fixture(scope="module")
def new_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "fujian"
    begin(folder, "35")
    return folder


@pytest.fixture(autouse=True)
def empty(new_workspace: Path, monkeypatch: pytest.MonkeyPatch):
    """The dashboard with that workspace, and afterwards with its own again."""
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(new_workspace))
    cached.forget()
    yield
    monkeypatch.undo()
    cached.forget()


def words_of(test) -> str:
    """All that a reader reads of the page itself: the foot below every page is left out."""
    shown = [text_of(test), *(box.value for box in (*test.info, *test.warning, *test.caption))]
    silent = r"<footer.*?</footer>|<style>.*?</style>|<script>.*?</script>|<[^>]+>"
    return re.sub(silent, " ", "\n".join(shown), flags=re.S)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_an_empty_workspace_opens_and_says_something(opened: Opened, page, lang):
    test = opened(page, lang=lang)
    words = words_of(test)
    assert ("福建" if lang == "zh" else "Fujian") in words
    assert "Traceback" not in words
    assert not re.search(r"\b(nan|NaN|None)\b", words)


NO_SURVEY = (
    "还没有调查。请先把调查放入工作区",
    "There is no survey yet. Put one into the workspace",
)
NO_PLAN = (
    "尚无规划。请在“导入”页面导入规划目标",
    "No plan is on record. Take in its targets",
)
NOTHING = {
    "overview": NO_PLAN,
    "distribution": NO_SURVEY,
    "zone": NO_SURVEY,
    "stock": NO_SURVEY,
    "standards": NO_SURVEY,
    "compare": NO_SURVEY,
    "surveys": NO_SURVEY,
    "progress": NO_PLAN,
    "export": ("不生成空文件", "an empty file is never made"),
}
"""What each page says itself, in Chinese and in English; the foot says its own."""


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", NOTHING)
def test_a_page_that_lives_on_surveys_or_plans_says_that_there_is_none(opened: Opened, page, lang):
    assert NOTHING[page][lang == "en"] in words_of(opened(page, lang=lang))


def test_the_overview_says_also_that_there_is_no_survey(opened: Opened):
    assert "No survey is on record yet" in words_of(opened("overview", lang="en"))


@pytest.mark.parametrize(
    "page", ["distribution", "zone", "stock", "standards", "compare", "surveys", "export"]
)
def test_bad_addresses_on_an_empty_workspace_do_no_harm(opened: Opened, page):
    opened(page, zone="330382", survey="ZJ-2022", against="x", at="118.0,26.0", plan="x",
           day="x", factors="x", level="x", layers="x", view="x")  # fmt: skip


def test_the_coast_page_knows_that_this_province_is_its_own(opened: Opened):
    text = text_of(opened("coast", unit="350000"))
    assert "工作区已打开" in text
    assert "bluecarbon init" not in text


def test_another_workspace_in_the_environment_is_followed_at_once(monkeypatch):
    assert cached.workspace().info.workspace_id == "fujian"
    monkeypatch.delenv(WORKSPACE_VARIABLE)
    assert cached.workspace().info.workspace_id == "zhejiang"
