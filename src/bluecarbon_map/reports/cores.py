"""Soil cores of a file as carbon per hectare: one core a row."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from bluecarbon_map.accounting import loi
from bluecarbon_map.accounting.cores import (
    CoreStock,
    Slices,
    compaction_factor,
    core_stock,
    decompacted,
    slices_of,
)
from bluecarbon_map.errors import InputError
from bluecarbon_map.export.bundle import Bundle
from bluecarbon_map.reading.cores import SAMPLER
from bluecarbon_map.tables import Cores, columns, dictionary, validate

_BY: Final = ("study_id", "core_id")
_TEXT: Final = ("study_id", "core_id", "se_holds", "carbon_from", "refused_because")

LOI_CHOICES: Final = ("none", "fit", *loi.EQUATIONS)
"""What `regression` can be asked for."""


def regression(
    slices: pd.DataFrame, choice: str, *, accept_unverified: bool = False
) -> loi.Regression | None:
    """The regression that gives carbon to slices with loss on ignition alone.

    Args:
        slices: From `reading.read_depthseries`; ``fit`` uses its slices with both contents.
        choice: One of `LOI_CHOICES`; ``none`` gives None.
        accept_unverified: Use an equation of the literature that nobody has checked.

    Raises:
        InputError: If too few slices have both, or they cannot be.
        FactorError: If an equation is not accepted.
    """
    if choice == "none":
        return None
    if choice != "fit":
        return loi.published(choice, accept_unverified=accept_unverified)
    both = slices.dropna(subset=["fraction_organic_matter", "fraction_carbon"])
    try:
        return loi.fit(both["fraction_organic_matter"], both["fraction_carbon"])
    except ValueError as problem:
        raise InputError(
            "--loi fit",
            str(problem),
            "Correct these lines, measure carbon in more slices, or leave --loi out",
            rows=both.index.tolist(),
            column="fraction_organic_matter",
        ) from problem


def regression_words(one: loi.Regression) -> str:
    """What a regression is, in one line for the screen and the export."""
    terms = ("", " LOI", " LOI²")
    line = " + ".join(f"{term:.6g}{power}" for term, power in zip(one.terms, terms, strict=False))
    said = f"{one.label} ({one.name}): OC = {line} (g/g)"
    if one.residual_se is None:
        return f"{said}; {one.source}; from memory, unverified, error unknown"
    r_squared = "unknown" if one.r_squared is None else f"{one.r_squared:.4f}"
    return (
        f"{said}; n = {one.n}, R² = {r_squared}, residual SE {one.residual_se:.6g} g/g, "
        f"LOI {one.low_loi:g} to {one.high_loi:g} g/g; {one.source}"
    )


def cores(
    slices: pd.DataFrame,
    to_depth_cm: float,
    *,
    extrapolate: bool = False,
    by_loi: loi.Regression | None = None,
) -> pd.DataFrame:
    """Carbon of every core down to a depth.

    A core with the three lengths of its sampler is put back to its length in the ground first.

    Args:
        slices: From `reading.read_depthseries`.
        to_depth_cm: Depth, in cm.
        extrapolate: Whether short cores are carried on to that depth; they are flagged.
        by_loi: From `regression`; slices without measured carbon have it from their LOI, and the
            row says how many.

    Returns:
        Contract `tables.Cores`, in the order of the file; a refused core has no density and the
        reason.

    Raises:
        InputError: If the slices of a core cannot be (they overlap, a unit is wrong), with its
            lines; or the depth is none.
    """
    if not (math.isfinite(to_depth_cm) and to_depth_cm > 0):
        raise InputError("--to-depth", f"{to_depth_cm:g} is no depth", "Give cm above 0")
    if by_loi is not None:
        _require_loi(slices)
    rows = []
    for _, part in slices.groupby(list(_BY), sort=False):
        core = _core(part, by_loi)
        rows.append(
            _row(part, core, core_stock(core.slices, to_depth_cm, extrapolate=extrapolate), by_loi)
        )
    table = pd.DataFrame(rows)[columns(Cores)]
    table = table.astype(dict.fromkeys(_TEXT, "str"))
    validate(Cores, table)
    return table


def _require_loi(slices: pd.DataFrame) -> None:
    burnt = slices["fraction_organic_matter"]
    bad = burnt.index[(burnt < 0) | (burnt > 1)].tolist()
    if bad:
        raise InputError(
            "loss on ignition",
            f"{burnt[bad[0]]:g} lies outside 0 to 1 g/g",
            "Check the unit: it is g/g, not per cent",
            rows=bad,
            column="fraction_organic_matter",
        )


@dataclass(frozen=True, slots=True)
class _Core:
    slices: Slices
    outside: int
    factor: float


def _core(part: pd.DataFrame, by_loi: loi.Regression | None) -> _Core:
    try:
        return _made(part, by_loi)
    except ValueError as problem:
        raise InputError(
            f"core {part['study_id'].iloc[0]} {part['core_id'].iloc[0]}",
            str(problem),
            "Correct these lines, or leave the core out",
            rows=part.index.tolist(),
        ) from problem


def _made(part: pd.DataFrame, by_loi: loi.Regression | None) -> _Core:
    given = (part["depth_min"], part["depth_max"], part["dry_bulk_density"])
    factor = _factor(part)
    if by_loi is None:
        core, outside = slices_of(*given, part["fraction_carbon"]), 0
    else:
        filled = loi.apply(by_loi, part["fraction_carbon"], part["fraction_organic_matter"])
        outside = int(filled.outside.sum())
        core = slices_of(
            *given,
            filled.carbon_fraction,
            predicted=filled.predicted,
            carbon_covariance=filled.covariance,
        )
    return _Core(core if math.isnan(factor) else decompacted(core, factor), outside, factor)


def _factor(part: pd.DataFrame) -> float:
    """Compaction of one core; NaN where its sampler is not described."""
    if any(name not in part for name in SAMPLER):
        return math.nan
    lengths = part[list(SAMPLER)].drop_duplicates()
    if lengths.isna().all(axis=None):
        return math.nan
    if len(lengths) > 1 or lengths.isna().any(axis=None):
        raise ValueError(
            f"the slices of one core have one {', one '.join(SAMPLER)}, the same in each of them"
        )
    return compaction_factor(*lengths.iloc[0])


def _row(
    part: pd.DataFrame, core: _Core, stock: CoreStock, by_loi: loi.Regression | None
) -> dict[str, object]:
    return {
        "study_id": part["study_id"].iloc[0],
        "core_id": part["core_id"].iloc[0],
        "to_depth_cm": stock.to_depth_cm,
        "density_t_c_ha": np.round(stock.density_t_c_ha, 6),
        "density_se_t_c_ha": np.round(stock.density_se_t_c_ha, 6),
        "se_holds": _se_holds(stock),
        "carbon_from": _carbon_from(stock, by_loi),
        "slices_measured": stock.slices_measured,
        "slices_loi": stock.slices_predicted,
        "slices_loi_refused": core.outside,
        "compaction_factor": np.round(core.factor, 6),
        "covered_cm": round(stock.covered_cm, 6),
        "coverage": round(stock.coverage, 6),
        "reaches_cm": stock.reaches_cm,
        "extrapolated": stock.extrapolated,
        "refused_because": _refused(stock, core.outside),
    }


def _se_holds(stock: CoreStock) -> str | None:
    if stock.slices_predicted and math.isnan(stock.density_se_t_c_ha):
        return "unknown: the error of the LOI equation is not known"
    held = ["LOI regression"] * bool(stock.slices_predicted)
    held += ["extrapolation"] * stock.extrapolated
    return "; ".join(held) or None


def _carbon_from(stock: CoreStock, by_loi: loi.Regression | None) -> str | None:
    found = ["measured"] * bool(stock.slices_measured)
    if by_loi is not None and stock.slices_predicted:
        found.append(
            by_loi.label if by_loi.verified else f"{by_loi.label} ({by_loi.name}, unverified)"
        )
    return "; ".join(found) or None


def _refused(stock: CoreStock, outside: int) -> str | None:
    if stock.refused_because is None or not outside:
        return stock.refused_because
    return (
        f"{stock.refused_because}; {outside} slices lie outside what the LOI regression holds for"
    )


def refusals_of(table: pd.DataFrame) -> dict[str, int]:
    """How many cores were refused for each kind of reason, the most frequent first."""
    reasons = table["refused_because"].dropna()
    too_little = reasons.str.contains("measured (", regex=False)
    kinds = reasons.mask(too_little, "measured over less than 80 % of the depth")
    return {str(kind): int(count) for kind, count in kinds.value_counts().items()}


def cores_bundle(table: pd.DataFrame, source: str, *said: str) -> Bundle:
    """The table as it is handed in; ``source`` names its file, ``said`` are further notes."""
    return Bundle(
        name="cores",
        rows=table,
        dictionary=dictionary(Cores),
        notes=(f"样柱 / cores: {source}", *said),
    )


def cores_json(table: pd.DataFrame) -> dict[str, object]:
    """The table as one JSON object; what is not known is None."""
    known = table.astype(object).where(table.notna(), None)
    return {"rows": [{str(k): v for k, v in row.items()} for row in known.to_dict("records")]}
