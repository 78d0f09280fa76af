"""Survey to survey: what came, what went, what turned into what."""

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
    require_output,
    require_suffix,
    say,
    say_demonstration,
)


@click.command()
@click.argument("from_id", metavar="FROM")
@click.argument("to_id", metavar="TO")
@click.option("--out", type=FILE, help="File to write: .csv or .xlsx.")
@click.option(
    "--level",
    type=click.Choice(["province", "city", "county"]),
    default="city",
    show_default=True,
    help="Level of the rows.",
)
@click.option("--factors", help="Named set, or a CSV file [default: the workspace's].")
@DEMONSTRATION
@LANGUAGE
@WORKSPACE
@JSON
@refusals
def change(
    from_id: str,
    to_id: str,
    out: Path | None,
    level: str,
    factors: str | None,
    lang: str,
    workspace: str | None,
    *,
    demonstration: bool,
    as_json: bool,
) -> None:
    """From survey FROM to survey TO: gain, loss, transitions, carbon at both ends."""
    from bluecarbon_map import export, reports
    from bluecarbon_map.sample import open_workspace
    from bluecarbon_map.tables import Level

    require_output(out, as_json=as_json)
    require_suffix(out, reports.CHANGE_FORMATS)
    store = open_workspace(workspace)
    found = reports.transitions(
        store, from_id, to_id, level=Level(level), demonstration=demonstration,
        factor_set=factors, language=lang,
    )  # fmt: skip
    notes = dict.fromkeys([*reports.notes(store, from_id), *reports.notes(store, to_id)])
    say_demonstration(float(found.rows["demonstration_ha"].sum()))
    for path in export.write(reports.transitions_bundle(found, notes=notes), out) if out else ():
        say(f"written: {path}")
    if as_json:
        print_json(reports.transitions_json(found))
