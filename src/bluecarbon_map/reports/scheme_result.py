"""What a scheme makes of one place and survey, and of each ecosystem in it."""

from __future__ import annotations

from dataclasses import dataclass

from bluecarbon_map.factors import AccountingScheme, Category, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeLine:
    """One ecosystem of the survey under one scheme.

    Attributes:
        category: What the scheme does with it.
        counted: Whether the scheme counts it here.
        area_ha: Its area, in ha, counted or not.
        demonstration_ha: Part of it that is demonstration data, in ha.
        invasive_ha: Part of it under invasive species, in ha.
        stock_t_c: Carbon held, in t C; None where unknown. "At least" where ``unvalued_ha`` > 0.
        stock_t_c_low: Lower end, in t C; None where unknown.
        stock_t_c_high: Upper end, in t C; None where unknown.
        demonstration_t_c: Part of the stock that is demonstration data, in t C; None where unknown.
        flow_t_c_yr: Carbon taken up a year, in t C/yr; None where unknown. Never part of a stock.
        flow_t_c_yr_low: Lower end, in t C/yr; None where unknown.
        flow_t_c_yr_high: Upper end, in t C/yr; None where unknown.
        demonstration_t_c_yr: Part of the flow that is demonstration data, in t C/yr; None where
            unknown.
        unvalued_ha: Counted area without a stock, in ha.
        unrated_ha: Counted area without a flow, in ha.
        why: Why it is left out; None where it is counted.
        no_stock: Why the stock is not known, or not of all of it; None where it is.
        no_flow: The same of the flow.
    """

    category: Category
    counted: bool
    area_ha: float
    demonstration_ha: float
    invasive_ha: float
    stock_t_c: float | None
    stock_t_c_low: float | None
    stock_t_c_high: float | None
    demonstration_t_c: float | None
    flow_t_c_yr: float | None
    flow_t_c_yr_low: float | None
    flow_t_c_yr_high: float | None
    demonstration_t_c_yr: float | None
    unvalued_ha: float
    unrated_ha: float
    why: Said | None
    no_stock: Said | None
    no_flow: Said | None

    @property
    def ecosystem(self) -> str:
        """Ecosystem of the vocabulary."""
        return self.category.ecosystem


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeResult:
    """What one scheme makes of the survey; never to be added to that of another.

    Attributes:
        scheme: The scheme.
        set_title: Title of the coefficients it was added up with; None where it has none.
        lines: One ecosystem of the survey a line, in the order of the vocabulary.
        area_ha: Area of the survey in the place, in ha: counted and left out together.
        counted_ha: Area the scheme counts, in ha.
        left_out_ha: Area it does not, in ha.
        invasive_ha: Counted area under invasive species, in ha.
        demonstration_ha: Counted area of demonstration data, in ha.
        stock_t_c: Carbon of the counted area, in t C; None where none of it is known. "At least"
            where ``unvalued_ha`` is above zero.
        stock_t_c_low: Lower end, in t C; None where unknown.
        stock_t_c_high: Upper end, in t C; None where unknown.
        interval_kind: What the ends are; None where they are unknown.
        demonstration_t_c: Part of the stock that is demonstration data, in t C; None where unknown.
        flow_t_c_yr: Carbon taken up a year, in t C/yr; None where none of it is known. Never added
            to the stock. "At least" where ``unrated_ha`` is above zero.
        flow_t_c_yr_low: Lower end, in t C/yr; None where unknown.
        flow_t_c_yr_high: Upper end, in t C/yr; None where unknown.
        flow_interval_kind: What these ends are; None where they are unknown.
        demonstration_t_c_yr: Part of the flow that is demonstration data, in t C/yr; None where
            unknown.
        unvalued_ha: Counted area without a stock, in ha.
        unrated_ha: Counted area without a flow, in ha.
        not_mapped: What the scheme counts and this survey does not hold here: unknown, not zero.
    """

    scheme: AccountingScheme
    set_title: Said | None
    lines: tuple[SchemeLine, ...]
    area_ha: float
    counted_ha: float
    left_out_ha: float
    invasive_ha: float
    demonstration_ha: float
    stock_t_c: float | None
    stock_t_c_low: float | None
    stock_t_c_high: float | None
    interval_kind: str | None
    demonstration_t_c: float | None
    flow_t_c_yr: float | None
    flow_t_c_yr_low: float | None
    flow_t_c_yr_high: float | None
    flow_interval_kind: str | None
    demonstration_t_c_yr: float | None
    unvalued_ha: float
    unrated_ha: float
    not_mapped: tuple[Category, ...]

    @property
    def counted(self) -> tuple[SchemeLine, ...]:
        """Lines of what it counts."""
        return tuple(line for line in self.lines if line.counted)

    @property
    def left_out(self) -> tuple[SchemeLine, ...]:
        """Lines of what it leaves out, each with the reason."""
        return tuple(line for line in self.lines if not line.counted)
