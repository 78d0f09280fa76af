"""Tiles of a survey's patches on disk: made once for each state of the survey, then only read.

They lie beside the database of a workspace, else in the user's cache folder; losing them costs only
time. A folder is named after the state of the survey and of the vocabulary, and gets its name when
all of it is there. It says what belongs into it; one that lacks any of this counts as not made.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

from bluecarbon_map.errors import InputError
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.store.places import DATABASE
from bluecarbon_map.store.sqlite import FILE
from bluecarbon_map.tiles.building import VECTOR, Built, Near, build, kind
from bluecarbon_map.tiles.patches import PatchTiles

FOLDER: Final = "tiles"
MANY: Final = 20_000
"""Patches of a survey that can no longer be drawn from memory."""
PASSPORT: Final = "built.json"
"""What was made, and the size of each file that belongs to it."""
_UNFINISHED: Final = ".making-"
_STALE_S: Final = 86_400


def is_large(store: Workspace, survey_id: str) -> bool:
    """Whether a survey has too many patches to be drawn from memory.

    Raises:
        NotFoundError: If there is no such survey.
    """
    return store.habitat_count(survey_id) >= MANY


def tiles_of(store: Workspace, survey_id: str) -> PatchTiles | None:
    """The tiles of a survey as it is now; None where they have not been made.

    Raises:
        NotFoundError: If there is no such survey.
    """
    folder = _folder(store, survey_id)
    if not _is_whole(folder):
        return None
    try:
        return PatchTiles(folder, near(store, survey_id))
    except (OSError, ValueError):  # a file of the right size with something else in it
        return None


def make_tiles(
    store: Workspace,
    survey_id: str,
    *,
    progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Built | None:
    """Make the tiles of a survey as it is now; those of its earlier states are removed.

    Args:
        store: Workspace to read.
        survey_id: The survey.
        progress: Told the part that is done, growing to 1.
        cancelled: Asked now and then whether to stop.

    Returns:
        What was made; None where they were there already.

    Raises:
        CancelledError: If ``cancelled`` said so; nothing is left behind.
        InputError: If the survey changed meanwhile; nothing is left behind.
        NotFoundError: If there is no such survey.
        OSError: If the folder cannot be written.
    """
    folder = _folder(store, survey_id)
    if tiles_of(store, survey_id) is not None:
        return None
    if folder.is_dir():
        _remove(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=_UNFINISHED) as desk:
        draft = Path(desk) / "draft"
        draft.mkdir()
        built = build(
            store.habitat_boxes(survey_id), near(store, survey_id), draft,
            progress=progress, cancelled=cancelled,
        )  # fmt: skip
        if _folder(store, survey_id) != folder:
            fix = "Make them again when nobody writes to it"
            raise InputError(survey_id, "the survey changed while its tiles were made", fix)
        _seal(draft, built)
        try:
            draft.rename(folder)
        except OSError:  # somebody else was quicker
            if not _is_whole(folder):
                raise
    _sweep(folder)
    return built


def export_tiles(store: Workspace, survey_id: str, path: Path) -> None:
    """Copy the vector tiles of a survey, made before, as one PMTiles file.

    Raises:
        InputError: If the survey has no patch.
        NotFoundError: If there is no such survey.
    """
    made = archive_of(store, survey_id)
    if made is None:
        raise InputError(survey_id, "the survey has no patch", "Name a survey with patches")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=_UNFINISHED) as desk:
        Path(shutil.copyfile(made, Path(desk) / VECTOR)).replace(path)


def archive_of(store: Workspace, survey_id: str) -> Path | None:
    """Where the PMTiles file of a survey as it is now lies; None where none has been made.

    Raises:
        NotFoundError: If there is no such survey.
    """
    folder = _folder(store, survey_id)
    made = folder / VECTOR
    return made if _is_whole(folder) and made.is_file() else None


def near(store: Workspace, survey_id: str) -> Near:
    """Reads the patches of a survey within a box."""
    return lambda box: store.habitats_within(survey_id, box)


def _folder(store: Workspace, survey_id: str) -> Path:
    version = store.habitats_version(survey_id)
    return _home(store) / f"{_word(survey_id)}-{version}-{kind()}"


def _home(store: Workspace) -> Path:
    database = any((store.folder / name).is_file() for name in (FILE, DATABASE))
    if database and os.access(store.folder, os.W_OK):
        return store.folder / FOLDER
    named = _word(str(store.folder.resolve()))
    return user_cache_path("bluecarbon_map", appauthor=False) / FOLDER / named


def _word(text: str) -> str:
    """A name for a folder: an id may hold what no path should."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _seal(draft: Path, built: Built) -> None:
    """Say in a folder what belongs into it, and have the disk hold all of it."""
    said = {**asdict(built), "files": {file.name: _size(file) for file in draft.iterdir()}}
    (draft / PASSPORT).write_text(json.dumps(said), encoding="utf-8")
    for file in draft.iterdir():
        with file.open("r+b") as opened:
            os.fsync(opened.fileno())


def _is_whole(folder: Path) -> bool:
    """Whether all that was made is there, at its size."""
    try:
        said = json.loads((folder / PASSPORT).read_text(encoding="utf-8"))
        return all(_size(folder / name) == size for name, size in said["files"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _size(file: Path) -> int:
    return file.stat().st_size


def _sweep(folder: Path) -> None:
    """Remove tiles of other states of the survey, and what a crash left unfinished."""
    own, _, _ = folder.name.partition("-")
    for old in folder.parent.iterdir():
        with suppress(OSError):  # somebody else was quicker, or still reads them (Windows)
            if old.name.startswith(_UNFINISHED):
                if time.time() - old.stat().st_mtime > _STALE_S:
                    shutil.rmtree(old)
            elif old.name.startswith(f"{own}-") and old != folder:
                _remove(old)


def _remove(folder: Path) -> None:
    """Take its name away first: removed by half, a folder must not be read."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=_UNFINISHED) as desk:
        folder.rename(Path(desk) / "old")
