"""Monte Carlo: what areas and densities that are both uncertain come to, zone by zone.

docs/methods/13-simulation.md. A density that is wrong is wrong everywhere it is used, so each draw
has one value of a coefficient for all zones; areas are drawn for each zone and ecosystem apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bluecarbon_map.factors.intervals import Z_975, student_t_975
from bluecarbon_map.units import FloatArray

LEAST_DRAWS: Final = 10_000
SEED: Final = 20_220_101
SKEWED_FROM: Final = 0.30
"""Relative error from which a symmetric law would reach below 0 too often: lognormal instead."""

_ENDS: Final = (0.025, 0.5, 0.975)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """Results of all draws; each array is in t C, NaN where unknown.

    Attributes:
        mean: Mean of the draws.
        low: Quantile 0.025.
        median: Median.
        high: Quantile 0.975.
        draws: How many there were.
        seed: Seed they were drawn with.
    """

    mean: FloatArray
    low: FloatArray
    median: FloatArray
    high: FloatArray
    draws: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What zones, ecosystems and the whole come to.

    Attributes:
        cells: By zone and ecosystem, shape (zones, ecosystems); by group where groups were given.
        zones: By zone, shape (zones,).
        ecosystems: By ecosystem, shape (ecosystems,).
        total: The whole, shape ().
    """

    cells: Distribution
    zones: Distribution
    ecosystems: Distribution
    total: Distribution


def simulate(
    area_ha: ArrayLike,
    area_se_ha: ArrayLike,
    density_t_c_ha: ArrayLike,
    density_se_t_c_ha: ArrayLike,
    *,
    degrees: ArrayLike | None = None,
    pool_correlation: ArrayLike | None = None,
    coefficient: ArrayLike | None = None,
    group: ArrayLike | None = None,
    draws: int = LEAST_DRAWS,
    seed: int = SEED,
) -> Simulated:
    """Draw areas and densities, multiply, and add up.

    A relative error above 30 % is drawn from a lognormal law of the same mean and standard error,
    a smaller one from a normal law, or from Student's t where its degrees of freedom are known;
    what falls below 0 becomes 0. A sum leaves unknown cells out and is itself unknown where all
    are: say beside it how many hectares have no value.

    Args:
        area_ha: Areas, shape (zones, ecosystems), in ha, >= 0.
        area_se_ha: Their standard errors, same shape, in ha; 0 where they are exact.
        density_t_c_ha: Densities, shape (ecosystems, pools), in t C/ha; NaN where the ecosystem
            has no such pool.
        density_se_t_c_ha: Standard errors of those means, same shape.
        degrees: Degrees of freedom of each standard error, same shape; NaN or left out where many.
        pool_correlation: Correlation between the pools of an ecosystem, shape (pools, pools);
            independent when left out.
        coefficient: Number of the coefficient each density is, shape (ecosystems, pools): equal
            numbers are drawn once, so that two ecosystems which share a coefficient are wrong
            together. Each density its own when left out.
        group: Number of the ecosystem that each column belongs to, shape (ecosystems,), from 0
            without a gap: columns may be species, their results are added up. Each column its own
            when left out.
        draws: How many, >= 10,000.
        seed: Of the generator, printed with the result.

    Raises:
        ValueError: If shapes do not fit, an amount is negative, an error is missing beside its
            value, the matrix is no correlation, one coefficient has two values, a correlation is
            given beside shared coefficients, a group is empty, or there are too few draws.

    Source:
        docs/methods/13-simulation.md eq. 13.1 to 13.4; IPCC 2006 vol. 1 ch. 3, approach 2 (form).
    """
    area, area_se = _pair(area_ha, area_se_ha, "area")
    density, error = _pair(density_t_c_ha, density_se_t_c_ha, "density")
    if area.ndim != 2 or density.ndim != 2 or area.shape[1] != density.shape[0]:
        raise ValueError("areas are (zones, ecosystems) and densities (ecosystems, pools)")
    if draws < LEAST_DRAWS:
        raise ValueError(f"at least {LEAST_DRAWS:,} draws are needed")
    freedom = np.full(density.shape, np.inf) if degrees is None else np.asarray(degrees, float)
    member = _members(group, density.shape[0])
    random = np.random.default_rng(seed)
    if coefficient is None:
        root = _root(pool_correlation, density.shape[1])
        held = _densities(density, error, freedom, root, draws, random)
    elif pool_correlation is not None:
        raise ValueError("give shared coefficients or a correlation of pools, not both")
    else:
        codes = np.asarray(coefficient, dtype=np.intp)
        held = _shared(codes, density, error, freedom, draws, random)
    cells = _Cells(area, area_se, held, member, random)
    drawn = cells.drawn()  # first: it adds up zones, ecosystems and the total
    return Simulated(
        cells=_summed_up(drawn, draws, seed),
        zones=_summed_up(cells.by_zone, draws, seed),
        ecosystems=_summed_up(cells.by_ecosystem, draws, seed),
        total=_summed_up(cells.total, draws, seed),
    )


class _Cells:
    """Cells drawn zone by zone, so that memory holds a block of them and not all."""

    def __init__(
        self,
        area: FloatArray,
        area_se: FloatArray,
        density: FloatArray,
        member: FloatArray,
        random: np.random.Generator,
    ) -> None:
        self._area, self._se = area, area_se
        self._density, self._random = density, random
        self._member = member
        self._each_its_own = np.array_equal(member, np.eye(density.shape[0]))
        draws = density.shape[1]
        self._known: NDArray[np.bool_] = np.logical_not(np.isnan(density).all(axis=1))
        self.by_zone = np.zeros((len(area), draws))
        self.by_ecosystem = np.zeros((len(member), draws))
        self.total = np.zeros((1, draws))

    def drawn(self) -> list[FloatArray]:
        """Quantiles cannot wait for all cells: each zone's draws, one after the other."""
        done = []
        for zone in range(len(self._area)):
            areas = _positive(self._area[zone], self._se[zone], self._density.shape, self._random)
            there: NDArray[np.bool_] = np.logical_and(self._known, self._area[zone] > 0)
            carbon = np.where(there[:, None], areas * self._density, 0.0)
            self.by_zone[zone] = carbon[there].sum(axis=0) if there.any() else np.nan
            grouped = carbon if self._each_its_own else self._member @ carbon
            self.by_ecosystem += grouped
            if there.any():
                self.total[0] += self.by_zone[zone]
            done.append(_described(self._unknown_left(zone, there, grouped)))
        somewhere: NDArray[np.bool_] = np.logical_and(self._known, (self._area > 0).any(axis=0))
        self.by_ecosystem[~self._any(somewhere)] = np.nan
        if not somewhere.any():
            self.total[:] = np.nan
        return done

    def _any(self, of_column: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether a column of a group is so, shape (groups,)."""
        found: NDArray[np.bool_] = (self._member @ of_column.astype(float)) > 0
        return found

    def _unknown_left(self, zone: int, there: NDArray[np.bool_], grouped: FloatArray) -> FloatArray:
        """Groups without any known density, or whose only ground here has none, are unknown."""
        bare: NDArray[np.bool_] = np.logical_and(~self._known, self._area[zone] > 0)
        unknown = ~self._any(self._known) | (self._any(bare) & ~self._any(there))
        return np.where(unknown[:, None], np.nan, grouped)


def _densities(
    mean: FloatArray,
    error: FloatArray,
    degrees: FloatArray,
    root: FloatArray,
    draws: int,
    random: np.random.Generator,
) -> FloatArray:
    """Density of each ecosystem, all pools together, shape (ecosystems, draws)."""
    held = np.full((len(mean), draws), np.nan)
    for row in range(len(mean)):
        known = ~np.isnan(mean[row])
        if known.any():
            normal = root @ random.standard_normal((mean.shape[1], draws))
            held[row] = sum(
                _shaped(normal[pool], mean[row, pool], error[row, pool], degrees[row, pool], random)
                for pool in np.flatnonzero(known)
            )
    return held


def _shared(
    codes: NDArray[np.intp],
    mean: FloatArray,
    error: FloatArray,
    degrees: FloatArray,
    draws: int,
    random: np.random.Generator,
) -> FloatArray:
    """As `_densities`, one draw a coefficient wherever it stands."""
    known: NDArray[np.bool_] = np.logical_not(np.isnan(mean))
    if codes.shape != mean.shape:
        raise ValueError("each density has the number of its coefficient")
    held = np.full((len(mean), draws), np.nan)
    held[(~np.isnan(mean)).any(axis=1)] = 0.0
    for code in np.unique(codes[known]):
        at: NDArray[np.bool_] = np.logical_and(known, codes == code)
        said = np.unique(np.column_stack([mean[at], error[at], degrees[at]]), axis=0)
        if len(said) > 1:
            raise ValueError(f"coefficient {code} has two values: one of them is another's")
        middle, its_error, its_degrees = said[0]
        normal = random.standard_normal(draws)
        drawn = _shaped(normal, float(middle), float(its_error), float(its_degrees), random)
        held += at.sum(axis=1)[:, None] * drawn
    return held


def _members(group: ArrayLike | None, columns: int) -> FloatArray:
    """Which column belongs to which group, 1 or 0, shape (groups, columns)."""
    if group is None:
        return np.eye(columns)
    of_column = np.asarray(group, dtype=np.intp)
    numbers = np.unique(of_column)
    if of_column.shape != (columns,) or not np.array_equal(numbers, np.arange(numbers.size)):
        raise ValueError("each column has the number of its group, from 0 without a gap")
    members: FloatArray = (numbers[:, None] == of_column).astype(float)
    return members


def _shaped(
    normal: FloatArray, mean: float, error: float, degrees: float, random: np.random.Generator
) -> FloatArray:
    """Standard normal draws given the law of one number."""
    if mean <= 0 or error <= 0:
        return np.full(normal.shape, max(mean, 0.0))
    if error > SKEWED_FROM * mean:
        return _lognormal(normal, mean, error * _few(degrees))
    if np.isfinite(degrees):
        normal = normal / np.sqrt(random.chisquare(degrees, normal.shape) / degrees)
    drawn: FloatArray = np.maximum(mean + error * normal, 0.0)
    return drawn


def _few(degrees: float) -> float:
    """How much wider few sites make an interval: Student's t over the normal law's 1.96.

    A variate of Student's t in the exponent would have no mean, so the error is widened instead.
    """
    return student_t_975(int(degrees)) / Z_975 if np.isfinite(degrees) else 1.0


def _lognormal(normal: FloatArray, mean: float, error: float) -> FloatArray:
    spread = np.log1p((error / mean) ** 2)
    drawn: FloatArray = np.exp(np.log(mean) - spread / 2 + np.sqrt(spread) * normal)
    return drawn


def _positive(
    mean: FloatArray, error: FloatArray, shape: tuple[int, ...], random: np.random.Generator
) -> FloatArray:
    """Areas of one zone, shape (ecosystems, draws)."""
    drawn = np.repeat(mean[:, None], shape[1], axis=1)
    for at in np.flatnonzero(error > 0):
        normal = random.standard_normal(shape[1])
        drawn[at] = _shaped(normal, float(mean[at]), float(error[at]), np.inf, random)
    return drawn


def _described(drawn: FloatArray) -> FloatArray:
    """Mean and three quantiles of each row, shape (4, rows)."""
    sorted_rows = np.sort(drawn, axis=-1)
    ends = np.quantile(sorted_rows, _ENDS, axis=-1)
    described: FloatArray = np.vstack([drawn.mean(axis=-1)[None], ends])
    return described


def _summed_up(drawn: FloatArray | list[FloatArray], draws: int, seed: int) -> Distribution:
    found = np.stack(drawn, axis=1) if isinstance(drawn, list) else _described(drawn)
    mean, low, median, high = found
    return Distribution(mean=mean, low=low, median=median, high=high, draws=draws, seed=seed)


def _root(correlation: ArrayLike | None, pools: int) -> FloatArray:
    """A matrix that gives independent normals the correlation."""
    matrix = np.eye(pools) if correlation is None else np.asarray(correlation, dtype=float)
    shaped = matrix.shape == (pools, pools) and np.allclose(matrix, matrix.T)
    if not shaped or not np.allclose(np.diag(matrix), 1):
        raise ValueError(
            f"a correlation of {pools} pools is a symmetric matrix with 1 on its diagonal"
        )
    values, vectors = np.linalg.eigh(matrix)
    if values.min() < -1e-9:
        raise ValueError("these correlations contradict each other (a variance would be negative)")
    root: FloatArray = vectors * np.sqrt(np.clip(values, 0.0, None))
    return root


def _pair(value: ArrayLike, error: ArrayLike, name: str) -> tuple[FloatArray, FloatArray]:
    amounts, errors = np.asarray(value, dtype=float), np.asarray(error, dtype=float)
    if amounts.shape != errors.shape:
        raise ValueError(f"each {name} needs its standard error")
    if (
        (amounts < 0).any()
        or (errors < 0).any()
        or np.isinf(amounts).any()
        or np.isinf(errors).any()
    ):
        raise ValueError(f"a {name} and its standard error are finite and >= 0")
    if (np.isnan(errors) & ~np.isnan(amounts)).any():
        raise ValueError(
            f"a {name} without a standard error has no interval: leave it out, or borrow one"
        )
    return amounts, errors
