"""What a server may show: some surveys alone, files in parts, and headers on every answer."""

from __future__ import annotations

import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

import server
from bluecarbon_map.dashboard import ONLY_VARIABLE, TIANDITU_KEY_VARIABLE, TIANDITU_REVIEW_VARIABLE
from bluecarbon_map.errors import InputError
from bluecarbon_map.reports import tiling
from tests import builders
from tests.app.conftest import may_edit, text_of
from ui import addresses, cached, downloads, editing, headers, layer_panel, layers, rights, tianditu

OPEN, HIDDEN = "S-2022", "S-2025"
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The server looks at the small workspace; its index goes with the later survey."""
    folder = builders.write_workspace(tmp_path / "small")
    later = builders.index(survey_id=HIDDEN, title_zh='../"指数"\r\n<b>')
    builders.write_rasters(folder, builders.raster(), later)
    monkeypatch.setenv("BLUECARBON_WORKSPACE", str(folder))
    cached.forget()
    yield folder
    cached.forget()


@pytest.fixture
def limited(folder, monkeypatch):
    monkeypatch.setenv(ONLY_VARIABLE, json.dumps([OPEN]))


@pytest.fixture
def asks():
    """Asks the server's own routes, with its headers, without the dashboard around them."""
    routes = Starlette(routes=server.ROUTES, middleware=server.MIDDLEWARE[:1])
    return TestClient(routes, base_url="http://127.0.0.1", follow_redirects=False).get


def tile(url, x=213, y=106):
    return url.format(z=8, x=x, y=y)


def test_without_the_setting_everything_is_shown(folder, monkeypatch):
    monkeypatch.delenv(ONLY_VARIABLE, raising=False)
    assert rights.surveys() is None
    assert cached.workspace().surveys()["survey_id"].tolist() == [OPEN, HIDDEN]


@pytest.mark.parametrize("said", ["", "S-2022", "[1]", "{}", '"S-2022"', "null"])
def test_a_setting_that_cannot_be_read_shows_nothing(folder, monkeypatch, said):
    monkeypatch.setenv(ONLY_VARIABLE, said)
    with pytest.raises(InputError, match="it is no list of ids"):
        cached.workspace()
    with pytest.raises(InputError):
        server._settings()


def test_who_sees_a_part_may_not_write(folder, monkeypatch):
    monkeypatch.delenv(ONLY_VARIABLE, raising=False)
    may_edit(monkeypatch)
    assert editing.allowed()
    monkeypatch.setenv(ONLY_VARIABLE, json.dumps([OPEN]))
    assert not editing.allowed()


def test_a_hidden_survey_has_no_tile_and_a_hidden_raster_no_file(folder, monkeypatch, asks):
    whole = cached.workspace().version
    named = {
        "survey": addresses.habitat_url(whole, HIDDEN, None, demonstration=True),
        "raster": addresses.raster_url(whole, builders.INDEX),
    }
    file = downloads.raster_url(builders.INDEX)
    assert asks(tile(named["survey"])).status_code == 200
    assert asks(file).status_code == 200
    monkeypatch.setenv(ONLY_VARIABLE, json.dumps([OPEN]))
    left = cached.workspace().version
    refused = [asks(tile(url).replace(whole, left)) for url in named.values()]
    refused += [asks(tile(url)) for url in named.values()]
    refused.append(asks(file))
    never = [asks("/tiles/habitats/8/213/106.png?v=0&s=9&e=1&d=1"), asks("/downloads/raster/x.tif")]
    assert {(one.status_code, one.content) for one in refused + never} == {(404, b"")}
    assert len({str(dict(one.headers)) for one in refused + never}) == 1
    shown = addresses.habitat_url(left, OPEN, None, demonstration=True)
    assert asks(tile(shown)).status_code == 200
    assert asks("/health").json() == {"status": "ok", "workspace": left}


@pytest.mark.parametrize("page", ["surveys", "distribution"])
def test_no_page_knows_the_hidden_survey(limited, opened, page):
    hidden, unknown = (opened(page, survey=one) for one in (HIDDEN, "S-1999"))
    # That the address names no survey is said alike; beyond that neither is spoken of.
    assert text_of(hidden).replace(HIDDEN, "S-1999") == text_of(unknown)
    said = text_of(opened(page))
    assert not [mark for mark in (HIDDEN, "2025 年调查", "指数") if mark in said]
    options = [one for box in hidden.selectbox for one in box.options]
    assert not any("2025" in one for one in options)


# --- files --------------------------------------------------------------------------------------


@pytest.fixture
def file(folder, monkeypatch):
    monkeypatch.delenv(ONLY_VARIABLE, raising=False)
    return downloads.raster_url(builders.INDEX), folder / f"raster_{builders.INDEX}.tif"


def test_a_file_comes_whole_under_a_name_that_is_safe(file, asks):
    url, path = file
    answer = asks(url)
    assert answer.status_code == 200
    assert answer.content == path.read_bytes()
    assert answer.headers["content-type"] == "image/tiff"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"index-2022.tif\"; filename*=UTF-8''"
        "%E6%8C%87%E6%95%B0-b_2022_%E6%BC%94%E7%A4%BA-demo.tif"
    )


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [("bytes=0-3", 0, 4), ("bytes=10-", 10, None), ("bytes=-5", -5, None)],
)
def test_a_part_of_a_file_comes_alone(file, asks, wanted, start, end):
    url, path = file
    answer = asks(url, headers={"range": wanted})
    assert answer.status_code == 206
    assert answer.content == path.read_bytes()[start:end]
    first = start % path.stat().st_size
    stated = f"bytes {first}-{first + len(answer.content) - 1}/{path.stat().st_size}"
    assert answer.headers["content-range"] == stated


def test_a_part_beyond_the_file_is_refused(file, asks):
    url, path = file
    answer = asks(url, headers={"range": f"bytes={path.stat().st_size}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{path.stat().st_size}"
    assert asks(url, headers={"range": "bytes=3-1"}).status_code == 400


def test_a_download_goes_on_only_if_the_file_is_the_same(file, asks):
    url, path = file
    tag = asks(url).headers["etag"]
    assert asks(url, headers={"range": "bytes=0-3", "if-range": tag}).status_code == 206
    assert asks(url, headers={"range": "bytes=0-3", "if-range": '"other"'}).status_code == 200
    again = asks(url, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    path.write_bytes(path.read_bytes() + b"more")
    assert asks(url, headers={"if-none-match": tag}).status_code == 200


def test_the_tiles_of_a_survey_come_as_one_file_once_made_and_if_it_may_be_seen(
    folder, monkeypatch, asks, tmp_path
):
    monkeypatch.setattr(tiling, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    url = downloads.patches_url(HIDDEN)
    assert downloads.patches_size(HIDDEN) is None
    assert asks(url).status_code == 404
    tiling.make_tiles(cached.workspace(), HIDDEN)
    part = asks(url, headers={"range": "bytes=0-6"})
    assert (part.status_code, part.content) == (206, b"PMTiles")
    assert 'filename="S-2025.pmtiles"' in part.headers["content-disposition"]
    assert len(asks(url).content) == downloads.patches_size(HIDDEN)
    monkeypatch.setenv(ONLY_VARIABLE, json.dumps([OPEN]))
    assert asks(url).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/downloads", "/downloads/", "/downloads/raster", "/downloads/raster/0.tif",
        "/downloads/raster/index-2022.tif", "/downloads/raster/..%2f..%2fworkspace.json",
        "/downloads/raster/%2e%2e%2fworkspace.json", "/downloads/..%2fworkspace.json",
        "/downloads/raster/raster_index-2022.tif", "/downloads/survey/0.pmtiles",
        "/downloads/raster/%00.tif", "/tiles", "/tiles/habitats/-1/0/0.png",
        "/tiles/habitats/8/x/0.png", "/tiles/..%2f..%2fworkspace.json",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_not_found(file, asks, address):
    answer = asks(address)
    assert (answer.status_code, answer.content) == (404, b"")


def test_a_raster_whose_file_is_missing_is_not_found_and_said_to_be(file, asks, opened):
    url, path = file
    assert url in text_of(opened("sources"))
    path.unlink()
    assert asks(url).status_code == 404
    shown = text_of(opened("sources"))
    assert url not in shown
    assert "文件缺失" in shown


# --- headers, and the one other machine ---------------------------------------------------------


def test_every_answer_forbids_to_ask_another_machine(asks):
    for address in ("/health", "/nothing-like-it", "/tiles/x", "/downloads/x"):
        told = asks(address).headers
        policy = dict(part.split(" ", 1) for part in told["content-security-policy"].split("; "))
        allowed = {word for words in policy.values() for word in words.split()}
        assert allowed == {"'self'", "'none'", "'unsafe-inline'", "'unsafe-eval'", "data:", "blob:"}
        assert (policy["default-src"], policy["frame-ancestors"]) == ("'self'", "'self'")
        assert told["x-content-type-options"] == "nosniff"
        assert told["cross-origin-resource-policy"] == "same-origin"


def test_tianditu_is_allowed_its_own_hosts_and_no_other(monkeypatch):
    plain = headers.of_every_answer()["content-security-policy"]
    monkeypatch.setenv(TIANDITU_KEY_VARIABLE, KEY)
    hosts = server._settings()
    policy = headers.of_every_answer(hosts)["content-security-policy"]
    assert [host.removeprefix("https://") for host in hosts] == [
        f"t{n}.tianditu.gov.cn" for n in range(8)
    ]
    for host in hosts:
        policy = policy.replace(f" {host}", "")
    assert policy == plain


@pytest.mark.parametrize(
    "said", ["x", KEY[:-1], f"{KEY}0", "<script>alert(1)</script>", KEY + "\n;"]
)
def test_what_is_no_key_starts_no_server(monkeypatch, said):
    monkeypatch.setenv(TIANDITU_KEY_VARIABLE, said)
    with pytest.raises(InputError, match="it is no key") as refused:
        server._settings()
    assert said not in str(refused.value)


def test_tianditu_is_offered_with_a_key_and_shown_when_switched_on(folder, monkeypatch, opened):
    monkeypatch.delenv(ONLY_VARIABLE, raising=False)
    monkeypatch.delenv(TIANDITU_KEY_VARIABLE, raising=False)
    assert tianditu.LAYER not in [layer.name for layer in layers.known()]
    monkeypatch.setenv(TIANDITU_KEY_VARIABLE, KEY)
    monkeypatch.setenv(TIANDITU_REVIEW_VARIABLE, "GS(2099)<b>0号")
    layer = layers.Layer(tianditu.LAYER, visible=True)
    off, on = opened("distribution"), opened("distribution", layers="patches.tianditu.base")
    assert "GS(2099)" not in text_of(off)
    assert "天地图 · 审图号：GS(2099)&lt;b&gt;0号" in text_of(on)
    assert "其审图号显示在地图上" in str(layer_panel._facts(layer))
    assert tianditu.tiles()[0][2]["attribution"] == "天地图 · 审图号：GS(2099)&lt;b&gt;0号"
    monkeypatch.delenv(TIANDITU_REVIEW_VARIABLE)
    assert tianditu.credit() == "天地图"
    assert "未填写其审图号" in str(layer_panel._facts(layer))
