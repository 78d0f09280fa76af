"""The quick look at a table says "it holds" only where pandera says so too."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest
from pandera.errors import SchemaErrors

from bluecarbon_map import tables
from bluecarbon_map.errors import ContractError
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.tables.checks import Contract


def broken(good: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The table with one thing changed, which its contract may or may not allow."""
    yield good.drop(columns=good.columns[0])
    yield good.assign(more=1.0)
    yield good[[*good.columns, good.columns[0]]]
    for name in good.columns:
        if name == "geometry":
            continue
        yield good.assign(**{name: good[name].astype(object)})
        yield good.assign(**{name: None})
        yield good.assign(**{name: pd.array(["?"] * len(good), dtype="str")})
        if pd.api.types.is_numeric_dtype(good[name]):
            yield good.assign(**{name: good[name] * 0 - 10**6})
            yield good.assign(**{name: good[name].astype("float32")})


def accepted(contract: Contract, table: pd.DataFrame) -> bool:
    try:
        contract.validate(table, lazy=True)
    except (SchemaErrors, ValueError):
        return False
    return True


@pytest.mark.parametrize("name", ["targets", "habitats"])
def test_a_table_that_is_taken_is_one_that_pandera_takes(name: str):
    store = open_workspace()
    contract, good = {
        "targets": (tables.Targets, store.targets()),
        "habitats": (tables.Habitats, store.habitats(str(store.info.default_survey_id)).head(5)),
    }[name]
    tables.validate(contract, good)
    refused = 0
    for table in broken(good):
        try:
            tables.validate(contract, table)
        except (ContractError, ValueError):
            refused += 1
        else:
            assert accepted(contract, table)
    assert refused > len(good.columns)
