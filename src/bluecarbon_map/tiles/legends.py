"""What the colours of a raster mean: its classes, or the steps of its ramp."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from bluecarbon_map.ecosystems import CLASS_CODES, ECOSYSTEMS, SPECIES, colour
from bluecarbon_map.errors import InputError
from bluecarbon_map.tables import RasterKind
from bluecarbon_map.tiles.palettes import RAMP

_ENDS: Final = ("low", "high")

Passport = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LegendClass:
    """One class of a legend.

    Attributes:
        code: Its number in the raster.
        name: Its name in the language asked for.
        colour: ``#RRGGBB``.
    """

    code: int
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class LegendStop:
    """One step of a ramp: ``value`` in the raster's unit, and its colour."""

    value: float
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """What the colours of a raster mean.

    Attributes:
        classes: Of a class raster; empty for another.
        stops: Of a continuous one, from low to high; empty for classes.
        quantity: What is measured; None for classes, or where the passport does not say.
        unit: Unit of the stops; None where they have none.
    """

    classes: tuple[LegendClass, ...] = ()
    stops: tuple[LegendStop, ...] = ()
    quantity: str | None = None
    unit: str | None = None


def legend(
    passport: Passport, language: str = "zh", codes: Collection[int] | None = None
) -> Legend:
    """The legend of a raster.

    Args:
        passport: A row of `tables.Rasters`.
        language: ``zh`` or ``en``.
        codes: Of a class raster, the codes to name; None for all there are.

    Raises:
        InputError: If a continuous raster's passport names no range for its colours.
    """
    if passport["kind"] == RasterKind.CLASSES:
        named = (one for one in CLASS_CODES if codes is None or one in codes)
        return Legend(
            classes=tuple(
                LegendClass(one, class_name(one, language), colour(*CLASS_CODES[one]))
                for one in sorted(named, key=rank)
            )
        )
    low, high = value_range(passport)
    return Legend(
        stops=tuple(
            LegendStop(float(value), tint)
            for value, tint in zip(np.linspace(low, high, len(RAMP)).round(6), RAMP, strict=True)
        ),
        quantity=_text(passport[f"quantity_{language}"]),
        unit=_text(passport["unit"]),
    )


def class_name(class_code: int, language: str = "zh") -> str:
    """Name of a class: its species' where the class is one, else its ecosystem's.

    Raises:
        KeyError: If the code names none.
    """
    ecosystem, species = CLASS_CODES[class_code]
    kind = SPECIES[species] if species else ECOSYSTEMS[ecosystem]
    return kind.name_en if language == "en" else kind.name_zh


def value_range(passport: Passport) -> tuple[float, float]:
    """Lower and upper end of the colours of a continuous raster, in its unit.

    Raises:
        InputError: If its passport names none.
    """
    low, high = (np.nan if passport[end] is None else float(passport[end]) for end in _ENDS)
    if not low < high:
        raise InputError(
            "rasters", "the range of the colours is missing or empty",
            "Give low and high, in the unit of the raster, low below high",
            rows=[passport["raster_id"]], column="low",
        )  # fmt: skip
    return low, high


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def rank(class_code: int) -> float:
    """Place in the order of priority; a species of its own comes before its ecosystem."""
    ecosystem, species = CLASS_CODES[class_code]
    return ECOSYSTEMS[ecosystem].priority - (0.5 if species else 0.0)
