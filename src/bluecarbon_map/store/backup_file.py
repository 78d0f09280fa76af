"""The file of a backup: a ZIP with a manifest, and nothing in it but what the manifest names.

The checksums of a ZIP and the hashes of the manifest hold the files, not the headers between them.
So the last bytes of a backup, in the comment of the ZIP, are a seal: the hash of all before them.
It finds damage, not forgery: whoever can write a backup can seal it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final

from bluecarbon_map.errors import InputError
from bluecarbon_map.store.keeping import sha256_of

FORMAT: Final = "bluecarbon-backup"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
DATABASES: Final = {"sqlite": "workspace.db", "postgresql": "workspace.dump"}
"""Name of the database in the ZIP, by the kind of database."""

_NAME: Final = re.compile(r"workspace\.db|workspace\.dump|rasters/[\w-][\w.-]*\.tif", re.ASCII)
"""Every file that a backup may hold beside its manifest; no path leads anywhere else."""

_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError,
)  # fmt: skip
"""What reading a damaged ZIP can raise; a password is asked for by a RuntimeError."""
_MANIFEST_MOST: Final = 16 * 2**20
_BLOCK: Final = 2**20
_PACKED: Final = (".tif", ".dump")
_SEAL: Final = b"sha256:"
_DIGITS: Final = 64
UNSEALED: Final = _SEAL + b"0" * _DIGITS
"""Comment of the ZIP that keeps the place of the seal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file of a backup.

    Attributes:
        name: Its name in the ZIP.
        sha256: SHA-256 of it.
        size: Its bytes.
    """

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        workspace_id: Workspace it is of.
        name_zh: Chinese name of its region.
        made_at: When, ISO in UTC.
        program: Version of this program that made it.
        kind: ``sqlite`` or ``postgresql``.
        schema: Schema of the database; None for SQLite.
        begun: Hash of the first audit entry: what tells workspaces of one name apart.
        head: Hash of the last audit entry.
        changes: How many changes it holds.
        files: Its files.
    """

    workspace_id: str
    name_zh: str
    made_at: str
    program: str
    kind: str
    schema: str | None
    begun: str
    head: str
    changes: int
    files: tuple[Item, ...] = ()


# --- writing --------------------------------------------------------------------------------------


def write(draft: Path, manifest: Manifest, sources: Mapping[str, Path]) -> None:
    """Write a backup, and have the disk hold it.

    Args:
        draft: File to make.
        manifest: What it says of itself; the files are named here.
        sources: Name in the ZIP → file.
    """
    items = tuple(
        Item(name=name, sha256=sha256_of(path), size=path.stat().st_size)
        for name, path in sources.items()
    )
    told = {"format": FORMAT, "version": VERSION, **asdict(replace(manifest, files=items))}
    with zipfile.ZipFile(draft, "w", compression=zipfile.ZIP_DEFLATED) as file:
        file.writestr(MANIFEST, json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        for name, path in sources.items():
            packed = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
            file.write(path, name, compress_type=packed)
        file.comment = UNSEALED
    seal(draft)


def seal(file: Path) -> None:
    """Write the seal over the place that is kept for it, and have the disk hold the file."""
    with file.open("rb+") as sealed:
        digest = _digest_before_seal(sealed)
        sealed.seek(-_DIGITS, os.SEEK_END)
        sealed.write(digest)
        sealed.flush()
        os.fsync(sealed.fileno())


def _digest_before_seal(file: BinaryIO) -> bytes:
    """Hash of all bytes of a backup but the digits of its seal, as those digits."""
    left = file.seek(0, os.SEEK_END) - _DIGITS
    file.seek(0)
    digest = hashlib.sha256()
    while left > 0 and (block := file.read(min(_BLOCK, left))):
        digest.update(block)
        left -= len(block)
    return digest.hexdigest().encode()


def check(file: Path) -> None:
    """Read everything back.

    Raises:
        InputError: If anything in it is not what was put in.
    """
    with opened(file) as archive:
        for item in manifest_in(archive, file).files:
            take(archive, item, file, None)


# --- reading --------------------------------------------------------------------------------------


def read_manifest(file: Path) -> Manifest:
    """What a backup says of itself.

    Raises:
        InputError: If it is no backup, a damaged one, or one of a newer version of this program.
    """
    with opened(file, whole=False) as archive:
        return manifest_in(archive, file)


@contextmanager
def opened(file: Path, *, whole: bool = True) -> Iterator[zipfile.ZipFile]:
    """The ZIP of a backup; whatever is wrong with it is told in our words.

    Args:
        file: The backup.
        whole: Whether to hold every byte of it against its seal first.

    Raises:
        InputError: If it is none, or any byte is another one than was written.
    """
    try:
        with file.open("rb") as source:
            if whole:
                _require_seal(source, file)
            with zipfile.ZipFile(source) as archive:
                yield archive
    except FileNotFoundError as gone:
        raise InputError(str(file), "there is no such file", "Check the path") from gone
    except _BROKEN as broken:
        raise damaged(file, str(broken)) from broken
    except OSError as broken:
        if broken.errno != errno.EINVAL:  # a ZIP that sends its reader before its first byte
            raise
        raise damaged(file, str(broken)) from broken


def _require_seal(source: BinaryIO, file: Path) -> None:
    digest = _digest_before_seal(source)
    source.seek(max(0, source.seek(0, os.SEEK_END) - len(UNSEALED)))
    seal_found = source.read()
    if not seal_found.startswith(_SEAL):
        raise damaged(file, "it ends without a seal: it was cut off, or something else wrote it")
    if seal_found != _SEAL + digest:
        raise damaged(file, "its seal is not that of its bytes")


def damaged(file: Path, how: str) -> InputError:
    """What to say of a file that is no backup."""
    return InputError(str(file), f"it is no backup, or a damaged one ({how})", "Take another one")


def manifest_in(archive: zipfile.ZipFile, file: Path) -> Manifest:
    """What a backup says of itself, held against what it holds.

    Raises:
        InputError: If it is no backup, a damaged one, or one of a newer version of this program.
    """
    names = archive.namelist()
    if names.count(MANIFEST) != 1 or archive.getinfo(MANIFEST).file_size > _MANIFEST_MOST:
        raise damaged(file, f"without one {MANIFEST}")
    try:
        said: dict[str, Any] = json.loads(archive.read(MANIFEST))
        form, version = said.pop("format"), said.pop("version")
        files = tuple(_item(one) for one in said.pop("files"))
    except (KeyError, TypeError, AttributeError) as broken:
        raise damaged(file, f"its manifest lacks something: {broken}") from broken
    if form != FORMAT:
        raise damaged(file, f"its format is {form!r}")
    if version != VERSION:
        fix = "Update bluecarbon-map, then restore it again"
        raise InputError(str(file), f"a newer version of this program made it ({version})", fix)
    try:
        manifest = Manifest(**said, files=files)
    except TypeError as broken:
        raise damaged(file, str(broken)) from broken
    _require_names(manifest, names, file)
    return manifest


def _item(said: Mapping[str, Any]) -> Item:
    name, sha256, size = said["name"], said["sha256"], said["size"]
    if not (isinstance(name, str) and isinstance(sha256, str) and isinstance(size, int)):
        raise TypeError("a file is told wrongly")
    return Item(name=name, sha256=sha256, size=size)


def _require_names(manifest: Manifest, names: list[str], file: Path) -> None:
    """The ZIP holds what its manifest names, once each, under names that lead nowhere else."""
    told = [item.name for item in manifest.files]
    strange = [name for name in names if name != MANIFEST and _NAME.fullmatch(name) is None]
    if strange:
        raise damaged(file, f"it holds a file {strange[0]!r}")
    if sorted(names) != sorted([MANIFEST, *told]) or len(set(names)) != len(names):
        raise damaged(file, "it does not hold the files that its manifest names")
    if DATABASES.get(manifest.kind) not in told:
        raise damaged(file, f"it holds no {manifest.kind!r} database")


def take(archive: zipfile.ZipFile, item: Item, file: Path, target: Path | None) -> None:
    """Read a file of the ZIP, into ``target`` where one is named.

    Raises:
        InputError: If it is not what was put in.
    """
    digest, size = hashlib.sha256(), 0
    with archive.open(item.name) as source:
        sink = None if target is None else target.open("xb")
        try:
            while block := source.read(_BLOCK):
                size += len(block)
                if size > item.size:  # never more than it says, whatever it unpacks to
                    break
                digest.update(block)
                if sink is not None:
                    sink.write(block)
            if sink is not None:
                sink.flush()
                os.fsync(sink.fileno())
        finally:
            if sink is not None:
                sink.close()
    if size != item.size or digest.hexdigest() != item.sha256:
        raise damaged(file, f"{item.name} is not what was put in")
