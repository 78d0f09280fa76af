"""Survey against survey, by hand: what came, went, changed, and what a decision makes of it."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from bluecarbon_map import change, geodesy
from bluecarbon_map.errors import NotFoundError
from bluecarbon_map.tables import Habitats, PatchChanges, columns, validate_layer

SAID = {"survey_id": "B", "provenance": "survey", "source": "变更调查"}


def box(west, east, south=0.0):
    """A strip at 28° N; places are in hundredths of a degree."""
    return shapely.box(121 + west / 100, 28 + south / 100, 121 + east / 100, 28.01 + south / 100)


def patches(survey_id, **shapes):
    """One patch a name: ecosystem or ecosystem and species, and a shape."""
    rows = [
        {
            "habitat_id": key, "survey_id": survey_id, "name_zh": f"地点{key}", "name_en": key,
            "ecosystem": kind.partition("/")[0], "species": kind.partition("/")[2] or None,
            "stated_area_ha": 5.0, "provenance": "survey", "source": survey_id, "note": "老",
            "geometry": shape,
        }
        for key, (kind, shape) in shapes.items()
    ]  # fmt: skip
    table = gpd.GeoDataFrame(rows, columns=columns(Habitats), geometry="geometry", crs="EPSG:4490")
    words = [c for c in table.columns if c not in {"geometry", "stated_area_ha"}]
    return table.astype(dict.fromkeys(words, "str") | {"stated_area_ha": "float64"})


BASE = patches(
    "A",
    stays=("mangrove", box(0, 1)),
    turns=("tidal_flat", box(2, 3)),
    grows=("salt_marsh", box(4, 5)),
    goes=("seagrass", box(8, 9)),
)
OTHER = patches(
    "B",
    stays=("mangrove", box(0, 1)),
    turned=("salt_marsh/Spartina alterniflora", box(2, 3)),
    grown=("salt_marsh", box(4, 6)),
    comes=("mangrove", box(10, 11)),
)


def rows(table):
    return {r["what"]: r for r in table.drop(columns="geometry").to_dict("records")}


def decided(table, decision):
    return table.assign(decision=pd.Series(decision, index=table.index, dtype="str"))


def test_each_kind_of_change_is_told_once_with_the_areas_of_both_sides():
    found = change.diff(BASE, OTHER, **SAID)
    validate_layer(PatchChanges, found, "EPSG:4490")
    assert found["what"].tolist() == ["reclassified", "reshaped", "removed", "added"]
    assert found["change_no"].tolist() == [1, 2, 3, 4]
    assert set(found["decision"]) == {"pending"}
    told = rows(found)
    one_ha = geodesy.area_ha(BASE.iloc[:1], "test")[0]
    turned = told["reclassified"]
    assert (turned["base_habitat_id"], turned["habitat_id"]) == ("turns", "turned")
    assert (turned["ecosystem_from"], turned["ecosystem_to"]) == ("tidal_flat", "salt_marsh")
    assert turned["species_to"] == "Spartina alterniflora"
    grown = told["reshaped"]
    assert (grown["area_from_ha"], grown["area_to_ha"]) == pytest.approx((one_ha, 2 * one_ha))
    gone, come = told["removed"], told["added"]
    assert (gone["base_habitat_id"], gone["source"]) == ("goes", "变更调查")
    assert pd.isna(gone["habitat_id"])
    assert np.isnan(gone["area_to_ha"])
    assert (come["habitat_id"], come["name_zh"], come["source"]) == ("comes", "地点comes", "B")
    assert pd.isna(come["base_habitat_id"])
    assert np.isnan(come["area_from_ha"])


def test_the_outline_of_a_change_is_the_new_one_and_the_old_one_where_the_patch_is_gone():
    found = change.diff(BASE, OTHER, **SAID)
    shapes = dict(zip(found["what"], found.geometry, strict=True))
    assert shapes["reshaped"].equals(box(4, 6))
    assert shapes["removed"].equals(box(8, 9))


def test_one_id_is_one_patch_wherever_it_lies():
    moved = patches("B", p=("mangrove", box(20, 21)))
    found = change.diff(patches("A", p=("mangrove", box(0, 1))), moved, **SAID)
    assert found["what"].tolist() == ["reshaped"]


def test_another_species_is_another_class_though_the_ecosystem_is_the_same():
    before = patches("A", p=("salt_marsh/Phragmites australis", box(0, 1)))
    after = patches("B", p=("salt_marsh/Spartina alterniflora", box(0, 1)))
    assert change.diff(before, after, **SAID)["what"].tolist() == ["reclassified"]


def test_other_words_on_the_same_ground_are_no_change():
    after = BASE.assign(note=BASE["source"], habitat_id=BASE["habitat_id"] + "-2")
    assert change.diff(BASE, after, **SAID).empty


def test_a_patch_cut_in_two_is_one_change_and_one_added_that_names_it():
    before = patches("A", p=("mangrove", box(0, 3)))
    after = patches("B", x=("mangrove", box(0, 2)), y=("mangrove", box(2, 3)))
    found = change.diff(before, after, **SAID)
    assert found["what"].tolist() == ["reshaped", "added"]
    assert found["habitat_id"].tolist() == ["x", "y"]
    assert found["note"].tolist()[1] == "其地面原属图斑 p / its ground was part of p"
    assert pd.isna(found["note"].iloc[0])


def test_two_patches_made_one_are_one_change_and_one_removed_that_names_it():
    before = patches("A", x=("mangrove", box(0, 2)), y=("mangrove", box(2, 3)))
    found = change.diff(before, patches("B", p=("mangrove", box(0, 3))), **SAID)
    assert found["what"].tolist() == ["reshaped", "removed"]
    assert found["note"].tolist()[1] == "其地面现属图斑 p / its ground is now part of p"


def test_of_two_candidates_the_one_of_the_same_class_is_the_patch():
    before = patches("A", p=("salt_marsh", box(0, 5)))
    after = patches("B", flat=("tidal_flat", box(0, 3)), marsh=("salt_marsh", box(3, 5)))
    found = change.diff(before, after, **SAID)
    assert list(zip(found["what"], found["habitat_id"], strict=True)) == [
        ("reshaped", "marsh"), ("added", "flat"),
    ]  # fmt: skip


def test_patches_that_only_touch_or_overlap_a_little_are_two():
    before = patches("A", p=("mangrove", box(0, 10)))
    after = patches("B", q=("mangrove", box(9, 19)))
    assert change.diff(before, after, **SAID)["what"].tolist() == ["removed", "added"]


def test_accepted_changes_are_applied_and_the_rest_stays_word_for_word():
    found = change.diff(BASE, OTHER, **SAID)
    made = change.applied(BASE, decided(found, "accepted"), survey_id="B")
    validate_layer(Habitats, made, "EPSG:4490")
    assert made["habitat_id"].tolist() == ["stays", "turned", "grown", "comes"]
    assert set(made["survey_id"]) == {"B"}
    assert made["stated_area_ha"].tolist()[0] == 5.0
    assert made["stated_area_ha"].isna().tolist() == [False, True, True, True]
    assert made["ecosystem"].tolist()[1] == "salt_marsh"


@pytest.mark.parametrize("decision", ["rejected", "pending"])
def test_what_is_not_accepted_leaves_the_base_as_it_was(decision):
    found = change.diff(BASE, OTHER, **SAID)
    made = change.applied(BASE, decided(found, decision), survey_id="B")
    same = BASE.assign(survey_id=made["survey_id"])
    pd.testing.assert_frame_equal(pd.DataFrame(made), pd.DataFrame(same))


def test_the_english_name_goes_with_the_chinese_one():
    after = patches("B", turns=("mangrove", box(2, 3)), grows=("mangrove", box(4, 5)))
    after.loc[1, "name_zh"] = "新名"
    found = change.diff(BASE.iloc[1:3].reset_index(drop=True), after, **SAID)
    made = change.applied(BASE, decided(found, "accepted"), survey_id="B").set_index("habitat_id")
    assert made["name_en"]["turns"] == "turns"
    assert pd.isna(made["name_en"]["grows"])


def test_a_change_of_a_patch_that_the_base_does_not_have_is_refused():
    found = decided(change.diff(BASE, OTHER, **SAID), "accepted")
    with pytest.raises(NotFoundError, match="no patch of the base survey 'goes'"):
        change.applied(BASE.iloc[:1], found, survey_id="B")


def test_a_survey_without_a_patch_is_all_added_or_all_removed():
    nothing = BASE.iloc[:0]
    assert set(change.diff(nothing, BASE, **SAID)["what"]) == {"added"}
    assert set(change.diff(BASE, nothing, **SAID)["what"]) == {"removed"}
    gone = decided(change.diff(BASE, nothing, **SAID), "accepted")
    assert change.applied(BASE, gone, survey_id="B").empty
