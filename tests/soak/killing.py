"""Importers that are killed at random moments, and what must hold afterwards."""

from __future__ import annotations

import os
import random
import signal
import time
import traceback
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.store.base import Change
from bluecarbon_map.store.places import open_register
from tests.contract.rows import frame, survey_row

PATCHES = 200


@dataclass
class Tally:
    """What came of the kills."""

    kills: int = 0
    acknowledged: int = 0
    stored: int = 0
    corrupt: list = field(default_factory=list)
    partial: list = field(default_factory=list)
    lost: list = field(default_factory=list)

    def __str__(self):
        return (f"{self.kills} kills, {self.acknowledged} imports acknowledged, {self.stored} "
                f"stored; corrupt {len(self.corrupt)}, partial {len(self.partial)}, "
                f"acknowledged but lost {len(self.lost)}")  # fmt: skip

    @property
    def clean(self):
        return not (self.corrupt or self.partial or self.lost)


def patches(survey_id, rows=PATCHES):
    """Patches of one survey, 41 vertices each."""
    angles = np.linspace(0, 2 * np.pi, 41)
    ring = np.column_stack([np.cos(angles), np.sin(angles)]) * 1e-3
    ring[-1] = ring[0]
    centres = np.column_stack(
        [121 + np.arange(rows) % 300 * 3e-3, 28 + np.arange(rows) // 300 * 3e-3]
    )
    shapes = shapely.polygons(ring[None] + centres[:, None])
    one = frame("habitats", {"habitat_id": "x", "survey_id": survey_id, "ecosystem": "mangrove",
                             "provenance": "survey", "source": "测试",
                             "geometry": shapes[0]}).drop(columns="geometry")  # fmt: skip
    many = pd.concat([one] * rows, ignore_index=True)
    many["habitat_id"] = pd.Series([f"p{n}" for n in range(rows)], dtype="str")
    return gpd.GeoDataFrame(many, geometry=shapes, crs="EPSG:4490")


def _import_for_ever(folder, first, tell):
    """One import after another; each that is acknowledged is told."""
    store = open_register(folder)
    number = first
    while True:
        survey_id = f"K-{number}"
        tables = {"surveys": survey_row(survey_id), "habitats": patches(survey_id)}
        store.apply(Change(kind="import", actor="importer", tables=tables))
        os.write(tell, f"{number}\n".encode())
        number += 1


def start(folder, first):
    """A process that imports; its id, and where it tells what was acknowledged."""
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(hear)
            _import_for_ever(folder, first, tell)
        except BaseException:  # noqa: BLE001 (a child must not go on as the test)
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(tell)
    return child, hear


def reap(child, hear):
    """Kill a process and say what it had told."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    told = b""
    while part := os.read(hear, 65536):
        told += part
    os.close(hear)
    return [int(line) for line in told.decode().split("\n")[:-1]]


def run(folder, kills, *, seed=1, say=None):
    """Kill importers and look after each kill.

    Args:
        folder: A workspace in a database.
        kills: How many.
        seed: Of the moments.
        say: Called with the tally now and then.
    """
    draw, tally, acknowledged = random.Random(seed), Tally(), set()
    longest_s = 3.0 * one_import_s(folder)
    for n in range(kills):
        child, hear = start(folder, 1_000 * (n + 1))
        time.sleep(draw.uniform(0.0, longest_s))
        acknowledged |= set(reap(child, hear))
        tally.kills += 1
        tally.acknowledged = len(acknowledged)
        look(folder, acknowledged, tally, thorough=n % 20 == 19 or n == kills - 1)
        if say and n % 20 == 19:
            say(tally)
    return tally


def one_import_s(folder):
    """How long a process takes to its first acknowledged import."""
    begin = time.perf_counter()
    child, hear = start(folder, 1)
    assert os.read(hear, 64), "the importer died by itself"
    took_s = time.perf_counter() - begin
    reap(child, hear)
    return took_s


def look(folder, acknowledged, tally, *, thorough):
    """Hold what is stored against what was acknowledged."""
    store = open_register(folder)
    try:
        stored = {s for s in store.surveys()["survey_id"] if s.startswith("K-")}
        rows = pd.Series([key[0] for key in store.versions("habitats")]).value_counts()
        newest = sorted(stored, key=lambda s: int(s[2:]))[-3:]
        tally.partial += [s for s in stored if rows.get(s, 0) != PATCHES]
        tally.partial += [s for s in rows.index if s.startswith("K-") and s not in stored]
        tally.lost += [n for n in acknowledged if f"K-{n}" not in stored]
        for survey_id in newest:
            if len(store.habitats(survey_id)) != PATCHES:
                tally.partial.append(survey_id)
        tally.stored = len(stored)
        if thorough:
            tally.corrupt += store.verify()
    except Exception as problem:  # noqa: BLE001 (whatever it is, it counts)
        tally.corrupt.append(problem)
    finally:
        store.close()
