"""The map's review number stands on the map, around it, and in every file that draws it."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd
import pyogrio
import pytest

from bluecarbon_map import reports
from bluecarbon_map.export import Bundle, to_bytes
from bluecarbon_map.store.folder import FolderStore
from tests import builders
from tests.app.conftest import buttons_of, text_of
from ui import cached, maps

NUMBER = "浙S(2099)1号"
SAID = f"审图号：{NUMBER}"


@pytest.fixture
def store(tmp_path, monkeypatch):
    """The dashboard looks at a small workspace whose map was reviewed."""
    folder = builders.write_workspace(tmp_path / "reviewed")
    passport = json.dumps(builders.PASSPORT | {"map_review_number": NUMBER})
    (folder / "workspace.json").write_text(passport, encoding="utf-8")
    made = FolderStore(folder)
    monkeypatch.setattr(cached, "workspace", lambda: made)
    return made


def test_it_stands_on_the_map_above_it_in_its_legend_and_at_the_foot(store, opened):
    page = text_of(opened("distribution"))
    assert page.count(SAID) >= 3
    assert "未审图" not in page
    assert maps._words()["review"] == SAID


def test_a_picture_of_a_chart_and_of_the_coast_carries_it(store, opened, monkeypatch):
    for page, key in (("stock", "svg"), ("coast", "coast_svg")):
        buttons = buttons_of(monkeypatch)
        opened(page)
        drawn = [make for make, given in buttons if str(given["key"]).endswith(key)]
        assert drawn, page
        for make in drawn:
            assert NUMBER in make().decode()


@pytest.mark.parametrize("what", list(reports.What))
def test_every_file_that_is_handed_in_carries_it(store, what, tmp_path):
    asked = reports.Asked(
        what=what, survey_id="S-2022", zone_id=None, plan_id=builders.PLAN, as_of=date(2026, 1, 1)
    )
    made = reports.hand_in(store, asked, reports.measure(store, "S-2022"))
    _carries(made, tmp_path)


def test_a_table_without_a_sheet_of_notes_has_them_below_its_columns(store, tmp_path):
    columns = pd.DataFrame(
        {"column": ["a"], "unit": [""], "description": ["A"], "nullable": [True]}
    )
    rows = pd.DataFrame({"a": [1]})
    made = Bundle(name="t", rows=rows, dictionary=columns, notes=(SAID,))
    assert SAID in _workbook(made, tmp_path)


def _carries(made, folder):
    assert SAID in _workbook(made, folder)
    if made.zones is None:
        return
    path = folder / "file.gpkg"
    path.write_bytes(to_bytes(made, ".gpkg"))
    assert SAID in str(pyogrio.read_info(path)["layer_metadata"])
    assert any(SAID in line for line in json.loads(to_bytes(made, ".geojson"))["notes"])


def _workbook(made, folder):
    path = folder / "file.xlsx"
    path.write_bytes(to_bytes(made, ".xlsx"))
    return " ".join(table.to_csv() for table in pd.read_excel(path, sheet_name=None).values())
