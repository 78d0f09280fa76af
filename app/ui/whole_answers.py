"""An answer of the server taken whole and changed before it is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send


async def send_changed(
    app: ASGIApp,
    scope: Scope,
    receive: Receive,
    send: Send,
    *,
    wanted: Callable[[Message], bool],
    change: Callable[[Message, bytes], Awaitable[bytes]],
) -> None:
    """Pass a request on; gather its answer, change it, and send it.

    Args:
        app: What answers.
        scope: The request.
        receive: Where the rest of the request comes from.
        send: Where the answer goes.
        wanted: Whether an answer that starts so is to be changed; any other passes as it is.
        change: From start and body to the body to send; sets the headers of the start to it.
    """
    start: Message = {}
    parts: list[bytes] = []

    async def gathered(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start" and wanted(message):
            start = message
        elif not start:
            await send(message)
        else:
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                body = await change(start, b"".join(parts))
                await send(start)
                await send({"type": "http.response.body", "body": body})

    await app(scope, receive, gathered)
