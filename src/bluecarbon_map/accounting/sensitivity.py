"""Which input moves a result most: each by a quarter down and up, one at a time.

docs/methods/15-sensitivity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

STEP: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """What one input does to the result.

    Attributes:
        name: The input.
        value: Its value.
        low: Result with the input a quarter lower.
        high: Result with it a quarter higher.
    """

    name: str
    value: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """How far apart the two results lie."""
        return abs(self.high - self.low)


def tornado(
    result: Callable[[Mapping[str, float]], float],
    inputs: Mapping[str, float],
    step: float = STEP,
) -> list[Swing]:
    """Swings of a result, the widest first; inputs of equal width keep their order.

    Args:
        result: Gives the result from all inputs by name.
        inputs: Values by name.
        step: Share by which each is moved, above 0 and below 1.

    Raises:
        ValueError: If there is no input, or the step is none.
    """
    if not inputs or not 0 < step < 1:
        raise ValueError("there is at least one input, and the step lies between 0 and 1")
    swings = [
        Swing(
            name=name,
            value=value,
            low=result({**inputs, name: value * (1 - step)}),
            high=result({**inputs, name: value * (1 + step)}),
        )
        for name, value in inputs.items()
    ]
    return sorted(swings, key=lambda swing: -swing.width)
