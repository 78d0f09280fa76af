"""The coefficients that a result was made with: value, interval as used, source, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

import pandas as pd

from bluecarbon_map.factors import (
    FactorSet,
    Fallback,
    Interval,
    SequestrationFactor,
    StockFactor,
    factors_table,
)

STOCK, SEQUESTRATION, LENDER = "stock", "sequestration", "interval lender"

Kind = tuple[str, str | None]
"""Ecosystem, and species or None for any."""

_LENDS: Final = ("出借变异系数", "lends its relative standard deviation")

_PUBLISHED: Final = {
    "region": "region", "depth_top_cm": "depth_top_cm", "depth_bottom_cm": "depth_bottom_cm",
    "quantity": "quantity", "value": "published_value", "unit": "published_unit",
    "low": "published_low", "high": "published_high",
    "interval_kind": "published_interval_kind", "sd": "sd", "n": "n", "n_note": "n_note",
    "doi": "doi", "confidence": "confidence", "note": "note",
}  # fmt: skip
"""Columns of the table of coefficients as published, and what they are called beside the used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """One coefficient as it was used.

    Attributes:
        factor_id: Its id; ``user:<row>`` in a user's own file.
        ecosystem: Ecosystem it is about.
        species: Species it is about; None when it stands for any.
        role: ``stock``, ``sequestration``, or ``interval lender``.
        pool: Carbon pool with its depth; None for a rate.
        value: Value, in ``unit``.
        unit: ``t C/ha`` or ``t C/ha/yr``; for a lender the unit it was published in.
        low: Lower end as used, in ``unit``; None where unknown.
        high: Upper end.
        interval_kind: What the ends are.
        borrowed_from: Coefficient whose relative SD the interval has; None where it is its own.
        clipped: Whether the lower end came out negative and was set to 0; None without interval.
        tier: 1 global, 2 national, 3 provincial; None for a user's own.
        fell_back: The coarser tier it fell back to; None where it has the one wanted.
        source: Publication, or what a user's file says.
        why_zh: Why this one, Chinese.
        why_en: The same in English.
    """

    factor_id: str
    ecosystem: str
    species: str | None
    role: str
    pool: str | None
    value: float | None
    unit: str | None
    low: float | None
    high: float | None
    interval_kind: str | None
    borrowed_from: str | None
    clipped: bool | None
    tier: int | None
    fell_back: Fallback | None
    source: str | None
    why_zh: str
    why_en: str


def used_factors(factor_set: FactorSet, parts: pd.DataFrame) -> list[Used]:
    """Coefficients of the parts of a summary, each once, without the lenders of intervals."""
    found: dict[Used, None] = {}
    kinds = parts[["ecosystem", "species"]].drop_duplicates().itertuples(index=False)
    for ecosystem, species in kinds:
        kind = (str(ecosystem), None if pd.isna(species) else str(species))
        stock, rate = factor_set.stock(*kind), factor_set.sequestration(*kind)
        found |= dict.fromkeys(_of_stock(stock) if stock else ())
        found |= dict.fromkeys([_of_rate(rate)] if rate else ())
    return sorted(found, key=lambda used: (used.role != STOCK, used.ecosystem, used.species or ""))


def kinds_of(factor_set: FactorSet, pools: pd.DataFrame) -> dict[str, tuple[Kind, ...]]:
    """What each coefficient of a stock is about: ecosystems and species that get it.

    A coefficient for any species that every species of an ecosystem gets stands for the ecosystem
    alone; where some species have their own, it is named by those that get it.

    Args:
        factor_set: Coefficients.
        pools: Contract `tables.Pools`.
    """
    rows = pools[["factor_id", "ecosystem", "species"]].drop_duplicates()
    gets: dict[str, list[Kind]] = {}
    everyone: dict[str, set[Kind]] = {}
    for factor_id, ecosystem, species in rows.itertuples(index=False):
        kind = (str(ecosystem), None if pd.isna(species) else str(species))
        gets.setdefault(str(factor_id), []).append(kind)
        everyone.setdefault(kind[0], set()).add(kind)

    def named(mine: list[Kind]) -> tuple[Kind, ...]:
        return tuple(
            dict.fromkeys(
                (kind[0], None)
                if everyone[kind[0]] <= set(mine) and _is_for_any(factor_set, kind)
                else kind
                for kind in mine
            )
        )

    return {factor_id: named(mine) for factor_id, mine in gets.items()}


def _is_for_any(factor_set: FactorSet, kind: Kind) -> bool:
    found = factor_set.stock(*kind)
    return found is not None and found.species is None


def _of_stock(stock: StockFactor) -> Iterator[Used]:
    for pool in stock.pools:
        low, high, kind, lender, clipped = _ends(pool.interval)
        yield Used(
            factor_id=pool.factor_id, ecosystem=stock.ecosystem, species=stock.species,
            role=STOCK, pool=pool.words, value=pool.density_t_c_ha, unit="t C/ha",
            low=low, high=high, interval_kind=kind, borrowed_from=lender, clipped=clipped,
            tier=pool.tier, fell_back=stock.fell_back, source=pool.source,
            why_zh=stock.why_zh, why_en=stock.why_en,
        )  # fmt: skip


def _of_rate(rate: SequestrationFactor) -> Used:
    low, high, kind, lender, clipped = _ends(rate.interval)
    return Used(
        factor_id=rate.factor_id, ecosystem=rate.ecosystem, species=rate.species,
        role=SEQUESTRATION, pool=None, value=rate.rate_t_c_ha_yr, unit="t C/ha/yr",
        low=low, high=high, interval_kind=kind, borrowed_from=lender, clipped=clipped,
        tier=rate.tier, fell_back=rate.fell_back, source=rate.source,
        why_zh=rate.why_zh, why_en=rate.why_en,
    )  # fmt: skip


_Ends = tuple[float | None, float | None, str | None, str | None, bool | None]


def _ends(interval: Interval | None) -> _Ends:
    if interval is None:
        return None, None, None, None, None
    kind = interval.kind.value
    return interval.low, interval.high, kind, interval.borrowed_from, interval.clipped


def _lender(row: dict[str, object]) -> dict[str, object]:
    same = ("factor_id", "ecosystem", "species", "pool", "value", "unit", "tier", "source")
    return {name: row[name] for name in same} | {
        "role": LENDER, "why_zh": _LENDS[0], "why_en": _LENDS[1],
    }  # fmt: skip


def sources(factor_set: FactorSet, parts: pd.DataFrame) -> pd.DataFrame:
    """The coefficients that rows were made with, one a row: as used, then as published.

    ``value, unit, low, high, interval_kind`` are what was used; lenders of borrowed intervals
    follow with the role ``interval lender``; ``published_…`` is the row of ``data/factors``, empty
    for a user's own.
    """
    used = used_factors(factor_set, parts)
    published = factors_table()
    lenders = {one.borrowed_from for one in used if one.borrowed_from}
    lent = published[published["factor_id"].isin(lenders)]
    rows = [_row(one) for one in used]
    rows += [
        _lender({str(key): cell for key, cell in row.items()}) for row in lent.to_dict("records")
    ]
    table = pd.DataFrame(rows, columns=_COLUMNS)
    table["tier"] = table["tier"].astype("Int64")
    beside = published.set_index("factor_id")[list(_PUBLISHED)].rename(columns=_PUBLISHED)
    return table.join(beside, on="factor_id")


_COLUMNS: Final = [
    "factor_id", "ecosystem", "species", "role", "pool", "value", "unit", "low", "high",
    "interval_kind", "borrowed_from", "clipped", "tier", "fell_back_zh", "fell_back_en",
    "source", "why_zh", "why_en",
]  # fmt: skip


def _row(used: Used) -> dict[str, object]:
    row = asdict(used)
    del row["fell_back"]
    fallback = used.fell_back
    return row | {
        "fell_back_zh": fallback.zh if fallback else None,
        "fell_back_en": fallback.en if fallback else None,
    }


def factors_json(factor_set: FactorSet, parts: pd.DataFrame) -> list[dict[str, object]]:
    """The coefficients used, by the command line's contract; what is unknown is None."""
    return [_json(used) for used in used_factors(factor_set, parts)]


def _json(used: Used) -> dict[str, object]:
    plain = asdict(used)
    for name in ("pool", "why_zh", "why_en"):
        del plain[name]
    fallback = used.fell_back
    return plain | {"fell_back": {"zh": fallback.zh, "en": fallback.en} if fallback else None}
