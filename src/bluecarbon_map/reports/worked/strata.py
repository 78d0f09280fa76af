"""Strata sampled apart, and soil carbon by loss on ignition; docs/methods/02 and 07."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from bluecarbon_map.accounting import loi
from bluecarbon_map.accounting.cores import CoreStock, core_stock, slices_of
from bluecarbon_map.accounting.stock import Stratified, stratified

STRATA: Final = ((200.0, 60.0, 3.0), (100.0, 80.0, 8.0))
"""Area in ha, mean and its standard error in t C/ha of each; made up."""

_SLICES: Final = 10
_METRE_CM: Final = 100.0
_MEAN_LOI: Final = 0.055
_BULK_DENSITY_G_CM3: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoiExample:
    """Ten slices of 1 to 10 % LOI with 0.4 × LOI ∓ 0.1 % carbon; made up.

    Attributes:
        line: The line through them.
        core: A metre in ten slices of bulk density 1 at 5.5 % LOI, by that line.
    """

    line: loi.Regression
    core: CoreStock


def strata_example() -> Stratified:
    """Strata by hand; docs/methods/02-stock.md, eq. 2.4."""
    return stratified(*zip(*STRATA, strict=True))


def loi_example() -> LoiExample:
    """Loss on ignition by hand; docs/methods/07-soil-cores.md, eq. 7.6 and 7.7."""
    burnt = np.arange(1, _SLICES + 1) / 100.0
    off = np.where(np.arange(_SLICES) % 2, 0.001, -0.001)
    line = loi.fit(burnt, 0.4 * burnt + off)
    filled = loi.apply(line, np.full(_SLICES, np.nan), np.full(_SLICES, _MEAN_LOI))
    edges = np.linspace(0.0, _METRE_CM, _SLICES + 1)
    core = slices_of(
        edges[:-1],
        edges[1:],
        np.full(_SLICES, _BULK_DENSITY_G_CM3),
        filled.carbon_fraction,
        predicted=filled.predicted,
        carbon_covariance=filled.covariance,
    )
    return LoiExample(line=line, core=core_stock(core, _METRE_CM))
