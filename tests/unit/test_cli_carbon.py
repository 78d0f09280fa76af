"""``bluecarbon cores`` and ``bluecarbon timeline``: tables in, tables and rasters out."""

import json

import pandas as pd
import pytest
import rasterio
from click.testing import CliRunner

from bluecarbon_map.cli import main
from bluecarbon_map.reports.cores import LOI_CHOICES
from tests.rasters import written

SLICES = (
    "study_id,core_id,depth_min,depth_max,dry_bulk_density,fraction_carbon\n"
    "A,1,0,50,1,0.01\nA,1,50,100,1,0.02\nB,1,0,40,1,0.01\n"
)
CLASSES = (
    "lucode,lulc-class,biomass-initial,soil-initial,litter-initial,biomass-half-life,"
    "biomass-low-impact-disturb,biomass-med-impact-disturb,biomass-high-impact-disturb,"
    "biomass-yearly-accumulation,soil-half-life,soil-low-impact-disturb,soil-med-impact-disturb,"
    "soil-high-impact-disturb,soil-yearly-accumulation,litter-yearly-accumulation\n"
    "1,mangrove,64,313,3,15,0.5,0.5,1,2,7.5,0.3,0.5,0.66,5.35,1\n"
    "2,parking lot,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n"
)
TRANSITIONS = (
    "lulc-class,mangrove,parking lot\nmangrove,accum,high-impact-disturb\nparking lot,accum,NCC\n"
)


def run(*args):
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.stderr
    return result


@pytest.fixture
def slices(tmp_path):
    path = tmp_path / "slices.csv"
    path.write_text(SLICES, encoding="utf-8")
    return path


def test_cores_come_out_one_a_row_with_a_reason_where_there_is_no_density(tmp_path, slices):
    out = tmp_path / "cores.csv"
    done = run("cores", slices, "--to-depth", "100", "--out", out)
    assert done.exit_code == 0, done.stderr
    assert "2 cores to 100 cm, 1 of them refused" in done.stderr
    table = pd.read_csv(out)
    assert table["density_t_c_ha"].tolist()[0] == 150.0
    assert "40 of 100 cm measured" in table["refused_because"].tolist()[1]


def test_an_unknown_density_is_null_in_json(slices):
    rows = json.loads(run("cores", slices, "--json").stdout)["rows"]
    assert [row["density_t_c_ha"] for row in rows] == [150.0, None]
    assert rows[0]["refused_because"] is None


def test_carbon_by_loss_on_ignition_is_asked_for_and_told(tmp_path):
    path = tmp_path / "loi.csv"
    header = SLICES.splitlines()[0] + ",fraction_organic_matter\n"
    path.write_text(header + "A,1,0,100,1,,0.10\n", encoding="utf-8")
    refused = run("cores", path, "--loi", "mangrove", "--json")
    assert refused.exit_code == 1
    assert "accept unverified" in json.loads(refused.stdout)["error"]["fix"]
    done = run("cores", path, "--loi", "mangrove", "--accept-unverified", "--json")
    (row,) = json.loads(done.stdout)["rows"]
    assert row["density_t_c_ha"] == pytest.approx(704.0)
    assert row["density_se_t_c_ha"] is None
    assert row["carbon_from"] == "LOI equation (mangrove, unverified)"
    assert "from memory, unverified, error unknown" in done.stderr
    assert run("cores", path, "--loi", "fit", "--json").exit_code == 1


def test_every_loi_choice_of_the_command_is_one_of_the_library():
    (option,) = [one for one in main.commands["cores"].params if one.name == "loi"]
    assert tuple(option.type.choices) == LOI_CHOICES


def test_a_core_file_without_its_columns_is_refused_with_the_way_out(tmp_path):
    path = tmp_path / "wrong.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    done = run("cores", path, "--json")
    assert done.exit_code == 1
    assert "Coastal Carbon Network" in json.loads(done.stdout)["error"]["fix"]


@pytest.fixture
def invest(tmp_path):
    """Two pixels, mangrove and parking lot, swapped in 2010 and swapped back in 2020."""
    lines = ["snapshot_year,raster_path"]
    for year, pixels in ((2000, [[1, 2]]), (2010, [[2, 1]]), (2020, [[1, 2]])):
        written(tmp_path / f"{year}.tif", pd.DataFrame(pixels).to_numpy("uint8"), nodata=255)
        lines.append(f"{year},{year}.tif")
    for name, text in {
        "snapshots.csv": "\n".join(lines) + "\n",
        "classes.csv": CLASSES,
        "transitions.csv": TRANSITIONS,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    tables = ("--biophysical", tmp_path / "classes.csv", "--transitions")
    return ("timeline", tmp_path / "snapshots.csv", *tables, tmp_path / "transitions.csv")


def pixels(path):
    with rasterio.open(path) as file:
        return file.read(1)[0].tolist()


def test_the_timeline_writes_rasters_named_as_invest_names_them(tmp_path, invest):
    done = run(*invest, "--unit", "t C/ha", "--out", tmp_path / "made", "--json")
    assert done.exit_code == 0, done.stderr
    stock = pixels(tmp_path / "made" / "carbon-stock-at-2010.tif")
    assert stock == pytest.approx([64 + 313 + 3 + 83.5, 0.0])
    lost = pixels(tmp_path / "made" / "carbon-emissions-between-2010-and-2020.tif")
    assert lost[0] == pytest.approx(
        84 * (1 - 0.5 ** (10 / 15)) + 366.5 * 0.66 * (1 - 0.5 ** (4 / 3))
    )
    body = json.loads(done.stdout)
    assert not body["invest_compat"]
    assert any(name.endswith("carbon-stock-at-2010.tif") for name in body["files"])


def test_a_price_needs_all_of_its_parts(tmp_path, invest):
    done = run(*invest, "--price", "10", "--out", tmp_path / "made")
    assert done.exit_code == 2
    assert "--discount" in done.stderr


def test_a_class_without_parameters_is_refused_and_nothing_is_left(tmp_path, invest):
    written(tmp_path / "2010.tif", pd.DataFrame([[7, 1]]).to_numpy("uint8"), nodata=255)
    done = run(*invest, "--out", tmp_path / "made")
    assert done.exit_code == 1
    assert "7" in done.stderr
    assert not (tmp_path / "made").exists() or not list((tmp_path / "made").iterdir())


def test_refusals_are_counted_by_their_reason(shared):
    table = shared / "data" / "cores" / "ccn_china_depthseries.csv"
    done = run("cores", table, "--to-depth", "40", "--json")
    assert "180 × no bulk density in any slice" in done.stderr
