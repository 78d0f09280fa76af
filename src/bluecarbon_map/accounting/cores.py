"""Soil cores: slices of measured soil as carbon per hectare down to a depth.

docs/methods/07-soil-cores.md. A slice without its bulk density or its carbon is not measured: it is
never zero. A core whose measured slices reach less than 80 % of the depth asked for is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from bluecarbon_map.units import FloatArray

LEAST_COVERAGE: Final = 0.8
"""Share of the depth that must be measured, as the guards of the accounting rules ask."""

MOST_BULK_DENSITY_G_CM3: Final = 2.65
"""Density of quartz: soil with pores is lighter."""

T_HA_PER_G_CM2: Final = 100.0
"""1 g/cm² of soil or carbon is 100 t/ha."""

_LEAST_TO_FIT: Final = 3
_TOUCHING_CM: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Slices:
    """Slices of one core from the surface down, shape (slices,) each.

    Attributes:
        top_cm: Depth of the upper face, in cm.
        bottom_cm: Depth of the lower face, in cm.
        bulk_density_g_cm3: Dry bulk density, in g/cm³; NaN where not measured.
        carbon_fraction: Organic carbon, g/g of dry soil; NaN where not measured.
    """

    top_cm: FloatArray
    bottom_cm: FloatArray
    bulk_density_g_cm3: FloatArray
    carbon_fraction: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreStock:
    """Carbon of one core down to a depth.

    Attributes:
        to_depth_cm: Depth asked for, in cm.
        density_t_c_ha: Carbon down to that depth, in t C/ha; NaN where refused.
        density_se_t_c_ha: Standard error of an extrapolated one, in t C/ha; NaN otherwise.
        covered_cm: Measured soil above that depth, in cm.
        coverage: The same as a share of the depth.
        reaches_cm: Lower face of the deepest measured slice, in cm; 0 where nothing is measured.
        extrapolated: Whether the number holds soil below what was measured.
        refused_because: Why there is no number; None where there is one.
    """

    to_depth_cm: float
    density_t_c_ha: float
    density_se_t_c_ha: float
    covered_cm: float
    coverage: float
    reaches_cm: float
    extrapolated: bool
    refused_because: str | None


def slices_of(
    top_cm: ArrayLike,
    bottom_cm: ArrayLike,
    bulk_density_g_cm3: ArrayLike,
    carbon_fraction: ArrayLike,
) -> Slices:
    """Slices of one core, put in order and checked.

    Args:
        top_cm: Upper faces, shape (n,), in cm, >= 0.
        bottom_cm: Lower faces, shape (n,), in cm.
        bulk_density_g_cm3: Dry bulk densities, shape (n,), in g/cm³; NaN where not measured.
        carbon_fraction: Organic carbon, shape (n,), g/g; NaN where not measured.

    Raises:
        ValueError: If there is no slice, shapes differ, a slice has no thickness, two overlap, a
            bulk density lies outside 0–2.65 g/cm³ or a carbon content outside 0–1 g/g.
    """
    given = [
        np.atleast_1d(np.asarray(one, dtype=float))
        for one in (top_cm, bottom_cm, bulk_density_g_cm3, carbon_fraction)
    ]
    if given[0].size == 0 or any(one.shape != given[0].shape for one in given):
        raise ValueError("a core has at least one slice, each with its two depths and two values")
    order = np.argsort(given[0], kind="stable")
    top, bottom, density, carbon = (one[order] for one in given)
    _require_depths(top, bottom)
    _require_values(density, carbon)
    return Slices(top_cm=top, bottom_cm=bottom, bulk_density_g_cm3=density, carbon_fraction=carbon)


def _require_depths(top: FloatArray, bottom: FloatArray) -> None:
    if not (np.isfinite(top) & np.isfinite(bottom) & (top >= 0) & (bottom > top)).all():
        raise ValueError(
            "a slice has a depth >= 0 cm above a greater one: check depth_min, depth_max"
        )
    overlapping = np.flatnonzero(top[1:] < bottom[:-1] - _TOUCHING_CM)
    if overlapping.size:
        at = overlapping[0]
        raise ValueError(
            f"slices {top[at]:g}–{bottom[at]:g} cm and {top[at + 1]:g}–{bottom[at + 1]:g} cm "
            "overlap: the same soil would count twice"
        )


def _require_values(density: FloatArray, carbon: FloatArray) -> None:
    known = density[~np.isnan(density)]
    if not ((known > 0) & (known <= MOST_BULK_DENSITY_G_CM3)).all():
        raise ValueError(
            f"a bulk density lies outside 0 to {MOST_BULK_DENSITY_G_CM3} g/cm³: is it in kg/m³?"
        )
    share = carbon[~np.isnan(carbon)]
    if not ((share >= 0) & (share <= 1)).all():
        raise ValueError("a carbon content lies outside 0 to 1 g/g: is it per cent or g/kg?")


def core_stock(core: Slices, to_depth_cm: float, *, extrapolate: bool = False) -> CoreStock:
    """Carbon of a core down to a depth, or the reason why there is none.

    The slice that crosses the depth counts with its part above it. A gap between measured slices
    goes half to the one above and half to the one below, and what lies above the first goes to
    it; both only where at least 80 % of the depth is measured.

    Args:
        core: Slices, from `slices_of`.
        to_depth_cm: Depth, in cm, > 0.
        extrapolate: Whether a core that ends above the depth may be carried on to it: by a line
            through its carbon above each depth, with the standard error of that line.

    Raises:
        ValueError: If the depth is not a number above 0.

    Source:
        docs/methods/07-soil-cores.md, eq. 7.1 to 7.4; Howard et al. 2014 (form).
    """
    if not (np.isfinite(to_depth_cm) and to_depth_cm > 0):
        raise ValueError("the depth is a number of cm above 0")
    measured = ~np.isnan(core.bulk_density_g_cm3 * core.carbon_fraction)
    above = _thickness(core.top_cm, core.bottom_cm, to_depth_cm)
    covered = float(above[measured].sum())
    reaches = float(core.bottom_cm[measured].max()) if measured.any() else 0.0
    coverage = covered / to_depth_cm
    density, error, carried, refused = np.nan, np.nan, False, None
    short = reaches < to_depth_cm - _TOUCHING_CM
    if extrapolate and short and _well_sampled(core, measured, reaches):
        density, error = _carried_on(core, measured, to_depth_cm)
        carried = True
    elif coverage >= LEAST_COVERAGE:
        density = _filled(core, measured, min(reaches, to_depth_cm))
    else:
        refused = _why(core, measured, covered, to_depth_cm, reaches)
    return CoreStock(
        to_depth_cm=float(to_depth_cm),
        density_t_c_ha=float(density),
        density_se_t_c_ha=float(error),
        covered_cm=covered,
        coverage=coverage,
        reaches_cm=reaches,
        extrapolated=carried,
        refused_because=refused,
    )


def _thickness(top: FloatArray, bottom: FloatArray, depth_cm: float) -> FloatArray:
    """How much of each slice lies above a depth, in cm."""
    part: FloatArray = np.clip(np.minimum(bottom, depth_cm) - top, 0.0, None)
    return part


def _carbon_g_cm3(core: Slices, measured: np.ndarray) -> FloatArray:
    content: FloatArray = (core.bulk_density_g_cm3 * core.carbon_fraction)[measured]
    return content


def _filled(core: Slices, measured: np.ndarray, depth_cm: float) -> float:
    """Carbon above a depth, in t C/ha, every gap shared between its neighbours."""
    top, bottom = core.top_cm[measured], core.bottom_cm[measured]
    middle = (bottom[:-1] + top[1:]) / 2
    top = np.concatenate([[0.0], middle])
    bottom = np.concatenate([middle, bottom[-1:]])
    held = _thickness(top, bottom, depth_cm) * _carbon_g_cm3(core, measured)
    return float(held.sum() * T_HA_PER_G_CM2)


def _well_sampled(core: Slices, measured: np.ndarray, reaches_cm: float) -> bool:
    """Whether a short core may be carried on: enough slices, and few gaps down to its own end."""
    own = (core.bottom_cm - core.top_cm)[measured].sum()
    return bool(measured.sum() >= _LEAST_TO_FIT and own >= LEAST_COVERAGE * reaches_cm)


def _carried_on(core: Slices, measured: np.ndarray, depth_cm: float) -> tuple[float, float]:
    """Carbon at a depth and its standard error, in t C/ha, by least squares on what is above."""
    depth = core.bottom_cm[measured]
    carbon = np.array([_filled(core, measured, one) for one in depth])
    spread = depth - depth.mean()
    slope = float(spread @ carbon / (spread @ spread))
    left = carbon - carbon.mean() - slope * spread
    variance = float(left @ left) / (depth.size - 2)
    beyond = depth_cm - depth.mean()
    error = np.sqrt(variance * (1 / depth.size + beyond**2 / float(spread @ spread)))
    return float(carbon.mean() + slope * beyond), float(error)


def _why(
    core: Slices, measured: np.ndarray, covered_cm: float, depth_cm: float, reaches_cm: float
) -> str:
    """The reason of a refusal, and the way out."""
    if np.isnan(core.bulk_density_g_cm3).all():
        return "no bulk density in any slice"
    if np.isnan(core.carbon_fraction).all():
        return "no organic carbon in any slice"
    if not measured.any():
        return "no slice has both its bulk density and its organic carbon"
    said = f"{covered_cm:.4g} of {depth_cm:g} cm measured ({covered_cm / depth_cm:.1%} < 80 %)"
    if reaches_cm < depth_cm and _well_sampled(core, measured, reaches_cm):
        said += f"; it ends at {reaches_cm:g} cm: ask for that depth, or for extrapolation"
    return said


def compaction_factor(sampler_cm: float, inside_cm: float, outside_cm: float) -> float:
    """Length of the soil in a sampler as a share of its length in the ground.

    Args:
        sampler_cm: Length of the sampler, in cm.
        inside_cm: From its top down to the soil inside, in cm.
        outside_cm: From its top down to the ground outside, in cm.

    Raises:
        ValueError: If the lengths do not fit each other, or the soil has grown.

    Source:
        docs/methods/07-soil-cores.md, eq. 7.5.
    """
    if not (0 <= outside_cm <= inside_cm < sampler_cm and np.isfinite(sampler_cm)):
        raise ValueError("0 <= outside <= inside < length of the sampler, in cm")
    return (sampler_cm - inside_cm) / (sampler_cm - outside_cm)


def decompacted(core: Slices, factor: float) -> Slices:
    """The core as it lay in the ground: depths and bulk densities both, so that no mass changes.

    Args:
        core: Slices as they were measured.
        factor: From `compaction_factor`, above 0 and at most 1.

    Raises:
        ValueError: If the factor is none.
    """
    if not 0 < factor <= 1:
        raise ValueError("a compaction factor lies above 0 and is at most 1")
    return Slices(
        top_cm=core.top_cm / factor,
        bottom_cm=core.bottom_cm / factor,
        bulk_density_g_cm3=core.bulk_density_g_cm3 * factor,
        carbon_fraction=core.carbon_fraction,
    )
