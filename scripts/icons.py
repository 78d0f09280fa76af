"""Cut Streamlit's icon font down to the icons that can show, and make a font without a letter.

``python scripts/icons.py`` writes both.

Streamlit sends 4,300 icons to every browser. Kept are those that the dashboard names, and all that
any script of Streamlit names. Run it anew when Streamlit is updated or a page uses another icon;
`ui.lean` serves the cut font only in the place of the very file it was cut from. The font without a
letter stands for a typeface that every browser asks for and no page shows.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import streamlit
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

APP: Final = Path(__file__).resolve().parents[1] / "app"
FOLDER: Final = APP / "static" / "icons"
STREAMLIT: Final = Path(streamlit.__file__).parent / "static" / "static"
_A_DAY: Final = 3_800_000_000
"""Seconds since 1904, as fonts count."""
_LIGATURE: Final = 4
"""Type of a table of GSUB that sets one glyph for several letters."""
_QUOTED: Final = re.compile(r"""["'`](?::material/)?([a-z0-9_]+):?["'`]""")
_NAMED: Final = re.compile(r":material/([a-z0-9_]+):")


def source() -> Path:
    """The font as Streamlit brings it."""
    (found,) = (STREAMLIT / "media").glob("MaterialSymbols-Rounded*.woff2")
    return found


def icons(font: TTFont) -> dict[str, str]:
    """Name of an icon, which is the text its ligature stands for → its glyph."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    return {
        "".join(letters[glyph] for glyph in (first, *one.Component)): one.LigGlyph
        for sets in _ligatures(font)
        for first, ones in sets.items()
        for one in ones
        if all(glyph in letters for glyph in (first, *one.Component))
    }


def _ligatures(font: TTFont) -> Iterator[dict[str, list[Any]]]:
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            inner = getattr(table, "ExtSubTable", table)
            if inner.LookupType == _LIGATURE:
                yield inner.ligatures


def wanted(known: set[str]) -> list[str]:
    """Icons that the dashboard or a script of Streamlit names."""
    ours = {name for path in APP.rglob("*.py") for name in _NAMED.findall(_text(path))}
    if unknown := ours - known:
        raise SystemExit(f"there are no icons {', '.join(sorted(unknown))}")
    theirs = {name for path in STREAMLIT.rglob("*.js") for name in _QUOTED.findall(_text(path))}
    return sorted(ours | theirs & known)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def write_blank() -> None:
    """A font that has one glyph, of nothing, for a character that no text holds."""
    pen = TTGlyphPen(None)  # browsers refuse a font that draws nothing at all
    for draw, place in ((pen.moveTo, (0, 0)), (pen.lineTo, (0, 1)), (pen.lineTo, (1, 0))):
        draw(place)
    pen.closePath()
    speck = pen.glyph()
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder([".notdef", "nothing"])
    made.setupCharacterMap({0xE000: "nothing"})
    made.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "nothing": speck})
    made.setupHorizontalMetrics({".notdef": (500, 0), "nothing": (500, 0)})
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": "Bluecarbon Blank", "styleName": "Regular"})
    made.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    made.setupPost()
    made.font["head"].created = made.font["head"].modified = _A_DAY  # the same bytes always
    made.font.flavor = "woff2"
    made.font.recalcTimestamp = False
    made.font.save(FOLDER / "blank.woff2")


def main() -> None:
    """Write the blank font, the font of icons, what it was cut from and the icons in it."""
    whole = source()
    font = TTFont(whole)
    glyphs = icons(font)
    names = wanted(set(glyphs))
    kept = {glyphs[name] for name in names}
    for sets in _ligatures(font):
        for first in list(sets):
            sets[first] = [one for one in sets[first] if one.LigGlyph in kept]
            if not sets[first]:
                del sets[first]
    options = Options()
    options.flavor = "woff2"
    options.layout_features = ["*"]
    cut = Subsetter(options)
    cut.populate(text="abcdefghijklmnopqrstuvwxyz0123456789_")
    cut.subset(font)
    FOLDER.mkdir(parents=True, exist_ok=True)
    write_blank()
    font.flavor = "woff2"
    font.save(FOLDER / "material-symbols-rounded.woff2")
    told = {
        "package": f"streamlit {streamlit.__version__}",
        "licence": "Apache-2.0",
        "cut_from_sha256": hashlib.sha256(whole.read_bytes()).hexdigest(),
        "icons": names,
    }
    (FOLDER / "icons.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
