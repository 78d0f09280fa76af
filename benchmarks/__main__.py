"""``python -m benchmarks [NAME …]``: all of them without a name.

With ``--write`` what they print is kept in ``docs/benchmarks.md`` too.
"""

from __future__ import annotations

import argparse
from importlib import import_module

from benchmarks import report

BENCHMARKS = (
    "overlay", "area", "zonal", "tiles", "patch_tiles", "raster_tiles", "simulation", "timeline",
    "place", "taking_in", "writers", "own_area", "app", "load",
)  # fmt: skip
"""Modules of this package with a ``run()`` that prints a table."""


def main() -> None:
    """Run the benchmarks named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--write", action="store_true", help=f"keep it in docs/{report.FILE.name}")
    given = parser.parse_args()
    names = given.names or BENCHMARKS
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(
            f"no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(BENCHMARKS)}"
        )
    for name in names:
        measured = import_module(f"benchmarks.{name}")
        with report.kept() as printed:
            measured.run()
        if given.write:  # after each, so that a later one that fails takes none away
            title = (measured.__doc__ or name).partition("\n")[0]
            report.put(name, title, printed.getvalue())


if __name__ == "__main__":
    main()
