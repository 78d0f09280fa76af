"""The house keeps its plan: layers, sizes, where formulas stand, and that nothing calls out."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = sorted((ROOT / "src").rglob("*.py"))
APP = sorted((ROOT / "app").rglob("*.py"))
VIEWS = sorted((ROOT / "app" / "views").glob("*.py"))
OURS = [*LIBRARY, *APP]
LONGEST_FILE = 400
MEDIAN_FUNCTION = 15

HEAVY = {"pandas", "geopandas", "numpy", "shapely", "pyproj", "pyogrio", "pandera", "streamlit"}
SCREEN = {"streamlit", "folium", "streamlit_folium", "starlette", "altair", "babel"}
SPOKEN_OF = re.compile(
    r"https?://(?!127\.0\.0\.1\b|localhost\b|www\.w3\.org/(2000/svg|1999/xlink))[^\s\"'`)]*"
)

ALLOWED_WITH_A_KEY = {"app/ui/tianditu.py": {"t{n}.tianditu.gov.cn", "t{{s}}.tianditu.gov.cn"}}
OPENED_IN = {"app/ui/cached.py": {"open_workspace"}, "app/ui/editing.py": {"open_for_writing"}}
"""`rights` limits the first; the second is for who sees everything."""


def name_of(path):
    return str(path.relative_to(ROOT))


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path):
    """First name of every module that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").partition(".")[0])
    return found


def test_layers_point_one_way():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "1 kept, 0 broken" in done.stdout


@pytest.mark.parametrize("path", LIBRARY, ids=name_of)
def test_the_library_knows_nothing_of_a_screen(path):
    assert not imported(path) & SCREEN


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_a_file_is_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < LONGEST_FILE


def test_functions_are_short():
    lengths = sorted(
        node.end_lineno - node.body[0].lineno + 1
        for path in OURS
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef)
    )
    assert lengths[len(lengths) // 2] <= MEDIAN_FUNCTION


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_carbon_becomes_carbon_dioxide_in_one_place_only(path):
    if path.name == "units.py":
        return
    numbers = {n.value for n in ast.walk(tree_of(path)) if isinstance(n, ast.Constant)}
    close = {n for n in numbers if isinstance(n, float) and abs(n - 44 / 12) < 0.01}
    assert not close
    assert not any(ast.unparse(node) in {"44 / 12", "44.0 / 12.0", "44.0 / 12", "44 / 12.0"}
                   for node in ast.walk(tree_of(path)) if isinstance(node, ast.BinOp))  # fmt: skip


WORKS_OUT = {"sum", "mean", "groupby", "agg", "apply", "cumsum", "merge"}


def _formulas(path):
    """Products of anything, and whatever pandas or numpy would work out."""
    for node in ast.walk(tree_of(path)):
        called = getattr(node, "func", None)
        if (
            (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div | ast.Pow))
            or (isinstance(called, ast.Attribute) and called.attr in WORKS_OUT)
            or (isinstance(called, ast.Name) and called.id == "sum")
        ):
            yield ast.unparse(node)


@pytest.mark.parametrize("path", VIEWS, ids=name_of)
def test_a_view_holds_no_formula(path):
    assert list(_formulas(path)) == []
    assert not imported(path) & {"numpy", "shapely", "pyproj"}


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_no_address_of_another_host_stands_in_the_code(path):
    spoken = SPOKEN_OF.finditer(path.read_text(encoding="utf-8"))
    hosts = {urlsplit(one[0]).netloc for one in spoken}
    assert hosts <= ALLOWED_WITH_A_KEY.get(name_of(path), set())


OPENS = {"open_workspace", "open_for_writing", "open_store", "open_register", "FolderStore"}


@pytest.mark.parametrize("path", APP, ids=name_of)
def test_the_workspace_is_opened_where_rights_are_asked_and_nowhere_else(path):
    names = {alias.name for node in ast.walk(tree_of(path)) if isinstance(node, ast.ImportFrom)
             for alias in node.names}  # fmt: skip
    assert names & OPENS == OPENED_IN.get(name_of(path), set())


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_no_text_is_ever_run_as_code(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\beval\(|\bexec\(|shell=True|pickle\.load", text)


def test_the_help_imports_nothing_heavy():
    code = (
        "import sys; from bluecarbon_map.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit as done: assert done.code == 0\n"
        f"print(sorted(set(sys.modules) & {HEAVY!r}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stderr.strip() == "[]"
    assert "summarize" in done.stdout


@pytest.mark.parametrize("console", ["ascii", "latin-1", "cp936"])
@pytest.mark.parametrize("command", [["--help"], ["progress"]])
def test_the_command_speaks_chinese_on_a_console_that_does_not(console, command):
    code = f"from bluecarbon_map.cli import main; main({command!r})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONIOENCODING": console, "PYTHONUTF8": "0"},
    )
    assert ("蓝碳地图" if command == ["--help"] else "无数据") in done.stdout.decode("utf-8")
