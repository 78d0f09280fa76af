"""The map: Leaflet through folium, without a request to any other machine.

The script that makes the map is always the same one, so that its frame lives on: a rerun, also one
in another language, changes only the small script of `_Shown`, which swaps tiles softly and
outlines what is selected. Nobody can move off the sheet that the workspace vouches for. No value
of a data file ever enters a script: what comes in is geometry, and addresses made of numbers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, cast

import folium
import streamlit as st
import streamlit_folium
from branca.element import Element, Figure, MacroElement
from folium.template import Template
from streamlit_folium import st_folium

from bluecarbon_map.tiles import BEYOND, MAX_ZOOM, fitting_view
from ui import addresses, cached

HEIGHT_PX: Final = 640
_LOCAL: Final = {
    "leaflet@1.9.3/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet@1.9.3/dist/leaflet.css": "leaflet/leaflet.css",
}
"""End of the address folium asks for, and the file served instead."""
_FRAME_STYLE: Final = (
    "<style>html,body,#root,#parent,.float-child{height:100%;margin:0}"
    "#map_div{height:100vh!important;width:100%!important;"
    f"background:{BEYOND}}}"
    ".leaflet-container{font:12px/1.4 'Noto Sans SC','Noto Sans CJK SC','PingFang SC',"
    "'Microsoft YaHei',sans-serif}"
    ".leaflet-control-scale-line,.leaflet-control-attribution{font-size:11px!important;"
    "color:#5c7080}</style>"
)

_CLICK_PX: Final = 6
_M_PER_PX: Final = 136_000.0
"""Metres in a pixel at zoom 0 and latitude 30."""

_ATTRIBUTION: Final = "DCW-GMT (LGPL-3)"
_MIN_ZOOM: Final = 7
_START_SIZE_PX: Final = (800, 690)
_ZONE_SIZE_PX: Final = (620, 480)


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


class _Manners(MacroElement):
    """No flag in the corner, a scale in kilometres; a click brings the zoom as its altitude."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        map_div.attributionControl.setPrefix(false);
        L.control.scale({imperial: false}).addTo(map_div);
        map_div.on("click", function (event) { event.latlng.alt = map_div.getZoom(); });
        {% endmacro %}
        """
    )


class _Shown(MacroElement):
    """Puts tiles and outlines on the map without a flash.

    New tiles are laid over the old, which go when the new are all there.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        (function (map, layers, outlines, options) {
            window.bluecarbonTiles = window.bluecarbonTiles || {};
            Object.entries(layers).forEach(function ([name, url], at) {
                const old = window.bluecarbonTiles[name] || {all: []};
                if (old.url === url) { return; }
                const fresh = L.tileLayer(url, Object.assign({zIndex: 10 * (at + 1)}, options));
                fresh.once("load", function () {
                    old.all.forEach(function (tiles) { map.removeLayer(tiles); });
                });
                fresh.addTo(map);
                window.bluecarbonTiles[name] = {url: url, all: old.all.concat([fresh])};
            });
            if (window.bluecarbonOutlines) {
                map.removeLayer(window.bluecarbonOutlines);
            }
            window.bluecarbonOutlines = L.layerGroup(outlines.map(function (outline) {
                return L.geoJSON(outline, {interactive: false, style: {
                    color: "#0B5C8A", weight: 2, opacity: 0.9, fillOpacity: 0.04}});
            })).addTo(map);
        })(map_div, {{ this.layers|tojson }}, {{ this.outlines|tojson }},
           {{ this.options|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, base: str, habitats: str | None, outlines: list[dict[str, Any]]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Shown"
        west, south, east, north = _sheet()
        self.layers = {"base": base} | ({"habitats": habitats} if habitats else {})
        self.outlines = outlines
        self.options = {
            "maxZoom": MAX_ZOOM,
            "bounds": [[south, west], [north, east]],
            "attribution": _ATTRIBUTION,
        }


def _folder() -> str:
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return (f"/{base}" if base else "") + "/app/static/vendor/"


def local_url(url: str) -> str:
    """Where an asset is served from.

    Raises:
        OfflineError: If there is no local copy of it.
    """
    for ending, file in _LOCAL.items():
        if url.endswith(ending):
            return _folder() + file
    raise OfflineError(f"no local copy of {url}: add it to scripts/vendor.py")


def go_offline() -> None:
    """Make folium and streamlit-folium ask this server for everything; safe to call twice."""
    needed = ("leaflet", "leaflet_css")
    folium.Map.default_js = [(n, u) for n, u in folium.Map.default_js if n in needed]
    folium.Map.default_css = [(n, u) for n, u in folium.Map.default_css if n in needed]
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
    (lat, lon), zoom = _start()
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
    )
    ground.add_child(_Manners())  # type: ignore[no-untyped-call]
    page = cast("Figure", ground.get_root())
    page.header.add_child(Element(_FRAME_STYLE))
    return ground


def _sheet() -> tuple[float, float, float, float]:
    return cached.sheet(cached.workspace().version)


def _address(path: str) -> str:
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{path}" if base else path


def _start() -> tuple[tuple[float, float], int]:
    """View of a newcomer: the coast with patches; on a phone, the middle of it."""
    return fitting_view(cached.patch_bounds(cached.workspace().version), *_START_SIZE_PX)


def show(
    key: str,
    url: str | None,
    language: str,
    *,
    outlines: list[str] | None = None,
    around: tuple[float, float, float, float] | None = None,
) -> Click | None:
    """Draw the map.

    Args:
        key: Its name on the page.
        url: Address of the patches' tiles, from `addresses.habitat_url`.
        language: Of the names on the ground.
        outlines: GeoJSON geometry, without properties, to outline.
        around: West, south, east, north of what the view goes to when it changes.

    Returns:
        The last click, in every run from it on, or None.
    """
    go_offline()
    group = folium.FeatureGroup(name="shown")
    shapes = [json.loads(outline) for outline in outlines or []]
    ground = addresses.base_url(cached.workspace().version, language)
    group.add_child(_Shown(_address(ground), _address(url) if url else None, shapes))
    centre, zoom = fitting_view(around, *_ZONE_SIZE_PX) if around else _start()
    event = st_folium(
        _empty_map(),
        key=key,
        height=HEIGHT_PX,
        use_container_width=True,
        feature_group_to_add=group,
        center=centre,
        zoom=zoom,
        returned_objects=["last_clicked"],
    )
    return _click(event)


def _click(event: dict[str, Any] | None) -> Click | None:
    place = (event or {}).get("last_clicked")
    if not place:
        return None
    return Click(place["lng"], place["lat"], int(place.get("alt") or 8))


go_offline()
