"""The dashboard's server: the Streamlit app, map tiles, downloads and a health check on one port.

Start it with ``streamlit run app/server.py`` (or ``bluecarbon app``). Everything it needs comes
from this machine, and the answers forbid the browser to ask any other.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import streamlit as st
from starlette.convertors import Convertor, register_url_convertor
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

sys.path.insert(0, str(Path(__file__).resolve().parent))  # `from ui import …`, as in the pages

from ui.compressed import CompressedFiles
from ui.headers import SecurityHeaders, of_every_answer
from ui.lean import Lean, fonts
from ui.pages import PATHS

if TYPE_CHECKING:
    from ui.addresses import TileRequest
    from ui.downloads import Download

# The library is imported in threads, not here: pages and scripts of the browser are served
# meanwhile. Only packages wait for each other there, never two modules of one, so that no lock
# is taken in two orders.


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
    if wanted.vector:
        zipped = {"content-encoding": "gzip"} if content else {}
        return Response(content, media_type=_VECTOR, headers=headers | zipped)
    return Response(content, media_type="image/png", headers=headers)


_VECTOR: Final = "application/vnd.mapbox-vector-tile"


def _asked_for(request: Request) -> TileRequest | None:
    from ui import addresses

    place, query = request.path_params, dict(request.query_params)
    at = place["z"], place["x"], place["y"]
    try:
        if "layer" not in place:
            return addresses.parse_vector(*at, query)
        return addresses.parse(place["layer"], *at, query)
    except addresses.NoSuchTileError:
        return None


def _drawn(wanted: TileRequest) -> bytes | None:
    """The tile; None where it cannot be drawn: the page says in words why."""
    from bluecarbon_map.errors import BluecarbonError
    from ui import addresses

    try:
        return addresses.draw(wanted)
    except (BluecarbonError, addresses.NoSuchTileError):
        return None


async def download(request: Request) -> Response:
    """A file, whole or in part; a browser that has it already is told so."""
    found = await asyncio.to_thread(_file, request)
    if found is None:
        return Response(status_code=404)
    # Every time anew, as what may be seen changes with the server; a word suffices where it is.
    headers = {"cache-control": "private, no-cache", "content-disposition": found.disposition}
    stat = await asyncio.to_thread(found.path.stat)
    whole = FileResponse(found.path, headers=headers, media_type=found.media_type, stat_result=stat)
    if request.headers.get("if-none-match") == whole.headers["etag"]:
        return Response(status_code=304, headers={"etag": whole.headers["etag"], **headers})
    return whole


def _file(request: Request) -> Download | None:
    from ui import downloads

    try:
        return downloads.find(request.path_params["kind"], request.path_params["file"])
    except downloads.NoSuchFileError:
        return None


async def nothing(_: Request) -> Response:
    """An address below one of ours that is none: Streamlit would answer it with its page."""
    return Response(status_code=404)


async def unknown_page(request: Request) -> Response:
    """No such page: to the first one, which says so in the reader's language."""
    query = {**request.query_params, "missing": request.path_params["page"][:80]}
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return RedirectResponse(f"/{base}/?{urlencode(query)}".replace("//", "/"), status_code=302)


class UnknownPage(Convertor[str]):
    """Matches the path of no page of the dashboard and of no file or service of Streamlit."""

    regex = (
        f"(?!(?:{'|'.join(PATHS)})(?:/|$))"
        "(?!(?:_stcore|app|component|health|media|static|tiles|downloads)(?:/|$))[^.]+"
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
    from bluecarbon_map.reports import worked
    from ui import cached

    cached.warm()
    # Not streamlit-folium: its component is known only to a runtime that is up when it is imported.
    # What comes after the first page comes last: charts, then raster tiles.
    for package in ("folium", "altair", "rio_tiler.reader"):
        importlib.import_module(package)
    worked.raster_example()  # its machine code takes seconds on a new machine
    # All this stays, and need not be looked through after every run of a page, as Streamlit does.
    gc.collect()
    gc.freeze()


def _settings() -> Sequence[str]:
    """Origins the browser may ask for tiles; no server starts on a setting that cannot be read."""
    from ui import rights, tianditu

    rights.surveys()
    return tianditu.origins()


ROUTES: Final = [
    Route("/tiles/{layer}/{z:int}/{x:int}/{y:int}.png", tile),
    Route("/tiles/vector/{z:int}/{x:int}/{y:int}.mvt", tile),
    Route("/downloads/{kind}/{file}", download),
    Route("/health", health),
    Route("/tiles{rest:path}", nothing),
    Route("/downloads{rest:path}", nothing),
    Route("/{page:unknown_page}", unknown_page),
]
_BASE: Final = f"/{st.get_option('server.baseUrlPath') or ''}".rstrip("/")
_FOLDERS: Final = {
    f"{_BASE}/static": Path(st.__file__).parent / "static" / "static",
    f"{_BASE}/app/static": Path(__file__).resolve().parent / "static",
}
"""Where the files of the page are served from."""
MIDDLEWARE: Final = [  # the first one is the outermost: a host that is refused gets headers too
    Middleware(SecurityHeaders, headers=of_every_answer(_settings())),
    Middleware(TrustedHostMiddleware, allowed_hosts=st.get_option("server.allowedHosts") or ["*"]),
    Middleware(
        Lean,
        fonts=fonts(_BASE, st.get_option("theme.font") or ""),
        pages=frozenset({f"{_BASE}/", *(f"{_BASE}/{path}" for path in PATHS)}),
    ),
    Middleware(CompressedFiles, folders=_FOLDERS),
]
app = st.App("streamlit_app.py", lifespan=lifespan, routes=ROUTES, middleware=MIDDLEWARE)
