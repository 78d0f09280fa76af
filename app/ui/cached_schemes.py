"""Caches of the schemes side by side, kept and forgotten as those of `cached`."""

from __future__ import annotations

from bluecarbon_map import reports
from bluecarbon_map.export import to_bytes
from ui import cached
from ui.keeping import shared

Asked = tuple[str, str | None, str | None, frozenset[str] | None, bool]
"""Version, survey, zone, ecosystems, whether demonstration data count."""


@shared(most=128)
def results(
    version: str,
    survey_id: str | None,
    zone_id: str | None,
    ecosystems: frozenset[str] | None,
    demonstration: bool,  # noqa: FBT001
) -> tuple[reports.SchemeResult, ...]:
    """A survey under every scheme; none where nothing is on record."""
    areas = cached.measured(version, survey_id, demonstration)
    if areas is None:
        return ()
    return reports.side_by_side(
        cached.workspace(), survey_id, zone_id, ecosystems=ecosystems, measured=areas
    )


@shared(most=16)
def file(asked: Asked, suffix: str) -> bytes:
    """The same as a file of one format, made when somebody asks for it."""
    said = reports.notes(cached.workspace(), asked[1] or "")
    return to_bytes(reports.standards_bundle(results(*asked), notes=said), suffix)
