"""Monte Carlo of a province: 10,000 draws × 90 zones × 9 ecosystems × 4 pools."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

import numpy as np

from benchmarks import measure
from bluecarbon_map.accounting.simulation import simulate

RUNS = 5
LIMIT_S, LIMIT_GB = 1.0, 1.0


def run() -> None:
    """Print what a process of its own measured: other benchmarks have swollen this one."""
    command = [sys.executable, "-m", "benchmarks.simulation"]
    print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="")


def main() -> None:
    """Print CPU seconds and the peak of memory beside their limits."""
    random = np.random.default_rng(0)
    area = random.uniform(0, 500, (90, 9))
    density, error = random.uniform(20, 200, (9, 4)), random.uniform(1, 90, (9, 4))
    taken = []
    for _ in range(RUNS):
        start = time.process_time()
        simulate(area, area * 0.1, density, error)
        taken.append(time.process_time() - start)
    print("Monte Carlo, 10,000 draws × 90 zones × 9 ecosystems × 4 pools")
    print(f"  {statistics.median(taken):.2f} CPU s, limit {LIMIT_S:g}")
    print(f"  {measure.peak_gb():.2f} GB, limit {LIMIT_GB:g}")


if __name__ == "__main__":
    main()
