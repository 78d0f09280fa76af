"""Fixtures of every test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import builders, postgres

pytest_plugins = ["tests.running"]

# No test fails because a machine is busy.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def own_data_home(tmp_path_factory, monkeypatch):
    """No test sees or makes workspaces in the data folder of whoever runs it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / "data-home"))


@pytest.fixture(scope="session")
def postgres_server():
    """A PostgreSQL with PostGIS; skips by name where it is not installed."""
    if reason := postgres.missing():
        pytest.skip(reason)
    server = postgres.Server(settings=("fsync=off", "full_page_writes=off"))
    yield server
    server.stop()


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
