"""Commands about a workspace: open it, make one, add it up, see its targets."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bluecarbon_map.cli.shared import (
    DEMONSTRATION,
    FILE,
    JSON,
    LANGUAGE,
    WORKSPACE,
    hand_in,
    print_json,
    refusals,
    require_output,
    require_suffix,
    say,
    say_demonstration,
    warn,
)

if TYPE_CHECKING:
    from bluecarbon_map.reports import ZoneSummary


@click.command()
@WORKSPACE
@click.option("--port", default=8501, show_default=True, help="Port on 127.0.0.1.")
@click.option("--browser/--no-browser", default=True, help="Open a browser when it is ready.")
@click.option(
    "--local-editor", is_flag=True, help="Let the pages import and edit; for you alone, here."
)
@click.option(
    "--only", multiple=True, metavar="SURVEY", help="Show this survey alone, and others so named."
)
@refusals
def app(
    workspace: str | None, port: int, only: tuple[str, ...], *, browser: bool, local_editor: bool
) -> None:
    """Start the dashboard on 127.0.0.1."""
    from bluecarbon_map import dashboard

    dashboard.run(workspace, port, browser=browser, local_editor=local_editor, only=only)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--province",
    required=True,
    metavar="NN",
    help="First two digits of the GB/T 2260 code of one of the eleven coastal units, e.g. 35.",
)
@click.option("--zones", help="Boundary file with the zones inside the province.")
@click.option(
    "--database",
    metavar="URL",
    help="PostgreSQL database to keep it in, with PostGIS; its password in PGPASSWORD or ~/.pgpass "
    "[default: SQLite, a file in DIR].",
)
@click.option("--schema", metavar="NAME", help="New schema of it [default: the workspace's id].")
@JSON
@refusals
def init(
    folder: Path,
    province: str,
    zones: str | None,
    database: str | None,
    schema: str | None,
    *,
    as_json: bool,
) -> None:
    """Make a workspace for a coastal province in DIR: outline ready, the rest empty."""
    from dataclasses import asdict

    from bluecarbon_map import reports

    if schema is not None and database is None:
        raise click.UsageError("--schema goes with --database")
    info, said = reports.begin(folder, province, zones=zones, database=database, schema=schema)
    warn(said)
    if as_json:
        print_json({"workspace": str(folder), **asdict(info)})
    say(f"made: {folder} ({info.name_zh} / {info.name_en}; {info.zones_label_zh})")
    say(f"next: import surveys and habitats, then  bluecarbon app --workspace {folder}")


@click.command()
@click.option("--out", type=FILE, help="File to write.")
@click.option("--survey", help="Survey id [default: the workspace's].")
@click.option(
    "--level",
    type=click.Choice(["province", "city", "county"]),
    default="city",
    show_default=True,
    help="Level of the rows.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Newest survey up to that year.")
@click.option("--factors", help="Named set, or a CSV file [default: the workspace's].")
@DEMONSTRATION
@click.option(
    "--how",
    type=click.Choice(["formula", "mc"]),
    default="formula",
    show_default=True,
    help="mc: draw the coefficients too; with --json under monte_carlo, files stay as they are.",
)
@LANGUAGE
@WORKSPACE
@JSON
@refusals
def summary(
    out: Path | None,
    survey: str | None,
    level: str,
    as_of: datetime | None,
    factors: str | None,
    how: str,
    lang: str,
    workspace: str | None,
    *,
    demonstration: bool,
    as_json: bool,
) -> None:
    """Area, stock and sequestration of the workspace, zone by zone."""
    from bluecarbon_map import reports
    from bluecarbon_map.sample import open_workspace
    from bluecarbon_map.tables import Level

    require_output(out, as_json=as_json)
    store = open_workspace(workspace)
    chosen = reports.choose_survey(store, survey, as_of.year if as_of else None)
    result = reports.summarise(
        store,
        chosen,
        level=Level(level),
        demonstration=demonstration,
        factor_set=factors,
        language=lang,
    )
    say_demonstration(result.totals.demonstration_ha)
    outlines = store.zones(Level(level))[["zone_id", "geometry"]]
    more = _drawn(result) if how == "mc" else None
    hand_in(result, outlines, out, as_json=as_json, notes=reports.notes(store, chosen), more=more)


def _drawn(result: ZoneSummary) -> dict[str, object]:
    """Monte Carlo of a summary for the JSON; its interval is said aloud."""
    from bluecarbon_map import reports

    drawn = reports.drawn_json(reports.simulate_summary(result))
    say(
        f"95 %: {drawn['low_t_c']} – {drawn['high_t_c']} t C; not drawn: {drawn['left_out_t_c']} "
        f"t C on {drawn['left_out_ha']} ha ({drawn['draws']:,} draws, seed {drawn['seed']})"
    )
    return {"monte_carlo": drawn}


@click.command()
@click.option("--plan", help="Plan id [default: the workspace's].")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day to look at it [today].")
@click.option(
    "--count-demonstration",
    is_flag=True,
    help="Let demonstration projects count; they never do unasked.",
)
@LANGUAGE
@WORKSPACE
@JSON
@refusals
def progress(
    plan: str | None,
    as_of: datetime | None,
    lang: str,
    workspace: str | None,
    *,
    count_demonstration: bool,
    as_json: bool,
) -> None:
    """Restoration targets: promised, counted, left out and why."""
    from bluecarbon_map import reports
    from bluecarbon_map.sample import open_workspace

    day: date | None = as_of.date() if as_of else None
    result = reports.progress(
        open_workspace(workspace), plan, as_of=day, count_demonstration=count_demonstration
    )
    if count_demonstration:
        say("含演示项目，不是正式数 / demonstration projects count: not an official figure")
    if as_json:
        print_json(reports.progress_json(result))
    else:
        click.echo(reports.progress_text(result, lang))


@click.command()
@click.option("--survey", help="Survey id [default: the workspace's].")
@click.option("--zone", help="Zone code [default: all of the survey].")
@DEMONSTRATION
@click.option("--factors", help="Your own CSV file of coefficients, as a scheme of its own.")
@click.option("--out", type=FILE, help="File to write: .csv or .xlsx.")
@LANGUAGE
@WORKSPACE
@JSON
@refusals
def standards(
    survey: str | None,
    zone: str | None,
    factors: str | None,
    out: Path | None,
    lang: str,
    workspace: str | None,
    *,
    demonstration: bool,
    as_json: bool,
) -> None:
    """One place and survey under every accounting scheme, and what each leaves out."""
    from bluecarbon_map import export, reports
    from bluecarbon_map.sample import open_workspace

    require_suffix(out, reports.SCHEME_FORMATS)
    store = open_workspace(workspace)
    chosen = reports.choose_survey(store, survey, None)
    results = reports.side_by_side(
        store, chosen, zone, demonstration=demonstration, factor_set=factors
    )
    made = reports.standards_bundle(results, notes=reports.notes(store, chosen))
    # each scheme counts the same ground: its most, not a sum
    say_demonstration(max((one.demonstration_ha for one in results), default=0.0))
    for path in export.write(made, out) if out else ():
        say(f"written: {path}")
    if as_json:
        print_json({"survey": chosen, "zone": zone, **reports.standards_json(results)})
    elif out is None:
        click.echo(reports.standards_text(results, lang))
