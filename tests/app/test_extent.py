"""A survey that says what it looked at: the rest is hatched, in the legend, and a layer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bluecarbon_map import reports
from bluecarbon_map.store.folder import FolderStore
from tests import builders
from tests.app.conftest import Opened, text_of
from ui import addresses, cached, numbers

HATCHED = "未调查（未知，不是零）"


@pytest.fixture
def stated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderStore:
    """The small workspace; S-2022 looked at the west, S-2025 does not say."""
    folder = builders.write_workspace(tmp_path / "stated")
    builders.extents(S_2022=builders.WEST_SHAPE).to_parquet(folder / "extents.parquet")
    store = FolderStore(folder)
    monkeypatch.setattr(cached, "workspace", lambda: store)
    return store


def test_what_was_not_looked_at_is_hatched_and_in_the_legend(opened: Opened, stated: FolderStore):
    text = text_of(opened("distribution")).split('class="legend corner"')[1]
    assert "swatch hatched" in text
    assert HATCHED in text
    assert "未说明实际调查范围" not in text


def test_a_survey_that_does_not_say_is_not_hatched_and_the_legend_says_so(
    opened: Opened, stated: FolderStore
):
    text = text_of(opened("distribution", survey="S-2025")).split('class="legend corner"')[1]
    assert "swatch hatched" not in text
    assert "未说明实际调查范围" in text


def test_the_hatching_is_a_layer_that_can_be_hidden(opened: Opened, stated: FolderStore):
    text = text_of(opened("distribution", layers="patches.base")).split("legend corner")[1]
    assert HATCHED not in text


def test_an_address_of_the_hatching_is_read_back_and_nothing_else_is(stated: FolderStore):
    version = stated.version
    url = addresses.unknown_url(version, "S-2022")
    assert url is not None
    query = dict(pair.split("=") for pair in url.partition("?")[2].split("&"))
    wanted = addresses.parse("unknown", 11, 1713, 853, query)
    assert (wanted.survey_id, wanted.unknown) == ("S-2022", True)
    assert addresses.draw(wanted).startswith(b"\x89PNG")
    assert addresses.unknown_url(version, "S-2025") is None
    for wrong in ({"s": "1"}, {"s": "9"}, {"s": "x"}, {"e": "1"}, {"v": "0"}):
        with pytest.raises(addresses.NoSuchTileError):
            addresses.parse("unknown", 11, 1713, 853, query | wrong)


def test_a_workspace_without_any_extent_has_no_such_layer(opened: Opened):
    text = text_of(opened("distribution", layers="unknown.patches.base"))
    assert "没有这些图层" in text
    assert "未说明实际调查范围" in text


def test_numbers_of_a_zone_that_was_not_looked_at_whole_are_the_least_there_is(
    opened: Opened, stated: FolderStore
):
    whole = reports.looked_at(stated, "S-2022", stated.info.zone_id)
    assert whole is not None
    looked = numbers.joined(numbers.area(whole.looked_ha, "zh"))
    for page in ("distribution", "zone", "stock", "overview"):
        text = text_of(opened(page))
        assert f"本次调查只查了其中 {looked}；其余未知，不是零" in text, page
        assert re.search(r"≥ [\d,.]+</\w+><\w+[^>]*>公顷", text), page
    west = text_of(opened("distribution", zone=builders.WEST))
    assert "本次调查只查了其中" not in west
    unstated = text_of(opened("distribution", survey="S-2025"))
    assert "本次调查只查了其中" not in unstated
