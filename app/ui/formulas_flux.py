"""Cards of what goes in and out: burial, fluxes, harvests."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from bluecarbon_map.reports import worked
from bluecarbon_map.reports.worked import flux as fluxes
from ui import formula_cards, naming
from ui.formula_cards import Line, number, signed
from ui.words import _


def burial() -> list[Element]:
    """Method 4."""
    made = worked.stock_example()
    area, buried = number(worked.MANGROVE_2022_HA, 1), number(made.buried_t_c_yr, 2)
    card = formula_cards.card(
        _("Burial a year"),
        _(
            "Area times a burial rate. It is a flux with a ledger of its own. Mangrove and salt "
            "marsh have global means published without an interval: the error is unknown."
        ),
        {"4.1": _("burial (t C/yr) = area (ha) × rate (t C/ha/yr)")},
        [
            f"{area} ha × {number(made.rate_t_c_ha_yr, 3)} t C/ha/yr = {buried} t C/yr",
            _("The stock is some {years} years of it: never add the two.").format(
                years=number(made.years)
            ),
        ],
        "04-sequestration",
        made.rate_source,
    )
    return [card]


def flux() -> list[Element]:
    """Method 8."""
    made = worked.flux_example()
    card = formula_cards.card(
        _("Flux"),
        _(
            "Removals and emissions are both ≥ 0 and stand apart; only the net has a sign, above "
            "0 a source. Salinity is asked for and never assumed: not measured means unknown."
        ),
        {
            "8.1": _("removal = area × rate × 44/12; planted only, cover ≥ 10 %, up to a ceiling"),
            "8.2": _("years to the ceiling = natural stock ÷ rate"),
            "8.3": _("methane = area × kg CH₄/ha/yr ÷ 1000 × GWP below 18 ppt, else 0"),
            "8.4": _("drained = area × loss × 44/12"),
            "8.5": _("extracted = area × (biomass × carbon + dead wood, litter + soil) × 44/12"),
            "8.6": _("biomass carbon = above ground × (1 + root ratio) × carbon fraction"),
            "8.7": _("N₂O of ponds = fish × kg N₂O-N per kg × 44/28 × GWP"),
            "8.8": _("sea–air: mmol/m²/d × 365 × 12.011 ÷ 1000 ÷ 100 = t C/ha/yr"),
        },
        [*_created(), *_others()],
        "08-flux",
        made.source,
    )
    return [card]


def _created() -> list[Line]:
    made = worked.flux_example()
    low, high = fluxes.SALINITY_PPT
    methane = number(made.methane_t_co2e_yr, 3)
    return [
        _("A hectare planted in Hangzhou Bay, salinity {low}–{high} ppt, {gwp}:").format(
            low=low, high=high, gwp=made.potentials.name
        ),
        _("methane {kg} kg ÷ 1000 × {gwp} = {amount} t CO₂e/yr").format(
            kg=number(made.methane_kg_ha_yr, 1), gwp=number(made.potentials.ch4), amount=methane
        ),
        _net(made.marsh, methane, _("marsh")),
        _net(made.mangrove, methane, _("mangrove")),
    ]


def _net(one: worked.CreatedHectare, methane: str, name: str) -> str:
    kind = _("a source") if one.net_t_co2e_yr > 0 else _("a sink")
    taken = number(one.removed_t_co2e_yr, 3)
    rate, net = number(one.rate_t_c_ha_yr, 2), signed(one.net_t_co2e_yr, 3)
    words = _(
        "{name}: −{rate} × 44/12 + {methane} = −{taken} + {methane} = {net} t CO₂e/yr, {kind}"
    )
    return words.format(name=name, rate=rate, methane=methane, taken=taken, net=net, kind=kind)


def _others() -> list[Line]:
    made = worked.flux_example()
    above, ratio, share = made.biomass
    return [
        _("Mangrove soil gains for {natural} ÷ {rate} = {years} years.").format(
            natural=number(made.natural_t_c_ha),
            rate=number(made.mangrove.rate_t_c_ha_yr, 2),
            years=number(made.years),
        ),
        _("A drained hectare: {loss} × 44/12 = {amount} t CO₂/yr.").format(
            loss=number(made.drained_t_c_ha_yr, 1), amount=number(made.drained_t_co2e_yr, 2)
        ),
        _("Biomass, wet tropics: {above} × {roots} × {share} = {carbon} t C/ha.").format(
            above=number(above),
            roots=number(1 + ratio, 2),
            share=number(share, 3),
            carbon=number(made.biomass_t_c_ha, 2),
        ),
        _("Shelf of the East China Sea: {mmol} mmol/m²/d = {carbon} t C/ha/yr.").format(
            mmol=fluxes.SEA_UPTAKE_MMOL_M2_D, carbon=number(made.sea_t_c_ha_yr, 4)
        ),
        _("Of 8.5 and 8.7 no example: dead wood, litter and N₂O have no checked default."),
    ]


def mariculture() -> list[Element]:
    """Method 9."""
    made = worked.harvest_example()
    card = formula_cards.card(
        _("Mariculture"),
        _(
            "Soft tissue and shell stand apart, and shell is never called a removal: making it "
            "gives off CO₂. What is harvested is not what stays out of the air: without a durable "
            "share nothing durable is claimed."
        ),
        {
            "9.1": _("algae: C = wet mass × dry share × carbon"),
            "9.2": _(
                "bivalves: soft C = wet × dry × soft share × carbon;  "
                "shell C = wet × dry × (1 − soft share) × shell carbon"
            ),
        },
        [*_oysters(made), *_kelp(made)],
        "09-mariculture",
        f"{made.source}; HY/T 0305-2021",
    )
    return [card]


def _oysters(made: worked.HarvestExample) -> list[Line]:
    of, wet = made.oysters.composition, number(made.oysters.wet_t)
    dry, soft = number(of.dry_share, 3), number(of.soft_share, 4)
    shell = number(1 - of.soft_share, 4)
    return [
        _("Oysters, {wet} t:").format(wet=wet),
        _("soft tissue {wet} × {dry} × {share} × {carbon} = {amount} t C").format(
            wet=wet,
            dry=dry,
            share=soft,
            carbon=number(of.soft_carbon, 4),
            amount=number(made.oysters.soft_t_c, 3),
        ),
        _("shell {wet} × {dry} × {share} × {carbon} = {amount} t C, no removal").format(
            wet=wet,
            dry=dry,
            share=shell,
            carbon=number(of.shell_carbon, 4),
            amount=number(made.oysters.shell_t_c, 3),
        ),
        _("both, as the standard adds them: {c} t C = {co2} t CO₂").format(
            c=number(made.oysters.all_t_c, 3), co2=number(made.oysters.all_t_co2e, 2)
        ),
    ]


def _kelp(made: worked.HarvestExample) -> list[Line]:
    of, wet = made.kelp.composition, number(made.kelp.wet_t)
    return [
        _("Kelp: {wet} × {dry} × {carbon} = {c} t C = {co2} t CO₂; durable: {durable}.").format(
            wet=wet,
            dry=number(of.dry_share, 2),
            carbon=number(of.soft_carbon, 3),
            c=number(made.kelp.soft_t_c, 1),
            co2=number(made.kelp.all_t_co2e, 1),
            durable=_("no data"),
        ),
        _("{species} has no row of its own: the row “other” stands for it, and says so.").format(
            species=naming.species_name(fluxes.COCKLE)
        ),
    ]
