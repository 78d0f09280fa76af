"""Of two times the later one is looked at everywhere, and what a half lacks is said."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from bluecarbon_map.errors import InputError
from bluecarbon_map.reports import tiling
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.tiles.building import CancelledError
from tests import builders
from tests.app.conftest import Opened, map_told, text_of
from ui import cached, cached_tiles, tile_making
from ui.import_job import Job


def _footer(test) -> str:
    return text_of(test).split("<footer")[1].split("</footer>")[0]


def _is_of(test, survey: str, title: str) -> None:
    """Card, its link, box, slider, foot and address speak of one survey."""
    assert not test.exception
    text, year = text_of(test), survey[-4:]
    link = re.search(r'href="\./trace\??([^"]*)"', text)
    assert title in text.split('class="card-title"')[1]
    assert link is not None
    assert ("survey=ZJ-2025" in link[1]) == (survey == "ZJ-2025")
    assert test.selectbox(key="choose_survey").value == survey
    assert test.select_slider(key="time_at").value == year
    assert title in _footer(test)


def test_with_two_times_all_facts_are_of_the_later_one(opened: Opened):
    test = opened("distribution", survey="ZJ-2022")
    test.segmented_control(key="time_way").set_value("swipe").run()
    _is_of(test, "ZJ-2025", "2025 年变更调查")
    assert test.query_params["than"] == "2022"
    test.select_slider(key="time_at").set_value("2024").run()
    test.selectbox(key="time_than").set_value("2025").run()
    _is_of(test, "ZJ-2025", "2025 年变更调查")
    assert test.query_params["than"] == "2024"
    test.selectbox(key="choose_survey").set_value("ZJ-2022").run()
    _is_of(test, "ZJ-2022", "2022 年基础调查")
    assert "both" not in test.query_params, "nothing lies before the first time"


def test_a_link_to_two_times_is_followed_on_every_page(opened: Opened):
    address = {"when": "2022", "than": "2025", "both": "swipe"}
    _is_of(opened("distribution", **address), "ZJ-2025", "2025 年变更调查")
    for page in ("overview", "zone"):
        assert "2025 年变更调查" in _footer(opened(page, **address)), page
    test = opened("distribution", survey="ZJ-2022", both="swipe")
    _is_of(test, "ZJ-2022", "2022 年基础调查")


def test_gain_and_loss_without_two_surveys_lists_nothing_that_is_not_on_the_map(opened: Opened):
    test = opened("distribution", when="2023", than="2022", both="change")
    legend = text_of(test).split("legend corner")[1].split("</details>")[0]
    assert "两个时点是同一期调查" in legend
    assert "swatch" not in legend
    assert "红树林" not in legend


# --- small workspaces ---------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FolderStore]:
    """The dashboard looks at two small surveys, and at a raster older than both."""
    folder = builders.write_workspace(tmp_path / "small")
    rasters = pd.read_csv(folder / "rasters.csv", dtype=str, encoding="utf-8-sig")
    rasters.loc[0, ["year", "survey_id"]] = ["2018", None]
    rasters.to_csv(folder / "rasters.csv", index=False, encoding="utf-8-sig")
    store = FolderStore(folder)
    monkeypatch.setattr(cached, "workspace", lambda: store)
    cached.forget()
    yield store
    cached.forget()


def test_a_time_before_the_first_survey_is_not_a_workspace_without_surveys(small, opened: Opened):
    test = opened("distribution", when="2018")
    assert [box.value for box in test.info] == ["2018 及以前没有调查。请选择更晚的时点。"]


@pytest.fixture
def jobs(small, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[tuple[str, str], Job]]:
    """Both surveys are too large to be drawn from memory; what makes their tiles is given."""
    monkeypatch.setattr(tiling, "MANY", 1)
    monkeypatch.setattr(tile_making, "_jobs", {})
    yield tile_making._jobs
    for job in tile_making._jobs.values():
        job.stop()


def _work(jobs, survey_id, work):
    jobs[cached_tiles.survey_version(cached.workspace().version, survey_id), survey_id] = Job(work)


def _waits(job: Job) -> None:
    while not job.is_stopped():
        time.sleep(0.01)
    raise CancelledError


def _refuses(_job: Job) -> None:
    raise InputError("S-2025", "the survey changed while its tiles were made", "Make them again")


def test_the_half_of_a_large_earlier_survey_says_that_it_is_not_drawn_yet(jobs, opened: Opened):
    for survey in ("S-2022", "S-2025"):
        _work(jobs, survey, _waits)
    test = opened("distribution", when="2025", than="2022", both="swipe")
    shown = [bar.proto.text for bar in test.get("progress")]
    assert ["2025 年调查" in shown[0], "2022 年调查" in shown[1]] == [True, True]
    labels = map_told(test)["beside"]["labels"]
    assert all("图斑尚未绘出" in label for label in labels)
    test.button(key="stop_tilesbefore").click().run()
    test.run()
    assert "2022 年调查的地图瓦片未生成" in test.info[0].value


def test_tiles_that_were_refused_say_why_and_not_that_the_folder_is_full(jobs, opened: Opened):
    _work(jobs, "S-2025", _refuses)
    said = text_of(opened("distribution", when="2025"))
    assert "2025 年调查的地图瓦片未能生成。" in said
    assert "the survey changed while its tiles were made" in said
    assert "文件夹可能已满" not in said
