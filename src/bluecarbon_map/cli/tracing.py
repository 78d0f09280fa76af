"""Where a number comes from, and what another coefficient would change."""

from __future__ import annotations

from pathlib import Path

import click

from bluecarbon_map.cli.shared import JSON, LANGUAGE, WORKSPACE, print_json, refusals, say


@click.command()
@click.option("--zone", help="Zone id [default: the whole workspace].")
@click.option("--ecosystem", help="Only this one, by its key or its name in either language.")
@click.option("--survey", help="Survey id [default: the workspace's].")
@click.option("--factors", help="Named set, or a CSV file [default: the workspace's].")
@click.option(
    "--demonstration/--no-demonstration",
    default=True,
    show_default=True,
    help="Whether demonstration patches count.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Text file to write.")
@LANGUAGE
@WORKSPACE
@JSON
@refusals
def trace(
    zone: str | None,
    ecosystem: str | None,
    survey: str | None,
    factors: str | None,
    out: Path | None,
    lang: str,
    workspace: str | None,
    *,
    demonstration: bool,
    as_json: bool,
) -> None:
    """How a zone's area, stock and burial come about, down to patches and publications."""
    from bluecarbon_map import reports
    from bluecarbon_map.ecosystems import require
    from bluecarbon_map.errors import EmptyLayerError
    from bluecarbon_map.sample import open_workspace

    store = open_workspace(workspace)
    kind = require(ecosystem, "--ecosystem")[0] if ecosystem else None
    found = reports.trace(
        store,
        survey,
        zone or store.info.zone_id,
        ecosystem=kind,
        demonstration=demonstration,
        factor_set=factors,
    )
    if found is None:
        raise EmptyLayerError(f"zone {zone or store.info.zone_id}, {kind or 'all ecosystems'}")
    text = reports.trace_text(found, lang)
    if out is not None:
        out.write_text(text, encoding="utf-8")
        say(f"written: {out}")
    if as_json:
        print_json(reports.trace_json(found))
    elif out is None:
        click.echo(text, nl=False)
