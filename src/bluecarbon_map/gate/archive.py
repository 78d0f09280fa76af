"""Unpacks a zip member by member into a folder of our own, under names of our own."""

from __future__ import annotations

import errno
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bluecarbon_map.gate.refused import RefusedError

MOST_MEMBERS: Final = 200
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SMALL: Final = 1_000_000
_BLOCK: Final = 1 << 20
_NEEDED: Final = (".shp", ".dbf")
_READ: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_IGNORED: Final = (".sbn", ".sbx", ".qix", ".qpj", ".qmd", ".qml", ".sld", ".lyr", ".fix", ".idx",
                   ".atx", ".ain", ".aih", ".fbn", ".fbx", ".cst", ".txt", ".pdf", ".xml", ".md",
                   ".ixs", ".mxs", ".htm", ".html", ".doc", ".docx", ".jpg", ".png",
                   ".xls", ".xlsx", ".wps", ".et", ".ppt", ".pptx", ".jpeg", ".rtf", ".mxd",
                   ".lyrx", ".qgs", ".qgz", ".avl")  # fmt: skip
_PACKED: Final = (".zip", ".kmz", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".zst")
_SIDECARS: Final = (".aux.xml", ".tfw", ".ovr", ".msk")
_WORKBOOK: Final = "[Content_Types].xml"
_STORED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1
_UTF8: Final = 0x800


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """What an archive may hold, and what the user hears of one that holds something else.

    Attributes:
        read: Endings of the files that are read.
        beside: Endings of files that may lie there and are never read.
        strange: What is wrong with a file of any other ending.
        pack: What to pack instead.
        bare: What to pack instead of an archive in the archive.
        smaller: What to do about too much of it.
        most_bytes: Most bytes of all files together.
        most_ratio: Largest ratio of unpacked to packed bytes; small files are let off.
    """

    read: tuple[str, ...]
    beside: tuple[str, ...]
    strange: str
    pack: str
    bare: str
    smaller: str
    most_bytes: int
    most_ratio: int

    def most_of(self, member: zipfile.ZipInfo) -> int:
        """Bytes that a file may unpack to, whatever its header says."""
        return max(_SMALL, self.most_ratio * member.compress_size)


SHAPEFILES: Final = Sort(
    read=_READ,
    beside=_IGNORED,
    strange="belongs to no shapefile",
    pack="Pack only .shp, .shx, .dbf, .prj and .cpg",
    bare="Pack the shapefile itself",
    smaller="Use a GeoPackage, or pack it again",
    most_bytes=500_000_000,
    most_ratio=200,
)
RASTERS: Final = Sort(
    read=(".tif", ".tiff"),
    beside=(*_IGNORED, ".tfw", ".ovr", ".prj", ".json"),
    strange="is no GeoTIFF",
    pack="Pack the .tif files of one raster",
    bare="Pack the .tif files themselves",
    smaller="Take fewer files at once, or larger pixels",
    most_bytes=2_000_000_000,
    most_ratio=1_100,  # deflate packs no more into a byte, and ground without data is as empty
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """One shapefile out of an archive.

    Attributes:
        shapefile: Its ``.shp``; companions lie beside it under the same stem.
        layer: Name of the layer as the archive has it.
        layers: Names of all layers of the archive.
    """

    shapefile: Path
    layer: str
    layers: tuple[str, ...]


def is_workbook(path: Path) -> bool:
    """Whether a zip is an XLSX workbook.

    Raises:
        RefusedError: If it is no zip at all.
    """
    with _opened(path) as archive:
        names = archive.namelist()
    return _WORKBOOK in names and any(name.startswith("xl/") for name in names)


def unpack_shapefile(path: Path, layer: str | None, into: Path) -> Unpacked:
    """Unpack one shapefile of an archive.

    Args:
        path: The archive.
        layer: Layer to take; None for the first one.
        into: Folder of our own; files are named ``layer.shp`` and so on.

    Raises:
        RefusedError: If the archive breaks a rule, or holds no such shapefile.
    """
    with _opened(path) as archive:
        members = [one for one in archive.infolist() if not _is_clutter(one)]
        _require_sound(members, SHAPEFILES)
        stems = _stems(members)
        chosen = _chosen(stems, layer)
        left = SHAPEFILES.most_bytes
        for suffix, member in stems[chosen].items():
            left -= _extract(archive, member, into / f"layer{suffix}", left, SHAPEFILES)
    names = tuple(stem.rpartition("/")[2] for stem in stems)
    return Unpacked(shapefile=into / "layer.shp", layer=chosen.rpartition("/")[2], layers=names)


def unpack_rasters(path: Path, into: Path) -> tuple[list[tuple[str, Path]], list[str]]:
    """Unpack every GeoTIFF of an archive.

    Args:
        path: The archive.
        into: Folder of our own; files are named ``1.tif`` and so on.

    Returns:
        Name in the archive and file, by name; then the names of files beside them that may say
        something of them, and are never read.

    Raises:
        RefusedError: If the archive breaks a rule, or holds no GeoTIFF.
    """
    with _opened(path) as archive:
        members = [one for one in archive.infolist() if not _is_clutter(one)]
        _require_sound(members, RASTERS)
        tiles = sorted((one for one in members if _suffix(_name(one)) in RASTERS.read), key=_name)
        if not tiles:
            raise _refused("there is no GeoTIFF in it", "Pack the .tif files of one raster")
        found, left = [], RASTERS.most_bytes
        for number, member in enumerate(tiles, start=1):
            to = into / f"{number}.tif"
            left -= _extract(archive, member, to, left, RASTERS)
            found.append((_name(member), to))
    return found, [_name(one) for one in members if _name(one).lower().endswith(_SIDECARS)]


def _suffix(name: str) -> str:
    return "." + name.rpartition(".")[2].lower()


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as problem:
        raise _refused(f"the archive is damaged ({problem})", "Pack it again") from problem


def _name(member: zipfile.ZipInfo) -> str:
    """Name of a member; where it does not say UTF-8 it may be GBK, whose bytes hold backslashes."""
    if member.flag_bits & _UTF8:
        return member.orig_filename
    try:
        raw = member.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return member.orig_filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.orig_filename


def _is_clutter(member: zipfile.ZipInfo) -> bool:
    """Folders, and what macOS, Windows and open programs put beside the data."""
    name = _name(member)
    last = name.rpartition("/")[2]
    mac = name.startswith("__MACOSX/") or last.startswith("._") or last == ".DS_Store"
    safe = ".." not in name.split("/") and "\\" not in name and not name.startswith("/")
    windows = last.casefold() in {"thumbs.db", "desktop.ini"}
    lock = last.casefold().endswith(".lock")  # a program that has the layer open
    return safe and (mac or windows or lock or name.endswith("/"))


def _require_sound(members: Sequence[zipfile.ZipInfo], sort: Sort) -> None:
    """Refuse an archive as a whole for any member that no honest archive has."""
    if len(members) > MOST_MEMBERS:
        raise _refused(f"it holds {len(members)} files, more than {MOST_MEMBERS}", sort.smaller)
    for member in members:
        _require_sound_member(member, sort)
    often = Counter(_name(member).casefold() for member in members)
    doubled = [name for name, count in often.items() if count > 1]
    if doubled:
        raise _refused(
            f"it holds {_shown(doubled[0])} twice, and readers differ on which counts",
            "Pack each file once",
        )
    whole = sum(member.file_size for member in members)
    if whole > sort.most_bytes:
        message = f"it unpacks to {whole:,} bytes, more than {sort.most_bytes:,}"
        raise _refused(message, sort.smaller)


def _require_sound_member(member: zipfile.ZipInfo, sort: Sort) -> None:
    name, shown = _name(member), _shown(_name(member))
    if "\\" in name or name.startswith("/") or name[1:2] == ":":
        raise _refused(f"a file in it has a path as its name: {shown}", "Pack the bare files")
    if ".." in name.split("/") or "\x00" in name:
        raise _refused(f"a file in it climbs out of its folder: {shown}", "Pack the bare files")
    mode = member.external_attr >> 16
    if member.create_system == 3 and mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        raise _refused(f"{shown} is a link or a device, not a file", "Pack the file itself")
    if member.flag_bits & _ENCRYPTED:
        raise _refused(f"{shown} is encrypted", "Pack it without a password")
    if member.compress_type not in _STORED:
        raise _refused(f"{shown} is packed in an unusual way", "Pack it as a plain zip (deflate)")
    suffix = _suffix(name)
    if suffix in _PACKED:
        raise _refused(f"{shown} is an archive in the archive", sort.bare)
    if suffix == ".kml":
        raise _refused("it is a KMZ", "Unpack it and import the .kml in it")
    if suffix not in sort.read and suffix not in sort.beside:
        raise _refused(f"{shown} {sort.strange}", sort.pack)


def _stems(members: Sequence[zipfile.ZipInfo]) -> dict[str, dict[str, zipfile.ZipInfo]]:
    """Stem of each shapefile → suffix → member, in the archive's order."""
    stems: dict[str, dict[str, zipfile.ZipInfo]] = {}
    spelled: dict[str, str] = {}
    for member in members:
        stem, _, suffix = _name(member).rpartition(".")
        if f".{suffix.lower()}" in _READ:
            known = spelled.setdefault(stem.casefold(), stem)
            stems.setdefault(known, {})[f".{suffix.lower()}"] = member
    return {stem: parts for stem, parts in stems.items() if ".shp" in parts}


def _chosen(stems: dict[str, dict[str, zipfile.ZipInfo]], layer: str | None) -> str:
    if not stems:
        raise _refused("there is no .shp in it", "Pack .shp, .shx, .dbf and .prj together")
    wanted = [s for s in stems if layer is None or layer in (s, s.rpartition("/")[2])]
    if not wanted:
        there = ", ".join(_shown(stem) for stem in stems)
        raise _refused(f"there is no layer {_shown(str(layer))}", f"Name one of these: {there}")
    missing = [suffix for suffix in _NEEDED if suffix not in stems[wanted[0]]]
    if missing:
        raise _refused(
            f"{_shown(wanted[0])}{missing[0]} is missing", "Pack all files of the shapefile"
        )
    return wanted[0]


def _extract(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, to: Path, left: int, sort: Sort
) -> int:
    """Unpack one member, counting the bytes as they come; what its header says is no promise."""
    most = min(left, sort.most_of(member))
    written = 0
    try:
        with archive.open(member) as packed, to.open("wb") as out:
            while block := packed.read(_BLOCK):
                written += len(block)
                if written > most:
                    raise _refused(
                        f"{_shown(_name(member))} unpacks to far more than it is packed in",
                        sort.smaller,
                    )
                out.write(block)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as problem:
        full = isinstance(problem, OSError) and problem.errno in _NO_ROOM
        fix = "Make room on the disk, or take fewer files at once" if full else "Pack it again"
        message = f"{_shown(_name(member))} cannot be unpacked ({problem})"
        raise _refused(message, fix) from problem
    return written


def _shown(name: str) -> str:
    return repr(name[:80])


def _refused(reason: str, fix: str) -> RefusedError:
    return RefusedError("archive", reason, fix)
