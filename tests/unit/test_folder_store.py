"""The folder store refuses what is damaged, naming the file."""

import json

import geopandas as gpd
import pytest
import shapely

from bluecarbon_map import sample
from bluecarbon_map.errors import (
    ContractError,
    CRSMismatchError,
    GeometryError,
    InputError,
    NotFoundError,
)
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.tables import Level
from tests import builders


def test_a_folder_without_a_passport_is_no_workspace(tmp_path):
    with pytest.raises(NotFoundError, match="no workspace"):
        FolderStore(tmp_path)


@pytest.mark.parametrize("body", ["", "[]", "{}", "{", '{"workspace_id": "x"}', "null"])
def test_a_damaged_passport_is_named(workspace_folder, body):
    (workspace_folder / "workspace.json").write_text(body)
    with pytest.raises(InputError, match=r"workspace\.json: it cannot be read"):
        _ = FolderStore(workspace_folder).info


def test_a_passport_that_is_no_text_is_named(workspace_folder):
    (workspace_folder / "workspace.json").write_bytes(b"\xff\xfe{\x00")
    with pytest.raises(InputError, match=r"workspace\.json: it cannot be read"):
        _ = FolderStore(workspace_folder).info


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "cannot be read"),
        ("目标".encode("gb18030"), "cannot be read"),
        (b'a,"b\n', "cannot be read"),
    ],
)
def test_a_damaged_table_is_named(workspace_folder, body, message):
    (workspace_folder / "targets.csv").write_bytes(body)
    with pytest.raises(InputError, match=rf"targets\.csv: it {message}"):
        FolderStore(workspace_folder).targets()


@pytest.mark.parametrize("name", ["zones", "habitats_S-2022", "land"])
@pytest.mark.parametrize("body", [b"", b"PAR1 and no more", b"text"])
def test_a_damaged_layer_is_named(workspace_folder, name, body):
    (workspace_folder / f"{name}.parquet").write_bytes(body)
    store = FolderStore(workspace_folder)
    read = {"zones": store.zones, "land": store.land}.get(name, lambda: store.habitats("S-2022"))
    with pytest.raises(InputError, match=rf"{name}\.parquet: it cannot be read"):
        read()


@pytest.mark.parametrize("name", ["zones.parquet", "land.parquet", "surveys.csv", "projects.csv"])
def test_a_missing_file_is_named(workspace_folder, name):
    (workspace_folder / name).unlink()
    store = FolderStore(workspace_folder)
    with pytest.raises(NotFoundError, match=rf"no file '{name}' here; there are: "):
        getattr(store, name.split(".")[0])()


def test_a_layer_in_another_crs_is_refused_and_not_converted(workspace_folder):
    path = workspace_folder / "zones.parquet"
    gpd.read_parquet(path).to_crs("EPSG:4549").to_parquet(path)
    with pytest.raises(CRSMismatchError, match=r"zones\.parquet.*EPSG:4549.*EPSG:4490"):
        FolderStore(workspace_folder).zones()


def test_an_amount_that_is_no_number_is_refused_and_no_zero(workspace_folder):
    path = workspace_folder / "projects.csv"
    text = path.read_text(encoding="utf-8-sig").replace("60.0", "about 60")
    path.write_text(text, encoding="utf-8-sig")
    with pytest.raises(ContractError, match="column 'accepted'"):
        FolderStore(workspace_folder).projects()


def test_patches_of_another_survey_in_a_file_are_refused(workspace_folder):
    (workspace_folder / "habitats_S-2022.parquet").replace(
        workspace_folder / "habitats_S-2025.parquet"
    )
    with pytest.raises(InputError, match="patches of another survey than 'S-2025'"):
        FolderStore(workspace_folder).habitats("S-2025")


@pytest.mark.parametrize("name", ["zones", "land", "habitats", "surveys", "projects"])
def test_a_file_is_read_once_and_again_by_a_new_store_only(workspace_folder, name):
    def read(store):
        return store.habitats("S-2022") if name == "habitats" else getattr(store, name)()

    store = FolderStore(workspace_folder)
    before = read(store)
    for path in workspace_folder.glob("*.parquet"):
        path.write_bytes(b"")
    for path in workspace_folder.glob("*.csv"):
        path.write_bytes(b"")
    assert read(store).equals(before)
    with pytest.raises(InputError, match="cannot be read"):
        read(FolderStore(workspace_folder))


def test_the_version_of_a_survey_is_that_of_the_patches_given_out(workspace_folder):
    path = workspace_folder / "habitats_S-2022.parquet"
    store = FolderStore(workspace_folder)
    before = store.habitats_version("S-2022")
    patches = store.habitats("S-2022")
    patches.iloc[:1].to_parquet(path)
    assert len(store.habitats("S-2022")) == len(patches) > 1
    assert store.habitats_version("S-2022") == before
    later = FolderStore(workspace_folder)
    assert later.habitats_version("S-2022") != before
    patches.iloc[:2].to_parquet(path)
    unread = later.habitats_version("S-2022")
    assert len(later.habitats("S-2022")) == 2
    assert later.habitats_version("S-2022") == unread, "what had not been read is as the file is"


def test_patches_are_numbered_by_the_store_whatever_the_file_says(workspace_folder):
    path = workspace_folder / "habitats_S-2022.parquet"
    patches = gpd.read_parquet(path)
    patches.set_index([[7] * len(patches)]).to_parquet(path)
    assert FolderStore(workspace_folder).habitats("S-2022").index.tolist() == list(
        range(len(patches))
    )


def test_what_could_not_be_read_is_read_again_when_it_is_mended(workspace_folder):
    path = workspace_folder / "land.parquet"
    good = path.read_bytes()
    path.write_bytes(b"")
    store = FolderStore(workspace_folder)
    with pytest.raises(InputError):
        store.land()
    path.write_bytes(good)
    assert len(store.land()) > 0


def test_the_version_changes_when_a_file_does(workspace_folder):
    before = FolderStore(workspace_folder).version
    path = workspace_folder / "registers.csv"
    path.write_bytes(path.read_bytes() + b"\r\n")
    assert FolderStore(workspace_folder).version != before


def test_a_table_without_a_byte_order_mark_is_read_too(workspace_folder):
    path = workspace_folder / "targets.csv"
    path.write_bytes(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    assert FolderStore(workspace_folder).targets()["plan_id"].tolist() == ["plan", "plan"]


def test_a_place_called_na_keeps_its_name(workspace_folder):
    path = workspace_folder / "projects.csv"
    text = path.read_text(encoding="utf-8-sig").replace("Project one", "NA")
    path.write_text(text, encoding="utf-8-sig")
    assert FolderStore(workspace_folder).projects()["name_en"].iloc[0] == "NA"


def test_the_workspace_is_the_one_asked_for_else_that_of_the_environment_else_ours(
    workspace_folder, monkeypatch
):
    monkeypatch.delenv("BLUECARBON_WORKSPACE", raising=False)
    assert workspace_folder_name() == "zhejiang"
    monkeypatch.setenv("BLUECARBON_WORKSPACE", str(workspace_folder))
    assert open_workspace().info.workspace_id == "small"
    monkeypatch.setenv("BLUECARBON_WORKSPACE", "nowhere")
    assert open_workspace(workspace_folder).info.workspace_id == "small"
    with pytest.raises(NotFoundError, match="no workspace 'nowhere'"):
        open_workspace()


def workspace_folder_name():
    return sample.workspace_folder().name


def test_the_passport_may_hold_more_than_is_asked_for(workspace_folder):
    path = workspace_folder / "workspace.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "later": 1}))
    assert FolderStore(workspace_folder).zones(Level.PROVINCE)["zone_id"].tolist() == ["330000"]


def test_a_patch_that_crosses_itself_is_refused_by_its_id(workspace_folder):
    path = next(workspace_folder.glob("habitats_*.parquet"))
    patches = gpd.read_parquet(path)
    crossing = shapely.Polygon([(121, 28), (121.1, 28.1), (121.1, 28), (121, 28.1)])
    patches.loc[0, "geometry"] = crossing
    patches.to_parquet(path)
    survey_id = path.stem.removeprefix("habitats_")
    with pytest.raises(GeometryError, match=str(patches.loc[0, "habitat_id"])):
        FolderStore(workspace_folder).habitats(survey_id)


def test_extents_come_from_their_own_file_where_there_is_one(workspace_folder):
    stated = builders.extents(S_2022=builders.WEST_SHAPE)
    stated.to_parquet(workspace_folder / "extents.parquet")
    found = FolderStore(workspace_folder).extents()
    assert found["survey_id"].tolist() == ["S-2022"]
    assert found.geometry.iloc[0].equals(builders.WEST_SHAPE)


def test_an_extent_of_a_survey_that_is_not_there_is_named(workspace_folder):
    builders.extents(S_1999=builders.WEST_SHAPE).to_parquet(workspace_folder / "extents.parquet")
    with pytest.raises(InputError, match=r"extents\.parquet, column 'survey_id', rows S-1999"):
        FolderStore(workspace_folder).extents()
