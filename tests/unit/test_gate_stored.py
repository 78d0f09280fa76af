"""Rows of a file held against the rows that a workspace has."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.gate.stored import difference


def _table(*rows):
    return pd.DataFrame(rows, columns=["id", "name", "amount"]).astype(
        {"id": "str", "name": "str", "amount": "float64"}
    )


def test_new_changed_and_same_rows_are_told_apart():
    stored = _table(("a", "甲", 1.0), ("b", "乙", None), ("c", "丙", 3.0))
    incoming = _table(("b", "乙", None), ("c", "丙", 4.0), ("d", None, 5.0))

    found = difference(stored, incoming, ["id"])

    assert found.new == (("d",),)
    assert found.changed == (("c",),)
    assert found.same == 1
    assert found.rows["id"].tolist() == ["c", "d"]


def test_an_amount_that_becomes_known_is_a_change():
    found = difference(_table(("a", "甲", None)), _table(("a", "甲", 0.0)), ["id"])
    assert found.changed == (("a",),)


def test_an_empty_store_makes_every_row_new():
    incoming = _table(("a", "甲", 1.0), ("b", "乙", 2.0))
    found = difference(incoming.iloc[:0], incoming, ["id"])
    assert found.new == (("a",), ("b",))
    assert found.same == 0


def test_one_moved_vertex_is_a_change():
    def layer(x):
        shapes = [shapely.box(0, 0, 1, 1), shapely.box(2, 2, x, 3)]
        return gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=shapes, crs="EPSG:4490")

    found = difference(layer(3), layer(3 + 1e-12), ["id"])
    assert found.changed == (("b",),)
    assert found.same == 1


def test_a_key_of_minus_zero_is_that_of_zero():
    stored = pd.DataFrame({"depth_cm": [0.0], "name": ["甲"]})
    found = difference(stored, stored.assign(depth_cm=-0.0, name="乙"), ["depth_cm"])
    assert found.changed == (("0.0",),)


_ROWS = st.lists(
    st.tuples(st.text(max_size=3), st.none() | st.text(max_size=3), st.none() | st.floats(0, 9)),
    unique_by=lambda row: row[0],
    max_size=6,
)


@given(_ROWS, _ROWS)
def test_every_row_is_new_changed_or_the_same(stored, incoming):
    found = difference(_table(*stored), _table(*incoming), ["id"])
    assert len(found.new) + len(found.changed) + found.same == len(incoming)
    assert len(found.rows) == len(found.new) + len(found.changed)


@given(_ROWS)
def test_a_file_taken_in_twice_changes_nothing(rows):
    found = difference(_table(*rows), _table(*rows), ["id"])
    assert found.same == len(rows)
    assert found.rows.empty
