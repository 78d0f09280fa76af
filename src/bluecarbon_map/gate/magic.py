"""What a file is by its bytes; its name is only ever shown, never believed and never a path."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import Final

from bluecarbon_map.gate.kinds import Kind
from bluecarbon_map.gate.problems import Problem, Severity

HEAD: Final = 4096
"""How many bytes of the beginning decide."""

_LONGEST_NAME: Final = 120


class Format(StrEnum):
    """Formats the gate opens; what else there is it refuses by name."""

    GEOPACKAGE = "geopackage"
    ZIP = "zip"
    GEOJSON = "geojson"
    KML = "kml"
    PARQUET = "parquet"
    TIFF = "tiff"
    TEXT = "text"
    WORKBOOK = "workbook"
    SHAPEFILE = "shapefile"


_TABLES: Final = frozenset({Format.TEXT, Format.WORKBOOK})
_PLACED: Final = frozenset({Kind.HABITATS, Kind.ZONES})
_RASTERS: Final = frozenset({Format.TIFF, Format.ZIP})

_TIFF: Final = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_OTHER: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel 97 workbook (.xls)", "Save it as .xlsx or CSV"),
    (
        b"\x00\x00\x27\x0a",
        "a .shp without its companions",
        "Zip .shp, .shx, .dbf and .prj together",
    ),
    (b"%PDF", "a PDF document", "Export the data behind it as GeoPackage, XLSX or CSV"),
    (b"\x89PNG", "a PNG picture", "Export the raster as GeoTIFF"),
    (b"\xff\xd8\xff", "a JPEG picture", "Export the raster as GeoTIFF"),
    (b"\x1f\x8b", "a gzip archive", "Unpack it; shapefiles go into a .zip"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it; shapefiles go into a .zip"),
    (b"Rar!", "a RAR archive", "Unpack it; shapefiles go into a .zip"),
    (b"\x89HDF", "an HDF5 or netCDF file", "Export the raster as GeoTIFF"),
    (b"CDF", "a netCDF file", "Export the raster as GeoTIFF"),
)


def clean_name(name: str) -> str:
    """Name of an upload as it may be shown: its last part, without control and bidi characters.

    It is text for the eye: never markup, and never a path.
    """
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    kept = " ".join(unicodedata.normalize("NFC", kept).split()).strip(". ")
    return kept[:_LONGEST_NAME] or "unnamed"


def format_of(head: bytes) -> Format | Problem:
    """Format of a file by its first `HEAD` bytes, or why the gate does not open it."""
    if not head:
        return _refused("empty_file", "the file is empty (0 bytes)", "Export it again")
    if head.startswith(b"SQLite format 3\x00"):
        return Format.GEOPACKAGE
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Format.ZIP
    if head.startswith(b"PAR1"):
        return Format.PARQUET
    if head[:4] in _TIFF:
        return Format.TIFF
    for mark, what, fix in _OTHER:
        if head.startswith(mark):
            return _refused("format_not_read", f"this is {what}, which is not read here", fix)
    return _text_format(head)


def _text_format(head: bytes) -> Format | Problem:
    """Format of what has no mark: JSON, XML, or lines of text."""
    if head[:2] in _UTF16:
        start = head[2:].replace(b"\x00", b"").lstrip()
        if start[:1] in (b"{", b"[", b"<"):
            return _refused(
                "encoding", "the text is UTF-16, and this format is UTF-8", "Save it as UTF-8"
            )
        return Format.TEXT
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in (b"{", b"["):
        return Format.GEOJSON
    if start[:1] == b"<":
        return _xml_format(start)
    if _looks_binary(start):
        return _refused(
            "format_unknown",
            "the bytes are of no format that is read here",
            "Save it as GeoPackage, zipped shapefile, GeoJSON, KML, CSV, XLSX, Parquet or GeoTIFF",
        )
    return Format.TEXT


def _xml_format(start: bytes) -> Format | Problem:
    if b"<kml" in start and b"<!DOCTYPE" not in start and b"<!ENTITY" not in start:
        return Format.KML
    if b"VRTDataset" in start or b"OGRVRTDataSource" in start:
        return _refused(
            "virtual_file",
            "this is a GDAL virtual file: it points at other data and holds none",
            "Export the data themselves, as GeoPackage or GeoTIFF",
        )
    return _refused(
        "format_not_read",
        "this is XML of a kind that is not read here",
        "Save it as GeoPackage, GeoJSON or KML; pictures of a map as GeoTIFF",
    )


def _looks_binary(start: bytes) -> bool:
    """Whether bytes are no text: too many control characters; a lone NUL is for the reader."""
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in start)
    return controls > max(1, len(start) // 100)


def unfit(found: Format, kind: Kind) -> Problem | None:
    """Why a format cannot hold a kind; None where it can."""
    if kind is Kind.RASTER and found not in _RASTERS:
        return _refused(
            "format_of_kind", "a raster is a GeoTIFF; this file is none", "Export it as GeoTIFF"
        )
    if kind is not Kind.RASTER and found is Format.TIFF:
        return _refused(
            "format_of_kind", f"a GeoTIFF is a raster, not {kind}", "Import it as kind raster"
        )
    if kind in _PLACED and found in _TABLES:
        return _refused(
            "format_of_kind",
            f"{kind} need outlines, and plain text or a table has none",
            "Export the layer as GeoPackage, zipped shapefile or GeoJSON",
        )
    return None


def _refused(code: str, message: str, fix: str) -> Problem:
    return Problem(severity=Severity.ERROR, code=code, message=message, fix=fix)
