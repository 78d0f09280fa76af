"""Soil cores: slices added up, cores that are refused, compaction; docs/methods/07."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bluecarbon_map.accounting.cores import (
    CoreStock,
    Slices,
    compaction_factor,
    core_stock,
    decompacted,
    slices_of,
)

YUEQING_BAY_2: Final = (
    (0.0, 10.0, 0.60, 0.01241),
    (10.0, 20.0, 0.62, 0.01096),
    (20.0, 30.0, 0.56, 0.01117),
    (30.0, 40.0, 0.63, 0.01124),
)
"""Top and bottom in cm, bulk density in g/cm³, organic carbon in g/g (Xia et al. 2022)."""

_M0480: Final = (
    (0.0, 20.0, 0.947, 0.02656),
    (20.0, 40.0, 0.956, 0.02119),
    (40.0, 60.0, 0.972, 0.01567),
    (60.0, 80.0, 0.995, 0.01409),
    (80.0, 100.0, 1.076, 0.00583),
)
"""Mao et al. 2011, in the Coastal Carbon Network's data library."""

M0084: Final = (
    (4.266667, 6.333333, 0.891930, 0.02149),
    (6.333333, 8.3, 0.917799, 0.01956),
    (10.2, 12.233333, 0.846706, 0.02553),
)
"""The slices of Alongi et al. 2005 that have a bulk density, in the same library."""
M0084_SLICES: Final = 28
"""How many slices that core has."""

_METRE_CM: Final = 100.0
SAMPLER_CM: Final = (200.0, 35.0, 25.0)
"""Length of a sampler, and from its top down to the soil inside and outside."""

SOURCE: Final = (
    "Howard et al. 2014; Coastal Carbon Network data library v1.6.0 (10.25573/serc.21565671); "
    "Mao et al. 2011; Xia et al. 2022 (10.1111/gcb.16325); Alongi et al. 2005"
)

_Rows = tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoresExample:
    """What four cores come to.

    Attributes:
        whole: `YUEQING_BAY_2` down to 40 cm.
        crossing: The same down to 35 cm, which crosses its last slice.
        metre: The same down to a metre: refused.
        product_of_means_t_c_ha: M0480 with mean bulk density × mean carbon, in t C/ha.
        slice_by_slice_t_c_ha: The same slice by slice.
        sparse: M0084 down to a metre: refused.
        sparse_sum_t_c_ha: The bare sum of its three measured slices, in t C/ha: no stock.
        compaction: Length in the sampler as a share of that in the ground.
        both_t_c_ha: `YUEQING_BAY_2` with depths and densities corrected, in t C/ha.
        depth_only_t_c_ha: With its depths alone, which adds soil that is not there.
        both_to_cm: Depth that its 40 cm are in the ground.
    """

    whole: CoreStock
    crossing: CoreStock
    metre: CoreStock
    product_of_means_t_c_ha: float
    slice_by_slice_t_c_ha: float
    sparse: CoreStock
    sparse_sum_t_c_ha: float
    compaction: float
    both_t_c_ha: float
    depth_only_t_c_ha: float
    both_to_cm: float


def cores_example() -> CoresExample:
    """Cores by hand; docs/methods/07-soil-cores.md."""
    bay, reaches = _core(YUEQING_BAY_2), YUEQING_BAY_2[-1][1]
    squeezed = compaction_factor(*SAMPLER_CM)
    depth = reaches / squeezed
    both = decompacted(bay, squeezed)
    depth_only = slices_of(both.top_cm, both.bottom_cm, bay.bulk_density_g_cm3, bay.carbon_fraction)
    return CoresExample(
        whole=core_stock(bay, reaches),
        crossing=core_stock(bay, reaches - 5.0),
        metre=core_stock(bay, _METRE_CM),
        product_of_means_t_c_ha=_held(_averaged(_core(_M0480)), _METRE_CM),
        slice_by_slice_t_c_ha=_held(_core(_M0480), _METRE_CM),
        sparse=core_stock(_core(M0084), _METRE_CM),
        sparse_sum_t_c_ha=sum(_alone(*row) for row in M0084),
        compaction=squeezed,
        both_t_c_ha=_held(both, depth),
        depth_only_t_c_ha=_held(depth_only, depth),
        both_to_cm=depth,
    )


def _core(rows: _Rows) -> Slices:
    return slices_of(*zip(*rows, strict=True))


def _held(core: Slices, depth_cm: float) -> float:
    return core_stock(core, depth_cm).density_t_c_ha


def _alone(top_cm: float, bottom_cm: float, density: float, carbon: float) -> float:
    """Carbon of one slice, in t C/ha."""
    thick = bottom_cm - top_cm
    return _held(slices_of(0.0, thick, density, carbon), thick)


def _averaged(core: Slices) -> Slices:
    """One slice with the means of all: the shortcut that the page warns of."""
    return slices_of(
        core.top_cm[0],
        core.bottom_cm[-1],
        core.bulk_density_g_cm3.mean(),
        core.carbon_fraction.mean(),
    )
