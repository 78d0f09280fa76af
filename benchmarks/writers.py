"""Four people who edit at once, and large imports: how long each waits, and that nothing is lost.

Each of 4 processes makes 1,000 edits: it reads a project, adds 1 ha to its accepted amount and
stores it; on a conflict it looks again. In the end the amounts must be 4,000 ha more.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.errors import ConflictError
from bluecarbon_map.store.base import Change, WorkspaceInfo
from bluecarbon_map.store.places import create_sqlite, open_register
from bluecarbon_map.store.schema import RECORDS
from bluecarbon_map.store.sql import SqlStore

WRITERS, PROJECTS = 4, 20
EDITS = int(os.environ.get("BLUECARBON_BENCH_EDITS", "1000"))
IMPORTED = int(os.environ.get("BLUECARBON_BENCH_PATCHES", "100000"))

INFO = WorkspaceInfo(
    workspace_id="bench", name_zh="测", name_en="Bench", zone_id="330000", default_survey_id=None,
    default_plan_id=None, factor_set="zhejiang", map_review_number=None, zones_label_zh="区",
    zones_label_en="zones",
)  # fmt: skip

SURVEY = {
    "survey_id": "S", "title_zh": "测", "title_en": "S", "mode": "baseline", "means": "none",
    "year": 2024, "method": "made", "provenance": "demonstration", "source": "bench",
}  # fmt: skip


def run() -> None:
    """Print both tables for SQLite and, where it is installed, for PostGIS."""
    with tempfile.TemporaryDirectory() as home:
        print(f"\nstore: {WRITERS} writers x {EDITS} edits; import of {IMPORTED:,} patches")
        _run("SQLite", create_sqlite(Path(home) / "sqlite", INFO))
        from tests import postgres  # the server of the tests

        if reason := postgres.missing():
            print(f"PostGIS: {reason}")
            return
        server = postgres.Server()
        try:
            from bluecarbon_map.store.postgis import create_postgis

            url, schema = server.new_schema()
            _run("PostGIS", create_postgis(Path(home) / "postgis", url, schema, INFO))
        finally:
            server.stop()


def _run(name: str, store: SqlStore) -> None:
    _writers(name, store)
    _imports(name, store)
    store.close()


def _writers(name: str, store: SqlStore) -> None:
    store.apply(Change(kind="import", actor="bench", tables={"projects": _projects()}))
    store.close()
    start = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(WRITERS) as pool:
        told = pool.starmap(_edit, [(store.folder, n) for n in range(WRITERS)])
    took_s = time.perf_counter() - start
    waits = np.concatenate([waits for waits, _ in told]) * 1e3
    p50, p95, most = np.percentile(waits, [50, 95, 100])
    lost = WRITERS * EDITS - store.projects()["accepted"].sum()
    print(
        f"{name:<8} lost {lost:.0f} of {WRITERS * EDITS}; an edit takes p50 {p50:.0f} ms, "
        f"p95 {p95:.0f} ms, most {most:.0f} ms; conflicts {sum(c for _, c in told)}; "
        f"{took_s:.0f} s in all; verify {len(store.verify())} faults"
    )


def _edit(folder: Path, seed: int) -> tuple[list[float], int]:
    store, draw = open_register(folder), random.Random(seed)
    waits, conflicts = [], 0
    for _ in range(EDITS):
        project, done = f"p{draw.randrange(PROJECTS)}", False
        key = (project, "mangrove_restored")
        while not done:
            start = time.perf_counter()
            seen = store.versions("projects")[key]
            rows = store.projects()
            row = rows[rows["project_id"] == project]
            row = row.assign(accepted=row["accepted"] + 1.0)
            try:
                store.apply(Change(kind="edit", actor=f"w{seed}", tables={"projects": row},
                                   seen={"projects": {key: seen}}))  # fmt: skip
                done = True
            except ConflictError:
                conflicts += 1
            waits.append(time.perf_counter() - start)
    store.close()
    return waits, conflicts


def _imports(name: str, store: SqlStore) -> None:
    patches = _patches(IMPORTED)
    survey = _typed("surveys", [SURVEY])
    for what, work in (
        ("import", lambda: store.apply(Change(kind="import", actor="bench", tables={
            "surveys": survey, "habitats": patches}))),
        ("read", lambda: store.habitats("S")),
        ("read again", lambda: store.habitats("S")),
        ("verify", store.verify),
    ):  # fmt: skip
        start = time.perf_counter()
        work()
        print(f"{name:<8} {what} {IMPORTED:,} patches: {time.perf_counter() - start:.2f} s")


def _typed(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    kinds = RECORDS[name].kinds
    types = {"text": "str", "float": "float64", "int": "int64"}
    table = pd.DataFrame(rows, columns=list(kinds))
    return table.astype({n: types[kind] for n, kind in kinds.items() if kind != "geometry"})


def _projects() -> pd.DataFrame:
    return _typed("projects", [
        {"project_id": f"p{n}", "name_zh": "工程", "name_en": "Project", "zone_id": "330000",
         "indicator": "mangrove_restored", "unit": "ha", "accepted": 0.0,
         "reported_on": "2024", "provenance": "demonstration", "source": "bench"}
        for n in range(PROJECTS)
    ])  # fmt: skip


def _patches(rows: int) -> gpd.GeoDataFrame:
    """Patches of 41 vertices on a grid."""
    angles = np.linspace(0.0, 2 * np.pi, 41)
    ring = np.column_stack([np.cos(angles), np.sin(angles)]) * 4e-4
    ring[-1] = ring[0]
    at = np.arange(rows)
    centres = np.column_stack([118.0 + at % 1_000 * 1e-3, 27.0 + at // 1_000 * 1e-3])
    shapes = shapely.polygons(ring[None] + centres[:, None])
    columns: dict[str, object] = {
        "habitat_id": [f"h{n}" for n in range(rows)], "survey_id": "S", "name_zh": None,
        "name_en": None, "ecosystem": "mangrove", "species": None, "stated_area_ha": np.nan,
        "provenance": "demonstration", "source": "bench", "note": None,
    }  # fmt: skip
    table = pd.DataFrame(columns)
    texts = dict.fromkeys(set(table.columns) - {"stated_area_ha"}, "str")
    return gpd.GeoDataFrame(table.astype(texts), geometry=shapes, crs="EPSG:4490")
