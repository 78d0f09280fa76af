"""Compare the words in the code with the catalogues; print what is missing, and fail.

``python scripts/check_words.py`` checks. ``python scripts/check_words.py --update`` writes new
texts, untranslated, into the catalogues and takes unused ones out.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.library_words import sentences

APP: Final = Path(__file__).resolve().parents[1] / "app"
LOCALES: Final = ("zh_CN", "en")
SOURCE_LANGUAGE: Final = "en"
_KEYWORDS: Final = frozenset({"_", "translate"})


def words_in_code(app: Path = APP) -> Catalog:
    """Every text the dashboard shows, with the places it stands at.

    The syntax tree is walked, because a token reader sees no calls inside f-strings before
    Python 3.12. A text that is not a literal cannot be translated and is refused.

    Raises:
        ValueError: If a call of `_` or `translate` has anything but a literal text.
    """
    found = Catalog(project="bluecarbon_map", charset="utf-8")
    for path in sorted(app.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and _name(call) in _KEYWORDS:
                found.add(_text(call, path), locations=[(path.name, call.lineno)])
    return found


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _text(call: ast.Call, path: Path) -> str:
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first.value
    if path.name == "words.py":
        return ""  # the definitions themselves pass their argument on
    raise ValueError(f"{path}:{call.lineno}: a text to translate must be a literal")


def words_of_library() -> Catalog:
    """Every pattern of a sentence of the library, with the places it stands at."""
    found = Catalog(project="bluecarbon_map", charset="utf-8")
    for text, places in sentences().items():
        found.add(text, locations=places)
    return found


def _catalogues(app: Path) -> list[tuple[str, str, Catalog]]:
    """Locale, name and words of every catalogue; the library speaks English already."""
    words = words_in_code(app)
    told = [(locale, "app", words) for locale in LOCALES]
    return [*told, ("zh_CN", "library", words_of_library())]


def catalogue_path(locale: str, app: Path = APP, name: str = "app") -> Path:
    """Where a catalogue lies."""
    return app / "locale" / locale / "LC_MESSAGES" / f"{name}.po"


def problems(app: Path = APP) -> list[str]:
    """What keeps the catalogues from being complete; empty when all is well."""
    found: list[str] = []
    for locale, name, words in _catalogues(app):
        wanted = {str(message.id) for message in words if message.id}
        found += _problems_of(locale, catalogue_path(locale, app, name), wanted)
    return found


def _problems_of(locale: str, path: Path, wanted: set[str]) -> list[str]:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=locale)
    known = {str(message.id): message for message in catalogue if message.id}
    found = [f"{locale}: missing {text!r}" for text in sorted(wanted - known.keys())]
    found += [f"{locale}: no longer used {text!r}" for text in sorted(known.keys() - wanted)]
    found += [f"{locale}: obsolete {str(text)!r}" for text in catalogue.obsolete]
    for text, message in known.items():
        if message.fuzzy:
            found.append(f"{locale}: fuzzy {text!r}")
        if locale != SOURCE_LANGUAGE and not message.string:
            found.append(f"{locale}: not translated {text!r}")
        elif path.stem == "library" and not re.search("[\u4e00-\u9fff]", str(message.string)):
            found.append(f"{locale}: not Chinese {text!r}")
        elif message.string and _places(text) != _places(str(message.string)):
            found.append(f"{locale}: other places than {text!r}")
    return found


def _places(text: str) -> list[str]:
    """Names in braces, which a value is put in for."""
    return sorted(re.findall(r"\{(\w+)(?::word)?\}", text))


def update(app: Path = APP) -> None:
    """Bring the catalogues in line with the code; new texts come in untranslated."""
    for locale, name, words in _catalogues(app):
        path = catalogue_path(locale, app, name)
        old = {}
        if path.is_file():
            with path.open("rb") as file:
                old = {message.id: message.string for message in read_po(file) if message.id}
        fresh = Catalog(locale=locale, charset="utf-8", fuzzy=False)
        for message in words:
            if message.id:
                fresh.add(message.id, old.get(message.id, ""))
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, fresh, sort_output=True, omit_header=True, width=100)


def main(arguments: list[str]) -> int:
    """Check, or with ``--update`` bring in line; returns the exit code."""
    if arguments == ["--update"]:
        update()
    found = problems()
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
