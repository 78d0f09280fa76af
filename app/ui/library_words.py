"""The sentences of the library, which are English, in the language of the session.

Problems of the gate and errors of the library are built from patterns such as ``there is no layer
{0}``. The catalogue ``library.po`` holds every pattern with its Chinese; a sentence is read back
into its pattern and the values in it, which stay what they are: text, never markup. What fits no
pattern is shown as the library says it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from bluecarbon_map.ecosystems import ECOSYSTEMS
from ui import words

_PLACE: Final = re.compile(r"\{(\d)\}")
_SPACED: Final = re.compile(r"( ?)\{(\d)\}( ?)")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_JOINED: Final = (" ", ",", ";", ":", "(")
"""How a pattern begins that follows another one."""
_DEEPEST: Final = 3
"""How often a value may itself be a sentence with values in it."""
_ENOUGH: Final = 6
"""Letters of its own by which a pattern is known; one with fewer has to hold plain values."""
_QUOTED: Final = re.compile(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(:? )(.+)""", re.DOTALL)
"""A value in quotation marks, and what is said of it."""
_PLAIN: Final = re.compile(r"""[-+−]?\d[\d., ]*%?|'[^']*'|[A-Za-z]+(?:_\w+)+""")
"""A number, a value in quotation marks, or the name of a column."""
_JOINT: Final = re.compile(r"[ ,;:(]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern cut at its places.

    Attributes:
        pieces: Its own text before, between and after the places.
        told: Its translation, with the places numbered.
        own: How many letters are its own.
    """

    pieces: tuple[str, ...]
    told: str
    own: int

    def values(self, text: str) -> list[str] | None:
        """What stands at the places if the text follows the pattern, each as short as can be.

        One pass over the text whatever it holds: a file cannot make it long.
        """
        first, last = self.pieces[0], self.pieces[-1]
        if not (text.startswith(first) and text.endswith(last)):
            return None
        at, end, found = len(first), len(text) - len(last), []
        for piece in self.pieces[1:-1]:
            then = text.find(piece, at, end) if piece else _end_of_first(text, at, end)
            if then < 0:
                return None
            found.append(text[at:then])
            at = then + len(piece)
        return [*found, text[at:end]] if at <= end else None


def _end_of_first(text: str, at: int, end: int) -> int:
    """Where the first of two neighbouring places ends: before what looks joined to it."""
    found = _JOINT.search(text, at, end)
    return found.start() if found else end


@dataclass(frozen=True, slots=True)
class Patterns:
    """All of them, those with most text of their own first.

    Attributes:
        whole: Sentences without a place → their translation.
        joined: Patterns that follow another sentence, which is their first value.
        others: Patterns that stand by themselves.
    """

    whole: Mapping[str, str]
    joined: tuple[Pattern, ...]
    others: tuple[Pattern, ...]


@cache
def _patterns() -> Patterns:
    whole: dict[str, str] = {}
    joined: list[Pattern] = []
    others: list[Pattern] = []
    for text, told in words.catalogue("zh", "library").items():
        pieces = tuple(_PLACE.split(text)[::2])
        own = sum(letter.isalpha() for piece in pieces for letter in piece)
        if text.startswith(_JOINED):
            moved = _PLACE.sub(lambda match: f"{{{int(match[1]) + 1}}}", told)
            joined.append(Pattern(("", *pieces), f"{{0}}{moved}", own))
        elif len(pieces) == 1:
            whole[text] = told
        else:
            others.append(Pattern(pieces, told, own))
    return Patterns(whole, _sorted(joined), _sorted(others))


def _sorted(patterns: list[Pattern]) -> tuple[Pattern, ...]:
    return tuple(sorted(patterns, key=lambda one: (-one.own, -len(one.pieces))))


def in_language(text: str, language: str) -> str:
    """A sentence of the library in a language; what fits no pattern comes back as it is."""
    return text if language == "en" else _told(text, 0)


@lru_cache(maxsize=4096)
def _told(text: str, depth: int) -> str:
    whole = _patterns().whole
    if text in whole:
        return whole[text]
    if depth and text in ECOSYSTEMS:
        return ECOSYSTEMS[text].name_zh
    if depth > _DEEPEST:
        return text
    return _said_of_value(text, depth) or _followed(text, depth) or _by_itself(text, depth) or text


def _said_of_value(text: str, depth: int) -> str | None:
    """``'x' is not a number``: a value, and a sentence about it."""
    match = _QUOTED.fullmatch(text)
    if match is None:
        return None
    value, between, rest = match.groups()
    told = _told(rest, depth + 1)
    return None if told == rest else f"{value}{between.replace(': ', '：')}{told}"


def _followed(text: str, depth: int) -> str | None:
    """A sentence with another one after it; the first is known, or is not there."""
    for pattern in _patterns().joined:
        values = pattern.values(text)
        if values is None or (values[0] and pattern.own < _ENOUGH):
            continue
        first = _told(values[0], depth + 1) if values[0] else ""
        if not values[0] or first != values[0]:
            rest = [_told(value, depth + 1) for value in values[1:]]
            return _filled(pattern.told, [first, *rest])
    return None


def _by_itself(text: str, depth: int) -> str | None:
    for pattern in _patterns().others:
        values = pattern.values(text)
        if values is None:
            continue
        if depth and pattern.own < _ENOUGH and not all(map(_PLAIN.fullmatch, values)):
            continue
        return _filled(pattern.told, [_told(value, depth + 1) for value in values])
    return None


def _filled(told: str, values: Sequence[str]) -> str:
    """Values at their places; no space is left between a Chinese value and its sentence.

    What looks like a place inside a value stays what it is.
    """

    def put(match: re.Match[str]) -> str:
        value = values[int(match[2])]
        before = "" if _HAN.match(value[:1]) else match[1]
        return before + value + ("" if _HAN.match(value[-1:]) else match[3])

    return _SPACED.sub(put, told)


def spoken(text: str) -> str:
    """A sentence of the library in the language of the session."""
    from ui import state

    return in_language(text, state.language())
