"""A reckoned flux as it is handed in: inputs, results, rules, coefficients, warming potentials."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Final

import pandas as pd

from bluecarbon_map.export import Bundle
from bluecarbon_map.factors import Factor
from bluecarbon_map.reports.fluxes import activity, harvests
from bluecarbon_map.reports.fluxes.activity import Activity, ActivityFlux, Direction, either_side
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Unit of the amounts of an activity.

    Attributes:
        per: ``year`` where they come every year, ``once`` where all of it falls in one year.
        amount: Of all of it.
        by_area: Of a hectare; None where amounts do not go by area.
    """

    per: str
    amount: str
    by_area: str | None


def unit_of(activity: Activity) -> Unit:
    """What an activity's amounts are in: an excavation gives off in one year only."""
    if activity is Activity.EXTRACTED:
        return Unit(per="once", amount="t CO2e", by_area="t CO2e/ha")
    by_area = None if activity is Activity.PONDS else "t CO2e/ha/yr"
    return Unit(per="year", amount="t CO2e/yr", by_area=by_area)


def activity_json(found: ActivityFlux) -> dict[str, object]:
    """A reckoned case as one JSON object; what is unknown is None."""
    sides = either_side(found.case)
    names = ("below_18_ppt", "18_ppt_and_above")
    unit = unit_of(found.case.activity)
    return {
        "ledger": LEDGER,
        "method": activity.METHOD,
        "unit": unit.amount,
        "per": unit.per,
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


def activity_text(found: ActivityFlux, language: str) -> str:
    """A reckoned case as lines to read; ``language`` is ``zh`` or ``en``."""
    return "\n".join(_lines(found, language))


def _lines(found: ActivityFlux, language: str) -> Iterator[str]:
    words = _WORDS[language]
    yield f"{words['removals']}{_amount(found, found.removals_t_co2e_yr, language)}"
    for gas, amount in found.by_gas:
        yield f"{words['emissions']}{gas} {_amount(found, amount, language)}"
    what = _DIRECTIONS[language].get(found.direction, "")
    yield f"{words['net']}{_amount(found, found.net_t_co2e_yr, language)}{what}"
    yield f"{words['gwp']}{found.gwp.name}: CH4 {found.gwp.ch4:g}, N2O {found.gwp.n2o:g}"
    for word, said in (("rule", found.rules), ("missing", found.missing)):
        for one in said:
            yield words[word] + (one.zh if language == "zh" else one.en)


def _amount(found: ActivityFlux, amount: float | None, language: str) -> str:
    words = _WORDS[language]
    if amount is None:
        return words["nothing"]
    return f"{amount:.3f} {words[unit_of(found.case.activity).per]}"


_WORDS: Final = {
    "zh": {
        "removals": "清除量    ", "emissions": "排放量    ", "net": "净值      ",
        "gwp": "升温潜势  ", "rule": "规则      ", "missing": "缺少      ",
        "nothing": "无数据", "year": "t CO2e/年", "once": "t CO2e（当年）",
    },
    "en": {
        "removals": "removals   ", "emissions": "emissions  ", "net": "net        ",
        "gwp": "GWP        ", "rule": "rule       ", "missing": "missing    ",
        "nothing": "no data", "year": "t CO2e/yr", "once": "t CO2e in that year",
    },
}  # fmt: skip
_DIRECTIONS: Final[dict[str, dict[Direction | None, str]]] = {
    "zh": {Direction.SINK: "，是汇", Direction.SOURCE: "，是源"},
    "en": {Direction.SINK: ", a sink", Direction.SOURCE: ", a source"},
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
    unit = unit_of(found.case.activity)
    rows += _results("result", _amounts(found), unit)
    rows.append(_row("result", "years_to_ceiling", found.years_to_ceiling, "yr"))
    for word, one in zip(("below 18 ppt", "18 ppt and above"), either_side(found.case) or (),
                         strict=False):  # fmt: skip
        rows += _results(f"if salinity is {word}", _amounts(one), unit)
    rows += _sentences("rule", found.rules) + _sentences("missing", found.missing)
    rows += [
        _row("warming potential", f"CH4 ({found.gwp.name})", found.gwp.ch4, "t CO2e/t"),
        _row("warming potential", f"N2O ({found.gwp.name})", found.gwp.n2o, "t CO2e/t"),
    ]
    return rows + [_cited(one) for one in found.factors]


def _results(part: str, amounts: Mapping[str, object], unit: Unit) -> list[Row]:
    rows: list[Row] = []
    for name, value in amounts.items():
        by_area = name.endswith("_ha_yr")
        if isinstance(value, dict):
            rows += [
                _row(part, f"emissions of {gas}", one, unit.amount) for gas, one in value.items()
            ]
        elif not by_area:
            rows.append(_row(part, name, value, "" if name == "net_is" else unit.amount))
        elif unit.by_area is not None:
            rows.append(_row(part, name, value, unit.by_area))
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
