"""Numbers as an address has them: read strictly, written with all their digits."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

_PLAIN: Final = re.compile(r"\d{1,10}(\.\d{1,15})?", re.ASCII)
"""No sign, no exponent, no word."""
_SIGNED: Final = re.compile(r"-?\d+(\.\d+)?(e\+?\d+)?", re.ASCII)
"""What a reader would call a number."""
_DIGITS: Final = 15


def known(text: str, most: float) -> float | None:
    """The number of a text; None where it gives none between 0 and the most."""
    if not _PLAIN.fullmatch(text):
        return None
    value = float(text)
    return value if value <= most else None


def outside(text: str, most: float) -> bool:
    """Whether a text gives a number, but one that lies below 0 or above the most."""
    return bool(_SIGNED.fullmatch(text)) and not 0 <= float(text) <= most


def written(value: float) -> str:
    """A number as `known` reads it; digits after the fifteenth behind the point are lost."""
    return np.format_float_positional(value, precision=_DIGITS, trim="-")


def limits(most: float) -> str:
    """Between what a number may lie, in figures."""
    return f"0–{most:,.10g}"
