"""What Streamlit sends to every browser and this dashboard has no use for is left out.

Its shell asks for a Latin typeface ahead that no page uses, and its icon font holds 4,300 icons.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Final

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ICONS: Final = Path(__file__).resolve().parents[1] / "static" / "icons"
"""The icons that can show, cut from Streamlit's font by ``scripts/icons.py``."""
_STREAMLIT: Final = Path(st.__file__).parent / "static" / "static" / "media"
_FONT_AHEAD: Final = re.compile(rb"<link\b(?=[^>]*\brel=\"preload\")(?=[^>]*\bas=\"font\")[^>]*>")


def icon_addresses(base: str, folder: Path = _STREAMLIT) -> frozenset[str]:
    """Addresses of the icon font that was cut.

    None where Streamlit brings another font, as after an update: then that one is sent, whole.

    Args:
        base: Path that all addresses begin with.
        folder: Where Streamlit keeps its fonts.
    """
    told = json.loads((ICONS / "icons.json").read_text(encoding="utf-8"))
    return frozenset(
        f"{base}/static/media/{font.name}"
        for font in folder.glob("MaterialSymbols-Rounded*.woff2")
        if hashlib.sha256(font.read_bytes()).hexdigest() == told["cut_from_sha256"]
    )


def _icons(scope: Scope) -> Response:
    """The cut font, anew only where a browser has another one: its address is Streamlit's."""
    font = ICONS / "material-symbols-rounded.woff2"
    tag = f'"{hashlib.sha256(font.read_bytes()).hexdigest()[:16]}"'
    headers = {"cache-control": "no-cache", "etag": tag}
    if Headers(scope=scope).get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return FileResponse(font, media_type="font/woff2", headers=headers)


class Lean:
    """Sends the cut icon font, and pages that ask for no font before it is known to be needed."""

    def __init__(self, app: ASGIApp, icons: frozenset[str], pages: frozenset[str]) -> None:
        """Take what answers.

        Args:
            app: What answers.
            icons: Addresses at which the cut icon font is sent.
            pages: Addresses of pages, which all come as one shell.
        """
        self._app, self._icons, self._pages = app, icons, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; change its answer where it is a page."""
        is_read = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        if is_read and scope["path"] in self._icons:
            await _icons(scope)(scope, receive, send)
        elif is_read and scope["path"] in self._pages:
            await self._page(_whole_and_plain(scope), receive, send)
        else:
            await self._app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        parts: list[bytes] = []

        async def changed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif not start:
                await send(message)
            else:
                parts.append(message.get("body", b""))
                if not message.get("more_body", False):
                    page = _FONT_AHEAD.sub(b"", b"".join(parts))
                    headers = MutableHeaders(raw=start["headers"])
                    del headers["content-length"]  # of a HEAD it is not known
                    if scope["method"] == "GET":
                        headers["content-length"] = str(len(page))
                    await send(start)
                    await send({"type": "http.response.body", "body": page})

        await self._app(scope, receive, changed)


def _whole_and_plain(scope: Scope) -> Scope:
    """The same request for the whole page, not compressed: it is 6 kB, and read here."""
    passed = (b"accept-encoding", b"range")
    return {**scope, "headers": [one for one in scope["headers"] if one[0] not in passed]}


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    is_html = headers.get("content-type", "").startswith("text/html")
    return bool(start["status"] == 200 and is_html and "content-encoding" not in headers)
