"""Organic carbon from loss on ignition (LOI), where the carbon itself was not measured.

docs/methods/07-soil-cores.md. A regression gives contents *and the covariance of their errors*: the
error of the fitted line is common to all slices, what a slice lies off it is its own. Equations of
the literature are known from memory only: they must be accepted explicitly, and their error is
unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bluecarbon_map.errors import FactorError
from bluecarbon_map.units import FloatArray

LEAST_PAIRS: Final = 10
"""Slices with both contents that a fit needs: a rule of this project, below it refuse."""

FITTED: Final = "LOI fit"
"""Where the carbon of a slice comes from: a regression on slices of one's own."""

PUBLISHED: Final = "LOI equation"
"""The same: an equation of the literature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """Carbon content as a polynomial of LOI, both in g/g of dry soil.

    Attributes:
        label: `FITTED` or `PUBLISHED`.
        name: Which one, to be printed.
        terms: Constant, coefficient of LOI, and of LOI² where there is one.
        covariance: Of the errors of ``terms``, shape (terms, terms); None where unknown.
        residual_se: What one slice lies off the line, in g/g; None where unknown.
        n: Slices it was fitted to; None where unknown.
        r_squared: Share of the variance it explains; None where unknown.
        low_loi: Least LOI it holds for, in g/g.
        high_loi: Greatest.
        source: Where it comes from.
        verified: Whether someone has checked it against that source.
    """

    label: str
    name: str
    terms: tuple[float, ...]
    covariance: FloatArray | None
    residual_se: float | None
    n: int | None
    r_squared: float | None
    low_loi: float
    high_loi: float
    source: str
    verified: bool

    @property
    def intercept(self) -> float:
        """Carbon at no LOI, in g/g."""
        return self.terms[0]

    @property
    def slope(self) -> float:
        """Coefficient of LOI, in g/g per g/g."""
        return self.terms[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Carbon of slices, measured where it was and else by a regression; shape (slices,).

    Attributes:
        carbon_fraction: Organic carbon, in g/g; NaN where neither is known, or ``outside``.
        covariance: Of the errors of those contents, shape (slices, slices), in (g/g)²; 0 where the
            carbon was measured, NaN where the error of the regression is unknown.
        predicted: Whether the regression gave it.
        outside: Whether the regression was asked and cannot say: the LOI lies outside what it holds
            for, or the carbon would lie outside 0 to the LOI, of which it is a part.
    """

    carbon_fraction: FloatArray
    covariance: FloatArray
    predicted: NDArray[np.bool_]
    outside: NDArray[np.bool_]


def fit(loi: ArrayLike, carbon_fraction: ArrayLike) -> Regression:
    """Least-squares line through slices in which both were measured.

    Args:
        loi: Loss on ignition, shape (n,), in g/g.
        carbon_fraction: Organic carbon, shape (n,), in g/g.

    Raises:
        ValueError: If there are fewer than `LEAST_PAIRS`, a content lies outside 0–1 g/g or above
            its LOI, or all LOI are the same.

    Source:
        docs/methods/07-soil-cores.md, eq. 7.6.
    """
    burnt, carbon = np.asarray(loi, dtype=float), np.asarray(carbon_fraction, dtype=float)
    _require_pairs(burnt, carbon)
    spread = burnt - burnt.mean()
    squares = float(spread @ spread)
    if squares <= 0:
        raise ValueError("all slices have the same LOI: there is no line through them")
    slope = float(spread @ carbon) / squares
    intercept = float(carbon.mean()) - slope * float(burnt.mean())
    left = carbon - intercept - slope * burnt
    variance = float(left @ left) / (burnt.size - 2)
    around = carbon - carbon.mean()
    whole = float(around @ around)
    return Regression(
        label=FITTED,
        name="least squares on this file",
        terms=(intercept, slope),
        covariance=_of_terms(variance, burnt, squares),
        residual_se=float(np.sqrt(variance)),
        n=int(burnt.size),
        r_squared=1 - float(left @ left) / whole if whole > 0 else None,
        low_loi=float(burnt.min()),
        high_loi=float(burnt.max()),
        source="slices of the same file with both LOI and organic carbon",
        verified=True,
    )


def _require_pairs(burnt: FloatArray, carbon: FloatArray) -> None:
    if burnt.ndim != 1 or burnt.shape != carbon.shape:
        raise ValueError("each slice has its LOI and its carbon")
    if burnt.size < LEAST_PAIRS:
        raise ValueError(
            f"{burnt.size} slices have both LOI and organic carbon; a fit needs {LEAST_PAIRS}"
        )
    if not ((carbon >= 0) & (carbon <= burnt) & (burnt <= 1)).all():
        raise ValueError("0 <= organic carbon <= LOI <= 1 g/g in every slice: check their units")


def _of_terms(variance: float, burnt: FloatArray, squares: float) -> FloatArray:
    """Covariance of intercept and slope."""
    mean = float(burnt.mean())
    shared = -mean / squares
    covariance: FloatArray = variance * np.array(
        [[1 / burnt.size + mean**2 / squares, shared], [shared, 1 / squares]]
    )
    return covariance


def apply(regression: Regression, carbon_fraction: ArrayLike, loi: ArrayLike) -> Filled:
    """Fill in carbon by LOI where it was not measured; what was measured stays.

    Args:
        regression: From `fit` or `published`.
        carbon_fraction: Organic carbon, shape (slices,), in g/g; NaN where not measured.
        loi: Loss on ignition, same shape, in g/g; NaN where not measured.

    Raises:
        ValueError: If shapes differ, or an LOI lies outside 0–1 g/g.

    Source:
        docs/methods/07-soil-cores.md, eq. 7.7.
    """
    measured, burnt = np.asarray(carbon_fraction, dtype=float), np.asarray(loi, dtype=float)
    if measured.ndim != 1 or measured.shape != burnt.shape:
        raise ValueError("each slice has its LOI and its carbon, or NaN")
    known = ~np.isnan(burnt)
    if not ((burnt[known] >= 0) & (burnt[known] <= 1)).all():
        raise ValueError("an LOI lies outside 0 to 1 g/g: is it per cent?")
    powers: FloatArray = burnt[:, None] ** np.arange(len(regression.terms))
    carbon = powers @ np.array(regression.terms)
    within = (burnt >= regression.low_loi) & (burnt <= regression.high_loi)
    asked = known & np.isnan(measured)
    predicted = asked & within & (carbon >= 0) & (carbon <= burnt)
    return Filled(
        carbon_fraction=np.where(predicted, carbon, measured),
        covariance=np.where(
            predicted[:, None] & predicted[None, :], _of_slices(regression, powers), 0.0
        ),
        predicted=predicted,
        outside=asked & ~predicted,
    )


def _of_slices(regression: Regression, powers: FloatArray) -> FloatArray:
    """Common error of the line, and each slice's own on the diagonal."""
    if regression.covariance is None or regression.residual_se is None:
        return np.full((len(powers), len(powers)), np.nan)
    own = np.eye(len(powers)) * regression.residual_se**2
    together: FloatArray = powers @ regression.covariance @ powers.T + own
    return together


def published(name: str, *, accept_unverified: bool = False) -> Regression:
    """An equation of the literature, known from memory only; its error is unknown.

    Args:
        name: ``mangrove``, ``marsh`` or ``seagrass``.
        accept_unverified: Use an equation that nobody has checked against its source.

    Raises:
        FactorError: If there is none of that name, or it is not accepted.
    """
    found = _PUBLISHED.get(name)
    if found is None:
        raise FactorError(f"no LOI equation {name!r}", f"Use one of: {', '.join(_PUBLISHED)}")
    if not found.verified and not accept_unverified:
        raise FactorError(
            f"the LOI equation of {found.name} was never checked against {found.source}",
            "Measure carbon in some slices and fit, or accept unverified values explicitly",
        )
    return found


def _equation(name: str, percent: tuple[float, ...], source: str, low_loi: float) -> Regression:
    """An equation of per cents, turned into g/g: term k is divided by 100^(1 - k)."""
    return Regression(
        label=PUBLISHED,
        name=name,
        terms=tuple(term * 100.0 ** (power - 1) for power, term in enumerate(percent)),
        covariance=None,
        residual_se=None,
        n=None,
        r_squared=None,
        low_loi=low_loi,
        high_loi=1.0,
        source=source,
        verified=False,
    )


_PUBLISHED: Final = {
    "mangrove": _equation("mangrove", (2.89, 0.415), "Kauffman et al. 2011", 0.0),
    "marsh": _equation("marsh", (0.0, 0.40, 0.0025), "Craft et al. 1991", 0.0),
    "seagrass": _equation(
        "seagrass", (-0.33, 0.43), "Howard et al. 2014 (after Fourqurean et al. 2012)", 0.002
    ),
}  # from memory, unverified; the range of each is unknown but for seagrass (LOI > 0.2 %)

EQUATIONS: Final = tuple(_PUBLISHED)
"""Names of `published`."""
