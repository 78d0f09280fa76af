"""What the colours of gain and loss mean, with their hectares in the place looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element

from bluecarbon_map import reports
from bluecarbon_map.change import Ground
from bluecarbon_map.tiles import GROUND_INKS
from ui import cached, cached_changes, elements, legend_rows, naming, numbers, state
from ui.words import _

ORDER: Final = (Ground.GAIN, Ground.LOSS, Ground.CHANGED, Ground.KEPT, Ground.UNKNOWN)


def name(kind: Ground) -> str:
    """A kind of change in words of the page."""
    return {
        Ground.KEPT: _("unchanged"),
        Ground.CHANGED: _("another class or species"),
        Ground.GAIN: _("gain"),
        Ground.LOSS: _("loss"),
        Ground.UNKNOWN: _("only one survey can tell: unknown, neither gain nor loss"),
    }[kind]


def amounts(found: reports.GroundChanges, chosen: state.Choices) -> dict[Ground, float]:
    """Hectares of each kind in the place looked at, in the order they are read."""
    version = cached.workspace().version
    place = chosen.zone_id or cached.workspace().info.zone_id
    zones = cached_changes.zones_in(version, found, place)
    told = found.amounts(zones, chosen.ecosystem)
    return {kind: told[kind] for kind in ORDER if kind in told}


def entries(found: reports.GroundChanges, chosen: state.Choices) -> list[Element]:
    """Rows of the legend of the map: colour, name, hectares."""
    made = [elements.tag("div", _title(found, chosen), "legend-title")]
    for kind, area_ha in amounts(found, chosen).items():
        amount = numbers.plain(area_ha, 1, state.language())
        made.append(legend_rows.row(swatch(kind), name(kind), amount))
    if len(made) == 1:
        made.append(elements.small(_("Neither survey has anything on record here.")))
    return [*made, *(elements.small(text) for text in rules(found, chosen))]


def too_many() -> str:
    """Said where two surveys are too large to be laid over each other."""
    return _(
        "Together these surveys have more than {most} patches: so many are not laid over each "
        "other, and gain and loss are not told. Areas by zone can still be compared."
    ).format(most=f"{reports.MOST_LAID_OVER:,}")


def rules(found: reports.GroundChanges, chosen: state.Choices) -> list[str]:
    """What must be said beside gain and loss."""
    said = [_("Lines drawn otherwise in the two surveys look like change")]
    if not all(found.extents):
        said.append(_("Extent of the survey not stated: what it missed is unknown"))
    if chosen.demonstration and found.ways["demonstration"].any():
        said.append(_("Lighter: demonstration data"))
    return said


def swatch(kind: Ground) -> Element:
    """A square in the colour of a kind, hatched where it is unknown."""
    if kind is Ground.UNKNOWN:
        return elements.tag("span", "", "swatch hatched")
    return elements.tag("span", "", "swatch", style=f"background:{GROUND_INKS[kind]}")


def _title(found: reports.GroundChanges, chosen: state.Choices) -> str:
    words = _("Change in ha, {before} to {after}")
    title = words.format(**dict(zip(("before", "after"), years(found), strict=True)))
    names = cached.regions(cached.workspace().version, state.language()).names
    place = names[chosen.zone_id or cached.workspace().info.zone_id]
    kind = [] if chosen.ecosystem is None else [naming.ecosystem_name(chosen.ecosystem)]
    return " · ".join([place, *kind, title])


def years(found: reports.GroundChanges) -> Sequence[str]:
    """Years of both surveys."""
    version = cached.workspace().version
    return [str(cached.survey_year(version, one)) for one in (found.from_id, found.to_id)]
