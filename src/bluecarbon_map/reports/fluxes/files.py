"""A reckoned flux as it is handed in: inputs, results, rules, coefficients, warming potentials."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Final

import pandas as pd

from bluecarbon_map.export import Bundle
from bluecarbon_map.factors import Factor
from bluecarbon_map.reports.fluxes import activity, harvests
from bluecarbon_map.reports.fluxes.activity import ActivityFlux, either_side
from bluecarbon_map.reports.fluxes.harvests import HarvestFlux
from bluecarbon_map.reports.fluxes.wording import Said

LEDGER: Final = "annual flux; no stock, no credit, and never added to either"

_UNITS: Final = {
    "area_ha": "ha",
    "cover": "share 0-1",
    "years": "yr",
    "salinity_ppt": "ppt",
    "biomass_t_dm_ha": "t dm/ha",
    "carbon_fraction": "share 0-1",
    "dead_t_c_ha": "t C/ha",
    "soil_t_c_ha": "t C/ha",
    "fish_t_yr": "t/yr",
}
_COLUMNS: Final = {
    "part": "input, result, if salinity, rule, missing, warming potential or coefficient",
    "name": "what the row is about",
    "value": "amount; empty where unknown",
    "unit": "unit of the amount",
    "text_zh": "the same in Chinese words",
    "text_en": "the same in English words",
    "source": "publication",
    "doi": "its DOI",
    "confidence": "how far the value was checked",
}


def activity_json(found: ActivityFlux) -> dict[str, object]:
    """A reckoned case as one JSON object; what is unknown is None."""
    sides = either_side(found.case)
    names = ("below_18_ppt", "18_ppt_and_above")
    return {
        "ledger": LEDGER,
        "method": activity.METHOD,
        "inputs": _inputs(found),
        "gwp": asdict(found.gwp),
        **_amounts(found),
        "removals_t_c_yr": found.removals_t_c_yr,
        "years_to_ceiling": found.years_to_ceiling,
        "if_salinity": None
        if sides is None
        else {name: _amounts(one) for name, one in zip(names, sides, strict=True)},
        "rules": [asdict(one) for one in found.rules],
        "missing": [asdict(one) for one in found.missing],
        "coefficients": [_coefficient(one) for one in found.factors],
    }


def _inputs(found: ActivityFlux) -> dict[str, object]:
    return {name: str(v) if name == "activity" else v for name, v in asdict(found.case).items()}


def _amounts(found: ActivityFlux) -> dict[str, object]:
    return {
        "removals_t_co2e_yr": found.removals_t_co2e_yr,
        "emissions_t_co2e_yr": found.emissions_t_co2e_yr,
        "emissions_by_gas_t_co2e_yr": {gas.value: amount for gas, amount in found.by_gas},
        "net_t_co2e_yr": found.net_t_co2e_yr,
        "net_t_co2e_ha_yr": found.per_ha(found.net_t_co2e_yr),
        "net_is": None if found.direction is None else found.direction.value,
    }


def harvest_json(found: HarvestFlux) -> dict[str, object]:
    """A harvest as one JSON object; what is unknown is None."""
    harvest = found.harvest
    made_of = harvest.composition
    return {
        "ledger": LEDGER,
        "method": harvests.METHOD,
        "inputs": {
            "species": made_of.species,
            "wet_t": harvest.wet_t,
            "durable_share": found.durable_share,
        },
        "row": made_of.row,
        "is_other": made_of.is_other,
        "soft_t_c": harvest.soft_t_c,
        "soft_t_co2e": found.soft_t_co2e,
        "durable_t_c": harvest.durable_t_c,
        "durable_t_co2e": found.durable_t_co2e,
        "shell_t_c_no_removal": harvest.shell_t_c,
        "coefficients": [_coefficient(one) for one in found.factors],
    }


def _coefficient(one: Factor) -> dict[str, object]:
    names = ("factor_id", "quantity", "value", "unit", "tier", "source", "doi", "confidence",
             "note")  # fmt: skip
    return {name: getattr(one, name) for name in names}


def as_json(found: ActivityFlux | HarvestFlux) -> bytes:
    """The file of the same, UTF-8."""
    plain = activity_json(found) if isinstance(found, ActivityFlux) else harvest_json(found)
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=2).encode()


def flux_bundle(found: ActivityFlux | HarvestFlux) -> Bundle:
    """The same as one long table, for `export.to_bytes`."""
    is_activity = isinstance(found, ActivityFlux)
    rows = _activity_rows(found) if isinstance(found, ActivityFlux) else _harvest_rows(found)
    described = [
        {"column": name, "unit": "", "description": said, "nullable": name != "part"}
        for name, said in _COLUMNS.items()
    ]
    return Bundle(
        name="flux" if is_activity else "harvest",
        rows=pd.DataFrame(rows, columns=list(_COLUMNS)),
        dictionary=pd.DataFrame(described),
        notes=(LEDGER, activity.METHOD if is_activity else harvests.METHOD),
    )


Row = dict[str, object]


def _row(part: str, name: str, value: object, unit: str = "") -> Row:
    """One row; a word stands where words do, so that the column of amounts holds numbers only."""
    if isinstance(value, (bool, str)):
        return {"part": part, "name": name, "text_en": str(value)}
    return {"part": part, "name": name, "value": math.nan if value is None else value, "unit": unit}


def _activity_rows(found: ActivityFlux) -> list[Row]:
    rows = [_row("input", name, v, _UNITS.get(name, "")) for name, v in _inputs(found).items()]
    rows += [_row("about", "ledger", LEDGER), _row("about", "method", activity.METHOD)]
    rows += _results("result", _amounts(found))
    rows.append(_row("result", "years_to_ceiling", found.years_to_ceiling, "yr"))
    for word, one in zip(("below 18 ppt", "18 ppt and above"), either_side(found.case) or (),
                         strict=False):  # fmt: skip
        rows += _results(f"if salinity is {word}", _amounts(one))
    rows += _sentences("rule", found.rules) + _sentences("missing", found.missing)
    rows += [
        _row("warming potential", f"CH4 ({found.gwp.name})", found.gwp.ch4, "t CO2e/t"),
        _row("warming potential", f"N2O ({found.gwp.name})", found.gwp.n2o, "t CO2e/t"),
    ]
    return rows + [_cited(one) for one in found.factors]


def _results(part: str, amounts: Mapping[str, object]) -> list[Row]:
    rows: list[Row] = []
    for name, value in amounts.items():
        unit = "t CO2e/ha/yr" if name.endswith("_ha_yr") else "t CO2e/yr"
        if isinstance(value, dict):
            rows += [_row(part, f"emissions of {gas}", one, unit) for gas, one in value.items()]
        else:
            rows.append(_row(part, name, value, "" if name == "net_is" else unit))
    return rows


def _harvest_rows(found: HarvestFlux) -> list[Row]:
    plain = harvest_json(found)
    units = {"soft_t_c": "t C", "durable_t_c": "t C", "shell_t_c_no_removal": "t C",
             "soft_t_co2e": "t CO2e", "durable_t_co2e": "t CO2e"}  # fmt: skip
    harvest = found.harvest
    rows = [
        _row("input", "species", harvest.composition.species),
        _row("input", "wet_t", harvest.wet_t, "t wet"),
        _row("input", "durable_share", found.durable_share, "share 0-1"),
        _row("about", "ledger", LEDGER),
        _row("about", "method", harvests.METHOD),
        _row("about", "row of the table", harvest.composition.row),
    ]
    rows += [_row("result", name, plain[name], unit) for name, unit in units.items()]
    return rows + [_cited(one) for one in found.factors]


def _sentences(part: str, said: Iterable[Said]) -> list[Row]:
    return [{"part": part, "name": s.code, "text_zh": s.zh, "text_en": s.en} for s in said]


def _cited(one: Factor) -> Row:
    row = _row("coefficient", one.factor_id, one.value, one.unit or "")
    return row | {"source": one.source, "doi": one.doi, "confidence": one.confidence}
