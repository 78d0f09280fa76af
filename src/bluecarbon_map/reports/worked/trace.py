"""A number taken apart, and a step that does not follow; docs/methods/16-trace.md."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bluecarbon_map.accounting.trace import Origin, Rule, Step, follow, read, text
from bluecarbon_map.errors import AccountingError
from bluecarbon_map.factors import load_set
from bluecarbon_map.reports.trace.coefficients import distance, middle
from bluecarbon_map.reports.worked.stock import MANGROVE_2022_HA
from bluecarbon_map.units import CO2_PER_C


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceExample:
    """The stock of `MANGROVE_2022_HA`, its CO2 and its distance to an end, step by step.

    Attributes:
        co2e: The stock as CO2, in t CO2e, with the stock under it.
        away: Distance of the stock to its lower end, in t C.
        refusal: What is said of a stock that is one tonne too large.
    """

    co2e: Step
    away: Step
    refusal: str

    def lines(self, language: str) -> list[str]:
        """Both trees, written as the files are."""
        seen: set[Step] = set()
        trees = (text(one, language, seen=seen) for one in (self.co2e, self.away))
        return [line for tree in trees for line in tree]


def trace_example() -> TraceExample:
    """Mangrove of Zhejiang in the survey of 2022; docs/methods/16-trace.md."""
    found = load_set("zhejiang").stock("mangrove")
    if found is None:
        raise AccountingError("the set of the examples has no coefficient of mangrove")
    (pool,) = found.pools
    said = {"zh": "碳密度", "en": "carbon density"}
    density = middle(pool.density_t_c_ha, "t C/ha", pool.factor_id, pool.source, pool.tier, **said)
    survey = Origin(row_id="ZJ-2022", source=pool.source, checked="published")
    area = read(MANGROVE_2022_HA, "ha", survey, zh="面积", en="area")
    stock = follow(Rule.PRODUCT, [area, density], zh="储量", en="stock", unit="t C")
    constant = read(CO2_PER_C, "t CO2e/t C", None, zh="44/12", en="44/12")
    per_ha = distance(density, pool.interval, upper=False, factor_id=pool.factor_id)
    return TraceExample(
        co2e=follow(
            Rule.PRODUCT, [stock, constant], zh="折合二氧化碳", en="as carbon dioxide",
            unit="t CO2e",
        ),
        away=follow(
            Rule.PRODUCT, [area, per_ha], zh="到下端的距离", en="distance to the lower end",
            unit="t C",
        ),
        refusal=_refused(stock),
    )  # fmt: skip


def _refused(stock: Step) -> str:
    try:
        replace(stock, value=(stock.value or 0.0) + 1.0)
    except AccountingError as refusal:
        return str(refusal)
    raise AccountingError("a step that does not follow was made")
