"""Fixtures of every test, and the closing line that names what was skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import builders

# No test fails because a machine is busy.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def layer_files(tmp_path):
    """Writes the small habitats and zones; say in which CRS and format."""

    def written(crs="EPSG:4490", suffix=".gpkg", *, habitats=None, zones=None):
        mine = builders.habitats(crs) if habitats is None else habitats
        areas = builders.zones(crs) if zones is None else zones
        return (
            builders.write(mine, tmp_path / f"habitats{suffix}"),
            builders.write(areas, tmp_path / f"zones{suffix}"),
        )

    return written


@pytest.fixture
def workspace_folder(tmp_path):
    """A small workspace that a test may damage."""
    return builders.write_workspace(tmp_path / "workspace")


@pytest.fixture(scope="session")
def shared():
    """The folder of real data beside the checkout; skips where it is not there."""
    folder = Path(os.environ.get("BLUECARBON_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("absent: the shared data folder (set BLUECARBON_SHARED)")
    return folder


@pytest.fixture(scope="session")
def real_counties(shared):
    """File of Zhejiang's real county boundaries; skips where it is not there."""
    path = shared / "data" / "boundaries" / "zhejiang_counties_wgs84approx.geojson"
    if not path.is_file():
        pytest.skip(f"{path.name} is absent: county boundaries are not part of the project")
    return path


def _reason(report):
    said = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return said.removeprefix("Skipped: ")


def pytest_terminal_summary(terminalreporter):
    """One closing line that names every skipped test and why; no test is skipped in silence."""
    skipped = [
        f"{report.nodeid}: {_reason(report)}"
        for report in terminalreporter.stats.get("skipped", [])
    ]
    line = f"skipped {len(skipped)}: {'; '.join(skipped)}" if skipped else "nothing was skipped"
    terminalreporter.config.stash[_CLOSING] = line


def pytest_unconfigure(config):
    """Print it last, after pytest's own summary."""
    line = config.stash.get(_CLOSING, None)
    if line is not None:
        print(line)  # noqa: T201


_CLOSING = pytest.StashKey[str]()
