"""The audit: one entry after another, each with the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bluecarbon_map.store.schema import AUDIT, CHANGES
from bluecarbon_map.store.types import decimal_text

START: Final = "0" * 64
"""What the first entry names as the hash before it."""

_HASHED: Final = tuple(column.name for column in AUDIT.columns if column.name != "hash")


def canonical(value: object) -> str:
    """JSON with one way of writing each value; a number that is not finite is null."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:  # noqa: ANN401 (whatever a caller wants on record)
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes):
        return [_plain(one) for one in value]
    if isinstance(value, bytes):
        return f"sha256:{hashlib.sha256(value).hexdigest()}"
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, PurePath):
        return value.name  # a folder of this machine is nobody's business
    if hasattr(value, "item"):  # a number of numpy
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, str | int | float) else str(value)


def hash_of(entry: Mapping[str, Any]) -> str:
    """SHA-256 over everything an entry holds, the hash before it among it."""
    return hashlib.sha256(canonical([entry[name] for name in _HASHED]).encode()).hexdigest()


def now() -> str:
    """The time, ISO in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Journal:
    """Writes the audit of one change; whoever makes one holds the lock of the store."""

    def __init__(self, connection: Connection, actor: str) -> None:
        last = connection.execute(
            sa.select(AUDIT.c.entry_no, AUDIT.c.hash).order_by(AUDIT.c.entry_no.desc()).limit(1)
        ).first()
        newest = connection.execute(sa.select(sa.func.max(CHANGES.c.change_id))).scalar()
        self.change_id = int(newest or 0) + 1
        self.at = now()
        self._actor = actor
        self._connection = connection
        self._entry_no: int = last.entry_no if last else 0
        self._hash: str = last.hash if last else START
        self._entries: list[dict[str, Any]] = []

    def note(
        self,
        action: str,
        table: str,
        *,
        rows: int,
        rows_sha256: str | None = None,
        key: object = None,
        before: object = None,
        after: object = None,
    ) -> None:
        """One entry more."""
        self._entry_no += 1
        entry = {
            "entry_no": self._entry_no, "change_id": self.change_id, "at": self.at,
            "actor": self._actor, "action": action, "table_name": table,
            "key": None if key is None else canonical(key),
            "before": None if before is None else canonical(before),
            "after": None if after is None else canonical(after),
            "rows": rows, "rows_sha256": rows_sha256, "previous_hash": self._hash,
        }  # fmt: skip
        self._hash = entry["hash"] = hash_of(entry)
        self._entries.append(entry)

    def close(self, change: Mapping[str, Any]) -> None:
        """Write the change itself and all entries, the change's own among them."""
        row = {**change, "change_id": self.change_id, "at": self.at, "actor": self._actor}
        self.note(change["kind"], CHANGES.name, rows=1, after=row)
        self._connection.execute(CHANGES.insert(), row)
        self._connection.execute(AUDIT.insert(), self._entries)


def begun(connection: Connection) -> str:
    """Hash of the first entry, which no other workspace has; empty where there is none."""
    first = sa.select(AUDIT.c.hash).order_by(AUDIT.c.entry_no).limit(1)
    return str(connection.execute(first).scalar() or "")


def head(connection: Connection) -> str:
    """Hash of the last entry: another one after every change."""
    newest = sa.select(AUDIT.c.hash).order_by(AUDIT.c.entry_no.desc()).limit(1)
    return str(connection.execute(newest).scalar() or START)
