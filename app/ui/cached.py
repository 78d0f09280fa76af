"""All caches of the dashboard, keyed by the version of the workspace.

Nothing here depends on who is looking: `rights` says what this server may show, to all alike.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

import geopandas as gpd
import pandas as pd

from bluecarbon_map import reports
from bluecarbon_map.errors import EmptyLayerError
from bluecarbon_map.export import Bundle, to_bytes
from bluecarbon_map.sample import open_workspace, workspace_folder
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import Level
from bluecarbon_map.targets import PlanProgress
from bluecarbon_map.tiles import BaseMap, UnknownGround, sheet_of
from bluecarbon_map.tiles.zone_lines import ZoneLines
from ui import outlines, rights
from ui.keeping import forget as forget
from ui.keeping import shared
from ui.words import LANGUAGES

Made = TypeVar("Made")

_MOST_NAMES: Final = 2_000
"""Named patches that the search box offers."""
FONT: Final = (
    Path(__file__).resolve().parents[1] / "static" / "vendor" / "fonts" / "noto-sans-sc-400.woff2"
)


_run: Final = threading.local()
"""The workspace that the run of a page in this thread looks at, and what keeps it steady."""


def workspace() -> Workspace:
    """The workspace of this server, as far as it may be shown; followed to its copy."""
    found: Workspace | None = getattr(_run, "workspace", None)
    return found or _opened(workspace_folder(), rights.surveys())


@contextmanager
def one_state() -> Iterator[None]:
    """Within it, the run of a page looks the workspace and its version up once."""
    if getattr(_run, "steady", None) is not None:
        yield
        return
    found = workspace()
    with ExitStack() as steady:
        steady.enter_context(found.steady())
        _run.workspace, _run.steady = found, steady
        try:
            yield
        finally:
            _run.workspace = _run.steady = None


def look_anew() -> None:
    """From here on this run reads what is stored at the moment.

    Something was written, in this thread or another, or what is read guards a write: a version
    must never be newer than the row that was read with it.
    """
    steady: ExitStack | None = getattr(_run, "steady", None)
    if steady is not None:
        steady.close()
    _run.workspace = None


@shared(most=2)
def _opened(folder: Path, only: frozenset[str] | None) -> Workspace:
    return rights.shown(open_workspace(folder), only)


@shared(most=4)
def base_map(version: str) -> BaseMap:
    """Draws the ground."""
    del version
    return BaseMap(workspace().land(), workspace().zones(), FONT)


@shared(most=8)
def zone_lines(version: str, level: Level) -> ZoneLines:
    """Draws the lines of the zones of a level."""
    del version
    return ZoneLines(workspace().land(), workspace().zones(), level)


@shared(most=8)
def surveys_with_extent(version: str) -> frozenset[str]:
    """Surveys that say which ground they looked at."""
    del version
    return frozenset(workspace().extents()["survey_id"])


@shared(most=8)
def unknown_ground(version: str, survey_id: str) -> UnknownGround:
    """Hatches what a survey did not look at; of a survey that says so."""
    del version
    extents = workspace().extents()
    return UnknownGround(workspace().zones(), extents[extents["survey_id"] == survey_id])


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
def zone_outline(version: str, zone_id: str) -> tuple[str, outlines.Bounds]:
    """Outline of a zone as GeoJSON without properties, and its bounds in degrees."""
    del version
    zones = workspace().zones()
    return outlines.thinned(zones.loc[zones["zone_id"] == zone_id].geometry.iloc[0])


@shared(most=4)
def patch_bounds(version: str) -> outlines.Bounds:
    """West, south, east, north of what the first view of the map holds, in degrees."""
    del version
    return outlines.first_view(workspace())


@shared(most=4)
def has_demonstration(version: str) -> bool:
    """Whether any patch, project or raster of the workspace is demonstration data."""
    del version
    return reports.has_demonstration(workspace())


@shared(most=4)
def sheet(version: str) -> tuple[float, float, float, float]:
    """West, south, east, north of all that the map shows, in degrees."""
    del version
    return sheet_of(workspace().zones())


@shared(most=64)
def patch_outline(version: str, survey_id: str, habitat_id: str) -> str:
    """Outline of a patch as GeoJSON without properties."""
    del version
    patch = workspace().habitat(survey_id, habitat_id)
    return outlines.thinned(patch.geometry.iloc[0])[0]


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
        from ui import cached_tiles  # it reads from here

        own = cached_tiles.survey_version(version, survey_id)
        cached_tiles.ready(own, survey_id)
    for language in LANGUAGES:
        regions(version, language)
        survey_titles(version, language)
    summary(version, survey_id, Level.COUNTY, None, None, True, "zh")  # noqa: FBT003


@shared(most=256)
def zone_facts(version: str, zone_id: str) -> reports.ZoneFacts:
    """What a zone is, and which zones lie beside it."""
    del version
    return reports.zone_facts(workspace(), zone_id)


@shared(most=4)
def zone_areas(version: str) -> dict[str, float]:
    """Area of every zone's outline, in ha."""
    del version
    return reports.zone_areas(workspace())


@shared(most=256)
def records_in(
    version: str,
    survey_id: str,
    zone_id: str,
    demonstration: bool,  # noqa: FBT001
) -> pd.DataFrame:
    """What the patches of a zone rest on."""
    del version
    return reports.records_in(workspace(), survey_id, zone_id, demonstration=demonstration)


@shared(most=16)
def with_demonstration(version: str, plan_id: str, as_of: date) -> PlanProgress:
    """The same plan as if demonstration projects counted: to be drawn apart, never to be told."""
    del version
    return reports.progress(workspace(), plan_id, as_of=as_of, count_demonstration=True)


@shared(most=16)
def city_standing(version: str, as_of: date) -> reports.CityStanding:
    """What is known of the cities' own targets."""
    del version
    return reports.city_standing(workspace(), as_of=as_of)


@shared(most=64)
def hand_in(version: str, wanted: reports.Asked) -> Bundle | None:
    """The table that is handed in: one object, for the preview and for the file."""
    areas = measured(version, wanted.survey_id, wanted.demonstration)
    return reports.hand_in(workspace(), wanted, areas)


@shared(most=16)
def hand_in_file(version: str, wanted: reports.Asked, suffix: str) -> bytes:
    """The file of it, made when somebody asks for it."""
    made = hand_in(version, wanted)
    if made is None:
        raise EmptyLayerError(wanted.what)
    return to_bytes(made, suffix)


@shared(most=8)
def named_patches(version: str, survey_id: str) -> list[dict[str, Any]]:
    """The patches of a survey that have a name: id, names, ecosystem, kind of record."""
    del version
    named = workspace().habitats_named(survey_id, _MOST_NAMES)
    wanted = named[["habitat_id", "name_zh", "name_en", "ecosystem", "provenance"]]
    known = wanted.astype(object).where(wanted.notna(), None)
    return [{str(k): v for k, v in row.items()} for row in known.to_dict("records")]


@shared(most=1)
def coast() -> reports.Coast:
    """What is published about the coastal provinces; it comes with the package."""
    return reports.read_coast()


@shared(most=512)
def drawn(draw: Callable[..., str], *given: str) -> str:
    """What a pure function of texts draws: a chart looks the same until its words differ."""
    return draw(*given)


@shared(most=512)
def derived(make: Callable[..., Made], asked: tuple[Any, ...], *more: str) -> Made | None:
    """What a function makes of a summary, asked for as `summary` is; None where that is None."""
    found = summary(*asked)
    return None if found is None else make(found, *more)
