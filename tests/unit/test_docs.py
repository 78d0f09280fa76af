"""What the documents say is there, and says nothing of the machine it was written on."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from scripts import tables_md

from bluecarbon_map import __version__
from bluecarbon_map.cli import main

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"

LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMAND_LINE = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?bluecarbon (.+)$", re.MULTILINE)
MAKE_TARGET = re.compile(r"\bmake ([a-z]+)\b")
QUOTED_PAGE = re.compile(r"docs/(?:methods|decisions)/[\w./-]+\.md")

FOLDERS = ("work", "home", "root", "tmp", "Users")
HOSTS = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
MIRRORS = ("tuna", "aliyun", "npmmirror", "anaconda")
# Put together here, so that this file does not hold what it looks for.
FORBIDDEN = re.compile(
    "|".join(
        [
            rf"(?<![\w.*~}}-])/(?:{'|'.join(FOLDERS)})/",
            *(rf"\b{name}\.{end}\b" for name, end in HOSTS),
            *(rf"\b{name}\.(?:com|org|tsinghua)\b" for name in MIRRORS),
        ]
    )
)


def tracked_files() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("no git checkout: which files belong to the project is not known")
    listed = subprocess.run(
        [git, "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """Its text; empty for a file that is none."""
    content = path.read_bytes()
    if b"\0" in content:
        return ""
    return content.decode("utf-8", errors="replace")


def test_the_page_of_tables_is_what_the_contracts_say():
    assert tables_md.TARGET.read_text(encoding="utf-8") == tables_md.page()


def test_the_page_of_tables_holds_every_contract():
    names = [contract.__name__ for contract in tables_md.contracts()]

    assert names == [
        "Zones", "Surveys", "Habitats", "Rasters", "Targets", "Projects", "Registers",
        "CoastUnits", "CoastIndicators", "CoastFacts", "Sites", "Observations", "CoreSlices",
        "Visits", "Harvests", "Transactions", "Instruments", "Policies", "Duties", "Extents",
        "PatchChanges", "Factors", "Parts", "Summary", "Pools",
        "Cores", "Schemes", "SchemeLines", "Transitions",
    ]  # fmt: skip


def test_an_outdated_page_of_tables_is_noticed(tmp_path, monkeypatch):
    page = tmp_path / "tables.md"
    page.write_text("old", encoding="utf-8")
    monkeypatch.setattr(tables_md, "TARGET", page)
    monkeypatch.setattr("sys.argv", ["tables_md.py", "--check"])

    with pytest.raises(SystemExit, match=r"tables\.md is out of date"):
        tables_md.main()


def test_every_make_target_of_the_readme_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(MAKE_TARGET.findall(README.read_text(encoding="utf-8")))

    assert {"app", "test"} <= named
    assert {target for target in named if not re.search(rf"^{target}:", makefile, re.M)} == set()


def test_every_command_line_of_the_readme_can_be_parsed():
    lines = COMMAND_LINE.findall(README.read_text(encoding="utf-8"))

    assert {shlex.split(line)[0] for line in lines} >= {"summarize", "summary", "progress"}
    for line in lines:
        name, *words = shlex.split(line, comments=True)
        command = main.commands[name]
        assert isinstance(command.make_context(name, words), click.Context)


def test_every_relative_link_leads_somewhere():
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in tracked_files()
        if page.suffix == ".md"
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:|#", target)
        if not (page.parent / target.partition("#")[0]).exists()
    ]

    assert broken == []


def test_every_page_that_the_code_quotes_exists():
    broken = [
        f"{path.relative_to(ROOT)}: {page}"
        for path in tracked_files()
        if path.suffix == ".py"
        for page in QUOTED_PAGE.findall(text_of(path))
        if not (ROOT / page).is_file()
    ]

    assert broken == []


def test_no_file_names_a_machine_or_a_package_registry():
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked_files()
        for match in FORBIDDEN.finditer(text_of(path))
    ]

    assert found == []


@pytest.mark.parametrize(
    "text", ["see /" + "work/main", "'/" + "tmp/x'", "https://pypi" + ".org/simple"]
)
def test_a_machine_path_or_a_registry_would_be_noticed(text: str):
    assert FORBIDDEN.search(text)


@pytest.mark.parametrize("text", ["https://example.cn/" + "home/a.htm", ".work/", "**/" + "tmp/"])
def test_addresses_and_ignored_folders_are_no_machine_path(text: str):
    assert not FORBIDDEN.search(text)


def test_one_version_stands_everywhere():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert f"\nversion: {__version__}\n" in citation
    assert f"\n## [{__version__}] - " in changelog
    assert "\n### Numbers that change\n" in changelog


def test_every_method_page_is_in_the_index():
    index = (ROOT / "docs" / "methods" / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in (ROOT / "docs" / "methods").glob("[0-9]*.md")}

    assert pages == set(re.findall(r"\((\d\d-[a-z-]+\.md)\)", index))
