"""Soil cores: slices of measured soil as carbon per hectare down to a depth.

docs/methods/07-soil-cores.md. A slice without its bulk density or its carbon is not measured: it is
never zero. A core whose measured slices reach less than 80 % of the depth asked for is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
        carbon_fraction: Organic carbon, g/g of dry soil; NaN where not known.
        predicted: Whether that carbon was predicted, not measured.
        carbon_covariance: Of the errors of predicted contents, shape (slices, slices), in (g/g)²;
            0 where measured, NaN where unknown.
    """

    top_cm: FloatArray
    bottom_cm: FloatArray
    bulk_density_g_cm3: FloatArray
    carbon_fraction: FloatArray
    predicted: NDArray[np.bool_]
    carbon_covariance: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreStock:
    """Carbon of one core down to a depth.

    Attributes:
        to_depth_cm: Depth asked for, in cm.
        density_t_c_ha: Carbon down to that depth, or to ``reaches_cm`` where the core ends above it
            (at least 80 % of it, so at least this much), in t C/ha; NaN where refused.
        density_se_t_c_ha: Standard error that comes from extrapolation and from predicted carbon,
            in t C/ha; NaN where there is neither, or where that of the prediction is unknown.
        covered_cm: Measured soil above that depth, in cm.
        coverage: The same as a share of the depth.
        reaches_cm: Lower face of the deepest measured slice, in cm; 0 where nothing is measured.
        extrapolated: Whether the number holds soil below what was measured.
        slices_measured: Slices it is made of whose carbon was measured; 0 where refused.
        slices_predicted: Slices it is made of whose carbon was predicted; 0 where refused.
        refused_because: Why there is no number; None where there is one.
    """

    to_depth_cm: float
    density_t_c_ha: float
    density_se_t_c_ha: float
    covered_cm: float
    coverage: float
    reaches_cm: float
    extrapolated: bool
    slices_measured: int
    slices_predicted: int
    refused_because: str | None


def slices_of(
    top_cm: ArrayLike,
    bottom_cm: ArrayLike,
    bulk_density_g_cm3: ArrayLike,
    carbon_fraction: ArrayLike,
    *,
    predicted: ArrayLike | None = None,
    carbon_covariance: ArrayLike | None = None,
) -> Slices:
    """Slices of one core, put in order and checked.

    Args:
        top_cm: Upper faces, shape (n,), in cm, >= 0.
        bottom_cm: Lower faces, shape (n,), in cm.
        bulk_density_g_cm3: Dry bulk densities, shape (n,), in g/cm³; NaN where not measured.
        carbon_fraction: Organic carbon, shape (n,), g/g; NaN where not known.
        predicted: Whether that carbon was predicted, shape (n,), as `loi.apply` says; none is when
            left out.
        carbon_covariance: Of its errors, shape (n, n), in (g/g)²; needed with ``predicted``.

    Raises:
        ValueError: If there is no slice, shapes differ, a slice has no thickness, two overlap, a
            bulk density lies outside 0–2.65 g/cm³ or a carbon content outside 0–1 g/g, or carbon
            is predicted without the covariance of its errors.
    """
    given = [
        np.atleast_1d(np.asarray(one, dtype=float))
        for one in (top_cm, bottom_cm, bulk_density_g_cm3, carbon_fraction)
    ]
    if given[0].size == 0 or any(one.shape != given[0].shape for one in given):
        raise ValueError("a core has at least one slice, each with its two depths and two values")
    size = given[0].size
    which = np.zeros(size, dtype=bool) if predicted is None else np.asarray(predicted, dtype=bool)
    errors = np.asarray(np.zeros((size, size)) if carbon_covariance is None else carbon_covariance)
    if which.any() and carbon_covariance is None:
        raise ValueError("predicted carbon needs the covariance of its errors; NaN where unknown")
    if which.shape != (size,) or errors.shape != (size, size):
        raise ValueError("predicted carbon has one word a slice and one covariance a pair of them")
    order = np.argsort(given[0], kind="stable")
    top, bottom, density, carbon = (one[order] for one in given)
    _require_depths(top, bottom)
    _require_values(density, carbon)
    return Slices(
        top_cm=top,
        bottom_cm=bottom,
        bulk_density_g_cm3=density,
        carbon_fraction=carbon,
        predicted=which[order],
        carbon_covariance=errors[np.ix_(order, order)],
    )


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
        docs/methods/07-soil-cores.md, eq. 7.1 to 7.4, 7.7; Howard et al. 2014 (form).
    """
    if not (np.isfinite(to_depth_cm) and to_depth_cm > 0):
        raise ValueError("the depth is a number of cm above 0")
    known = ~np.isnan(core.bulk_density_g_cm3 * core.carbon_fraction)
    covered = float(_thickness(core.top_cm, core.bottom_cm, to_depth_cm)[known].sum())
    reaches = float(core.bottom_cm[known].max()) if known.any() else 0.0
    weights, line_se = np.zeros(int(known.sum())), np.nan
    short = reaches < to_depth_cm - _TOUCHING_CM
    carried = extrapolate and short and _well_sampled(core, known, reaches)
    refused = None
    if carried:
        weights, line_se = _carried_on(core, known, to_depth_cm)
    elif covered / to_depth_cm >= LEAST_COVERAGE:
        weights = _filled(core, known, min(reaches, to_depth_cm))
    else:
        refused = _why(core, known, covered, to_depth_cm, reaches)
    used, predicted = weights != 0, core.predicted[known]
    held = float(weights @ core.carbon_fraction[known])
    return CoreStock(
        to_depth_cm=float(to_depth_cm),
        density_t_c_ha=np.nan if refused else held,
        density_se_t_c_ha=_error(core, known, weights, line_se),
        covered_cm=covered,
        coverage=covered / to_depth_cm,
        reaches_cm=reaches,
        extrapolated=carried,
        slices_measured=int((used & ~predicted).sum()),
        slices_predicted=int((used & predicted).sum()),
        refused_because=refused,
    )


def _error(core: Slices, known: np.ndarray, weights: FloatArray, line_se: float) -> float:
    """Error of predicted carbon and of the line that carried a core on; NaN where neither is."""
    at = np.flatnonzero(known)[(weights != 0) & core.predicted[known]]
    if at.size == 0:
        return line_se
    share = weights[(weights != 0) & core.predicted[known]]
    variance = float(share @ core.carbon_covariance[np.ix_(at, at)] @ share)
    return float(np.sqrt(variance + (0.0 if np.isnan(line_se) else line_se**2)))


def _thickness(top: FloatArray, bottom: FloatArray, depth_cm: float) -> FloatArray:
    """How much of each slice lies above a depth, in cm."""
    part: FloatArray = np.clip(np.minimum(bottom, depth_cm) - top, 0.0, None)
    return part


def _filled(core: Slices, known: np.ndarray, depth_cm: float) -> FloatArray:
    """What 1 g/g of carbon in each known slice adds above a depth, in t C/ha.

    Every gap is shared between its neighbours.
    """
    top, bottom = core.top_cm[known], core.bottom_cm[known]
    middle = (bottom[:-1] + top[1:]) / 2
    top = np.concatenate([[0.0], middle])
    bottom = np.concatenate([middle, bottom[-1:]])
    soil_g_cm2 = _thickness(top, bottom, depth_cm) * core.bulk_density_g_cm3[known]
    weights: FloatArray = soil_g_cm2 * T_HA_PER_G_CM2
    return weights


def _well_sampled(core: Slices, known: np.ndarray, reaches_cm: float) -> bool:
    """Whether a short core may be carried on: enough slices, and few gaps down to its own end."""
    own = (core.bottom_cm - core.top_cm)[known].sum()
    return bool(known.sum() >= _LEAST_TO_FIT and own >= LEAST_COVERAGE * reaches_cm)


def _carried_on(core: Slices, known: np.ndarray, depth_cm: float) -> tuple[FloatArray, float]:
    """Weights of a core carried on to a depth, and the standard error of the line, in t C/ha.

    The line is the least-squares one through the carbon above each lower face; what it says of the
    depth is linear in the carbon of the slices.
    """
    depth = core.bottom_cm[known]
    above = np.array([_filled(core, known, one) for one in depth])
    carbon = above @ core.carbon_fraction[known]
    spread = depth - depth.mean()
    squares = float(spread @ spread)
    left = carbon - carbon.mean() - float(spread @ carbon) / squares * spread
    variance = float(left @ left) / (depth.size - 2)
    beyond = depth_cm - depth.mean()
    error = np.sqrt(variance * (1 / depth.size + beyond**2 / squares))
    weights: FloatArray = (1 / depth.size + beyond * spread / squares) @ above
    return weights, float(error)


def _why(
    core: Slices, known: np.ndarray, covered_cm: float, depth_cm: float, reaches_cm: float
) -> str:
    """The reason of a refusal, and the way out."""
    if np.isnan(core.bulk_density_g_cm3).all():
        return "no bulk density in any slice"
    if np.isnan(core.carbon_fraction).all():
        return "no organic carbon in any slice"
    if not known.any():
        return "no slice has both its bulk density and its organic carbon"
    said = f"{covered_cm:.4g} of {depth_cm:g} cm measured ({covered_cm / depth_cm:.1%} < 80 %)"
    if reaches_cm < depth_cm and _well_sampled(core, known, reaches_cm):
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
    return replace(
        core,
        top_cm=core.top_cm / factor,
        bottom_cm=core.bottom_cm / factor,
        bulk_density_g_cm3=core.bulk_density_g_cm3 * factor,
    )
