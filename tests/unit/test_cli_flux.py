"""``bluecarbon flux``: what an activity does to a year."""

import json

import pytest
from click.testing import CliRunner

from bluecarbon_map.cli import main

CREATED = ("--activity", "created", "--ecosystem", "mangrove", "--cover", "60", "--years", "5")


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
    assert found["inputs"]["area_ha"] == 1.0
    assert found["gwp"]["name"] == "AR6"


def test_without_a_salinity_the_net_has_no_number():
    done = run(*CREATED, "--planted")
    assert "net        no data\n" in done.stdout
    assert "missing    the salinity" in done.stdout


def test_a_source_is_called_one():
    done = run("--activity", "drained", "--ecosystem", "salt_marsh")
    assert "net        28.967 t CO2e/yr, a source\n" in done.stdout


def test_ar5_is_refused_until_it_is_accepted():
    refused = run(*CREATED, "--gwp", "AR5", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["error"]["kind"] == "FactorError"
    assert run(*CREATED, "--gwp", "AR5", "--accept-unverified").exit_code == 0


@pytest.mark.parametrize("bad", [("--salinity", "-3"), ("--area", "nan"), ("--cover", "600")])
def test_impossible_numbers_are_refused(bad):
    assert run(*CREATED, *bad).exit_code == 1
