"""Own areas on the map: what its script is given, and what it sends back."""

from __future__ import annotations

import json
from typing import Any, Final

import shapely

from bluecarbon_map.errors import BluecarbonError
from bluecarbon_map.reports.own_area import OwnArea, from_geojson
from ui import editor, map_mail, outlines, own_state, panels
from ui.words import _

_MOST_CORNERS: Final = 500
"""Corners of an outline that can be changed by hand."""


def given() -> dict[str, Any]:
    """Own areas as the script of either map takes them: numbers and our own words, no name.

    ``shapes`` to outline, ``follow`` whether the view is to be told, ``keep`` the text that the
    browser is to keep (None: nobody said so) with the session and what it took in of it, ``edit``
    an outline to open once for each token.
    """
    shown = own_state.shown()
    return {
        "on": True,
        "shapes": [
            {
                "geometry": json.loads(outlines.thinned(one.area.shape)[0]),
                "faint": shown is None or one.number != shown.number,
            }
            for one in own_state.held()
        ],
        "follow": own_state.following(),
        "keep": {
            "text": own_state.kept_text(),
            "session": own_state.session(),
            "took": own_state.took(),
        },
        "edit": _edit(),
    }


def corners(area: OwnArea) -> list[list[float]] | None:
    """Corners, latitude before longitude, of an outline that can be changed by hand; else None."""
    shape = area.shape
    if not isinstance(shape, shapely.Polygon) or shape.interiors:
        return None
    places = shapely.get_coordinates(shape.exterior)[:-1, ::-1].tolist()
    return places if len(places) <= _MOST_CORNERS else None


def _edit() -> dict[str, Any] | None:
    opened = own_state.edited()
    held = None if opened is None else next(
        (one for one in own_state.held() if one.number == opened[1]), None
    )  # fmt: skip
    places = None if held is None else corners(held.area)
    if opened is None or places is None:
        return None
    return {"token": opened[0], "of": opened[1], "places": places}


def take(key: str = "map") -> None:
    """Take in what the map of this page sent, and run again where it changes the page."""
    mail = map_mail.read(key)
    changed = own_state.note_refused(mail.refused)
    if mail.kept is not None and own_state.is_new(mail.kept.kept_id):
        own_state.take_kept(mail.kept)
        changed = True
    if mail.drawing is not None and own_state.is_new(mail.drawing.drawing_id):
        _take_drawing(mail.drawing)
        changed = True
    if own_state.following():
        changed = own_state.look_at(mail.view) or changed
    if changed:
        panels.run_again()


def _take_drawing(drawing: map_mail.Drawing) -> None:
    own_state.hush()
    own_state.edit_done()
    try:
        area = from_geojson(drawing.geojson)[0]
    except BluecarbonError as problem:
        own_state.say("bad", _("The drawing was not taken."), *editor.refusal(problem))
        return
    known = {one.number for one in own_state.held()}
    if drawing.of is not None and drawing.of in known:
        own_state.change(drawing.of, area)
    else:
        own_state.add(area)
