"""Commands about carbon in the ground and through time."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bluecarbon_map.cli.shared import (
    JSON,
    print_json,
    refusals,
    require_other_file,
    require_output,
    say,
    warn,
)

if TYPE_CHECKING:
    from bluecarbon_map.reports.timeline import Pricing

_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("slices", metavar="FILE", type=_FILE)
@click.option("--to-depth", default=100.0, show_default=True, help="Depth in cm.")
@click.option("--out", type=_FILE, help="File to write: .csv or .xlsx.")
@click.option(
    "--extrapolate", is_flag=True, help="Carry cores that end above the depth on to it; flagged."
)
@click.option(
    "--loi",
    type=click.Choice(["none", "fit", "mangrove", "marsh", "seagrass"]),
    default="none",
    show_default=True,
    help="Carbon by loss on ignition where it was not measured: a line fitted on the slices of "
    "FILE with both, or an equation of the literature; the row says which.",
)
@click.option(
    "--accept-unverified",
    is_flag=True,
    help="Use an equation that nobody has checked against its source; its error is unknown.",
)
@JSON
@refusals
def cores(
    slices: Path,
    to_depth: float,
    out: Path | None,
    loi: str,
    *,
    extrapolate: bool,
    accept_unverified: bool,
    as_json: bool,
) -> None:
    """Carbon of soil cores in FILE, a depthseries table of the Coastal Carbon Network."""
    from bluecarbon_map import export
    from bluecarbon_map.reading.cores import read_depthseries
    from bluecarbon_map.reports.cores import cores as cores_table
    from bluecarbon_map.reports.cores import (
        cores_bundle,
        cores_json,
        refusals_of,
        regression,
        regression_words,
    )

    require_output(out, as_json=as_json)
    require_other_file(out, str(slices))
    read = read_depthseries(slices)
    by_loi = regression(read, loi, accept_unverified=accept_unverified)
    said = [regression_words(by_loi)] if by_loi else []
    table = cores_table(read, to_depth, extrapolate=extrapolate, by_loi=by_loi)
    refused = int(table["refused_because"].notna().sum())
    say(f"{len(table)} cores to {to_depth:g} cm, {refused} of them refused")
    for reason, count in refusals_of(table).items():
        say(f"  {count} × {reason}")
    for line in said:
        say(line)
    written = export.write(cores_bundle(table, slices.name, *said), out) if out else []
    if as_json:
        print_json(cores_json(table))
    for path in written:
        say(f"written: {path}")


@click.command()
@click.argument("snapshots", type=_FILE)
@click.option("--biophysical", required=True, type=_FILE, help="Table of classes.")
@click.option("--transitions", required=True, type=_FILE, help="Table of transitions.")
@click.option("--until", type=int, help="Year in which the analysis ends [the last snapshot's].")
@click.option("--price", type=float, help="Price of a tonne in the first year.")
@click.option("--inflation", type=float, help="Growth of the price, % a year.")
@click.option("--price-table", type=_FILE, help="Table of year and price.")
@click.option("--discount", type=float, help="Discount, % a year.")
@click.option(
    "--unit", type=click.Choice(["t C/ha", "t CO2e/ha"]), help="Of the tables, if they do not say."
)
@click.option(
    "--invest-compat", is_flag=True, help="Reproduce InVEST 3.20.2 with its five deviations."
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write.",
)
@JSON
@refusals
def timeline(
    snapshots: Path,
    biophysical: Path,
    transitions: Path,
    out: Path,
    until: int | None,
    price: float | None,
    inflation: float | None,
    price_table: Path | None,
    discount: float | None,
    unit: str | None,
    *,
    invest_compat: bool,
    as_json: bool,
) -> None:
    """Carbon through time, from InVEST's own tables and rasters of classes."""
    from dataclasses import asdict

    from bluecarbon_map.reports.timeline import timeline as write

    pricing = _pricing(price, inflation, price_table, discount)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what is unfinished is then removed
    with click.progressbar(length=100, file=sys.stderr) as bar:
        result = write(
            snapshots,
            biophysical,
            transitions,
            out,
            until=until,
            pricing=pricing,
            unit=unit,
            invest_compat=invest_compat,
            progress=lambda done: bar.update(int(done * 100) - bar.pos),
        )
    warn(result.warnings)
    if as_json:
        files = [str(file) for file in result.files]
        print_json(asdict(result) | {"files": files, "invest_compat": invest_compat})


def _pricing(
    price: float | None,
    inflation: float | None,
    price_table: Path | None,
    discount: float | None,
) -> Pricing | None:
    """What a tonne is worth, where all that is needed for it was given."""
    from bluecarbon_map.reports.timeline import Pricing

    given = (price, inflation, price_table, discount)
    if all(one is None for one in given):
        return None
    by_growth = price is not None and inflation is not None and price_table is None
    by_table = price_table is not None and price is None and inflation is None
    if discount is None or not (by_growth or by_table):
        raise click.UsageError(
            "Give --price, --inflation and --discount, or --price-table and --discount"
        )
    return Pricing(
        discount_percent=discount,
        price_per_t=price,
        inflation_percent=inflation,
        table=price_table,
    )
