"""Net present value: the guide's equation, and what InVEST works out instead."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bluecarbon_map.accounting.timeline.parameters import Prices
from bluecarbon_map.units import FloatArray


def growing_prices(price_per_t: float, inflation: float, years: int) -> FloatArray:
    """Price of a tonne in each year, growing by a share a year from the first on.

    Args:
        price_per_t: Price in the first year.
        inflation: Growth a year, as a share: 0.05 for 5 %.
        years: How many years.

    Returns:
        Prices, shape (years,).
    """
    grown: FloatArray = price_per_t * (1.0 + inflation) ** np.arange(years, dtype=float)
    return grown


def discounted(prices: Prices) -> FloatArray:
    """Price of a tonne in each year as worth in the first one, shape (years,).

    Source:
        docs/methods/11-timeline.md, eq. 11.6.
    """
    worth: FloatArray = prices.per_t / (1.0 + prices.discount) ** np.arange(prices.per_t.size)
    return worth


def net_present_value(net_t_ha_yr: ArrayLike, prices: Prices) -> FloatArray:
    """Each year's net sequestration times that year's discounted price, added up.

    Args:
        net_t_ha_yr: Net sequestration of each year, shape (years, …), in t/ha.
        prices: As many prices as years.

    Returns:
        In the currency of the prices per ha, shape (…); NaN where a year is unknown.

    Raises:
        ValueError: If there are not as many prices as years.

    Source:
        InVEST user's guide, V = Σ p_t (S_t - S_{t-1}) / (1 + d)^t; docs/methods/11-timeline.md,
        eq. 11.6.
    """
    net = np.asarray(net_t_ha_yr, dtype=float)
    if net.shape[:1] != prices.per_t.shape:
        raise ValueError(f"{net.shape[0]} years and {prices.per_t.size} prices: one a year")
    value: FloatArray = np.tensordot(discounted(prices), net, axes=1)
    return value


def value_as_invest(total_t_ha: ArrayLike, prices: Prices) -> FloatArray:
    """What InVEST 3.20.2 gives as net present value; only to lay beside its rasters.

    It multiplies the carbon of all years by the discounted prices of all years.

    Args:
        total_t_ha: Net sequestration since the first snapshot, shape (n,), in t/ha.
        prices: Prices from the first snapshot up to, not including, the year of the result.

    Returns:
        In the currency of the prices per ha, shape (n,): too high by about the number of years.

    Source:
        docs/methods/11-timeline.md, fifth deviation.
    """
    value: FloatArray = np.asarray(total_t_ha) * sum(discounted(prices).tolist())
    return value
