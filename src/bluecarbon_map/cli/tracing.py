"""Where a number comes from, and what another coefficient would change."""

from __future__ import annotations

from pathlib import Path

import click

from bluecarbon_map.cli.shared import (
    DEMONSTRATION,
    FILE,
    JSON,
    LANGUAGE,
    WORKSPACE,
    print_json,
    refusals,
    require_suffix,
    say_demonstration,
    write_bytes,
)


@click.command()
@click.option("--zone", help="Zone id [default: the workspace's whole region].")
@click.option("--ecosystem", help="Only this one, by its key or its name in either language.")
@click.option("--survey", help="Survey id [default: the workspace's].")
@click.option("--factors", help="Named set, or a CSV file [default: the workspace's].")
@DEMONSTRATION
@click.option("--out", type=FILE, help="Text file to write: .txt.")
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
    from bluecarbon_map.errors import InputError
    from bluecarbon_map.sample import open_workspace

    require_suffix(out, (".txt",))
    store = open_workspace(workspace)
    kind = require(ecosystem, "--ecosystem")[0] if ecosystem else None
    found = reports.trace(
        store,
        survey,
        reports.Regions.of(store).named(zone) if zone else None,
        ecosystem=kind,
        demonstration=demonstration,
        factor_set=factors,
    )
    if found is None:
        raise InputError(
            f"zone {zone or store.info.zone_id}, {kind or 'all ecosystems'}",
            "nothing is on record there in this survey: no data, which is not zero",
            "Choose a wider zone, another ecosystem or another survey",
        )
    say_demonstration(found.summary.totals.demonstration_ha)
    text = reports.trace_text(found, lang)
    if out is not None:
        write_bytes(out, text.encode())
    if as_json:
        print_json(reports.trace_json(found, demonstration=demonstration))
    elif out is None:
        click.echo(text, nl=False)
