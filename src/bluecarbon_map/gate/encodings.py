"""In which encoding a text is written: found out for sure, or asked for; never mojibake."""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass
from typing import Final, NoReturn

KNOWN: Final = {
    "utf-8": "utf-8-sig", "utf8": "utf-8-sig", "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16", "utf16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
    "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030",
    "big5": "big5hkscs", "big5hkscs": "big5hkscs", "cp950": "cp950",
    "shift_jis": "cp932", "cp932": "cp932", "euc-kr": "cp949",
    "windows-1252": "cp1252", "cp1252": "cp1252", "iso-8859-1": "cp1252", "latin-1": "cp1252",
    "latin1": "cp1252",
}  # fmt: skip
"""Encodings that a user may name → Python's codec."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_SAMPLE: Final = 60
_COMMON_LEAST: Final = 0.5
"""Least share of the Chinese characters that are everyday ones (GB 2312) in a Chinese text."""


class UnclearEncodingError(ValueError):
    """An encoding that cannot be told from the bytes.

    Attributes:
        reason: Why, for a reader.
        readings: What the text would read as: encoding → sample.
    """

    def __init__(self, reason: str, readings: dict[str, str] | None = None) -> None:
        self.reason = reason
        self.readings = readings or {}
        super().__init__(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A text with the encoding it was written in.

    Attributes:
        text: The text, without byte-order mark.
        encoding: Name of the encoding, for a reader.
        sample: First words with letters beyond ASCII, to be looked at; '' where there are none.
        certain: Whether the bytes or the user leave no other reading.
    """

    text: str
    encoding: str
    sample: str
    certain: bool


def decode(content: bytes, asked: str | None = None) -> Decoded:
    """The text of a file.

    In this order: what the user says; a byte-order mark; strict UTF-8; GB18030; Windows-1252 where
    the bytes cannot be Chinese.

    Raises:
        UnclearEncodingError: If no encoding fits, or several do and only a reader can choose.
    """
    if asked is not None:
        return _as_asked(content, asked)
    for mark, codec, name in _BOMS:
        if content.startswith(mark):
            return _strict(content, codec, name)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _without_mark(content)
    _ask_if_chinese(content, text)
    return _made(text, "UTF-8", certain=True)


def _ask_if_chinese(content: bytes, text: str) -> None:
    """Ask where pairs of bytes are valid UTF-8 by chance: 台涂 in GB18030 is such a text.

    Raises:
        UnclearEncodingError: If UTF-8 gives two-byte letters that are not Latin, and GB18030 gives
            everyday Chinese.
    """
    beyond = [letter for letter in text if ord(letter) > 0x7F]
    if not beyond or max(beyond) > "\u07ff" or all(map(_is_latin, beyond)):
        return
    try:
        chinese = content.decode("gb18030")
    except UnicodeDecodeError:
        return
    if all(_is_everyday(letter) for letter in chinese if ord(letter) > 0x7F):
        _raise_unclear({"UTF-8": _sample(text), "GB18030": _sample(chinese)})


def _is_latin(letter: str) -> bool:
    return ord(letter) < 0xC0 or unicodedata.name(letter, "").startswith("LATIN")


def _raise_unclear(readings: dict[str, str]) -> NoReturn:
    said = " or ".join(f"{sample!r} ({name})" for name, sample in readings.items())
    raise UnclearEncodingError(f"its encoding is unclear: {said}?", readings)


def _as_asked(content: bytes, asked: str) -> Decoded:
    codec = KNOWN.get(asked.strip().casefold())
    if codec is None:
        raise UnclearEncodingError(f"{asked[:40]!r} is no encoding this system reads")
    return _strict(content, codec, asked.strip())


def _strict(content: bytes, codec: str, name: str) -> Decoded:
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as problem:
        raise UnclearEncodingError(
            f"byte {problem.start + 1} is not {name}; the file is damaged or of another encoding"
        ) from None
    return _made(text.removeprefix("\ufeff"), name, certain=True)


def _without_mark(content: bytes) -> Decoded:
    latin = _latin(content)
    try:
        chinese = content.decode("gb18030")
    except UnicodeDecodeError:
        if latin is None:
            raise UnclearEncodingError(
                "it is text in none of UTF-8, GB18030, Windows-1252"
            ) from None
        return _made(latin, "Windows-1252", certain=False)
    if looks_chinese(chinese):
        return _made(chinese, "GB18030", certain=False)
    readings = {"GB18030": _sample(chinese)}
    if latin is not None:
        readings["Windows-1252"] = _sample(latin)
    _raise_unclear(readings)


def _latin(content: bytes) -> str | None:
    """The text in Windows-1252, where it makes sense: printable, and its letters in words."""
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    beyond = [letter for letter in text if ord(letter) > 0x7E]
    letters = sum(letter.isalpha() for letter in beyond)
    controls = any(unicodedata.category(letter) == "Cc" for letter in beyond)
    return text if not controls and 2 * letters >= len(beyond) else None


def looks_chinese(text: str) -> bool:
    """Whether the letters beyond ASCII are such as Chinese text is made of.

    In Windows-1252 words a high byte stands before an ASCII letter, which GB18030 takes for one
    rare character; Chinese text is mostly pairs of high bytes, of everyday characters.
    """
    beyond = [letter for letter in text if ord(letter) > 0x7F]
    if any(unicodedata.category(letter) in {"Co", "Cn", "Cc"} for letter in beyond):
        return False
    if all(_ends_in_ascii(letter) for letter in set(beyond)):
        return False
    return sum(map(_is_everyday, beyond)) >= _COMMON_LEAST * len(beyond)


def is_mostly_common(text: str) -> bool:
    """Whether most of the letters beyond ASCII are of the first level of GB 2312.

    Cyrillic and Greek words of one byte a letter read as Chinese of the second level, or as none.
    """
    leads = [letter.encode("gb18030")[0] for letter in text if ord(letter) > 0x7F]
    return 2 * sum(0xB0 <= lead <= 0xD7 for lead in leads) > len(leads)


def _ends_in_ascii(letter: str) -> bool:
    pair = letter.encode("gb18030")
    return len(pair) == 2 and pair[1] < 0x80


def _is_everyday(letter: str) -> bool:
    try:
        return len(letter.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def _made(text: str, name: str, *, certain: bool) -> Decoded:
    return Decoded(text=text, encoding=name, sample=_sample(text), certain=certain)


def _sample(text: str) -> str:
    """Some of the text around the first letter beyond ASCII."""
    at = next((place for place, letter in enumerate(text) if ord(letter) > 0x7F), None)
    if at is None:
        return ""
    return " ".join(text[max(0, at - 10) : at + _SAMPLE - 10].split())
