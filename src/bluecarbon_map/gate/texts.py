"""Text of a file as it is stored: what is written stays, what cannot be seen goes, and is said.

HTML and formulas stay letter by letter: text is data, made inert where it leaves.
"""

from __future__ import annotations

import json
import math
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

LONGEST_TEXT: Final = 10_000
"""Letters that one value may hold."""

_EDGES: Final = " \u3000\u00a0"
_KEPT_CONTROLS: Final = "\t\n\r"
_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LOOKALIKES: Final = ("CYRILLIC", "GREEK")

CHANGES: Final = {
    "null_byte": "it holds the letter U+0000, which ends a text in many programs",
    "control_character": "it holds control characters that nobody can see",
    "direction_override": "it holds marks that turn the direction of writing, so it reads otherwise"
    " than it is",
    "invisible_character": "it holds letters of no width, so two equal names would differ",
    "broken_character": "it holds half of a character (a lone surrogate)",
    "mixed_script": "one word mixes Latin letters with Cyrillic or Greek ones that look alike",
}
"""What `clean` may say of a text, and what that means."""


def as_text(value: Any) -> str | None:  # noqa: ANN401
    """A value of any format as text, exactly; None where there is none.

    A whole number that a spreadsheet made a float loses its ``.0``; integers of any size keep every
    digit; dates are ISO.
    """
    if value is None or isinstance(value, str):
        return value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, (float, Decimal)) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return None if str(value) in {"NaT", "<NA>"} else _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        at_midnight = value.timetz().isoformat() == "00:00:00"
        return value.date().isoformat() if at_midnight else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def clean(text: str) -> tuple[str | None, tuple[str, ...]]:
    """A text as it is stored, and which of `CHANGES` it underwent.

    Spaces at its ends go, other white space stays; an empty text is None. NFC; letters without
    width, marks of direction and control characters but tab and line ends are taken out.
    """
    if text.isascii() and text.isprintable():
        return text.strip(" ") or None, ()
    return _cleaned(text)


@lru_cache(maxsize=1 << 16)
def _cleaned(text: str) -> tuple[str | None, tuple[str, ...]]:
    said: dict[str, None] = {}
    kept: list[str] = []
    for letter in text:
        fault = _fault(letter)
        if fault is None:
            kept.append(letter)
            continue
        said[fault] = None
        if fault == "broken_character":
            kept.append("\ufffd")
    whole = unicodedata.normalize("NFC", "".join(kept)).strip(_EDGES)
    if _mixes_scripts(whole):
        said["mixed_script"] = None
    return whole or None, tuple(said)


def _fault(letter: str) -> str | None:
    if letter == "\0":
        return "null_byte"
    if letter in _BIDI:
        return "direction_override"
    if letter in _KEPT_CONTROLS:
        return None
    kind = unicodedata.category(letter)
    return {
        "Cc": "control_character",
        "Cf": "invisible_character",
        "Cs": "broken_character",
    }.get(kind)


def _mixes_scripts(text: str) -> bool:
    scripts: set[str] = set()
    for letter in text:
        if not letter.isalpha():
            scripts = set()
            continue
        scripts.add(unicodedata.name(letter, "").partition(" ")[0])
        if "LATIN" in scripts and not scripts.isdisjoint(_LOOKALIKES):
            return True
    return False


def folded(name: str) -> str:
    """One spelling of names that differ only in width, case or white space at their ends."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
