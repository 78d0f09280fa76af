"""How results leave: one bundle of tables, one file, by the file's suffix."""

from bluecarbon_map.export.bundle import FORMATS, Bundle, to_bytes, write

__all__ = ["FORMATS", "Bundle", "to_bytes", "write"]
