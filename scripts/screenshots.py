"""Take the pictures of the README anew: ``python scripts/screenshots.py [FOLDER]``.

Starts the dashboard on a free port and photographs it with the installed Chromium: every page on a
desk, some on a phone, on a wall and as they are printed. Any request to another host is refused and
ends the run.
"""

from __future__ import annotations

import http.client
import io
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, Route, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
PAGES: Final = (
    "overview",
    "coast",
    "distribution",
    "zone",
    "stock",
    "flux",
    "standards",
    "compare",
    "progress",
    "surveys",
    "trace",
    "export",
    "methods",
)
PAGES_WITH_MAP: Final = frozenset({"overview", "distribution", "zone"})
IN_BOTH_LANGUAGES: Final = frozenset({"overview", "distribution", "progress"})
"""Pages that the README shows; the others are photographed in Chinese only."""
ABOUT: Final = {"zone": "&zone=330382", "compare": "&with=330300,331000", "trace": "&zone=331083",
               "surveys": "&survey=ZJ-2025"}  # fmt: skip
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LARGEST_BYTES: Final = 700_000
READY_WITHIN_S: Final = 90
PAGE_WITHIN_MS: Final = 60_000

_PAINTED: Final = """() => {
    const tiles = [...document.querySelectorAll(".leaflet-tile")];
    return tiles.length > 0 && tiles.every(tile => tile.classList.contains("leaflet-tile-loaded"));
}"""
_IDLE: Final = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def dashboard() -> Iterator[str]:
    """Run the dashboard; gives its address."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app/server.py", f"--server.port={port}"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait_until_ready(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_until_ready(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until:
        if server.poll() is not None:
            raise SystemExit("the dashboard ended before it answered")
        if _is_healthy(port):
            return
        time.sleep(0.3)
    raise SystemExit(f"the dashboard did not answer within {READY_WITHIN_S} s")


def _is_healthy(port: int) -> bool:
    ask = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        ask.request("GET", "/health")
        return ask.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        ask.close()


@dataclass(frozen=True)
class Picture:
    """One picture: which page, for whom, how large."""

    file: str
    page: str
    language: str = "zh"
    size: tuple[int, int] = (1440, 900)
    more: str = ""
    printed: bool = False

    @property
    def address(self) -> str:
        """Path and query; asking for the demonstration data leaves the first steps out."""
        path = "" if self.page == "overview" else self.page
        return f"/{path}?lang={self.language}&demo=1{ABOUT.get(self.page, '')}{self.more}"


def pictures() -> list[Picture]:
    """All that are taken."""
    desk = [
        Picture(f"{name}-{language}.png", name, language)
        for name in PAGES
        for language in (("zh", "en") if name in IN_BOTH_LANGUAGES else ("zh",))
    ]
    return [
        *desk,
        Picture("overview-phone.png", "overview", size=(390, 844)),
        Picture("zone-phone.png", "zone", size=(390, 844)),
        Picture("overview-wall.png", "overview", size=(3840, 2160), more="&wall=1"),
        Picture("zone-print.png", "zone", size=(794, 1123), printed=True),
    ]


def photograph(browser: Browser, address: str, wanted: Picture) -> bytes:
    """One page as a PNG of at most `LARGEST_BYTES`."""
    width, height = wanted.size
    page = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
    strangers: list[str] = []

    def only_ours(route: Route) -> None:
        url = route.request.url
        if url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            strangers.append(url)
            route.abort()

    page.route("**/*", only_ours)
    page.goto(f"{address}{wanted.address}", timeout=PAGE_WITHIN_MS)
    page.wait_for_selector(_IDLE, timeout=PAGE_WITHIN_MS)
    page.wait_for_selector(".foot", state="attached", timeout=PAGE_WITHIN_MS)
    if wanted.page in PAGES_WITH_MAP:
        _wait_for_map(page)
    if wanted.printed:
        page.emulate_media(media="print")
    page.wait_for_timeout(1_500)  # fonts and transitions
    page.mouse.move(0, 0)
    picture = page.screenshot()
    page.close()
    if strangers:
        raise SystemExit(f"{wanted.file} asked another host: {strangers}")
    return compress(picture)


def _wait_for_map(page: Page) -> None:
    frame = page.wait_for_selector("iframe[title*=folium]", timeout=PAGE_WITHIN_MS)
    inside = frame.content_frame() if frame else None
    if inside is None:
        raise SystemExit(f"{page.url} shows no map")
    # By the clock: a frame out of sight draws no frames to poll by.
    inside.wait_for_function(_PAINTED, polling=250, timeout=PAGE_WITHIN_MS)


def compress(png: bytes) -> bytes:
    """The same picture: as it is where that is small enough, else with 256 colours.

    Raises:
        SystemExit: If it is still larger than `LARGEST_BYTES`.
    """
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.thumbnail((1600, 1600))
    for colours in (None, 256):
        small = io.BytesIO()
        # Not by median cut, which gives the colours of small classes away.
        fewer = picture.quantize(colours, Image.Quantize.MAXCOVERAGE) if colours else picture
        fewer.save(small, "PNG", optimize=True)
        if small.tell() <= LARGEST_BYTES:
            return small.getvalue()
    raise SystemExit(f"a picture has {small.tell()} bytes even with {colours} colours")


def main() -> None:
    """Take every picture, or none."""
    folder = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs" / "images"
    chromium = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if chromium is None:
        raise SystemExit("no Chromium here: apt-get install chromium fonts-noto-cjk")
    with dashboard() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        taken = {one.file: photograph(browser, address, one) for one in pictures()}
        browser.close()
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in taken.items():
        (folder / file).write_bytes(content)
        sys.stdout.write(f"{file}: {len(content)} bytes\n")


if __name__ == "__main__":
    main()
