"""The interval of one coefficient, and what kind of interval it is.

A total's error is the error of the *mean* density, so where a coefficient has a standard deviation
between sites and their number, its interval is the 95 % confidence interval of the mean:
docs/methods/03-uncertainty.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class IntervalKind(StrEnum):
    """What the two ends of an interval are."""

    CI95 = "95% CI"
    SE = "SE"
    SD = "SD"
    RANGE = "range"
    MODEL_ERROR = "model error"
    LOW_MEDIUM_HIGH = "low/medium/high"
    PLUS_MINUS = "plus-minus unstated"
    CI95_OF_MEAN = "95% CI of the mean"
    BORROWED_SD = "borrowed SD"

    @property
    def name_zh(self) -> str:
        """The same in Chinese."""
        return _NAMES_ZH[self]


_NAMES_ZH: Final = {
    IntervalKind.CI95: "95% 置信区间",
    IntervalKind.SE: "标准误",
    IntervalKind.SD: "标准差",
    IntervalKind.RANGE: "范围",
    IntervalKind.MODEL_ERROR: "模型误差",
    IntervalKind.LOW_MEDIUM_HIGH: "低/中/高",
    IntervalKind.PLUS_MINUS: "±（原文未说明）",
    IntervalKind.CI95_OF_MEAN: "均值的95%置信区间",
    IntervalKind.BORROWED_SD: "借用的标准差（±1 SD）",
}

PUBLISHED_KINDS: Final = frozenset(
    IntervalKind(word)
    for word in (
        "95% CI", "SE", "SD", "range", "model error", "low/medium/high", "plus-minus unstated",
    )
)  # fmt: skip
"""Kinds that a row of the coefficient table may carry; the others are made here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Two ends around a value, in the value's unit.

    Attributes:
        low: Lower end; >= 0 for a density or a rate.
        high: Upper end.
        kind: What the ends are.
        clipped: Whether the lower end came out negative and was set to 0.
        borrowed_from: Id of the coefficient whose relative SD it has, or None if it is its own.
        degrees: Degrees of freedom of the standard error behind it, one less than its sites; None
            where nobody says.
    """

    low: float
    high: float
    kind: IntervalKind
    clipped: bool = False
    borrowed_from: str | None = None
    degrees: int | None = None

    def scaled(self, by: float) -> Interval:
        """The interval after its value was multiplied by a positive constant."""
        return replace(self, low=self.low * by, high=self.high * by)


_T_975: Final = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
Z_975: Final = 1.959963984540054
"""Quantile 0.975 of the normal law."""


def student_t_975(degrees: int) -> float:
    """Quantile 0.975 of Student's t: the printed table to 30 degrees, then a series.

    The series is the Cornish-Fisher expansion to the second power of 1/degrees; beyond 30 degrees
    it is right to 0.0001.

    Raises:
        ValueError: If there is not one degree of freedom.
    """
    if degrees < 1:
        raise ValueError("an interval of a mean needs at least two values")
    if degrees <= len(_T_975):
        return _T_975[degrees - 1]
    z = Z_975
    first = (z**3 + z) / (4 * degrees)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)
    return z + first + second


def _around(value: float, half_width: float, kind: IntervalKind, lender: str | None) -> Interval:
    low = value - half_width
    return Interval(
        low=max(low, 0.0),
        high=value + half_width,
        kind=kind,
        clipped=low < 0,
        borrowed_from=lender,
    )


def se_of_mean(sd: float, n: int) -> float:
    """Standard error of a mean over ``n`` sites from the standard deviation between them.

    Raises:
        ValueError: If there are fewer than two sites, or the deviation is negative or not finite.

    Source:
        docs/methods/03-uncertainty.md, eq. 3.5.
    """
    if n < 2:
        raise ValueError(
            "one site has no standard error of its own; an interval of a mean needs at least two "
            "values: borrow the relative standard deviation of a kindred coefficient, and say so"
        )
    if not 0 <= sd < math.inf:
        raise ValueError("a standard deviation is finite and >= 0")
    return sd / math.sqrt(n)


def of_mean(mean: float, sd: float, n: int) -> Interval:
    """95 % confidence interval of a mean over ``n`` sites, its lower end not below 0.

    Raises:
        ValueError: If there are fewer than two sites, or the deviation is negative or not finite.

    Source:
        docs/methods/03-uncertainty.md, eq. 3.1.
    """
    half_width = se_of_mean(sd, n) * student_t_975(n - 1)
    return replace(_around(mean, half_width, IntervalKind.CI95_OF_MEAN, None), degrees=n - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardError:
    """How far a mean may be off, in the unit of the mean.

    Attributes:
        value: The standard error; >= 0.
        degrees: Its degrees of freedom; None where they are many or unknown.
        kind: What it was worked out from. A borrowed SD is taken whole: the value is of one site,
            or nobody says of how many, and then that is the most its error can be.
    """

    value: float
    degrees: int | None
    kind: IntervalKind


def standard_error(
    value: float, interval: Interval | None, n: int | None = None
) -> StandardError | None:
    """Standard error of a mean, from what its interval is; None where the interval does not say.

    Standard errors are themselves; a 95 % interval is divided by Student's t, or by 1.96 where the
    number of sites is not known; a standard deviation by √n, and without n it says nothing. A
    range, a model error, low/medium/high and an unexplained ± are no error of a mean and stay what
    they are; so do ends that lie unequally about the mean by more than 5 % (a rule of this
    project), for they were not made as mean ± t × SE. Where the lower end was cut off at 0 the
    upper half is read.

    Args:
        value: The mean.
        interval: Its interval, in the same unit.
        n: Sites the mean is over; None where unknown.

    Source:
        docs/methods/03-uncertainty.md, eq. 3.5; docs/methods/13-simulation.md, eq. 13.4.
    """
    if interval is None or _leans(value, interval):
        return None
    half, kind = interval.high - value, interval.kind
    degrees = interval.degrees if n is None else n - 1
    if kind is IntervalKind.SE or (kind is IntervalKind.BORROWED_SD and n in (None, 1)):
        return StandardError(value=half, degrees=degrees or None, kind=kind)
    if kind in _CONFIDENCE and degrees is None:
        return StandardError(value=half / Z_975, degrees=None, kind=kind)
    if degrees is None or degrees < 1:
        return None
    if kind is IntervalKind.SD:
        return StandardError(value=se_of_mean(half, degrees + 1), degrees=degrees, kind=kind)
    if kind in _CONFIDENCE:
        return StandardError(value=half / student_t_975(degrees), degrees=degrees, kind=kind)
    return None


_UNEVEN: Final = 0.05
_CONFIDENCE: Final = (IntervalKind.CI95, IntervalKind.CI95_OF_MEAN)


def _leans(value: float, interval: Interval) -> bool:
    above, below = interval.high - value, value - interval.low
    return not interval.clipped and abs(above - below) > _UNEVEN * max(above, below)


def borrowed(value: float, relative_sd: float, lender_id: str) -> Interval:
    """One standard deviation either side, of the relative size another coefficient has.

    Source:
        docs/methods/03-uncertainty.md, eq. 3.2.
    """
    return _around(value, value * relative_sd, IntervalKind.BORROWED_SD, lender_id)
