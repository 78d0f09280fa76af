"""Numbers that can be written and still cannot be right: the unit is another, most likely."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from bluecarbon_map.accounting import plausibility
from bluecarbon_map.factors import DENSITY_MOST_T_C_HA, factors_table
from bluecarbon_map.gate.sheet import Cells, Sheet
from bluecarbon_map.units import CO2_PER_C, HA_PER_KM2, M2_PER_HA, MU_PER_HA, co2e_from_c

AREA_MAY_DIFFER_BY: Final = 0.05
"""Share by which a stated area may differ from the drawn one."""

AREA_IS_DOUBTFUL_FROM: Final = 0.25
"""Share from which on it is no longer a matter of how the ground was surveyed."""

_AREA_UNITS: Final = (
    (M2_PER_HA, "m²"), (MU_PER_HA, "mu (亩)"), (1 / HA_PER_KM2, "km²"),
    (MU_PER_HA / 10_000, "10,000 mu (万亩)"),
)  # fmt: skip
_DENSITY_UNITS: Final = (
    (CO2_PER_C, "CO2e, not C"), (1_000.0, "kg, not t"), (co2e_from_c(1_000.0), "kg of CO2e"),
    (100.0, "g/m²"), (0.1, "kg/m²"), (1 / 1_000.0, "thousand tonnes"),
)  # fmt: skip
SLICE_MOST_G_C_CM3: Final = DENSITY_MOST_T_C_HA / 10_000.0
"""Carbon of a slice: one metre of it would hold the most that any hectare may."""

_POOLS: Final = ("ecosystem", "soil", "biomass")


@cache
def usual_density(ecosystem: str) -> tuple[float, float] | None:
    """Least and greatest published density of an ecosystem, in t C/ha; None where none is known.

    From the table of coefficients: from the smallest published value of a site or a mean to the
    highest published mean.
    """
    table = factors_table()
    mine = table[
        (table["ecosystem"] == ecosystem)
        & (table["quantity"] == "stock_C")
        & (table["unit"] == "t C/ha")
        & table["pool"].isin(_POOLS)
    ]
    if mine.empty:
        return None
    least = min(float(mine["value"].min()), float(mine["low"].fillna(math.inf).min()))
    return least, float(mine["value"].max())


def check_density(sheet: Sheet, density: Cells, ecosystem: Cells) -> None:
    """Densities outside what is published of their ecosystem; what cannot be is not stored."""
    for at in sheet.used():
        value, key = density[at], ecosystem[at]
        if value is None:
            continue
        usual = usual_density(key) if key else None
        beyond = any(plausibility.density(value))
        if usual and not usual[0] <= value <= usual[1]:
            unit = _unit_of(value, usual)
            _say_density(sheet, at, value, key, usual, unit, beyond=beyond)
        elif beyond:
            _say_density(sheet, at, value, key, usual, None, beyond=True)
        if beyond:
            density[at] = None


def _unit_of(value: float, usual: tuple[float, float]) -> tuple[float, str] | None:
    for factor, name in _DENSITY_UNITS:
        if usual[0] <= value / factor <= usual[1]:
            return factor, name
    return None


def _say_density(
    sheet: Sheet, at: int, value: float, ecosystem: str | None,
    usual: tuple[float, float] | None, unit: tuple[float, str] | None, *, beyond: bool,
) -> None:  # fmt: skip
    limit = f"{usual[0]:g} to {usual[1]:g}" if usual else "0 to 2,000"
    of = f" of {ecosystem}" if usual else ""
    message = f"{value:g} t C/ha lies outside what is published{of}, {limit} t C/ha"
    if unit:
        message += f"; in {unit[1]} it would be {value / unit[0]:.4g} t C/ha"
    if beyond and unit:
        message += "; it was not stored"
    say = sheet.findings.error if beyond and not unit else sheet.findings.warning
    say(
        "density_implausible",
        message,
        "Check the number; if the unit is another, state it in the column's name",
        row=sheet.row(at),
        column=sheet.column("density_t_c_ha"),
    )


def check_slices(sheet: Sheet, made: Mapping[str, Cells]) -> None:
    """Shares that cannot be at their bulk density: per cent written as g/g, most likely.

    Of organic matter half is taken for carbon, which is a rough guess: it is pointed out only.
    """
    for name, of_it, say in (
        ("fraction_carbon", 1.0, sheet.findings.error),
        ("fraction_organic_matter", 0.5, sheet.findings.warning),
    ):
        for at in sheet.used():
            share, bulk = made[name][at], made["dry_bulk_density_g_cm3"][at]
            if (
                share is not None
                and bulk is not None
                and (share * of_it * bulk > SLICE_MOST_G_C_CM3)
            ):
                say(
                    "share_implausible",
                    f"a share of {share:g} g/g at {bulk:g} g/cm³ is more carbon than "
                    f"{DENSITY_MOST_T_C_HA:,.0f} t/ha in each metre of depth",
                    f"Check the unit: if it is per cent, name the column {name}_%",
                    row=sheet.row(at),
                    column=sheet.column(name),
                )


def check_areas(sheet: Sheet, name: str, stated: Cells, areas_ha: Sequence[float] | None) -> None:
    """Stated areas that differ from the drawn ones by more than `AREA_MAY_DIFFER_BY`."""
    for at in sheet.used() if areas_ha is not None else ():
        said, drawn = stated[at], areas_ha[at]  # type: ignore[index] # None leaves the loop empty
        if said is None or not (math.isfinite(drawn) and drawn > 0):
            continue
        ratio = said / drawn
        if abs(ratio - 1) > AREA_MAY_DIFFER_BY:
            doubtful = abs(ratio - 1) > AREA_IS_DOUBTFUL_FROM
            say = sheet.findings.warning if doubtful else sheet.findings.info
            say(
                "area_differs",
                f"the file says {said:g} ha and its outline has {drawn:.4g} ha{_area_unit(ratio)}",
                "Check the unit of the column; results use the outline",
                row=sheet.row(at),
                column=sheet.column(name),
            )


def _area_unit(ratio: float) -> str:
    for factor, name in _AREA_UNITS:
        if abs(ratio / factor - 1) <= AREA_MAY_DIFFER_BY:
            return f": the number is in {name}, most likely"
    return ""
