"""Attributes of a file as the contract of their kind wants them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.gate import plans, projects, words
from bluecarbon_map.gate.columns import match_columns
from bluecarbon_map.gate.cut_names import cut_columns, surely_cut
from bluecarbon_map.gate.doubles import check_doubles, contents
from bluecarbon_map.gate.ecology import ecology, species_cells
from bluecarbon_map.gate.examples import is_example
from bluecarbon_map.gate.findings import Findings
from bluecarbon_map.gate.ignored import say_ignored
from bluecarbon_map.gate.kinds import CONTRACTS, Kind, Options
from bluecarbon_map.gate.parsed import Parsed, Rows
from bluecarbon_map.gate.places import positions
from bluecarbon_map.gate.plausible import check_areas, check_density, check_slices
from bluecarbon_map.gate.problems import Problem
from bluecarbon_map.gate.sheet import Cells, Sheet, read_column
from bluecarbon_map.gate.texts import as_text
from bluecarbon_map.gate.wanted import ID_OF, KEY_OF, WANTED, Reads, Wanted
from bluecarbon_map.gate.zoning import zone_columns
from bluecarbon_map.geodesy import GeometryArray
from bluecarbon_map.tables import columns

Made = dict[str, Cells]
Needs = Mapping[str, Wanted]


def rows_of(parsed: Parsed, options: Options, areas_ha: Sequence[float] | None = None) -> Rows:
    """Attributes of a file as the contract of ``options.kind`` wants them.

    Args:
        parsed: The file. Geometry, where it has one, lies in EPSG:4490 already.
        options: What the user says of it.
        areas_ha: Area of each row's outline, in ha; NaN where it has none.

    Returns:
        The table, and everything that was found; where an error is among it, cells that could not
        be read are missing and the table is no more than a preview.

    Raises:
        ValueError: If the kind has no rows (a raster).
    """
    if options.kind not in WANTED:
        raise ValueError(f"{options.kind} has no rows")
    sheet = _sheet(parsed, options)
    findings, found = sheet.findings, sheet.found
    names = [str(name) for name in parsed.table.columns]
    _leave_examples_out(sheet)
    if not sheet.left_out.issuperset(range(len(sheet))):
        made = _made(sheet, areas_ha)
    else:
        findings.warning(
            "no_rows", "there is no row in it", "Check the layer and the export filter"
        )
        made = {name: sheet.nothing() for name in columns(CONTRACTS[options.kind])}
    used = {one.column for one in found.values() if one.wanted.stored}
    ignored = tuple(name for name in names if name not in used)
    say_ignored(sheet, ignored)
    return Rows(
        table=_table(sheet, made),
        mapping={
            name: sheet.column(name) for name in columns(CONTRACTS[options.kind])
            if name != "geometry"
        },
        ignored=ignored,
        problems=findings.problems(),
    )  # fmt: skip


def points_of(parsed: Parsed, options: Options) -> tuple[GeometryArray, tuple[Problem, ...]]:
    """Points of sites that a table gives in two columns, for the checks of place.

    Hand them to `rows_of` as the geometry of the file once they are placed.

    Returns:
        A point in degrees for each row, None where it cannot be told; and what was found.
    """
    sheet = _sheet(parsed, options)
    _leave_examples_out(sheet)
    where = positions(sheet)
    points = np.empty(len(sheet), dtype=object)
    for at in sheet.used():
        lon, lat = where.lon[at], where.lat[at]
        if lon is not None and lat is not None:
            points[at] = shapely.Point(lon, lat)
    return points, sheet.findings.problems()


def without_examples(parsed: Parsed, options: Options) -> Parsed:
    """A file without the examples of a template, so that their outlines do not count either."""
    if options.kind not in ID_OF:
        return parsed
    sheet = _sheet(parsed, options)
    _leave_examples_out(sheet)
    if not sheet.left_out:
        return parsed
    kept = list(sheet.used())
    said = [one for one in sheet.findings.problems() if one.code == "example_row"]
    return replace(
        parsed,
        table=parsed.table.iloc[kept].reset_index(drop=True),
        row_numbers=[parsed.row_numbers[at] for at in kept],
        geometry=None if parsed.geometry is None else parsed.geometry[kept],
        problems=(*parsed.problems, *said),
    )


def _sheet(parsed: Parsed, options: Options) -> Sheet:
    findings = Findings()
    names = [str(name) for name in parsed.table.columns]
    cut = surely_cut(parsed, options)
    found = match_columns(names, options, findings, lambda name: _repeats(parsed, name), cut)
    return Sheet(
        parsed=parsed,
        options=options,
        found=found | cut_columns(parsed, options, found, findings),
        findings=findings,
        today=datetime.now(UTC).astimezone().date(),
    )


def _repeats(parsed: Parsed, name: str) -> bool:
    """Whether a column names no record: rows that differ share a value, or none has one."""
    texts = [(as_text(value) or "").strip() for value in parsed.table[name].tolist()]
    filled = [text for text in texts if text]
    if len(set(filled)) == len(filled):
        return not filled
    rows = set(zip(texts, *contents(parsed), strict=True))
    named = [row[0] for row in rows if row[0]]
    return len(set(named)) < len(named)


def _leave_examples_out(sheet: Sheet) -> None:
    cells = sheet.cells(ID_OF[sheet.options.kind]) or ()
    examples = [at for at, value in enumerate(cells) if is_example(value)]
    if examples:
        sheet.left_out.update(examples)
        sheet.findings.info(
            "example_row",
            "the example of the template",
            "It is left out",
            row=sheet.row(examples[0]),
            column=sheet.column(ID_OF[sheet.options.kind]),
            count=len(examples),
        )


def _made(sheet: Sheet, areas_ha: Sequence[float] | None) -> Made:
    kind = sheet.options.kind
    needs = {one.name: one for one in WANTED[kind]}
    made = {
        name: read_column(sheet, one)
        for name, one in needs.items()
        if one.reads is not Reads.SPECIAL
        and not (kind is Kind.PROJECTS and name in projects.STAGES)
    }
    _BUILDERS[kind](sheet, needs, made, areas_ha)
    words.fill_record(sheet, made)
    check_doubles(sheet, KEY_OF[kind], made)
    return made


def _table(sheet: Sheet, made: Made) -> pd.DataFrame:
    contract = CONTRACTS[sheet.options.kind]
    kept, nothing = list(sheet.used()), sheet.nothing()
    schema = contract.to_schema().columns
    table = {
        name: _series([made.get(name, nothing)[at] for at in kept], str(schema[name].dtype))
        for name in columns(contract)
        if name != "geometry"
    }
    frame = pd.DataFrame(table)
    frame.index = sheet.parsed.table.index[kept]
    return frame


def _series(values: Cells, dtype: str) -> pd.Series[Any]:
    if dtype == "object":
        return pd.Series(values, dtype="object")
    if dtype.startswith(("float", "int")):
        return pd.Series(values, dtype=dtype)
    return pd.Series(values, dtype="str")


def _habitats(sheet: Sheet, needs: Needs, made: Made, areas_ha: Sequence[float] | None) -> None:
    found = ecology(sheet, needs, needed=True)
    made["ecosystem"], made["species"] = found.ecosystem, found.species
    words.keep_beside(sheet, made, "note", found.said)
    survey = sheet.options.survey_id
    if survey is not None:
        made["survey_id"] = [one or survey for one in made["survey_id"]]
    elif any(made["survey_id"][at] is None for at in sheet.used()):
        _say_no_survey(sheet, made)
    words.number_rows(sheet, made, "habitat_id", survey or "patch")
    check_areas(sheet, "stated_area_ha", made["stated_area_ha"], areas_ha)
    check_density(sheet, made["density_t_c_ha"], made["ecosystem"])


UNNAMED_SURVEY: Final = "(survey)"
"""Stands for the survey that the user names when the file is stored."""


def _say_no_survey(sheet: Sheet, made: Made) -> None:
    made["survey_id"] = [one or UNNAMED_SURVEY for one in made["survey_id"]]
    sheet.findings.info(
        "survey_unnamed", "the file names no survey", "Name the survey when it is stored",
        count=len(sheet),
    )  # fmt: skip


def _sites(sheet: Sheet, needs: Needs, made: Made, areas_ha: Sequence[float] | None) -> None:
    if sheet.options.datum is not None and sheet.parsed.geometry is None:
        findings = sheet.findings
        findings.error("datum_not_converted", "the coordinates were not converted from their datum",
                       "Import them without a datum, or as points")  # fmt: skip
    where = positions(sheet)
    made["lon"], made["lat"] = where.lon, where.lat
    found = ecology(sheet, needs, needed=True)
    made["ecosystem"], made["species"] = found.ecosystem, found.species
    words.keep_beside(sheet, made, "note", found.said)
    words.number_rows(sheet, made, "site_id", "site")
    check_areas(sheet, "area_ha", made["area_ha"], areas_ha)
    check_density(sheet, made["density_t_c_ha"], made["ecosystem"])


def _zones(sheet: Sheet, needs: Needs, made: Made, _areas: Sequence[float] | None) -> None:
    zone_columns(sheet, needs, made)


def _cores(sheet: Sheet, _needs: Needs, made: Made, _areas: Sequence[float] | None) -> None:
    study = words.fallback_id(sheet.options.source, "study")
    made["study_id"] = [one or study for one in made["study_id"]]
    for at in sheet.used():
        top, bottom = made["depth_min_cm"][at], made["depth_max_cm"][at]
        if top is not None and bottom is not None and bottom <= top:
            sheet.findings.error(
                "slice_without_thickness",
                f"a slice from {top:g} to {bottom:g} cm",
                "Give its upper depth first and its lower one, which is greater, second",
                row=sheet.row(at),
                column=sheet.column("depth_max_cm"),
            )
    _require_carbon(sheet)
    check_slices(sheet, made)


def _require_carbon(sheet: Sheet) -> None:
    if sheet.found.keys().isdisjoint({"fraction_carbon", "fraction_organic_matter"}):
        sheet.findings.error(
            "column_missing",
            "no column is the share of organic carbon or of organic matter",
            "Name it 有机碳（%）, TOC（g/kg） or fraction_carbon, or 烧失量（%） or "
            "fraction_organic_matter, or say which column it is",
            count=len(sheet),
        )


def _projects(sheet: Sheet, needs: Needs, made: Made, _areas: Sequence[float] | None) -> None:
    made["ecosystem"] = ecology(sheet, needs, needed=False).ecosystem
    projects.fill(sheet, needs, made)
    words.keep_names(sheet, made, "project_id")


def _transactions(sheet: Sheet, needs: Needs, made: Made, _areas: Sequence[float] | None) -> None:
    made["kind"] = words.transaction_kinds(sheet, needs)


def _harvests(sheet: Sheet, needs: Needs, made: Made, _areas: Sequence[float] | None) -> None:
    made["species"] = species_cells(sheet, needs)
    words.require_filled(sheet, needs["species"], made["species"])
    words.number_rows(sheet, made, "harvest_id", "harvest")


_BUILDERS: Final[
    dict[Kind, Callable[[Sheet, Needs, Made, Sequence[float] | None], None]]
] = {
    Kind.HABITATS: _habitats,
    Kind.ZONES: _zones,
    Kind.SITES: _sites,
    Kind.CORES: _cores,
    Kind.PROJECTS: _projects,
    Kind.TRANSACTIONS: _transactions,
    Kind.HARVESTS: _harvests,
    Kind.TARGETS: plans.fill_targets,
    Kind.REGISTERS: plans.fill_registers,
}  # fmt: skip
