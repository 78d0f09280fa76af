"""Laws of survey against survey, on surveys drawn on a chequerboard."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bluecarbon_map import change, geodesy
from bluecarbon_map.tables import Habitats, PatchChanges, columns, validate_layer

SAID = {"survey_id": "B", "provenance": "survey", "source": "变更调查"}
SIDE = 4
KINDS = ("mangrove", "salt_marsh", "tidal_flat")


def survey(survey_id, cells, kinds, prefix):
    """Cells of one number are one patch, 0 is nothing; ``kinds`` says what each number is."""
    rows = []
    for number in sorted(set(cells) - {0}):
        own = [at for at, cell in enumerate(cells) if cell == number]
        squares = [
            shapely.box(121 + x / 100, 28 + y / 100, 121.01 + x / 100, 28.01 + y / 100)
            for y, x in (divmod(at, SIDE) for at in own)
        ]
        rows.append({
            "habitat_id": f"{prefix}{number}", "survey_id": survey_id, "name_zh": None,
            "name_en": None, "ecosystem": kinds[number - 1], "species": None,
            "stated_area_ha": np.nan, "provenance": "survey", "source": survey_id, "note": None,
            "geometry": shapely.union_all(squares),
        })  # fmt: skip
    table = gpd.GeoDataFrame(rows, columns=columns(Habitats), geometry="geometry", crs="EPSG:4490")
    words = [c for c in table.columns if c not in {"geometry", "stated_area_ha"}]
    return table.astype(dict.fromkeys(words, "str") | {"stated_area_ha": "float64"})


@st.composite
def surveys(draw, survey_id="A"):
    cells = draw(st.lists(st.integers(0, 5), min_size=SIDE**2, max_size=SIDE**2))
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=5, max_size=5))
    return survey(survey_id, cells, kinds, draw(st.sampled_from(["p", survey_id])))


def by_class(habitats):
    area = pd.Series(geodesy.area_ha(habitats, "test"), index=habitats["ecosystem"].tolist())
    return area.groupby(level=0).sum().reindex(list(KINDS), fill_value=0.0).to_numpy()


def decided(table, decisions):
    return table.assign(decision=pd.Series(decisions, index=table.index, dtype="str"))


@settings(max_examples=40)
@given(surveys())
def test_a_survey_does_not_differ_from_itself(base):
    assert change.diff(base, base, **SAID).empty


@settings(max_examples=40)
@given(surveys("A"), surveys("B"))
def test_all_changes_accepted_have_the_ground_of_the_other_survey(base, other):
    found = change.diff(base, other, **SAID)
    made = change.applied(base, decided(found, "accepted"), survey_id="B")
    np.testing.assert_allclose(by_class(made), by_class(other), rtol=1e-9, atol=1e-9)


@settings(max_examples=40)
@given(surveys("A"), surveys("B"))
def test_areas_of_the_changes_add_up_to_the_difference_of_the_surveys(base, other):
    found = change.diff(base, other, **SAID)
    moved = found["area_to_ha"].sum() - found["area_from_ha"].sum()
    assert moved == pytest.approx((by_class(other) - by_class(base)).sum(), abs=1e-6)


@settings(max_examples=40)
@given(surveys("A"), surveys("B"), st.data())
def test_any_decision_gives_a_survey_that_keeps_its_contract(base, other, data):
    found = change.diff(base, other, **SAID)
    validate_layer(PatchChanges, found, "EPSG:4490")
    words = st.sampled_from(["accepted", "rejected", "pending"])
    decisions = data.draw(st.lists(words, min_size=len(found), max_size=len(found)))
    made = change.applied(base, decided(found, decisions), survey_id="B")
    validate_layer(Habitats, made, "EPSG:4490")
    accepted = found[np.array(decisions, dtype=object) == "accepted"]
    moved = accepted["area_to_ha"].sum() - accepted["area_from_ha"].sum()
    assert moved == pytest.approx((by_class(made) - by_class(base)).sum(), abs=1e-6)
