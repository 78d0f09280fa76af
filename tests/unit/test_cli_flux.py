"""``bluecarbon flux``: what an activity does to a year."""

import csv
import json

import pytest
from click.testing import CliRunner

from bluecarbon_map.cli import flux as command
from bluecarbon_map.cli import main
from bluecarbon_map.reports import fluxes
from ui import flux_state

CREATED = ("--activity", "created", "--ecosystem", "mangrove", "--cover", "60", "--years", "5")
DUG = ("--activity", "extracted", "--ecosystem", "mangrove", "--biomass", "100", "--dead", "0")


def run(*args):
    result = CliRunner().invoke(main, ["flux", *args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_a_planted_mangrove_at_8_ppt_is_a_small_sink():
    done = run(*CREATED, "--salinity", "8", "--planted", "--json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["net_t_co2e_yr"] == pytest.approx(-0.710, abs=0.0005)
    assert found["net_is"] == "sink"
    assert (found["unit"], found["per"]) == ("t CO2e/yr", "year")
    assert found["inputs"]["area_ha"] == 1.0
    assert found["gwp"]["name"] == "AR6"


def test_without_a_salinity_the_net_has_no_number():
    done = run(*CREATED, "--planted", "--lang", "en")
    assert "net        no data\n" in done.stdout
    assert "missing    the salinity" in done.stdout


def test_a_source_is_called_one_in_chinese_unless_english_is_asked_for():
    drained = ("--activity", "drained", "--ecosystem", "salt_marsh")
    assert "净值      28.967 t CO2e/年，是源\n" in run(*drained).stdout
    assert "net        28.967 t CO2e/yr, a source\n" in run(*drained, "--lang", "en").stdout


def test_an_excavation_is_of_its_one_year_and_of_no_other(tmp_path):
    # (100 t dm x 0.451 + 386 t C of soil) x 44/12 = 1,580.700 t CO2e
    assert "净值      1580.700 t CO2e（当年），是源\n" in run(*DUG).stdout
    english = run(*DUG, "--lang", "en").stdout
    assert "net        1580.700 t CO2e in that year, a source\n" in english
    assert "/yr" not in english
    found = json.loads(run(*DUG, "--json").stdout)
    assert (found["unit"], found["per"]) == ("t CO2e", "once")
    out = tmp_path / "dug.csv"
    assert run(*DUG, "--out", str(out)).exit_code == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        units = {row["unit"] for row in csv.DictReader(file) if row["part"] == "result"}
    assert units == {"t CO2e", "t CO2e/ha", "yr", ""}


def test_the_file_holds_what_the_page_hands_out(tmp_path):
    out = tmp_path / "flux.json"
    done = run(*DUG, "--out", str(out), "--json")
    assert json.loads(out.read_text(encoding="utf-8")) == json.loads(done.stdout)
    assert f"written: {out}" in done.stderr
    assert run(*DUG, "--out", str(tmp_path / "flux.csv")).stdout == ""


def test_a_file_of_another_kind_or_in_no_folder_is_refused(tmp_path):
    assert run(*DUG, "--out", str(tmp_path / "flux.xlsx")).exit_code == 2
    refused = run(*DUG, "--out", str(tmp_path / "nowhere" / "flux.json"))
    assert refused.exit_code == 1
    assert "folder does not exist" in refused.stderr


def test_ar5_is_refused_until_it_is_accepted():
    refused = run(*CREATED, "--gwp", "AR5", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["error"]["kind"] == "FactorError"
    assert run(*CREATED, "--gwp", "AR5", "--accept-unverified").exit_code == 0


@pytest.mark.parametrize(
    "bad",
    [("--salinity", "-3"), ("--area", "nan"), ("--cover", "600"), ("--cover", "nan"),
     ("--years", "-1"), ("--soil", "9999")],
)  # fmt: skip
def test_an_impossible_number_is_refused_by_the_name_of_its_option(bad):
    refused = run(*CREATED, *bad)
    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"{bad[0]}: {bad[1]}")


@pytest.mark.parametrize(
    ("activity", "foreign"),
    [
        ("created", ("--fish", "3")),
        ("created", ("--biomass", "100")),
        ("drained", ("--salinity", "8")),
        ("drained", ("--natural",)),
        ("extracted", ("--cover", "50")),
        ("ponds", ("--area", "2")),
        ("ponds", ("--ecosystem", "mangrove")),
    ],
)
def test_an_option_of_another_activity_is_refused_by_name(activity, foreign):
    refused = run("--activity", activity, *foreign)
    assert refused.exit_code == 2
    assert foreign[0] in refused.stderr
    assert f"does not belong to --activity {activity}" in refused.stderr


def test_the_lists_of_the_command_are_those_of_the_library():
    assert tuple(one.value for one in fluxes.Activity) == command.ACTIVITIES
    assert fluxes.GWP_SETS == command.GWP_SETS
    grounds = {one for known in fluxes.ECOSYSTEMS_OF.values() for one in known}
    assert grounds == set(command.ECOSYSTEMS)


@pytest.mark.parametrize("activity", list(fluxes.Activity))
def test_an_activity_asks_the_command_for_what_it_asks_the_page_for(activity):
    fields = {flux_state.NUMBERS[key].field for key in flux_state.FIELDS_OF[activity]}
    asked = {"cover" if name == "cover_percent" else name for name in command.OPTIONS_OF[activity]}
    assert asked - {"ecosystem", "planted"} == fields
    assert ("ecosystem" in asked) == bool(fluxes.ECOSYSTEMS_OF[activity])
    assert ("planted" in asked) == (activity is fluxes.Activity.CREATED)
