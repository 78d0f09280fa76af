"""Triggers that refuse to change or remove what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bluecarbon_map.store.schema import GUARDED

REFUSED: Final = "this table is append-only"
_EVENTS: Final = ("update", "delete")

BODY: Final = f" BEGIN RAISE EXCEPTION '{REFUSED}'; END "
"""What the guards of PostgreSQL do."""

FUNCTION: Final = f"""
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$${BODY}$$
"""


def sqlite_guards(tables: tuple[str, ...]) -> Iterator[str]:
    """Statements that guard tables in SQLite; the names are ours, none comes from outside."""
    for table in tables:
        for event in _EVENTS:
            yield (
                f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )


def postgresql_guards(tables: tuple[str, ...]) -> Iterator[str]:
    """Statements that guard tables in PostgreSQL."""
    yield FUNCTION
    for table in tables:
        for event in _EVENTS:
            yield (
                f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        yield (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def expected(*, truncate: bool) -> set[str]:
    """Names of the guards that must be there."""
    events = (*_EVENTS, "truncate") if truncate else _EVENTS
    return {f"{table}_no_{event}" for table in GUARDED for event in events}
