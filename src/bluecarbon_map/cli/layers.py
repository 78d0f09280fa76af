"""Commands about two files of a user's own: no workspace is needed."""

from __future__ import annotations

from pathlib import Path

import click

from bluecarbon_map.cli.shared import (
    JSON,
    bare,
    hand_in,
    print_json,
    refusals,
    require_other_file,
    require_output,
    say,
    warn,
)


@click.command()
@click.argument("habitats")
@click.argument("zones")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.option("--ecosystem-column", help="Column of HABITATS that names the ecosystem.")
@click.option("--zone-column", help="Column of ZONES that names the zone.")
@click.option("--factors", default="zhejiang", show_default=True, help="Named set, or a CSV file.")
@click.option("--repair", is_flag=True, help="Mend invalid geometry instead of refusing it.")
@JSON
@refusals
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

    require_output(out, as_json=as_json)
    require_other_file(out, habitats, zones, factors)
    coefficients = load_set(factors)
    patches, said = reading.read_habitats(
        habitats, ecosystem_column=ecosystem_column, repair=repair
    )
    areas, more = reading.read_zones(zones, zone_column=zone_column, repair=repair)
    warn([*said, *more])
    summary = reports.summarise_layers(
        patches, areas, coefficients, where=habitats, zones_where=zones
    )
    outlines = areas[["zone_id", "geometry"]].to_crs(STORAGE_CRS)
    notes = [f"生境 / habitats: {bare(habitats)}", f"分区 / zones: {bare(zones)}"]
    hand_in(summary, outlines, out, as_json=as_json, notes=notes)


@click.command()
@click.argument("raster", type=click.Path(path_type=Path))
@click.argument("zones")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.option("--zone-column", help="Column of ZONES that names the zone.")
@click.option(
    "--kind",
    type=click.Choice(["classes", "continuous"]),
    help="What the pixels hold [default: classes for whole numbers of 8 bits without a scale].",
)
@JSON
@refusals
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

    require_output(out, as_json=as_json)
    require_other_file(out, str(raster), zones)
    areas, said = reading.read_zones(zones, zone_column=zone_column)
    layer = summarise_raster(raster, areas, kind=RasterKind(kind) if kind else None)
    warn([*said, *layer.warnings])
    notes = (f"分区 / zones: {bare(zones)}",)
    written = export.write(zonal_bundle(layer, areas, notes=notes), out) if out else []
    if as_json:
        print_json(zonal_json(layer))
    for path in written:
        say(f"written: {path}")
