"""Lines that every export of a workspace carries: what it is, and what it is not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

import pandas as pd

from bluecarbon_map.errors import NotFoundError
from bluecarbon_map.reports.blocks import blocks
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import Provenance

NOT_REVIEWED: Final = "未审图，仅供内部使用 / map not reviewed, internal use only"

DEMONSTRATION: Final = (
    "含演示数据，不得作为正式数引用 / contains demonstration data: not an official figure"
)

_PROVENANCE: Final = {
    Provenance.SURVEY: "调查 / survey",
    Provenance.PUBLISHED: "已发布 / published",
    Provenance.INDICATIVE: "示意 / indicative",
    Provenance.DEMONSTRATION: "演示 / demonstration",
}

_YES: Final = b"yes"
_MARKED: Final = ("surveys", "habitats", "projects", "rasters")
"""Tables whose records say whether they are demonstration data."""

_DCW: Final = "DCW"
_DCW_LICENCE: Final = "DCW (GMT), LGPL-3"


def notes(store: Workspace, survey_id: str) -> list[str]:
    """What an export says of itself, Chinese and English in one line each.

    That demonstration data are in it is for `bundle` to say, which knows what was left in.

    Raises:
        NotFoundError: If there is no such survey.
    """
    return [_survey(store, survey_id), *workspace_notes(store)]


def workspace_notes(store: Workspace) -> list[str]:
    """What holds for every table of a workspace: its zones, its review number, its outlines."""
    info = store.info
    number = info.map_review_number
    return [
        f"{info.zones_label_zh} / {info.zones_label_en}",
        f"审图号：{number} / map review number {number}" if number else NOT_REVIEWED,
        *_outlines(store),
    ]


def _survey(store: Workspace, survey_id: str) -> str:
    surveys = store.surveys()
    found = surveys[surveys["survey_id"] == survey_id]
    if found.empty:
        raise NotFoundError("survey", survey_id, surveys["survey_id"].tolist())
    row = found.iloc[0]
    kind = _PROVENANCE[Provenance(row["provenance"])]
    return f"{row['title_zh']} / {row['title_en']}; {survey_id}; {row['year']}; {kind}"


def _outlines(store: Workspace) -> list[str]:
    """Where the zones' outlines come from, with the licence that DCW asks to be named."""
    said = store.zones()["source"].drop_duplicates().tolist()
    return [
        f"分区轮廓 / outlines: {one}{f'; {_DCW_LICENCE}' if _DCW in one else ''}" for one in said
    ]


def has_demonstration(store: Workspace) -> bool:
    """Whether any patch, project or raster is demonstration data; kept once known."""
    found = store.kept(
        "has-demonstration", of=_MARKED, make=lambda: _YES if _has_demonstration(store) else b"no"
    )
    return found == _YES


def _has_demonstration(store: Workspace) -> bool:
    surveys = store.surveys()["survey_id"]
    patches = (block.habitats for survey_id in surveys for block in blocks(store, survey_id))
    tables: Iterator[pd.DataFrame] = chain((store.projects(), store.rasters()), patches)
    return any(bool((table["provenance"] == Provenance.DEMONSTRATION).any()) for table in tables)
