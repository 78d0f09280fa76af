"""Named sets in ``data/factors/sets/``: which coefficient an ecosystem gets, and why."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.errors import FactorError, InputError, NotFoundError
from bluecarbon_map.factors.intervals import Interval, IntervalKind, borrowed, of_mean
from bluecarbon_map.factors.limits import DENSITY_MOST_T_C_HA, RATE_MOST_T_C_HA_YR, SOIL_DEPTH_CM
from bluecarbon_map.factors.model import (
    FactorSet,
    Fallback,
    Key,
    PoolDensity,
    SequestrationFactor,
    StockFactor,
)
from bluecarbon_map.factors.pools import held_twice
from bluecarbon_map.factors.table import Factor, factor
from bluecarbon_map.factors.user import read_user_factors
from bluecarbon_map.files import data_folder
from bluecarbon_map.units import t_ha_from_g_m2

ROLES: Final = {
    "stock": ("stock_C",),
    "sequestration": ("burial_C", "removal_C"),
}
"""What a role may take; an air-sea exchange, a seasonal increment or a total is none of these."""

_PER_T_HA: Final = {
    "t C/ha": 1.0,
    "t C/ha/yr": 1.0,
    "g C/m2/yr": t_ha_from_g_m2(1.0),
}
"""t/ha in one of each unit."""

_MOST: Final = {"stock": DENSITY_MOST_T_C_HA, "sequestration": RATE_MOST_T_C_HA_YR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a set, its coefficient looked up.

    Attributes:
        place: File and row, for a message.
        ecosystem: Ecosystem that gets it.
        species: Species that gets it; None for any.
        role: ``stock`` or ``sequestration``.
        source: The coefficient.
        lender: Coefficient whose relative SD it borrows where it has no interval; None for none.
        why_zh: Why this one, Chinese.
        why_en: The same in English.
        any_depth: Whether it may be soil of another depth than a set of the package holds.
    """

    place: str
    ecosystem: str
    species: str | None
    role: str
    source: Factor
    lender: Factor | None
    why_zh: str
    why_en: str
    any_depth: bool = False

    @property
    def key(self) -> Key:
        """Ecosystem and species."""
        return self.ecosystem, self.species


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """What a set is called, and the tier it wants."""

    set_id: str
    title_zh: str
    title_en: str
    wanted_tier: int


def _records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _titles() -> dict[str, Title]:
    rows = _records(data_folder() / "factors" / "sets.csv")
    return {
        row["set_id"]: Title(
            set_id=row["set_id"],
            title_zh=row["title_zh"],
            title_en=row["title_en"],
            wanted_tier=int(row["wanted_tier"]),
        )
        for row in rows
    }


def set_titles() -> dict[str, tuple[str, str]]:
    """Id of every named set, with its Chinese and English title."""
    return {key: (title.title_zh, title.title_en) for key, title in _titles().items()}


def _row(record: dict[str, str], place: str) -> Row:
    try:
        source = factor(record["factor_id"])
        lender = factor(record["interval_from"]) if record["interval_from"] else None
    except NotFoundError as unknown:
        raise FactorError(f"{place}: no coefficient {unknown.key!r} in data/factors") from unknown
    row = Row(
        place=place,
        ecosystem=record["ecosystem"],
        species=record["species"] or None,
        role=record["role"],
        source=source,
        lender=lender,
        why_zh=record["why_zh"],
        why_en=record["why_en"],
    )
    check_row(row)
    return row


def _complaint(row: Row) -> str | None:
    source = row.source
    if row.ecosystem not in ECOSYSTEMS or source.ecosystem != row.ecosystem:
        return f"{source.factor_id} is about {source.ecosystem}, not {row.ecosystem}"
    if source.quantity not in ROLES.get(row.role, ()):
        return f"{source.quantity} cannot serve as {row.role!r}"
    if source.value is None or source.unit not in _PER_T_HA:
        return f"{source.factor_id} has no value per area ({source.value} {source.unit})"
    if not 0 <= source.value * _PER_T_HA[source.unit] <= _MOST[row.role]:
        return f"{source.factor_id} lies outside 0 to {_MOST[row.role]:g}"
    depth = (source.depth_top_cm, source.depth_bottom_cm)
    bound = row.role == "stock" and source.pool == "soil" and not row.any_depth
    if bound and depth != SOIL_DEPTH_CM:
        return f"{source.factor_id} is soil of {depth} cm; a set holds soil of 0 to 100 cm only"
    if row.lender is not None and row.lender.relative_sd is None:
        return f"{row.lender.factor_id} has no standard deviation to lend"
    return None


def check_row(row: Row) -> None:
    """Refuse a coefficient that cannot serve.

    Raises:
        FactorError: If it is about something else, has no value per area, or is not believable.
    """
    complaint = _complaint(row)
    if complaint is not None:
        raise FactorError(f"{row.place}: {complaint}")


def _own_interval(source: Factor, *, accept_unverified: bool) -> Interval | None:
    usable = accept_unverified or source.interval_verified
    if source.low is None or source.high is None or source.interval_kind is None or not usable:
        return None
    if source.low == source.high:  # the "range" of one site says nothing about its error
        return None
    clipped = source.low < 0
    return Interval(
        low=max(source.low, 0.0),
        high=source.high,
        kind=IntervalKind(source.interval_kind),
        clipped=clipped,
    )


def _interval(row: Row, *, accept_unverified: bool) -> Interval | None:
    """Of the mean where SD and n are known, else the row's own, else a borrowed one, else None."""
    source, value = row.source, row.source.value
    if value is None:
        return None
    if source.sd is not None and source.n is not None and source.n >= 2:
        return of_mean(value, source.sd, int(source.n))
    own = _own_interval(source, accept_unverified=accept_unverified)
    if own is not None or row.lender is None or row.lender.relative_sd is None:
        return own
    return borrowed(value, row.lender.relative_sd, row.lender.factor_id)


def _amount(row: Row, *, accept_unverified: bool) -> tuple[float, Interval | None]:
    """Value in t C/ha (or t C/ha/yr) and its interval in the same unit."""
    source = row.source
    if source.value is None or source.unit is None:
        raise FactorError(f"{row.place}: {source.factor_id} has no value")
    interval = _interval(row, accept_unverified=accept_unverified)
    by = _PER_T_HA[source.unit]
    return source.value * by, None if interval is None else interval.scaled(by)


def _fallback(tier: int, wanted: int) -> Fallback | None:
    return Fallback(wanted=wanted, tier=tier) if tier < wanted else None


def _pool(row: Row, *, accept_unverified: bool) -> PoolDensity:
    density_t_c_ha, interval = _amount(row, accept_unverified=accept_unverified)
    top, bottom = row.source.depth_top_cm, row.source.depth_bottom_cm
    return PoolDensity(
        pool=row.source.pool,
        depth_cm=None if top is None or bottom is None else (top, bottom),
        density_t_c_ha=density_t_c_ha,
        interval=interval,
        factor_id=row.source.factor_id,
        tier=row.source.tier,
        source=row.source.source,
    )


def _stock(rows: list[Row], wanted_tier: int, *, accept_unverified: bool) -> StockFactor:
    pools = tuple(_pool(row, accept_unverified=accept_unverified) for row in rows)
    twice = held_twice([pool.pool for pool in pools])
    if twice is not None:
        raise FactorError(f"{rows[-1].place}: pools {', '.join(twice)} hold the same carbon twice")
    return StockFactor(
        ecosystem=rows[0].ecosystem,
        species=rows[0].species,
        pools=pools,
        fell_back=_fallback(min(row.source.tier for row in rows), wanted_tier),
        why_zh=rows[0].why_zh,
        why_en=rows[0].why_en,
    )


def _rate(rows: list[Row], wanted_tier: int, *, accept_unverified: bool) -> SequestrationFactor:
    if len(rows) > 1:
        raise FactorError(f"{rows[-1].place}: a second rate for the same ecosystem and species")
    row = rows[0]
    rate_t_c_ha_yr, interval = _amount(row, accept_unverified=accept_unverified)
    return SequestrationFactor(
        ecosystem=row.ecosystem,
        species=row.species,
        rate_t_c_ha_yr=rate_t_c_ha_yr,
        interval=interval,
        quantity=row.source.quantity,
        factor_id=row.source.factor_id,
        tier=row.source.tier,
        source=row.source.source,
        fell_back=_fallback(row.source.tier, wanted_tier),
        why_zh=row.why_zh,
        why_en=row.why_en,
    )


def _grouped(rows: list[Row], role: str) -> dict[Key, list[Row]]:
    groups: dict[Key, list[Row]] = {}
    for row in rows:
        if row.role == role:
            groups.setdefault(row.key, []).append(row)
    return groups


def rows_in(path: Path) -> list[Row]:
    """Rows of a set of the package, their coefficients looked up.

    Raises:
        FactorError: If a row cannot serve, naming file and row.
    """
    return [_row(record, f"{path.name}, row {i}") for i, record in enumerate(_records(path), 2)]


def set_of(title: Title, rows: list[Row], *, accept_unverified: bool = False) -> FactorSet:
    """A set made of its rows.

    Raises:
        FactorError: If two of them count the same carbon.
    """
    used = [row for row in rows if accept_unverified or row.source.verified]
    return FactorSet(
        set_id=title.set_id,
        title_zh=title.title_zh,
        title_en=title.title_en,
        stocks={
            key: _stock(group, title.wanted_tier, accept_unverified=accept_unverified)
            for key, group in _grouped(used, "stock").items()
        },
        rates={
            key: _rate(group, title.wanted_tier, accept_unverified=accept_unverified)
            for key, group in _grouped(used, "sequestration").items()
        },
    )


def named_rows(set_id: str) -> tuple[Title, list[Row]]:
    """Title and rows of a named set.

    Raises:
        NotFoundError: If there is no such set.
    """
    title = _titles().get(set_id)
    if title is None:
        raise NotFoundError("factor set", set_id, list(_titles()))
    return title, rows_in(data_folder() / "factors" / "sets" / f"{set_id}.csv")


@cache
def _named(set_id: str, accept_unverified: bool) -> FactorSet:  # noqa: FBT001
    return set_of(*named_rows(set_id), accept_unverified=accept_unverified)


def load_set(name_or_path: str | Path, *, accept_unverified: bool = False) -> FactorSet:
    """A named set, or a user's own file of coefficients.

    Args:
        name_or_path: Id of a set (`set_titles`), or a CSV file as `read_user_factors` takes it.
        accept_unverified: Also use values and intervals that nobody has checked. Off by default.

    Raises:
        NotFoundError: If there is no such set and it names no file; lists the sets.
        InputError: If the file is missing or cannot be used.
        FactorError: If a set of the package is broken.
    """
    name = str(name_or_path)
    if name in _titles():
        return _named(name, accept_unverified)
    path = Path(name_or_path)
    if path.is_file():
        return read_user_factors(path)
    if path.suffix or path.name != name:
        raise InputError(
            name,
            "there is no such file",
            f"Check the path, or name a set: {', '.join(_titles())}",
        )
    raise NotFoundError("factor set", name, list(_titles()))
