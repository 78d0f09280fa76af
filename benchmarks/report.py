"""Keeps what the benchmarks print as ``docs/benchmarks.md``: one part each, with day and versions.

A part is replaced when its benchmark is run again; the others stay as they are. Nothing names the
machine: only its kind is told.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from datetime import date
from importlib.metadata import version
from io import StringIO, TextIOBase
from pathlib import Path
from typing import Final

import bluecarbon_map

FILE: Final = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
_HEAD: Final = """\
# 性能测试 · Benchmarks

由 `make bench` 写成，请勿手改；每一节是一次运行的原始输出，写明日期、版本和机器类型。
Written by `make bench`, not by hand: each part is what one run printed, with its day, versions and
kind of machine. Ratios were measured in one run; wall times hold on a quiet machine only.
"""
_PART: Final = re.compile(r"^## (\w+)\n(.*?)(?=^## \w+$|\Z)", re.DOTALL | re.MULTILINE)
_PACKAGES: Final = ("streamlit", "geopandas", "shapely", "numpy", "rasterio", "rio-tiler")


class _Both(TextIOBase):
    """Prints, and keeps what was printed."""

    def __init__(self) -> None:
        self.kept, self._screen = StringIO(), sys.stdout

    def write(self, text: str) -> int:
        self._screen.write(text)
        return self.kept.write(text)

    def flush(self) -> None:
        self._screen.flush()


@contextmanager
def kept() -> Iterator[StringIO]:
    """What is printed meanwhile, on the screen and kept."""
    both = _Both()
    with redirect_stdout(both):
        yield both.kept


def machine() -> str:
    """Kind of machine: system, processor, cores and memory; never its name."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return (
        f"{platform.system()} {platform.machine()}, {_processor()}{os.cpu_count()} cores, "
        f"{pages / 2**30:.0f} GiB"
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return ""
    named = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return f"{named[1].strip()}, " if named else ""


def put(name: str, title: str, printed: str, file: Path = FILE) -> None:
    """Put one part into the file, in the place of an older one.

    Args:
        name: Name of the benchmark.
        title: What it measures, one line.
        printed: What it printed.
        file: The report.
    """
    parts = _read(file)
    versions = ", ".join(f"{one} {version(one)}" for one in _PACKAGES)
    parts[name] = (
        f"\n{title}\n\n{date.today().isoformat()} · bluecarbon_map {bluecarbon_map.__version__} · "
        f"Python {platform.python_version()} · {versions} · {machine()}\n\n"
        f"```text\n{printed.strip()}\n```\n"
    )
    file.write_text(_written(parts), encoding="utf-8")


def _read(file: Path) -> dict[str, str]:
    """Parts by their names, in their order."""
    if not file.is_file():
        return {}
    return {one[1]: f"{one[2].rstrip()}\n" for one in _PART.finditer(file.read_text("utf-8"))}


def _written(parts: Mapping[str, str]) -> str:
    return "\n".join([_HEAD, *(f"## {name}\n{body}" for name, body in parts.items())])
