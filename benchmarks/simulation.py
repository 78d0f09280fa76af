"""Monte Carlo of a province: 10,000 draws × 90 zones × 9 ecosystems × 4 pools."""

from __future__ import annotations

import resource
import statistics
import time

import numpy as np

from bluecarbon_map.accounting.simulation import simulate

RUNS = 5
LIMIT_S, LIMIT_GB = 1.0, 1.0


def run() -> None:
    """Print CPU seconds and the peak of memory beside their limits."""
    random = np.random.default_rng(0)
    area = random.uniform(0, 500, (90, 9))
    density, error = random.uniform(20, 200, (9, 4)), random.uniform(1, 90, (9, 4))
    taken = []
    for _ in range(RUNS):
        start = time.process_time()
        simulate(area, area * 0.1, density, error)
        taken.append(time.process_time() - start)
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print("Monte Carlo, 10,000 draws × 90 zones × 9 ecosystems × 4 pools")
    print(f"  {statistics.median(taken):.2f} CPU s, limit {LIMIT_S:g}")
    print(f"  {peak_gb:.2f} GB, limit {LIMIT_GB:g}")
