"""The sentences of the library, which are English, in the language of the session.

Problems of the gate and errors of the library are built from patterns such as ``there is no layer
{0}``. The catalogue ``library.po`` holds every pattern with its Chinese; a sentence is read back
into its pattern and the values in it, which stay what they are: text, never markup. What stands in
quotation marks is never looked into; a word such as *longitude* is translated only at a place that
the catalogue marks ``{0:word}``. What fits no pattern is shown as the library says it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from bluecarbon_map.ecosystems import ECOSYSTEMS
from ui import words

_PLACE: Final = re.compile(r"\{(\d)(?::word)?\}")
_SPACED: Final = re.compile(r"( ?)\{(\d)(:word)?\}( ?)")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_JOINED: Final = (" ", ",", ";", ":", "(")
"""How a pattern begins that follows another one."""
_JOINT: Final = re.compile(r"[ ,;:(]")
_WORD: Final = re.compile(r"[a-z/]+")
_DEEPEST: Final = 3
"""How often a value may itself be a sentence with values in it."""
_ENOUGH: Final = 6
"""Letters of its own by which a pattern is known; one with fewer has to hold plain values."""
_LONGEST: Final = 4_000
"""Letters of a sentence: no problem of the gate has more."""
_QUOTE: Final = re.compile(r"""(?<!\w)('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?!\w)""", re.DOTALL)
_MASK: Final = re.compile("\x02(\\d+)\x03")
"""Stands for a value in quotation marks while a sentence is looked for."""
_OF_VALUE: Final = re.compile("(\x02\\d+\x03)(:? )(.+)", re.DOTALL)
_PLAIN: Final = re.compile(
    "[-+−]?\\d[\\d., ]*%?|(?:\x02\\d+\x03(?:, )?)+|[A-Za-z]+(?:_[A-Za-z0-9]+)+"
)
"""A number, values in quotation marks, or the name of a column."""


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
        words: Single words that the library puts in at a place marked ``:word``.
        joined: Patterns that follow another sentence, which is their first value.
        others: Patterns that stand by themselves.
        quotes: Texts in quotation marks that are a pattern's own, no value of a file.
    """

    whole: Mapping[str, str]
    words: Mapping[str, str]
    joined: tuple[Pattern, ...]
    others: tuple[Pattern, ...]
    quotes: frozenset[str]


@cache
def _patterns() -> Patterns:
    known = words.catalogue("zh", "library")
    whole: dict[str, str] = {}
    single = {key: kind.name_zh for key, kind in ECOSYSTEMS.items()}
    joined: list[Pattern] = []
    others: list[Pattern] = []
    for text, told in known.items():
        pieces = tuple(_PLACE.split(text)[::2])
        own = sum(letter.isalpha() for piece in pieces for letter in piece)
        if text.startswith(_JOINED):
            joined.append(Pattern(("", *pieces), "{0}" + _moved(told), own))
        elif len(pieces) > 1:
            others.append(Pattern(pieces, told, own))
        elif _WORD.fullmatch(text):
            single[text] = told
        else:
            whole[text] = told
    quotes = frozenset(quote for text in known for quote in _QUOTE.findall(text))
    return Patterns(whole, single, _sorted(joined), _sorted(others), quotes)


def _moved(told: str) -> str:
    """A translation whose places come after one more."""
    return re.sub(r"\{(\d)", lambda match: f"{{{int(match[1]) + 1}", told)


def _sorted(patterns: list[Pattern]) -> tuple[Pattern, ...]:
    return tuple(sorted(patterns, key=lambda one: (-one.own, -len(one.pieces))))


@lru_cache(maxsize=4096)
def in_language(text: str, language: str) -> str:
    """A sentence of the library in a language; what fits no pattern comes back as it is."""
    if language == "en" or len(text) > _LONGEST or "\x02" in text:
        return text
    kept: list[str] = []

    def mask(match: re.Match[str]) -> str:
        if match[1] in _patterns().quotes:
            return match[1]
        kept.append(match[1])
        return f"\x02{len(kept) - 1}\x03"

    told = _told(_QUOTE.sub(mask, text), 0)
    return _MASK.sub(lambda match: kept[int(match[1])], told)


def _told(text: str, depth: int) -> str:
    whole = _patterns().whole
    if text in whole or depth > _DEEPEST:
        return whole.get(text, text)
    return _said_of_value(text, depth) or _followed(text, depth) or _by_itself(text, depth) or text


def _said_of_value(text: str, depth: int) -> str | None:
    """``'x' is not a number``: a value, and a sentence about it."""
    match = _OF_VALUE.fullmatch(text)
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
            return _filled(pattern.told, [first, *values[1:]], depth, told=1)
    return None


def _by_itself(text: str, depth: int) -> str | None:
    for pattern in _patterns().others:
        values = pattern.values(text)
        if values is None:
            continue
        if pattern.own < _ENOUGH and not all(map(_is_plain, values)):
            continue
        return _filled(pattern.told, values, depth)
    return None


def _is_plain(value: str) -> bool:
    return value in _patterns().words or _PLAIN.fullmatch(value) is not None


def _filled(translation: str, values: Sequence[str], depth: int, told: int = 0) -> str:
    """Values at their places; no space is left between a Chinese value and its sentence.

    Args:
        translation: With its places; a word of the library's own may stand at one of ``:word``.
        values: As they stand in the sentence.
        depth: How deep in another sentence this one stands.
        told: How many of the values are translated already.
    """

    def put(match: re.Match[str]) -> str:
        at = int(match[2])
        value = values[at]
        if match[3] and value in _patterns().words:
            value = _patterns().words[value]
        elif at >= told:
            value = _told(value, depth + 1)
        before = "" if _HAN.match(value[:1]) else match[1]
        return before + value + ("" if _HAN.match(value[-1:]) else match[4])

    return _SPACED.sub(put, translation)


def spoken(text: str) -> str:
    """A sentence of the library in the language of the session."""
    from ui import state

    return in_language(text, state.language())
