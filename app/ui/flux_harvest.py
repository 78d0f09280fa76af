"""源汇: carbon that leaves the sea with a harvest of algae or bivalves."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import streamlit as st

from bluecarbon_map.accounting.mariculture import Group
from bluecarbon_map.reports import fluxes
from bluecarbon_map.reports.fluxes import HarvestFlux
from ui import (
    elements,
    flux_activity,
    flux_files,
    flux_results,
    flux_state,
    flux_words,
    naming,
    numbers,
    state,
)
from ui.words import _


def section() -> None:
    """One harvest: choices on the left, carbon on the right."""
    elements.show(elements.tag("h2", _("How much carbon leaves the sea with a harvest?"), "part"))
    left, right = st.columns([1, 1.7], gap="small")
    with left, st.container(key="harvest_inputs", border=True):
        names = {one: flux_words.species_name(one) for one in fluxes.grown()}
        flux_activity.box(_("Species"), flux_state.SPECIES, names, flux_state.species())
        with st.container(key="harvest_numbers", horizontal=True, gap="small"):
            flux_activity.number(flux_state.HARVEST)
            flux_activity.number(
                flux_state.DURABLE,
                _("It has no default: empty is unknown, and nothing is claimed."),
            )
        elements.show(elements.small(_("1,000 t is an example to be typed over.")))
    with right:
        _answer(flux_state.harvest())


def _answer(found: HarvestFlux | None) -> None:
    if found is None:
        elements.show(_unknown(flux_state.species()))
        return
    made_of = found.harvest.composition
    body = [_carbon(found), elements.small(_asked(found))]
    if made_of.is_other:
        words = _("{species} has no row of its own: the row “other” of the table stands for it.")
        name = flux_words.species_name(made_of.species)
        body.insert(0, elements.tag("p", words.format(species=name), "lacks"))
    elements.show(
        elements.card(
            flux_words.species_name(made_of.species),
            *body,
            elements.tag("ul", "", "notes", *(elements.tag("li", one) for one in _rules(found))),
        )
    )
    flux_results.coefficients(found.factors)
    flux_files.buttons(found, "harvest", (made_of.species,))


def _unknown(species: str) -> Element:
    """A harvest that nobody knows the mass of: nothing of it is known."""
    words = _("Nothing is known until this is given: {what}.")
    lacks = words.format(what=flux_words.number_name(flux_state.HARVEST))
    is_algae, nothing = fluxes.grown()[species] is Group.ALGAE, numbers.no_data(state.language())
    names = [_taken_out(is_algae=is_algae), _("Of it staying out of the air")]
    names += [] if is_algae else [_("Shell, apart: no removal")]
    return elements.card(
        flux_words.species_name(species),
        elements.tag("p", lacks, "lacks"),
        elements.table(["", "t C", "t CO₂e"], [[name, nothing, nothing] for name in names]),
    )


def _taken_out(*, is_algae: bool) -> str:
    return _("Carbon of the algae taken out") if is_algae else _("Soft tissue taken out")


def _carbon(found: HarvestFlux) -> Element:
    harvest, is_algae = found.harvest, found.harvest.composition.group is Group.ALGAE
    rows = [
        [
            _taken_out(is_algae=is_algae),
            flux_words.amount(harvest.soft_t_c),
            flux_words.amount(found.soft_t_co2e),
        ],
        [
            _("Of it staying out of the air"),
            flux_words.amount(harvest.durable_t_c),
            flux_words.amount(found.durable_t_co2e),
        ],
    ]
    if not is_algae:
        shell = [_("Shell, apart: no removal"), flux_words.amount(harvest.shell_t_c), "—"]
        rows.append(shell)
    return elements.table(["", "t C", "t CO₂e"], rows)


def _rules(found: HarvestFlux) -> list[str]:
    made_of = found.harvest.composition
    said = [
        _("Form of HY/T 0305-2021. What is harvested is not what stays out of the air."),
    ]
    if made_of.group is Group.BIVALVES:
        said.append(_("Shell is never a removal: making it gives off carbon dioxide."))
    else:
        said.append(_published())
    said.append(
        _("Bivalves eat phytoplankton: never added to what that or the sea takes up, nor a credit.")
    )
    return said


def _published() -> str:
    """What kelp keeps out of the air, as published: an example, never taken as a default."""
    published, language = fluxes.kelp_kept(), state.language()
    words = _(
        "Published for kelp, not used: in Ailian Bay {kept} of {absorbed} g C/m²/yr absorbed stay "
        "out of the air, {share} %."
    ).format(
        kept=numbers.plain(published.kept, 2, language),
        absorbed=numbers.plain(published.absorbed, 2, language),
        share=numbers.plain(published.share * flux_state.PERCENT, 2, language),
    )
    return f"{words} {naming.headed(_('Source'), published.durable.source)}"


def _asked(found: HarvestFlux) -> str:
    share = flux_state.number(flux_state.DURABLE)
    shown = numbers.no_data(state.language()) if share is None else f"{share:g}"
    parts = [
        f"{flux_words.number_name(flux_state.HARVEST)} {found.harvest.wet_t:,.10g}",
        f"{flux_words.number_name(flux_state.DURABLE)} {shown}",
    ]
    return naming.headed(_("Asked"), " · ".join(parts))
