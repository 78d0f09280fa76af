"""Rasters beside the database: named by what they hold, written whole before they are named."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bluecarbon_map.errors import ContractError, NotFoundError

RASTERS: Final = "rasters"
"""Folder of the rasters inside a workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file that waits to be kept.

    Attributes:
        raster_id: Raster it is the GeoTIFF of.
        sha256: SHA-256 of it.
        size: Its bytes.
        waiting: Where it lies until the change is certain.
        folder: Folder it will lie in.
    """

    raster_id: str
    sha256: str
    size: int
    waiting: Path
    folder: Path

    @property
    def name(self) -> str:
        """Name it will lie under."""
        return f"raster_{self.raster_id}__{self.sha256[:16]}.tif"


def sha256_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


@contextmanager
def waiting(folder: Path, rasters: Mapping[str, Path]) -> Iterator[list[KeptFile]]:
    """Copies of rasters on the disk of the workspace, gone again unless `keep` takes them.

    Raises:
        NotFoundError: If a file is not there.
    """
    if not rasters:
        yield []
        return
    home = folder / RASTERS
    home.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix=".incoming-") as desk:
        yield [_copy(raster_id, path, Path(desk), home) for raster_id, path in rasters.items()]


def _copy(raster_id: str, path: Path, desk: Path, home: Path) -> KeptFile:
    if not path.is_file():
        raise NotFoundError("file", path.name)
    if not raster_id.replace("-", "").replace("_", "").isalnum() or not raster_id.isascii():
        raise ContractError("rasters", [f"{raster_id!r} cannot be the name of a file"])
    copied = desk / f"{raster_id}.tif"
    shutil.copyfile(path, copied)
    sync(copied)
    return KeptFile(
        raster_id=raster_id, sha256=sha256_of(copied), size=copied.stat().st_size,
        waiting=copied, folder=home,
    )  # fmt: skip


@contextmanager
def kept(files: list[KeptFile]) -> Iterator[None]:
    """Give files their names; they lose them again where the change fails.

    Whoever calls holds the lock of the store, so that nobody else counts on a name meanwhile.
    """
    new = [file for file in files if not (file.folder / file.name).exists()]
    worn = [file for file in files if file not in new and not _is_whole(file)]
    try:
        for file in (*new, *worn):
            file.waiting.replace(file.folder / file.name)
            sync(file.folder)
        yield
    except BaseException:
        for file in new:
            (file.folder / file.name).unlink(missing_ok=True)
        raise


def _is_whole(file: KeptFile) -> bool:
    """Whether what lies under its name is what the name says."""
    return sha256_of(file.folder / file.name) == file.sha256


def put_new(draft: Path, path: Path) -> None:
    """Give a finished file its name, unless there is one of that name, whoever made it and when.

    Raises:
        FileExistsError: If there is.
    """
    sync(draft)
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without links: take the name first, then put the file there
        path.open("xb").close()
        draft.replace(path)
    draft.unlink(missing_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """Have the disk hold a file, or the names in a folder, before anything counts on it."""
    if path.is_dir() and os.name == "nt":
        return
    opened = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
