"""Survey to survey: which ground turned into what, and the carbon at both ends."""

import pandas as pd
import pytest

from bluecarbon_map import reports
from bluecarbon_map.factors import load_set
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.tables import Level, Transitions, validate
from tests import builders
from tests.builders import EAST, WEST
from tests.unit.test_cli import read, refused, run


@pytest.fixture
def changed(workspace_folder):
    """Half of the mangrove turned into marsh of Spartina, the flat is no longer mapped."""
    return builders.change_marsh(workspace_folder)


def rows(found, zone_id):
    own = found.rows[found.rows["zone_id"] == zone_id]
    ways = zip(own["ecosystem_from"], own["ecosystem_to"], strict=True)
    return {tuple(None if pd.isna(e) else e for e in way): at for way, at in zip(ways, own.index,
            strict=True)}  # fmt: skip


def test_half_a_mangrove_that_turned_into_marsh_is_told_with_carbon_at_both_ends(changed):
    found = reports.transitions(FolderStore(changed), "S-2022", "S-2025")
    validate(Transitions, found.rows)
    west = rows(found, WEST)
    turned = found.rows.loc[west["mangrove", "salt_marsh"]]
    stayed = found.rows.loc[west["mangrove", "mangrove"]]
    assert turned["area_ha"] == pytest.approx(stayed["area_ha"], rel=1e-6)
    assert stayed["stock_change_t_c"] == 0.0
    stock = load_set("zhejiang").stock
    density = [
        sum(pool.density_t_c_ha for pool in stock(*kind).pools)
        for kind in (("mangrove", None), ("salt_marsh", "Spartina alterniflora"))
    ]
    expected = turned["area_ha"] * (density[1] - density[0])
    assert turned["stock_change_t_c"] == pytest.approx(expected)


def test_ground_that_is_no_longer_mapped_holds_an_unknown_amount_not_none(changed):
    found = reports.transitions(FolderStore(changed), "S-2022", "S-2025")
    gone = found.rows.loc[rows(found, EAST)["tidal_flat", None]]
    assert pd.isna(gone["stock_to_t_c"])
    assert pd.isna(gone["stock_change_t_c"])
    assert found.unvalued_ha >= gone["area_ha"]


@pytest.mark.parametrize("level", list(Level)[:3])
def test_the_ways_add_up_to_the_areas_of_both_surveys(changed, level):
    store = FolderStore(changed)
    found = reports.transitions(store, "S-2022", "S-2025", level=level)
    for side, survey in (("from", "S-2022"), ("to", "S-2025")):
        mapped = found.rows[found.rows[f"ecosystem_{side}"].notna()]
        own = mapped.groupby(["zone_id", f"ecosystem_{side}"])["area_ha"].sum()
        parts = reports.summarise(store, survey, level=level).rows
        wanted = parts.groupby(["zone_id", "ecosystem"])["area_ha"].sum()
        assert own.to_dict() == pytest.approx(wanted.to_dict(), abs=1e-6)


def test_gain_less_loss_of_an_ecosystem_is_its_net_change(changed):
    classes = reports.transitions(FolderStore(changed), "S-2022", "S-2025").classes
    net = classes["gain_ha"] - classes["loss_ha"]
    assert net.tolist() == pytest.approx(classes["net_ha"].tolist(), abs=1e-7)


def test_a_survey_against_itself_stays_what_it_is(changed):
    found = reports.transitions(FolderStore(changed), "S-2022", "S-2022")
    assert (found.classes[["gain_ha", "loss_ha"]] == 0.0).all(axis=None)
    assert (found.rows["ecosystem_from"] == found.rows["ecosystem_to"]).all()


def test_the_command_writes_a_table_and_one_json_object(changed, tmp_path):
    out = tmp_path / "change.csv"
    body = read("change", "S-2022", "S-2025", "--workspace", changed, "--out", out)
    assert body.keys() >= {"from", "to", "rows", "ecosystems", "totals", "contains_demonstration"}
    assert len(pd.read_csv(out)) == len(body["rows"])
    assert {row["zone_id"] for row in body["rows"]} == {"330300", "331000", "(outside)"}
    assert body["totals"].keys() == {"stock_change_t_c", "unvalued_ha"}


def test_the_command_names_a_survey_that_is_not_there_and_needs_somewhere_to_go(changed):
    error = refused("change", "S-2022", "S-1999", "--workspace", changed)
    assert error["looked_for"] == "survey"
    assert run("change", "S-2022", "S-2025", "--workspace", changed).exit_code == 2
