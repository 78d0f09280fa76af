"""Carbon that leaves the sea with a harvest of algae or bivalves, by the form of HY/T 0305-2021.

docs/methods/09-mariculture.md. What is harvested is not what stays out of the air: the durable
share is a number of its own. Shell carbon is shown apart and is never a removal.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bluecarbon_map.errors import FactorError
from bluecarbon_map.factors import Factor, factor
from bluecarbon_map.units import co2e_from_c

KG_PER_T: Final = 1_000.0


class Group(StrEnum):
    """What is grown; each has a form of its own."""

    ALGAE = "macroalgae"
    BIVALVES = "bivalve"


_ROWS: Final[dict[Group, dict[str, str]]] = {
    Group.ALGAE: {
        "Saccharina japonica": "saccharina-japonica",
        "Undaria": "undaria",
        "Pyropia haitanensis": "porphyra-pyropia",
        "Porphyra": "porphyra-pyropia",
        "Gracilaria": "gracilaria",
    },
    Group.BIVALVES: {
        "Crassostrea": "oyster",
        "Mytilus coruscus": "mussel",
        "clam": "clam",
        "scallop": "scallop",
    },
}
"""Rows of the table of coefficients by species of the vocabulary."""

_OTHER: Final = {Group.ALGAE: "other-macroalgae", Group.BIVALVES: "other-bivalves"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """What a wet tonne is made of; shares of 0–1.

    Attributes:
        group: Algae or bivalves.
        species: Species it is asked for.
        row: Row of the table that stands for it.
        is_other: Whether the species has no row of its own and the "other" row stands for it.
        dry_share: Dry mass in wet mass.
        soft_share: Soft tissue in dry mass; 1 for algae.
        soft_carbon: Carbon in dry soft tissue, or in dry algae.
        shell_carbon: Carbon in shell; 0 for algae, which have none.
        factor_ids: The coefficients it is made of.
    """

    group: Group
    species: str
    row: str
    is_other: bool
    dry_share: float
    soft_share: float
    soft_carbon: float
    shell_carbon: float
    factor_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """Carbon of one harvest, in t C; never a stock, and no credit.

    Attributes:
        wet_t: Harvest, in t wet mass.
        soft_t_c: Carbon of soft tissue or algae taken out of the sea.
        shell_t_c: Carbon of shell, shown apart: making shell gives off carbon dioxide.
        durable_t_c: Part of ``soft_t_c`` that stays out of the air; None where nobody knows it.
        composition: What it was made with.
    """

    wet_t: float
    soft_t_c: float
    shell_t_c: float
    durable_t_c: float | None
    composition: Composition

    @property
    def all_t_c(self) -> float:
        """Soft tissue and shell, as HY/T 0305 adds them; not a removal."""
        return self.soft_t_c + self.shell_t_c

    @property
    def all_t_co2e(self) -> float:
        """The same as carbon dioxide."""
        return co2e_from_c(self.all_t_c)


def species_with_a_row(group: Group) -> tuple[str, ...]:
    """Species that have a row of their own; all others take the row of the rest."""
    return tuple(_ROWS[group])


def composition(group: Group, species: str) -> Composition:
    """What a wet tonne of a species is made of.

    Raises:
        FactorError: If a coefficient of its row is missing.

    Source:
        Sun K. et al. 2020, Geographical Research 39(11):2508, Table 2.
    """
    row = _ROWS[group].get(species, _OTHER[group])
    found: tuple[Factor, ...]
    if group is Group.ALGAE:
        dry, carbon = _row(group, row, "whole-dry-to-wet"), _row(group, row, "whole-carbon")
        found, shares = (dry, carbon), (_share(dry), 1.0, _share(carbon), 0.0)
    else:
        dry = _row(group, row, "whole-dry-to-wet")
        soft = _row(group, row, "soft-tissue-dry-mass-share")
        tissue, shell = _row(group, row, "soft-tissue-carbon"), _row(group, row, "shell-carbon")
        found = (dry, soft, tissue, shell)
        shares = (_share(dry), _share(soft), _share(tissue), _share(shell))
    return Composition(
        group=group,
        species=species,
        row=row,
        is_other=row == _OTHER[group],
        dry_share=shares[0],
        soft_share=shares[1],
        soft_carbon=shares[2],
        shell_carbon=shares[3],
        factor_ids=tuple(one.factor_id for one in found),
    )


def harvest(wet_t: float, made_of: Composition, *, durable_share: float | None = None) -> Harvest:
    """Carbon of a harvest.

    Args:
        wet_t: Harvest, in t wet mass, >= 0.
        made_of: From `composition`.
        durable_share: Share of the soft carbon that stays out of the air, 0–1; None where nobody
            knows it: then nothing durable is claimed.

    Raises:
        ValueError: If the harvest is negative or not finite, or the share lies outside 0–1.

    Source:
        HY/T 0305-2021 (form); docs/methods/09-mariculture.md eq. 9.1 and 9.2.
    """
    if not 0 <= wet_t < float("inf"):
        raise ValueError("a harvest is finite and >= 0 t wet mass")
    if durable_share is not None and not 0 <= durable_share <= 1:
        raise ValueError("a durable share is a share of 0 to 1, not per cent")
    dry_t = wet_t * made_of.dry_share
    soft = dry_t * made_of.soft_share * made_of.soft_carbon
    shell = dry_t * (1 - made_of.soft_share) * made_of.shell_carbon
    return Harvest(
        wet_t=wet_t,
        soft_t_c=soft,
        shell_t_c=shell,
        durable_t_c=None if durable_share is None else soft * durable_share,
        composition=made_of,
    )


def _row(group: Group, row: str, what: str) -> Factor:
    return factor(f"{group}-china-sun2020-{row}-{what}-percent")


def _share(one: Factor) -> float:
    """A per cent of the table as a share."""
    if one.value is None or not 0 <= one.value <= 100:
        raise FactorError(f"{one.factor_id} holds no per cent")
    return one.value / 100.0
