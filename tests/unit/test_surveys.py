"""Passports of surveys, and what a change survey says of its base survey."""

import pandas as pd
import pytest

from bluecarbon_map import reports
from bluecarbon_map.errors import NotFoundError
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.store.folder import FolderStore
from tests import builders
from tests.builders import EAST, WEST


@pytest.fixture
def surveys(workspace_folder):
    """Opens the small workspace after S-2025 was made a change survey of S-2022."""

    def opened(patches=None, **passport):
        path = workspace_folder / "surveys.csv"
        table = pd.read_csv(path, dtype="str", encoding="utf-8-sig")
        for name, value in {"mode": "change", "base_survey_id": "S-2022", **passport}.items():
            table.loc[1, name] = value
        table.to_csv(path, index=False)
        if patches is not None:
            patches.to_parquet(workspace_folder / "habitats_S-2025.parquet")
        return FolderStore(workspace_folder)

    return opened


def test_a_card_holds_the_whole_passport_and_what_came_in(surveys, workspace_folder):
    builders.extents(S_2025=builders.WEST_SHAPE).to_parquet(workspace_folder / "extents.parquet")
    store = surveys(organisation="海洋站", observed_from="2025-05-01", source_sha256="0" * 64)
    first, second = reports.survey_cards(store)
    assert (first.title, first.mode, first.extent_ha) == ("2022 年调查", "baseline", None)
    assert (first.observed_from, first.accuracy_percent) == (None, None)
    assert (second.mode, second.base_survey_id, second.organisation) == (
        "change", "S-2022", "海洋站",
    )  # fmt: skip
    assert (second.observed_from, second.source_sha256) == ("2025-05-01", "0" * 64)
    assert second.extent_ha == pytest.approx(10_880, rel=0.01)
    assert second.patches == 4
    whole = reports.summarise(store, "S-2025").totals
    assert second.area_ha == pytest.approx(whole.area_ha)
    assert second.demonstration_ha == pytest.approx(whole.demonstration_ha)


def test_titles_come_in_the_language_asked_for(surveys):
    assert reports.survey_cards(surveys(), "en")[0].title == "Survey 2022"


def test_a_survey_without_a_patch_has_no_area_rather_than_none(surveys):
    store = surveys(builders.workspace_habitats("S-2025").iloc[:0])
    card = reports.survey_cards(store)[1]
    assert (card.patches, card.area_ha, card.demonstration_ha) == (0, None, None)


def test_changes_of_a_survey_are_placed_and_added_up_by_kind(surveys):
    patches = builders.workspace_habitats("S-2025").iloc[:3].reset_index(drop=True)
    patches.loc[0, "ecosystem"] = "salt_marsh"
    found = reports.changes_of(surveys(patches), "S-2025")
    assert found.rows["what"].tolist() == ["reclassified", "removed"]
    assert found.rows["zone_id"].tolist()[0] == WEST
    assert found.unchanged == 2
    kinds = found.kinds.set_index("what")
    assert kinds["patches"].to_dict() == {
        "added": 0, "removed": 1, "reclassified": 1, "reshaped": 0,
    }  # fmt: skip
    before, after = (reports.survey_cards(surveys())[at].area_ha for at in (0, 1))
    assert kinds["net_ha"].sum() == pytest.approx(after - before)


def test_a_change_is_placed_where_most_of_its_ground_lies(surveys):
    patches = builders.workspace_habitats("S-2025")
    patches.loc[1, "geometry"] = builders.box(121.09, 28.04, 121.15, 28.05)
    patches.loc[3, "geometry"] = builders.box(121.5, 28.0, 121.51, 28.01)
    rows = reports.changes_of(surveys(patches), "S-2025").rows.set_index("what")
    assert rows["zone_id"]["reshaped"] == EAST
    assert rows["zone_id"]["added"] == "(outside)"


def test_changes_on_record_come_with_their_decisions(surveys, workspace_folder):
    patches = builders.workspace_habitats("S-2025")
    patches.loc[0, "ecosystem"] = "salt_marsh"
    found = reports.changes_of(surveys(patches), "S-2025")
    assert not found.reviewed
    recorded = found.rows.drop(columns=["zone_id", "lon", "lat"])
    decisions = pd.Series("rejected", index=recorded.index, dtype="str")
    recorded.assign(decision=decisions).to_parquet(workspace_folder / "patch_changes.parquet")
    again = reports.changes_of(surveys(builders.workspace_habitats("S-2025")), "S-2025")
    assert again.reviewed
    assert again.rows["decision"].tolist() == ["rejected"]
    assert again.kinds.set_index("what")["rejected"]["reclassified"] == 1
    assert again.unchanged == 3


def test_changes_from_or_to_demonstration_data_can_be_left_out(surveys):
    """The marsh in the east is invented before, the flat after: neither came nor went."""
    patches = builders.workspace_habitats("S-2025", demonstration=("t1",))
    patches.loc[[0, 2, 3], "ecosystem"] = "seagrass"
    found = reports.changes_of(surveys(patches), "S-2025", demonstration=False)
    assert found.rows["habitat_id"].tolist() == ["S-2025-m1"]
    assert found.unchanged == 1


def test_a_survey_that_names_no_base_has_no_changes(surveys):
    assert reports.changes_of(surveys(), "S-2022") is None


def test_a_base_that_is_not_there_is_named(surveys):
    with pytest.raises(NotFoundError, match="no survey 'S-1999'"):
        reports.changes_of(surveys(base_survey_id="S-1999"), "S-2025")


def test_the_embedded_change_survey_differs_from_its_base_by_the_difference_of_their_patches():
    store = open_workspace()
    found = reports.changes_of(store, "ZJ-2025")
    net = found.rows["area_to_ha"].sum() - found.rows["area_from_ha"].sum()
    assert found.kinds["net_ha"].sum() == pytest.approx(net)
    assert found.unchanged + found.rows["base_habitat_id"].notna().sum() == len(
        store.habitats("ZJ-2022")
    )
