"""Write ``docs/tables.md`` from the column contracts: ``python scripts/tables_md.py [--check]``."""

from __future__ import annotations

import sys
from inspect import getdoc
from pathlib import Path
from typing import Any, Final

import pandera.pandas as pa

from bluecarbon_map import tables

TARGET: Final = Path(__file__).resolve().parents[1] / "docs" / "tables.md"

_HEAD: Final = """\
# 数据表 · Tables

本页由 `scripts/tables_md.py` 按 `src/bluecarbon_map/tables` 生成，请勿手改。
空值表示**未知**，不是零；图层坐标系均为 EPSG:4490；多余的列、不符的类型一律报错，不自动转换。

Written by `scripts/tables_md.py` from `src/bluecarbon_map/tables`; not edited by hand. A missing
value means **unknown**, never zero; layers lie in EPSG:4490; a further column or another type is an
error, nothing is converted.
"""

_CLOSED_LIST: Final = "isin"


def contracts() -> list[tables.Contract]:
    """Every contract of ``tables/``, in the order of its files."""
    return [
        found
        for module in (tables.inputs, tables.records, tables.results)
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, pa.DataFrameModel)
        and found.__module__ == module.__name__
    ]


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(_section(contract) for contract in contracts())])


def _section(contract: tables.Contract) -> str:
    words = _closed_lists(contract)
    lines = [
        f"## {contract.__name__}",
        "",
        (getdoc(contract) or "").splitlines()[0],
        "",
        "| 列 column | 单位 unit | 可空 may be missing | 说明 description |",
        "|---|---|---|---|",
    ]
    for row in tables.dictionary(contract).to_dict("records"):
        missing = "是 yes" if row["nullable"] else "–"
        said = f"{row['description']}{words.get(str(row['column']), '')}"
        lines.append(f"| `{row['column']}` | {row['unit'] or '–'} | {missing} | {said} |")
    return "\n".join([*lines, ""])


def _closed_lists(contract: tables.Contract) -> dict[str, str]:
    """The words that a column is limited to, where it is."""
    columns: dict[str, Any] = contract.to_schema().columns
    return {
        name: ": " + ", ".join(f"`{word}`" for word in check.statistics["allowed_values"])
        for name, column in columns.items()
        for check in column.checks
        if check.name == _CLOSED_LIST
    }


def main() -> None:
    """Write the page, or with ``--check`` say whether it is up to date."""
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(page(), encoding="utf-8")
    elif not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != page():
        raise SystemExit(f"{TARGET.name} is out of date: run python scripts/tables_md.py")


if __name__ == "__main__":
    main()
