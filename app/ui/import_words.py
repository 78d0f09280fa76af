"""Words of the import: kinds of files, steps, and what a survey can be."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from bluecarbon_map.gate.kinds import Kind
from ui import elements
from ui.import_state import ExtentKind, Step
from ui.words import _


def kinds() -> dict[Kind, tuple[str, str]]:
    """Name of each kind of file, and one sentence on it."""
    return {
        Kind.HABITATS: (
            _("Habitat patches"),
            _("Outlines of mangrove, salt marsh, seagrass … of one survey."),
        ),
        Kind.ZONES: (
            _("Zones"),
            _("Outlines of cities, counties or protected areas that results are added up over."),
        ),
        Kind.SITES: (_("Sites"), _("Points that are observed: a table with longitude, latitude.")),
        Kind.CORES: (_("Soil cores"), _("Slices of cores: depth, bulk density, carbon.")),
        Kind.PROJECTS: (
            _("Restoration projects"),
            _("One row a project and indicator, the amount of each stage in its own column."),
        ),
        Kind.TRANSACTIONS: (_("Carbon trades"), _("One row a trade: amount, price, day.")),
        Kind.HARVESTS: (_("Harvests"), _("Wet tonnes of farmed algae and shellfish.")),
        Kind.TARGETS: (
            _("Targets of plans"),
            _("One row a target: amount, unit, first and last day."),
        ),
        Kind.REGISTERS: (
            _("Complete lists of projects"),
            _("Up to which day the list of projects of a target and zone is complete."),
        ),
        Kind.RASTER: (
            _("Raster"),
            _("A GeoTIFF, or a zip of its tiles: classes of ground, or a measured quantity."),
        ),
    }


def steps() -> dict[Step, str]:
    """What the steps are called."""
    return {
        Step.FILE: _("Your file"),
        Step.COLUMNS: _("Columns"),
        Step.CHECK: _("Check"),
        Step.PREVIEW: _("Preview"),
        Step.DONE: _("Done"),
    }


def step_line(now: Step) -> Element:
    """All steps as one line, the present one marked."""
    line = elements.tag("ol", "", "import-steps")
    order = list(Step)
    for step, name in steps().items():
        at = order.index(step) - order.index(now)
        look = "now" if at == 0 else "past" if at < 0 else ""
        item = elements.tag("li", name, look)
        if at == 0:
            item.set("aria-current", "step")
        line.append(item)
    return line


def modes() -> dict[str, str]:
    """Modes of a survey."""
    return {
        "baseline": _("baseline survey"),
        "change": _("change survey"),
        "special": _("special survey"),
        "emergency": _("emergency survey"),
    }


def means() -> dict[str, str]:
    """Means of a survey."""
    return {
        "remote_sensing": _("remote sensing"),
        "fixed_station": _("fixed stations"),
        "mobile": _("mobile (ship, drone, on foot)"),
        "none": _("none: drawn or compiled"),
    }


def extents() -> dict[ExtentKind, str]:
    """How the ground that was looked at can be stated."""
    return {
        ExtentKind.NONE: _("not stated"),
        ExtentKind.ZONE: _("the ground of a zone"),
        ExtentKind.HULL: _("hull of the patches: all between them was looked at"),
        ExtentKind.OUTLINE: _("an outline in a file of its own"),
    }


def phases() -> dict[str, str]:
    """What the gate does meanwhile."""
    return {
        "": _("Starting"),
        "waiting": _("Another file is being checked; yours is next"),
        "reading": _("Reading the file"),
        "placing": _("Checking coordinates and outlines"),
        "attributes": _("Checking columns and values"),
        "writing": _("Writing the rows aside"),
        "comparing": _("Comparing with what is stored"),
        "storing": _("Storing"),
        "done": _("Finishing"),
    }
