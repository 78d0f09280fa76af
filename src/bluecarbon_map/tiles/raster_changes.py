"""Tiles of what differs between two rasters: classes gained and lost, or values less values.

Both are read on the pixels of the tile, each class from its nearest pixel: grids need not be alike,
and where they are not, edges of pixels look like change. It is for looking at, not for measuring.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bluecarbon_map.change import Ground
from bluecarbon_map.ecosystems import CLASS_CODES, ECOSYSTEMS, NO_DATA_CODE, OTHER_CODE
from bluecarbon_map.errors import InputError
from bluecarbon_map.tables import RasterKind
from bluecarbon_map.tiles.canvas import rgb
from bluecarbon_map.tiles.ground_changes import GROUND_INKS
from bluecarbon_map.tiles.habitats import empty_tile
from bluecarbon_map.tiles.legends import Legend, LegendStop, Passport, value_range
from bluecarbon_map.tiles.mercator import TILE_PX, Tile
from bluecarbon_map.tiles.palettes import CLEAR, DIVERGING, Codes, as_png, ramp_palette
from bluecarbon_map.tiles.raster_source import Bounds, ground_of
from bluecarbon_map.tiles.rasters import RasterLayer
from bluecarbon_map.tiles.unknown import HATCH, hatching

_ENTRY: Final = {kind: at for at, kind in enumerate(Ground)}
_HATCHED: Final = CLEAR - 1
"""Entry of the hatching in the palette of differences; the ramp has one step less."""
_COMPARED: Final = ("kind", "quantity_zh", "unit")


def require_comparable(before: Passport, after: Passport) -> None:
    """Refuse two rasters that do not hold the same thing.

    Raises:
        InputError: If kind, quantity or unit differ.
    """
    for column in _COMPARED:
        if (before[column] or "") != (after[column] or ""):
            raise InputError(
                "rasters", f"they hold different things ({column})",
                "Compare two rasters of one kind, quantity and unit",
                rows=[before["raster_id"], after["raster_id"]], column=column,
            )  # fmt: skip


def difference_legend(before: Passport, after: Passport, language: str = "zh") -> Legend:
    """The ramp of value after less value before, from less to more, zero in the middle.

    Args:
        before: Earlier raster, a row of `tables.Rasters`.
        after: Later one.
        language: ``zh`` or ``en``.

    Raises:
        InputError: If they are not comparable, or name no range of colours.
    """
    require_comparable(before, after)
    most = _most(before, after)
    values = np.linspace(-most, most, len(DIVERGING)).round(6)
    return Legend(
        stops=tuple(
            LegendStop(float(value), ink) for value, ink in zip(values, DIVERGING, strict=True)
        ),
        quantity=after[f"quantity_{language}"],
        unit=after["unit"],
    )


def _most(before: Passport, after: Passport) -> float:
    """End of the ramp: half of the range that the wider of the two rasters is drawn in."""
    ranges = [value_range(one) for one in (before, after)]
    return max(high - low for low, high in ranges) / 2


class RasterChange:
    """Draws what differs between two comparable rasters; safe to use from several threads.

    Ground that only one of them knows is hatched: it is unknown, no gain and no loss. What both
    have as no class is clear, and so is what neither knows.

    Attributes:
        from_zoom: The first zoom it is drawn at.
    """

    def __init__(
        self, before: RasterLayer, after: RasterLayer, passports: tuple[Passport, Passport]
    ) -> None:
        """Take two rasters that can be drawn.

        Args:
            before: Earlier raster.
            after: Later one.
            passports: Their rows of `tables.Rasters`.

        Raises:
            InputError: If they are not comparable, or are continuous and name no range of colours.
        """
        require_comparable(*passports)
        self._before, self._after = before, after
        self._classes = passports[0]["kind"] == RasterKind.CLASSES
        self._most = 1.0 if self._classes else _most(*passports)
        self.from_zoom = max(before.from_zoom, after.from_zoom)

    def draw(self, tile: Tile, ecosystem: str | None = None) -> bytes:
        """One tile as a PNG file.

        Args:
            tile: Which one.
            ecosystem: Of class rasters, gain and loss of this one; None for classes of any kind.

        Raises:
            RasterError: If the pixels of one cannot be read.
        """
        either = self._before.covers(tile) or self._after.covers(tile)
        if tile.z < self.from_zoom or not either:
            return empty_tile()
        bounds = ground_of(tile)
        drawn = self._ground(bounds, ecosystem) if self._classes else self._steps(bounds)
        if (drawn == CLEAR).all():
            return empty_tile()
        return as_png(drawn, _ground_palette() if self._classes else _difference_palette())

    def _ground(self, bounds: Bounds, ecosystem: str | None) -> Codes:
        wanted = codes_of(ecosystem)
        found = class_change(self._before.codes_on(bounds), self._after.codes_on(bounds), wanted)
        found[(found == _ENTRY[Ground.UNKNOWN]) & ~_lines()] = CLEAR
        return found

    def _steps(self, bounds: Bounds) -> Codes:
        first, second = (one.values_on(bounds) for one in (self._before, self._after))
        known = [~np.ma.getmaskarray(one) for one in (first, second)]
        apart = np.ma.filled(second - first, 0.0)
        share = np.clip((apart / self._most + 1.0) / 2.0, 0.0, 1.0)
        steps = np.rint(share * (_HATCHED - 1)).astype(np.uint8)
        steps[~(known[0] & known[1])] = CLEAR
        steps[(known[0] ^ known[1]) & _lines()] = _HATCHED
        return steps


def codes_of(ecosystem: str | None) -> frozenset[int]:
    """Class codes of an ecosystem; of all for None."""
    return frozenset(
        code for code, (key, _) in CLASS_CODES.items() if ecosystem is None or key == ecosystem
    )


def class_change(before: Codes, after: Codes, wanted: Collection[int]) -> Codes:
    """What became of each pixel: its place in ``change.Ground``, `CLEAR` where nothing is to say.

    Args:
        before: Class codes of the earlier raster, any shape.
        after: Of the later one, same shape.
        wanted: Codes that are asked about: all of them, or those of one ecosystem. Among all, a
            pixel of another ecosystem or species has *changed*; within one ecosystem that is the
            same ground. The code of an ecosystem states no species, so it is no other than theirs.
    """
    had, has = (np.isin(codes, list(wanted)) for codes in (before, after))
    blind = (before == NO_DATA_CODE) | (after == NO_DATA_CODE)
    whole = len(wanted) == len(CLASS_CODES)
    changed = had & has & _others(before, after) & whole
    found: NDArray[np.uint8] = np.full(before.shape, CLEAR, dtype=np.uint8)
    found[had & has & ~changed] = _ENTRY[Ground.KEPT]
    found[changed] = _ENTRY[Ground.CHANGED]
    found[has & ~had] = _ENTRY[Ground.GAIN]
    found[had & ~has] = _ENTRY[Ground.LOSS]
    found[(had | has) & blind] = _ENTRY[Ground.UNKNOWN]
    found[_half_seen(before, after)] = _ENTRY[Ground.UNKNOWN]
    return found


def _others(before: Codes, after: Codes) -> NDArray[np.bool_]:
    """Whether codes are of two ecosystems, or of two species that both of them state."""
    ecosystem, stated = _meaning()
    named = stated[before] & stated[after] & (before != after)
    found: NDArray[np.bool_] = named | (ecosystem[before] != ecosystem[after])
    return found


@cache
def _meaning() -> tuple[Codes, NDArray[np.bool_]]:
    """Code of the ecosystem of each code, and whether it states a species."""
    ecosystem, stated = np.arange(256, dtype=np.uint8), np.zeros(256, dtype=bool)
    for code, (key, species) in CLASS_CODES.items():
        ecosystem[code], stated[code] = ECOSYSTEMS[key].code, species is not None
    return ecosystem, stated


def _half_seen(before: Codes, after: Codes) -> NDArray[np.bool_]:
    """Ground that one raster surveyed as no class, and of which the other knows nothing."""
    first = (before == OTHER_CODE) & (after == NO_DATA_CODE)
    found: NDArray[np.bool_] = first | ((after == OTHER_CODE) & (before == NO_DATA_CODE))
    return found


@cache
def _lines() -> NDArray[np.bool_]:
    """Which pixels of a tile lie on a line of the hatching."""
    small = hatching().resize((TILE_PX, TILE_PX), Image.Resampling.BOX)
    return np.asarray(small) > 0


@cache
def _ground_palette() -> bytes:
    palette = np.zeros((256, 3), dtype=np.uint8)
    for kind, entry in _ENTRY.items():
        palette[entry] = rgb(GROUND_INKS[kind])
    return palette.tobytes()


@cache
def _difference_palette() -> bytes:
    """The ramp over the steps below the hatching; its last step is a hair off its end."""
    palette = np.frombuffer(ramp_palette(DIVERGING), dtype=np.uint8).reshape(256, 3).copy()
    palette[_HATCHED] = rgb(HATCH)
    return palette.tobytes()
