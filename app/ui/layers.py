"""What lies on the map: which layers, in which order, how strong; all of it in the address.

``?layers=patches.r_landcover-2025~60.counties~-100.base`` names them from the top down, each with
its strength in percent where it is not 100, and a minus before that where it is hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bluecarbon_map.tables import Level, Provenance
from ui import addresses, cached, cached_rasters, maps, state, tianditu, times, vector_tiles
from ui.words import LANGUAGES

PATCHES: Final = "patches"
UNKNOWN: Final = "unknown"
"""Ground that the survey did not look at."""
BASE: Final = "base"
LINES: Final = {"cities": Level.CITY, "counties": Level.COUNTY}
RASTER: Final = "r_"
"""Stands before the id of a raster, so that none can be taken for a layer of ours."""

_RASTER_OPACITY: Final = 80
"""So that the names on the ground show through."""
NONE: Final = "none"
"""Stands in an address where no layer is shown: an empty value would be lost on the way."""
_MOST: Final = 40
"""Layers that an address may name."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the map.

    Attributes:
        name: Its word in the address.
        visible: Whether it is shown.
        opacity: Strength, 0 to 100 percent.
    """

    name: str
    visible: bool
    opacity: int = 100

    @property
    def raster_id(self) -> str | None:
        """Id of the raster it shows; None for other layers."""
        return self.name.removeprefix(RASTER) if self.name.startswith(RASTER) else None


def usual(raster_ids: Sequence[str], *, extents: bool = False) -> list[Layer]:
    """What a newcomer sees, from the top down: patches on the ground, all else hidden.

    Where any survey says what it looked at (``extents``), what it did not is a layer, and shown.
    """
    return [
        *(Layer(name, visible=False) for name in LINES),
        Layer(PATCHES, visible=True),
        *([Layer(UNKNOWN, visible=True)] if extents else []),
        *(Layer(RASTER + raster, visible=False, opacity=_RASTER_OPACITY) for raster in raster_ids),
        *([Layer(tianditu.LAYER, visible=False)] if tianditu.key() else []),
        Layer(BASE, visible=True),
    ]


def read(text: str | None, known: Sequence[Layer]) -> tuple[list[Layer], list[str]]:
    """The layers that an address asks for.

    Args:
        text: What stands in the address; None for nothing.
        known: All layers there are, as `usual` gives them.

    Returns:
        Every known layer from the top down, the ground last, and what was asked for in vain.
        Layers the address does not name are hidden, at their usual place.
    """
    if text is None:
        return list(known), []
    names = {layer.name: layer for layer in known}
    stack: dict[str, Layer] = {}
    unknown = []
    for word in text.split(".")[:_MOST]:
        if word in {"", NONE}:
            continue
        layer = _layer(word)
        if layer is None or layer.name not in names:
            unknown.append(word)
        else:
            stack[layer.name] = layer
    return _completed(list(stack.values()), known), unknown


def _layer(word: str) -> Layer | None:
    name, given, strength = word.partition("~")
    hidden, digits = strength.startswith("-"), strength.removeprefix("-")
    if not given:
        return Layer(name, visible=True)
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 3 and int(digits) <= 100):
        return None
    return Layer(name, visible=not hidden, opacity=int(digits))


def _completed(stack: list[Layer], known: Sequence[Layer]) -> list[Layer]:
    """With the layers nobody named, hidden, above the first named one they usually lie above."""
    order = [layer.name for layer in known]
    for missing in known:
        if all(layer.name != missing.name for layer in stack):
            below = order[order.index(missing.name) + 1 :]
            at = next((i for i, layer in enumerate(stack) if layer.name in below), len(stack))
            stack.insert(at, replace(missing, visible=False))
    return sorted(stack, key=lambda layer: layer.name == BASE)


def write(stack: Sequence[Layer], known: Sequence[Layer]) -> str | None:
    """What stands in the address for a stack; None where a newcomer sees the same.

    A hidden layer of its usual strength is left out; `read` puts it back.
    """
    if list(stack) == list(known):
        return None
    plain = {replace(layer, visible=False) for layer in known}
    return ".".join(_word(layer) for layer in stack if layer not in plain) or NONE


def _word(layer: Layer) -> str:
    if layer.visible and layer.opacity == 100:
        return layer.name
    return f"{layer.name}~{'' if layer.visible else '-'}{layer.opacity}"


def changed(stack: Sequence[Layer], layer: Layer) -> list[Layer]:
    """The stack with another state of one layer."""
    return [layer if old.name == layer.name else old for old in stack]


def raised(stack: Sequence[Layer], name: str, step: int) -> list[Layer]:
    """The stack with one layer above (step 1) or below (-1) its next visible neighbour.

    The ground stays at the bottom. Where there is no neighbour, nothing changes.
    """
    names = [layer.name for layer in stack]
    at = names.index(name)
    way = range(at - 1, -1, -1) if step > 0 else range(at + 1, len(stack))
    to = next((i for i in way if stack[i].visible and stack[i].name != BASE), None)
    if to is None or name == BASE:
        return list(stack)
    rest = [layer for layer in stack if layer.name != name]
    return [*rest[:to], stack[at], *rest[to:]]


def known() -> list[Layer]:
    """All layers of the workspace, as a newcomer sees them."""
    stated = cached.surveys_with_extent(cached.workspace().version)
    return usual(_newest_first(), extents=bool(stated))


def _newest_first() -> list[str]:
    version = cached.workspace().version
    ids = list(cached_rasters.raster_titles(version, LANGUAGES[0]))
    return sorted(
        ids, key=lambda raster: -int(cached_rasters.raster_passport(version, raster)["year"])
    )


def stack() -> tuple[list[Layer], list[str]]:
    """Layers of this session from the top down, and what its address asks for in vain."""
    return read(state.asked(state.LAYERS), known())


def shown() -> list[Layer]:
    """Visible layers, from the top down."""
    return [layer for layer in stack()[0] if layer.visible]


def visible(name: str) -> bool:
    """Whether a layer is shown."""
    return any(layer.name == name for layer in shown())


def visible_rasters(*, demonstration: bool) -> list[str]:
    """Ids of the rasters shown, from the top down; demonstration ones where they are wanted."""
    version = cached.workspace().version
    step = times.raster_step()
    ids = [layer.raster_id for layer in shown() if layer.raster_id is not None]
    drawn = dict.fromkeys(one for raster in ids for one in times.rasters(raster, step))
    return [raster for raster in drawn if demonstration or not invented(version, raster)]


def invented(version: str, raster_id: str) -> bool:
    """Whether a raster is demonstration data."""
    passport = cached_rasters.raster_passport(version, raster_id)
    return bool(passport["provenance"] == Provenance.DEMONSTRATION)


def keep(stack: Sequence[Layer]) -> None:
    """Put a stack into the address."""
    state.put(state.LAYERS, write(stack, known()))


def tiles(chosen: state.Choices, step: str | None = None) -> list[maps.Tiles]:
    """Tiles of all that is visible, under words of our own.

    Args:
        chosen: What is looked at.
        step: Time that rasters are shown of; None for each raster as it is.
    """
    layers = shown()
    return [
        replace(sheet, opacity=layer.opacity / 100, z=10 * (len(layers) - at) + over)
        for at, layer in enumerate(layers)
        for over, sheet in enumerate(_tiles_of(layer, chosen, step))
    ]


def _tiles_of(layer: Layer, chosen: state.Choices, step: str | None) -> Sequence[maps.Tiles]:
    """Tiles of a layer from the bottom up; nothing where there is nothing to draw."""
    if layer.name == tianditu.LAYER:
        return [maps.Tiles(name, url, 1, 0, more) for name, url, more in tianditu.tiles()]
    if layer.raster_id is not None:
        found = _raster_tiles(layer.raster_id, step, demonstration=chosen.demonstration)
        return [maps.Tiles(name, url, 1, 0) for name, url in found]
    one = _one_of(layer, chosen)
    if one is None:
        return []
    vector = vector_tiles.of_patches(chosen) if layer.name == PATCHES else None
    return [maps.Tiles(*one, 1, 0, vector=vector)]


def _one_of(layer: Layer, chosen: state.Choices) -> tuple[str, str] | None:
    version = cached.workspace().version
    if layer.name == BASE:
        return "base", addresses.base_url(version, state.language())
    if layer.name in LINES:
        return layer.name, addresses.lines_url(version, LINES[layer.name])
    if layer.name == UNKNOWN:
        url = addresses.unknown_url(version, chosen.survey_id)
        return None if url is None else ("unknown", url)
    url = addresses.habitat_url(
        version, chosen.survey_id, chosen.ecosystems, demonstration=chosen.demonstration
    )
    return None if url is None else ("habitats", url)


def _raster_tiles(
    raster_id: str, step: str | None, *, demonstration: bool
) -> list[tuple[str, str]]:
    """The layer keeps its word through time, so that one year is swapped for another."""
    version = cached.workspace().version
    place = list(cached_rasters.raster_titles(version, LANGUAGES[0])).index(raster_id)
    return [
        (f"raster{place}" + (f"_{at}" if at else ""), addresses.raster_url(version, one))
        for at, one in enumerate(times.rasters(raster_id, step))
        if demonstration or not invented(version, one)
    ]
