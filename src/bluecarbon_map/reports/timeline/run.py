"""Runs the model over the blocks of the snapshots.

A pixel's outcome depends on nothing but its history of classes, so each history of a block is
modelled once and every raster is written by looking it up. Memory holds one block.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import rasterio

from bluecarbon_map.accounting.timeline import (
    UNKNOWN,
    Change,
    ClassArray,
    Outcome,
    Plan,
    Prices,
    distinct_histories,
    growing_prices,
    run,
)
from bluecarbon_map.errors import InputError
from bluecarbon_map.reading.timeline import (
    Biophysical,
    Snapshot,
    read_biophysical,
    read_prices,
    read_snapshots,
    read_transitions,
)
from bluecarbon_map.reports.timeline.files import (
    blocks_of,
    layers_of,
    left_over,
    move,
    open_target,
    require_output,
    require_whole,
    tags_of,
    unwritable,
    working_folder,
)
from bluecarbon_map.reports.timeline.snapshots import Classified, classified, require_one_grid

UNITS: Final = ("t C/ha", "t CO2e/ha")

_CACHE_MB: Final = 64
"""Of GDAL; its default share of the machine's memory would be the largest part of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pricing:
    """How a tonne is priced: a price that grows, or a table.

    Attributes:
        discount_percent: Discount a year, in %.
        price_per_t: Price in the year of the first snapshot; None with a table.
        inflation_percent: Growth of the price a year, in %; None with a table.
        table: File of ``year, price``.
    """

    discount_percent: float
    price_per_t: float | None = None
    inflation_percent: float | None = None
    table: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a run has written.

    Attributes:
        files: The rasters.
        years: Years of the stocks; their gaps are the periods.
        unit: Of stocks and fluxes.
        pixels: Pixels of the grid.
        unknown_pixels: Those whose class is unknown in a snapshot.
        warnings: What is lawful but worth saying.
    """

    files: tuple[Path, ...]
    years: tuple[int, ...]
    unit: str
    pixels: int
    unknown_pixels: int
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    """What the blocks met on the way."""

    unknown: int = 0
    empty: set[tuple[int, int]] = field(default_factory=set)


def timeline(
    snapshots: Path,
    biophysical: Path,
    transitions: Path,
    out: Path,
    *,
    until: int | None = None,
    pricing: Pricing | None = None,
    unit: str | None = None,
    invest_compat: bool = False,
    progress: Callable[[float], None] = lambda _: None,
) -> Written:
    """Write stock, accumulation, emissions, net sequestration and value as GeoTIFFs.

    Args:
        snapshots: Table of ``snapshot_year, raster_path``.
        biophysical: Table of classes.
        transitions: Table of what each transition does.
        out: Folder to write; files of the same names in it are replaced.
        until: Year in which the analysis ends; the last snapshot's without.
        pricing: How a tonne is priced; no value without.
        unit: ``t C/ha`` or ``t CO2e/ha`` where the biophysical table does not say.
        invest_compat: Reproduce InVEST 3.20.2 with its five deviations.
        progress: Called with the share that is done, 0–1.

    Returns:
        What was written. Nothing is there before all of it is.

    Raises:
        InputError: If a table or raster cannot be used, or the grids of the snapshots differ.
    """
    maps = read_snapshots(snapshots)
    numbers = read_biophysical(biophysical)
    unit, said = _unit(numbers, unit, biophysical.name)
    plan = _plan(maps, numbers, read_transitions(transitions, numbers.classes), until, pricing)
    files = [f"{layer.name}.tif" for layer in layers_of(plan)]
    require_output(out, files, [one.path for one in maps])
    tally = _Tally()
    with ExitStack() as stack:
        stack.enter_context(rasterio.Env(GDAL_CACHEMAX=_CACHE_MB))
        grids = [stack.enter_context(classified(one, plan.classes)) for one in maps]
        require_one_grid(grids)
        where = out if out.is_dir() else out.parent
        working = Path(stack.enter_context(working_folder(where, out))) / "made"
        working.mkdir()
        model = _Model(plan, transitions.name, tally, invest_compat=invest_compat)
        try:
            _write(grids, model, working, tags_of(plan, unit, maps, invest_compat), progress)
            require_whole(working, out)
            move(working, out)
        except OSError as problem:
            raise unwritable(out, problem) from problem
    return Written(
        files=tuple(out / name for name in files),
        years=plan.stock_years,
        unit=unit,
        pixels=grids[0].width * grids[0].height,
        unknown_pixels=tally.unknown,
        warnings=(
            *said,
            *numbers.notes,
            *_unsaid(plan, tally, transitions.name),
            *left_over(out, files),
        ),
    )


def _unit(numbers: Biophysical, asked: str | None, where: str) -> tuple[str, tuple[str, ...]]:
    if asked is not None and asked not in UNITS:
        raise InputError("--unit", f"{asked} is no unit", f"Name one of {', '.join(UNITS)}")
    if asked and numbers.unit and asked != numbers.unit:
        raise InputError(
            where, f"it is in {numbers.unit}, not in {asked}", "Name the right one", column="unit"
        )
    if known := numbers.unit or asked:
        return known, ()
    unsaid = f"{where} does not say whether its tonnes are of C or of CO2e: name it, or give it "
    return "t/ha (C or CO2e: not stated)", (f"{unsaid}a column unit (t C/ha or t CO2e/ha)",)


def _plan(
    maps: Sequence[Snapshot],
    numbers: Biophysical,
    change: np.ndarray,
    until: int | None,
    pricing: Pricing | None,
) -> Plan:
    years = tuple(one.year for one in maps)
    end = years[-1] if until is None else until
    if end < years[-1] or end == years[0]:
        raise InputError(
            "--until",
            f"the analysis ends in {end}, the snapshots are of {', '.join(map(str, years))}",
            "Name the year of the last snapshot or a later one; after a single one, a later one",
        )
    plan = Plan(classes=numbers.classes, change=change, snapshot_years=years, until=end)
    return plan if pricing is None else replace(plan, prices=_prices(pricing, years[0], end))


def _prices(pricing: Pricing, first: int, until: int) -> Prices:
    discount = _share("--discount", pricing.discount_percent)
    if pricing.table is not None:
        return read_prices(pricing.table, first, until, discount)
    if pricing.price_per_t is None or pricing.inflation_percent is None:
        raise InputError("--price", "a price or its growth is missing", "Give both, or a table")
    growth = _share("--inflation", pricing.inflation_percent)
    try:
        grown = growing_prices(pricing.price_per_t, growth, until - first)
        return Prices(per_t=grown, discount=discount)
    except ValueError as problem:
        raise InputError("--price", str(problem), "Give a price of 0 or more") from problem


def _share(option: str, percent: float) -> float:
    if not -100 < percent < float("inf"):
        raise InputError(option, f"{percent:g} % cannot be", "Give per cent a year, e.g. 4")
    return percent / 100.0


@dataclass(frozen=True, slots=True)
class _Model:
    """A plan, and how a block's histories are put to it."""

    plan: Plan
    transitions: str
    tally: _Tally
    invest_compat: bool = field(kw_only=True)

    def outcome(self, histories: ClassArray) -> Outcome:
        self._require_transitions(histories)
        return run(self.plan, histories, invest_compat=self.invest_compat)

    def _require_transitions(self, histories: ClassArray) -> None:
        names, years = self.plan.classes.name, self.plan.snapshot_years
        for i, (before, after) in enumerate(pairwise(histories)):
            known = (before != UNKNOWN) & (after != UNKNOWN)
            change = np.where(known, self.plan.change[before, after], Change.NONE)
            for at in np.flatnonzero(change == Change.MISSING)[:1]:
                raise InputError(
                    self.transitions,
                    f"{names[before[at]]} becomes {names[after[at]]} between {years[i]} and "
                    f"{years[i + 1]}, of which the table says nothing",
                    f"Give it a row {names[before[at]]} and a column {names[after[at]]}; "
                    "NCC where no carbon changes",
                    rows=[names[before[at]]],
                    column=names[after[at]],
                )
            empty = np.flatnonzero(change == Change.EMPTY)
            self.tally.empty |= {(int(before[at]), int(after[at])) for at in empty}


def _write(
    grids: Sequence[Classified],
    model: _Model,
    folder: Path,
    tags: dict[str, dict[str, str]],
    progress: Callable[[float], None],
) -> None:
    layers, first = layers_of(model.plan), grids[0]
    with ExitStack() as stack:
        targets = [
            stack.enter_context(open_target(folder / f"{one.name}.tif", first, tags[one.name]))
            for one in layers
        ]
        for done, window in blocks_of(first.width, first.height):
            classes = [grid.positions(window) for grid in grids]
            histories, where = distinct_histories(classes, len(model.plan.classes.name))
            outcome = model.outcome(histories)
            blank = (histories == UNKNOWN).any(axis=0)
            model.tally.unknown += int(blank[where].sum()) if blank.any() else 0
            for layer, target in zip(layers, targets, strict=True):
                target.write(layer.of(outcome)[where], 1, window=window)
            progress(done)


def _unsaid(plan: Plan, tally: _Tally, where: str) -> tuple[str, ...]:
    """Says which empty cells were met."""
    if not tally.empty:
        return ()
    names = plan.classes.name
    pairs = ", ".join(f"{names[a]} → {names[b]}" for a, b in sorted(tally.empty))
    return (f"{where}: the cell is empty, so no carbon changes (as NCC): {pairs}",)
