"""Headers of every answer: what a browser may do with it, and that it asks no other machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FIXED: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
    # No page of another site may show our tiles or files, whoever opens it here.
    "cross-origin-resource-policy": "same-origin",
    "x-dns-prefetch-control": "off",
}


def of_every_answer(tiles_from: Sequence[str] = ()) -> dict[str, str]:
    """The headers by their names.

    Args:
        tiles_from: Origins that the browser may also ask for map tiles; none by default.
    """
    return _FIXED | {"content-security-policy": _policy(tiles_from)}


def _policy(tiles_from: Sequence[str]) -> str:
    also = "".join(f" {origin}" for origin in tiles_from)
    # Streamlit and Leaflet write styles into the page; streamlit-folium evaluates its own script;
    # Streamlit loads the script of a component as a blob.
    return (
        "default-src 'self'; script-src 'self' blob: 'unsafe-inline' 'unsafe-eval'; "
        f"style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:{also}; "
        f"font-src 'self' data:; connect-src 'self'{also}; worker-src 'self' blob:; "
        "frame-src 'self'; frame-ancestors 'self'; object-src 'none'; base-uri 'self'; "
        "form-action 'self'"
    )


class SecurityHeaders:
    """Puts headers on every answer, in the place of those of the same name."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._own = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._names = {name for name, _ in self._own}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and its answer back."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [h for h in message.get("headers", []) if h[0].lower() not in self._names]
                message["headers"] = [*kept, *self._own]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
