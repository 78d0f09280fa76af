"""What people wrote down for the build: places, sites and English names."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

HERE: Final = Path(__file__).resolve().parent


def places() -> pd.DataFrame:
    """Places and the county and city each lies in: ``county_code, county, city, lon, lat``."""
    return pd.read_csv(HERE / "zhejiang_places.csv", dtype={"county_code": str}, encoding="utf-8")


def sites() -> pd.DataFrame:
    """Sites to draw patches at; see the columns of ``embedded_sites.csv``."""
    text = dict.fromkeys(
        ["site", "city", "county", "clip_to", "ecosystem", "species", "provenance", "note"], "str"
    )
    return pd.read_csv(HERE / "embedded_sites.csv", dtype=text, encoding="utf-8-sig")


@cache
def _names() -> dict[tuple[str, str], str]:
    table = pd.read_csv(HERE / "names_en.csv", dtype=str, encoding="utf-8")
    keys = zip(table["kind"], table["name_zh"], strict=True)
    return dict(zip(keys, table["name_en"], strict=True))


def english(kind: str, name_zh: str) -> str:
    """English name of a ``province``, ``city``, ``county`` or ``site``.

    Raises:
        KeyError: If ``names_en.csv`` has no such row.
    """
    return _names()[kind, name_zh]
