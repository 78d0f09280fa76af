"""What publications give beside a coefficient: shown for orientation, never reckoned with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bluecarbon_map.factors import Factor
from bluecarbon_map.reports.fluxes.harvests import published_durable

KELP_ABSORBED_G_C_M2_YR: Final = 982.53
"""Absorbed by kelp of Ailian Bay, by the note of the row of `published_durable`."""

SALINITY_SOURCE: Final = "Hu M. et al. 2020 SI in CCN library"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What kelp keeps out of the air of what it absorbs, as published.

    Attributes:
        durable: The row, in g C/m²/yr.
        kept: Its value, in g C/m²/yr.
        absorbed: What is absorbed, in g C/m²/yr.
    """

    durable: Factor
    kept: float
    absorbed: float

    @property
    def share(self) -> float:
        """Kept of absorbed, 0–1."""
        return self.kept / self.absorbed


def kelp_kept() -> Kept:
    """The published share of kelp; an example, no default.

    Source:
        Lian et al. 2023, row of data/factors/mariculture.csv.
    """
    row = published_durable()
    kept = float("nan") if row.value is None else row.value
    return Kept(durable=row, kept=kept, absorbed=KELP_ABSORBED_G_C_M2_YR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Salinity:
    """Salinity of a stretch of coast; whether of soil or of water is not stated.

    Attributes:
        zh: Where, Chinese.
        en: Where, English.
        low_ppt: Least, in ppt.
        high_ppt: Most, in ppt; the same where there is one number.
    """

    zh: str
    en: str
    low_ppt: float
    high_ppt: float


SALINITIES: Final = (
    Salinity(zh="杭州湾", en="Hangzhou Bay", low_ppt=1.9, high_ppt=4.4),
    Salinity(zh="长江口", en="Yangtze estuary", low_ppt=1.2, high_ppt=11.7),
    Salinity(zh="台州", en="Taizhou", low_ppt=3.6, high_ppt=3.6),
)
"""Column of salinity of `SALINITY_SOURCE`; never a default."""
