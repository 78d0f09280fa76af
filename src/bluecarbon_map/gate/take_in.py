"""From an inspected file to a stored one: what an import would do, and doing it.

`prepare` reads only; what it returns is shown to the user. `commit` stores it in one transaction,
or refuses where somebody changed one of its rows in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from bluecarbon_map.errors import InputError, NotFoundError
from bluecarbon_map.gate.consequences import of_difference, of_left_alone
from bluecarbon_map.gate.kinds import CONTRACTS, Kind, Options
from bluecarbon_map.gate.problems import Inspection, Problem, Severity, Verdict, verdict_of
from bluecarbon_map.gate.stored import BoolArray, Difference, Key, difference
from bluecarbon_map.gate.strangers import strangers
from bluecarbon_map.geodesy import to_equal_area
from bluecarbon_map.store.base import Change, Receipt, Register
from bluecarbon_map.store.keeping import sha256_of
from bluecarbon_map.store.schema import RECORDS
from bluecarbon_map.tables import Contract, Rasters, Surveys, columns, typed, validate
from bluecarbon_map.units import ha_from_m2

TABLES: Final[dict[Kind, str]] = {
    Kind.HABITATS: "habitats",
    Kind.ZONES: "zones",
    Kind.SITES: "sites",
    Kind.CORES: "core_slices",
    Kind.PROJECTS: "projects",
    Kind.TRANSACTIONS: "transactions",
    Kind.HARVESTS: "harvests",
    Kind.TARGETS: "targets",
    Kind.REGISTERS: "registers",
    Kind.RASTER: "rasters",
}
"""Table of the store that the rows of each kind go to."""

Versions = Mapping[str, Mapping[Key, int]]


_NOTHING_YET: Final = Problem(
    severity=Severity.ERROR,
    code="nothing_to_store",
    message="no row of it can be stored as it stands",
    fix="Answer what is asked below, then check it again",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import would do to a workspace; nothing is stored yet.

    Attributes:
        inspection: What the gate found in the file.
        problems: That, and what it means for this workspace.
        difference: Rows that are new, changed or the same; None where the file is refused.
        change: The write that `commit` makes; None where it is refused or nothing is new.
        before_ha: Ground that the survey covers now, overlaps once; None where it is no map layer
            or there is no such survey yet.
        after_ha: Ground that it would cover.
    """

    inspection: Inspection
    problems: tuple[Problem, ...]
    difference: Difference | None = None
    change: Change | None = None
    before_ha: float | None = None
    after_ha: float | None = None

    @property
    def verdict(self) -> Verdict:
        """What the problems amount to."""
        return verdict_of(self.problems)


def passport(
    inspection: Inspection,
    said: Mapping[str, Any],
) -> dict[str, Any]:
    """A survey's passport from what the user said of it and what the file proves.

    Args:
        inspection: The file the survey comes in.
        said: Columns of `tables.Surveys`; those left out are unknown.

    Raises:
        ContractError: If what was said breaks the contract.
    """
    row = {name: said.get(name) for name in columns(Surveys)}
    row |= {"source_file": inspection.name, "source_sha256": inspection.sha256}
    validate(Surveys, typed(pd.DataFrame([row]), Surveys), table="surveys")
    return row


def describe_raster(inspection: Inspection, said: Mapping[str, Any]) -> None:
    """Lay the passport of a raster beside its inspected file, where `prepare` looks for it.

    Args:
        inspection: What the gate found; nothing happens where the file was refused.
        said: Columns of `tables.Rasters`; of those left out the file itself may tell.

    Raises:
        InputError: If something needed is not said, which is named, or it is a picture.
        ContractError: If what was said breaks the contract.
    """
    if inspection.table is None:
        return
    if any(one.code == "photo" for one in inspection.problems):
        what, fix = "it is a picture: its colours are no measurement", "Give one value a pixel"
        raise InputError(inspection.name, what, fix)
    path = _rows_file(inspection.table)
    found = pd.read_parquet(path).iloc[0].to_dict() if path.is_file() else {}
    row = pd.DataFrame([{name: (found | dict(said)).get(name) for name in columns(Rasters)}])
    _require_stated(inspection.name, row, Rasters)
    row = typed(row, Rasters)
    validate(Rasters, row, table="rasters")
    row.to_parquet(path, index=False)


def prepare(
    register: Register,
    inspection: Inspection,
    options: Options,
    *,
    actor: str,
    reason: str | None = None,
    survey: Mapping[str, Any] | None = None,
    extent: shapely.Geometry | None = None,
) -> Plan:
    """What storing a file would do.

    Args:
        register: Workspace to store it in.
        inspection: What the gate found.
        options: What it was inspected with.
        actor: Who stores it.
        reason: Why.
        survey: `passport` of a survey that is new; None where it is there already.
        extent: Ground that the survey really looked at, EPSG:4490; None where nobody said.

    Raises:
        InputError: If habitats have no survey to go to.
    """
    if inspection.verdict is Verdict.REJECT:
        return Plan(inspection=inspection, problems=inspection.problems)
    if inspection.table is None:
        return Plan(inspection=inspection, problems=(_NOTHING_YET, *inspection.problems))
    kind = Kind(inspection.kind)
    incoming = rows_of(inspection)
    if kind is Kind.HABITATS:
        _require_survey(register, options.survey_id, survey)
        incoming["survey_id"] = pd.Series(options.survey_id, index=incoming.index, dtype="str")
    # Before the rows themselves: whoever changes one in between is then noticed.
    of_survey = options.survey_id if kind is Kind.HABITATS else None
    versions = {
        TABLES[kind]: register.versions(TABLES[kind], survey_id=of_survey),
        "workspace": register.versions("workspace"),
    }
    stored = _stored(register, kind, options)[list(incoming.columns)]
    unstated = _unstated(inspection, incoming, options)
    found = difference(stored, incoming, RECORDS[TABLES[kind]].key, unstated)
    if kind is Kind.RASTER:
        found = _with_pixels(found, incoming, register, inspection)
    said = [*strangers(register, kind, incoming), *of_difference(found)]
    if kind is Kind.HABITATS:
        said += of_left_alone(stored, found)
    problems = (*inspection.problems, *said)
    plan = Plan(inspection=inspection, problems=problems, difference=found)
    if kind is Kind.HABITATS:
        plan = _with_areas(plan, register, options.survey_id)
    if plan.verdict is Verdict.REJECT or found.rows.empty:
        return plan
    change = _change(plan, options, versions, actor, reason, survey, extent)
    return replace(plan, change=change)


def commit(register: Register, plan: Plan) -> Receipt:
    """Store what was prepared, all of it or nothing.

    Raises:
        InputError: If the plan was refused, or has nothing new.
        ConflictError: If one of its rows has moved on since it was prepared.
    """
    if plan.change is None:
        refused = plan.verdict is Verdict.REJECT
        raise InputError(
            plan.inspection.name,
            "it was refused" if refused else "every row of it is stored already",
            "Mend what its problems name" if refused else "There is nothing to do",
        )
    return register.apply(plan.change)


def rows_of(inspection: Inspection) -> pd.DataFrame:
    """Rows of an inspected file after the contract of its kind; geometry in EPSG:4490."""
    contract = CONTRACTS[Kind(inspection.kind)]
    if inspection.table is None:
        raise InputError(inspection.name, "it was refused", "Mend what its problems name")
    path = _rows_file(inspection.table)
    if "geometry" in columns(contract):
        layer: pd.DataFrame = gpd.read_parquet(path)
        return layer
    rows = pd.read_parquet(path)[columns(contract)]
    _require_stated(inspection.name, rows, contract)
    return typed(rows, contract)


def _require_stated(name: str, rows: pd.DataFrame, contract: Contract) -> None:
    """A raster holds little of its passport: what nobody said of it is named."""
    wanted = contract.to_schema().columns
    missing = [n for n in columns(contract) if not wanted[n].nullable and rows[n].isna().any()]
    if missing:
        fix = "Say them in the passport of the raster"
        raise InputError(name, f"nobody said {', '.join(missing)}", fix)


def _rows_file(table: Path) -> Path:
    """The passport row of a raster lies beside it."""
    return table.with_suffix(".parquet") if table.suffix == ".tif" else table


def _require_survey(
    register: Register, survey_id: str | None, survey: Mapping[str, Any] | None
) -> None:
    known = register.surveys()["survey_id"].tolist()
    if survey_id is None:
        raise InputError(
            "habitats", "no survey was named", "Name one; there are: " + (", ".join(known) or "–")
        )
    if survey is None and survey_id not in known:
        raise InputError(
            "habitats",
            f"there is no survey {survey_id!r}",
            "Give its passport (mode, date, title), or name one of: " + (", ".join(known) or "–"),
        )


def _unstated(
    inspection: Inspection, incoming: pd.DataFrame, options: Options
) -> dict[str, BoolArray]:
    """Rows whose source is but the name of the file, for want of another.

    The same data under another name are the same data.
    """
    if options.source is not None or "source" not in incoming:
        return {}
    return {"source": incoming["source"].eq(inspection.name).fillna(value=False).to_numpy(bool)}


def _with_pixels(
    found: Difference, incoming: pd.DataFrame, register: Register, inspection: Inspection
) -> Difference:
    """A raster whose passport is stored to the last value but whose file is another is changed."""
    if not found.unchanged or inspection.table is None:
        return found
    try:
        stored = sha256_of(register.raster_path(found.unchanged[0][0]))
    except NotFoundError:
        stored = None
    if stored == sha256_of(inspection.table):
        return found
    return replace(found, rows=incoming, changed=found.unchanged, unchanged=())


def _stored(register: Register, kind: Kind, options: Options) -> pd.DataFrame:
    if kind is not Kind.HABITATS:
        return register.records(TABLES[kind])
    known = register.surveys()["survey_id"].tolist()
    if options.survey_id in known:
        stored: pd.DataFrame = register.habitats(str(options.survey_id))
        return stored
    return pd.DataFrame(columns=columns(CONTRACTS[kind]))


def _with_areas(plan: Plan, register: Register, survey_id: str | None) -> Plan:
    """The ground of the survey before and after."""
    known = register.surveys()["survey_id"].tolist()
    stored = register.habitats(str(survey_id)) if survey_id in known else None
    found = plan.difference
    if found is None or found.rows.empty:
        return plan
    if stored is None or stored.empty:
        return replace(plan, after_ha=plan.inspection.union_ha)
    gone = {key[-1] for key in found.changed}
    kept = stored[~stored["habitat_id"].isin(gone)]
    both = pd.concat([kept.geometry, gpd.GeoSeries(found.rows["geometry"], crs="EPSG:4490")])
    return replace(plan, before_ha=_ground_ha(stored.geometry), after_ha=_ground_ha(both))


def _ground_ha(shapes: gpd.GeoSeries) -> float:
    plane = to_equal_area(gpd.GeoSeries(shapes, crs="EPSG:4490"), "habitats")
    return ha_from_m2(float(shapely.area(shapely.union_all(plane))))


def _change(
    plan: Plan,
    options: Options,
    versions: Versions,
    actor: str,
    reason: str | None,
    survey: Mapping[str, Any] | None,
    extent: shapely.Geometry | None,
) -> Change:
    kind, found = Kind(plan.inspection.kind), plan.difference
    assert found is not None  # noqa: S101 (a plan with rows)
    table = TABLES[kind]
    tables = {table: found.rows}
    if survey is not None:
        tables["surveys"] = typed(pd.DataFrame([dict(survey)]), Surveys)
    if extent is not None:
        tables["extents"] = _extent(options.survey_id, extent, plan.inspection.name)
    rest = (*found.changed, *found.unchanged)  # one that came just now is in no version: as new
    seen = {table: {key: versions[table][key] for key in rest if key in versions[table]}}
    return Change(
        kind="import",
        actor=actor,
        reason=reason,
        tables=tables,
        seen=seen,
        rasters=_rasters(plan.inspection, found),
        source_name=plan.inspection.name,
        source_sha256=plan.inspection.sha256,
        details=_details(plan, options),
    )


def _extent(survey_id: str | None, extent: shapely.Geometry, source: str) -> gpd.GeoDataFrame:
    row = {"survey_id": survey_id, "note": None, "source": source}
    table = pd.DataFrame([row]).astype("str")
    return gpd.GeoDataFrame(table, geometry=[extent], crs="EPSG:4490")


def _rasters(inspection: Inspection, found: Difference) -> dict[str, Path]:
    table = inspection.table
    if table is None or table.suffix != ".tif":
        return {}
    return {str(found.rows["raster_id"].iloc[0]): table}


def _details(plan: Plan, options: Options) -> dict[str, Any]:
    """What the audit holds of the gate's work."""
    inspection = plan.inspection
    return {
        "options": {name: value for name, value in asdict(options).items() if value},
        "mapping": dict(inspection.mapping),
        "crs": inspection.crs,
        "encoding": inspection.encoding,
        "area_before_ha": inspection.area_before_ha,
        "area_after_ha": inspection.area_after_ha,
        "union_ha": inspection.union_ha,
        "problems": [asdict(problem) for problem in plan.problems],
    }
