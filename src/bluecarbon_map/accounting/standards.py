"""Annual sink capacity by the form of HY/T 0349-2022: what has to be typed in, and the arithmetic.

docs/methods/17-standards.md. The form is from memory and was never checked against the text; no
default of the standard is known here. Whoever calls a function brings the coefficients from the
text, or it refuses and names what is missing. Every amount is a flow a year: never a stock, never
added to one, and no credit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bluecarbon_map.accounting.cores import T_HA_PER_G_CM2
from bluecarbon_map.accounting.mariculture import Composition, Group, Harvest, harvest
from bluecarbon_map.accounting.stock import sequestration_t_c_yr
from bluecarbon_map.errors import FactorError
from bluecarbon_map.units import t_ha_from_g_m2

HYT_0349: Final = "HY/T 0349-2022"


@dataclass(frozen=True, slots=True, kw_only=True)
class VegetationSink:
    """Carbon that mangrove, salt marsh or seagrass takes up a year.

    Attributes:
        burial_t_c_yr: Buried in the sediment, in t C/yr, >= 0.
        increment_t_c_yr: Gained by the plants, in t C/yr, >= 0.
    """

    burial_t_c_yr: float
    increment_t_c_yr: float

    @property
    def sink_t_c_yr(self) -> float:
        """Both together, as the form adds them."""
        return self.burial_t_c_yr + self.increment_t_c_yr


def _needed(value: float | None, subject: str) -> float:
    """A number of the standard, or the refusal that says which one to type."""
    if value is None:
        raise FactorError(
            f"{HYT_0349}: {subject} is not known here, for its text was never checked",
            f"Type it from the clause of {HYT_0349} on {subject}",
        )
    return value


def _accept_form(*, accepted: bool) -> None:
    if not accepted:
        raise FactorError(
            f"{HYT_0349}: the form of the calculation is from memory and was never checked",
            "Compare it with the clause on the calculation, then accept it explicitly",
        )


def _amount(value: float, name: str) -> float:
    if not 0 <= value < float("inf"):
        raise ValueError(f"{name} is finite and >= 0")
    return value


def _share(value: float, name: str) -> float:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is a share of 0 to 1, not per cent")
    return value


def vegetation_sink(
    area_ha: float,
    *,
    accretion_cm_yr: float | None,
    bulk_density_g_cm3: float | None,
    organic_carbon: float | None,
    plant_increment_t_c_ha_yr: float | None,
    accept_unverified_form: bool = False,
) -> VegetationSink:
    """Mangrove, salt marsh or seagrass: burial in sediment and the increment of plant carbon.

    Args:
        area_ha: Area, in ha, >= 0.
        accretion_cm_yr: Sediment laid down, in cm/yr, >= 0.
        bulk_density_g_cm3: Dry bulk density, in g/cm³, >= 0.
        organic_carbon: Organic carbon of the dry sediment, as a share of 0–1.
        plant_increment_t_c_ha_yr: Carbon the plants gain, in t C/ha/yr, >= 0.
        accept_unverified_form: Use a form that nobody has checked against the text.

    Raises:
        FactorError: If the form is not accepted, a coefficient is None (names document and
            subject), or a rate lies outside 0 to 10 t C/ha/yr.
        ValueError: If an amount is negative or not finite, or a share lies outside 0–1.

    Source:
        HY/T 0349-2022 (form, from memory); docs/methods/17-standards.md eq. 17.1.
    """
    _accept_form(accepted=accept_unverified_form)
    accretion = _amount(_needed(accretion_cm_yr, "sediment accretion"), "accretion")
    density = _amount(_needed(bulk_density_g_cm3, "bulk density of sediment"), "a bulk density")
    share = _share(_needed(organic_carbon, "organic carbon of sediment"), "organic carbon")
    gained = _needed(plant_increment_t_c_ha_yr, "carbon increment of plants")
    buried = accretion * density * share * T_HA_PER_G_CM2
    return VegetationSink(
        burial_t_c_yr=float(sequestration_t_c_yr(area_ha, buried)[0]),
        increment_t_c_yr=float(sequestration_t_c_yr(area_ha, _amount(gained, "an increment"))[0]),
    )


def phytoplankton_sink_t_c_yr(
    area_ha: float,
    *,
    production_g_c_m2_yr: float | None,
    export_share: float | None,
    accept_unverified_form: bool = False,
) -> float:
    """Carbon that phytoplankton sends to depth a year; never added to the exchange with the air.

    Args:
        area_ha: Area of water, in ha, >= 0.
        production_g_c_m2_yr: Net primary production, in g C/m²/yr, >= 0.
        export_share: Share of it that leaves the lit water, 0–1.
        accept_unverified_form: Use a form that nobody has checked against the text.

    Returns:
        In t C/yr, >= 0.

    Raises:
        FactorError: If the form is not accepted, or a coefficient is None (names document and
            subject).
        ValueError: If an amount is negative or not finite, or the share lies outside 0–1.

    Source:
        HY/T 0349-2022 (form, from memory); docs/methods/17-standards.md eq. 17.2.
    """
    _accept_form(accepted=accept_unverified_form)
    subject = "net primary production of phytoplankton"
    produced = _amount(_needed(production_g_c_m2_yr, subject), "a production")
    share = _share(_needed(export_share, "exported share of phytoplankton"), "an exported share")
    return _amount(area_ha, "an area") * t_ha_from_g_m2(produced) * share


def harvest_sink(
    wet_t: float | None,
    made_of: Composition | None,
    group: Group,
    *,
    accept_unverified_form: bool = False,
) -> Harvest:
    """Macroalgae or bivalves: carbon of a year's harvest, soft tissue and shell apart.

    Shell carbon is never a removal, and nothing of a harvest is durable unless somebody says so:
    `mariculture`.

    Args:
        wet_t: Harvest of a year, in t wet mass; an area is none.
        made_of: Shares of a wet tonne, as the standard has them.
        group: Which of the two it is, for the words of a refusal.
        accept_unverified_form: Use a form that nobody has checked against the text.

    Raises:
        FactorError: If the form is not accepted, a coefficient is None (names document and
            subject), or ``made_of`` is of the other group.
        ValueError: If the harvest is negative or not finite.

    Source:
        HY/T 0349-2022 (form, from memory); docs/methods/17-standards.md eq. 17.3.
    """
    _accept_form(accepted=accept_unverified_form)
    if wet_t is None:
        raise FactorError(
            f"{HYT_0349}: {group} goes by harvest, and the harvest is not known: an area is none",
            "Take the wet mass of the year from the fishery statistics",
        )
    if made_of is None:
        raise FactorError(
            f"{HYT_0349}: dry and carbon shares of {group} are not known here",
            f"Type them from the clause of {HYT_0349} on the coefficients of {group}",
        )
    if made_of.group is not group:
        raise FactorError(f"shares of {made_of.group} given for {group}", "Name those of the group")
    return harvest(wet_t, made_of)
