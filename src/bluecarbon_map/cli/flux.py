"""What an activity on coastal wetland does to a year: the annual ledger, no stock, no credit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bluecarbon_map.cli.shared import JSON, print_json, refusals

if TYPE_CHECKING:
    from bluecarbon_map.reports.fluxes import ActivityFlux

_ACTIVITIES = ("created", "drained", "extracted", "ponds")
_ECOSYSTEMS = ("mangrove", "salt_marsh", "seagrass")


@click.command()
@click.option("--activity", required=True, type=click.Choice(_ACTIVITIES), help="What is done.")
@click.option("--ecosystem", type=click.Choice(_ECOSYSTEMS), help="Where; not for ponds.")
@click.option("--area", "area_ha", default=1.0, show_default=True, help="Area in ha.")
@click.option("--salinity", "salinity_ppt", type=float, help="Measured, in ppt; has no default.")
@click.option("--cover", "cover_percent", type=float, help="Canopy cover in per cent.")
@click.option("--years", type=float, help="Years since it was done.")
@click.option("--planted/--natural", default=None, help="Planted or sown, or back by itself.")
@click.option("--biomass", "biomass_t_dm_ha", type=float, help="Living, before; t dry matter/ha.")
@click.option("--carbon-fraction", type=float, help="Carbon in dry matter, 0 to 1.")
@click.option("--dead", "dead_t_c_ha", type=float, help="Dead wood and litter, t C/ha.")
@click.option("--soil", "soil_t_c_ha", type=float, help="Soil to 1 m, t C/ha.")
@click.option("--fish", "fish_t_yr", type=float, help="Fish of the ponds, t/yr.")
@click.option("--gwp", type=click.Choice(["AR6", "AR5"]), default="AR6", show_default=True)
@click.option("--accept-unverified", is_flag=True, help="Use values that nobody checked.")
@JSON
@refusals
def flux(
    activity: str, cover_percent: float | None, *, as_json: bool, **given: float | str | None
) -> None:
    """Greenhouse gases that an activity takes up or gives off a year, by IPCC Tier 1."""
    from bluecarbon_map.reports import fluxes

    cover = None if cover_percent is None else cover_percent / 100.0
    case = fluxes.Case(activity=fluxes.Activity(activity), cover=cover, **given)  # type: ignore[arg-type]
    found = fluxes.reckon(case)
    if as_json:
        print_json(fluxes.activity_json(found))
    else:
        _say(found)


def _say(found: ActivityFlux) -> None:
    """The result in a few lines."""
    click.echo(f"removals   {_amount(found.removals_t_co2e_yr)}")
    for gas, amount in found.by_gas:
        click.echo(f"emissions  {_amount(amount)} of {gas}")
    what = f", a {found.direction}" if found.direction in ("sink", "source") else ""
    click.echo(f"net        {_amount(found.net_t_co2e_yr)}{what}")
    click.echo(f"GWP        {found.gwp.name}: CH4 {found.gwp.ch4:g}, N2O {found.gwp.n2o:g}")
    for one in found.rules:
        click.echo(f"rule       {one.en}")
    for one in found.missing:
        click.echo(f"missing    {one.en}")


def _amount(amount: float | None) -> str:
    return "no data" if amount is None else f"{amount:.3f} t CO2e/yr"
