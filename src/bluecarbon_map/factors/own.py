"""A workspace's own coefficients in the place of those of a named set.

An own coefficient with the id of one of the package takes its place wherever the set uses it. Any
other takes the place of what the set gives its ecosystem and species for the same carbon, or is
added where there is none. What a set gives is never silently lost: an own coefficient that holds
only a part of what it replaces is refused until the other part is there too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.errors import FactorError
from bluecarbon_map.factors.intervals import IntervalKind
from bluecarbon_map.factors.limits import DENSITY_MOST_T_C_HA, RATE_MOST_T_C_HA_YR
from bluecarbon_map.factors.model import FactorSet, Key
from bluecarbon_map.factors.pools import POOLS, UNSTATED, held_twice
from bluecarbon_map.factors.sets import ROLES, Row, Title, check_row, named_rows, set_of
from bluecarbon_map.factors.table import Factor, bad_intervals, by_id
from bluecarbon_map.factors.user_words import NO_SOIL
from bluecarbon_map.tables import Factors, validate

WORKSPACE_SET: Final = "workspace"
"""Name of the set that holds a workspace's own coefficients."""

OWN: Final = "own:"
"""Stands before the id of an own coefficient, so that nobody takes it for a published row."""

UNITS: Final[dict[str, str]] = {
    "stock_C": "t C/ha", "burial_C": "t C/ha/yr", "removal_C": "t C/ha/yr",
}  # fmt: skip
"""What an own coefficient may give, and its unit."""

MOST: Final[dict[str, float]] = {
    "stock_C": DENSITY_MOST_T_C_HA, "burial_C": RATE_MOST_T_C_HA_YR,
    "removal_C": RATE_MOST_T_C_HA_YR,
}  # fmt: skip
"""Bound that no believable coefficient exceeds, in its unit."""

_OVER: Final = ":"
"""``workspace:zhejiang`` is a workspace's own coefficients over those of ``zhejiang``."""

_ID: Final = re.compile(r"[\w.-]+")
_FIX: Final = "Correct the coefficient on the page of coefficients, or retire it"
_TITLE: Final = ("本单位自有系数 + {0}", "own coefficients over {0}")
_WHY: Final = ("本单位自有系数", "the workspace's own coefficient")
_INSTEAD: Final = ("，替代 {0}", ", in the place of {0}")


def is_workspace_set(name: str) -> bool:
    """Whether a set is a workspace's own coefficients over a named one."""
    return name.partition(_OVER)[0] == WORKSPACE_SET


def base_of(name: str) -> str:
    """The named set of ``workspace:zhejiang``; any other name is its own."""
    return name.removeprefix(f"{WORKSPACE_SET}{_OVER}")


def own_name(factor_id: str, version: int | None) -> str:
    """How an own coefficient is called in results: ``own:<id>@<version>``."""
    return f"{OWN}{factor_id}" + ("" if version is None else f"@{version}")


def workspace_set(
    base: str, own: pd.DataFrame, versions: Mapping[str, int] | None = None
) -> FactorSet:
    """A named set with a workspace's own coefficients in it.

    Args:
        base: Id of the named set that they stand in.
        own: The own coefficients, contract `tables.Factors`.
        versions: Version of each by its id; empty where the store keeps none.

    Raises:
        NotFoundError: If there is no such named set.
        FactorError: If one cannot serve, or holds only a part of what it would replace.
        ContractError: If the table breaks its contract.
    """
    title, rows = named_rows(base)
    mine = _checked(own)
    named = {key: own_name(key, (versions or {}).get(key)) for key in mine}
    placed = [_instead(row, mine, named) for row in rows]
    taken = {row.source.factor_id for row in rows}
    added = [_added(one, named[key]) for key, one in mine.items() if key not in taken]
    called = Title(
        set_id=WORKSPACE_SET,
        title_zh=_TITLE[0].format(title.title_zh),
        title_en=_TITLE[1].format(title.title_en),
        wanted_tier=title.wanted_tier,
    )
    return set_of(called, _with(placed, added))


def _checked(own: pd.DataFrame) -> dict[str, Factor]:
    validate(Factors, own, table="factors")
    strange = own.loc[bad_intervals(own), "factor_id"].tolist()
    if strange:
        raise FactorError(
            f"interval of {', '.join(strange)}: low, high and its kind must be given together, "
            "low not above high",
            _FIX,
        )
    found = by_id(own)
    for one in found.values():
        complaint = complaint_about(one)
        if complaint is not None:
            raise FactorError(f"{one.factor_id}: {complaint}", _FIX)
    return found


def complaint_about(one: Factor) -> str | None:
    """Why an own coefficient cannot serve, by the rules of a user's file; None where it can."""
    if _ID.fullmatch(one.factor_id) is None:
        return "an id is made of letters, digits, points, - and _"
    if one.ecosystem not in ECOSYSTEMS:
        return f"{one.ecosystem!r} is no ecosystem of the vocabulary"
    if UNITS.get(one.quantity) is None or one.unit != UNITS[one.quantity]:
        return f"it gives {one.quantity} in {one.unit}: one of {UNITS} is needed"
    if one.value is None or not 0 <= one.value <= MOST[one.quantity]:
        return f"its value lies outside 0 to {MOST[one.quantity]:g} {one.unit}"
    return _of_pool(one) or _of_interval(one)


def _of_pool(one: Factor) -> str | None:
    if one.pool not in (*POOLS, UNSTATED):
        return f"{one.pool!r} names no carbon pool"
    top, bottom = one.depth_top_cm, one.depth_bottom_cm
    if (top is None) != (bottom is None):
        return "a depth has an upper and a lower end"
    if top is None or bottom is None:
        return None
    if one.pool in NO_SOIL:
        return f"{one.pool} has no depth in the soil"
    return None if top < bottom else f"its depth {top:g} to {bottom:g} cm is none"


def _of_interval(one: Factor) -> str | None:
    if one.sd is not None and (one.sd <= 0 or one.n is None or one.n < 2 or one.n != int(one.n)):
        return "a standard deviation is above 0 and needs the number of sites, 2 or more"
    if one.low is None or one.high is None or one.value is None:
        return None
    if one.interval_kind == IntervalKind.SD:
        return "a standard deviation of sites goes into sd with n, not into low and high"
    if not 0 <= one.low <= one.value <= one.high:
        return f"its value {one.value:g} lies outside {one.low:g} to {one.high:g}, or these below 0"
    return None


def _instead(row: Row, mine: Mapping[str, Factor], named: Mapping[str, str]) -> Row:
    """A row of the set with the own version of its coefficient, where there is one."""
    replaced = row.source.factor_id
    if replaced not in mine:
        return row
    return _row(row.role, row.ecosystem, row.species, mine[replaced], named[replaced], replaced)


def _added(one: Factor, called: str) -> Row:
    role = next(role for role, quantities in ROLES.items() if one.quantity in quantities)
    return _row(role, one.ecosystem, one.species, one, called, None)


def _row(
    role: str, ecosystem: str, species: str | None, one: Factor, called: str, replaced: str | None
) -> Row:
    why = [
        words + (also.format(replaced) if replaced else "") + (f": {one.note}" if one.note else "")
        for words, also in zip(_WHY, _INSTEAD, strict=True)
    ]
    row = Row(
        place=called,
        ecosystem=ecosystem,
        species=species,
        role=role,
        source=replace(one, factor_id=called),
        lender=None,
        why_zh=why[0],
        why_en=why[1],
        any_depth=True,
    )
    check_row(row)
    return row


def _with(rows: list[Row], added: list[Row]) -> list[Row]:
    """Rows of the set with further ones in it, each in the place of the same carbon."""
    groups: dict[tuple[str, Key], list[Row]] = {}
    for row in added:
        groups.setdefault((row.role, row.key), []).append(row)
    for (role, key), mine in groups.items():
        theirs = [row for row in rows if (row.role, row.key) == (role, key)]
        rows = [row for row in rows if (row.role, row.key) != (role, key)]
        rows += [*_kept(theirs or _inherited(rows, role, key), mine), *mine]
    return rows


def _inherited(rows: list[Row], role: str, key: Key) -> list[Row]:
    """What a species got from its ecosystem so far: the pools it has no own of stay."""
    ecosystem, species = key
    if species is None:
        return []
    return [
        replace(row, species=species)
        for row in rows
        if (row.role, row.key) == (role, (ecosystem, None))
    ]


def _kept(theirs: list[Row], mine: list[Row]) -> list[Row]:
    """Their rows that hold other carbon than ours."""
    if mine[0].role != "stock":
        return []
    pools = [row.source.pool for row in mine]
    for row in theirs:
        lost = _lost(row.source.pool, pools)
        if lost:
            raise FactorError(
                f"{mine[0].place}: {', '.join(pools)} would take the place of "
                f"{row.source.factor_id}, which holds {lost} as well",
                f"Add an own coefficient for the rest of {row.source.pool}, or give the whole",
            )
    return [row for row in theirs if not _touches(row.source.pool, pools)]


def _touches(pool: str, others: list[str]) -> bool:
    return any(held_twice([pool, one]) for one in others)


_PARTS: Final[dict[str, frozenset[str]]] = {
    "ecosystem": frozenset({"soil", "biomass"}),
    UNSTATED: frozenset({"soil", "biomass"}),
    "biomass": frozenset({"aboveground_biomass", "belowground_biomass"}),
    "soil": frozenset({"soil"}),
}
"""What must be there for a pool to be whole."""


def _lost(pool: str, instead: list[str]) -> str | None:
    """What of a pool others that touch it leave out; None where nothing."""
    if not _touches(pool, instead) or _covers(instead, pool):
        return None
    return ", ".join(sorted(part for part in _PARTS[pool] if not _covers(instead, part))) or pool


def _covers(pools: list[str], wanted: str) -> bool:
    """Whether pools hold all of one."""
    if any(one in (wanted, "ecosystem", UNSTATED) for one in pools):
        return True
    if wanted == "dead_roots":
        return "soil" in pools
    if wanted in ("aboveground_biomass", "belowground_biomass") and "biomass" in pools:
        return True
    parts = _PARTS.get(wanted, frozenset())
    return wanted != "soil" and bool(parts) and all(_covers(pools, part) for part in parts)
