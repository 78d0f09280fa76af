"""The zone summary, of a workspace or of two files."""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import numpy as np

from bluecarbon_map.errors import InputError, NotFoundError
from bluecarbon_map.factors import FactorSet, load_set
from bluecarbon_map.reports.coefficients import coefficients_of
from bluecarbon_map.reports.measure import kinds_of, measure, measure_layers
from bluecarbon_map.reports.measured import Measured
from bluecarbon_map.reports.regions import Regions, with_outside
from bluecarbon_map.reports.summary import ZoneSummary, tabulate
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import Level


def summarise(
    store: Workspace,
    survey_id: str | None = None,
    *,
    level: Level = Level.COUNTY,
    zone_id: str | None = None,
    ecosystems: Collection[str] | None = None,
    demonstration: bool = True,
    factor_set: str | FactorSet | None = None,
    language: str = "zh",
    measured: Measured | None = None,
) -> ZoneSummary:
    """Area, stock and sequestration of one survey, zone by zone.

    Wider zones are sums of the finest ones, so that parts equal wholes to the last digit.

    Args:
        store: Workspace to read.
        survey_id: Survey; None for the workspace's default.
        level: Level of the rows.
        zone_id: Only zones that are or lie in this one, without the ground outside; None for all.
        ecosystems: Only these; None for all.
        demonstration: Whether demonstration patches count; their area is a column of its own.
        factor_set: Coefficients, as `coefficients_of` takes them.
        language: Of zone names, ``zh`` or ``en``.
        measured: What `measure` gave for the same survey and ``demonstration``, to save doing it
            again.

    Raises:
        NotFoundError: If there is no such survey, zone or factor set.
        EmptyLayerError: If the survey has no patch to measure.
    """
    regions = Regions.of(store, language=language)
    if zone_id is not None:
        regions.require(zone_id)
    if measured is None:
        survey = choose_survey(store, survey_id, None)
        measured = measure(store, survey, demonstration=demonstration)
    shown = regions.at_level(level, within=zone_id)
    home = regions.home(list(measured.zone_ids), shown)
    return tabulate(
        measured,
        coefficients_of(store, factor_set),
        zone_names=shown,
        home=home if zone_id is not None else with_outside(home),
        ecosystems=ecosystems,
    )


def choose_survey(store: Workspace, survey_id: str | None, year: int | None) -> str:
    """The survey that was asked for, else the newest up to a year, else the workspace's default.

    Raises:
        NotFoundError: If there is no such survey, none up to that year, or none is the default.
        InputError: If the workspace has no survey yet.
    """
    surveys = store.surveys()
    known = surveys["survey_id"].tolist()
    if not known:
        raise InputError(
            "surveys",
            "no survey is on record yet",
            "Take in its patches: bluecarbon import FILE --kind habitats --survey ID; "
            "docs/tables.md lists the columns",
        )
    if survey_id is not None:
        if survey_id not in known:
            raise NotFoundError("survey", survey_id, known)
        return survey_id
    if year is None:
        if store.info.default_survey_id is None:
            raise NotFoundError("survey", "", known)
        return store.info.default_survey_id
    old_enough = surveys[surveys["year"] <= year]
    if old_enough.empty:
        raise NotFoundError("survey", f"up to {year}", known)
    return str(old_enough.sort_values("year")["survey_id"].iloc[-1])


def summarise_layers(
    habitats: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    factor_set: str | FactorSet,
    *,
    where: str,
    zones_where: str = "zones",
) -> ZoneSummary:
    """Area, stock and sequestration of a user's own habitats in a user's own zones.

    Args:
        habitats: ``ecosystem, species, geometry`` in the equal-area plane, from `reading`.
        zones: ``zone_id, zone_name, geometry`` in the equal-area plane, from `reading`.
        factor_set: Coefficients, by name, file or ready.
        where: Name of the habitats' file, for messages.
        zones_where: Name of the zones' file, for messages.

    Raises:
        ZoneOverlapError: If zones share more than slivers.
    """
    measured = measure_layers(
        habitats.geometry.to_numpy(),
        kinds_of(habitats),
        np.zeros(len(habitats), dtype=bool),
        zones.geometry.to_numpy(),
        zones["zone_id"].tolist(),
        where=where,
        zones_where=zones_where,
    )
    names = dict(zip(zones["zone_id"], zones["zone_name"], strict=True))
    coefficients = factor_set if isinstance(factor_set, FactorSet) else load_set(factor_set)
    return tabulate(measured, coefficients, zone_names=names)
