"""Every text of a workspace is an attack: each page shows it as text, and nothing of it runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, expect
from scripts.badinputs import FOLDER

from tests import hostile
from tests.browser.conftest import Watched, serving, watching
from ui.pages import PATHS

pytestmark = pytest.mark.browser

Opens = Callable[..., Watched]
PAGES = ("", *PATHS)
AT_A_PATCH = "zone=330382&at=121.025,28.025,14"
ALL_LAYERS = "layers=patches.unknown.r_classes-2022.r_index-2022.cities.counties.base"

UPLOADS = {
    f"{hostile.payloads()[1]}.geojson": "geojson/xss_field_name.geojson",
    "layer.gpkg": "gpkg/layer_name_sql.gpkg",
}
SAID = (hostile.payloads()[3], hostile.payloads()[-1])
"""What the page says of each, as text: the name of a column, the name of a layer."""

SHOWN = {
    "changes.actor", "changes.reason", "changes.source_name", "extents.note", "factors.source",
    "habitat_id", "habitats.name_zh", "habitats.note", "habitats.source", "habitats.species",
    "patch_changes.note", "projects.name_zh", "projects.source", "rasters.licence",
    "rasters.method", "rasters.quantity_zh", "rasters.source", "rasters.title_zh", "rasters.unit",
    "registers.source", "survey_id", "surveys.method", "surveys.organisation", "surveys.source",
    "surveys.source_file", "surveys.title_zh", "targets.clause_zh", "targets.name_zh",
    "targets.plan_zh", "targets.source", "workspace.map_review_number", "workspace.name_zh",
    "workspace.zones_label_zh", "zones.name_zh", "zones.source",
}  # fmt: skip
"""Texts that must have been seen, else nothing is proved of them."""

_LOOK = """() => {
    const bad = 'img[src="x"],svg[onload],[onerror],[onmouseover],.katex,' +
        'a[href^="javascript"],[style*="javascript"]';
    const typed = [...document.querySelectorAll("input,textarea")].map(e => e.value);
    return {
        ran: window.__xss || 0,
        title: document.title,
        made: [...document.querySelectorAll(bad)].map(e => e.outerHTML.slice(0, 200)),
        text: [document.body.innerText, ...typed].join("\\n"),
    };
}"""
_OPEN_ALL = "() => document.querySelectorAll('details').forEach(e => { e.open = true; })"
_MARK = re.compile(r"§([\w.]+)§(.{0,15})", re.S)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that may edit the hostile workspace."""
    folder = tmp_path_factory.mktemp("hostile")
    hostile.build(folder).backend.engine.dispose()
    settings = {"BLUECARBON_WORKSPACE": str(folder / "workspace"), "BLUECARBON_LOCAL_EDITOR": "1"}
    with serving(tmp_path_factory.mktemp("server"), **settings) as running:
        yield running


@pytest.fixture
def opens(address: str, chromium: Browser) -> Iterator[Opens]:
    with watching(address, chromium) as open_page:
        yield open_page


class Visit:
    """One tab, and which texts were seen in it; fails at the first sign that one was run."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.seen: set[str] = set()
        self.asked: list[str] = []
        watched.page.on("request", lambda request: self.asked.append(request.url))
        watched.page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))

    def go(self, address: str) -> Visit:
        self.watched.follow(address).settled()
        return self.look()

    def look(self) -> Visit:
        """Look at every frame, all that folds open."""
        for frame in self.watched.page.frames:
            frame.evaluate(_OPEN_ALL)
            found: dict[str, Any] = frame.evaluate(_LOOK)
            assert found["ran"] == 0, frame.url
            assert found["title"] != "XSS"
            assert found["made"] == []
            for mark, begin in _MARK.findall(found["text"]):
                assert _is_plain(begin), (mark, begin)
                self.seen.add(mark)
        assert [url for url in self.asked if url.endswith("/x")] == []
        return self

    def touch(self) -> Visit:
        """Move over every chart and open every list: labels and tooltips show."""
        page = self.watched.page
        for shape in page.locator(".stVegaLiteChart svg, .stVegaLiteChart canvas").all()[:2]:
            shape.hover(force=True)
        # What is folded away was looked at, but nobody can click it.
        lists = '[data-testid="stSelectbox"] input:enabled:not([inert] *)'
        for box in page.locator(lists).all()[:3]:
            box.click()
            self.look()
            page.keyboard.press("Escape")
        return self.look()


def _is_plain(begin: str) -> bool:
    """Whether a text goes on as the attack does, or was cut short."""
    cut = begin.partition("…")[0].partition("\n")[0].rstrip()
    return hostile.ATTACK.startswith(cut)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_of_the_workspace_runs_on_any_page_or_on_paper(opens: Opens, language: str):
    visit = Visit(opens(f"/?lang={language}&{AT_A_PATCH}").settled())
    for page in PAGES:
        visit.go(f"./{page}?lang={language}&{AT_A_PATCH}&{ALL_LAYERS}")
        if language == "zh":  # the same lists and charts in both
            visit.touch()
        visit.watched.page.emulate_media(media="print")
        visit.look().watched.page.emulate_media(media="screen")
    later = urlencode({"survey": hostile.named("survey_id", "S-2025"), "lang": language})
    visit.go(f"./surveys?{later}")
    visit.go(f"./distribution?{later}&{AT_A_PATCH}&{ALL_LAYERS}")
    visit.watched.page.locator(".st-key-layers button").first.click()
    visit.watched.page.locator(".st-key-layer_panel").wait_for()
    visit.watched.settled()
    visit.look()
    assert {name.replace("_zh", f"_{language}") for name in SHOWN} - visit.seen == set()


def test_no_name_in_a_file_that_comes_in_runs(opens: Opens):
    visit = Visit(opens("/import?lang=en").settled())
    page = visit.watched.page
    for number, (name, file) in enumerate(UPLOADS.items()):
        if number:
            page.reload()
            visit.watched.settled()
        content = (FOLDER / file).read_bytes()
        upload = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        page.locator("input[type=file]").first.set_input_files(upload)
        visit.watched.settled()
        visit.look()
        page.locator(".st-key-import_check button").first.click()
        expect(page.locator("body")).to_contain_text(SAID[number])
        visit.watched.settled()
        visit.look()
