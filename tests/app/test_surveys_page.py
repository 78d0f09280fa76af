"""调查: the passports, what is known county by county, and what a survey changes."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from bluecarbon_map.store.folder import FolderStore
from tests import builders
from tests.app.conftest import Opened, buttons_of, text_of
from ui import cached


@pytest.fixture
def reviewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderStore:
    """S-2022 looked at the west; S-2025 changes it: its mangrove became a marsh <b>."""
    folder = builders.write_workspace(tmp_path / "reviewed")
    builders.extents(S_2022=builders.WEST_SHAPE).to_parquet(folder / "extents.parquet")
    surveys = pd.read_csv(folder / "surveys.csv", dtype="str", encoding="utf-8-sig")
    surveys["provenance"] = "survey"
    surveys.loc[1, ["mode", "base_survey_id", "organisation"]] = ["change", "S-2022", "<i>站</i>"]
    surveys.to_csv(folder / "surveys.csv", index=False)
    patches = builders.workspace_habitats("S-2025")
    patches.loc[0, ["ecosystem", "name_zh"]] = ["salt_marsh", "<b>新</b>"]
    patches.to_parquet(folder / "habitats_S-2025.parquet")
    store = FolderStore(folder)
    monkeypatch.setattr(cached, "workspace", lambda: store)
    return store


def test_the_embedded_workspace_says_that_nothing_can_be_called_surveyed(opened: Opened):
    text = text_of(opened("surveys"))
    assert "哪里调查过、什么时候、怎么调查的；哪里还不知道？" in text
    assert "未说明实际调查范围，不能说任何一个县已经调查" in text
    assert "未知，不是零" in text
    cards = text.split('class="passports"')[1].split("h2")[0]
    assert cards.count("未说明：不能说任何地方已调查") == 2
    assert "未作观测" in cards


def test_the_table_says_no_data_where_no_extent_is_stated_and_adds_up(opened: Opened):
    table = opened("surveys", lang="en").dataframe[0].value
    assert table["surveyed_ha"].isna().all()
    together, counties = table.iloc[0], table.iloc[1:]
    assert together["zone_name"] == "Together"
    for part in ("zone_ha", "assumed_ha", "unknown_ha", "mapped_ha"):
        assert counties[part].sum() == pytest.approx(together[part])


def test_the_change_survey_is_told_by_kind_with_a_link_to_the_map(opened: Opened):
    text = text_of(opened("surveys", survey="ZJ-2025"))
    assert "基础调查中有 602 个图斑未变" in text
    changes = text.split('class="facts reading changes"')[1]
    assert changes.count("<tr>") == 31
    link = re.search(r'href="\./distribution\?([^"]*)"', changes)
    assert link is not None
    assert "survey=ZJ-2025" in link[1]
    assert "at=121." in link[1]


def test_a_survey_with_an_extent_tells_surveyed_from_unknown(opened: Opened, reviewed: FolderStore):
    test = opened("surveys")
    assert "这次调查实际调查" in text_of(test)
    table = test.dataframe[0].value.set_index("zone_id")
    assert table["surveyed_ha"][builders.WEST] > 10_000
    assert table["surveyed_ha"][builders.EAST] == 0.0


def test_texts_of_a_survey_and_of_a_change_stay_text(opened: Opened, reviewed: FolderStore):
    text = text_of(opened("surveys", survey="S-2025"))
    assert "&lt;i&gt;站&lt;/i&gt;" in text
    assert "&lt;b&gt;新&lt;/b&gt;" in text
    assert "<b>新" not in text
    assert "类型改变" in text


def test_without_demonstration_data_their_surveys_and_changes_are_hidden(opened: Opened):
    test = opened("surveys", survey="ZJ-2025", demo="0")
    assert "已隐藏 1 次演示调查" in text_of(test)
    assert any("没有与基础调查不同的图斑" in box.value for box in test.info)
    assert any("还没有图斑" in box.value for box in test.info)


def test_the_files_hold_every_county_and_every_change(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
):
    found = buttons_of(monkeypatch)
    opened("surveys", survey="ZJ-2025")
    made = {more["key"]: (make, more) for make, more in found}
    board, changes = (made[key][0]().decode("utf-8-sig") for key in ("board_rows", "changes_rows"))
    assert len(board.splitlines()) >= 91
    assert len(changes.splitlines()) == 37
    assert made["changes_rows"][1]["file_name"].startswith("bluecarbon_changes_")


def test_another_survey_chosen_on_the_page_stands_in_the_address(opened: Opened):
    test = opened("surveys")
    test.selectbox(key="choose_survey_card").set_value("ZJ-2025").run()
    assert test.query_params["survey"] == "ZJ-2025"
    assert "逐图斑变更" in text_of(test)
