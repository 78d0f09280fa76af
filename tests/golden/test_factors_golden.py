"""No coefficient changes in silence."""

import csv
import math
import os
from collections import Counter
from pathlib import Path

import pytest

from bluecarbon_map.factors import factors_table, load_set

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("BLUECARBON_SHARED", HERE.parents[2] / "shared"))
SOURCE = SHARED / "factors" / "coefficients.csv"


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text) if text else None


def cell(value):
    return None if isinstance(value, float) and math.isnan(value) else value


def test_every_coefficient_has_its_recorded_value_and_unit():
    recorded = {
        row["factor_id"]: (number(row["value"]), row["unit"] or None)
        for row in rows_of(HERE / "factors.csv")
    }
    found = {
        row.factor_id: (cell(row.value), cell(row.unit)) for row in factors_table().itertuples()
    }
    assert found == recorded


@pytest.mark.shared
@pytest.mark.skipif(
    not SOURCE.is_file(), reason="the source list factors/coefficients.csv is absent"
)
def test_no_value_of_the_source_list_was_lost_or_changed():
    def numbers(row):
        return number(row["value"]), number(row["low"]), number(row["high"])

    source = Counter(
        (*numbers(row), row["unit"], row["quantity"], row["confidence"]) for row in rows_of(SOURCE)
    )
    names = ("value", "low", "high", "unit", "quantity", "confidence")
    found = Counter(
        tuple(cell(row[name]) for name in names) for row in factors_table().to_dict("records")
    )
    assert sum(source.values()) == 179
    assert found == source


def test_the_sets_choose_the_recorded_coefficients():
    chosen = load_set("zhejiang")
    assert {key: stock.density_t_c_ha for key, stock in chosen.stocks.items()} == {
        ("mangrove", None): 116.35,
        ("salt_marsh", None): 61.0,
        ("salt_marsh", "Spartina alterniflora"): 62.6,
        ("salt_marsh", "Scirpus mariqueter"): 66.8,
        ("seagrass", None): 86.1,
    }
    species = load_set("china-species")
    assert {s: x.density_t_c_ha for (e, s), x in species.stocks.items() if e == "salt_marsh"} == {
        None: 90.7,
        "Spartina alterniflora": 95.0,
        "Phragmites australis": 104.3,
        "Suaeda salsa": 74.7,
        "Cyperus malaccensis": 194.2,
        "Tamarix chinensis": 17.4,
        "Scirpus mariqueter": 66.8,
    }
    ipcc = load_set("ipcc-tier1")
    assert {e: x.density_t_c_ha for (e, _), x in ipcc.stocks.items()} == {
        "mangrove": 386.0,
        "salt_marsh": 255.0,
    }
