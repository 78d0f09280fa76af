"""Scripts and styles of the page, compressed once and kept.

Streamlit leaves its own files uncompressed, as its middleware would compress them anew for every
reader. They do not change while the server runs, so that here each is compressed once.
"""

from __future__ import annotations

import asyncio
import gzip
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import brotli
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.whole_answers import send_changed

_TEXT: Final = frozenset({".css", ".js", ".json", ".svg"})
_WAYS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "br": partial(brotli.compress, quality=9),  # a twelfth less; the best quality takes seconds
    "gzip": partial(gzip.compress, compresslevel=9, mtime=0),
}
"""How files can be compressed, the better way first."""
_LEAST: Final = 1_000
"""Bytes below which an answer fits into one packet as it is."""


class CompressedFiles:
    """Answers requests for files of the page with their compressed bytes where they are text."""

    def __init__(self, app: ASGIApp, folders: Mapping[str, Path]) -> None:
        """Look which files there are; an address of no file is passed on as it is.

        Args:
            app: What answers.
            folders: Address → the folder that is served there.
        """
        self._app = app
        self._known = frozenset(
            f"{address}/{file.relative_to(folder).as_posix()}"
            for address, folder in folders.items()
            for file in folder.rglob("*")
            if file.suffix in _TEXT and file.stat().st_size >= _LEAST
        )
        self._kept: dict[tuple[str, str], tuple[str, bytes]] = {}
        self._doors: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; compress its answer where both sides can."""
        way = _way(scope) if scope["type"] == "http" and scope["path"] in self._known else None
        if way is None:
            await self._app(scope, receive, send)
            return
        asked = scope["path"], way

        async def change(start: Message, body: bytes) -> bytes:
            return await self._compressed(asked, start, body)

        await send_changed(self._app, scope, receive, send, wanted=_is_whole, change=change)

    async def _compressed(self, asked: tuple[str, str], start: Message, body: bytes) -> bytes:
        """The body to send; the headers of its start are set to it."""
        headers = MutableHeaders(raw=start["headers"])
        if "content-encoding" in headers:
            return body
        tag = headers.get("etag", "")
        async with self._doors[asked]:
            held, packed = self._kept.get(asked, (None, b""))
            if held != tag or not tag:
                packed = await asyncio.to_thread(_WAYS[asked[1]], body)
                self._kept[asked] = tag, packed
        headers["content-encoding"] = asked[1]
        headers["content-length"] = str(len(packed))
        headers.add_vary_header("Accept-Encoding")
        # Other bytes than those of the plain file, of which parts can be had.
        del headers["accept-ranges"]
        if tag:
            headers["etag"] = f"W/{tag.removeprefix('W/')}"
        return packed


def _is_whole(start: Message) -> bool:
    return bool(start["status"] == 200)


def _way(scope: Scope) -> str | None:
    """How to compress a file for who asks; None for a part of it, or who can read neither way.

    Browsers take Brotli over HTTPS and from their own machine only.
    """
    asked = Headers(scope=scope)
    if scope["method"] != "GET" or "range" in asked:
        return None
    ways = [way.replace(" ", "") for way in asked.get("accept-encoding", "").split(",")]
    wanted = (way for way in _WAYS if any(w == way or w.startswith(f"{way};q=0.") for w in ways))
    return next(wanted, None)
