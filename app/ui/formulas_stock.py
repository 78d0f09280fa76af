"""Cards of what is held: stock, and soil cores."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from bluecarbon_map.reports import worked
from bluecarbon_map.reports.worked import cores as soil
from bluecarbon_map.reports.worked import strata
from ui import formula_cards
from ui.formula_cards import Line, number, refusal
from ui.words import _


def stock() -> list[Element]:
    """Method 2: the stock, why another number was published, and the three ledgers."""
    return [_stock(), _rounding(), _ledgers()]


def _stock() -> Element:
    made = worked.stock_example()
    area, held = number(worked.MANGROVE_2022_HA, 1), number(made.stock_t_c)
    return formula_cards.card(
        _("Stock"),
        _(
            "Area times the density of a named coefficient. Area without a coefficient counts as "
            "area and never as zero carbon: the sum then reads “at least”."
        ),
        {
            "2.1": _("stock (t C) = area (ha) × density (t C/ha)"),
            "2.2": _("stock of a zone = Σ over the parts that have a coefficient"),
            "2.3": _("t CO₂e = t C × 44/12, converted before rounding"),
            "2.4": _("strata: Σ A × mean;  SE = √Σ(A × SE)²"),
            "2.5": _("a pool inside another is never added to it: dead roots are soil, once"),
            "2.6": _("biomass carbon = above ground × (1 + root ratio) × carbon fraction"),
        },
        [
            _("Mangrove of Zhejiang, survey of 2022:"),
            f"{area} ha × {number(made.density_t_c_ha, 2)} t C/ha = {held} t C",
            f"{held} t C × 44/12 = {number(made.stock_t_co2e)} t CO₂e",
            *_strata(),
        ],
        "02-stock",
        made.source,
    )


def _strata() -> list[Line]:
    made = worked.strata_example()
    terms = " + ".join(f"{a:g} ha × {mean:g} (SE {se:g})" for a, mean, se in strata.STRATA)
    said = _("Strata (made up): {terms} t C/ha = {held} t C, SE {error} t C.")
    return [said.format(terms=terms, held=number(made.stock_t_c), error=number(made.se_t_c))]


def _rounding() -> Element:
    made = worked.stock_example()
    return formula_cards.card(
        _("Why 13.36 was published"),
        _("Convert first, round last. Rounding first gives another number for the same stock."),
        {"": _("round, then convert ≠ convert, then round")},
        [
            _("Rounded first: {c} × 3.67 = {co2} (10⁴ t CO₂e), the published figure.").format(
                c=number(made.rounded_wan_t_c, 2), co2=number(made.rounded_first_wan_t_co2e, 2)
            ),
            _("Rounded last: {co2} t CO₂e, the figure of this map.").format(
                co2=number(made.stock_t_co2e)
            ),
        ],
        "02-stock",
        made.source,
    )


def _ledgers() -> Element:
    return formula_cards.card(
        _("Three ledgers, never added"),
        _(
            "Carbon held (t C), carbon buried a year (t C/yr) and tonnes creditable under a named "
            "method on a named date (t CO₂e) mean different things. Cordgrass is never creditable."
        ),
        {"": _("stock ≠ flux ≠ credit")},
        [_("This map holds no credits. It never adds a stock to a flux.")],
        "02-stock",
    )


def cores() -> list[Element]:
    """Method 7."""
    card = formula_cards.card(
        _("Soil cores"),
        _(
            "Slice by slice: bulk density times carbon times thickness, then the sum; the slice "
            "that crosses the depth counts with its part above it. A slice not measured is a gap "
            "and never zero: below 80 % of the depth there is no number, only the reason."
        ),
        {
            "7.1": _("t C/ha = bulk density (g/cm³) × carbon (g/g) × thickness (cm) × 100"),
            "7.2": _("carbon to depth z = Σ slices; the one that crosses z by its part above it"),
            "7.3": _("coverage = thickness with both measured ÷ z ≥ 80 %, else no number"),
            "7.4": _("short core, only when asked: line through carbon above each depth, its SE"),
            "7.5": _("f = (L − inside) / (L − outside);  depth ÷ f and density × f, or neither"),
            "7.6": _(
                "loss on ignition, only when asked: OC = a + b × LOI, fitted on the same file"
            ),
            "7.7": _("SE = √(wᵀ Σ w): the line's error common to all slices, their own apart"),
        },
        [*_summed(), *_refused(), *_compacted(), *_burnt()],
        "07-soil-cores",
        soil.SOURCE,
    )
    return [card]


def _burnt() -> list[Line]:
    made = worked.loi_example()
    line, core = made.line, made.core
    return [
        _(
            "LOI (made up, {n} slices of 1–10 %): b = {slope}, s = {error} %; a metre at 5.5 %: "
            "{held} ± {se} t C/ha (SE)."
        ).format(
            n=line.n,
            slope=number(line.slope, 5),
            error=number(100 * (line.residual_se or 0.0), 4),
            held=number(core.density_t_c_ha),
            se=number(core.density_se_t_c_ha, 2),
        )
    ]


def _summed() -> list[Line]:
    made = worked.cores_example()
    slices = " + ".join(f"{density:g}×{carbon:g}" for _t, _b, density, carbon in soil.YUEQING_BAY_2)
    return [
        _("Yueqing Bay 2, four slices of 10 cm, 0–40 cm:"),
        f"({slices}) × 10 × 100 = {number(made.whole.density_t_c_ha, 3)} t C/ha",
        _("To {depth} cm the last slice counts with its part above it: {held} t C/ha.").format(
            depth=number(made.crossing.to_depth_cm), held=number(made.crossing.density_t_c_ha, 3)
        ),
        _("Means multiplied make {wrong} of M0480, slice by slice it is {right}.").format(
            wrong=number(made.product_of_means_t_c_ha, 1),
            right=number(made.slice_by_slice_t_c_ha, 1),
        ),
    ]


def _refused() -> list[Line]:
    made = worked.cores_example()
    return [
        _("A metre of Yueqing Bay 2 is refused, for only 40 cm were measured:"),
        refusal(made.metre.refused_because or ""),
        _("M0084: {k} of {n} slices have a bulk density; their bare sum {sum} is no stock:").format(
            k=len(soil.M0084), n=soil.M0084_SLICES, sum=number(made.sparse_sum_t_c_ha, 1)
        ),
        refusal(made.sparse.refused_because or ""),
    ]


def _compacted() -> list[Line]:
    made = worked.cores_example()
    length, inside, outside = soil.SAMPLER_CM
    return [
        _(
            "Compaction, sampler of {length} cm, soil {inside} cm down inside and {outside} "
            "outside: f = {f}. {cm} cm in it were {depth} cm in the ground."
        ).format(
            length=number(length),
            inside=number(inside),
            outside=number(outside),
            f=number(made.compaction, 4),
            cm=number(made.whole.to_depth_cm),
            depth=number(made.both_to_cm, 1),
        ),
        _(
            "Depth and density corrected: {both} t C/ha, no mass changes. Depth alone: {alone}, "
            "soil that was never there."
        ).format(both=number(made.both_t_c_ha, 3), alone=number(made.depth_only_t_c_ha, 3)),
    ]
