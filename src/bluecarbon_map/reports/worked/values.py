"""Values of coefficients that the examples are worked with."""

from __future__ import annotations

from bluecarbon_map.errors import FactorError
from bluecarbon_map.factors import factor


def value_of(factor_id: str) -> float:
    """The value of a coefficient that was checked.

    Raises:
        FactorError: If it has none, or nobody has checked it.
    """
    one = factor(factor_id)
    if one.value is None or not one.verified:
        raise FactorError(f"{factor_id} has no value that was checked: no example of it")
    return one.value


def sources_of(*factor_ids: str) -> str:
    """Publications of coefficients, each once."""
    return "; ".join(dict.fromkeys(source for one in factor_ids if (source := factor(one).source)))
