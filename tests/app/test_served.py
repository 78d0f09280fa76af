"""The real server, limited to one survey of the embedded workspace: its hosts, files and tiles."""

from __future__ import annotations

import base64
import http.client
import json
from urllib.parse import urlsplit

import pytest

from bluecarbon_map.dashboard import ONLY_VARIABLE, TIANDITU_KEY_VARIABLE
from tests.browser.conftest import serving
from ui import downloads

OPEN, HIDDEN = "ZJ-2022", "ZJ-2025"
FILES = {
    downloads.raster_url("landcover-2022"): 206,
    downloads.raster_url("landcover-2025"): 404,
    "/downloads/raster/0.tif": 404,
}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    limits = {ONLY_VARIABLE: json.dumps([OPEN]), TIANDITU_KEY_VARIABLE: ""}
    with serving(tmp_path_factory.mktemp("limited"), **limits) as running:
        yield urlsplit(running).netloc


def ask(address, path, **headers):
    """Status, headers and body; a path goes out as it is written here."""
    wire = http.client.HTTPConnection(address, timeout=60)
    wire.putrequest("GET", path, skip_host="Host" in headers)
    for name, value in headers.items():
        wire.putheader(name.replace("_", "-"), value)
    wire.endheaders()
    answer = wire.getresponse()
    found = answer.status, dict(answer.headers), answer.read()
    wire.close()
    return found


@pytest.mark.parametrize(("path", "status"), FILES.items())
def test_a_part_of_a_file_comes_where_it_may_be_seen(address, path, status):
    got, told, body = ask(address, path, Range="bytes=0-3")
    assert (got, body) == (status, b"II*\x00" if status == 206 else b"")
    assert told["content-security-policy"].startswith("default-src 'self'")


@pytest.mark.parametrize("path", ["/health", "/", "/_stcore/health", "/app/static/map/map.js"])
def test_a_foreign_host_is_refused_and_ours_is_not(address, path):
    assert ask(address, path)[0] == 200
    status, told, body = ask(address, path, Host="evil.example")
    assert (status, body) == (400, b"Invalid host header")
    assert told["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("foreign", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
def test_no_page_of_another_site_gets_a_session(address, foreign):
    asked = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode(),
    }  # fmt: skip
    assert ask(address, "/_stcore/stream", Origin=f"http://{address}", **asked)[0] == 101
    assert ask(address, "/_stcore/stream", **asked | foreign)[0] in {400, 403}


@pytest.mark.parametrize(
    "path",
    ["/downloads/../server.py", "/downloads/raster/../../server.py", "/tiles/../server.py",
     "/app/static/../server.py", "/app/static/..%2fserver.py", "/downloads//etc/passwd"],
)  # fmt: skip
def test_no_way_leads_out_of_what_is_served(address, path):
    status, _, body = ask(address, path)
    assert status in {400, 404} or b"<!doctype html>" in body.lower()
    assert b"st.App" not in body
    assert b"root:" not in body


def test_no_word_of_tianditu_without_a_key(address):
    for path in ("/", "/distribution", "/app/static/map/map.js", "/health"):
        _, told, body = ask(address, path)
        assert b"tianditu" not in str(told).encode() + body
