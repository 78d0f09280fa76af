"""Tile addresses, headers and assets of the server."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

import server
from bluecarbon_map.errors import NotFoundError
from bluecarbon_map.tiles import Tile, empty_tile
from ui import addresses, cached, elements, maps

APP = Path(__file__).parents[2] / "app"
VENDOR = APP / "static" / "vendor"


def _query(address: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in address.partition("?")[2].split("&"))


def _default_habitats(ecosystems: frozenset[str] | None = None) -> str:
    workspace = cached.workspace()
    survey = workspace.info.default_survey_id
    return addresses.habitat_url(workspace.version, survey, ecosystems, demonstration=True)


def test_an_address_is_read_back_as_the_choice_it_was_made_from():
    wanted = addresses.parse(
        "habitats", 8, 213, 106, _query(_default_habitats(frozenset({"mangrove"})))
    )
    assert wanted.survey_id == cached.workspace().info.default_survey_id
    assert wanted.ecosystems == {"mangrove"}
    assert wanted.demonstration


@pytest.mark.parametrize(
    ("layer", "z", "change"),
    [
        ("roads", 8, {}),
        ("habitats", 19, {}),
        ("habitats", 8, {"v": "0000"}),
        ("habitats", 8, {"s": "99"}),
        ("habitats", 8, {"s": "-1"}),
        ("habitats", 8, {"s": "٣"}),
        ("habitats", 8, {"e": "512"}),
        ("habitats", 8, {"d": "2"}),
        ("habitats", 8, {"extra": "1"}),
        ("base", 8, {}),
    ],
)
def test_an_address_that_is_not_exactly_ours_is_not_found(layer, z, change):
    with pytest.raises(addresses.NoSuchTileError):
        addresses.parse(layer, z, 213, 106, _query(_default_habitats()) | change)


def test_an_address_holds_nothing_but_numbers_and_known_words():
    assert re.fullmatch(
        r"/tiles/habitats/\{z\}/\{x\}/\{y\}\.png\?v=[0-9a-f]+&s=\d+&e=\d+&d=[01]",
        _default_habitats(),
    )


def _raster(raster_id: str = "landcover-2022") -> str:
    return addresses.raster_url(cached.workspace().version, raster_id)


def test_a_rasters_address_holds_nothing_but_numbers():
    assert re.fullmatch(r"/tiles/raster/\{z\}/\{x\}/\{y\}\.png\?v=[0-9a-f]+&r=\d+", _raster())


@pytest.mark.parametrize("raster_id", ["landcover-2022", "landcover-2025", "vi-yueqing-2025"])
def test_a_rasters_address_is_read_back_and_drawn(raster_id):
    wanted = addresses.parse("raster", 10, 856, 427, _query(_raster(raster_id)))
    assert wanted.raster_id == raster_id
    assert addresses.draw(wanted).startswith(b"\x89PNG")
    assert addresses.draw(wanted) != empty_tile()


@pytest.mark.parametrize(
    "change",
    [{"r": "99"}, {"r": "-1"}, {"r": "landcover-2022"}, {"r": "٣"}, {"d": "1"}, {"v": "0"}],
)
def test_a_rasters_address_that_is_not_exactly_ours_is_not_found(change):
    with pytest.raises(addresses.NoSuchTileError):
        addresses.parse("raster", 10, 856, 427, _query(_raster()) | change)


def test_a_raster_that_cannot_be_drawn_is_not_found():
    version = cached.workspace().version
    gone = addresses.TileRequest(version, Tile(0, 0, 0), raster_id="gone")
    with pytest.raises(NotFoundError, match="no raster 'gone'"):
        addresses.draw(gone)
    assert server._drawn(gone) is None


def test_an_asset_without_a_local_copy_is_refused():
    with pytest.raises(maps.OfflineError, match="no local copy"):
        maps.local_url("https://example.org/d3.min.js")


def test_every_local_asset_lies_there_unchanged():
    listed = re.findall(r"^\| (\S+) \|.*`([0-9a-f]{64})`", (VENDOR / "README.md").read_text(), re.M)
    assert len(listed) >= 5
    for name, digest in listed:
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name
    served = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert served == {name for name, _ in listed} | {"README.md"}


def test_every_asset_the_map_asks_for_is_there():
    for url in (
        "https://x/leaflet@1.9.3/dist/leaflet.js",
        "https://x/leaflet@1.9.3/dist/leaflet.css",
    ):
        path = maps.local_url(url).removeprefix("/app/static/")
        assert (APP / "static" / path).is_file()


def test_markup_in_a_name_stays_text():
    hostile = '<img src=x onerror="alert(1)">'
    html = elements.markup(elements.card(hostile, elements.small("${alert(1)}"), badge=hostile))
    assert "<img" not in html
    assert "&lt;img" in html
