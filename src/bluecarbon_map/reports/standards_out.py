"""The schemes side by side as they leave: tables, an export bundle, one JSON object, lines to read.

`standards` works the numbers out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pandas as pd

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.export import Bundle
from bluecarbon_map.factors import Said
from bluecarbon_map.reports.notes import DEMONSTRATION
from bluecarbon_map.reports.scheme_result import SchemeLine, SchemeResult
from bluecarbon_map.reports.trace.written import kind_words
from bluecarbon_map.tables import SchemeLines, Schemes, dictionary, validate

Results = tuple[SchemeResult, ...]

SCHEME_FORMATS: Final = (".csv", ".xlsx")
"""Formats that fit: the rows are schemes, and a scheme has no outline."""

_METHOD: Final = (
    ("rows", "各行", "一种方法一行，互不相加，也不取平均",
     "one scheme a row; rows are never added and never averaged"),
    ("area", "面积", "计入面积 + 未计入面积 = 这次调查在此地的面积，公顷",
     "counted and left-out area together are the survey's area in the place, ha"),
    ("stock", "储量", "t C；有未知面积时读作“至少”", "t C; at least, where some area is unknown"),
    ("flow", "年通量", "t C/年；与储量是两本账，不相加",
     "t C/yr; a ledger of its own, never added to the stock"),
    ("invasive", "入侵种", "互花米草面积单列，永不计入可交易量",
     "area of Spartina is shown apart and is never creditable"),
)  # fmt: skip


def amounts(results: Results) -> pd.DataFrame:
    """What a chart needs: one scheme a row, NaN for unknown; ``scheme_id`` and the numbers."""
    names = (
        "counted_ha", "stock_t_c", "stock_t_c_low", "stock_t_c_high", "demonstration_t_c",
        "flow_t_c_yr", "flow_t_c_yr_low", "flow_t_c_yr_high", "demonstration_t_c_yr",
        "unvalued_ha", "unrated_ha",
    )  # fmt: skip
    rows = [{name: getattr(one, name) for name in names} for one in results]
    table = pd.DataFrame(rows, columns=list(names)).astype(float)
    table.insert(0, "scheme_id", [one.scheme.scheme_id for one in results])
    return table


def scheme_table(results: Results) -> pd.DataFrame:
    """One scheme a row, contract `tables.Schemes`."""
    return _typed([_scheme_row(one) for one in results], Schemes)


def scheme_lines(results: Results) -> pd.DataFrame:
    """One scheme and ecosystem a row, contract `tables.SchemeLines`."""
    rows = [_line_row(one.scheme.scheme_id, line) for one in results for line in one.lines]
    return _typed(rows, SchemeLines)


def _typed(rows: list[dict[str, Any]], contract: type[Schemes | SchemeLines]) -> pd.DataFrame:
    """Rows as a table of the contract's types; nothing to check where there is none."""
    kinds = {name: str(column.dtype) for name, column in contract.to_schema().columns.items()}
    table = pd.DataFrame(rows, columns=list(kinds)).astype(kinds)
    if len(table):
        validate(contract, table)
    return table


def _halves(name: str, said: Said | None) -> dict[str, str | None]:
    zh, en = said or (None, None)
    return {f"{name}_zh": zh, f"{name}_en": en}


def _scheme_row(one: SchemeResult) -> dict[str, Any]:
    scheme = one.scheme
    same = ("area_ha", "counted_ha", "left_out_ha", "invasive_ha", "demonstration_ha", "stock_t_c",
            "stock_t_c_low", "stock_t_c_high", "interval_kind", "unvalued_ha", "flow_t_c_yr",
            "flow_t_c_yr_low", "flow_t_c_yr_high", "flow_interval_kind", "unrated_ha")  # fmt: skip
    return {
        "scheme_id": scheme.scheme_id,
        **{name: getattr(one, name) for name in same},
        **_halves("scheme", scheme.title),
        "left_out": "; ".join(line.ecosystem for line in one.left_out) or None,
        "not_mapped": "; ".join(category.ecosystem for category in one.not_mapped) or None,
        **_halves("factors", one.set_title),
        **_halves("note", scheme.note),
        **_halves("no_stock", scheme.no_stock),
        **_halves("no_flow", scheme.no_flow),
        **_halves("invasive", scheme.invasive),
        **_halves("document", scheme.document),
        **_halves("source", scheme.source),
        "confidence": scheme.confidence,
    }


def _line_row(scheme_id: str, line: SchemeLine) -> dict[str, Any]:
    same = ("ecosystem", "counted", "area_ha", "invasive_ha", "demonstration_ha", "stock_t_c",
            "stock_t_c_low", "stock_t_c_high", "flow_t_c_yr", "flow_t_c_yr_low",
            "flow_t_c_yr_high")  # fmt: skip
    return {
        "scheme_id": scheme_id,
        **{name: getattr(line, name) for name in same},
        **_halves("category", line.category.name if line.counted else None),
        "basis": line.category.basis if line.counted else None,
        **_halves("why", line.why),
        **_halves("no_stock", line.no_stock),
        **_halves("no_flow", line.no_flow),
    }


def standards_bundle(results: Results, *, notes: Iterable[str] = ()) -> Bundle:
    """The schemes ready to be written; the formats that fit are `SCHEME_FORMATS`.

    Args:
        results: From `side_by_side`.
        notes: What the export must say of itself, as `notes.notes` gives it.
    """
    invented = any(line.demonstration_ha > 0 for one in results for line in one.lines)
    lines = (*notes, *([DEMONSTRATION] if invented else []))
    said = pd.DataFrame(_METHOD, columns=["item", "项目", "说明", "explanation"])
    extra = pd.DataFrame({"item": "note", "项目": "说明", "说明": lines, "explanation": ""})
    return Bundle(
        name="standards",
        rows=scheme_table(results),
        dictionary=pd.concat([dictionary(Schemes), dictionary(SchemeLines)], ignore_index=True),
        details={
            "by_ecosystem": scheme_lines(results),
            "method": pd.concat([said, extra], ignore_index=True),
        },
        notes=lines,
    )


def standards_json(results: Results) -> dict[str, object]:
    """The schemes by the command line's contract; an unknown number is None."""
    lines = _records(scheme_lines(results))
    return {
        "schemes": [
            row | {"ecosystems": [line for line in lines if line["scheme_id"] == row["scheme_id"]]}
            for row in _records(scheme_table(results))
        ],
        "contains_demonstration": any(
            line.demonstration_ha > 0 for one in results for line in one.lines
        ),
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    plain = table.astype(object).where(table.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def standards_text(results: Results, language: str) -> str:
    """The schemes as lines to read; ``language`` is ``zh`` or ``en``."""
    at = 1 if language == "en" else 0
    if not results:
        return ("这里没有记录", "Nothing on record here")[at]
    return "\n\n".join("\n".join(_lines(one, at)) for one in results)


def _lines(one: SchemeResult, at: int) -> Iterable[str]:
    scheme = one.scheme
    words = _WORDS[at]
    yield f"{scheme.title[at]}  ({scheme.document[at]})"
    yield f"  {words['counted']} {one.counted_ha:,.1f} ha / {one.area_ha:,.1f} ha"
    stock = _amount(one.stock_t_c, one.unvalued_ha, "t C", at)
    flow = _amount(one.flow_t_c_yr, one.unrated_ha, ("t C/年", "t C/yr")[at], at)
    held = _ends(one.stock_t_c_low, one.stock_t_c_high, one.interval_kind, at)
    taken = _ends(one.flow_t_c_yr_low, one.flow_t_c_yr_high, one.flow_interval_kind, at)
    yield f"  {words['stock']} {stock}{held}"
    yield f"  {words['flow']} {flow}{taken}"
    for said in (scheme.note, scheme.no_stock, scheme.no_flow, scheme.invasive):
        if said:
            yield f"  * {said[at]}"
    for line in one.lines:
        yield _line_text(line, scheme.no_stock, at)


def _line_text(line: SchemeLine, of_all: Said | None, at: int) -> str:
    kind = ECOSYSTEMS[line.ecosystem]
    name = (kind.name_zh, kind.name_en)[at]
    said = (line.why, None if line.no_stock == of_all else line.no_stock, line.no_flow)
    reasons = dict.fromkeys(one[at] for one in said if one)
    mark = "+" if line.counted else "–"
    return "; ".join([f"  {mark} {name} {line.area_ha:,.1f} ha", *reasons])


def _amount(value: float | None, unknown_ha: float, unit: str, at: int) -> str:
    if value is None:
        return ("无数据", "no data")[at]
    return f"{'>= ' if unknown_ha > 0 else ''}{value:,.0f} {unit}"


def _ends(low: float | None, high: float | None, kind: str | None, at: int) -> str:
    """The interval, and what its ends are."""
    if low is None or high is None:
        return ""
    said = kind_words(kind or "", ("zh", "en")[at]) or ("类型不明", "of unknown kind")[at]
    return f" ({low:,.0f}–{high:,.0f}{('；', '; ')[at]}{said})"


_WORDS: Final = (
    {"counted": "计入", "stock": "储量", "flow": "年通量"},
    {"counted": "counted", "stock": "stock", "flow": "annual flow"},
)
