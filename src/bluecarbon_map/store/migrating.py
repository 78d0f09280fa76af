"""Bring the tables of a database to the state this program knows; forward only."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bluecarbon_map.errors import InputError, StoreError

HEAD: Final = "0001"
"""The newest revision in ``migrations/versions``."""

KNOWN: Final = (HEAD,)
"""Every revision this program can start from."""

_FOLDER: Final = Path(__file__).with_name("migrations")
_VERSION: Final = sa.table("alembic_version", sa.column("version_num", sa.Text()))


def require_workspace(connection: Connection, where: str) -> None:
    """Refuse a database that this program did not make, or that lost its tables.

    Raises:
        StoreError: If it is one.
    """
    look = sa.inspect(connection)
    if not (look.has_table("alembic_version") and look.has_table("audit")):
        raise no_workspace(where)


def no_workspace(where: str) -> StoreError:
    """What to say of a database without the tables of a workspace."""
    fix = "Restore the last good backup into a new folder; nothing was written here"
    return StoreError(where, "it holds no workspace: it is another file, or was emptied", fix)


def is_up_to_date(connection: Connection, where: str) -> bool:
    """Whether the tables are what this program knows; an empty database is not.

    Raises:
        InputError: If a newer version of this program made them.
    """
    if not sa.inspect(connection).has_table("alembic_version"):
        return False
    found = connection.execute(sa.select(_VERSION.c.version_num)).scalar()
    if found is not None and found not in KNOWN:
        raise InputError(
            where,
            f"a newer version of this program made it (its tables are {found}, known is {HEAD})",
            "Update bluecarbon-map, then open it again",
        )
    return bool(found == HEAD)


def bring_up_to_date(connection: Connection) -> None:
    """Run the migrations that are missing, inside the transaction of ``connection``."""
    from alembic import command  # slow to import, seldom needed
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    command.upgrade(config, "head")
