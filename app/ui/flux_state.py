"""Choices of the page of fluxes: each stands in the address, and is read strictly from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bluecarbon_map.reports import fluxes
from bluecarbon_map.reports.fluxes import Activity, Case
from ui import address_numbers, state

ACTIVITY: Final = "act"
GROUND: Final = "ground"
AREA: Final = "area"
PLANTED: Final = "planted"
COVER: Final = "cover"
YEARS: Final = "years"
SALINITY: Final = "sal"
BIOMASS: Final = "biomass"
FRACTION: Final = "fraction"
DEAD: Final = "dead"
SOIL: Final = "soil"
CEILING: Final = "ceiling"
FISH: Final = "fish"
GWP: Final = "gwp"
ACCEPT: Final = "accept"
SPECIES: Final = "species"
HARVEST: Final = "wet"
DURABLE: Final = "durable"

UNKNOWN: Final = "none"
"""In an address: a number with a default that is not known all the same."""

PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number that a reader types.

    Attributes:
        most: Its largest value; the least is 0.
        usual: What a newcomer sees; None where nothing may be assumed.
        field: Field of `Case` it becomes; empty where it belongs to a harvest.
    """

    most: float
    usual: float | None = None
    field: str = ""


def _of_case(field: str, usual: float | None = None, scale: float = 1.0) -> Number:
    return Number(most=fluxes.BOUNDS[field][1] * scale, usual=usual, field=field)


NUMBERS: Final = {
    AREA: _of_case("area_ha", 1.0),
    COVER: _of_case("cover", 50.0, PERCENT),
    YEARS: _of_case("years", 1.0),
    SALINITY: _of_case("salinity_ppt"),
    BIOMASS: _of_case("biomass_t_dm_ha"),
    FRACTION: _of_case("carbon_fraction"),
    DEAD: _of_case("dead_t_c_ha"),
    SOIL: _of_case("soil_t_c_ha"),
    CEILING: _of_case("soil_t_c_ha"),
    FISH: _of_case("fish_t_yr"),
    HARVEST: Number(most=fluxes.MOST_WET_T, usual=1_000.0),
    DURABLE: Number(most=PERCENT),
}

FIELDS_OF: Final = {
    Activity.CREATED: (AREA, COVER, YEARS, SALINITY, CEILING),
    Activity.DRAINED: (AREA,),
    Activity.EXTRACTED: (AREA, BIOMASS, FRACTION, DEAD, SOIL),
    Activity.PONDS: (FISH,),
}
"""Numbers that an activity asks for."""


def known_number(key: str, text: str) -> float | None:
    """The number a text gives for a key; None where it gives none that can be."""
    return address_numbers.known(text, NUMBERS[key].most)


def can_be_unknown(key: str) -> bool:
    """Whether a number with a default may be called unknown."""
    return NUMBERS[key].usual is not None


def number(key: str) -> float | None:
    """The number asked for, else what a newcomer sees."""
    text = state.asked(key)
    if text is None:
        return NUMBERS[key].usual
    if text == UNKNOWN and can_be_unknown(key):
        return None
    found = known_number(key, text)
    return NUMBERS[key].usual if found is None else found


def put_number(key: str, value: float | None) -> None:
    """Keep a number; what a newcomer sees does not stand in the address."""
    if value is None:
        state.put(key, UNKNOWN if can_be_unknown(key) else None)
    elif value == NUMBERS[key].usual:
        state.put(key, None)
    else:
        state.put(key, address_numbers.written(value))


def activity() -> Activity:
    """The activity asked for; creation where the address is silent."""
    wanted = state.asked(ACTIVITY)
    return Activity(wanted) if wanted in set(Activity) else Activity.CREATED


def ground() -> str | None:
    """Ecosystem of the activity; the first that its tables have where the address names none."""
    known, wanted = fluxes.ECOSYSTEMS_OF[activity()], state.asked(GROUND)
    return wanted if wanted in known else next(iter(known), None)


def put_activity(wanted: str) -> None:
    """Choose an activity; an ecosystem that it does not have is forgotten."""
    state.put(ACTIVITY, None if wanted == Activity.CREATED else wanted)
    if state.asked(GROUND) not in fluxes.ECOSYSTEMS_OF[activity()]:
        state.put(GROUND, None)


def planted() -> bool:
    """Whether it was planted or sown; so where the address does not say otherwise."""
    return state.asked(PLANTED) != "0"


def accepts_unverified() -> bool:
    """Whether values that nobody checked are used."""
    return state.asked(ACCEPT) == "1"


def put_acceptance(*, wanted: bool) -> None:
    """Accept values that nobody checked, or no longer; AR5 goes with them."""
    state.put(ACCEPT, "1" if wanted else None)
    if not wanted:
        state.put(GWP, None)


def gwp_sets() -> tuple[str, ...]:
    """Sets of warming potentials that may be used."""
    return fluxes.GWP_SETS if accepts_unverified() else fluxes.GWP_SETS[:1]


def gwp() -> str:
    """The set asked for, where it may be used; else the first."""
    wanted = state.asked(GWP)
    return wanted if wanted in gwp_sets() else fluxes.GWP_SETS[0]


def case() -> Case:
    """Everything asked of the calculator; numbers of other activities are left out."""
    doing = activity()
    given = {NUMBERS[key].field: number(key) for key in FIELDS_OF[doing]}
    cover = given.get("cover")
    given["cover"] = None if cover is None else cover / PERCENT
    return Case(
        activity=doing,
        ecosystem=ground(),
        planted=planted() if doing is Activity.CREATED else None,
        gwp=gwp(),
        accept_unverified=accepts_unverified(),
        **given,
    )


def species() -> str:
    """Species of the harvest; the first where the address names none."""
    known, wanted = fluxes.grown(), state.asked(SPECIES)
    return next((one for one in known if one == wanted), next(iter(known)))


def harvest() -> fluxes.HarvestFlux | None:
    """The harvest asked for; None where nobody knows how much it is."""
    wet_t, share = number(HARVEST), number(DURABLE)
    if wet_t is None:
        return None
    return fluxes.harvested(species(), wet_t, None if share is None else share / PERCENT)
