"""How intervals add up.

Two amounts that were made with the same coefficient are wrong together: their distances to low and
to high add. Amounts made with different coefficients are wrong apart: their distances add in
quadrature, the low side and the high side each by itself. docs/methods/03-uncertainty.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bluecarbon_map.units import FloatArray

_ROUNDING = 1e-9

MIXED: Final = "mixed: "
"""Begins the name of an interval that several kinds went into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """Sums with their intervals, one element a group, in the unit of the terms.

    Attributes:
        value: Sum of the terms that are known; NaN where none of a group is.
        low: Lower end; NaN where it is unknown.
        high: Upper end; NaN where it is unknown.
    """

    value: FloatArray
    low: FloatArray
    high: FloatArray


def half_width_of_sum(half_widths: ArrayLike, correlation: ArrayLike | None = None) -> float:
    """Half-width of a sum of amounts.

    Args:
        half_widths: Half-width of each amount, shape (k,), >= 0, one unit.
        correlation: Correlation between the amounts, shape (k, k); independent when left out.

    Returns:
        The half-width of the sum, in the same unit.

    Raises:
        ValueError: If there is no amount, a half-width is negative or not finite, or the matrix
            is no correlation of the amounts.

    Source:
        docs/methods/03-uncertainty.md, eq. 3.4.
    """
    widths = np.asarray(half_widths, dtype=float)
    if widths.ndim != 1 or widths.size == 0 or not (np.isfinite(widths) & (widths >= 0)).all():
        raise ValueError("half-widths are one row of finite numbers >= 0, at least one")
    matrix = np.eye(widths.size) if correlation is None else np.asarray(correlation, dtype=float)
    _require_correlation(matrix, widths.size)
    return float(np.sqrt(max(widths @ matrix @ widths, 0.0)))


def _require_correlation(matrix: FloatArray, size: int) -> None:
    shaped = matrix.shape == (size, size) and np.allclose(matrix, matrix.T)
    if not shaped or not np.allclose(np.diag(matrix), 1) or np.abs(matrix).max() > 1 + _ROUNDING:
        raise ValueError(
            f"a correlation of {size} amounts is a symmetric {size} × {size} matrix, "
            "1 on the diagonal and none beyond 1"
        )
    if np.linalg.eigvalsh(matrix).min() < -_ROUNDING:
        raise ValueError("these correlations contradict each other (a variance would be negative)")


def combine(
    factor_id: ArrayLike,
    value: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    group: ArrayLike | None = None,
    *,
    groups: int = 1,
) -> Combined:
    """Add up amounts and their intervals, group by group.

    An amount that is NaN is unknown and left out of its sum: say beside the sum how many hectares
    have no value. An amount above zero without an interval makes the interval of its sum unknown,
    because the missing one could be of any width; an amount of zero needs none.

    Args:
        factor_id: Coefficient each amount was made with, shape (n,).
        value: Amounts, shape (n,), >= 0, or NaN.
        low: Their lower ends, shape (n,); NaN where unknown.
        high: Their upper ends, shape (n,); NaN where unknown.
        group: Group of each amount, shape (n,), whole numbers from 0; all in one when left out.
        groups: How many groups there are.

    Returns:
        One sum with its interval for each group, shape (groups,).

    Raises:
        ValueError: If there is nothing to add, shapes differ, an amount is negative or infinite, an
            interval is half given or does not hold its value, or a group has no amount at all.

    Source:
        docs/methods/03-uncertainty.md, eq. 3.3 and 3.4.
    """
    amount, lower, upper = (np.asarray(x, dtype=float) for x in (value, low, high))
    ids = np.asarray(factor_id, dtype=str)
    where = np.zeros(amount.shape, dtype=np.intp) if group is None else np.asarray(group, np.intp)
    _require_terms(amount, lower, upper, ids, where)
    _require_groups(where, groups)
    known = ~np.isnan(amount)
    total = _summed(amount, where, known, groups)
    total[_count(where, known, groups) == 0] = np.nan
    bounded = total.copy()
    bounded[_count(where, known & (amount > 0) & np.isnan(lower), groups) > 0] = np.nan
    sure = known & ~np.isnan(lower)
    below = _distance(amount[sure] - lower[sure], ids[sure], where[sure], groups)
    above = _distance(upper[sure] - amount[sure], ids[sure], where[sure], groups)
    return Combined(value=total, low=bounded - below, high=bounded + above)


def _count(where: NDArray[np.intp], chosen: NDArray[np.bool_], groups: int) -> NDArray[np.intp]:
    return np.bincount(where[chosen], minlength=groups)


def _summed(
    amount: FloatArray, where: NDArray[np.intp], chosen: NDArray[np.bool_], groups: int
) -> FloatArray:
    return np.asarray(np.bincount(where[chosen], amount[chosen], minlength=groups), dtype=float)


def _distance(
    distance: FloatArray, ids: NDArray[np.str_], where: NDArray[np.intp], groups: int
) -> FloatArray:
    """Distances added within each coefficient, then in quadrature between coefficients."""
    if distance.size == 0:
        return np.zeros(groups)
    _, code = np.unique(ids, return_inverse=True)
    pairs, pair_of_term = np.unique(where * (code.max() + 1) + code, return_inverse=True)
    linear = np.bincount(pair_of_term, distance)
    group_of_pair = pairs // (code.max() + 1)
    summed: FloatArray = np.sqrt(np.bincount(group_of_pair, linear**2, minlength=groups))
    return summed


def _require_terms(
    amount: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    ids: NDArray[np.str_],
    where: NDArray[np.intp],
) -> None:
    if amount.ndim != 1 or amount.size == 0:
        raise ValueError("there is nothing to add up: a sum over nothing is unknown, not zero")
    if not amount.shape == lower.shape == upper.shape == ids.shape == where.shape:
        raise ValueError("amounts, ends, coefficients and groups must be of one length")
    if (amount < 0).any() or np.isinf(amount).any():
        raise ValueError("an amount is finite and >= 0, or NaN where it is unknown")
    ends_known = ~np.isnan(lower)
    if (ends_known != ~np.isnan(upper)).any() or (ends_known & np.isnan(amount)).any():
        raise ValueError("an interval needs its amount and both its ends")
    slack = _ROUNDING * np.abs(amount)
    if ((lower > amount + slack) | (upper < amount - slack) | np.isinf(upper) | (lower < 0)).any():
        raise ValueError("an interval must be finite, not below 0, and hold its amount")


def _require_groups(where: NDArray[np.intp], groups: int) -> None:
    if where.min() < 0 or where.max() >= groups:
        raise ValueError(f"groups are numbered 0 to {groups - 1}")
    if (np.bincount(where, minlength=groups) == 0).any():
        raise ValueError("a group has nothing to add up: a sum over nothing is unknown, not zero")


def kind_of(kinds: Iterable[str | None]) -> str | None:
    """What the ends of a combined interval are.

    Args:
        kinds: Kinds that went into it, None where there is none; a mixed one counts as its parts.

    Returns:
        The one kind there is; ``mixed: a; b`` where there are several, an interval that has no
        confidence level; None where there is none.

    Source:
        docs/methods/03-uncertainty.md.
    """
    words = {word for kind in kinds if kind for word in str(kind).removeprefix(MIXED).split("; ")}
    joined = "; ".join(sorted(words))
    return (MIXED + joined if len(words) > 1 else joined) or None
