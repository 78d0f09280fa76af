"""How to make the small workspace in each kind of store."""

from __future__ import annotations

from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.limited import LimitedWorkspace
from bluecarbon_map.store.places import copy_workspace, create_sqlite
from tests.builders import write_workspace


def folder(home, _postgres):
    """The files as they are."""
    return FolderStore(write_workspace(home() / "workspace"))


def sqlite(home, _postgres):
    """The files copied into SQLite."""
    source = FolderStore(write_workspace(home() / "source"))
    store = create_sqlite(home() / "workspace", source.info)
    copy_workspace(source, store, "开始者")
    return store


def postgis(home, postgres):
    """The files copied into a schema of PostGIS; skips where that is not installed."""
    from bluecarbon_map.store.postgis import create_postgis

    source = FolderStore(write_workspace(home() / "source"))
    url, schema = postgres()
    store = create_postgis(home() / "workspace", url, schema, source.info)
    copy_workspace(source, store, "开始者")
    return store


def limited(home, _postgres):
    """The files, of which everything may be seen."""
    return LimitedWorkspace(folder(home, None), {"S-2022", "S-2025"})


WRITABLE = {"sqlite": sqlite, "postgis": postgis}
STORES = {"folder": folder, "limited": limited, **WRITABLE}
