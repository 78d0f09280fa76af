"""One overlay in a process of its own: prints its median CPU seconds and the peak memory in GB."""

from __future__ import annotations

import statistics
import sys

from benchmarks import coast, measure, overlay


def main(patches: int, zones: int) -> None:
    """Measure; the peak includes the patches and zones themselves."""
    cells, ground = coast.patches(patches), coast.zones(zones)
    runs = [measure.cpu_seconds(lambda: overlay.table(cells, ground)) for _ in range(measure.RUNS)]
    print(statistics.median(runs), measure.peak_gb())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
