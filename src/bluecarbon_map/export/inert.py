"""Text that a spreadsheet would run as a formula: harmless outside, the same again inside."""

from __future__ import annotations

import re
from typing import Final

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def inert(text: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front.

    So does one that has such an apostrophe already: `original` gives every text back as it was.
    Everything else, numbers too, comes back as it is.
    """
    if isinstance(text, str) and _FORMULA.match(text):
        return "'" + text
    return text


def original(text: str) -> str:
    """The text that `inert` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
