"""What the fields of a project are called, and how their values are shown."""

from __future__ import annotations

from typing import Any

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.tables import Indicator
from ui import cached, gauges, naming, numbers, state
from ui.words import _


def fields() -> dict[str, str]:
    """Column → label, in the order of the form."""
    stages = gauges.stage_names()
    return {
        "project_id": _("Id of the project"),
        "name_zh": _("Chinese name"),
        "name_en": _("English name"),
        "zone_id": _("Zone"),
        "indicator": _("What the amounts count"),
        "ecosystem": _("Ecosystem"),
        "unit": _("Unit"),
        **{stage: stages[stage] for stage in ("planned", "started", "completed")},
        "accepted": stages["accepted"],
        "surviving": stages["surviving"],
        "completed_on": _("Finished on"),
        "accepted_on": _("Accepted on"),
        "reported_on": _("Latest report of"),
        "part_of": _("Already counted in project"),
        "provenance": _("Kind of record"),
        "source": _("Source"),
        "note_zh": _("Note, Chinese"),
        "note_en": _("Note, English"),
    }


def indicators() -> dict[str, str]:
    """What a project may count."""
    return {
        Indicator.COASTAL_WETLAND_RESTORED: _("Coastal wetland restored"),
        Indicator.MANGROVE_NEW: _("Mangrove newly planted"),
        Indicator.MANGROVE_RESTORED: _("Mangrove restored"),
        Indicator.SHORELINE_RESTORED: _("Shoreline restored"),
    }


def value(column: str, found: Any) -> str:  # noqa: ANN401
    """A value of a field, in words."""
    if found is None:
        return numbers.no_data(state.language())
    if column == "zone_id":
        names = cached.regions(cached.workspace().version, state.language()).names
        return names.get(found, str(found))
    if column == "ecosystem" and found in ECOSYSTEMS:
        return naming.ecosystem_name(found)
    if column == "indicator":
        return indicators().get(found, str(found))
    if column == "provenance":
        return naming.provenance_name(found)
    if column == "unit":
        return gauges.unit_name(found)
    return numbers.compact(found) if isinstance(found, float) else str(found)
