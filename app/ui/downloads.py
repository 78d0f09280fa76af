"""Files with an address of their own, so that a broken download can go on where it stopped.

An address holds a kind and a hash of the id, nothing of a data file; what may not be seen is not
found, just as what is not there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from bluecarbon_map.errors import NotFoundError
from bluecarbon_map.reports import tiling
from bluecarbon_map.tables import Provenance
from ui import cached, cached_rasters

RASTER: Final = "raster"
PATCHES: Final = "patches"
_NOT_PLAIN: Final = re.compile(r"[^\w-]+")
_NOT_ASCII: Final = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST: Final = 80


class NoSuchFileError(LookupError):
    """An address of no file of ours."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file that may leave.

    Attributes:
        path: Where it lies.
        name: What it is called where it arrives, without the suffix.
        plain_name: The same for programs that know ASCII only.
        suffix: ``.tif``.
        media_type: What it is.
    """

    path: Path
    name: str
    plain_name: str
    suffix: str
    media_type: str

    @property
    def disposition(self) -> str:
        """How it is to be kept, RFC 6266: both names, the second one in UTF-8."""
        plain, name = f"{self.plain_name}{self.suffix}", f"{self.name}{self.suffix}"
        return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def raster_url(raster_id: str) -> str:
    """Address of the GeoTIFF of a raster."""
    return f"/downloads/{RASTER}/{_hash(raster_id)}.tif"


def patches_url(survey_id: str) -> str:
    """Address of the vector tiles of a survey, one PMTiles file."""
    return f"/downloads/{PATCHES}/{_hash(survey_id)}.pmtiles"


def patches_size(survey_id: str) -> int | None:
    """Bytes of the vector tiles of a survey; None where they have not been made."""
    made = tiling.archive_of(cached.workspace(), survey_id)
    return None if made is None else made.stat().st_size


def raster_size(raster_id: str) -> int | None:
    """Bytes of the GeoTIFF of a raster; None where it is missing."""
    try:
        return cached.workspace().raster_path(raster_id).stat().st_size
    except (NotFoundError, OSError):
        return None


def find(kind: str, file: str) -> Download:
    """The file of an address.

    Args:
        kind: First part of the address.
        file: Last part of it.

    Raises:
        NoSuchFileError: If there is none, or it may not be seen.
    """
    try:
        return _FOUND[kind](file)
    except (KeyError, NotFoundError) as problem:  # no such address, or its file is missing
        raise NoSuchFileError(kind) from problem


def _raster(file: str) -> Download:
    version = cached.workspace().version
    known = {f"{_hash(one)}.tif": one for one in cached_rasters.raster_titles(version, "zh")}
    raster_id = known[file]
    return Download(
        path=cached.workspace().raster_path(raster_id),
        name=_name(cached_rasters.raster_passport(version, raster_id)),
        plain_name=_NOT_ASCII.sub("-", raster_id)[:_LONGEST],
        suffix=".tif",
        media_type="image/tiff",
    )


def _patches(file: str) -> Download:
    surveys = cached.workspace().surveys().set_index("survey_id")
    known = {f"{_hash(one)}.pmtiles": one for one in surveys.index}
    survey_id = known[file]
    made = tiling.archive_of(cached.workspace(), survey_id)
    if made is None:
        raise KeyError(file)
    return Download(
        path=made,
        name=_name(surveys.loc[survey_id].to_dict()),
        plain_name=_NOT_ASCII.sub("-", survey_id)[:_LONGEST],
        suffix=".pmtiles",
        media_type="application/vnd.pmtiles",
    )


def _name(passport: Mapping[str, Any]) -> str:
    """Title of a raster or survey in the name of a file; a demonstration says that it is one."""
    title = _NOT_PLAIN.sub("-", str(passport["title_zh"])).strip("-")[:_LONGEST]
    invented = passport["provenance"] == Provenance.DEMONSTRATION
    return f"{title or 'bluecarbon'}_{passport['year']}{'_演示-demo' if invented else ''}"


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]


_FOUND: Final[Mapping[str, Callable[[str], Download]]] = MappingProxyType(
    {RASTER: _raster, PATCHES: _patches}
)
"""Kind of file → what finds one by the last part of its address; raises KeyError for none."""
