"""An office at work: an import from file to receipt, and two people who edit one project."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Browser, expect

from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.places import copy_workspace, create_sqlite, open_register
from tests import builders
from tests.browser.conftest import Watched, serving, watching

pytestmark = pytest.mark.browser

Opens = Callable[..., Watched]
WAIT_MS = 90_000


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a small workspace on a database."""
    folder = tmp_path_factory.mktemp("office")
    source = FolderStore(builders.write_workspace(folder / "files"))
    store = create_sqlite(folder / "office", source.info)
    copy_workspace(source, store, "开始者")
    store.backend.engine.dispose()
    return folder / "office"


@pytest.fixture(scope="module")
def editor_server(office: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that was started to edit it."""
    settings = {"BLUECARBON_WORKSPACE": str(office), "BLUECARBON_LOCAL_EDITOR": "1"}
    with serving(tmp_path_factory.mktemp("editor"), **settings) as address:
        yield address


@pytest.fixture
def opens(editor_server: str, chromium: Browser) -> Iterator[Opens]:
    with watching(editor_server, chromium) as open_page:
        yield open_page


def _type(watched: Watched, key: str, text: str) -> None:
    box = watched.page.locator(f".st-key-{key} input").first
    box.fill(text)
    box.press("Tab")
    watched.settled()


def _press(watched: Watched, key: str) -> None:
    watched.page.locator(f".st-key-{key} button").first.click()
    watched.settled()


def _collection() -> bytes:
    shape = shapely.Polygon([(121.02, 28.02), (121.03, 28.03), (121.03, 28.02), (121.02, 28.03)])
    facts = {"habitat_id": "n1", "name": "<img src=x onerror=alert(1)>", "ecosystem": "红树林"}
    geometry = json.loads(shapely.to_geojson(shape))
    feature = {"type": "Feature", "geometry": geometry, "properties": facts}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_file_goes_from_the_first_step_to_its_receipt(opens: Opens, office: Path, language):
    watched = opens(f"/import?lang={language}").settled()
    page = watched.page
    page.locator("input[type=file]").first.set_input_files(
        {"name": "斑块.geojson", "mimeType": "application/geo+json", "buffer": _collection()}
    )
    watched.settled()
    _type(watched, "import_title_zh", f"调查 {language}")
    _type(watched, "import_survey_id", f"new-{language}")
    _type(watched, "import_method", "解译")
    _type(watched, "import_survey_source", "报告")
    _type(watched, "import_who", "张三")
    watched.shot(f"import_file_{language}")
    _press(watched, "import_check")
    expect(page.locator(".st-key-import_preview button")).to_be_visible(timeout=WAIT_MS)
    watched.settled().shot(f"import_check_{language}")
    _press(watched, "import_preview")
    store = page.locator(".st-key-import_store button")
    expect(store).to_be_disabled(timeout=WAIT_MS)
    watched.map.locator("path.leaflet-interactive, path").first.wait_for(timeout=WAIT_MS)
    watched.settled().shot(f"import_preview_{language}")
    page.locator(".st-key-import_tick_repairs label").first.click()
    expect(store).to_be_enabled(timeout=WAIT_MS)
    watched.settled()
    store.click()
    expect(page.locator(".st-key-import_undo button")).to_be_visible(timeout=WAIT_MS)
    watched.settled().shot(f"import_done_{language}")
    assert len(open_register(office).habitats(f"new-{language}")) == 1
    assert page.locator("img[src=x]").count() == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_of_two_people_with_one_project_open_the_second_sees_both_versions(
    opens: Opens, office: Path, language
):
    people = [opens(f"/projects?lang={language}").settled() for _ in range(2)]
    for watched in people:
        box = watched.page.locator(".st-key-project_chosen input")
        box.click()
        box.fill("one")
        watched.page.get_by_role("option").nth(0).click()
        watched.page.locator(".st-key-project_accepted input").wait_for(timeout=WAIT_MS)
        watched.settled()
    first, second = people
    theirs, mine, planned = ("70", "80", "90") if language == "zh" else ("71", "81", "91")
    for watched, who, amount in ((first, "李四", theirs), (second, "王五", mine)):
        _type(watched, "project_who", who)
        _type(watched, "project_accepted", amount)
    _type(second, "project_planned", planned)
    _press(first, "project_save")
    expect(first.page.locator(".said.good")).to_be_visible(timeout=WAIT_MS)
    _press(second, "project_save")
    panel = second.page.locator(".st-key-project_conflict")
    expect(panel).to_contain_text(theirs, timeout=WAIT_MS)
    expect(panel).to_contain_text(mine)
    expect(panel).to_contain_text(planned)
    expect(second.page.locator(".said.warn")).to_contain_text("李四")
    second.settled().shot(f"conflict_{language}")
    second.page.locator(".st-key-project_keep_accepted label").filter(
        has_text="我的" if language == "zh" else "mine"
    ).first.click()
    second.settled()
    _press(second, "project_merge")
    expect(second.page.locator(".said.good")).to_be_visible(timeout=WAIT_MS)
    stored = open_register(office).projects().set_index("project_id").loc["one"]
    assert (stored["accepted"], stored["planned"]) == (float(mine), float(planned))
    second.page.goto(f"{second.server}/history?lang={language}")
    expect(second.page.locator(".st-key-history_one")).to_contain_text("王五", timeout=WAIT_MS)
    second.settled().shot(f"history_{language}")


def test_the_first_step_fits_a_phone(opens: Opens):
    watched = opens("/import", 390, 844).settled()
    watched.shot("import_phone")
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390
