"""Which column means what, and what the words in it mean."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from bluecarbon_map.ecosystems import recognise
from bluecarbon_map.errors import (
    ColumnError,
    DuplicateIdError,
    InputError,
    UnknownEcosystemError,
)
from bluecarbon_map.tables import OUTSIDE

ECOSYSTEM_COLUMNS: Final = ("ecosystem", "habitat", "class", "type", "生态系统", "类型", "地类")
SPECIES_COLUMNS: Final = ("species", "优势种", "物种")
ID_COLUMNS: Final = ("id", "site_id", "habitat_id", "code", "编号", "编码")
ZONE_ID_COLUMNS: Final = ("zone_id", *ID_COLUMNS)
NAME_COLUMNS: Final = ("name", "name_zh", "zone_name", "名称")

FIRST_ROW: Final = 1
"""Rows are counted from 1 in messages, as a reader counts them."""


def attributes(layer: gpd.GeoDataFrame) -> list[str]:
    """Names of the columns that are no geometry."""
    return [str(column) for column in layer.columns if column != layer.geometry.name]


def _folded(name: object) -> str:
    return unicodedata.normalize("NFKC", str(name)).strip().casefold()


def column_of(
    layer: gpd.GeoDataFrame,
    path: str,
    asked: str | None,
    usual: Sequence[str],
    *,
    needed: bool = False,
) -> str | None:
    """The column that was asked for, else the first of the usual names that is there."""
    if asked in (columns := attributes(layer)):
        return asked
    names = (asked,) if asked else usual
    for name in names:
        alike = [column for column in columns if _folded(column) == _folded(name)]
        if len(alike) > 1:
            raise ColumnError(
                path,
                f"columns {listed(alike)} differ only in case or width",
                "Name one of them exactly, or leave the others out",
            )
        if alike:
            return alike[0]
    if asked or needed:
        raise ColumnError(
            path,
            f"there is no column {' / '.join(names)}; there are: {listed(columns)}",
            "Name the right one, e.g. with --ecosystem-column or --zone-column",
        )
    return None


def zone_columns(
    layer: gpd.GeoDataFrame, path: str, zone_column: str | None
) -> tuple[str, str | None]:
    """The column of the id and, if there is one, of the name; a name alone serves as both."""
    ids = column_of(layer, path, zone_column, ZONE_ID_COLUMNS)
    names = column_of(layer, path, None, NAME_COLUMNS)
    ids = ids if ids is not None else names
    if ids is None:
        raise ColumnError(
            path,
            f"no column names the zone; there are: {listed(attributes(layer))}",
            "Name it with --zone-column",
        )
    return ids, names


def zone_ids(column: pd.Series[Any], path: str, name: str) -> pd.Series[Any]:
    """Ids as text, each there and each once."""
    text = column.map(plain, na_action="ignore").astype("str").str.strip()
    empty = np.nonzero((text.isna() | (text == "")).to_numpy())[0]
    if len(empty):
        raise ColumnError(
            path, "the zone has no id", "Fill it in", rows=list(empty + FIRST_ROW), column=name
        )
    if doubled := doubled_rows(text):
        raise DuplicateIdError(
            path,
            "the same zone id stands on several rows",
            "Dissolve them into one row a zone, or name another column with --zone-column",
            rows=doubled,
            column=name,
        )
    ours = np.nonzero((text == OUTSIDE).to_numpy())[0]
    if len(ours):
        raise ColumnError(
            path,
            f"{OUTSIDE} is the id of ground in no zone",
            "Call the zone something else",
            rows=list(ours + FIRST_ROW),
            column=name,
        )
    return text


def ecosystems(words: pd.Series[Any], path: str, column: str) -> tuple[list[str], list[str | None]]:
    """Ecosystem, and species where the word names one, of every row.

    Raises:
        UnknownEcosystemError: If a word names no ecosystem; lists rows and words.
    """
    found = [None if _is_missing(word) else recognise(word) for word in words]
    unknown = [row for row, known in enumerate(found) if known is None]
    if unknown:
        said = sorted({_shown(words.iloc[row]) for row in unknown})
        raise UnknownEcosystemError(
            path,
            f"{listed(said)} names no ecosystem",
            "Use names such as mangrove, 红树林, salt_marsh, tidal_flat, or land-survey codes; "
            "further words are rows of data/vocabulary/words.csv",
            rows=[row + FIRST_ROW for row in unknown],
            column=column,
        )
    known = [pair for pair in found if pair is not None]
    return [pair[0] for pair in known], [pair[1] for pair in known]


def species_of(word: Any) -> str | None:  # noqa: ANN401
    """Scientific name of a known species, else the word as it is."""
    if _is_missing(word) or not str(word).strip():
        return None
    known = recognise(word)
    return known[1] if known and known[1] else str(word).strip()


def refined(
    words: pd.Series[Any],
    ecosystem: Sequence[str],
    implied: Sequence[str | None],
    path: str,
    column: str,
) -> list[str | None]:
    """Species of every row: what its column says, else what the word for the ecosystem implied.

    Raises:
        InputError: If a species does not live in its ecosystem, or is another than the implied one;
            lists the rows.
    """
    said = [species_of(word) for word in words]
    wrong = [
        row
        for row, (one, home, known) in enumerate(zip(said, ecosystem, implied, strict=True))
        if one is not None and _contradicts(one, home, known)
    ]
    if wrong:
        found = [f"{_shown(words.iloc[row])} in {implied[row] or ecosystem[row]}" for row in wrong]
        raise InputError(
            path,
            f"the species contradicts the ecosystem: {listed(list(dict.fromkeys(found)))}",
            "Correct one of the two, or empty the cell of the species",
            rows=[row + FIRST_ROW for row in wrong],
            column=column,
        )
    return [one or known for one, known in zip(said, implied, strict=True)]


def _contradicts(species: str, ecosystem: str, implied: str | None) -> bool:
    known = recognise(species)
    lives_elsewhere = known is not None and known[0] != ecosystem
    return lives_elsewhere or (implied is not None and implied != species)


def doubled_rows(values: pd.Series[Any]) -> list[int]:
    """Rows whose value another row has too; a missing value is nobody's double."""
    text = values.map(plain, na_action="ignore")
    return list(np.nonzero((text.duplicated(keep=False) & text.notna()).to_numpy())[0] + FIRST_ROW)


def plain(value: object) -> str:
    """A code as text; a whole number that a spreadsheet made a float loses its ``.0``."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _is_missing(value: Any) -> bool:  # noqa: ANN401
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _shown(value: Any) -> str:  # noqa: ANN401
    return "an empty cell" if _is_missing(value) else str(value)[:40]


def listed(values: Sequence[object], most: int = 8) -> str:
    """The first few values, and how many more there are."""
    more = f" and {len(values) - most} more" if len(values) > most else ""
    return ", ".join(str(value) for value in values[:most]) + more
