"""The commands that write: preview first, one transaction, and the way back."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner

from bluecarbon_map.cli import main
from bluecarbon_map.geodesy import area_ha
from bluecarbon_map.sample import own_folder
from bluecarbon_map.store.places import open_register
from tests import builders
from tests.contract.stores import WRITABLE


@pytest.fixture
def office(tmp_path):
    return WRITABLE["sqlite"](lambda: tmp_path, None)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "工程.csv"
    row = builders.project("new", accepted=5.0, accepted_on="2024-03-01", provenance="survey")
    builders.projects_table(row).to_csv(path, index=False, encoding="utf-8-sig")
    return path


def run(*words, code=0):
    found = CliRunner().invoke(main, [str(word) for word in words])
    assert found.exit_code == code, found.output
    return found


def test_a_script_without_yes_sees_the_preview_and_stores_nothing(office, file):
    found = run("import", file, "--kind", "projects", "--workspace", office.folder, code=1)
    assert "1 new, 0 changed, 0 the same" in found.stderr
    assert "--yes" in found.stderr
    assert found.stdout == ""
    assert len(office.changes()) == 2  # made and filled


def test_an_import_is_stored_told_and_taken_back(office, file):
    found = run("import", file, "--kind", "projects", "--workspace", office.folder, "--yes",
                "--who", "张三", "--reason", "月报", "--json")  # fmt: skip
    said = json.loads(found.stdout)
    assert said["stored"]["rows"] == {"projects": 1}
    assert (said["new"], said["changed"], said["verdict"]) == (1, 0, "accept")
    number = said["stored"]["change_id"]
    assert "new" in set(office.projects()["project_id"])

    listed = json.loads(run("changes", "--workspace", office.folder, "--json").stdout)["changes"]
    newest = listed[0]
    assert (newest["change_id"], newest["actor"], newest["reason"]) == (number, "张三", "月报")
    assert newest["source_name"] == "工程.csv"

    run("undo", number, "--workspace", office.folder, "--reason", "导错了")
    assert "new" not in set(office.projects()["project_id"])
    assert "taken back by" in run("changes", "--workspace", office.folder).stdout


def test_a_refused_file_is_told_and_never_stored(office, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("project_id,zone_id\nx,000000\n", encoding="utf-8")
    found = run("import", path, "--kind", "projects", "--workspace", office.folder, "--yes",
                "--json", code=1)  # fmt: skip
    assert json.loads(found.stdout)["verdict"] == "reject"
    assert json.loads(found.stdout)["stored"] is None
    assert "nothing is stored: mend what is named above" in found.stderr


def test_a_file_with_nothing_new_is_not_told_to_be_mended(office, file):
    asked = ("import", file, "--kind", "projects", "--workspace", office.folder, "--yes")
    run(*asked)
    found = run(*asked, "--json", code=1)
    assert json.loads(found.stdout)["verdict"] == "accept"
    assert "nothing is stored: there is nothing new" in found.stderr
    assert "mend" not in found.stderr


def test_a_missing_file_is_told(office, tmp_path):
    found = run("import", tmp_path / "no.csv", "--kind", "sites", "--workspace", office.folder,
                "--yes", code=1)  # fmt: skip
    assert "cannot be read" in found.stderr


def test_a_new_survey_needs_its_passport(office, tmp_path):
    path = builders.write(builders.habitats(), tmp_path / "h.gpkg")
    asked = ("import", path, "--kind", "habitats", "--workspace", office.folder, "--yes",
             "--survey", "S-2030")  # fmt: skip
    found = run(*asked, code=1)
    for missing in ("--title", "--mode", "--means", "--method", "--date or --year"):
        assert missing in found.stderr
    run(*asked, "--title", "2030 年调查", "--mode", "baseline", "--means", "remote_sensing",
        "--date", "2030-05-01", "--method", "画的", "--extent", "hull")  # fmt: skip
    row = office.surveys().set_index("survey_id").loc["S-2030"]
    assert (row["title_zh"], row["year"], row["observed_from"]) == (
        "2030 年调查", 2030, "2030-05-01")  # fmt: skip
    assert row["source_file"] == "h.gpkg"
    assert len(office.habitats("S-2030")) == len(builders.PATCHES)
    assert "S-2030" in set(office.extents()["survey_id"])


@pytest.mark.parametrize("given", ["ecosystem", "=x", "x="])
def test_a_mapping_that_is_none_is_wrong_usage(office, file, given):
    found = run("import", file, "--kind", "projects", "--workspace", office.folder, "--column",
                given, code=2)  # fmt: skip
    assert "LEFT=RIGHT" in found.stderr


def test_the_first_write_copies_the_embedded_workspace_and_says_where(file, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    found = run("import", file, "--kind", "projects", "--yes")
    assert str(own_folder()) in found.stderr
    assert "new" in set(open_register(own_folder()).projects()["project_id"])


def test_backup_restore_and_verify_agree(office, tmp_path):
    made = json.loads(run("backup", tmp_path / "b.zip", "--workspace", office.folder,
                          "--json").stdout)  # fmt: skip
    assert made["workspace_id"] == "small"
    run("restore", tmp_path / "b.zip", tmp_path / "again")
    said = json.loads(run("verify", "--workspace", tmp_path / "again", "--json").stdout)
    assert said == {"whole": True, "changes": 2, "head": office.head, "faults": []}


def test_a_head_that_was_noted_proves_later_that_nothing_was_cut_off(office):
    head = json.loads(run("verify", "--workspace", office.folder, "--json").stdout)["head"]
    assert len(head) == 64
    run("verify", "--workspace", office.folder, "--head", head)
    gone = run("verify", "--workspace", office.folder, "--head", "f" * 64, "--json", code=1)
    assert "no entry has the hash ffff" in json.loads(gone.stdout)["faults"][0]["what"]


def test_verify_names_what_differs(office):
    raster = next((office.folder / "rasters").iterdir())
    raster.write_bytes(raster.read_bytes()[:-1] + b"x")
    found = run("verify", "--workspace", office.folder, "--json", code=1)
    assert raster.name in json.loads(found.stdout)["faults"][0]["where"]


def test_the_embedded_workspace_has_no_history_yet(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert "no history yet" in run("changes", code=1).stderr


def test_a_workspace_is_unloaded_with_its_commands(office, tmp_path):
    said = json.loads(run("unload", tmp_path / "out", "--workspace", office.folder,
                          "--json").stdout)  # fmt: skip
    assert said["commands"][0] == "bluecarbon import zones.gpkg --kind zones --yes"
    assert (tmp_path / "out" / "targets.csv").is_file()


def changed_patches(tmp_path):
    """The patches of S-2022 with a mangrove that is a marsh now, without the last patch."""
    table = builders.workspace_habitats("S-2022").iloc[:-1].drop(columns="survey_id")
    table.loc[0, ["ecosystem", "species"]] = ["salt_marsh", None]
    return builders.write(table, tmp_path / "变更.gpkg")


REVIEWED = ("--survey", "S-2030", "--title", "2030 年变更调查", "--mode", "change", "--means",
            "mobile", "--date", "2030-05-01", "--method", "船测")  # fmt: skip


def test_a_change_survey_is_laid_before_a_reviewer_with_its_extent_in_one_change(office, tmp_path):
    found = run("import", changed_patches(tmp_path), "--kind", "habitats", *REVIEWED, "--base",
                "S-2022", "--review", "--extent", "hull", "--reason", "年度变更", "--yes",
                "--workspace", office.folder)  # fmt: skip
    assert "0 added, 1 removed, 1 reclassified, 0 reshaped" in found.stderr
    assert office.habitats("S-2030").empty
    own = office.patch_changes().query("survey_id == 'S-2030'")
    assert set(own["decision"]) == {"pending"}
    assert "S-2030" in set(office.extents()["survey_id"])
    newest = office.changes().iloc[0]
    assert (newest["reason"], newest["source_name"]) == ("年度变更", "变更.gpkg")
    run("undo", newest["change_id"], "--workspace", office.folder)
    assert "S-2030" not in set(office.surveys()["survey_id"])
    assert "S-2030" not in set(office.extents()["survey_id"])


def test_a_review_needs_a_base_and_a_difference(office, tmp_path):
    asked = ("--kind", "habitats", *REVIEWED, "--review", "--yes", "--workspace", office.folder)
    found = run("import", changed_patches(tmp_path), *asked, code=1)
    assert "names no base survey" in found.stderr
    same = builders.workspace_habitats("S-2022").drop(columns="survey_id")
    file = builders.write(same, tmp_path / "same.gpkg")
    found = run("import", file, *asked, "--base", "S-2022", code=1)
    assert "no patch differs" in found.stderr
    assert "S-2030" not in set(office.surveys()["survey_id"])


def test_the_first_import_of_a_workspace_is_taken_back_after_later_ones(tmp_path):
    folder = tmp_path / "office"
    run("init", folder, "--province", "33")
    patches = builders.write(builders.habitats(), tmp_path / "h.gpkg")
    asked = ("import", patches, "--kind", "habitats", "--yes", "--workspace", folder, *REVIEWED)
    first = json.loads(run(*asked, "--json").stdout)["stored"]["change_id"]
    targets = tmp_path / "targets.csv"
    builders.targets_table(builders.target(zone_id="330000")).to_csv(targets, index=False)
    run("import", targets, "--kind", "targets", "--yes", "--workspace", folder)
    run(*asked[:-2], "--year", "2031", "--survey", "S-2031", "--title", "新", "--mode",
        "baseline", "--means", "none", "--method", "画的")  # fmt: skip
    assert open_register(folder).info.default_survey_id == "S-2031"
    run("undo", first, "--workspace", folder)
    opened = open_register(folder)
    assert opened.surveys()["survey_id"].tolist() == ["S-2031"]
    assert opened.info.default_survey_id == "S-2031"
    assert opened.info.default_plan_id == builders.PLAN
    run("summary", "--workspace", folder, "--json")


def into_a_survey(office, rows, folder):
    """Words of the command that takes a file into a survey that is there."""
    file = builders.write(rows.drop(columns="survey_id"), folder / "改正.gpkg")
    return ("import", file, "--kind", "habitats", "--survey", "S-2022", "--yes", "--json",
            "--workspace", office.folder)  # fmt: skip


def test_patches_that_a_corrected_file_lacks_are_told_with_the_way_to_remove_them(office, tmp_path):
    stored = office.habitats("S-2022")
    found = run(*into_a_survey(office, stored.head(1), tmp_path), code=1)
    (told,) = [one for one in json.loads(found.stdout)["problems"] if one["code"] == "not_in_file"]
    assert (told["severity"], told["count"]) == ("warning", len(stored) - 1)
    assert f"{area_ha(stored.iloc[1:], 'left').sum():,.4f} ha" in told["message"]
    assert stored["habitat_id"].iloc[1] in told["message"]
    assert "undo the import" in told["fix"]
    assert len(office.habitats("S-2022")) == len(stored)


def test_a_further_part_of_a_survey_is_told_what_stays_beside_it(office, tmp_path):
    stored = office.habitats("S-2022")
    found = run(*into_a_survey(office, stored.head(1).assign(habitat_id="further"), tmp_path))
    said = json.loads(found.stdout)
    (told,) = [one for one in said["problems"] if one["code"] == "not_in_file"]
    assert (told["severity"], told["count"]) == ("info", len(stored))
    assert said["stored"]["rows"] == {"habitats": 1}
    receipt = found.stderr[found.stderr.index("survey: ") :].splitlines()[-2]
    assert receipt.startswith(told["message"])
    details = office.changes()["details"].iloc[0]
    assert "not_in_file" in {one["code"] for one in details["problems"]}


def test_a_file_with_every_patch_of_its_survey_leaves_none_alone(office, tmp_path):
    found = run(*into_a_survey(office, office.habitats("S-2022"), tmp_path), code=1)
    assert "not_in_file" not in found.stdout


def test_the_same_data_under_another_name_are_stored_already(office, file, tmp_path):
    table = pd.read_csv(file, dtype="str").drop(columns="source")
    said = []
    for name in ("三月.csv", "三月 (1).csv"):
        table.to_csv(tmp_path / name, index=False, encoding="utf-8-sig")
        asked = ("import", tmp_path / name, "--kind", "projects", "--workspace", office.folder)
        code = 1 if said else 0
        said.append(json.loads(run(*asked, "--yes", "--json", code=code).stdout))
    assert [(one["new"], one["changed"], one["same"]) for one in said] == [(1, 0, 0), (0, 0, 1)]
    assert office.projects().set_index("project_id")["source"]["new"] == "三月.csv"


@pytest.mark.parametrize("where", ["column", "option"])
def test_another_source_that_is_stated_is_a_change(office, file, tmp_path, where):
    table = pd.read_csv(file, dtype="str")
    asked = ("--kind", "projects", "--workspace", office.folder, "--yes", "--json")
    run("import", file, *asked)
    if where == "column":
        table["source"] = "另一来源"
    else:
        table = table.drop(columns="source")
    table.to_csv(tmp_path / "again.csv", index=False, encoding="utf-8-sig")
    more = () if where == "column" else ("--source", "另一来源")
    said = json.loads(run("import", tmp_path / "again.csv", *asked, *more).stdout)
    assert (said["changed"], said["same"]) == (1, 0)
    assert office.projects().set_index("project_id")["source"]["new"] == "另一来源"
