"""Paths of the pages in an address; the first page has none."""

from __future__ import annotations

from typing import Final

PATHS: Final = (
    "coast",
    "distribution",
    "zone",
    "stock",
    "flux",
    "compare",
    "standards",
    "progress",
    "projects",
    "surveys",
    "trace",
    "import",
    "history",
    "factors",
    "sources",
    "export",
    "methods",
)
