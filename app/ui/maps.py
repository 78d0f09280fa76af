"""The map: Leaflet through folium, without a request to any other machine.

The script that makes the map is always the same one, so that its frame lives on: a rerun, also one
in another language, changes only the small script of `_Shown`, which hands what is shown to
``app/static/map/map.js``. Nobody can move off the sheet that the workspace vouches for. No value
of a data file ever enters a script: what comes in is geometry, numbers, and our own words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, cast

import folium
import streamlit_folium
from branca.element import Element, Figure, MacroElement
from folium.template import Template
from streamlit_folium import st_folium

from bluecarbon_map.tiles import BEYOND, MAX_ZOOM, fitting_view
from ui import assets, cached, engine, fast_map, map_mail, naming, state
from ui.vector_tiles import VectorTiles
from ui.words import LANGUAGE_TAGS, _

HEIGHT_PX: Final = 640
_LOCAL: Final = {
    "leaflet@1.9.3/dist/leaflet.js": "vendor/leaflet/leaflet.js",
    "leaflet@1.9.3/dist/leaflet.css": "vendor/leaflet/leaflet.css",
    "bluecarbon/map.js": "map/map.js",
    "bluecarbon/measure.js": "map/measure.js",
    "bluecarbon/parts.js": "map/parts.js",
    "bluecarbon/stack.js": "map/stack.js",
    "bluecarbon/beside.js": "map/beside.js",
    "bluecarbon/draw.js": "map/draw.js",
    "bluecarbon/map.css": "map/map.css",
    "bluecarbon/beside.css": "map/beside.css",
}
"""End of the address that is asked for, and the file served instead."""
_OWN_JS: Final = [
    (name, f"bluecarbon/{name}.js")
    for name in ("measure", "draw", "parts", "stack", "beside", "map")
]
_OWN_CSS: Final = [(f"{name}_css", f"bluecarbon/{name}.css") for name in ("map", "beside")]

_FRAME_STYLE: Final = (
    "<style>html,body,#root,#parent,.float-child{height:100%;margin:0}"
    f"#map_div{{height:100vh!important;width:100%!important;background:{BEYOND}}}</style>"
)
"""Not in map.css: the size of the frame must be known before the map is made."""

_CLICK_PX: Final = 6
_M_PER_PX: Final = 136_000.0
"""Metres in a pixel at zoom 0 and latitude 30."""

_ATTRIBUTION: Final = "DCW-GMT (LGPL-3)"
_MIN_ZOOM: Final = 7
_START_SIZE_PX: Final = (800, 690)


@dataclass(frozen=True, slots=True)
class Tiles:
    """One layer of tiles on the map.

    Attributes:
        name: Word of our own for it, never one of a data file; a layer keeps it in every run.
        url: Address with places for z, x and y, from `addresses`.
        opacity: 0 to 1.
        z: Which lies on top: the highest.
        options: What Leaflet is told of this layer alone.
        vector: The same patches as vector tiles, for the fast map; None where there are none.
    """

    name: str
    url: str
    opacity: float
    z: int
    options: Mapping[str, Any] = field(default_factory=dict)
    vector: VectorTiles | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """An earlier time on the same map.

    Attributes:
        mode: ``swipe`` (a divider that can be moved) or ``side`` (two maps that move together).
        tiles: Layers of the earlier time; they lie at the left.
        labels: What stands on the left and on the right half, in words of the page.
    """

    mode: str
    tiles: Sequence[Tiles]
    labels: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Move:
    """Where the map goes, once for each token.

    Attributes:
        token: Changes whenever the map is to go somewhere.
        view: Zoom, latitude and longitude, or None.
        box: West, south, east, north, where there is no view; None for the start.
    """

    token: str
    view: tuple[int, float, float] | None
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class Click:
    """Where the map was clicked.

    Attributes:
        lon: Longitude, degrees.
        lat: Latitude, degrees.
        zoom: Zoom the map had.
    """

    lon: float
    lat: float
    zoom: int

    @property
    def tolerance_m(self) -> float:
        """What a few pixels are on the ground: a finger is not a needle."""
        return _CLICK_PX * _M_PER_PX / float(2**self.zoom)


class OfflineError(LookupError):
    """Something asked for a browser asset that is not served from here."""


class _Start(MacroElement):
    """Our controls, on a map that has just been made."""

    _template = Template(
        "{% macro script(this, kwargs) %}window.bluecarbonMap.start(map_div);{% endmacro %}"
    )


class _Shown(MacroElement):
    """Layers, outlines, view and words; the only script that changes."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "window.bluecarbonMap.show({{ this.given|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, given: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Shown"
        self.given = given


def _url(url: str) -> str:
    """Address of a layer as the browser asks for it: only 天地图 lies on another machine."""
    return assets.prefix() + url if url.startswith("/") else url


def local_url(url: str) -> str:
    """Where an asset is served from.

    Raises:
        OfflineError: If there is no local copy of it.
    """
    for ending, file in _LOCAL.items():
        if url.endswith(ending):
            return assets.address(file)
    raise OfflineError(f"no local copy of {url}: add it to scripts/vendor.py")


def go_offline() -> None:
    """Make folium and streamlit-folium ask this server for everything; safe to call twice."""
    needed = ("leaflet", "leaflet_css")
    scripts = [(n, u) for n, u in folium.Map.default_js if n in needed]
    styles = [(n, u) for n, u in folium.Map.default_css if n in needed]
    folium.Map.default_js = scripts + _OWN_JS
    folium.Map.default_css = styles + _OWN_CSS
    ask = streamlit_folium._component_func  # noqa: SLF001
    if getattr(ask, "offline", False):
        return

    def ask_locally(**parts: Any) -> Any:  # noqa: ANN401
        parts["js_links"] = [local_url(url) for url in parts["js_links"]]
        parts["css_links"] = [local_url(url) for url in parts["css_links"]]
        return ask(**parts)

    ask_locally.offline = True  # type: ignore[attr-defined]
    streamlit_folium._component_func = ask_locally  # noqa: SLF001


def _empty_map() -> folium.Map:
    """A map without anything on it, the same in every run; never kept, for things are added to it.

    Its script must not change: whatever does would make the frame anew and lose the view.
    """
    (lat, lon), zoom = _home()
    west, south, east, north = _sheet()
    ground = folium.Map(
        (lat, lon),
        zoom_start=zoom,
        tiles=None,
        max_bounds=True,
        min_lat=south,
        min_lon=west,
        max_lat=north,
        max_lon=east,
        maxBoundsViscosity=1,
        minZoom=_MIN_ZOOM,
        maxZoom=MAX_ZOOM,
        fadeAnimation=False,
        trackResize=False,  # map.js does, and tells it from a move by hand
    )
    ground.add_child(_Start())  # type: ignore[no-untyped-call]
    page = cast("Figure", ground.get_root())
    page.header.add_child(Element(_FRAME_STYLE))
    return ground


def _sheet() -> tuple[float, float, float, float]:
    return cached.sheet(cached.workspace().version)


def _home() -> tuple[tuple[float, float], int]:
    """View of a newcomer: the coast with patches; on a phone, the middle of it."""
    return fitting_view(cached.patch_bounds(cached.workspace().version), *_START_SIZE_PX)


def show(
    key: str,
    tiles: Sequence[Tiles],
    move: Move,
    outlines: Sequence[str] = (),
    *,
    faint: Sequence[str] = (),
    beside: Beside | None = None,
    height_px: int = HEIGHT_PX,
    draw: dict[str, Any] | None = None,
) -> Click | None:
    """Draw the map.

    Args:
        key: Its name on the page.
        tiles: Layers, any order.
        move: Where it goes.
        outlines: GeoJSON geometry, without properties, to outline.
        faint: The same, of what was there before: grey and dashed.
        beside: An earlier time to show at once; None for one time alone.
        height_px: Its height.
        draw: Where own areas can be drawn, what `own_map.given` gives; what comes back lies in
            `map_mail`.

    Returns:
        The last click, in every run from it on, or None.
    """
    given = _given(tiles, move, outlines, faint)
    given |= {"beside": _beside(beside), "draw": draw}
    if engine.drawn() == engine.FAST:
        said = fast_map.show(key, given, min_zoom=_MIN_ZOOM)
        map_mail.put(key, said.get("mail"))
        return _click(said.get("click"))
    go_offline()
    group = folium.FeatureGroup(name="shown")
    group.add_child(_Shown(given))
    event = st_folium(
        _empty_map(),
        key=key,
        height=height_px,
        use_container_width=True,
        feature_group_to_add=group,
        returned_objects=["last_clicked", "last_active_drawing"],
    )
    map_mail.put(key, (event or {}).get("last_active_drawing"))
    return _click((event or {}).get("last_clicked"))


def _given(
    tiles: Sequence[Tiles], move: Move, outlines: Sequence[str], faint: Sequence[str]
) -> dict[str, Any]:
    """All that the map's script is told."""
    (lat, lon), zoom = _home()
    west, south, east, north = _sheet()
    return {
        "home": [lat, lon, zoom],
        "move": asdict(move),
        "layers": _layers(tiles),
        "outlines": [json.loads(outline) for outline in outlines],
        "faint": [json.loads(outline) for outline in faint],
        "options": {
            "maxZoom": MAX_ZOOM,
            "bounds": [[south, west], [north, east]],
            "attribution": _ATTRIBUTION,
        },
        "words": _words(),
        "keep": engine.to_keep(),
    }


def _layers(tiles: Sequence[Tiles]) -> list[dict[str, Any]]:
    return [
        {**asdict(layer), "url": _url(layer.url), "vector": _vector(layer.vector)}
        for layer in tiles
    ]


def _vector(given: VectorTiles | None) -> dict[str, Any] | None:
    return None if given is None else {**asdict(given), "url": _url(given.url)}


def _beside(wanted: Beside | None) -> dict[str, Any] | None:
    """What ``app/static/map/beside.js`` is told."""
    if wanted is None:
        return None
    return {
        "mode": wanted.mode,
        "layers": _layers(wanted.tiles),
        "labels": list(wanted.labels),
        "words": {
            "divider": _("Divider between two times; arrow keys move it"),
            "share": _("{percent} % shows {left}, the rest {right}"),
            "second": _("Map of the earlier time; it moves with the other"),
        },
    }


def _words() -> dict[str, str]:
    """What the controls say."""
    return {
        "lang": LANGUAGE_TAGS[state.language()],
        "map": _("Map; arrow keys move it, plus and minus zoom"),
        "review": naming.review_line(),
        "tools": _("Tools of the map"),
        "nearer": _("Zoom in"),
        "farther": _("Zoom out"),
        "home": _("Whole coast"),
        "zone": _("Zoom to what is outlined"),
        "measure": _("Measure length and area"),
        "draw": _("Draw an own area"),
        "drawStart": _("Click the corners of the area, one after the other"),
        "drawArea": _("Area about {ha} ha"),
        "drawNote": _(
            "Drag a corner to move it, Delete removes it; by keyboard, Enter sets a corner in the "
            "middle of the map; double-click ends, Esc leaves"
        ),
        "drawUndo": _("Take back"),
        "drawVertex": _("Corner {n}"),
        "full": _("Full screen"),
        "link": _("Copy a link to this view"),
        "copied": _("Link copied"),
        "notCopied": _("The browser does not let us copy; take the link from the address bar"),
        "place": _("{lat}° N, {lon}° E"),
        "measureStart": _("Click places on the map, one after the other"),
        "measureLength": _("Length {km} km"),
        "measureAnd": _("; "),
        "measureArea": _("area {ha} ha"),
        "measureNote": _("Indicative; double-click ends, Esc leaves"),
        "measureDone": _("Indicative; the next click starts anew"),
        "finish": _("Finish"),
        "clear": _("Clear"),
        "close": _("Close"),
    }


def _click(place: dict[str, Any] | None) -> Click | None:
    if not place:
        return None
    return Click(place["lng"], place["lat"], int(place.get("alt") or 8))


go_offline()
