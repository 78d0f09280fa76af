"""源汇: what an activity would do, by IPCC Tier 1: what is asked, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from bluecarbon_map.reports import fluxes
from bluecarbon_map.reports.fluxes import Activity
from ui import elements, flux_results, flux_state, flux_words, naming, state
from ui.words import _


def section() -> None:
    """The calculator: choices on the left, the result on the right."""
    elements.show(
        elements.tag("h2", _("What would an activity do? IPCC 2013 Tier 1"), "part")
    )  # fmt: skip
    left, right = st.columns([1, 1.7], gap="small")
    with left, st.container(key="flux_inputs", border=True):
        _choose()
    with right:
        flux_results.answer(fluxes.reckon(flux_state.case()))


# --- what is asked -------------------------------------------------------------------------------


def _choose() -> None:
    doing = flux_state.activity()
    names = {one.value: flux_words.activity_name(one) for one in Activity}
    box(_("Activity"), flux_state.ACTIVITY, names, doing.value, flux_state.put_activity)
    grounds = {one: naming.ecosystem_name(one) for one in fluxes.ECOSYSTEMS_OF[doing]}
    if grounds:
        box(_("Ecosystem"), flux_state.GROUND, grounds, flux_state.ground())
    if doing is Activity.CREATED:
        ways = {"1": _("Planted or sown"), "0": _("Natural recolonisation")}
        now = "1" if flux_state.planted() else "0"
        box(_("How it was established"), flux_state.PLANTED, ways, now)
    with st.container(key="flux_numbers", horizontal=True, gap="small"):
        for key in flux_state.FIELDS_OF[doing]:
            number(key, _help(key))
    _conventions()


def box(
    label: str,
    key: str,
    options: Mapping[str, str],
    now: str | None,
    take: Callable[[str], None] | None = None,
) -> None:
    """One choice out of several; it lives in the address, the box only shows it."""
    widget = f"choose_flux_{key}"
    st.session_state[widget] = now
    st.selectbox(
        label,
        list(options),
        format_func=lambda one: options.get(one, ""),
        key=widget,
        on_change=_take_box,
        args=(take or partial(state.put, key), widget),
    )


def _take_box(take: Callable[[str], None], widget: str) -> None:
    take(st.session_state[widget])


def number(key: str, said: str | None = None) -> None:
    """One number to type; empty is unknown."""
    widget = f"choose_flux_{key}"
    st.session_state[widget] = flux_state.number(key)
    st.number_input(
        flux_words.number_name(key),
        value=None,
        min_value=0.0,
        max_value=float(flux_state.NUMBERS[key].most),
        format="%g",
        key=widget,
        help=said,
        placeholder=flux_words.when_empty(key),
        on_change=_take_number,
        args=(key, widget),
    )


def _take_number(key: str, widget: str) -> None:
    flux_state.put_number(key, st.session_state[widget])


def _help(key: str) -> str | None:
    """What a number stands for, where its name does not say it."""
    if key == flux_state.SALINITY:
        return _("Measured where it is. It has no default: empty is unknown.")
    if key == flux_state.CEILING:
        return _("At which the removal ends; the table's value where this is empty.")
    if key in (flux_state.SOIL, flux_state.FRACTION):
        return _("The table's value where this is empty and the table has one that was checked.")
    return None


def _conventions() -> None:
    """Warming potentials, and whether unchecked values may be used."""
    sets = {one: f"{one}, GWP100" for one in flux_state.gwp_sets()}
    box(_("Warming potentials"), flux_state.GWP, sets, flux_state.gwp(), _take_gwp)
    widget = "choose_flux_accept"
    st.session_state[widget] = flux_state.accepts_unverified()
    st.checkbox(
        _("Accept values that nobody checked (and AR5)"),
        key=widget,
        on_change=_take_acceptance,
        args=(widget,),
    )
    elements.show(
        elements.small(_("Area, cover and years are an example to be typed over, no finding."))
    )


def _take_gwp(wanted: str) -> None:
    state.put(flux_state.GWP, None if wanted == fluxes.GWP_SETS[0] else wanted)


def _take_acceptance(widget: str) -> None:
    flux_state.put_acceptance(wanted=st.session_state[widget])
