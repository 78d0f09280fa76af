"""Taking a file in that is stored already stores nothing, whatever kind of rows it holds."""

from __future__ import annotations

import pytest

from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.problems import Inspection
from bluecarbon_map.gate.take_in import TABLES, commit, prepare
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.schema import RECORDS
from tests import builders
from tests.contract.rows import one_of_each
from tests.contract.stores import WRITABLE


@pytest.fixture(scope="module", params=WRITABLE)
def store(request, tmp_path_factory):
    def server():
        return request.getfixturevalue("postgres_server").new_database(), "office"

    opened = WRITABLE[request.param](lambda: tmp_path_factory.mktemp("twice"), server)
    survey = one_of_each()["surveys"]
    opened.apply(Change(kind="import", actor="甲", tables={"surveys": survey}))
    yield opened
    opened.backend.engine.dispose()


def inspected(kind, folder):
    """Rows of a kind as the gate leaves them."""
    rows = one_of_each()[TABLES[kind]]
    if kind is Kind.HABITATS:
        rows = rows.drop(columns="survey_id")
    elif kind is not Kind.ZONES:
        kinds = RECORDS[TABLES[kind]].kinds
        texts = [name for name, what in kinds.items() if what == "amount"]
        rows = rows.assign(**{n: rows[n].map(lambda one: one and str(one)) for n in texts})
    file = folder / "rows.parquet"
    rows.to_parquet(file, index=False)
    if kind is Kind.RASTER:
        file = builders.write_raster(folder / "rows.tif", builders.class_pixels())
    return Inspection(name="rows", sha256="0" * 64, kind=str(kind), problems=(), table=file)


@pytest.mark.parametrize("kind", Kind)
def test_a_file_taken_in_a_second_time_stores_nothing(store, kind, tmp_path):
    options = Options(kind=kind, survey_id="S-2030" if kind is Kind.HABITATS else None)
    found = inspected(kind, tmp_path)
    first = prepare(store, found, options, actor="甲")
    rows = len(first.difference.rows)
    assert commit(store, first).rows[TABLES[kind]] == rows > 0

    again = prepare(store, found, options, actor="甲")

    assert again.change is None
    assert (again.difference.same, len(again.difference.rows)) == (rows, 0)
