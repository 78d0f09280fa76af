"""The dashboard's server: the Streamlit app, map tiles and a health check on one port.

Start it with ``streamlit run app/server.py`` (or ``bluecarbon app``). Everything it needs comes
from this machine, and the answers forbid the browser to ask any other.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import streamlit as st
from starlette.convertors import Convertor, register_url_convertor
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

sys.path.insert(0, str(Path(__file__).resolve().parent))  # `from ui import …`, as in the pages

if TYPE_CHECKING:
    from ui.addresses import TileRequest

# The library is imported in threads, not here: pages and scripts of the browser are served
# meanwhile. Only packages wait for each other there, never two modules of one, so that no lock
# is taken in two orders.

_HEADERS: Final = {
    # Streamlit and Leaflet write styles into the page; streamlit-folium evaluates its own script.
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; worker-src 'self' blob:; frame-src 'self'; frame-ancestors 'self'; "
        "object-src 'none'; base-uri 'self'; form-action 'self'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
}


class SecurityHeaders:
    """Adds the headers above to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and its answer back."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
                kept = [h for h in message.get("headers", []) if h[0].decode() not in _HEADERS]
                message["headers"] = [*kept, *own]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


async def tile(request: Request) -> Response:
    """One map tile; anything that is not exactly an address of ours is not found."""
    wanted = await asyncio.to_thread(_asked_for, request)
    if wanted is None:
        return Response(status_code=404)
    tag = f'"{wanted.version}"'
    # The address holds the version of the data, so that a tile never changes at its address.
    headers = {"etag": tag, "cache-control": "public, max-age=86400, immutable"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    content = await asyncio.to_thread(_drawn, wanted)
    if content is None:
        return Response(status_code=404)
    return Response(content, media_type="image/png", headers=headers)


def _asked_for(request: Request) -> TileRequest | None:
    from ui import addresses

    place = request.path_params
    try:
        return addresses.parse(
            place["layer"], place["z"], place["x"], place["y"], dict(request.query_params)
        )
    except addresses.NoSuchTileError:
        return None


def _drawn(wanted: TileRequest) -> bytes | None:
    """The tile; None where a raster's file cannot be drawn: the page says in words why."""
    from bluecarbon_map.errors import BluecarbonError
    from ui import addresses

    try:
        return addresses.draw(wanted)
    except BluecarbonError:
        return None


async def unknown_page(request: Request) -> Response:
    """No such page: to the first one, which says so in the reader's language."""
    query = {**request.query_params, "missing": request.path_params["page"][:80]}
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return RedirectResponse(f"/{base}/?{urlencode(query)}".replace("//", "/"), status_code=302)


class UnknownPage(Convertor[str]):
    """Matches the path of no page of the dashboard and of no file or service of Streamlit."""

    regex = (
        "(?!(?:coast|distribution|zone|stock|standards|compare|progress|export|methods)(?:/|$))"
        "(?!(?:_stcore|app|component|health|media|static|tiles)(?:/|$))[^.]+"
    )

    def convert(self, value: str) -> str:
        """The path as it was asked for."""
        return value

    def to_string(self, value: str) -> str:
        """The same, back."""
        return value


register_url_convertor("unknown_page", UnknownPage())


async def health(_: Request) -> Response:
    """Whether the workspace can be read, and its version."""
    return JSONResponse({"status": "ok", "workspace": await asyncio.to_thread(_version)})


def _version() -> str:
    from ui import cached

    return cached.workspace().version


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:  # noqa: ANN401
    """Read data and imports ahead, beside the start, so that the first visitor does not wait."""
    threading.Thread(target=_warm, daemon=True).start()
    yield


def _warm() -> None:
    from ui import cached

    cached.warm()
    # Not streamlit-folium: its component is known only to a runtime that is up when it is imported.
    # What comes after the first page comes last: charts, then raster tiles.
    for package in ("folium", "altair", "rio_tiler.reader"):
        importlib.import_module(package)


app = st.App(
    "streamlit_app.py",
    lifespan=lifespan,
    routes=[
        Route("/tiles/{layer}/{z:int}/{x:int}/{y:int}.png", tile),
        Route("/health", health),
        Route("/{page:unknown_page}", unknown_page),
    ],
    middleware=[
        Middleware(
            TrustedHostMiddleware, allowed_hosts=st.get_option("server.allowedHosts") or ["*"]
        ),
        Middleware(SecurityHeaders),
    ],
)
