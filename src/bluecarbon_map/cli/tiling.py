"""The command that makes map tiles ahead of the first visitor."""

from __future__ import annotations

from pathlib import Path

import click

from bluecarbon_map.cli.shared import FILE, JSON, WORKSPACE, print_json, refusals, say

_STEP = 0.1


@click.command()
@click.option("--survey", "survey_id", help="Only this survey [default: every survey].")
@click.option("--out", type=FILE, help="Vector tiles of the survey as one .pmtiles file.")
@WORKSPACE
@JSON
@refusals
def tiles(workspace: str | None, survey_id: str | None, out: Path | None, *, as_json: bool) -> None:
    """Make the map tiles of a workspace, so that nobody waits for them.

    They are made once for each state of a survey, beside its database or in the user's cache.
    """
    from bluecarbon_map.errors import InputError
    from bluecarbon_map.reports import tiling
    from bluecarbon_map.sample import open_workspace

    store = open_workspace(workspace)
    ids = [survey_id] if survey_id else store.surveys()["survey_id"].tolist()
    if out is not None and len(ids) != 1:
        raise InputError(
            "--out", "one file holds one survey", f"Name it with --survey: {', '.join(ids)}"
        )
    made = []
    for one in ids:
        built = tiling.make_tiles(store, one, progress=_Telling(one))
        say(f"{one}: {'there already' if built is None else f'{built.patches:,} patches'}")
        made.append({"survey_id": one, "made": built is not None,
                     "patches": store.habitat_count(one)})  # fmt: skip
    if out is not None:
        tiling.export_tiles(store, ids[0], out)
        say(f"written: {out}")
    if as_json:
        print_json({"surveys": made, "file": None if out is None else str(out)})


class _Telling:
    """Says how far a survey is, now and then."""

    def __init__(self, survey_id: str) -> None:
        self._survey_id, self._next = survey_id, _STEP

    def __call__(self, part: float) -> None:
        if part >= self._next and part < 1.0:
            say(f"{self._survey_id}: {part:.0%}")
            self._next = part + _STEP
