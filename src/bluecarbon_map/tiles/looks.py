"""How patches look: every colour there is, and in which order they are painted over each other."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bluecarbon_map.ecosystems import ECOSYSTEMS, SPECIES, colour
from bluecarbon_map.tables import Provenance

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

PLAIN: Final = frozenset({"island_vegetation", "sea_water"})
"""Ecosystems that need no help to be seen; widened, they would hide the rare ones."""


def _looks() -> tuple[tuple[str, str], ...]:
    found = {(key, colour(key, species)) for key in ECOSYSTEMS for species in (None, *SPECIES)}
    return tuple(sorted(found, key=lambda look: (-ECOSYSTEMS[look[0]].priority, look[1])))


LOOKS: Final = _looks()
"""Ecosystem and colour of each look, the one painted first first: the rarer lie on top."""

ECOSYSTEM_AT: Final = {key: at for at, key in enumerate(ECOSYSTEMS)}
"""Place of each ecosystem in the vocabulary."""

_AT: Final = {look: at for at, look in enumerate(LOOKS)}


def look_of(ecosystem: str, species: object) -> int:
    """Place in `LOOKS` of a patch."""
    known = species if isinstance(species, str) else None
    return _AT[ecosystem, colour(ecosystem, known)]


def looks_of(habitats: gpd.GeoDataFrame) -> IntArray:
    """Place in `LOOKS` of every patch, contract `tables.Habitats`."""
    ecosystem = pd.Categorical(habitats["ecosystem"])
    species = pd.Categorical(habitats["species"])
    table = np.array(
        [
            [look_of(key, kind) for kind in (*species.categories, None)]
            for key in ecosystem.categories
        ],
        dtype=np.int64,
    ).reshape(-1, len(species.categories) + 1)
    found: IntArray = table[ecosystem.codes, species.codes]  # a missing species is -1: the last
    return found


def demonstration_of(habitats: gpd.GeoDataFrame) -> BoolArray:
    """Which patches are demonstration data."""
    found: BoolArray = (habitats["provenance"] == Provenance.DEMONSTRATION.value).to_numpy(bool)
    return found


def shown_looks(ecosystems: Collection[str] | None) -> BoolArray:
    """Which of `LOOKS` are drawn; None for all ecosystems."""
    return np.array([ecosystems is None or key in ecosystems for key, _ in LOOKS])
