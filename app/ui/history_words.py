"""What the kinds of changes, tables and facts of the history are called."""

from __future__ import annotations

from ui.words import _


def kinds() -> dict[str, str]:
    """Kinds of `store.base.Change`."""
    return {
        "begin": _("workspace made"),
        "import": _("import"),
        "edit": _("edit"),
        "review": _("review of changes"),
        "undo": _("undo"),
        "redo": _("redo"),
    }


def tables() -> dict[str, str]:
    """Tables of a store."""
    return {
        "workspace": _("the workspace itself"),
        "zones": _("zones"),
        "land": _("land of the map"),
        "surveys": _("survey passports"),
        "extents": _("extents of surveys"),
        "habitats": _("habitat patches"),
        "patch_changes": _("changes of patches"),
        "sites": _("sites"),
        "observations": _("observations"),
        "core_slices": _("soil core slices"),
        "targets": _("targets"),
        "projects": _("restoration projects"),
        "visits": _("visits"),
        "registers": _("statements of completeness"),
        "rasters": _("rasters"),
        "harvests": _("harvests"),
        "transactions": _("carbon trades"),
        "instruments": _("financial instruments"),
        "policies": _("policies"),
        "duties": _("duties"),
        "factors": _("coefficients"),
    }


def table(name: str) -> str:
    """A table in words; its own name where there are none."""
    return tables().get(name, name)
