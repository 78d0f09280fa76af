"""Gain, loss, and what only one survey looked at: worked out by hand on a small workspace."""

from __future__ import annotations

import sys

import pandas as pd
import pytest

from bluecarbon_map import reports
from bluecarbon_map.change import Ground, became
from bluecarbon_map.errors import InputError
from bluecarbon_map.geodesy import area_ha
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.places import copy_workspace, create_sqlite
from tests import builders
from tests.builders import EAST, WEST

EVERYWHERE = (WEST, EAST)


@pytest.fixture
def changed(workspace_folder):
    """Half of the mangrove turned into marsh of Spartina, the flat is no longer mapped."""
    return builders.change_marsh(workspace_folder)


def way(first="", second="", species=("", ""), seen=(True, True)):
    return {
        "ecosystem_from": first, "species_from": species[0], "ecosystem_to": second,
        "species_to": species[1], "seen_from": seen[0], "seen_to": seen[1],
    }  # fmt: skip


MAPPED = {"mangrove", "salt_marsh", "tidal_flat"}


@pytest.mark.parametrize(
    ("row", "ecosystem", "expected"),
    [
        (way("mangrove", "mangrove"), None, "kept"),
        (way("mangrove", "salt_marsh"), None, "changed"),
        (way("salt_marsh", "salt_marsh", ("Phragmites australis", "Spartina alterniflora")), None,
         "changed"),
        (way("salt_marsh", "salt_marsh", ("", "Spartina alterniflora")), None, "kept"),
        (way("salt_marsh", "salt_marsh", ("Spartina alterniflora", "")), None, "kept"),
        (way("", "mangrove"), None, "gain"),
        (way("mangrove", ""), None, "loss"),
        (way("", "mangrove", seen=(False, True)), None, "unknown"),
        (way("mangrove", "", seen=(True, False)), None, "unknown"),
        (way("", "seagrass"), None, "unknown"),  # the first survey mapped none anywhere
        (way("tidal_flat", "mangrove"), "mangrove", "gain"),
        (way("tidal_flat", "mangrove", seen=(False, True)), "mangrove", "gain"),
        (way("mangrove", "salt_marsh"), "mangrove", "loss"),
        (way("salt_marsh", "salt_marsh", ("", "Spartina alterniflora")), "salt_marsh", "kept"),
        (way("tidal_flat", "seagrass"), "seagrass", "unknown"),
        (way("mangrove", "salt_marsh"), "tidal_flat", ""),
    ],
)  # fmt: skip
def test_what_became_of_ground(row, ecosystem, expected):
    assert became(pd.DataFrame([row]), MAPPED, MAPPED, ecosystem).tolist() == [expected]


def test_half_a_mangrove_is_lost_to_marsh_and_a_flat_that_nobody_maps_any_more_is_unknown(changed):
    found = reports.ground_changes(FolderStore(changed), "S-2022", "S-2025")
    patches = builders.workspace_habitats("S-2022")
    mangrove, *_, flat = area_ha(patches, "patches")
    whole = found.amounts([*EVERYWHERE, "(outside)"])
    assert whole[Ground.CHANGED] == pytest.approx(mangrove / 2, rel=1e-5)
    assert whole[Ground.UNKNOWN] == pytest.approx(flat, rel=1e-6)
    assert Ground.LOSS not in whole
    alone = found.amounts(EVERYWHERE, "mangrove")
    assert alone[Ground.LOSS] == pytest.approx(alone[Ground.KEPT], rel=1e-5)


def test_parts_add_up_to_the_areas_of_both_surveys_in_every_zone(changed):
    store = FolderStore(changed)
    found = reports.ground_changes(store, "S-2022", "S-2025")
    for zone in EVERYWHERE:
        table = found.by_ecosystem([zone]).set_index("ecosystem")
        before, after = (
            reports.summarise(store, one, zone_id=zone).rows.groupby("ecosystem")["area_ha"].sum()
            for one in ("S-2022", "S-2025")
        )
        first = table["kept_ha"] + table["loss_ha"] + table["went_ha"]
        second = table["kept_ha"] + table["gain_ha"] + table["came_ha"]
        assert first[first > 0].to_dict() == pytest.approx(before.to_dict(), abs=1e-6)
        assert second[second > 0].to_dict() == pytest.approx(after.to_dict(), abs=1e-6)


def test_ground_beyond_the_extent_of_the_other_survey_is_unknown_not_lost(changed):
    patches = builders.workspace_habitats("S-2025").iloc[[3]]
    patches.geometry = [builders.box(121.01, 28.01, 121.012, 28.012)]
    patches.to_parquet(changed / "habitats_S-2025.parquet")
    # Looked at by the second survey: the western half of the mangrove 121.02–121.03.
    seen = builders.extents(S_2025=builders.box(121.0, 28.0, 121.025, 28.1))
    seen.to_parquet(changed / "extents.parquet")
    found = reports.ground_changes(FolderStore(changed), "S-2022", "S-2025")
    assert found.extents == (False, True)
    lost = found.pieces[found.pieces["ecosystem_from"] == "mangrove"]
    assert sorted(lost["seen_to"]) == [False, True]
    east, west = (lost[lost["seen_to"] == seen].total_bounds for seen in (False, True))
    assert west[2] == pytest.approx(121.025)
    assert east[0] == pytest.approx(121.025)


def test_pieces_of_a_survey_cut_along_an_extent_are_as_large_as_the_patches(changed):
    seen = builders.extents(S_2022=builders.box(121.0, 28.0, 121.025, 28.1))
    seen.to_parquet(changed / "extents.parquet")
    store = FolderStore(changed)
    found = reports.ground_changes(store, "S-2022", "S-2025")
    own = found.pieces[found.pieces["ecosystem_to"] != ""]
    assert area_ha(own, "pieces").sum() == pytest.approx(
        area_ha(store.habitats("S-2025"), "patches").sum(), rel=1e-9
    )


def test_without_demonstration_their_ground_is_in_no_piece(changed):
    found = reports.ground_changes(FolderStore(changed), "S-2022", "S-2025", demonstration=False)
    assert not found.pieces["demonstration"].any()
    assert "Phragmites australis" not in set(found.pieces["species_to"])


def test_a_survey_against_itself_and_too_many_patches_are_refused(workspace_folder, monkeypatch):
    store = FolderStore(workspace_folder)
    with pytest.raises(InputError, match="held against itself"):
        reports.ground_changes(store, "S-2022", "S-2022")
    both = sum(store.habitat_count(one) for one in ("S-2022", "S-2025"))
    module = sys.modules["bluecarbon_map.reports.ground_changes"]
    monkeypatch.setattr(module, "MOST_LAID_OVER", both - 1)
    with pytest.raises(InputError, match=f"{both} patches of both together"):
        reports.ground_changes(store, "S-2022", "S-2025")
    monkeypatch.setattr(module, "MOST_LAID_OVER", both)
    assert len(reports.ground_changes(store, "S-2022", "S-2025").pieces)


def test_the_finest_zones_of_a_city_are_its_counties(changed):
    regions = reports.Regions.of(FolderStore(changed))
    assert reports.zones_in(regions, [WEST, EAST, "(outside)"], "330300") == [WEST]
    assert reports.zones_in(regions, [WEST, EAST, "(outside)"], "330000") == [WEST, EAST]


def test_a_database_keeps_it_until_a_survey_changes(changed, tmp_path):
    source = FolderStore(changed)
    store = create_sqlite(tmp_path / "office", source.info)
    copy_workspace(source, store, "开始者")
    first = reports.ground_changes(store, "S-2022", "S-2025")
    again = reports.ground_changes(store, "S-2022", "S-2025")
    for one in (again, reports.ground_changes(source, "S-2022", "S-2025")):
        assert one.amounts(EVERYWHERE) == first.amounts(EVERYWHERE)
        assert one.by_ecosystem(EVERYWHERE).equals(first.by_ecosystem(EVERYWHERE))
        assert one.pieces.geom_equals(first.pieces).all()
    gone = ("S-2025", store.habitats("S-2025")["habitat_id"].iloc[0])
    seen = {"habitats": {gone: 1}}
    store.apply(Change(kind="edit", actor="改者", retire={"habitats": [gone]}, seen=seen))
    later = reports.ground_changes(store, "S-2022", "S-2025")
    assert later.amounts(EVERYWHERE) != first.amounts(EVERYWHERE)
    store.close()
