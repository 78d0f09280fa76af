"""Changing a workspace's own coefficients by hand: what is refused, what is doubted, storing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from bluecarbon_map.accounting import plausibility
from bluecarbon_map.accounting.plausibility import Finding
from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.errors import InputError, NotFoundError
from bluecarbon_map.factors import (
    Factor,
    FactorSet,
    IntervalKind,
    factors_table,
    load_set,
    set_titles,
    workspace_set,
)
from bluecarbon_map.factors.limits import SOIL_DEPTH_CM
from bluecarbon_map.factors.own import UNITS, base_of, complaint_about
from bluecarbon_map.factors.table import by_id
from bluecarbon_map.gate.edits import plain
from bluecarbon_map.store.base import Change, Receipt, Register, Workspace
from bluecarbon_map.tables import Factors, columns, typed
from bluecarbon_map.units import t_ha_from_g_m2

Values = Mapping[str, Any]
"""Column of `tables.Factors` → value; None where it is unknown."""

STOCK: Final = "stock_C"
_NEEDED: Final = ("factor_id", "ecosystem", "region", "pool", "quantity", "value", "source")
_GRAMS: Final = "g C/m2/yr"
_AMOUNTS: Final = ("value", "low", "high", "sd")


def own_factors(store: Workspace) -> dict[str, dict[str, Any]]:
    """The workspace's own coefficients as plain values, by their ids."""
    return {str(row["factor_id"]): row for row in plain(store.factors())}


def beginnings() -> dict[str, dict[str, Any]]:
    """Coefficients of the package that an own version can be made of, by their ids.

    In the unit that an own coefficient has; without source and note, which are for whoever makes
    the new version to say.
    """
    found = {}
    for one in by_id(factors_table()).values():
        made = _in_own_unit(one)
        if made is not None and complaint_about(made) is None:
            row = {name: getattr(made, name) for name in columns(Factors)}
            found[one.factor_id] = row | {"source": None, "doi": None, "note": None}
    return found


def _in_own_unit(one: Factor) -> Factor | None:
    unit = UNITS.get(one.quantity)
    if unit is None or one.ecosystem not in ECOSYSTEMS or one.value is None:
        return None
    by = t_ha_from_g_m2(1.0) if one.unit == _GRAMS else 1.0
    amounts = {name: _times(getattr(one, name), by) for name in _AMOUNTS}
    if one.interval_kind == IntervalKind.SD and amounts["sd"] is not None:
        amounts |= {"low": None, "high": None}
    kind = one.interval_kind if amounts["low"] is not None else None
    return replace(
        one, unit=unit, interval_kind=kind, confidence="verified", value=amounts["value"],
        low=amounts["low"], high=amounts["high"], sd=amounts["sd"],
    )  # fmt: skip


def _times(value: float | None, by: float) -> float | None:
    return None if value is None else value * by


def checked(store: Workspace, values: Values) -> pd.DataFrame:
    """One own coefficient as a row of its table, held against the set that it would stand in.

    Raises:
        InputError: If something needed is missing, or it cannot serve.
        FactorError: If it holds only a part of what it would replace.
        ContractError: If a value breaks the contract.
    """
    named = str(values.get("factor_id") or "")
    for name in _NEEDED:
        if values.get(name) in (None, ""):
            raise InputError("factors", "it is empty", "Fill it in", rows=[named], column=name)
    row = {name: values.get(name) for name in columns(Factors)}
    row["unit"] = UNITS.get(str(values["quantity"]), row["unit"])
    table = typed(pd.DataFrame([row]), Factors)
    complaint = complaint_about(by_id(table)[named])
    if complaint is not None:
        raise InputError("factors", complaint, "Correct it", rows=[named])
    with_others(store, table)
    return table


def with_others(store: Workspace, table: pd.DataFrame) -> FactorSet:
    """The workspace's set as it would be with a row more, or in its newer version.

    Raises:
        FactorError: If the set would not hold together.
    """
    others = store.factors()
    others = others[~others["factor_id"].isin(table["factor_id"])]
    return workspace_set(
        base_of(store.info.factor_set), pd.concat([others, table], ignore_index=True)
    )


def doubts(store: Workspace, table: pd.DataFrame) -> tuple[Finding, ...]:
    """What is not believable of a coefficient; whoever stores it has to say that it is so."""
    one = next(iter(by_id(table).values()))
    return tuple(_doubts(one, with_others(store, table), _before(store, one)))


def _before(store: Workspace, one: Factor) -> float | None:
    """What the sums used in its place so far, in its unit."""
    name = base_of(store.info.factor_set)
    if name not in set_titles():
        return None
    base = load_set(name)
    if one.quantity == STOCK:
        held = base.stock(one.ecosystem, one.species)
        pools = [] if held is None else [p for p in held.pools if p.pool == one.pool]
        return pools[0].density_t_c_ha if pools else None
    rate = base.sequestration(one.ecosystem, one.species)
    return None if rate is None else rate.rate_t_c_ha_yr


def _doubts(one: Factor, made: FactorSet, before: float | None) -> Iterator[Finding]:
    value = one.value or 0.0
    if one.quantity == STOCK:
        yield from plausibility.density(value)
        depth = (one.depth_top_cm, one.depth_bottom_cm)
        for end, wanted in zip(depth, SOIL_DEPTH_CM, strict=True):
            if end is not None:
                yield from plausibility.depth(end, wanted)
    else:
        yield from plausibility.burial(value)
    if before is not None:
        yield from plausibility.carbon_or_co2(value, before)
    held = made.stock(one.ecosystem, one.species)
    rate = made.sequestration(one.ecosystem, one.species)
    if held is not None and rate is not None:
        yield from plausibility.stock_and_flux(held.density_t_c_ha, rate.rate_t_c_ha_yr)


def save_factor(
    register: Register,
    values: Values,
    *,
    seen: int | None,
    actor: str,
    reason: str,
    doubts_confirmed: bool = False,
) -> Receipt:
    """Store one own coefficient as its next version.

    Args:
        register: Workspace to store it in.
        values: Columns of `tables.Factors`; its unit follows from the quantity.
        seen: Version it was opened with; None for one that is new.
        actor: Who.
        reason: Why; it stands in the history.
        doubts_confirmed: Whether whoever stores it has seen its doubts and stands by it.

    Raises:
        ConflictError: If somebody stored another version since; nothing is stored.
        InputError: If the reason or a value is missing or cannot serve, or a doubt is open.
        FactorError: If it holds only a part of what it would replace.
    """
    _require_reason(reason, str(values.get("factor_id") or ""))
    table = checked(register, values)
    open_doubts = () if doubts_confirmed else doubts(register, table)
    if open_doubts:
        said = "; ".join(one.en for one in open_doubts)
        fix = "Correct it, or confirm that it is so"
        raise InputError("factors", said, fix, rows=[str(values["factor_id"])], column="value")
    return register.apply(
        Change(kind="edit", actor=actor, reason=reason, tables={"factors": table},
               seen={} if seen is None else {"factors": {(str(values["factor_id"]),): seen}})
    )  # fmt: skip


def retire_factor(
    register: Register, factor_id: str, *, seen: int, actor: str, reason: str
) -> Receipt:
    """End an own coefficient; the published one stands in its place again.

    Raises:
        ConflictError: If somebody stored another version since.
        InputError: If no reason is given.
        NotFoundError: If there is none of that id.
        FactorError: If what is left would hold only a part of what it replaces.
    """
    _require_reason(reason, factor_id)
    known = register.factors()
    if factor_id not in known["factor_id"].tolist():
        raise NotFoundError("own coefficient", factor_id, known["factor_id"].tolist())
    workspace_set(base_of(register.info.factor_set), known[known["factor_id"] != factor_id])
    return register.apply(
        Change(kind="edit", actor=actor, reason=reason, retire={"factors": [(factor_id,)]},
               seen={"factors": {(factor_id,): seen}})
    )  # fmt: skip


def _require_reason(reason: str, factor_id: str) -> None:
    if not reason.strip():
        raise InputError(
            "factors",
            "a change of a coefficient needs its reason",
            "Say why: it stands beside the change for good",
            rows=[factor_id],
            column="reason",
        )
