"""What an import means for what is stored already, told before and after."""

from __future__ import annotations

import pytest

from bluecarbon_map.gate import consequences
from bluecarbon_map.gate.consequences import of_left_alone
from bluecarbon_map.gate.stored import difference
from bluecarbon_map.geodesy import area_ha
from tests import builders

KEY = ["survey_id", "habitat_id"]


@pytest.fixture
def stored():
    return builders.workspace_habitats("S-2022")


def test_patches_left_alone_are_counted_with_their_hectares(stored):
    rest = stored.iloc[1:]
    (told,) = of_left_alone(stored, difference(stored, stored.head(1), KEY))
    assert told.count == len(rest)
    assert f"{area_ha(rest, 'rest').sum():,.4f} ha" in told.message


def test_the_areas_of_very_many_are_not_added_up(stored, monkeypatch):
    monkeypatch.setattr(consequences, "_MOST_MEASURED", 2)
    (told,) = of_left_alone(stored, difference(stored, stored.head(1), KEY))
    assert told.count == len(stored) - 1
    assert " ha" not in told.message


def test_a_patch_that_is_drawn_anew_is_not_left_alone(stored):
    moved = stored.assign(geometry=stored.geometry.translate(0.001, 0))
    assert of_left_alone(stored, difference(stored, moved, KEY)) == []


def test_a_new_survey_leaves_nothing_alone(stored):
    assert of_left_alone(stored.iloc[:0], difference(stored.iloc[:0], stored, KEY)) == []
