"""Files of the page come compressed to browsers that can read it, and as they are to others."""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path

import brotli
import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

import server
from ui import compressed

SCRIPT = b"const coast = 'mangrove';\n" * 500
ZIPPED = {"accept-encoding": "gzip"}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "page.js").write_bytes(SCRIPT)
    (tmp_path / "small.js").write_bytes(b"1")
    (tmp_path / "face.woff2").write_bytes(os.urandom(5000))
    return tmp_path


@pytest.fixture
def client(folder):
    files = StaticFiles(directory=folder)
    served = Starlette(
        routes=[Mount("/app/static", files), Mount("/other", files)],
        middleware=[Middleware(compressed.CompressedFiles, folders={"/app/static": folder})],
    )
    return TestClient(served)


def test_a_script_comes_compressed_and_whole(client):
    answer = client.get("/app/static/page.js", headers=ZIPPED)
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < len(SCRIPT) / 10
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert answer.content == SCRIPT
    # A part of the plain file is no part of this one.
    assert answer.headers["etag"].startswith("W/")
    assert "accept-ranges" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "way"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "br"),
        ("br;q=0, gzip", "gzip"),
        ("gzip, deflate", "gzip"),
        ("brotli, gzip;q=0.8", "gzip"),
    ],
)
def test_the_better_way_is_taken_where_the_browser_can_read_it(client, asked, way):
    with client.stream("GET", "/app/static/page.js", headers={"accept-encoding": asked}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == way
    assert {"br": brotli.decompress, "gzip": gzip.decompress}[way](raw) == SCRIPT


def test_it_is_compressed_once(client, monkeypatch):
    client.get("/app/static/page.js", headers=ZIPPED)
    monkeypatch.setattr(compressed, "_WAYS", dict.fromkeys(compressed._WAYS))
    assert client.get("/app/static/page.js", headers=ZIPPED).content == SCRIPT


def test_a_changed_file_is_compressed_anew(client, folder):
    client.get("/app/static/page.js", headers=ZIPPED)
    (folder / "page.js").write_bytes(SCRIPT * 2)
    assert client.get("/app/static/page.js", headers=ZIPPED).content == SCRIPT * 2


def test_what_the_browser_has_is_not_sent_again(client):
    tag = client.get("/app/static/page.js", headers=ZIPPED).headers["etag"]
    assert (
        client.get("/app/static/page.js", headers=ZIPPED | {"if-none-match": tag}).status_code
        == 304
    )


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/app/static/page.js", {"accept-encoding": "identity"}),
        ("/app/static/page.js", ZIPPED | {"range": "bytes=0-99"}),
        ("/app/static/face.woff2", ZIPPED),
        ("/app/static/small.js", ZIPPED),
        ("/app/static/gone.js", ZIPPED),
        ("/app/static//page.js", ZIPPED),
        ("/app/static/page.js", {"accept-encoding": "gzip;q=0"}),
        ("/other/page.js", ZIPPED),
    ],
)  # fmt: skip
def test_what_would_not_gain_or_cannot_be_read_stays_as_it_is(client, path, headers):
    assert "content-encoding" not in client.get(path, headers=headers).headers


def test_the_files_of_the_dashboard_are_among_them(tmp_path):
    (middleware,) = [one for one in server.MIDDLEWARE if one.cls is compressed.CompressedFiles]
    known = middleware.cls(None, **middleware.kwargs)._known
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    (script,) = re.findall(r'type="module" crossorigin src="\.(/static/js/index[^"]*)"', page)
    assert {script, "/app/static/map/map.js", "/app/static/vendor/leaflet/leaflet.js"} <= known
