"""What a workbook's XML says of a sheet and openpyxl's streaming reader leaves out."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring, iterparse
from openpyxl.utils.cell import range_boundaries

_MOST_MERGES: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a sheet is laid out.

    Attributes:
        hidden: Numbers of the rows that are hidden.
        merges: Cells that are one: first column, first row, last column, last row, from 1.
    """

    hidden: frozenset[int]
    merges: tuple[tuple[int, int, int, int], ...]


def layout_of(book: zipfile.ZipFile, title: str) -> Layout:
    """Hidden rows and merged cells of a sheet.

    Raises:
        KeyError: If the workbook has no such sheet.
        ValueError: If its XML is not what it should be.
    """
    hidden: set[int] = set()
    merges: list[tuple[int, int, int, int]] = []
    with book.open(_path_of(book, title)) as file:
        for _, element in iterparse(file, events=("end",), forbid_dtd=True):
            name = _local(element.tag)
            if name == "row":
                if element.get("hidden") in {"1", "true"}:
                    hidden.add(int(element.get("r", "0")))
                element.clear()
            elif name == "mergeCell" and len(merges) < _MOST_MERGES:
                merges.append(_bounds(element.get("ref", "")))
    return Layout(hidden=frozenset(hidden), merges=tuple(merges))


def _bounds(ref: str) -> tuple[int, int, int, int]:
    first_column, first_row, last_column, last_row = range_boundaries(ref)
    if None in (first_column, first_row, last_column, last_row):
        raise ValueError(f"merged cells {ref!r}")
    return first_column, first_row, last_column, last_row


def _path_of(book: zipfile.ZipFile, title: str) -> str:
    relation = _relation_of(fromstring(book.read("xl/workbook.xml"), forbid_dtd=True), title)
    for one in fromstring(book.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True):
        if one.get("Id") == relation:
            target = one.get("Target", "")
            return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    raise KeyError(title)


def _relation_of(workbook: Element, title: str) -> str:
    for element in workbook.iter():
        if _local(element.tag) == "sheet" and element.get("name") == title:
            return next(value for key, value in element.items() if key.endswith("}id"))
    raise KeyError(title)


def _local(tag: str) -> str:
    """Name of an element without its namespace, of which the format has two."""
    return tag.rpartition("}")[2]
