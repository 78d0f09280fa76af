"""What a page and its server say to each other of reruns, read along on their socket."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


class Reruns:
    """Whether the server still owes the page a run.

    The page itself cannot tell: from a click until the first word of the server it looks calm.
    """

    def __init__(self) -> None:
        self._socket: WebSocket | None = None
        self.begin()

    def begin(self) -> None:
        """A new document or connection: it has seen no run yet, and will ask for one."""
        self._wanted: str | None = ""
        """Fragment that was asked for, "" for the whole page; None where a run has taken it up."""
        self._run = ""
        """Number of the run whose end is waited for."""
        self._since = time.monotonic()

    def listen(self, page: Page) -> None:
        page.on("websocket", self._opened)

    def rest_s(self) -> float:
        """How long nothing has been owed; 0 while something is."""
        owed = self._wanted is not None or self._run
        return 0.0 if owed else time.monotonic() - self._since

    def sent(self, frame: bytes) -> None:
        """A message of the page."""
        said = BackMsg.FromString(frame)
        kind, asked = said.WhichOneof("type"), said.rerun_script
        # A place for a file is asked for first: once the file is there the rerun follows. What a
        # clock of the page asks for may be dropped without a word; it counts once it runs.
        if kind not in {"rerun_script", "file_urls_request"} or asked.is_auto_rerun:
            return
        self._wanted = asked.fragment_id
        if not asked.fragment_id:
            self._run = ""  # it is overtaken, and its end may never be told
        self._since = time.monotonic()

    def received(self, frame: bytes) -> None:
        """A message of the server."""
        said = ForwardMsg.FromString(frame)
        kind, run = said.WhichOneof("type"), said.metadata.run
        if kind == "new_session":
            self._run = run.script_run_id
            if not run.fragment_ids or self._wanted in run.fragment_ids:
                self._wanted = None
        elif kind == "script_finished" and run.script_run_id == self._run:
            # Only the end of the run that came last counts, not a late word of one before it; and
            # one that stopped for another is followed by it.
            if said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._run = ""
            if not run.fragment_ids and self._wanted:
                self._wanted = None  # the fragment may be gone; else its run follows at once
        else:
            return
        self._since = time.monotonic()

    def _opened(self, socket: WebSocket) -> None:
        self._socket = socket
        self.begin()
        socket.on("framesent", lambda frame: self._heard(socket, self.sent, frame))
        socket.on("framereceived", lambda frame: self._heard(socket, self.received, frame))
        socket.on("close", lambda _: self.begin() if socket is self._socket else None)

    def _heard(self, socket: WebSocket, told: Callable[[bytes], None], frame: bytes | str) -> None:
        if socket is self._socket and isinstance(frame, bytes):
            told(frame)
