"""The numbers of an own area: an outline in a file, as the page beside the map shows them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bluecarbon_map.cli.shared import (
    DEMONSTRATION,
    FILE,
    JSON,
    LANGUAGE,
    WORKSPACE,
    print_json,
    refusals,
    require_other_file,
    say,
    say_demonstration,
    warn,
)

if TYPE_CHECKING:
    from bluecarbon_map.reports.own_area import OwnArea
    from bluecarbon_map.store.base import Workspace


@click.command()
@click.argument("file", type=FILE)
@click.option("--survey", help="Survey id [default: the workspace's].")
@click.option("--out", type=FILE, help="File to write: .csv, .xlsx, .gpkg, .geojson or .parquet.")
@click.option("--name", help="What the area is called [default: the name of the file].")
@click.option("--layer", help="Layer of a file with several.")
@click.option("--crs", metavar="EPSG:N", help="Coordinate system, where the file states none.")
@click.option("--datum", type=click.Choice(["gcj02", "bd09"]), help="Convert from this datum.")
@click.option("--factors", help="Named set, or a CSV file [default: the workspace's].")
@DEMONSTRATION
@LANGUAGE
@WORKSPACE
@JSON
@refusals
def area(
    file: Path,
    survey: str | None,
    out: Path | None,
    name: str | None,
    layer: str | None,
    crs: str | None,
    datum: str | None,
    factors: str | None,
    lang: str,
    workspace: str | None,
    *,
    demonstration: bool,
    as_json: bool,
) -> None:
    """Area by ecosystem, stock and burial within the outlines of FILE.

    FILE is GeoJSON, KML, a zipped shapefile, a GeoPackage or GeoParquet. Several polygons become
    one area; it is read as an import reads it, and nothing is stored.
    """
    from bluecarbon_map import export
    from bluecarbon_map.reports import own_area
    from bluecarbon_map.sample import open_workspace

    require_other_file(out, str(file))
    store = open_workspace(workspace)
    drawn = _drawn(store, file, name or file.stem, crs=crs, datum=datum, layer=layer)
    found = own_area.area_figures(
        store, drawn, survey, demonstration=demonstration, factor_set=factors
    )
    warn(found.summary.warnings)
    say_demonstration(found.summary.totals.demonstration_ha)
    for path in export.write(own_area.area_bundle(store, found), out) if out else ():
        say(f"written: {path}")
    if as_json:
        print_json(own_area.area_json(found))
    else:
        click.echo(own_area.area_text(found, lang))


def _drawn(
    store: Workspace,
    file: Path,
    name: str,
    *,
    crs: str | None,
    datum: str | None,
    layer: str | None,
) -> OwnArea:
    """The outlines of a file by way of the gate, which says on standard error what it found."""
    from bluecarbon_map.gate.outlines import check_outlines, outlines_of
    from bluecarbon_map.gate.region import region_of
    from bluecarbon_map.reports import own_area

    with tempfile.TemporaryDirectory(prefix="bluecarbon-area-") as work:
        looked = check_outlines(
            file, file.name, region_of(store), work=Path(work), crs=crs, datum=datum, layer=layer
        )
        for problem in looked.problems:
            say(f"{problem.severity.value} [{problem.code}]: {problem.message}. {problem.fix}.")
        return own_area.own_area(outlines_of(looked), name)
