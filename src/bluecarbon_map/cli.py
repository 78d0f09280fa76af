"""The command line: ``bluecarbon --help``.

Results go to standard output, everything else to standard error. Exit 0 is done, 1 refused (the
message says what, where and how to mend it), 2 wrong usage. Heavy imports stay inside commands, so
that ``--help`` answers at once.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import click

from bluecarbon_map import __version__
from bluecarbon_map.errors import BluecarbonError, InputError, NotFoundError

if TYPE_CHECKING:
    from bluecarbon_map.reports import ZoneSummary

P = ParamSpec("P")

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_WORKSPACE = click.option(
    "--workspace",
    type=click.Path(file_okay=False),
    help="Workspace folder [default: $BLUECARBON_WORKSPACE, else the embedded Zhejiang one].",
)
_LANGUAGE = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Of names."
)


def _refusals(command: Callable[P, None]) -> Callable[P, None]:
    """Turn refusals into a message and exit code 1; with --json into one JSON object too."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (BluecarbonError, OSError) as problem:
            _say(str(problem))
            if kwargs.get("as_json"):
                _print_json({"error": {"kind": type(problem).__name__, **_told(problem)}})
            sys.exit(1)

    return guarded


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


@main.command()
@_WORKSPACE
@click.option("--port", default=8501, show_default=True, help="Port on 127.0.0.1.")
@click.option("--browser/--no-browser", default=True, help="Open a browser when it is ready.")
@_refusals
def app(workspace: str | None, port: int, *, browser: bool) -> None:
    """Start the dashboard on 127.0.0.1."""
    from bluecarbon_map import dashboard

    dashboard.run(workspace, port, browser=browser)


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--province",
    required=True,
    metavar="NN",
    help="First two digits of the GB/T 2260 code of one of the eleven coastal units, e.g. 35.",
)
@click.option("--zones", help="Boundary file with the zones inside the province.")
@_JSON
@_refusals
def init(folder: Path, province: str, zones: str | None, *, as_json: bool) -> None:
    """Make a workspace for a coastal province in DIR: outline ready, the rest empty."""
    from dataclasses import asdict

    from bluecarbon_map import reports

    info, said = reports.begin(folder, province, zones=zones)
    _warn(said)
    if as_json:
        _print_json({"workspace": str(folder), **asdict(info)})
    _say(f"made: {folder} ({info.name_zh} / {info.name_en}; {info.zones_label_zh})")
    _say(f"next: put in surveys and habitats, then  bluecarbon app --workspace {folder}")


@main.command()
@click.argument("habitats")
@click.argument("zones")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.option("--ecosystem-column", help="Column of HABITATS that names the ecosystem.")
@click.option("--zone-column", help="Column of ZONES that names the zone.")
@click.option("--factors", default="zhejiang", show_default=True, help="Named set, or a CSV file.")
@click.option("--repair", is_flag=True, help="Mend invalid geometry instead of refusing it.")
@_JSON
@_refusals
def summarize(
    habitats: str,
    zones: str,
    out: Path | None,
    ecosystem_column: str | None,
    zone_column: str | None,
    factors: str,
    *,
    repair: bool,
    as_json: bool,
) -> None:
    """Add up HABITATS per zone of ZONES: area, stock and sequestration.

    Both are files: GeoPackage (FILE or FILE|layername=NAME), GeoJSON, Shapefile or GeoParquet.
    """
    from bluecarbon_map import reading, reports
    from bluecarbon_map.factors import load_set
    from bluecarbon_map.geodesy import STORAGE_CRS

    _require_output(out, as_json=as_json)
    _require_other_file(out, habitats, zones, factors)
    coefficients = load_set(factors)
    patches, said = reading.read_habitats(
        habitats, ecosystem_column=ecosystem_column, repair=repair
    )
    areas, more = reading.read_zones(zones, zone_column=zone_column, repair=repair)
    _warn([*said, *more])
    summary = reports.summarise_layers(
        patches, areas, coefficients, where=habitats, zones_where=zones
    )
    outlines = areas[["zone_id", "geometry"]].to_crs(STORAGE_CRS)
    notes = [f"生境 / habitats: {_bare(habitats)}", f"分区 / zones: {_bare(zones)}"]
    _hand_in(summary, outlines, out, as_json=as_json, notes=notes)


@main.command()
@click.argument("raster", type=click.Path(path_type=Path))
@click.argument("zones")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.option("--zone-column", help="Column of ZONES that names the zone.")
@click.option(
    "--kind",
    type=click.Choice(["classes", "continuous"]),
    help="What the pixels hold [default: classes for whole numbers of 8 bits without a scale].",
)
@_JSON
@_refusals
def zonal(
    raster: Path,
    zones: str,
    out: Path | None,
    zone_column: str | None,
    kind: str | None,
    *,
    as_json: bool,
) -> None:
    """Area of every class of RASTER, or its mean, per zone of ZONES, by exact pixel shares.

    RASTER is a GeoTIFF; ZONES a GeoPackage, GeoJSON, Shapefile or GeoParquet.
    """
    from bluecarbon_map import export, reading
    from bluecarbon_map.reports.zonal_layers import summarise_raster, zonal_bundle, zonal_json
    from bluecarbon_map.tables import RasterKind

    _require_output(out, as_json=as_json)
    _require_other_file(out, str(raster), zones)
    areas, said = reading.read_zones(zones, zone_column=zone_column)
    layer = summarise_raster(raster, areas, kind=RasterKind(kind) if kind else None)
    _warn([*said, *layer.warnings])
    notes = (f"分区 / zones: {_bare(zones)}",)
    written = export.write(zonal_bundle(layer, areas, notes=notes), out) if out else []
    if as_json:
        _print_json(zonal_json(layer))
    for path in written:
        _say(f"written: {path}")


@main.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
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
@click.option(
    "--demonstration/--no-demonstration",
    default=True,
    show_default=True,
    help="Whether demonstration patches count; their area is a column of its own.",
)
@_LANGUAGE
@_WORKSPACE
@_JSON
@_refusals
def summary(
    out: Path | None,
    survey: str | None,
    level: str,
    as_of: datetime | None,
    factors: str | None,
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

    _require_output(out, as_json=as_json)
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
    if result.totals.demonstration_ha > 0:
        _say(
            f"含演示数据 {result.totals.demonstration_ha:,.1f} 公顷，不得作为正式数引用；"
            "加 --no-demonstration 可去除 / contains demonstration data"
        )
    outlines = store.zones(Level(level))[["zone_id", "geometry"]]
    _hand_in(result, outlines, out, as_json=as_json, notes=reports.notes(store, chosen))


@main.command()
@click.option("--plan", help="Plan id [default: the workspace's].")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day to look at it [today].")
@click.option(
    "--count-demonstration",
    is_flag=True,
    help="Let demonstration projects count; they never do unasked.",
)
@_LANGUAGE
@_WORKSPACE
@_JSON
@_refusals
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
        _say("含演示项目，不是正式数 / demonstration projects count: not an official figure")
    if as_json:
        _print_json(reports.progress_json(result))
    else:
        click.echo(reports.progress_text(result, lang))


def _hand_in(
    summary: ZoneSummary,
    outlines: Any,  # noqa: ANN401 (a GeoDataFrame; geopandas is imported late)
    out: Path | None,
    *,
    as_json: bool,
    notes: Iterable[str],
) -> None:
    """Write the file, if one is asked for, then print the JSON or where the file is."""
    from bluecarbon_map import export, reports

    _warn(summary.warnings)
    written = (
        export.write(reports.bundle(summary, outlines, name="summary", notes=notes), out)
        if out
        else []
    )
    if as_json:
        _print_json(reports.summary_json(summary))
    for path in written:
        _say(f"written: {path}")


def _bare(layer: str) -> str:
    """Name of a file, and of the layer in it, without its folder: what may leave the office."""
    name, mark, layer_name = layer.partition("|layername=")
    return f"{Path(name).name}{mark}{layer_name}"


def _require_output(out: Path | None, *, as_json: bool) -> None:
    if out is None and not as_json:
        raise click.UsageError("Say where the result goes: --out FILE, or --json")


def _require_other_file(out: Path | None, *read: str) -> None:
    """An input must outlive its result."""
    for name in read:
        file = Path(name.partition("|layername=")[0])
        if out is not None and out.exists() and file.exists() and out.samefile(file):
            raise InputError(
                str(out), "this is one of the input files", "Name another file to write"
            )


def _told(problem: Exception) -> dict[str, object]:
    """What an error says of itself: its message and whatever attributes it has."""
    names = ("where", "rows", "column", "reason", "found", "wanted", "table", "problems", "key",
             "known", "fix")  # fmt: skip
    told: dict[str, object] = {"message": str(problem)}
    if isinstance(problem, NotFoundError):
        told["looked_for"] = problem.kind  # "kind" is the class of the error
    for name in names:
        if hasattr(problem, name):
            value = getattr(problem, name)
            told[name] = [str(one) for one in value] if isinstance(value, tuple) else value
    return told


def _warn(warnings: Iterable[str]) -> None:
    for warning in warnings:
        _say(f"warning: {warning}")


def _say(text: str) -> None:
    click.echo(text, err=True)


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=None))


if __name__ == "__main__":
    main()
