"""All caches of the dashboard, keyed by the version of the workspace.

Nothing here depends on who is looking: the workspace is readable to whoever reaches the server.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from functools import lru_cache, wraps
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import geopandas as gpd
import shapely

from bluecarbon_map import reports
from bluecarbon_map.errors import EmptyLayerError
from bluecarbon_map.export import to_bytes
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import Level
from bluecarbon_map.targets import PlanProgress
from bluecarbon_map.tiles import BaseMap, HabitatLayer, sheet_of
from ui.words import LANGUAGES

FONT: Final = (
    Path(__file__).resolve().parents[1] / "static" / "vendor" / "fonts" / "noto-sans-sc-400.woff2"
)

_STARTED_WITH: Final = ("mangrove", "tidal_flat")
"""Ecosystems that the first view of the map holds."""

Given = ParamSpec("Given")
Made = TypeVar("Made")


def shared(most: int) -> Callable[[Callable[Given, Made]], Callable[Given, Made]]:
    """Keep the last results of a function for all threads; each is made once, others wait for it.

    Not st.cache_resource: the tile routes use the same caches, from threads in which no Streamlit
    session exists. A kept table is never changed by its readers.
    """

    def keep(make: Callable[Given, Made]) -> Callable[Given, Made]:
        kept, lock = lru_cache(maxsize=most)(make), threading.RLock()

        @wraps(make)
        def get(*given: Given.args, **named: Given.kwargs) -> Made:
            with lock:
                return kept(*given, **named)  # type: ignore[arg-type]

        return get

    return keep


@shared(most=1)
def workspace() -> Workspace:
    """The workspace of this server; a changed one is read at the next start."""
    return open_workspace()


@shared(most=4)
def base_map(version: str) -> BaseMap:
    """Draws the ground."""
    del version
    return BaseMap(workspace().land(), workspace().zones(), FONT)


@shared(most=8)
def habitat_layer(version: str, survey_id: str) -> HabitatLayer:
    """Draws the patches of a survey."""
    del version
    return HabitatLayer(workspace().habitats(survey_id))


@shared(most=8)
def survey_titles(version: str, language: str) -> dict[str, str]:
    """Title of each survey, in the order of the table."""
    del version
    surveys = workspace().surveys()
    return dict(zip(surveys["survey_id"], surveys[f"title_{language}"], strict=True))


@shared(most=32)
def survey_year(version: str, survey_id: str) -> int:
    """Year a survey stands for."""
    del version
    surveys = workspace().surveys()
    return int(surveys.loc[surveys["survey_id"] == survey_id, "year"].iloc[0])


@shared(most=4)
def plan_titles(version: str, language: str) -> dict[str, str]:
    """Title of each plan, in the order of the table."""
    del version
    targets = workspace().targets()
    return dict(zip(targets["plan_id"], targets[f"plan_{language}"], strict=True))


@shared(most=64)
def progress(version: str, plan_id: str | None, as_of: date) -> PlanProgress | None:
    """How far a plan's targets are met; demonstration projects never count. None without a plan."""
    del version
    if plan_id is None:
        return None
    return reports.progress(workspace(), plan_id, as_of=as_of)


@shared(most=8)
def regions(version: str, language: str) -> reports.Regions:
    """Zones as a tree."""
    del version
    return reports.Regions.of(workspace(), language=language)


@shared(most=32)
def measured(version: str, survey_id: str | None, demonstration: bool) -> reports.Measured | None:  # noqa: FBT001
    """Areas of a survey; None where there is no survey, or no patch to measure."""
    del version
    if survey_id is None:
        return None
    try:
        return reports.measure(workspace(), survey_id, demonstration=demonstration)
    except EmptyLayerError:
        return None


@shared(most=512)
def summary(
    version: str,
    survey_id: str | None,
    level: Level,
    zone_id: str | None,
    ecosystems: frozenset[str] | None,
    demonstration: bool,  # noqa: FBT001
    language: str,
    factor_set: str | None = None,
) -> reports.ZoneSummary | None:
    """Area and carbon by zone and ecosystem; None where the survey holds no patch."""
    areas = measured(version, survey_id, demonstration)
    if areas is None or survey_id is None:
        return None
    return reports.summarise(
        workspace(),
        survey_id,
        level=level,
        zone_id=zone_id,
        ecosystems=ecosystems,
        demonstration=demonstration,
        factor_set=factor_set,
        language=language,
        measured=areas,
    )


@shared(most=8)
def places(version: str, survey_id: str) -> reports.Places:
    """Finds what lies at a point of a survey's map."""
    del version
    return reports.Places(workspace(), survey_id)


@shared(most=256)
def point_facts(
    version: str,
    survey_id: str,
    lon: float,
    lat: float,
    ecosystems: frozenset[str] | None,
    demonstration: bool,  # noqa: FBT001
    tolerance_m: float,
) -> reports.PointFacts:
    """What lies where someone clicked."""
    return places(version, survey_id).at(
        lon, lat, tolerance_m=tolerance_m, demonstration=demonstration, ecosystems=ecosystems
    )


@shared(most=64)
def zone_outline(version: str, zone_id: str) -> tuple[str, tuple[float, float, float, float]]:
    """Outline of a zone, thinned, as GeoJSON without properties, and its bounds in degrees."""
    del version
    zones = workspace().zones()
    shape = zones.loc[zones["zone_id"] == zone_id].geometry.iloc[0]
    west, south, east, north = shape.bounds
    thin = shapely.simplify(shape, (east - west) / 1500)
    return shapely.to_geojson(thin), (west, south, east, north)


@shared(most=4)
def patch_bounds(version: str) -> tuple[float, float, float, float]:
    """West, south, east, north of the mangroves and tidal flats, in degrees.

    Not of farms and islands, which lie far out; marshes lie beside the flats, and where they reach
    farther, along the north shore of Hangzhou Bay, the mangroves of the south would go to the edge.
    """
    del version
    survey_id = workspace().info.default_survey_id
    if survey_id is None:
        west, south, east, north = workspace().zones().total_bounds.tolist()
        return west, south, east, north
    patches = workspace().habitats(survey_id)
    coastal = patches[patches["ecosystem"].isin(_STARTED_WITH)]
    west, south, east, north = (patches if coastal.empty else coastal).total_bounds.tolist()
    return west, south, east, north


@shared(most=4)
def sheet(version: str) -> tuple[float, float, float, float]:
    """West, south, east, north of all that the map shows, in degrees."""
    del version
    return sheet_of(workspace().zones())


@shared(most=64)
def patch_outline(version: str, survey_id: str, habitat_id: str) -> str:
    """Outline of a patch as GeoJSON without properties."""
    del version
    patches = workspace().habitats(survey_id)
    shape = patches.loc[patches["habitat_id"] == habitat_id].geometry.iloc[0]
    west, _, east, _ = shape.bounds
    return str(shapely.to_geojson(shapely.simplify(shape, (east - west) / 1500)))


@shared(most=32)
def download(
    version: str,
    survey_id: str | None,
    level: Level,
    zone_id: str | None,
    ecosystems: frozenset[str] | None,
    demonstration: bool,  # noqa: FBT001
    language: str,
    suffix: str,
    factor_set: str | None = None,
) -> bytes:
    """The table as a file of one format, made when somebody asks for it."""
    shown = summary(
        version, survey_id, level, zone_id, ecosystems, demonstration, language, factor_set
    )
    if shown is None or survey_id is None:
        raise EmptyLayerError(survey_id or "surveys")
    zones: gpd.GeoDataFrame = workspace().zones()
    said = reports.notes(workspace(), survey_id)
    made = reports.bundle(shown, zones, name="bluecarbon_summary", notes=said)
    return to_bytes(made, suffix)


def warm() -> None:
    """Fill the caches that the first page needs."""
    opened = workspace()
    version, survey_id = opened.version, opened.info.default_survey_id
    base_map(version)
    if survey_id is not None:
        habitat_layer(version, survey_id)
    for language in LANGUAGES:
        regions(version, language)
        survey_titles(version, language)
    summary(version, survey_id, Level.COUNTY, None, None, True, "zh")  # noqa: FBT003
