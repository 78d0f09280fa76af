"""Own areas of this session, and whether numbers follow the view of the map.

Areas belong to whoever drew them: they live in the session, in the browser if its user wants that,
and in an address only where somebody asked for such a link (docs/decisions/0016).
"""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from bluecarbon_map.errors import BluecarbonError
from bluecarbon_map.reports.own_area import (
    OwnArea,
    clean_name,
    from_code,
    from_geojson,
    to_geojson,
)
from ui import map_mail, state
from ui.words import _

AREA: Final = "area"
"""Key of an address that brings an area along; it is taken out as soon as it was read."""
FOLLOW: Final = "follow"
"""Key of an address whose numbers follow the view."""

MOST: Final = 50
"""Areas that one session holds."""

_AREAS: Final = "own_areas"
_NEXT: Final = "own_area_next"
_SHOWN: Final = "own_area_shown"
_KEEP: Final = "own_areas_kept_in_browser"
_SEEN: Final = "own_area_seen"
_EDIT: Final = "own_area_opened"
_SAID: Final = "own_area_said"
_VIEW: Final = "own_view_box"
_ROUND: Final = "own_area_round"
_LINK: Final = "own_area_link_shown"
_SESSION: Final = "own_session"
_TOOK: Final = "own_areas_taken_in"
_REFUSED: Final = "own_areas_refused_by_browser"


@dataclass(frozen=True, slots=True)
class Held:
    """An own area of this session.

    Attributes:
        number: Its number in the session.
        area: Name and outline.
    """

    number: int
    area: OwnArea


def held() -> list[Held]:
    """All own areas of the session, the oldest first."""
    found: list[Held] = st.session_state.setdefault(_AREAS, [])
    return found


def shown() -> Held | None:
    """The one whose numbers stand beside the map; None where none was chosen."""
    wanted = st.session_state.get(_SHOWN)
    return next((one for one in held() if one.number == wanted), None)


def show(number: int | None) -> None:
    """Choose the one whose numbers stand beside the map."""
    st.session_state[_SHOWN] = number


def add(area: OwnArea) -> bool:
    """Take an area in and show it; False where there is no room for another."""
    if len(held()) >= MOST:
        say("bad", _("There are {n} areas already. Remove one first.").format(n=MOST))
        return False
    number = int(st.session_state.get(_NEXT, 1))
    st.session_state[_NEXT] = number + 1
    name = area.name or _("Area {n}").format(n=number)
    st.session_state[_AREAS] = [*held(), Held(number, replace(area, name=name))]
    show(number)
    return True


def change(number: int, area: OwnArea) -> None:
    """Another outline for an area; its name stays, a link with the old outline is withdrawn."""
    st.session_state.pop(_LINK, None)
    st.session_state[_AREAS] = [
        Held(number, replace(area, name=one.area.name)) if one.number == number else one
        for one in held()
    ]
    show(number)


def rename(number: int, name: str) -> None:
    """Another name; an empty one changes nothing."""
    wanted = clean_name(name)
    if not wanted:
        return
    st.session_state[_AREAS] = [
        Held(number, replace(one.area, name=wanted)) if one.number == number else one
        for one in held()
    ]


def remove(number: int) -> None:
    """Forget an area; another one is shown, where there is one."""
    st.session_state[_AREAS] = [one for one in held() if one.number != number]
    show(held()[-1].number if held() else None)


# --- words of what happened ---


def say(look: str, *lines: str) -> None:
    """Keep what happened, to be shown until something else does."""
    st.session_state[_SAID] = (look, *lines)


def said() -> tuple[str, ...] | None:
    """Look and lines of what happened last."""
    found = st.session_state.get(_SAID)
    return found if isinstance(found, tuple) else None


def hush() -> None:
    """What happened is no longer said."""
    st.session_state.pop(_SAID, None)


def file_round() -> int:
    """How many files were read: the field of the next one is empty."""
    return int(st.session_state.get(_ROUND, 0))


def next_file() -> None:
    """Empty the field of files."""
    st.session_state[_ROUND] = file_round() + 1


# --- changing an outline on the map ---


def edit(number: int) -> None:
    """Open the outline of an area on the map, once."""
    st.session_state[_EDIT] = (secrets.token_hex(8), number)


def edit_done() -> None:
    """A drawing came: no outline stands open any more."""
    st.session_state.pop(_EDIT, None)


def edited() -> tuple[str, int] | None:
    """Token and number of the area whose outline was opened last."""
    found = st.session_state.get(_EDIT)
    return found if isinstance(found, tuple) else None


# --- what the map sends ---


def is_new(drawing_id: str) -> bool:
    """Whether a drawing was not taken in yet; it is now."""
    seen: list[str] = st.session_state.setdefault(_SEEN, [])
    if drawing_id in seen:
        return False
    st.session_state[_SEEN] = [*seen[-MOST:], drawing_id]
    return True


def keeps() -> bool | None:
    """Whether this browser keeps the areas; None where nobody said so in this session."""
    return st.session_state.get(_KEEP)


def keep(wanted: bool) -> None:  # noqa: FBT001
    """Whether this browser keeps them from now on."""
    st.session_state[_KEEP] = wanted


def session() -> str:
    """A word that no other session has: by it a map that lives on sees that the server forgot."""
    word: str = st.session_state.setdefault(_SESSION, secrets.token_hex(8))
    return word


def took() -> str | None:
    """Id of what the browser kept and this session took in last; None before it did."""
    return st.session_state.get(_TOOK)


def refused() -> bool:
    """Whether the browser could not keep what it was last asked to."""
    return bool(st.session_state.get(_REFUSED, False))


def note_refused(refuses: bool) -> bool:  # noqa: FBT001
    """Note it; whether that is new."""
    new = refuses != refused()
    st.session_state[_REFUSED] = refuses
    return new


def kept_text() -> str | None:
    """What the browser is to keep: letters and digits alone; empty to forget, None to leave it."""
    if keeps() is None:
        return None
    if not keeps() or not held():
        return ""
    plain = to_geojson([one.area for one in held()])
    return base64.b64encode(plain.encode()).decode("ascii")


def take_kept(kept: map_mail.Kept) -> None:
    """Take in what the browser kept, as far as it is not held; nothing where it shall keep none."""
    st.session_state[_TOOK] = kept.kept_id
    if keeps() is False:
        return
    keep(True)  # noqa: FBT003
    try:
        areas = from_geojson(base64.b64decode(kept.text, validate=True).decode())
    except (BluecarbonError, binascii.Error, ValueError):
        say("bad", _("The areas that this browser kept cannot be read; they were left out."))
        return
    before, known = shown(), {to_geojson([one.area]) for one in held()}
    new = [area for area in areas if to_geojson([area]) not in known]
    room = MOST - len(held())
    for area in new[:room]:
        add(area)
    if len(new) > room:
        words = _("This browser kept {n} areas more than there is room for: they were left out.")
        say("bad", words.format(n=len(new) - room))
    if before is not None:
        show(before.number)


# --- links ---


def put_link(number: int, link: str) -> None:
    """Keep the link of an area that somebody asked for."""
    st.session_state[_LINK] = (number, link)


def link(number: int) -> str | None:
    """The link of an area, where it was asked for last."""
    asked, found = st.session_state.get(_LINK, (None, None))
    return found if asked == number else None


def take_link() -> None:
    """Take in the area that an address brings along, and take it out of the address."""
    code = state.asked(AREA)
    if not code:
        return
    state.put(AREA, None)
    try:
        area = from_code(code, _("Area of a link"))
        if add(area) and state.asked(state.VIEW) is None:
            state.turn_to(area.shape.bounds)
    except BluecarbonError:
        say("bad", _("The area in the link cannot be read: it may have been cut on its way."))


# --- the view ---


def following() -> bool:
    """Whether the numbers beside the map are those of its view."""
    return state.asked(FOLLOW) == "1"


def follow(wanted: bool) -> None:  # noqa: FBT001
    """Switch it, in the address."""
    state.put(FOLLOW, "1" if wanted else None)


def look_at(view: map_mail.Box | None) -> bool:
    """Note what the map shows; whether that is new."""
    if view is None or view == view_box():
        return False
    st.session_state[_VIEW] = view
    return True


def view_box() -> map_mail.Box | None:
    """What the map shows, as it last said."""
    found = st.session_state.get(_VIEW)
    return found if isinstance(found, tuple) else None
