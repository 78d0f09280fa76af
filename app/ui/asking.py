"""What `cached.summary` is asked for, by the choices of a session."""

from __future__ import annotations

from bluecarbon_map.tables import Level
from ui import cached, state

Asked = tuple[str, str | None, Level, str | None, frozenset[str] | None, bool, str, str | None]
"""Version, survey, level, zone, ecosystems, whether demonstration data count, language, set."""


def summary(
    chosen: state.Choices, level: Level, zone_id: str | None, factor_set: str | None
) -> Asked:
    """The arguments of `cached.summary`, in their order.

    Args:
        chosen: Survey, ecosystems and whether demonstration data count.
        level: Level of the rows.
        zone_id: Only zones in this one; None for the whole region.
        factor_set: Set of coefficients; None for the workspace's own.
    """
    return (
        cached.workspace().version,
        chosen.survey_id,
        level,
        zone_id,
        chosen.ecosystems,
        chosen.demonstration,
        state.language(),
        factor_set,
    )
