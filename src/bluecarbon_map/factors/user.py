"""A user's own coefficients: a CSV file with an ecosystem and its density on each row."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from bluecarbon_map.ecosystems import recognise, require
from bluecarbon_map.errors import (
    ColumnError,
    DuplicateIdError,
    EmptyLayerError,
    InputError,
    UnknownEcosystemError,
)
from bluecarbon_map.factors.intervals import Interval, IntervalKind
from bluecarbon_map.factors.limits import DENSITY_MOST_T_C_HA, RATE_MOST_T_C_HA_YR
from bluecarbon_map.factors.model import (
    FactorSet,
    Key,
    PoolDensity,
    SequestrationFactor,
    StockFactor,
)

_HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "ecosystem": ("ecosystem", "habitat", "class", "type", "生态系统", "类型", "地类"),
    "species": ("species", "优势种", "物种"),
    "density": ("c_t_ha", "density_t_c_ha", "碳密度"),
    "low": ("low", "low_t_c_ha", "下限"),
    "high": ("high", "high_t_c_ha", "上限"),
    "sequestration": ("sequestration_t_c_ha_yr", "固碳速率"),
    "source": ("source", "来源"),
}
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?")
_ENCODINGS: Final = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class _Table:
    """A file's rows with our column names, and its own names to complain in."""

    where: str
    named: dict[str, str]
    rows: list[tuple[int, dict[str, str]]]


@dataclass(frozen=True, slots=True)
class _Cells:
    """One row, its number in the file, and the means to complain about it."""

    table: _Table
    number: int
    values: dict[str, str]

    def refuse(self, column: str, reason: str, fix: str) -> NoReturn:
        raise InputError(
            self.table.where,
            reason,
            fix,
            rows=[self.number],
            column=self.table.named.get(column, column),
        )

    def number_in(self, column: str, most: float, unit: str) -> float | None:
        """A number between 0 and ``most``; None for an empty cell."""
        text = unicodedata.normalize("NFKC", self.values.get(column, "")).strip()
        if not text:
            return None
        if not _NUMBER.fullmatch(text.lower()):
            self.refuse(
                column,
                f"{text[:40]!r} is not a number",
                f"Write digits only, in {unit}; leave the cell empty where it is not known",
            )
        value = float(text)
        if not 0 <= value <= most:
            self.refuse(
                column,
                f"{text[:40]} lies outside 0 to {most:,.0f} {unit}",
                f"Check the unit: the column is {unit}, not g/m2, kg/m2 or CO2",
            )
        return value


def _folded(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).strip().casefold()
    return re.sub(r"\s+", "_", text)


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as failed:
        raise InputError(
            path.name, f"the file cannot be read ({failed.strerror})", "Check the path"
        ) from failed
    for encoding in _ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError(
        path.name, "the file is not text in UTF-8 or GB18030", "Save it as CSV UTF-8 and try again"
    )


def _lines(where: str, text: str) -> list[list[str]]:
    try:
        lines = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as failed:
        raise InputError(
            where, f"the file is no CSV ({failed})", "Save it as comma-separated CSV and try again"
        ) from failed
    return lines


def _columns(where: str, header: list[str]) -> dict[str, int]:
    meanings = {word: name for name, words in _HEADERS.items() for word in words}
    found: dict[str, int] = {}
    for place, title in enumerate(header):
        name = meanings.get(_folded(title))
        if name is not None and name in found:
            raise ColumnError(
                where,
                f"two columns claim to be the {name}: {header[found[name]]!r} and {title!r}",
                "Keep one of them",
                column=title,
            )
        if name is not None:
            found[name] = place
    for name in ("ecosystem", "density"):
        if name not in found:
            raise ColumnError(
                where,
                f"there is no column for the {name}",
                f"Name one of the columns: {', '.join(_HEADERS[name])}",
                column=name,
            )
    return found


def _table(path: Path) -> _Table:
    where = path.name
    lines = _lines(where, _text(path))
    if not any(any(cell.strip() for cell in line) for line in lines):
        raise EmptyLayerError(where)
    header, *body = lines
    found = _columns(where, header)
    rows = []
    for number, line in enumerate(body, 2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) > len(header):
            raise InputError(
                where,
                f"{len(line)} cells under {len(header)} headers",
                "Quote values that contain a comma",
                rows=[number],
            )
        rows.append((number, {n: line[i].strip() for n, i in found.items() if i < len(line)}))
    if not rows:
        raise EmptyLayerError(where)
    return _Table(where, {name: header[place] for name, place in found.items()}, rows)


def _key(cells: _Cells) -> Key:
    """Ecosystem and species of a row; the species column may refine what the ecosystem says."""
    word = cells.values.get("ecosystem", "")
    try:
        ecosystem, implied = require(word, cells.table.where)
    except UnknownEcosystemError as unknown:
        raise UnknownEcosystemError(
            cells.table.where,
            unknown.reason,
            unknown.fix,
            rows=[cells.number],
            column=cells.table.named["ecosystem"],
        ) from unknown
    named = cells.values.get("species") or None
    if named is None:
        return ecosystem, implied
    known = recognise(named)
    species = known[1] if known and known[1] else named
    if (known and known[0] != ecosystem) or (implied and implied != species):
        cells.refuse(
            "species", f"{named[:40]!r} does not belong to {word[:40]!r}", "Correct one of the two"
        )
    return ecosystem, species


def _interval(cells: _Cells, density_t_c_ha: float | None) -> Interval | None:
    low = cells.number_in("low", DENSITY_MOST_T_C_HA, "t C/ha")
    high = cells.number_in("high", DENSITY_MOST_T_C_HA, "t C/ha")
    if low is None and high is None:
        return None
    if low is None or high is None or density_t_c_ha is None:
        cells.refuse(
            "high" if high is None else "low",
            "an interval needs a density, a low and a high end",
            "Give all three, or leave low and high empty",
        )
    if not low <= density_t_c_ha <= high:
        column = "low" if low > density_t_c_ha else "high"
        cells.refuse(
            column,
            f"the density {density_t_c_ha:g} lies outside {low:g} to {high:g}",
            "Low must not be above, high not below the density",
        )
    return Interval(low=low, high=high, kind=IntervalKind.STATED)


def _stock(cells: _Cells, key: Key) -> StockFactor | None:
    density_t_c_ha = cells.number_in("density", DENSITY_MOST_T_C_HA, "t C/ha")
    interval = _interval(cells, density_t_c_ha)
    if density_t_c_ha is None:
        return None
    source = cells.values.get("source", "")
    pool = PoolDensity(
        pool="unstated",
        depth_cm=None,
        density_t_c_ha=density_t_c_ha,
        interval=interval,
        factor_id=f"user:{cells.number}",
        tier=None,
        source=source or None,
    )
    return StockFactor(
        ecosystem=key[0], species=key[1], pools=(pool,), fell_back=None,
        why_zh=source, why_en=source,
    )  # fmt: skip


def _rate(cells: _Cells, key: Key) -> SequestrationFactor | None:
    rate_t_c_ha_yr = cells.number_in("sequestration", RATE_MOST_T_C_HA_YR, "t C/ha/yr")
    if rate_t_c_ha_yr is None:
        return None
    source = cells.values.get("source", "")
    return SequestrationFactor(
        ecosystem=key[0], species=key[1], rate_t_c_ha_yr=rate_t_c_ha_yr, interval=None,
        quantity="stated", factor_id=f"user:{cells.number}", tier=None, fell_back=None,
        source=source or None, why_zh=source, why_en=source,
    )  # fmt: skip


def read_user_factors(path: Path) -> FactorSet:
    """Read a user's coefficients; an empty density or rate stays unknown.

    Columns, in either language: ecosystem, density (t C/ha), and where wanted species, low, high
    (t C/ha), sequestration (t C/ha/yr), source; other columns are passed over. UTF-8 or GB18030.
    Each coefficient is called ``user:<row>``, its row in the file; the header is row 1.

    Raises:
        ColumnError: If a needed column is missing or two claim the same meaning.
        EmptyLayerError: If there is no row.
        DuplicateIdError: If an ecosystem and species stand on two rows.
        UnknownEcosystemError: If a word names no ecosystem.
        InputError: If a number is none, or outside what is believable.
    """
    table = _table(path)
    seen: dict[Key, int] = {}
    stocks: dict[Key, StockFactor] = {}
    rates: dict[Key, SequestrationFactor] = {}
    for number, values in table.rows:
        cells = _Cells(table, number, values)
        key = _key(cells)
        if key in seen:
            raise DuplicateIdError(
                table.where,
                f"{' '.join(word for word in key if word)} stands on two rows",
                "Keep one row for each ecosystem and species",
                rows=[seen[key], number],
            )
        seen[key] = number
        stock, rate = _stock(cells, key), _rate(cells, key)
        if stock is not None:
            stocks[key] = stock
        if rate is not None:
            rates[key] = rate
    return FactorSet(
        set_id=path.name, title_zh=path.name, title_en=path.name, stocks=stocks, rates=rates
    )
