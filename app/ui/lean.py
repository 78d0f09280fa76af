"""What Streamlit sends to every browser and this dashboard has no use for is left out.

Its shell asks for a Latin typeface that no page shows, and its icon font holds 4,300 icons.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.whole_answers import send_changed

ICONS: Final = Path(__file__).resolve().parents[1] / "static" / "icons"
"""The icons that can show and a font without a letter, made by ``scripts/icons.py``."""
_STREAMLIT: Final = Path(st.__file__).parent / "static" / "static" / "media"
_FONT_AHEAD: Final = re.compile(rb"<link\b(?=[^>]*\brel=\"preload\")(?=[^>]*\bas=\"font\")[^>]*>")


def fonts(base: str, theme: str, folder: Path = _STREAMLIT) -> dict[str, Path]:
    """Addresses of Streamlit's fonts in whose place a smaller one is sent.

    Icons only in the place of the very file they were cut from: after an update of Streamlit its
    own are sent, whole. The upright typeface, which Streamlit's shell names before it knows the
    theme, only where the theme names others.

    Args:
        base: Path that all addresses begin with.
        theme: Typefaces of the theme.
        folder: Where Streamlit keeps its fonts.
    """
    told = json.loads((ICONS / "icons.json").read_text(encoding="utf-8"))
    found = {
        font: ICONS / "material-symbols-rounded.woff2"
        for font in folder.glob("MaterialSymbols-Rounded*.woff2")
        if hashlib.sha256(font.read_bytes()).hexdigest() == told["cut_from_sha256"]
    }
    if theme and "source" not in theme.casefold().replace("source han", ""):
        upright = folder.glob("SourceSansVF-Upright*.woff2")
        found |= dict.fromkeys(upright, ICONS / "blank.woff2")
    return {f"{base}/static/media/{font.name}": smaller for font, smaller in found.items()}


def _sent(font: Path, tag: str, scope: Scope) -> Response:
    """A font, anew only where a browser has another one: its address is Streamlit's."""
    headers = {"cache-control": "no-cache", "etag": tag}
    if Headers(scope=scope).get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return FileResponse(font, media_type="font/woff2", headers=headers)


class Lean:
    """Sends smaller fonts, and pages that ask for no font before it is known to be needed."""

    def __init__(self, app: ASGIApp, fonts: Mapping[str, Path], pages: frozenset[str]) -> None:
        """Take what answers.

        Args:
            app: What answers.
            fonts: Address → the font that is sent there.
            pages: Addresses of pages, which all come as one shell.
        """
        self._app, self._pages = app, pages
        self._fonts = {
            address: (font, f'"{hashlib.sha256(font.read_bytes()).hexdigest()[:16]}"')
            for address, font in fonts.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; change its answer where it is a page."""
        is_read = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        if is_read and (font := self._fonts.get(scope["path"])) is not None:
            await _sent(*font, scope)(scope, receive, send)
        elif is_read and scope["path"] in self._pages:
            await self._page(_whole_and_plain(scope), receive, send)
        else:
            await self._app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def change(start: Message, body: bytes) -> bytes:
            page = _FONT_AHEAD.sub(b"", body)
            headers = MutableHeaders(raw=start["headers"])
            del headers["content-length"]  # of a HEAD it is not known
            if scope["method"] == "GET":
                headers["content-length"] = str(len(page))
            return page

        await send_changed(self._app, scope, receive, send, wanted=_is_page, change=change)


def _whole_and_plain(scope: Scope) -> Scope:
    """The same request for the whole page, not compressed: it is 6 kB, and read here."""
    passed = (b"accept-encoding", b"range")
    return {**scope, "headers": [one for one in scope["headers"] if one[0] not in passed]}


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    is_html = headers.get("content-type", "").startswith("text/html")
    return bool(start["status"] == 200 and is_html and "content-encoding" not in headers)
