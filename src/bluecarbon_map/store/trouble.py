"""What a database says when it cannot, in words of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa

from bluecarbon_map.errors import StoreError

_KNOWN: Final = (
    (("database is locked", "lock timeout", "database table is locked"),
     "somebody else is storing a change just now", "Try again in a moment"),
    (("disk is full", "No space left", "could not extend file"),
     "the disk is full; nothing of this change was stored", "Make room, then try again"),
    (("readonly database", "read-only"),
     "its file or folder may not be written", "Give yourself the right to write there"),
    (("malformed", "not a database", "decode to UTF-8", "invalid page"),
     "the database is damaged", "Run a check, then restore the last good backup"),
    (("connection", "could not connect", "server closed", "terminating"),
     "the database server does not answer; a change that was not confirmed is not stored",
     "See that it runs and that the address is right, then try again"),
    (("password", "authentication", "no pg_hba.conf"),
     "the database server does not let this user in",
     "Set PGPASSWORD or ~/.pgpass, or ask who runs the server"),
    (("permission denied",), "this user may not do that", "Ask who runs the database"),
)  # fmt: skip
"""Words in the message of a database, the reason they stand for, the way out."""


@contextmanager
def in_our_words(where: str) -> Iterator[None]:
    """Turn an error of the database into one of ours.

    Raises:
        StoreError: If the database fails, or too many ask at once.
    """
    try:
        yield
    except sa.exc.TimeoutError as problem:  # no connection of the pool came free
        reason = "too many are reading or writing at once"
        raise StoreError(where, reason, "Try again in a moment", said=str(problem)) from problem
    except sa.exc.DBAPIError as problem:
        raise told(where, problem) from problem


def told(where: str, problem: sa.exc.DBAPIError) -> StoreError:
    """An error of ours for one of the database."""
    said = str(problem.orig).strip()
    for words, reason, fix in _KNOWN:
        if any(word in said for word in words):
            return StoreError(where, reason, fix, said=said)
    return StoreError(where, said.splitlines()[0] if said else "it failed", "Try again", said=said)
