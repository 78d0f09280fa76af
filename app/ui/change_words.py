"""Words of the changes that a survey makes: what happened, what was decided, the areas."""

from __future__ import annotations

from collections.abc import Mapping

from bluecarbon_map.tables import Decision, PatchChange
from ui import naming, numbers, state
from ui.chart_words import MINUS
from ui.words import _


def plain(value: float) -> str:
    """An area in ha, in figures."""
    return numbers.plain(value, 1, state.language())


def signed(value: float) -> str:
    """A difference in ha; the words for none where one side has no area."""
    text = plain(value)
    return f"+{text}" if value > 0 and text != plain(0.0) else text.replace("-", MINUS)


def side(row: Mapping[str, object], when: str) -> str:
    """Class and area of a patch on one side; a dash where there is none."""
    ecosystem, species = row[f"ecosystem_{when}"], row[f"species_{when}"]
    if ecosystem is None:
        return "–"
    name = naming.ecosystem_name(str(ecosystem))
    if species is not None:
        name = f"{name} · {naming.species_name(str(species))}"
    return f"{name} {plain(float(str(row[f'area_{when}_ha'])))}"


def what_name(what: str) -> str:
    """Kind of a change, in words."""
    return {
        PatchChange.ADDED: _("added"),
        PatchChange.REMOVED: _("removed"),
        PatchChange.RECLASSIFIED: _("class changed"),
        PatchChange.RESHAPED: _("outline changed"),
    }[PatchChange(what)]


def decision_name(decision: str) -> str:
    """What was decided, in words."""
    return {
        Decision.PENDING: _("still open"),
        Decision.ACCEPTED: _("adopted"),
        Decision.REJECTED: _("rejected"),
    }[Decision(decision)]
