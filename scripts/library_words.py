"""The sentences of the library that pages show, as patterns that a catalogue can translate.

A problem of the gate and an error of the library are English sentences built from f-strings. A page
in another language looks for the pattern a sentence was built from (``ui.library_words``); this
module reads the patterns off the syntax trees, so that none is forgotten.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).resolve().parents[1] / "src" / "bluecarbon_map"
_ROOMS: Final = (
    "errors.py", "gate", "factors", "zonal/raster.py", "geodesy/codes.py", "geodesy/layers.py",
    "tables/checks.py", "store/trouble.py", "store/undoing.py", "store/rows.py",
    "store/limited.py", "store/sql.py", "store/verifying.py", "store/migrating.py",
    "store/places.py",
)  # fmt: skip
_NO_WORDS: Final = frozenset(
    {
        "measures.py", "wanted.py", "sandbox.py", "templates.py", "model.py", "intervals.py",
        "schemes.py", "wire.py", "child.py", "confine.py", "unload.py",
    }
)  # fmt: skip
"""Modules whose texts are names of units and columns, code, or in both languages already."""
_ALSO: Final = (
    "few", "many", "row", "rows", "row {0}", "rows {0}", "longitude", "latitude", "degrees",
    "metres", "day/month/year", "month/day/year", "2024-03-09, 2024-03 or 2024", "a 7z archive",
    "habitats", "zones", "sites", "cores", "projects", "transactions", "harvests", "raster", "zone",
    "project", "survey", "coefficient",
)  # fmt: skip
"""Words that stand at the places of patterns, too short to be told from names by their look."""
_NO_SENTENCES: Final = frozenset(
    {
        "False easting", "No space left", "Valid Geometry", "a {0} column holds {1}",
        "bad allocation", "could not connect", "could not extend file", "database is locked",
        "database table is locked", "decode to UTF-8", "disk is full", "field larger than",
        "interval from memory", "invalid page", "lock timeout", "merged cells {0}",
        "no pg_hba.conf", "not a database", "permission denied", "readonly database",
        "server closed", "srs_id {0}", "x {0} … {1}, y {2} … {3}", "{0} ha", "{0} has no rows",
        "kg of CO2e", "+proj=cea +lat_ts=29 +lon_0=121 +ellps=GRS80 +units=m +no_defs",
    }
)  # fmt: skip
"""Parts of messages of other programs, keys, units, and what no page shows."""
_TWO_WORDS: Final = re.compile(r"[A-Za-z]{2,} [a-z]+|[a-z]+ \{|\} [a-z]{2,}|[a-z]{3,} ")
_CODE: Final = re.compile(r"\\|SELECT |PRAGMA |ST_|^\s*$")


def sentences(source: Path = SOURCE) -> dict[str, list[tuple[str, int]]]:
    """Pattern of a sentence, its places numbered ``{0}``, ``{1}`` … → where it stands."""
    found: dict[str, list[tuple[str, int]]] = {word: [] for word in _ALSO}
    for path in sorted(_modules(source)):
        for text, line in _texts(ast.parse(path.read_text(encoding="utf-8"))):
            is_sentence = _TWO_WORDS.search(text) and not _CODE.search(text)
            if is_sentence and text not in _NO_SENTENCES:
                found.setdefault(text, []).append((path.name, line))
    return found


def _modules(source: Path) -> Iterator[Path]:
    for room in _ROOMS:
        place = source / room
        inside = place.rglob("*.py") if place.is_dir() else [place]
        yield from (path for path in inside if path.name not in _NO_WORDS)


def _texts(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Texts and patterns of a module; breadth first, so an f-string comes before its parts."""
    passed = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            passed.update(id(part) for part in ast.walk(node) if isinstance(part, ast.Constant))
            yield _pattern(node), node.lineno
            continue
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in passed:
            yield text, node.lineno


def _docstrings(tree: ast.Module) -> set[int]:
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _pattern(node: ast.JoinedStr) -> str:
    parts, places = [], 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        else:
            parts.append(f"{{{places}}}")
            places += 1
    return "".join(parts)
