"""``python -m benchmarks [NAME …]``: all of them without a name."""

from __future__ import annotations

import argparse
from importlib import import_module

BENCHMARKS = ("overlay", "area", "zonal", "tiles", "simulation", "timeline", "app")
"""Modules of this package with a ``run()`` that prints a table."""


def main() -> None:
    """Run the benchmarks named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    names = parser.parse_args().names or BENCHMARKS
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(
            f"no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(BENCHMARKS)}"
        )
    for name in names:
        import_module(f"benchmarks.{name}").run()


if __name__ == "__main__":
    main()
