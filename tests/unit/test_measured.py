"""Areas of a survey, written down and read back."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map import reports
from bluecarbon_map.reports import measured
from bluecarbon_map.store.folder import FolderStore


def _same(one, other):
    assert one.zone_ids == other.zone_ids
    assert one.kinds == other.kinds
    assert one.steps.dtype == other.steps.dtype == np.int64
    assert one.steps.tolist() == other.steps.tolist()
    assert one.demonstration_steps.tolist() == other.demonstration_steps.tolist()
    assert one.overlap_ha == other.overlap_ha
    assert one.warnings == other.warnings


def test_areas_of_a_survey_come_back_to_the_last_step(workspace_folder):
    areas = reports.measure(FolderStore(workspace_folder), "S-2022")
    _same(measured.read(measured.written(areas)), areas)


@given(
    st.lists(st.integers(0, 2**62), min_size=2, max_size=2),
    st.text(max_size=20),
    st.floats(0, 1e12),
)
def test_no_number_or_word_is_lost(steps, species, overlap_ha):
    areas = measured.Measured(
        zone_ids=("a", "(outside)"),
        kinds=(("mangrove", species or None),),
        steps=np.array([steps], dtype=np.int64).T,
        demonstration_steps=np.array([[0], [steps[1]]], dtype=np.int64),
        overlap_ha=overlap_ha,
        warnings=("重叠 0.1 ha",),
    )
    _same(measured.read(measured.written(areas)), areas)


def test_areas_with_and_without_demonstration_are_kept_apart():
    with_it = measured.name_of("S", demonstration=True)
    assert with_it != measured.name_of("S", demonstration=False)
    assert with_it != measured.name_of("T", demonstration=True)
