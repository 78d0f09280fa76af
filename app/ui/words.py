"""Every word on screen, in Chinese and English.

The msgid is the English text; Chinese comes from ``app/locale/zh_CN``. Catalogues are read once.
``scripts/check_words.py`` fails the build when a text has no translation.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

LANGUAGES: Final = ("zh", "en")
DEFAULT: Final = "zh"
LOCALES: Final = {"zh": "zh_CN", "en": "en"}
LANGUAGE_TAGS: Final = {"zh": "zh-CN", "en": "en"}
"""What a browser calls the languages."""
_FOLDER: Final = Path(__file__).resolve().parents[1] / "locale"


@cache
def catalogue(language: str, domain: str = "app") -> dict[str, str]:
    """Translations of one language by their English text; an empty one means the text itself.

    Args:
        language: ``zh`` or ``en``.
        domain: ``app`` for what the pages say, ``library`` for the sentences of the library.
    """
    with (_FOLDER / LOCALES[language] / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        messages = read_po(file, locale=LOCALES[language])
    return {str(message.id): str(message.string) for message in messages if message.id}


def translate(text: str, language: str) -> str:
    """A text in a language; ``text`` is the English one."""
    return catalogue(language).get(text) or text


def _(text: str) -> str:
    """A text in the language of the session."""
    from ui import state

    return translate(text, state.language())
