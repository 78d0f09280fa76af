"""The command line: ``bluecarbon --help``.

Results go to standard output, everything else to standard error. Exit 0 is done, 1 refused (the
message says what, where and how to mend it), 2 wrong usage. Heavy imports stay inside commands, so
that ``--help`` answers at once.
"""

from __future__ import annotations

import io
import sys
from typing import Any

import click

from bluecarbon_map import __version__
from bluecarbon_map.cli import (
    area,
    carbon,
    changing,
    describing,
    flux,
    gate,
    keeping,
    layers,
    tiling,
    tracing,
    workspaces,
    writing,
)


class _Utf8(click.Group):
    """Writes UTF-8 whatever the console says, so that Chinese always comes through."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        return super().main(*args, **kwargs)


@click.group(cls=_Utf8, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="bluecarbon")
def main() -> None:
    """蓝碳地图: coastal ecosystems, their area and carbon per zone, and restoration targets."""


for _command in (
    workspaces.app,
    workspaces.init,
    describing.describe,
    workspaces.summary,
    workspaces.progress,
    area.area,
    changing.change,
    tracing.trace,
    workspaces.standards,
    layers.summarize,
    layers.zonal,
    carbon.cores,
    carbon.timeline,
    flux.flux,
    tiling.tiles,
    gate.check,
    writing.import_file,
    keeping.changes,
    keeping.undo,
    keeping.backup,
    keeping.restore,
    keeping.verify,
    keeping.unload,
):
    main.add_command(_command)
