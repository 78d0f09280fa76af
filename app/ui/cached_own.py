"""Caches of own areas: keyed by the outline itself, so that nobody is shown another's.

They are small: what somebody drew is forgotten as others draw.
"""

from __future__ import annotations

from bluecarbon_map import reports
from bluecarbon_map.errors import EmptyLayerError
from bluecarbon_map.export import to_bytes
from bluecarbon_map.reports import own_area
from ui import cached
from ui.keeping import shared


@shared(most=32)
def figures(
    version: str,
    survey_id: str,
    area: own_area.OwnArea,
    ecosystems: frozenset[str] | None,
    demonstration: bool,  # noqa: FBT001
) -> own_area.AreaFigures:
    """Numbers of a survey in an own area.

    Raises:
        InputError: If too many patches lie in it.
    """
    del version
    return own_area.area_figures(
        cached.workspace(), area, survey_id, ecosystems=ecosystems, demonstration=demonstration
    )


@shared(most=8)
def traced(
    version: str,
    survey_id: str,
    area: own_area.OwnArea,
    ecosystems: frozenset[str] | None,
    demonstration: bool,  # noqa: FBT001
) -> reports.Traced | None:
    """The same numbers, taken apart."""
    found = figures(version, survey_id, area, ecosystems, demonstration)
    return own_area.trace_area(cached.workspace(), found)


@shared(most=8)
def download(
    version: str,
    survey_id: str,
    area: own_area.OwnArea,
    ecosystems: frozenset[str] | None,
    demonstration: bool,  # noqa: FBT001
    suffix: str,
) -> bytes:
    """The file of one format, made when somebody asks for it."""
    found = figures(version, survey_id, area, ecosystems, demonstration)
    if found.summary.rows.empty:
        raise EmptyLayerError("own area")
    return to_bytes(own_area.area_bundle(cached.workspace(), found), suffix)
