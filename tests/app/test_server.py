"""Tile addresses, headers and assets of the server."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

import server
from bluecarbon_map.errors import NotFoundError
from bluecarbon_map.tiles import Tile, building, empty_tile
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


def _vector() -> str:
    workspace = cached.workspace()
    return addresses.vector_url(workspace.version, workspace.info.default_survey_id)


def test_a_vector_tile_is_read_back_and_holds_patches():
    wanted = addresses.parse_vector(12, 3420, 1721, _query(_vector()))
    assert wanted.survey_id == cached.workspace().info.default_survey_id
    assert b"patches" in gzip.decompress(addresses.draw(wanted))
    assert addresses.draw(addresses.parse_vector(12, 0, 0, _query(_vector()))) == b""


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ((11, 1711, 855), {}),
        ((14, 13692, 6840), {}),
        ((12, 4096, 0), {}),
        ((12, 3423, 1710), {"v": "0000"}),
        ((12, 3423, 1710), {"s": "99"}),
        ((12, 3423, 1710), {"s": "-1"}),
        ((12, 3423, 1710), {"s": "٣"}),
        ((12, 3423, 1710), {"e": "1"}),
    ],
)
def test_an_address_of_a_vector_tile_that_is_not_exactly_ours_is_not_found(place, change):
    with pytest.raises(addresses.NoSuchTileError):
        addresses.parse_vector(*place, _query(_vector()) | change)


def test_a_vector_tiles_address_holds_nothing_but_numbers():
    address = r"/tiles/vector/\{z\}/\{x\}/\{y\}\.mvt\?v=[0-9a-f]+&s=\d+"
    assert re.fullmatch(address, _vector())


@pytest.fixture
def asks():
    """Asks the server's own routes, without the dashboard around them."""
    routes = Starlette(routes=server.ROUTES)
    return TestClient(routes, base_url="http://127.0.0.1", follow_redirects=False).get


def test_a_vector_tile_comes_compressed_and_once(asks):
    url = _vector().format(z=12, x=3420, y=1721)
    answer = asks(url)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert b"patches" in answer.content
    tag = answer.headers["etag"]
    assert tag == f'"{_query(_vector())["v"]}"'
    again = asks(url, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert asks(url, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_vector_tile_without_a_patch_is_empty_and_not_said_to_be_compressed(asks):
    answer = asks(_vector().format(z=12, x=0, y=0))
    assert (answer.status_code, answer.content) == (200, b"")
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ({"z": 11}, {}),
        ({"z": 14}, {}),
        ({"x": 4096}, {}),
        ({"y": -1}, {}),
        ({}, {"s": "99"}),
        ({}, {"v": "0000"}),
        ({}, {"extra": "1"}),
    ],
)
def test_a_vector_tile_that_is_not_exactly_ours_is_not_found(asks, place, change):
    path = _vector().partition("?")[0].format(**{"z": 12, "x": 3420, "y": 1721} | place)
    answer = asks(path, params=_query(_vector()) | change)
    assert (answer.status_code, answer.content) == (404, b"")


def test_patches_have_the_version_of_their_survey_and_not_that_of_the_workspace():
    workspace = cached.workspace()
    own = workspace.habitats_version(workspace.info.default_survey_id)
    assert _query(_default_habitats())["v"] == _query(_vector())["v"] == own + building.kind()
    assert own != workspace.version


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
