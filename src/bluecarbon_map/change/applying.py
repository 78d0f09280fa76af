"""The survey that a base survey and the accepted changes make."""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import pandas as pd

from bluecarbon_map.errors import NotFoundError
from bluecarbon_map.tables import Decision, Habitats, PatchChange, columns, typed


def applied(
    base: gpd.GeoDataFrame, changes: gpd.GeoDataFrame, *, survey_id: str
) -> gpd.GeoDataFrame:
    """The base survey with the accepted changes; what is rejected or pending stays as it was.

    A patch that is not changed keeps every word of the base. One that is changed or added has the
    id, name, kind of record and source of the change. The area that a source stated and the note
    go, for they spoke of the patch as it was; the English name stays where the Chinese one does.

    Args:
        base: Contract `tables.Habitats`.
        changes: Contract `tables.PatchChanges`, of one change survey.
        survey_id: Survey that the patches belong to now.

    Returns:
        Contract `tables.Habitats`: what the base keeps in its order, then what is new.

    Raises:
        NotFoundError: If a change is of a patch that the base survey does not have.
    """
    accepted = changes[changes["decision"] == Decision.ACCEPTED.value]
    touched = set(accepted["base_habitat_id"].dropna())
    _require(touched, base["habitat_id"].tolist())
    kept = base[~base["habitat_id"].isin(touched)]
    new = _patches(accepted[accepted["what"] != PatchChange.REMOVED.value], base)
    both = pd.concat([part for part in (kept, new) if len(part)] or [kept], ignore_index=True)
    mine = pd.Series(survey_id, index=both.index, dtype="str")
    return gpd.GeoDataFrame(both.assign(survey_id=mine), geometry="geometry", crs=base.crs)


def _require(wanted: Collection[str], known: list[str]) -> None:
    missing = sorted(set(wanted).difference(known))
    if missing:
        raise NotFoundError("patch of the base survey", missing[0], known)


def _patches(changes: gpd.GeoDataFrame, base: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Patches as the changes say they are now."""
    before = base.set_index("habitat_id").reindex(changes["base_habitat_id"])
    before.index = changes.index
    named_alike = (changes["name_zh"] == before["name_zh"]).fillna(value=False)
    said = {
        "habitat_id": changes["habitat_id"].fillna(changes["base_habitat_id"]),
        "survey_id": changes["survey_id"],
        "name_zh": changes["name_zh"],
        "name_en": before["name_en"].where(named_alike),
        "ecosystem": changes["ecosystem_to"],
        "species": changes["species_to"],
        "stated_area_ha": float("nan"),
        "provenance": changes["provenance"],
        "source": changes["source"],
        "note": None,
    }
    table = pd.DataFrame(said, index=changes.index)
    made = typed(table, Habitats).assign(geometry=changes.geometry)
    return gpd.GeoDataFrame(made[columns(Habitats)], geometry="geometry", crs=base.crs)
