"""Carbon of a harvest of algae or bivalves, with all that it rests on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from bluecarbon_map.accounting import mariculture
from bluecarbon_map.accounting.mariculture import Group, Harvest
from bluecarbon_map.ecosystems import SPECIES
from bluecarbon_map.errors import InputError
from bluecarbon_map.factors import Factor, factor
from bluecarbon_map.units import co2e_from_c

MOST_WET_T: Final = 1e9
"""Most wet tonnes of one harvest."""

METHOD: Final = "HY/T 0305-2021 (form); docs/methods/09-mariculture.md"

_FARMS: Final = {"seaweed_farm": Group.ALGAE, "shellfish_farm": Group.BIVALVES}
_DURABLE: Final = "macroalgae-shandong-lian2023-saccharina-japonica-life-cycle-durable-removal-c"
REST: Final = {Group.ALGAE: "other macroalgae", Group.BIVALVES: "other bivalves"}
"""What stands for every species without a name of its own here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HarvestFlux:
    """Carbon that leaves the sea with a harvest; no stock, no credit, and shell is no removal.

    Attributes:
        harvest: Soft tissue or algae, shell, and the durable part where its share was given.
        durable_share: That share, 0–1; None where nobody knows it.
        factors: Coefficients used.
    """

    harvest: Harvest
    durable_share: float | None
    factors: tuple[Factor, ...]

    @property
    def soft_t_co2e(self) -> float:
        """Soft tissue or algae as carbon dioxide, in t CO2e."""
        return co2e_from_c(self.harvest.soft_t_c)

    @property
    def durable_t_co2e(self) -> float | None:
        """Part of it that stays out of the air, in t CO2e; None where nobody knows it."""
        durable = self.harvest.durable_t_c
        return None if durable is None else co2e_from_c(durable)


def grown() -> dict[str, Group]:
    """Species that can be asked for, with what they are: rows of the table and the vocabulary's."""
    found: dict[str, Group] = {}
    for group in Group:
        found |= dict.fromkeys(mariculture.species_with_a_row(group), group)
        own = [s for s, kind in SPECIES.items() if _FARMS.get(kind.ecosystem) is group]
        found |= dict.fromkeys([*own, REST[group]], group)
    return found


def harvested(species: str, wet_t: float, durable_share: float | None = None) -> HarvestFlux:
    """Carbon of a harvest.

    Args:
        species: One of `grown`.
        wet_t: Harvest, in t wet mass, 0 to `MOST_WET_T`.
        durable_share: Share of the soft carbon that stays out of the air, 0–1; None if unknown.

    Raises:
        InputError: If the species is unknown here, or a number cannot be.

    Source:
        HY/T 0305-2021 (form); docs/methods/09-mariculture.md eq. 9.1 and 9.2.
    """
    known = grown()
    if species not in known:
        raise InputError("species", f"{species!r} is not known", f"Name one of {', '.join(known)}")
    if not 0 <= wet_t <= MOST_WET_T:
        raise InputError("wet_t", f"{wet_t:g} cannot be", f"Give 0 to {MOST_WET_T:g}")
    if durable_share is not None and not 0 <= durable_share <= 1:
        raise InputError("durable_share", f"{durable_share:g} cannot be", "Give 0 to 1")
    made_of = mariculture.composition(known[species], species)
    return HarvestFlux(
        harvest=mariculture.harvest(wet_t, made_of, durable_share=durable_share),
        durable_share=durable_share,
        factors=tuple(factor(one) for one in made_of.factor_ids),
    )


def published_durable() -> Factor:
    """What kelp of Ailian Bay keeps out of the air, as published; an example, no default."""
    found = factor(_DURABLE)
    if found.value is None or math.isnan(found.value):
        raise InputError(_DURABLE, "it has no value", "Install the package again")
    return found
