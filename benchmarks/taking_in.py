"""A whole import, file to stored survey, against reading and writing the file with geopandas.

Also how soon a workspace of a million patches answers: its first summary in a new process, and the
next one.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np

from benchmarks import measure
from benchmarks.place import CRS, VERTICES, patches

SURVEY = "S-2026"


def run() -> None:
    """Print the table."""
    measure.heading(
        f"Import of patches of {VERTICES} vertices from a GeoPackage (target: 100,000 within 60 s "
        "and 2 GB)",
        "geopandas",
    )
    with tempfile.TemporaryDirectory(prefix="bluecarbon-bench-") as desk:
        for count in (100_000, 1_000_000):
            _compare(Path(desk), count)
    measure.versions("geopandas", "pyogrio", "sqlalchemy")


def _compare(desk: Path, count: int) -> None:
    file = desk / f"{count}.gpkg"
    _in_own_process("write", file, str(count))
    ours, theirs = _in_own_process("ours", file), _in_own_process("geopandas", file)
    measure.row(
        f"{count:,} patches, gate to stored", ours["cpu_s"], theirs["cpu_s"],
        f"wall {ours['wall_s']:.0f} s and {theirs['wall_s']:.0f} s; "
        f"peak {ours['gigabytes']:.2f} GB and {theirs['gigabytes']:.2f} GB; "
        f"{ours['verdict']}, {ours['rows']:,} rows",
    )  # fmt: skip
    opened = _in_own_process("open", file)
    measure.row(
        f"{count:,} patches, first summary after opening", opened["first_cpu_s"],
        note=f"wall {opened['first_s']:.2f} s, the next one {opened['next_s']:.3f} s",
    )  # fmt: skip


def _in_own_process(what: str, file: Path, *more: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.taking_in", what, str(file), *more]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(answer.stdout.splitlines()[-1])


def write(file: Path, count: int) -> dict[str, float]:
    """The file to take in."""
    ecosystem = np.array(["mangrove", "salt_marsh", "tidal_flat"])[np.arange(count) % 3]
    table = {"habitat_id": [f"p{n}" for n in range(count)], "ecosystem": ecosystem}
    gpd.GeoDataFrame(table, geometry=patches(count), crs=CRS).to_file(file)
    return {}


def ours(file: Path) -> dict[str, object]:
    """Check, prepare, store; then measure once, as the import command does."""
    from bluecarbon_map import reports
    from bluecarbon_map.gate.inspect import check_file
    from bluecarbon_map.gate.kinds import Kind, Options
    from bluecarbon_map.gate.region import region_of
    from bluecarbon_map.gate.take_in import commit, passport, prepare
    from bluecarbon_map.sample import open_workspace
    from bluecarbon_map.store.places import copy_workspace, create_sqlite

    source = open_workspace(Path("data/zhejiang"))
    store = create_sqlite(file.with_suffix(""), source.info)
    copy_workspace(source, store, "benchmark")
    begun, cpu = time.perf_counter(), _cpu_s()
    options = Options(kind=Kind.HABITATS, survey_id=SURVEY, provenance="survey", source="benchmark")
    with tempfile.TemporaryDirectory(prefix="bluecarbon-bench-") as work:
        found = check_file(
            file, file.name, options, region_of(store), work=Path(work), budget_s=1_200
        )
        said = passport(found, {
            "survey_id": SURVEY, "title_zh": "测速", "title_en": "Benchmark", "mode": "special",
            "means": "none", "year": 2026, "method": "made up for speed",
            "provenance": "demonstration", "source": "benchmark",
        })  # fmt: skip
        plan = prepare(store, found, options, actor="benchmark", survey=said)
        receipt = commit(store, plan)
    reports.measure(store, SURVEY)
    return _spent(begun, cpu) | {"verdict": plan.verdict.value, "rows": receipt.rows["habitats"]}


def by_geopandas(file: Path) -> dict[str, object]:
    """Read it and write it."""
    begun, cpu = time.perf_counter(), _cpu_s()
    gpd.read_file(file).to_crs("EPSG:4490").to_file(file.with_suffix(".copy.gpkg"))
    return _spent(begun, cpu)


def opened(file: Path) -> dict[str, float]:
    """Open the workspace in a new process and ask it twice."""
    from bluecarbon_map import reports
    from bluecarbon_map.sample import open_workspace

    spent, cpu = [], time.process_time()
    for _ in range(2):
        begun = time.perf_counter()
        reports.summarise(open_workspace(file.with_suffix("")), SURVEY)
        spent.append((time.perf_counter() - begun, time.process_time() - cpu))
    (first_s, first_cpu_s), (next_s, _) = spent
    return {"first_s": first_s, "next_s": next_s, "first_cpu_s": first_cpu_s}


def _cpu_s() -> float:
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, both))


def _spent(begun: float, cpu_s: float) -> dict[str, object]:
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e9
    peak = max(measure.peak_gb(), children)
    return {"wall_s": time.perf_counter() - begun, "cpu_s": _cpu_s() - cpu_s, "gigabytes": peak}


if __name__ == "__main__":
    what, path = sys.argv[1], Path(sys.argv[2])
    if what == "write":
        answer = write(path, int(sys.argv[3]))
    else:
        answer = {"ours": ours, "geopandas": by_geopandas, "open": opened}[what](path)
    print(json.dumps(answer))
