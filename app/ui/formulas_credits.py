"""Cards of what counts: toward a target, and under a scheme."""

from __future__ import annotations

from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

from bluecarbon_map.reports import worked
from bluecarbon_map.reports.worked import credits as given
from ui import cached, formula_cards, numbers, state
from ui.formula_cards import Line, number, refusal
from ui.words import _

_ACCEPTED: Final = date(2022, 12, 14)
"""Day of the acceptance that the example of the even pace is about: 临海白沙湾."""


def targets() -> list[Element]:
    """Method 5."""
    card = formula_cards.card(
        _("What counts toward a target"),
        _(
            "Accepted amounts of the target's indicator, in its zone, accepted within its period, "
            "with no reason against them. Planted is not established, completed is not accepted. "
            "Without a statement that the list of projects is complete, no target is called "
            "behind or missed."
        ),
        {
            "5.1": _("counted C = Σ accepted"),
            "5.1a": _("a stage = Σ projects with no reason against them, and how many are known"),
            "5.2": _("fraction = C / target"),
            "5.3": _("even pace = target × days gone / all days"),
            "5.4": _("met: C ≥ target;  behind, missed: only where the list is complete"),
            "5.5": _("Σ cities and counties + what is known only for a wider zone = C"),
        },
        [_pace()],
        "05-targets",
        _("each target and each project names its own document"),
    )
    return [card]


def _pace() -> str:
    made = worked.pace_example(cached.workspace(), _ACCEPTED)
    if made is None or made.pace is None:
        return _("There is no plan in this workspace yet: no example of the even pace.")
    return _("{target}: on {day} an even pace asks for {pace} of {value}.").format(
        target=made.name_en if state.language() == "en" else made.name_zh,
        day=numbers.day(made.day, state.language()),
        pace=number(made.pace, 1),
        value=number(made.value),
    )


def credit() -> list[Element]:
    """Method 10."""
    card = formula_cards.card(
        _("Credits"),
        _(
            "Tonnes under a named scheme on a named date: the third ledger, and nothing adds it "
            "to a stock or a flux. A default that nobody has checked is not there: the function "
            "refuses and names document and clause."
        ),
        {
            "10.1": _("additional = with project − baseline; an unknown baseline is not 0"),
            "10.2": _(
                "clearing: loss = area × [plants + max(soil − flat, 0) × "
                "(1 − 0.5^(years/half-life))] × 44/12"
            ),
            "10.3": _(
                "VM0033: rate × 44/12 × ramp (0 below 15 %, 1 from 50 % cover) × (1 − washed in)"
            ),
            "10.4": _("error above 20 % (at 90 %) or 30 % (at 95 %) is taken off, then the buffer"),
            "10.5": _("CCER = (project − baseline − leakage) × (1 − K_risk)"),
            "10.6": _("VM0033, rising sea: claim = min(net so far, max(net at year 100, 0))"),
            "10.7": _("amounts of other ledgers, schemes, dates or units refuse to be added"),
        },
        [*_added(), *_ramp(), *_left(), *_ccer(), *_kept_apart()],
        "10-credits",
        given.SOURCE,
    )
    return [card]


def _kept_apart() -> list[Line]:
    made = worked.credits_example()
    so_far, later = given.CLAIM_T_CO2E
    said = _("{so_far} t so far, {later} t at year 100 (made up): {claim} t may be claimed.")
    return [
        said.format(
            so_far=number(so_far), later=number(later), claim=number(made.claimable_t_co2e)
        ),
        _("A stock added to a credit is refused:"),
        refusal(made.sum_refused),
    ]


def _added() -> list[Line]:
    made = worked.credits_example()
    return [
        _("Stand {stand} on a flat of {flat} t C/ha (made up): {added} added, not {stand}.").format(
            stand=number(given.WITH_PROJECT_T_C_HA),
            flat=number(given.BARE_FLAT_T_C_HA),
            added=number(made.added_t_c_ha),
        ),
        _("On a flat that nobody measured: {unknown}.").format(
            unknown=number(made.added_over_unknown_t_c_ha)
        ),
        _(
            "{ha} ha of cordgrass cleared, plants {plants}, flat {flat} (made up), soil {soil} "
            "t C/ha, {years} years: {lost} t CO₂ lost."
        ).format(
            ha=number(given.CLEARED_HA),
            plants=number(given.CLEARED_BIOMASS_T_C_HA),
            flat=number(given.CLEARED_FLAT_T_C_HA),
            soil=number(made.cordgrass_t_c_ha, 1),
            years=number(made.half_life_yr, 1),
            lost=number(made.clearing_t_co2e, 1),
        ),
        _("Whoever asks for credits of it is refused, under any scheme:"),
        refusal(made.cordgrass_refused),
    ]


def _ramp() -> list[Line]:
    made = worked.credits_example()
    steps = [
        f"{cover:.1%}: {number(amount, 3)}"
        for cover, amount in zip(given.COVERS, made.by_cover_t_co2e_ha_yr, strict=True)
    ]
    return [
        _("VM0033, {rate} t C/ha/yr, by cover: {steps} t CO₂/ha/yr").format(
            rate=number(made.rate_t_c_ha_yr, 2), steps=_("; ").join(steps)
        ),
        _("less {share} washed in: {full} × {own} = {left} t CO₂/ha/yr").format(
            share=f"{given.WASHED_IN:.0%}",
            full=number(made.by_cover_t_co2e_ha_yr[-1], 3),
            own=number(1 - given.WASHED_IN, 1),
            left=number(made.own_t_co2e_ha_yr, 3),
        ),
    ]


def _left() -> list[Line]:
    made = worked.credits_example()
    at_90, at_95 = made.after_error_t_co2e.values()
    return [
        _("{net} t with an error of {error}: {low} at 90 %, {high} at 95 % confidence").format(
            net=number(given.NET_T_CO2E),
            error=f"{given.ERROR:.0%}",
            low=number(at_90),
            high=number(at_95),
        ),
        _("less a buffer of {share} (made up): {net} − {held} = {left} t CO₂e").format(
            share=f"{given.BUFFER:.0%}",
            net=number(made.credit.net_t_co2e),
            held=number(made.credit.buffer_t_co2e),
            left=number(made.credit.creditable_t_co2e),
        ),
    ]


def _ccer() -> list[Line]:
    made = worked.credits_example()
    return [
        _("Without K_risk, typed from the methodology, there is no CCER number but these words:"),
        refusal(made.ccer_refused),
    ]
