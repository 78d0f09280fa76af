"""What an activity on coastal wetland does to a year: the annual ledger, no stock, no credit."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.core import ParameterSource

from bluecarbon_map.cli.shared import (
    FILE,
    JSON,
    LANGUAGE,
    print_json,
    refusals,
    require_suffix,
    say,
    write_bytes,
)
from bluecarbon_map.errors import InputError

if TYPE_CHECKING:
    from bluecarbon_map.reports.fluxes import ActivityFlux

# Retyped, so that --help needs no library; tests hold them equal to it.
ACTIVITIES: Final = ("created", "drained", "extracted", "ponds")
ECOSYSTEMS: Final = ("mangrove", "salt_marsh", "seagrass")
GWP_SETS: Final = ("AR6", "AR5")

OPTIONS_OF: Final = {
    "created": ("ecosystem", "area_ha", "planted", "cover_percent", "years", "salinity_ppt",
                "soil_t_c_ha"),
    "drained": ("ecosystem", "area_ha"),
    "extracted": ("ecosystem", "area_ha", "biomass_t_dm_ha", "carbon_fraction", "dead_t_c_ha",
                  "soil_t_c_ha"),
    "ponds": ("fish_t_yr",),
}  # fmt: skip
"""What each activity asks for."""

_SUFFIXES: Final = (".csv", ".json")
_PERCENT: Final = 100.0


@click.command()
@click.option("--activity", required=True, type=click.Choice(ACTIVITIES), help="What is done.")
@click.option("--ecosystem", type=click.Choice(ECOSYSTEMS), help="Where; not for ponds.")
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
@click.option("--gwp", type=click.Choice(GWP_SETS), default=GWP_SETS[0], show_default=True)
@click.option("--accept-unverified", is_flag=True, help="Use values that nobody checked.")
@click.option("--out", type=FILE, help="File to write: .csv or .json.")
@LANGUAGE
@JSON
@refusals
def flux(
    activity: str,
    cover_percent: float | None,
    out: Path | None,
    lang: str,
    *,
    as_json: bool,
    **given: float | str | None,
) -> None:
    """Greenhouse gases that an activity takes up or gives off in a year, by IPCC Tier 1."""
    from bluecarbon_map.reports import fluxes

    ctx = click.get_current_context()
    _require_own(ctx, activity)
    require_suffix(out, _SUFFIXES)
    case = fluxes.Case(
        activity=fluxes.Activity(activity), cover=_share(cover_percent), **given  # type: ignore[arg-type]
    )  # fmt: skip
    try:
        found = fluxes.reckon(case)
    except InputError as problem:
        named = _names(ctx).get(problem.where, problem.where)
        raise InputError(named, problem.reason, problem.fix) from problem
    if out is not None:
        _write(found, out)
    if as_json:
        print_json(fluxes.activity_json(found))
    elif out is None:
        click.echo(fluxes.activity_text(found, lang))


def _names(ctx: click.Context) -> dict[str, str]:
    """Each option as it is typed, by its name here."""
    return {str(o.name): "/".join([o.opts[0], *o.secondary_opts]) for o in ctx.command.params}


def _require_own(ctx: click.Context, activity: str) -> None:
    """An option that an activity does not ask for would change nothing: it is refused by name."""
    own = OPTIONS_OF[activity]
    every = {name for names in OPTIONS_OF.values() for name in names}
    names = _names(ctx)
    foreign = [names[one] for one in ctx.params if one in every and _is_foreign(ctx, one, own)]
    if foreign:
        asks = ", ".join(names[one] for one in own)
        raise click.UsageError(
            f"{', '.join(foreign)} does not belong to --activity {activity}; it asks for {asks}"
        )


def _is_foreign(ctx: click.Context, name: str, own: Collection[str]) -> bool:
    return name not in own and ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE


def _share(cover_percent: float | None) -> float | None:
    """A cover in per cent as a share; checked as it was typed."""
    if cover_percent is None:
        return None
    if not 0.0 <= cover_percent <= _PERCENT:
        raise InputError("--cover", f"{cover_percent:g} % cannot be", "Give 0 to 100")
    return cover_percent / _PERCENT


def _write(found: ActivityFlux, out: Path) -> None:
    """The same files as the page's."""
    from bluecarbon_map import export
    from bluecarbon_map.reports import fluxes

    if out.suffix.lower() == ".json":
        write_bytes(out, fluxes.as_json(found))
        return
    for path in export.write(fluxes.flux_bundle(found), out):
        say(f"written: {path}")
